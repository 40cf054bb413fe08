"""The compiled core is the pure engine's twin: both are loaded here and held equal to the bit."""

from __future__ import annotations

import copy
import gc
import inspect
import math
import os
import pickle
import random
import signal
import struct
import subprocess
import sys
import threading
import weakref
from array import array
from collections.abc import Callable
from typing import Any

import pytest

import autograd
from autograd import engine, modes, reverse, value
from autograd.engine import Value
from autograd.graph import topological_order
from autograd.row import Primitive, table

twin = pytest.importorskip("autograd.core.twin", reason="the compiled core was not built")
hypothesis = pytest.importorskip("hypothesis")
st = pytest.importorskip("hypothesis.strategies")

Pure, Core = value.Value, twin.Value
ENGINES = (Pure, Core)


def bits(x: float | None) -> Any:
    """What two results must share: every bit, but any NaN is a NaN."""
    if x is None:
        return None
    return "nan" if x != x else struct.pack("<d", x)


def constant(kind: type, x: float) -> Any:
    return value.constant(x) if kind is Pure else twin.constant(x)


def cotangents(kind: type) -> Callable[..., dict[Any, Any]]:
    return reverse.cotangents if kind is Pure else twin.cotangents


EDGES = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 3.0, -2.5, 1e-320, 1e-8, 30.0, -45.0, 700.0, -750.0]
EDGES += [1e16, 1.7e308, -1e300, 1e-300, math.inf, -math.inf, math.nan, math.pi, 0.1]
numbers = st.one_of(st.sampled_from(EDGES), st.floats(-4.0, 4.0), st.floats())

OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda x, z: x + z,
    "-": lambda x, z: x - z,
    "*": lambda x, z: x * z,
    "/": lambda x, z: x / z,
    "//": lambda x, z: x // z,
    "%": lambda x, z: x % z,
    "**": lambda x, z: x**z,
}
ROWS = list(table().values())


@st.composite
def programs(draw: Any) -> Any:
    """Leaves, then steps: an operator or a row, on earlier results and plain numbers."""
    leaves = draw(st.lists(st.tuples(numbers, st.booleans()), min_size=1, max_size=4))
    steps = []
    for count in range(len(leaves), len(leaves) + draw(st.integers(1, 12))):
        argument = st.one_of(
            st.integers(0, count - 1), st.integers(max(0, count - 3), count - 1), numbers
        )
        if draw(st.booleans()):
            step = (draw(st.sampled_from(sorted(OPERATORS))), [draw(argument), draw(argument)])
        else:
            row = draw(st.sampled_from(ROWS))
            n = draw(st.integers(1, 7)) if row.nary else len(row.domain)
            step = (row, [draw(argument) for _ in range(n)])
        steps.append(step)
    return leaves, steps


def run(kind: type, program: Any) -> list[Any]:
    """The program's results, Values and floats as they come."""
    leaves, steps = program
    made = [constant(kind, x) if fixed else kind(x) for x, fixed in leaves]
    for how, arguments in steps:
        args = [made[a] if isinstance(a, int) else a for a in arguments]
        if isinstance(how, Primitive):
            try:
                result = how(*args)
            except (ValueError, OverflowError) as error:  # round_to many digits
                result = float(len(str(error)))
        elif all(type(a) is float for a in args):
            result = args[0]  # Python's own arithmetic is not ours to test
        else:
            result = OPERATORS[how](*args)
        made.append(result)
    return made


def seen(node: Any) -> Any:
    """All that can be seen of a node."""
    if type(node) is float:
        return bits(node)
    return (
        bits(node.data),
        bits(node._grad),
        node.reached,
        node.constant,
        node.primitive,
        node._op,
        node.label,
        [(bits(p.data), bits(p._grad), p.constant, p.primitive) for p in node.parents],
    )


def test_the_rows_have_the_same_values_and_partials_to_the_bit() -> None:
    # each row on every pair of edges, and on many random points
    draw = random.Random(1)
    for row in ROWS:
        n = 3 if row.nary else len(row.domain)
        points = [[x] * n for x in EDGES] + [
            [draw.choice(EDGES) for _ in range(n)] for _ in range(60)
        ]
        points += [[draw.uniform(-6.0, 6.0) for _ in range(n)] for _ in range(150)]
        points += [[draw.uniform(0.0, 1.0) for _ in range(n)] for _ in range(50)]
        points += [
            [draw.uniform(-1.0, 1.0) * 10.0 ** draw.randint(-300, 300) for _ in range(n)]
            for _ in range(100)
        ]
        for xs in points:
            results = []
            for kind in ENGINES:
                leaves = [kind(x) for x in xs]
                try:
                    y = row(*leaves)
                except (ValueError, OverflowError) as error:  # round_to many digits
                    results.append(str(error))
                    continue
                y.backward()
                results.append((bits(y.data), [bits(leaf._grad) for leaf in leaves]))
            assert results[0] == results[1], (row, xs)


@hypothesis.settings(max_examples=300, deadline=None)
@hypothesis.given(programs(), st.lists(st.integers(0, 15), min_size=1, max_size=3), numbers)
def test_programs_give_the_same_nodes_and_gradients(program: Any, roots: Any, seed: float) -> None:
    results = []
    for kind in ENGINES:
        made = run(kind, program)
        said = []
        for root in roots:
            node = made[root % len(made)]
            if type(node) is not float:
                try:
                    node.backward(seed)
                except RuntimeError as error:
                    said.append(str(error))
        results.append(([seen(node) for node in made], said))
    assert results[0] == results[1]


@hypothesis.settings(max_examples=100, deadline=None)
@hypothesis.given(programs(), st.data())
def test_cotangents_are_the_same_and_touch_no_gradient(program: Any, data: Any) -> None:
    picks = data.draw(st.lists(st.integers(0, 15), min_size=1, max_size=4))
    wanted = data.draw(st.none() | st.lists(st.integers(0, 15), max_size=4))
    results = []
    for kind in ENGINES:
        made = [node for node in run(kind, program) if type(node) is not float]
        made[-1].backward() if made[-1].primitive and not all_constant(made[-1]) else None
        before = [seen(node) for node in made]
        seeds = [(made[i % len(made)], 1.0 + i) for i in picks]
        wrt = None if wanted is None else [made[i % len(made)] for i in wanted]
        sums = cotangents(kind)(seeds, wrt)
        assert [seen(node) for node in made] == before
        results.append([bits(sums.get(node)) for node in topological_order(*made)])
    assert results[0] == results[1]


def all_constant(root: Any) -> bool:
    return all(node.primitive is not None or node.constant for node in topological_order(root))


@hypothesis.settings(max_examples=60, deadline=None)
@hypothesis.given(programs())
def test_second_derivatives_are_the_same(program: Any) -> None:
    results = []
    for kind in ENGINES:
        made = [node for node in run(kind, program) if type(node) is not float]
        leaves = [node for node in made if node.primitive is None and not node.constant]
        first = cotangents(kind)([(made[-1], 1.0)], leaves, reverse.itself)
        row = []
        for leaf in leaves:
            y = first.get(leaf)
            row.append(bits(getattr(y, "data", y)))
            if isinstance(y, kind):
                second = cotangents(kind)([(y, 1.0)], leaves)
                row.append([bits(second.get(other)) for other in leaves])
        results.append(row)
    assert results[0] == results[1]


def test_the_order_of_nodes_is_the_same() -> None:
    orders = []
    for kind in ENGINES:
        x, y = kind(1.0), kind(2.0)
        a = x * 3.0
        z = kind(4.0)
        b = autograd.dot([a, 5.0, y], [z, x, 6.0], start=7.0)
        x2 = b + 8.0 * z
        orders.append([node.data for node in topological_order(x2)])
    assert orders[0] == orders[1]


# Errors: the same types and words


def attempts() -> dict[str, Callable[[type], Any]]:
    def changed(kind: type) -> Any:
        x = kind(2.0, label="x")
        y = x * x
        x.data = 3.0
        y.backward()

    def changed_and_copied(kind: type) -> Any:
        x = kind(2.0)
        y = x * x
        x.data = 3.0
        copy.copy(y).backward()

    def assigned(kind: type) -> Any:
        y = kind(2.0) * 3.0
        y.data = 1.0

    def strict(kind: type) -> Any:
        with modes.strict():
            autograd.log(kind(0.0, label="x"))

    def strict_back(kind: type) -> Any:
        with modes.strict():
            autograd.sqrt(kind(0.0)).backward()

    return {
        "a string": lambda kind: kind("2"),
        "a complex number": lambda kind: kind(2j),
        "a bool": lambda kind: kind(True),
        "an int too large": lambda kind: kind(10**400),
        "a list": lambda kind: kind([1.0]),
        "children": lambda kind: kind(1.0, (kind(2.0),), "+"),
        "an operation": lambda kind: kind(1.0, (), "+"),
        "add a string": lambda kind: kind(1.0) + "2",
        "a string add": lambda kind: "2" + kind(1.0),
        "add a bool": lambda kind: kind(1.0) + True,
        "times an int too large": lambda kind: kind(1.0) * 10**400,
        "power of a list": lambda kind: kind(1.0) ** [2.0],
        "divided by None": lambda kind: kind(1.0) / None,
        "a row on a string": lambda kind: autograd.maximum(kind(1.0), "2"),
        "a row on a bool": lambda kind: autograd.where(kind(1.0), True, 2.0),
        "a row of two on one": lambda kind: autograd.maximum(kind(1.0)),
        "float": lambda kind: float(kind(1.0)),
        "int": lambda kind: int(kind(1.0)),
        "complex": lambda kind: complex(kind(1.0)),
        "index": lambda kind: [1, 2][kind(1.0)],
        "math.exp": lambda kind: math.exp(kind(1.0)),
        "changed": changed,
        "changed and copied": changed_and_copied,
        "assigned": assigned,
        "grad of a string": lambda kind: setattr(kind(1.0), "grad", "1"),
        "data of None": lambda kind: setattr(kind(1.0), "data", None),
        "backward of a string": lambda kind: kind(1.0).backward("1"),
        "backward of a constant": lambda kind: constant(kind, 1.0).backward(),
        "backward of constants": lambda kind: (constant(kind, 1.0) * 2.0).backward(),
        "pickle a node": lambda kind: pickle.dumps(kind(1.0) * 2.0),
        "strict": strict,
        "strict backward": strict_back,
        "less than a string": lambda kind: kind(1.0) < "2",
        "no such attribute": lambda kind: kind(1.0).nothing,
        "round to a string": lambda kind: round(kind(1.0), "2"),
        "pow with modulus": lambda kind: pow(kind(1.0), 2, 3),
        "pow with modulus, reflected": lambda kind: pow(2, kind(1.0), 3),
        "an operator there is none for": lambda kind: kind(1.0) @ kind(2.0),
        "an index": lambda kind: kind(1.0)[0],
        "a length": lambda kind: len(kind(1.0)),
        "no argument": lambda kind: kind(),
        "five arguments": lambda kind: kind(1, 2, 3, 4, 5),
        "an unknown argument": lambda kind: kind(1.0, name="x"),
        "an argument twice": lambda kind: kind(1.0, data=2.0),
        "made anew without arguments": lambda kind: kind(1.0).__init__(),
        "a node made anew": lambda kind: (kind(1.0) * 2.0).__init__(3.0),
        "backward of three": lambda kind: kind(1.0).backward(1, 2, 3),
        "backward of an unknown name": lambda kind: kind(1.0).backward(seed=1.0),
        "backward of one twice": lambda kind: kind(1.0).backward(1.0, cotangent=1.0),
        "round of two": lambda kind: kind(1.0).__round__(1, 2),
        "round of an unknown name": lambda kind: kind(1.0).__round__(n=1),
        "clip of one": lambda kind: kind(1.0).clip(0.0),
        "clip of three": lambda kind: kind(1.0).clip(0.0, 1.0, 2.0),
        "constant of nothing": lambda kind: CONSTANTS[kind](),
        "constant of three": lambda kind: CONSTANTS[kind](1.0, "a", 2),
        "format by a number": lambda kind: kind(1.0).__format__(3),
        "parents assigned": lambda kind: setattr(kind(1.0), "parents", ()),
        "primitive assigned": lambda kind: setattr(kind(1.0), "primitive", None),
        "reached assigned": lambda kind: setattr(kind(1.0), "reached", True),
        "constant assigned": lambda kind: setattr(kind(1.0), "constant", True),
        "scope deleted": lambda kind: delattr(kind(1.0), "scope"),
        "data deleted": lambda kind: delattr(kind(1.0), "data"),
        "grad deleted": lambda kind: delattr(kind(1.0), "grad"),
    }


CONSTANTS: dict[type, Any] = {Pure: value.constant, Core: twin.constant}


@pytest.mark.parametrize("what", attempts())
def test_errors_have_the_same_type_and_words(what: str) -> None:
    said = []
    for kind in ENGINES:
        with pytest.raises(Exception) as caught:  # which one is what is compared
            attempts()[what](kind)
        said.append((type(caught.value), str(caught.value)))
    assert said[0] == said[1]


def test_a_failed_backward_changes_nothing() -> None:
    results = []
    for kind in ENGINES:
        x, y = kind(2.0), kind(3.0)
        old = x * y
        other = old * old
        other.backward()
        x.data = 5.0
        z = old * y + kind(1.0) * y
        for _ in range(1000):
            z = z * 1.0
        parts = [x, y, old, other, z, *z.parents]
        before = [seen(node) for node in parts]
        with pytest.raises(RuntimeError):
            z.backward()
        assert [seen(node) for node in parts] == before
        results.append(before)
        fresh = x * y  # and what is made now is right
        fresh.backward()
        assert (y.reached, fresh.data) == (True, 15.0)
    assert results[0] == results[1]


# What a Value is


def public(kind: type) -> dict[str, Any]:
    own = {"_apply", "_data", "_grad", "_op", "_prev", "_rank", "_serial"}
    return {n: getattr(kind, n) for n in dir(kind) if n in own or not n.startswith("_")}


def test_it_has_the_same_names_signatures_and_words() -> None:
    pure, core = public(Pure), public(Core)
    assert set(pure) == set(core)
    for name, member in pure.items():
        if callable(member):
            expected = list(inspect.signature(member).parameters)
            assert list(inspect.signature(core[name]).parameters) == expected, name
        if name not in (
            "label",
            "parents",
            "place",
            "primitive",
            "_data",
            "_grad",
            "_serial",
            "_rank",
        ):
            assert core[name].__doc__, name
            assert core[name].__doc__.split("\n")[0] == (member.__doc__ or "").split("\n")[0], name
    assert str(inspect.signature(Core)) == str(inspect.signature(Pure)).replace(
        ": 'float'", ""
    ).replace(": 'tuple[()]' = ()", "=()").replace(": 'str' = ''", "=''").replace(" -> 'None'", "")
    assert Core.__doc__.split() == Pure.__doc__.split()
    import pydoc

    assert "backward" in pydoc.render_doc(Core)


def test_equality_hash_order_and_truth() -> None:
    for kind in ENGINES:
        x, y = kind(2.0), kind(2.0)
        assert x == y and x == 2 and x == 2.0 and x != 3 and not (x != y)  # noqa: SIM202  # both operators are tested
        assert x < 3 and x <= y and x > 1.0 and x >= 2 and x > 1
        assert x != "2" and x != None  # noqa: E711  # the operator is what is tested
        assert len({x, y}) == 2 and hash(x) != hash(y) and {x: 1}[x] == 1
        assert bool(x) and not kind(0.0) and kind(math.nan)
        assert math.floor(kind(2.5)) == 2.0 and divmod(kind(7.0), 2)[1] == 1.0
        assert f"{x:.3f}" == "2.000" and f"{x}" == repr(x)


def test_both_kinds_refuse_each_other() -> None:
    # two engines never meet outside these tests; they must not silently mix here either
    with pytest.raises(TypeError):
        Pure(1.0) + Core(2.0)


def test_walking_gives_the_same_objects_while_one_lives() -> None:
    for kind in ENGINES:
        x = kind(2.0)
        y = (x * 3.0) + x
        product, again = y.parents
        assert again is x and y.parents[0] is product
        number = id(product)
        del product
        assert id(y.parents[0]) == number, "a node keeps its identity while a child lives"
        z = autograd.dot([x, 1.5], [2.5, x])
        assert [id(p) for p in z.parents] == [id(p) for p in z.parents]


def test_weak_references_live_as_long_as_the_node() -> None:
    for kind in ENGINES:
        x = kind(2.0)
        product = x * 3.0
        ref = weakref.ref(product)
        y = product + 1.0
        del product
        assert ref() is y.parents[0]
        del y
        assert ref() is None
        gone: list[str] = []
        leaf = kind(1.0)
        watch = weakref.ref(leaf, lambda _, gone=gone: gone.append("gone"))
        del leaf
        assert gone == ["gone"] and watch() is None


def test_labels_places_and_scopes_stay_with_the_node() -> None:
    for kind in ENGINES:
        x = kind(2.0, label="x")
        product = x * 3.0
        product.label = "product"
        with modes.scope("layer"), modes.lines():
            y = product + 1.0
        del product
        assert y.parents[0].label == "product" and x.label == "x"
        assert y.scope == ("layer",) and y.place.line is not None
        assert y.place.filename == __file__


def test_subclasses_stay_what_they_are() -> None:
    for kind in ENGINES:

        def start(self: Any, data: float, n: str, kind: type = kind) -> None:
            kind.__init__(self, data)  # type: ignore[misc]  # of a class made here
            self.n = n

        Named = type("Named", (kind,), {"__init__": start})
        x = Named(2.0, "first")
        y = x * x + 1.0
        assert type(y) is kind
        del x
        gc.collect()
        found = [node for node in topological_order(y) if type(node) is Named]
        assert [node.n for node in found] == ["first"]
        y.backward()
        assert found[0].grad == 4.0


def test_copies_and_pickles() -> None:
    for kind in ENGINES:
        x = kind(2.0, label="x")
        x.grad = 5.0
        y = autograd.dot([x, 1.0], [3.0, x]) * x
        y.backward()
        for twin_y in (copy.copy(y), copy.deepcopy(y)):
            assert seen(twin_y) == seen(y)
        deep = copy.deepcopy(y)
        leaves = [n for n in topological_order(deep) if not n.primitive and not n.constant]
        assert len(leaves) == 1 and leaves[0] is not x and leaves[0].label == "x"
        leaves[0].grad = None
        deep.backward()
        assert leaves[0].grad == 2 * 3.0 * 2.0 + 2 * 2.0 and x.grad == 5.0 + 16.0
        back = pickle.loads(pickle.dumps([x, constant(kind, 3.0)]))
        assert [seen(v) for v in back] == [seen(x), seen(constant(kind, 3.0))]
        assert type(back[0]) is autograd.Value  # whichever engine runs where it is loaded


class Named(autograd.Value):
    """A subclass with attributes and slots, of the engine in use."""

    __slots__ = ("__dict__", "__private", "slot")

    def __init__(self, data: float, name: str) -> None:
        super().__init__(data)
        self.name = name
        self.slot = [name]
        self.__private = 1

    def private(self) -> int:
        return self.__private


def named(kind: Any) -> Any:
    """A subclass of a kind whose instances keep a name, and a list in a slot."""

    def start(self: Any, data: float, name: str) -> None:
        kind.__init__(self, data)
        self.name, self.slot = name, [name]

    return type("Named", (kind,), {"__slots__": ("__dict__", "slot"), "__init__": start})


def test_copies_of_a_subclass_keep_class_and_attributes() -> None:
    for kind in ENGINES:
        x = named(kind)(2.0, "first")
        x.label, x.grad, x.other = "x", 5.0, [x]
        y = x * x
        x.later = y  # an attribute may point into the graph
        one = copy.copy(x)
        assert type(one) is type(x) and one.slot is x.slot and one.later is y
        deep = copy.deepcopy(y)
        leaf = deep.parents[0]
        assert type(leaf) is type(x) and leaf is not x
        assert (leaf.name, leaf.slot, leaf.label, leaf.grad) == ("first", ["first"], "x", 5.0)
        assert leaf.slot is not x.slot and leaf.other == [leaf] and leaf.later is deep
        deep.backward()
        assert leaf.grad == 9.0 and x.grad == 5.0
        del x.later, x.other, leaf.later, leaf.other, one.later, one.other


def test_pickles_of_a_subclass_keep_class_and_attributes() -> None:
    x = Named(2.0, "first")
    x.label, x.grad = "x", 5.0
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        back, again = pickle.loads(pickle.dumps([x, x], protocol))
        assert type(back) is Named and again is back and back.private() == 1
        assert (back.data, back.name, back.slot) == (2.0, "first", ["first"])
        assert (back.label, back.grad, back.constant) == ("x", 5.0, False)


def test_copied_nodes_add_in_the_same_order() -> None:
    draw = random.Random(4)
    results: dict[type, list[Any]] = {kind: [] for kind in ENGINES}
    for _ in range(40):
        numbers = [draw.uniform(-1.0, 1.0) for _ in range(9)]
        for kind in ENGINES:
            x = kind(numbers[0])
            s, u = x * numbers[1], x * numbers[2]
            again = copy.copy(s)
            v = x * numbers[3]
            loss = s * numbers[4] + u * numbers[5] + again * numbers[6] + v * numbers[7]
            loss.backward()
            deep = copy.deepcopy([s, x])
            (deep[0] * numbers[8] + deep[1] * numbers[4] + deep[0] * u.data).backward()
            results[kind].append([bits(x.grad), bits(deep[1].grad)])
    assert results[Pure] == results[Core]


def test_a_graph_copied_onto_other_leaves_is_sound() -> None:
    for kind in ENGINES:
        x = kind(2.0)
        y = x * 3.0
        other = kind(5.0)
        copied = copy.deepcopy(y, {id(x): other})
        copied.backward()
        assert other.grad == 3.0 and not x.reached


def test_both_present_one_public_name() -> None:
    for kind in ENGINES:
        assert repr(kind) == "<class 'autograd.Value'>" and kind.__qualname__ == "Value"
        assert str(inspect.signature(kind)).startswith("(data")
    assert pickle.loads(pickle.dumps(autograd.Value)) is autograd.Value


@pytest.mark.thread_unsafe(reason="it changes the classes")
def test_programs_may_add_methods_and_another_start() -> None:
    for base in ENGINES:
        kind: Any = base
        kind.twice = lambda self: self * 2.0
        start = kind.__init__
        try:
            assert kind(1.5).twice().data == 3.0
            kind.__init__ = lambda self, data, label="mine", start=start: start(
                self, data, label=label
            )
            assert kind(1.5).label == "mine" and (kind(2.0) * 3.0).data == 6.0
        finally:
            kind.__init__ = start
            del kind.twice
        assert kind(1.5).label == ""


def test_a_leaf_made_anew_is_new() -> None:
    for kind in ENGINES:
        x = kind(2.0, label="x")
        y = x * x
        x.grad = 1.0
        x.__init__(3.0)
        assert (x.data, x.label, x.reached) == (3.0, "", False)
        with pytest.raises(RuntimeError):
            y.backward()
        z = constant(kind, 1.0)
        z.__init__(3.0)
        assert not z.constant


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers here")
@pytest.mark.thread_unsafe(reason="signals come to the main thread")
def test_a_signal_handler_may_differentiate_in_the_middle_of_another_pass() -> None:
    for kind in ENGINES:
        x = kind(1.0)
        handled: list[int] = []

        def handle(*_: Any, x: Any = x, handled: list[int] = handled) -> None:
            (x * 1.0).backward()
            handled.append(1)

        old = signal.signal(signal.SIGALRM, handle)
        signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
        passes = 0
        try:
            while len(handled) < 20:
                y = x * 1.0
                for _ in range(50):
                    y = y + x * 1.0
                y.backward()
                passes += 1
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0.0)
            signal.signal(signal.SIGALRM, old)
        assert x.grad == 51.0 * passes + len(handled)


INSIDE = """
import sys
sys.path[:] = {path!r}
import autograd
x = autograd.Value(3.0)
(x * x).backward()
with open({file!r}, "w") as file:
    print(autograd.backend, x.grad, autograd.backend_reason, file=file)
"""
OUTSIDE = """
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
inner = interpreters.create()
failed = interpreters.run_string(inner, {inside!r})
assert failed is None, failed
interpreters.destroy(inner)
import autograd
print(autograd.backend)
"""


def test_a_subinterpreter_runs_the_pure_engine_and_says_why(tmp_path: Any) -> None:
    file = tmp_path / "told"
    inside = INSIDE.format(path=sys.path, file=str(file))
    out = subprocess.run(
        [sys.executable, "-c", OUTSIDE.format(inside=inside)],
        env={**os.environ, "AUTOGRAD_PURE": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert out.returncode == 0, out.stderr
    assert out.stdout.strip() == "compiled"
    told = file.read_text(encoding="utf-8")
    assert told.startswith("pure 6.0 ") and "interpreter" in told


# Lifetimes and memory

alone = pytest.mark.thread_unsafe(reason="it measures the process, or sets how threads are made")


def live_bytes() -> int:
    gc.collect()
    return sys.getallocatedblocks()


def leaking(f: Callable[[], Any], rounds: int = 60) -> int:
    """Blocks that stay for each call of f; the least of some batches, as Python keeps some itself."""
    kept = []
    for _ in range(8):
        before = live_bytes()
        for _ in range(rounds):
            f()
        kept.append((live_bytes() - before) // rounds)
    return min(kept)


Mine = named(Core)


def everything() -> None:
    """A program that touches each part of the core."""
    x, y = Core(2.0, label="x"), Core(-3.0)
    z = autograd.dot([x, 1.0, y], [y, x, 2.0], start=x) * x**2 + abs(y) % 3
    z = z + autograd.logsumexp([x, y, z]) + autograd.lgamma(x + 3.0)
    z.backward()
    twin.cotangents([(z, 1.0)], [x])
    twin.cotangents([(z, 1.0)], [x], reverse.itself)
    copy.deepcopy(z)
    assert z.parents[0].parents and repr(z)
    weakref.ref(z.parents[0])
    for activation in ("elu", "relu", "linear"):
        row, place = table().get(activation), modes.Place(("n",))
        assert twin.neurons([[x, y], [y, x]], [y, x], [x, None], row, [place, place])
    with modes.no_grad():
        assert not (x * y).parents
    with modes.scope("here"):
        x * y
    with pytest.raises(TypeError):
        x + "2"
    mine = Mine(2.0, "mine")
    (mine * copy.copy(mine)).backward()
    assert copy.deepcopy([mine, mine * 2.0])[1].parents[0].name == "mine"
    twin.adam(*[twin.data_of([x, y])] * 4, 0.1, 0.9, 0.99, 1e-8, 1)
    with pytest.raises(TypeError):
        Core(1.0, 2, 3, 4, 5)
    with pytest.raises(TypeError):
        x.backward(1.0, 2.0)
    with pytest.raises(AttributeError):
        x.parents = ()
    x.__init__(2.0)  # type: ignore[misc]  # made anew
    old = x * y
    x.data = 3.0
    with pytest.raises(RuntimeError):
        old.backward()


@alone
def test_nothing_leaks() -> None:
    assert leaking(everything) == 0


@alone
def test_the_tape_gives_back_what_is_dropped() -> None:
    def grow(n: int) -> None:
        x = y = Core(1.0)
        for _ in range(n):
            y = y * 0.5 + x
        y.backward()

    grow(10)
    before = twin._core.statistics()["bytes"]
    grow(1_000_000)
    assert twin._core.statistics()["bytes"] <= before + (32 << 20)


@alone
def test_one_small_value_keeps_few_dead_nodes() -> None:
    kept = []
    x = Core(1.0)
    used = twin._core.statistics()["segments"]
    for i in range(50):
        y = x
        for _ in range(2000):
            y = y * 1.0
        kept.append(Core(float(i)) * 2.0)
        del y
    assert twin._core.statistics()["segments"] - used <= 3 * len(kept)
    kept = [Core(float(i)) for i in range(1000)]
    assert twin._core.statistics()["segments"] - used <= 3 * 50 + 10


def in_small_thread(f: Callable[[], None]) -> None:
    """Run f on a thread with a 512 KB stack."""
    errors: list[BaseException] = []

    def guarded() -> None:
        try:
            f()
        except BaseException as error:  # handed on
            errors.append(error)

    old = threading.stack_size(512 * 1024)
    try:
        thread = threading.Thread(target=guarded)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(old)
    if errors:
        raise errors[0]


@alone
@pytest.mark.parametrize("length", [1_000_000, pytest.param(10_000_000, marks=pytest.mark.slow)])
def test_long_chains_on_a_small_stack(length: int) -> None:
    def chain() -> None:
        x = y = Core(1.0)
        for _ in range(length // 2):
            y = y * 0.5 + x
        y.backward()
        assert x.grad == pytest.approx(2.0)

    in_small_thread(chain)


@alone
def test_long_chains_of_walked_labelled_and_copied_nodes_are_freed() -> None:
    def chain() -> None:
        y = Core(1.0)
        handles = []
        for i in range(100_000):
            y = y + 1.0
            if i % 2:
                y.label = "here"
            handles.append(y)
        topological_order(y)
        twin_y = copy.deepcopy(y)
        assert twin_y.data == 100_001.0
        del handles
        weakref.ref(y)

    in_small_thread(chain)


@alone
def test_labels_that_hold_values_are_freed_without_recursion() -> None:
    def chain() -> None:
        y = Core(1.0)
        for _ in range(100_000):
            new = Core(1.0)
            new.label = y
            y = new

    in_small_thread(chain)


def test_backward_works_in_proportion_to_the_graph_below() -> None:
    # counted, not timed: the order that the traversal visits is the graph alone
    x = Core(1.0)
    beside = [x * float(i) for i in range(5000)]
    y = (beside[10] * beside[4990]) + x
    sums = twin.cotangents([(y, 1.0)])
    assert len(sums) == 5 and sum(node.reached for node in beside) == 0


def test_threads_share_leaves_without_losing_gradients() -> None:
    x = Core(1.0)

    def work() -> None:
        for _ in range(2000):
            (x * 2.0).backward()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert x.grad == 8 * 2000 * 2.0


# The build


def test_the_generated_header_is_fresh() -> None:
    from autograd.core import generate

    assert generate.HEADER.read_text(encoding="utf-8") == generate.header(), (
        "rows.h is stale: run `python -m autograd.core.generate`, then build again"
    )


def test_the_build_is_of_this_table() -> None:
    from autograd.core import generate

    assert generate.fingerprint() == twin._core.TABLE, "the core is stale: build it again"


def test_rows_made_later_work_without_a_new_build() -> None:
    row = Primitive("cube", lambda x: x * x * x, (lambda x, y: 3.0 * (x * x),))
    results = []
    for kind in ENGINES:
        x = kind(2.0)
        y = row(x) + row(x * 2.0)
        y.backward()
        results.append((y.data, x.grad, y.parents[0].primitive is row))
    assert results[0] == results[1] == (72.0, 12.0 + 96.0, True)


def test_the_environment_switches_it_off() -> None:
    code = "import autograd; print(autograd.backend)"
    for setting, backend in (("1", "pure"), ("0", "compiled")):
        out = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "AUTOGRAD_PURE": setting},
            capture_output=True,
            text=True,
            check=True,
        )
        assert out.stdout.strip() == backend


def test_the_engine_in_use_is_one_of_both() -> None:
    assert engine.Value is (Core if engine.backend == "compiled" else Pure)


# Many parameters at a time


def test_optimizers_have_the_same_bits() -> None:
    from nn import optimizers

    def lists(results: Any) -> str:
        return repr(tuple([list(result) for result in results]))

    def as_array(x: Any) -> Any:
        return array("d", x) if isinstance(x, list) else x

    draw = random.Random(2)

    def floats() -> list[float]:
        return [draw.choice([draw.gauss(0.0, 1.0), 0.0, 1e-300, 1e200]) for _ in range(50)]

    for t in range(1, 20):
        data, grads, first = floats(), floats(), floats()
        second = [x * x for x in floats()]
        for momentum, decay, nesterov in (
            (0.0, 0.0, False),
            (0.9, 0.0, False),
            (0.9, 0.1, True),
            (0.0, 0.1, False),
        ):
            args = (data, grads, first, 0.01, momentum, decay, nesterov)
            assert repr(optimizers.sgd(*args)) == lists(twin.sgd(*args))
            assert lists(twin.sgd(*map(as_array, args))) == lists(twin.sgd(*args))
        args = (data, grads, first, second, 0.01, 0.9, 0.999, 1e-8, t)
        assert repr(optimizers.adam(*args)) == lists(twin.adam(*args))
        assert lists(twin.adam(*map(as_array, args))) == lists(twin.adam(*args))


def test_the_first_nonfinite_is_found_the_same() -> None:
    from nn import optimizers

    for numbers in ([], [1.0, 1e308, -0.0], [1.0, math.nan, math.inf], [-math.inf], [-1.0, 2]):
        assert optimizers.first_nonfinite(numbers) == twin.first_nonfinite(numbers)
    assert twin.first_nonfinite([1.0, math.nan, math.inf]) == 1
    with pytest.raises(TypeError):
        twin.first_nonfinite([1.0, "2"])
    for wrong in (array("f", [1.0]), array("i", [1, 2]), "ab", (1.0,)):
        with pytest.raises(ValueError):
            twin.first_nonfinite(wrong)


def test_lists_of_leaves_are_read_and_assigned_the_same() -> None:
    for kind, engine_ in ((Pure, value), (Core, twin)):
        leaves = [kind(1.0), kind(2.0)]
        (leaves[0] * leaves[1]).backward()
        assert [*engine_.data_of(leaves)] == [1.0, 2.0] and [*engine_.grads_of(leaves)] == [
            2.0,
            1.0,
        ]
        engine_.assign(leaves, [5.0, 6.0])
        engine_.clear_grads(leaves)
        assert [x.data for x in leaves] == [5.0, 6.0] and not any(x.reached for x in leaves)
        with pytest.raises(ValueError):
            engine_.assign(leaves, [1.0])


# A layer's neurons at once


def described(outputs: list[Any]) -> list[Any]:
    """All that is recorded below some outputs, by the nodes' order."""
    order = topological_order(*outputs)
    at = {node: i for i, node in enumerate(order)}
    return [(*seen(node)[:7], node.place, [at[p] for p in node.parents]) for node in order]


@pytest.mark.skipif(engine.backend != "compiled", reason="nn runs on the pure engine")
@pytest.mark.parametrize(
    ("activation", "bias"),
    [
        *(("relu", True), ("tanh", False), ("linear", True), ("linear", False)),
        *(("leaky_relu", True), ("elu", True), ("gelu", True), ("abs", False), ("lgamma", True)),
    ],
)
def test_a_layer_at_once_records_what_the_loop_over_its_neurons_does(
    activation: str, bias: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    import nn
    from nn import layers

    def outputs(x: list[Any]) -> list[Any]:
        model = nn.MLP(3, [5, 70, 2], activation=activation, output=activation, bias=bias, seed=3)
        model(x)  # the scopes are known from the second time on
        with modes.scope("here"):
            model(x)
            out = model(x)
        out[0].backward(1.5)
        out[1].backward(-0.3)
        return out

    x = Value(0.5)
    for inputs in ([x, x, -0.0], [1.7e308] * 3, [1e300, 2.0, math.nan], [x * 2.0, math.inf, 3]):
        results = []
        for at_once in (layers._neurons, None):
            monkeypatch.setattr(layers, "_neurons", at_once)
            x.grad = None
            results.append((described(outputs(inputs)), bits(x._grad)))
        assert results[0] == results[1]


@pytest.mark.skipif(engine.backend != "compiled", reason="nn runs on the pure engine")
def test_neurons_are_called_one_by_one_where_somebody_looks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import nn

    called: list[Any] = []

    def forward(self: Any, x: Any, really: Any = nn.Neuron.forward) -> Any:
        called.append(self)
        return really(self, x)

    def calls(layer: Any) -> int:
        for _ in range(2):
            called.clear()
            y = layer([1.0, 2.0])
            assert len(y) == 3 and type(y[0]) is Value
        return len(called)

    assert calls(nn.Layer(2, 3)) == 0
    with monkeypatch.context() as patch:
        patch.setattr(nn.Neuron, "forward", forward)
        assert calls(nn.Layer(2, 3)) == 3
    layer = nn.Layer(2, 3)
    layer.neurons[1].forward = lambda x: forward(layer.neurons[1], x)
    assert calls(layer) == 1
    layer = nn.Layer(2, 3)
    layer.neurons[2] = type("Mine", (nn.Neuron,), {"forward": forward})(2)
    assert calls(layer) == 1
    seen_by_debugger: list[str] = []
    old = sys.gettrace()
    sys.settrace(lambda frame, *_: seen_by_debugger.append(frame.f_code.co_qualname))
    try:
        calls(nn.Layer(2, 3))
    finally:
        sys.settrace(old)
    assert seen_by_debugger.count("Neuron.forward") == 6


@pytest.mark.skipif(engine.backend != "compiled", reason="nn runs on the pure engine")
def test_modes_hold_in_a_layer_at_once() -> None:
    import nn

    layer = nn.Layer(2, 2, activation="sqrt", seed=1)
    for neuron in layer.neurons:
        neuron.w[0].data = -1.0
    layer([1.0, 0.0])
    with modes.no_grad():
        for _ in range(2):
            assert all(y.constant and not y.parents for y in layer([1.0, 0.0]))
    with modes.lines():
        for _ in range(2):
            assert all(y.place.filename == __file__ for y in layer([1.0, 0.0]))
    with modes.strict():
        for _ in range(2):
            with pytest.raises(FloatingPointError):
                layer([1.0, 0.0])
    neurons = twin.neurons
    w, x, place = [[Core(1.0)]], [Core(2.0)], [modes.Place(("n",))]
    assert neurons(w, x, [None], None, place)[0].scope == ("n",)
    for odd in (
        ([[1.0]], x, [None], None, place),
        (w, [2.0], [None], None, place),
        (w, x * 2, [None], None, place),
        (w, x, [0.5], None, place),
        (w, x, [], None, place),
        (w, x, [None], None, []),
        (tuple(w), x, [None], None, place),
        (w, x, [None], table()["dot"], place),
        (w, x, [None], table()["where"], place),
        (w, x, [None], "relu", place),
        (w, x, [None], Primitive("mine", abs, (abs,)), place),
    ):
        assert neurons(*odd) is None


def test_the_header_is_written_and_checked_by_a_command(
    monkeypatch: Any, tmp_path: Any, capsys: Any
) -> None:
    from autograd.core import generate

    fresh = tmp_path / "rows.h"
    monkeypatch.setattr(generate, "HEADER", fresh)
    assert generate.main([]) == 0
    assert fresh.read_text(encoding="utf-8") == generate.header()
    assert generate.main(["--check"]) == 0
    fresh.write_text("old", encoding="utf-8")
    assert generate.main(["--check"]) == 1
    assert "rows.h is stale" in capsys.readouterr().out
    assert fresh.read_text(encoding="utf-8") == "old"


def test_partials_that_only_python_can_tell_are_left_to_it() -> None:
    from autograd.core import generate

    def long(x: Any, y: Any) -> Any:
        for _ in range(generate.MOST_STEPS + 1):
            x = x * y
        return x

    cube = Primitive("cube", lambda x: x * x * x, (lambda x, y: 3.0 * (x * x),))
    assert generate.traced(cube, cube.partials[0], []) is not None
    assert generate.traced(cube, lambda x, y: x if x > 0.0 else y, []) is None
    assert generate.traced(cube, long, []) is None


def test_any_lift_gives_the_same_cotangents() -> None:
    x = engine.Value(2.0)
    y = (x * x).exp()
    found = engine.cotangents([(y, 1.0)], [x], lambda node: node.data)
    assert found[x] == engine.cotangents([(y, 1.0)], [x])[x]


def test_without_the_core_the_engine_is_pure() -> None:
    code = (
        "import sys; sys.modules['autograd.core._core'] = None\n"
        "import autograd; x = autograd.Value(3.0); (x * x).backward()\n"
        "print(autograd.backend, x.grad)"
    )
    environment = {k: v for k, v in os.environ.items() if k != "AUTOGRAD_PURE"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout == "pure 6.0\n"


def test_copies_of_what_is_in_the_memo_are_not_made_again() -> None:
    x = twin.Value(2.0)
    y = x * x
    memo: dict[int, Any] = {}
    again = copy.deepcopy([y, y * x], memo)
    assert again[1].parents[0] is again[0]
    assert again[1].parents[1] is again[0].parents[0]


def test_where_no_core_was_built_the_reason_is_told() -> None:
    code = (
        "import sys\n"
        "class Missing:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'autograd.core._core':\n"
        "            raise ModuleNotFoundError(name, name=name)\n"
        "sys.meta_path.insert(0, Missing())\n"
        "from autograd import engine\n"
        "print(engine.backend, engine.backend_reason)"
    )
    environment = {k: v for k, v in os.environ.items() if k != "AUTOGRAD_PURE"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.startswith("pure no compiled core was built")


def test_a_refusal_that_the_pure_engine_does_not_share_is_a_fault_of_the_core() -> None:
    with pytest.raises(TypeError):
        twin.refuse_arguments("constant", (), None)
    with pytest.raises(SystemError, match="refuses what the pure engine takes"):
        twin.refuse_arguments("constant", (2.0,), None)


def test_too_few_arguments_are_refused_by_the_pure_engine_too() -> None:
    with pytest.raises(TypeError, match="multiply"):
        Primitive._interpret(autograd.table()["multiply"], (2.0,))
    code = "import autograd; autograd.multiply(2.0)"
    environment = {**os.environ, "AUTOGRAD_PURE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environment
    )
    assert "TypeError: multiply" in done.stderr
