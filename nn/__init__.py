"""Neural networks of Values: modules, losses, optimizers, data and training.

>>> import nn
>>> data = nn.make_moons(40, seed=0)
>>> model = nn.MLP(2, [8, 1], activation="tanh", seed=0)
>>> optimizer = nn.Adam(model.parameters(), lr=0.1)
>>> history = nn.fit(model, data, nn.losses.binary_cross_entropy, optimizer, 100, progress=False)
>>> history.score[-1]
1.0
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nn import data, initializers, losses, schedules
from nn.data import (
    Dataset,
    Scaling,
    batches,
    load_dataset,
    make_blobs,
    make_circles,
    make_gauss,
    make_moons,
    make_spiral,
    make_xor,
    read_csv,
    read_inputs,
    split,
    standardize,
)
from nn.layers import MLP, Dropout, Embedding, Layer, LayerNorm, Neuron, RMSNorm, Sequential
from nn.module import Module
from nn.optimizers import SGD, Adagrad, Adam, AdamW, Optimizer, RMSProp
from nn.saving import load, save
from nn.training import (
    DivergenceError,
    History,
    accuracy,
    confusion,
    decided,
    evaluate,
    fit,
    predict,
    r2,
)

if TYPE_CHECKING:
    from nn import estimators, plots
    from nn.estimators import MLPClassifier, MLPRegressor


def __getattr__(name: str) -> Any:
    # What needs scikit-learn or matplotlib is loaded when it is first used.
    import importlib

    if name in ("MLPClassifier", "MLPRegressor"):
        return getattr(importlib.import_module("nn.estimators"), name)
    if name in ("estimators", "plots"):
        return importlib.import_module(f"nn.{name}")
    raise AttributeError(f"module 'nn' has no attribute {name!r}")


__all__ = [
    "MLP",
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "Dataset",
    "DivergenceError",
    "Dropout",
    "Embedding",
    "History",
    "Layer",
    "LayerNorm",
    "MLPClassifier",
    "MLPRegressor",
    "Module",
    "Neuron",
    "Optimizer",
    "RMSNorm",
    "RMSProp",
    "Scaling",
    "Sequential",
    "accuracy",
    "batches",
    "confusion",
    "data",
    "decided",
    "estimators",
    "evaluate",
    "fit",
    "initializers",
    "load",
    "load_dataset",
    "losses",
    "make_blobs",
    "make_circles",
    "make_gauss",
    "make_moons",
    "make_spiral",
    "make_xor",
    "plots",
    "predict",
    "r2",
    "read_csv",
    "read_inputs",
    "save",
    "schedules",
    "split",
    "standardize",
]
