"""The same functions in PyTorch and JAX, and their derivatives at many points at once.

Both are imported when they are asked for: neither is needed to test this project.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

Functions = dict[str, Callable[..., Any]]


@functools.cache
def torch_functions() -> Functions:
    """By the row's name; a row that PyTorch has no function for is left out."""
    import torch
    import torch.nn.functional as nn

    same = (
        "maximum minimum fmax fmin positive negative add subtract multiply divide remainder"
        " reciprocal square abs sign floor ceil trunc round copysign pow sqrt exp exp2 expm1 log"
        " log2 log10 log1p logaddexp xlogy sin cos tan sinc asin acos atan atan2 hypot sinh cosh"
        " tanh asinh acosh atanh sigmoid relu erf erfc lgamma digamma"
    )
    return {
        **{name: getattr(torch, name) for name in same.split()},
        "where": lambda c, x, z: torch.where(c != 0.0, x, z),
        "clip": lambda x, low, high: torch.clamp(x, min=low, max=high),
        "floor_divide": torch.floor_divide,
        "logsigmoid": nn.logsigmoid,
        "softplus": nn.softplus,
        "leaky_relu": lambda x, slope: nn.leaky_relu(x, float(slope)),
        "elu": lambda x, alpha: nn.elu(x, float(alpha)),
        "selu": nn.selu,
        "silu": nn.silu,
        "mish": nn.mish,
        "gelu": nn.gelu,
        "gelu_tanh": functools.partial(nn.gelu, approximate="tanh"),
        "softsign": nn.softsign,
        "ndtr": torch.special.ndtr,
        "polygamma": lambda n, x: torch.polygamma(int(n), x),
        "sum": lambda *xs: torch.sum(torch.stack(xs)),
        "prod": lambda *xs: torch.prod(torch.stack(xs)),
        "mean": lambda *xs: torch.mean(torch.stack(xs)),
        "variance": lambda *xs: torch.var(torch.stack(xs), correction=0),
        "std": lambda *xs: torch.std(torch.stack(xs), correction=0),
        "norm": lambda *xs: torch.linalg.vector_norm(torch.stack(xs)),
        "max": lambda *xs: torch.amax(torch.stack(xs), 0),
        "min": lambda *xs: torch.amin(torch.stack(xs), 0),
        "logsumexp": lambda *xs: torch.logsumexp(torch.stack(xs), 0),
        "softmax": lambda *xs: torch.softmax(torch.stack(xs), 0)[0],
        "log_softmax": lambda *xs: torch.log_softmax(torch.stack(xs), 0)[0],
        "dot": lambda *xs: sum([torch.dot(*_halves(torch.stack(xs))), *_start(xs)]),
    }


@functools.cache
def jax_functions() -> Functions:
    """By the row's name; a row that JAX has no function for is left out. float64 is enabled."""
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp
    from jax.scipy import special
    from jax.scipy.stats import norm

    same = (
        "maximum minimum fmax fmin clip positive negative add subtract multiply divide remainder"
        " floor_divide reciprocal square abs sign floor ceil trunc round copysign pow sqrt cbrt"
        " exp exp2 expm1 log log2 log10 log1p logaddexp sin cos tan sinc asin acos atan atan2"
        " hypot sinh cosh tanh asinh acosh atanh"
    )
    return {
        **{name: getattr(jnp, name) for name in same.split()},
        "where": lambda c, x, z: jnp.where(c != 0.0, x, z),
        "xlogy": special.xlogy,
        "sigmoid": jax.nn.sigmoid,
        "logsigmoid": jax.nn.log_sigmoid,
        "softplus": jax.nn.softplus,
        "relu": jax.nn.relu,
        "leaky_relu": jax.nn.leaky_relu,
        "elu": jax.nn.elu,
        "selu": jax.nn.selu,
        "silu": jax.nn.silu,
        "mish": jax.nn.mish,
        "gelu": functools.partial(jax.nn.gelu, approximate=False),
        "gelu_tanh": functools.partial(jax.nn.gelu, approximate=True),
        "softsign": jax.nn.soft_sign,
        "erf": special.erf,
        "erfc": special.erfc,
        "normal_pdf": norm.pdf,
        "ndtr": special.ndtr,
        "lgamma": special.gammaln,
        "digamma": special.digamma,
        "polygamma": special.polygamma,
        "sum": lambda *xs: jnp.sum(jnp.stack(xs)),
        "prod": lambda *xs: jnp.prod(jnp.stack(xs)),
        "mean": lambda *xs: jnp.mean(jnp.stack(xs)),
        "variance": lambda *xs: jnp.var(jnp.stack(xs)),
        "std": lambda *xs: jnp.std(jnp.stack(xs)),
        "norm": lambda *xs: jnp.linalg.norm(jnp.stack(xs)),
        "max": lambda *xs: jnp.max(jnp.stack(xs)),
        "min": lambda *xs: jnp.min(jnp.stack(xs)),
        "logsumexp": lambda *xs: special.logsumexp(jnp.stack(xs)),
        "softmax": lambda *xs: jax.nn.softmax(jnp.stack(xs))[0],
        "log_softmax": lambda *xs: jax.nn.log_softmax(jnp.stack(xs))[0],
        "dot": lambda *xs: sum([jnp.dot(*_halves(jnp.stack(xs))), *_start(xs)]),
    }


def _halves(xs: Any) -> tuple[Any, Any]:
    n = len(xs) // 2
    return xs[:n], xs[n : 2 * n]


def _start(xs: Sequence[Any]) -> Sequence[Any]:
    return xs[-1:] if len(xs) % 2 else ()


CONSTANTS = {"polygamma": 0, "leaky_relu": 1, "elu": 1}
"""Which argument a peer takes as a plain number."""

Partials = dict[int, list[float]]


def torch_partials(name: str, at: Sequence[tuple[float, ...]]) -> Partials | None:
    """PyTorch's partials of a row of fixed arity, by the argument's position."""
    import torch

    f = torch_functions().get(name)
    if f is None:
        return None
    fixed = CONSTANTS.get(name)
    found: Partials = {}
    for group in _by_constant(at, fixed):
        columns = [
            torch.tensor([xs[i] for _, xs in group], dtype=torch.float64, requires_grad=i != fixed)
            for i in range(len(at[0]))
        ]
        args = [group[0][1][i] if i == fixed else x for i, x in enumerate(columns)]
        y = f(*args)
        if not y.requires_grad:
            return None
        try:
            y.sum().backward()
        except RuntimeError:  # floor_divide has no derivative
            return None
        for i, x in enumerate(columns):
            if i != fixed and x.grad is not None:
                row = found.setdefault(i, [0.0] * len(at))
                for (k, _), d in zip(group, x.grad.tolist(), strict=True):
                    row[k] = d
    return found


def jax_partials(name: str, at: Sequence[tuple[float, ...]]) -> Partials | None:
    """JAX's, so too."""
    f = jax_functions().get(name)
    if f is None:
        return None
    import jax
    import jax.numpy as jnp

    columns = [jnp.array([xs[i] for xs in at], dtype=jnp.float64) for i in range(len(at[0]))]
    if name == "polygamma":
        columns[0] = columns[0].astype(int)
    found: Partials = {}
    for i in range(len(columns)):
        if name == "polygamma" and i == 0:
            continue
        found[i] = jax.jit(jax.vmap(jax.grad(f, argnums=i)))(*columns).tolist()
    return found


def torch_gradients(name: str, at: Sequence[tuple[float, ...]]) -> list[list[float]] | None:
    """PyTorch's partials of a row of many arguments, all of them at each vector."""
    import torch

    f = torch_functions().get(name)
    if f is None:
        return None
    found = []
    for xs in at:
        leaves = torch.tensor(xs, dtype=torch.float64, requires_grad=True)
        f(*leaves.unbind()).backward()
        found.append(leaves.grad.tolist())
    return found


def jax_gradients(name: str, at: Sequence[tuple[float, ...]]) -> list[list[float]] | None:
    """JAX's, so too."""
    f = jax_functions().get(name)
    if f is None:
        return None
    import jax
    import jax.numpy as jnp

    found: list[list[float]] = [[]] * len(at)
    for n in {len(xs) for xs in at}:
        some = [k for k, xs in enumerate(at) if len(xs) == n]
        vectors = jnp.array([at[k] for k in some], dtype=jnp.float64)
        gradients = jax.jit(jax.vmap(jax.grad(lambda v: f(*v))))(vectors).tolist()
        for k, gradient in zip(some, gradients, strict=True):
            found[k] = gradient
    return found


def _by_constant(
    at: Sequence[tuple[float, ...]], fixed: int | None
) -> list[list[tuple[int, tuple[float, ...]]]]:
    """The points with their numbers, grouped by the argument that must be a plain number."""
    groups: dict[float, list[tuple[int, tuple[float, ...]]]] = {}
    for k, xs in enumerate(at):
        groups.setdefault(0.0 if fixed is None else xs[fixed], []).append((k, xs))
    return list(groups.values())
