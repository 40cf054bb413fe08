"""What an instance of a subclass of Value holds beside the Value: for copies and pickles."""

from __future__ import annotations

from typing import Any

State = tuple[dict[str, Any] | None, dict[str, Any] | None] | None
"""The attributes in its dictionary and those in slots, as pickle keeps them."""


def state(node: Any, base: type) -> State:
    """The attributes of `node` that `base` knows nothing of; None if there are none."""
    slots = {
        name: getattr(node, name)
        for kind in type(node).__mro__[: type(node).__mro__.index(base)]
        for name in _slots(kind)
        if hasattr(node, name)
    }
    attributes = getattr(node, "__dict__", None)
    # pickle takes None for the first, and a dict for the second
    return (attributes or None, slots) if attributes or slots else None


def restore(node: Any, kept: State) -> None:
    """Give a copy the attributes of its original."""
    for attributes in kept or ():
        for name, value in (attributes or {}).items():
            object.__setattr__(node, name, value)


def _slots(kind: type) -> list[str]:
    """The slots that a class itself declares, by the names they are reached with."""
    declared = vars(kind).get("__slots__", ())
    names = [declared] if isinstance(declared, str) else list(declared)
    private = f"_{kind.__name__.lstrip('_')}"
    return [
        private + name if name.startswith("__") and not name.endswith("__") else name
        for name in names
        if name not in ("__dict__", "__weakref__")
    ]
