"""Checking gradients: by differences that know their error, and exactly, rule by rule.

>>> from autograd import check_grads, tanh
>>> bool(check_grads(lambda x: tanh(x) * x, 0.5))
True
"""

from __future__ import annotations

from autograd.check.grads import check_grads
from autograd.check.report import Entry, GradientError, Report

__all__ = ["Entry", "GradientError", "Report", "check_grads"]
