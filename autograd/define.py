"""Primitives of your own: a decorator that adds a row to the table.

A row is a function on floats and its partial derivatives. The partials are written with
autograd's own functions, because everything passes through them: floats for a gradient,
Values for a second derivative, duals, series, arrays and symbols.

    import autograd

    @autograd.primitive(partials=[lambda x, y: autograd.cos(x) * 2.0])
    def twice_sine(x):
        return 2.0 * math.sin(x)

The function itself gets plain floats, so `math.sin` is right in it; in a partial it is wrong,
and the definition says so.
"""

from __future__ import annotations

import functools
import inspect
import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograd import row as rows
from autograd.engine import Value
from autograd.row import FORMULA, PYTHON, REAL, Domain, Primitive, number

Domains = Domain | tuple[float, float] | Sequence[Domain | tuple[float, float]]


def primitive(
    function: Callable[..., Any] | None = None,
    /,
    *,
    partials: Sequence[Callable[..., Any] | None] | Callable[..., Any] | None = None,
    vjp: Callable[..., Any] | None = None,
    domain: Domains | None = None,
    name: str | None = None,
    label: str = "",
    latex: str = "",
    c: str = PYTHON,
    selects: bool = False,
    check: bool = True,
    replace: bool = False,
) -> Any:
    """A decorator that adds a function to the table, as one row like any other.

    Arguments
    - the function: from floats to a float. Arguments with a default may be left
      out; `*xs` makes a primitive of any number of arguments. Where it raises
      ValueError, OverflowError or ZeroDivisionError its value is NaN: it did not
      say what it is. Autograd's own functions never raise, so use those to return
      an infinity.
    - `partials`: one function for each argument, `partials[i](*xs, y)` is dy/dx_i,
      with y the value; None for an argument without a derivative. For `*xs` one
      function, `partials(xs, y)`, that gives all. Write them with autograd's
      functions (autograd.exp, not math.exp), straight-line, choosing with `where`.
    - `vjp`: in place of partials, one function, `vjp(*xs, y, cotangent)`, that
      gives the cotangent times each partial.
    - `domain`: where the arguments may lie: a Domain or a pair (low, high), one for
      all, or one for each argument.
    - `name`: the function's own if None. `label` and `latex`: how it is written.
    - `c`: a C expression with {0}, {1}, ..., or "formula" if the function is itself
      written with autograd's functions only; else Python is called.
    - `selects`: it picks among its arguments; those not picked receive nothing.
    - `check`: compare the partials with differences at points of the domain, and
      see that Values pass through them.
    - `replace`: put it in the place of an earlier one of yours with that name, as
      running a notebook's cell again does.

    Returns the primitive, to be called with floats, Values, duals, arrays, symbols.
    Raises TypeError or ValueError, naming what is wrong, and the table stays as it
    was: no or too many partials, a name that is taken, a domain with no points, a
    partial that fails or that disagrees with differences.

    >>> import autograd
    >>> @autograd.primitive(partials=[lambda x, y: y * (1.0 - y)], replace=True)
    ... def logistic(x):
    ...     return 1.0 / (1.0 + math.exp(-x))
    >>> autograd.grad(logistic)(0.0), autograd.grad(autograd.grad(logistic))(0.0)
    (0.25, 0.0)
    """
    if function is None:
        given = locals()
        options = {key: given[key] for key in given if key != "function"}
        return functools.partial(primitive, **options)
    if not callable(function):
        raise TypeError(f"primitive takes a function, got {function!r:.80}")
    name = _name(function, name, replace)
    names, defaults, nary = _arguments(function, name)
    row = Primitive(
        name,
        function if c == FORMULA else _total(function, name),
        _partials(name, names, nary, partials, vjp),
        _domains(name, names, nary, domain),
        c,
        label or name,
        latex,
        selects=selects,
        nary=nary,
        defaults=defaults,
    )
    _refuse_spelling(row)
    if check:
        check_primitive(row)
    # all is well: only now the table changes
    rows._ROWS[name] = _OWN[name] = row
    return row


_OWN: dict[str, Primitive] = {}
"""The rows that came through here: only these can be replaced."""


def _name(function: Callable[..., Any], name: str | None, replace: bool) -> str:
    name = getattr(function, "__name__", "") if name is None else name
    if not isinstance(name, str) or not name.isidentifier():
        raise ValueError(
            f"a primitive can't be named {name!r}: give name='...', letters, digits and _"
        )
    if name in rows._ROWS:
        if name not in _OWN:
            raise ValueError(f"there is a primitive named {name!r} already: choose another name")
        if not replace:
            raise ValueError(
                f"you have defined a primitive named {name!r} already: choose another name,"
                " or pass replace=True to put this one in its place"
            )
    return name


def _arguments(
    function: Callable[..., Any], name: str
) -> tuple[list[str], tuple[float, ...], bool]:
    """The names of the function's arguments, their defaults, and whether it takes any number."""
    parameters = list(inspect.signature(function).parameters.values())
    kinds = [p.kind for p in parameters]
    if kinds == [inspect.Parameter.VAR_POSITIONAL]:
        return [parameters[0].name], (), True
    plain = {inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD}
    if not parameters or not set(kinds) <= plain:
        raise TypeError(
            f"{name}{inspect.signature(function)} can't be a primitive: it takes numbers by"
            " position, at least one, or *xs alone"
        )
    defaults = [p.default for p in parameters if p.default is not inspect.Parameter.empty]
    numbers = tuple([number(d, f"a default of {name}") for d in defaults])
    return [p.name for p in parameters], numbers, False


def _total(function: Callable[..., Any], name: str) -> Callable[..., float]:
    """The function, always answering with a float."""

    @functools.wraps(function)
    def value(*xs: float) -> float:
        try:
            y = function(*xs)
        except (ValueError, OverflowError, ZeroDivisionError):
            return math.nan
        return y if type(y) is float else number(y, f"the value of {name}{xs}")

    return value


def _partials(
    name: str, names: list[str], nary: bool, partials: Any, vjp: Callable[..., Any] | None
) -> Any:
    """The partials as a row keeps them."""
    if (partials is None) == (vjp is None):
        raise TypeError(
            f"{name} needs its derivative: give either partials=[...], one function for each"
            " argument, or vjp=..., not both"
        )
    if nary:
        if vjp is not None:
            return lambda xs, y: _counted(name, vjp(*xs, y, 1.0), len(xs))
        if not callable(partials):
            raise TypeError(f"{name} takes any number of arguments: give one partials(xs, y)")
        return lambda xs, y: _counted(name, partials(xs, y), len(xs))
    if vjp is not None:
        return tuple([_from_vjp(name, vjp, i, len(names)) for i in range(len(names))])
    partials = [partials] if callable(partials) else list(partials)
    if len(partials) != len(names):
        raise TypeError(
            f"{name}({', '.join(names)}) takes {len(names)} argument(s) and got {len(partials)}"
            " partial(s): give one for each, None for an argument without a derivative"
        )
    for argument, partial in zip(names, partials, strict=True):
        if partial is not None and not callable(partial):
            raise TypeError(
                f"the partial of {name} by {argument} is {partial!r:.80}: give a function of"
                f" ({', '.join(names)}, y)"
            )
    return tuple(partials)


def _from_vjp(name: str, vjp: Callable[..., Any], i: int, count: int) -> Callable[..., Any]:
    def partial(*xs_and_y: Any) -> Any:
        return _counted(name, vjp(*xs_and_y, 1.0), count)[i]

    return partial


class _MiscountError(TypeError):
    """A vjp, or the partials of many arguments, gave too few or too many."""


def _counted(name: str, partials: Any, count: int) -> Sequence[Any]:
    if count == 1 and not isinstance(partials, (list, tuple)):
        return [partials]
    if not isinstance(partials, (list, tuple)) or len(partials) != count:
        raise _MiscountError(
            f"the derivative of {name} by {count} argument(s) came as {partials!r:.80}:"
            f" return a list or tuple of {count}"
        )
    return partials


def _domains(name: str, names: list[str], nary: bool, domain: Domains | None) -> tuple[Domain, ...]:
    count = 1 if nary else len(names)
    if domain is None:
        return (REAL,) * count
    if isinstance(domain, Domain) or _is_pair(domain):
        return (_interval(name, domain),) * count
    if not isinstance(domain, (list, tuple)) or len(domain) != count:
        raise TypeError(
            f"the domain of {name} is {domain!r:.80}: give a Domain or (low, high), one for all"
            f" or one for each of its {count} argument(s)"
        )
    return tuple([_interval(name, one) for one in domain])


def _is_pair(domain: Any) -> bool:
    return (
        isinstance(domain, tuple)
        and len(domain) == 2
        and all(isinstance(x, (int, float)) for x in domain)
    )


def _interval(name: str, domain: Any) -> Domain:
    if _is_pair(domain):
        domain = Domain(float(domain[0]), float(domain[1]))
    if not isinstance(domain, Domain) or not domain.low < domain.high:
        raise ValueError(f"{domain!r:.80} holds no interval for {name}: low must be below high")
    return domain


def _refuse_spelling(row: Primitive) -> None:
    """See that labels and C take the row's arguments."""
    if row.nary:
        return
    spellings = {"label": row.label, "latex": row.latex}
    if row.c not in (FORMULA, PYTHON):
        spellings["c"] = row.c
    for field, template in spellings.items():
        if "{" not in template:
            continue
        try:
            template.format(*["x"] * len(row.domain))
        except (IndexError, KeyError, ValueError, AttributeError) as error:
            raise ValueError(
                f"the {field} of {row.name} is {template!r}: write its"
                f" {len(row.domain)} argument(s) as {{0}}, {{1}}, ... and other braces doubled"
            ) from error


def check_primitive(row: Primitive) -> None:
    """See that a row's partials are the derivatives of its value, at points of its domain.

    The points are the same in every run. Raises ValueError for a partial that
    disagrees with differences, or if no point has a finite value; TypeError for
    one that fails, or that Values can't pass through.

    >>> import autograd
    >>> check_primitive(autograd.tanh)
    """
    checked = 0
    for xs in sample_points(row):
        y = row.value(*xs)
        if math.isfinite(y):
            checked += 1
            _check_at(row, xs, y)
    if not checked:
        raise ValueError(
            f"{row.name} has no finite value at any point tried in its domain: state the domain,"
            " domain=(low, high), or pass check=False"
        )


def _check_at(row: Primitive, xs: list[float], y: float) -> None:
    from autograd.check.numeric import derivative  # only here: importing autograd stays light

    at = f"({', '.join(map(repr, xs))})"
    for i, found in _attempt(row, xs, y, at):
        found = number(found, f"the partial of {row.name} by argument {i} at {at}")
        domain = row.domain[0 if row.nary else i]
        numerical = derivative(_along(row, xs, i), xs[i], domain.low, domain.high)
        if not math.isfinite(numerical.value) or numerical.growing:
            continue
        allowed = 4.0 * numerical.error + 2.0**-40 * abs(numerical.value)
        if numerical.kink and numerical.brackets(found, allowed):
            continue
        if not abs(found - numerical.value) <= allowed:
            raise ValueError(
                f"the partial of {row.name} by argument {i} at {at} is {found!r}, but differences"
                f" of its value give {numerical.value:.10g} ± {numerical.error:.1g}: correct the"
                " partial or the function, or pass check=False"
            )
    values = [Value(x) for x in xs]
    _attempt(row, values, row(*values), at)


def _along(row: Primitive, xs: list[float], i: int) -> Callable[[float], float]:
    """A row's value as a function of its argument i alone."""
    return lambda x: row.value(*xs[:i], x, *xs[i + 1 :])


def _attempt(row: Primitive, xs: list[Any], y: Any, at: str) -> list[tuple[int, Any]]:
    """The partials at a point; what they raise is explained."""
    passing = type(xs[0]).__name__
    try:
        return row.local(xs, y, range(len(xs)))
    except _MiscountError:
        raise
    except NameError as error:
        raise TypeError(
            f"a partial of {row.name} failed at {at}: {error}. If it uses the primitive that is"
            " being defined, use y, the value, or pass check=False and check_primitive afterwards"
        ) from error
    except Exception as error:
        raise TypeError(
            f"a partial of {row.name} failed on {passing}s at {at} with"
            f" {type(error).__name__}: {error}. Write partials with autograd's functions"
            " (autograd.exp, not math.exp; autograd.where, not if), so that all types pass through"
        ) from error


_FRACTIONS = (0.3819, 0.7236, 0.1459, 0.9021, 0.5528)
_MANY = 3


def sample_points(row: Primitive) -> Iterable[list[float]]:
    """A few points inside the domain, away from its ends and edges, each argument different."""
    count = _MANY if row.nary else len(row.domain)
    domains = [row.domain[0]] * count if row.nary else list(row.domain)
    for k, _ in enumerate(_FRACTIONS):
        fractions = itertools.islice(itertools.cycle(_FRACTIONS), k, k + count)
        yield [_inside(domain, t) for domain, t in zip(domains, fractions, strict=True)]


def _inside(domain: Domain, t: float) -> float:
    """The point at fraction t of the domain, the ends pulled in to a few units."""
    low, high = domain.low, domain.high
    if low == -math.inf and high == math.inf:
        low, high = -3.0, 3.0
    elif low == -math.inf:
        low = high - 4.0
    elif high == math.inf:
        high = low + 4.0
    x = low + t * (high - low)
    for edge in domain.edges:
        if abs(x - edge) < 1e-3 * (high - low):
            x += 1e-2 * (high - low)
    return x
