"""Pictures of computation graphs, and backward passes to step through.

The package is `drawing` because `autograd.draw` is the function: a package of
that name would take its place as soon as one of its modules is imported.
"""

from autograd.drawing.picture import Drawing, draw
from autograd.drawing.steps import Step, Stepper, step
from autograd.drawing.why import Explanation, explain

__all__ = ["Drawing", "Explanation", "Step", "Stepper", "draw", "explain", "step"]
