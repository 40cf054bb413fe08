"""Module: something that computes and has parameters; every network is made of them."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Self

from autograd import modes
from autograd.engine import Value, clear_grads

State = dict[str, "float | list[float]"]

_current_mode = modes.current


class Module:
    """A part of a network: its attributes hold parameters and other modules.

    Write `forward(self, x)` in a subclass and keep parameters (leaf Values),
    modules, or lists, tuples and dicts of them, in attributes; names that begin
    with an underscore are left out. Call the module to run `forward`: the nodes
    it makes carry the module's name as their scope, so that pictures can group
    them.

    >>> from autograd import Value
    >>> class Scale(Module):
    ...     def __init__(self):
    ...         self.factor = Value(3.0)
    ...     def forward(self, x):
    ...         return self.factor * x
    >>> scale = Scale()
    >>> y = scale(2.0)
    >>> y.data, y.scope, scale.state_dict()
    (6.0, ('Scale',), {'factor': 3.0})
    """

    training: bool = True
    """Whether it is being trained: what Dropout asks. See train() and eval()."""

    notes: Mapping[str, Any] = MappingProxyType({})
    """What else a saved file shall say (feature names, classes, scaling), as JSON has it."""

    _name: str = ""
    _scoped: tuple[modes.Mode | None, modes.Mode] | None = None

    def __setattr__(self, attribute: str, value: Any) -> None:
        object.__setattr__(self, attribute, value)
        if not attribute.startswith("_"):
            parts: list[tuple[str, Module | Value]] = []
            _collect(attribute, value, {id(self)}, parts, inside=False)
            for name, part in parts:
                if isinstance(part, Module):
                    object.__setattr__(part, "_name", part._name or name)

    def forward(self, *args: Any, **options: Any) -> Any:
        """What the module computes; every subclass writes its own."""
        raise NotImplementedError(
            f"{type(self).__name__} has no forward: write def forward(self, x) in the class"
        )

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Run `forward` with the module's name as a scope."""
        # This is autograd.scope(name), but the mode is made once for each place the
        # module is called from: a neuron is called thousands of times in a step.
        outer = _current_mode.get()
        scoped = self._scoped
        if scoped is None or scoped[0] is not outer:
            scoped = (outer, self._mode_below(outer))
            object.__setattr__(self, "_scoped", scoped)
        token = _current_mode.set(scoped[1])
        try:
            return self.forward(*args, **options)
        finally:
            _current_mode.reset(token)

    def _mode_below(self, outer: modes.Mode | None) -> modes.Mode:
        mode = outer or modes.Mode()
        above = mode.place.scope if mode.place else ()
        place = modes.Place((*above, self._name or type(self).__name__))
        self._place_parameters(place)
        return replace(mode, place=place)

    def _place_parameters(self, place: modes.Place) -> None:
        """Its own parameters belong to its scope: a picture knows them by that."""
        for attribute, value in vars(self).items():
            if not attribute.startswith("_"):
                parts: list[tuple[str, Module | Value]] = []
                _collect(attribute, value, {id(self)}, parts, inside=False)
                for _, part in parts:
                    if isinstance(part, Value) and part.place is None:
                        part.place = place

    # What it is made of

    def named_parameters(self) -> list[tuple[str, Value]]:
        """Each parameter with the path that leads to it, in the order of `parameters()`.

        >>> from nn import MLP
        >>> [name for name, _ in MLP(2, [1], seed=0).named_parameters()]
        ['layers.0.neurons.0.w.0', 'layers.0.neurons.0.w.1', 'layers.0.neurons.0.b']
        """
        return [(path, part) for path, part in self._parts() if isinstance(part, Value)]

    def parameters(self) -> list[Value]:
        """Every leaf Value that it and its modules hold, each once, in their order."""
        found: dict[Value, None] = {}  # a training step asks several times: no paths are made
        _add_parameters(self, found, set())
        return list(found)

    def named_modules(self) -> list[tuple[str, Module]]:
        """Itself and every module inside, each with its path; its own is empty."""
        return [(path, part) for path, part in self._parts() if isinstance(part, Module)]

    def modules(self) -> list[Module]:
        """Itself and every module inside."""
        return [part for _, part in self._parts() if isinstance(part, Module)]

    def _parts(self) -> list[tuple[str, Module | Value]]:
        """Itself, its modules and its parameters, each once, in the order they are met."""
        found: list[tuple[str, Module | Value]] = []
        _collect("", self, set(), found)
        return found

    # Training

    def zero_grad(self) -> None:
        """Make every parameter's gradient "not reached"; it reads as 0.0."""
        clear_grads(self.parameters())

    def train(self, mode: bool = True) -> Self:
        """Tell it and every module inside that they are being trained; gives itself."""
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Self:
        """Tell it and every module inside that they are only used; gives itself."""
        return self.train(False)

    # Other numbers in place of the parameters

    def plain(self) -> Self:
        """A twin on plain floats: the same results to the bit, no graph, no gradients.

        The twin keeps the parameters' numbers of this moment.

        >>> from nn import MLP
        >>> model = MLP(2, [3, 1], seed=0)
        >>> model.plain()([1.0, -2.0]) == model([1.0, -2.0]).data
        True
        """
        return self.with_parameters([parameter.data for parameter in self.parameters()])

    def with_parameters(self, numbers: Sequence[Any]) -> Self:
        """A twin that computes with `numbers` in place of the parameters.

        Argument: `numbers`, one for each of `parameters()`: floats, Values of
        your own, whatever passes through the table. With it the network is a
        function of its parameters, for `autograd.grad`, `jvp` or `hvp`.
        Raises ValueError if their count differs.

        >>> from autograd import grad
        >>> from nn import Neuron
        >>> neuron = Neuron(2, nonlin=False)
        >>> grad(lambda p: neuron.with_parameters(p)([3.0, 5.0]))([1.0, 2.0, 0.0])
        [3.0, 5.0, 1.0]
        """
        parameters = self.parameters()
        if len(numbers) != len(parameters):
            raise ValueError(
                f"{type(self).__name__} has {len(parameters)} parameters, got {len(numbers)}"
                " numbers: give one for each of parameters()"
            )
        memo = {id(p): x for p, x in zip(parameters, numbers, strict=True)}
        return copy.deepcopy(self, memo)

    # State

    def state_dict(self) -> State:
        """The parameters' numbers by name; parameters in a list are a list.

        >>> from nn import MLP
        >>> MLP(2, [1], initializer="zeros").state_dict()
        {'layers.0.neurons.0.w': [0.0, 0.0], 'layers.0.neurons.0.b': 0.0}
        """
        state: State = {}
        for key, parameters in self._by_key().items():
            numbers = [parameter.data for parameter in parameters]
            state[key] = numbers[0] if parameters.path == key else numbers
        return state

    def load_state_dict(self, state: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> None:
        """Give the parameters the numbers of `state`, all of them or, at an error, none.

        Argument: `state`, as `state_dict` gives it, or its pairs.
        Raises ValueError naming every key that is unknown, missing or there
        twice, or whose numbers are too few, too many or not finite; TypeError
        for what is not a number.
        """
        given: Any = state.items() if isinstance(state, Mapping) else state
        pairs: list[tuple[str, Any]] = list(given)
        places = self._by_key()
        _check_keys(type(self).__name__, places, [key for key, _ in pairs])
        floats = {key: _numbers(key, numbers, places[key]) for key, numbers in pairs}
        for key, numbers in floats.items():
            for parameter, x in zip(places[key], numbers, strict=True):
                parameter.data = x

    def _by_key(self) -> dict[str, _Parameters]:
        places: dict[str, _Parameters] = {}
        for path, parameter in self.named_parameters():
            key = _without_numbers(path)
            places.setdefault(key, _Parameters(path)).append(parameter)
        return places


class _Parameters(list[Value]):
    """The parameters below one key, and the path of the first."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path


def _collect(
    path: str,
    value: Any,
    seen: set[int],
    found: list[tuple[str, Module | Value]],
    inside: bool = True,
) -> None:
    """Add the modules and parameters in `value`, and inside its modules, to `found`."""
    if isinstance(value, Value):
        if value.primitive is None and not value.constant and id(value) not in seen:
            seen.add(id(value))
            found.append((path, value))
    elif isinstance(value, Module):
        if id(value) in seen:
            return
        seen.add(id(value))
        found.append((path, value))
        start = f"{path}." if path else ""
        for attribute, item in vars(value).items() if inside else ():
            if not attribute.startswith("_"):
                _collect(start + attribute, item, seen, found)
    elif isinstance(value, (list, tuple)):
        for i, item in enumerate(value):
            _collect(f"{path}.{i}", item, seen, found, inside)
    elif isinstance(value, dict):
        for key, item in value.items():
            _collect(f"{path}.{key}", item, seen, found, inside)


def _add_parameters(value: Any, found: dict[Value, None], seen: set[int]) -> None:
    """Add the parameters in `value` to `found`, in the order in which _collect meets them."""
    if isinstance(value, Value):
        if value.primitive is None and not value.constant:
            found[value] = None
    elif isinstance(value, (list, tuple)):
        for item in value:
            _add_parameters(item, found, seen)
    elif isinstance(value, dict):
        for item in value.values():
            _add_parameters(item, found, seen)
    elif isinstance(value, Module) and id(value) not in seen:
        seen.add(id(value))
        for attribute, item in vars(value).items():
            if not attribute.startswith("_"):
                _add_parameters(item, found, seen)


def _without_numbers(path: str) -> str:
    """The path without the positions at its end: "w.0.3" is in "w"."""
    parts = path.split(".")
    while len(parts) > 1 and parts[-1].isdecimal():
        parts.pop()
    return ".".join(parts)


def _check_keys(who: str, places: Mapping[str, Any], keys: list[str]) -> None:
    faults = {
        "has no": [key for key in dict.fromkeys(keys) if key not in places],
        "is missing": [key for key in places if key not in keys],
        "got twice": [key for key in dict.fromkeys(keys) if keys.count(key) > 1],
    }
    found = [f"{fault} {_listed(names)}" for fault, names in faults.items() if names]
    if found:
        raise ValueError(
            f"the state doesn't fit {who}: it {'; '.join(found)}. Load it into a network of the"
            " shape it was saved from"
        )


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(repr(name) for name in names[:5]) + more


def _numbers(key: str, given: Any, parameters: _Parameters) -> list[float]:
    """The numbers given for a key as a list of floats, one for each of its parameters."""
    from autograd.row import number

    single = key == parameters.path
    if single is isinstance(given, (list, tuple)):
        wanted = "one number" if single else f"a list of {len(parameters)} numbers"
        raise ValueError(f"the state's {key!r} must be {wanted}, got {given!r:.80}")
    numbers = [given] if single else list(given)
    if len(numbers) != len(parameters):
        raise ValueError(
            f"the state's {key!r} has {len(numbers)} numbers where the network has"
            f" {len(parameters)}: load it into a network of the shape it was saved from"
        )
    floats = [number(x, f"the state's {key!r}") for x in numbers]
    for i, x in enumerate(floats):
        if not math.isfinite(x):
            raise ValueError(
                f"the state's {key!r} holds {x!r} at position {i}: load finite numbers"
            )
    return floats
