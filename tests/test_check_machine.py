"""The state machine: our engine passes it, and planted bugs in a small one are found."""

import copy
import math
import subprocess
import sys

import pytest

pytest.importorskip("hypothesis")

from hypothesis import Phase, settings  # after the skip
from hypothesis.stateful import run_state_machine_as_test

from autograd import Value
from autograd.check.machine import GraphMachine, _takes_cotangent, machine

# without the phase that explains: it runs a failure many more times
SETTINGS = settings(
    max_examples=200, stateful_step_count=20, deadline=None, derandomize=True, database=None,
    phases=[Phase.generate, Phase.shrink], report_multiple_bugs=False,
)  # fmt: skip


class Toy:
    """An engine of thirty lines, as people write them; right in all that the machine tries."""

    def __init__(self, data, parents=(), partials=()):
        self._data, self.grad, self.parents, self.partials = data, 0.0, parents, partials
        self.version = 0
        self.seen = [parent.version for parent in parents]

    @property
    def data(self):
        return self._data

    @data.setter
    def data(self, new):
        self._data = new
        self.version += 1

    def __add__(self, other):
        other = self.lifted(other)
        return type(self)(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = self.lifted(other)
        return type(self)(self.data * other.data, (self, other), (other.data, self.data))

    __radd__, __rmul__ = __add__, __mul__

    def tanh(self):
        t = math.tanh(self.data)
        return type(self)(t, (self,), (1.0 - t * t,))

    def lifted(self, x):
        return x if isinstance(x, Toy) else type(self)(x)

    def detach(self):
        return type(self)(self.data)

    def order(self):
        """Every node once, parents before children."""
        found = {}

        def visit(node):
            if node not in found:
                for parent in node.parents:
                    visit(parent)
                found[node] = None

        visit(self)
        return list(found)

    def backward(self):
        order = self.order()
        for node in order:
            if node.seen != [parent.version for parent in node.parents]:
                raise RuntimeError("a leaf was assigned")
        for node in order:
            if node.parents:
                node.grad = 0.0
        self.grad += 1.0
        for node in reversed(order):
            self.send(node)

    def send(self, node):
        for parent, partial in zip(node.parents, node.partials, strict=True):
            parent.grad += partial * node.grad


def tried(kind, count=200, **options):
    run_state_machine_as_test(
        machine(kind, **options), settings=settings(SETTINGS, max_examples=count)
    )


def program(error):
    """The program in a failure's message: its lines, and what they show."""
    return [line.strip() for line in str(error).splitlines() if line.startswith("    ")]


def test_the_toy_is_right():
    tried(Toy, 40)


class Overwrites(Toy):
    def send(self, node):
        for parent, partial in zip(node.parents, node.partials, strict=True):
            parent.grad = partial * node.grad


class BreadthFirst(Toy):
    """Right on trees and on diamonds whose arms are of one length."""

    def order(self):
        found = [self]
        for node in found:
            found += [parent for parent in dict.fromkeys(node.parents) if parent not in found]
        return found[::-1]


class KeepsStaleGradients(Toy):
    def backward(self):
        kept = {node: node.grad for node in self.order() if node.parents and node is not self}
        super().backward()
        for node, grad in kept.items():
            node.grad += grad


class AddsUpInside(Toy):
    """micrograd's: what an earlier pass left in the nodes between is sent down again."""

    def backward(self):
        self.grad = 1.0
        for node in reversed(self.order()):
            self.send(node)


class UsesTodaysData(Toy):
    """Its partials are looked up when they are needed."""

    def backward(self):
        for node in self.order():
            node.seen = [parent.version for parent in node.parents]
            if len(node.partials) == 2 and node.partials != (1.0, 1.0):
                node.partials = (node.parents[1].data, node.parents[0].data)
        super().backward()


class ForgetsTheSecond(Toy):
    def __mul__(self, other):
        product = super().__mul__(other)
        if product.parents[0] is product.parents[1]:
            product.partials = (product.partials[0], 0.0)
        return product

    __rmul__ = __mul__


class WrongTanh(Toy):
    def tanh(self):
        y = super().tanh()
        y.partials = (1.0 - y.data,)
        return y


class LeaksThroughDetach(Toy):
    def detach(self):
        return type(self)(self.data, (self,), (1.0,))


class SharesItsCopies(Toy):
    def __deepcopy__(self, memo):
        return copy.copy(self)


class NoNumbers(Toy):
    def lifted(self, x):
        return x


@pytest.mark.parametrize(("kind", "longest"), [
    (Overwrites, 5), (BreadthFirst, 7), (UsesTodaysData, 5),
    *[pytest.param(*case, marks=pytest.mark.slow) for case in (
        (KeepsStaleGradients, 6), (AddsUpInside, 5), (ForgetsTheSecond, 4), (WrongTanh, 4),
        (LeaksThroughDetach, 5), (SharesItsCopies, 5),
    )],
])  # fmt: skip
def test_a_planted_bug_is_found_by_a_short_program(kind, longest):
    with pytest.raises(AssertionError, match="it should be") as caught:
        tried(kind)
    lines = program(caught.value)
    assert len(lines) <= longest, str(caught.value)
    assert lines[0].startswith(f"a = {kind.__name__}(")


def test_the_program_can_be_pasted():
    with pytest.raises(AssertionError) as caught:
        tried(Overwrites)
    names = {"Overwrites": Overwrites, "copy": copy}
    exec("\n".join(program(caught.value)), names)  # our own text: it is what a user pastes
    head = str(caught.value).splitlines()[0]
    name, found = head.split(".grad is ")
    assert names[name].grad == float(found.split(",")[0])


def test_an_engines_own_exception_shows_the_program():
    with pytest.raises(AttributeError) as caught:
        tried(NoNumbers)
    assert "raised by the last line of" in caught.value.__notes__[0]


@pytest.mark.parametrize(("kind", "without"), [
    (AddsUpInside, ["again"]), (UsesTodaysData, ["assign"]), (NoNumbers, ["numbers"]),
    (WrongTanh, ["tanh"]), (LeaksThroughDetach, ["detach"]), (SharesItsCopies, ["copy"]),
])  # fmt: skip
def test_what_an_engine_does_not_promise_can_be_left_out(kind, without):
    tried(kind, 20, without=without)


def test_what_nobody_has_cannot_be_left_out():
    with pytest.raises(ValueError, match="without has 'sideways': choose from"):
        machine(Toy, without=["sideways"])
    with pytest.raises(TypeError, match="give a list"):
        machine(Toy, without="again")


def test_micrograd_as_it_promises():
    micrograd = pytest.importorskip("micrograd.engine")
    tried(micrograd.Value, 60, without=["again", "assign", "copy"])
    with pytest.raises(AssertionError, match="it should be"):
        tried(micrograd.Value)


def test_a_function_that_makes_leaves_will_do():
    def leaf(x):
        return Value(x)

    assert issubclass(machine(leaf), GraphMachine)
    assert machine(leaf).__name__ == "MachineOfleaf"
    tried(leaf, 20)


# What is rare


class RefusesCopies(Toy):
    def __deepcopy__(self, memo):
        raise TypeError("a graph is not copied")


class SaysReached(Toy):
    reached = True


def test_an_engine_may_refuse_copies_and_have_few_operations():
    tried(RefusesCopies, 20)
    tried(Toy, 20, without=["zero", "numbers", "__add__", "__mul__"])


def test_reached_without_a_gradient_is_a_bug():
    with pytest.raises(AssertionError, match="reached is True"):
        tried(SaysReached, 20)


def test_what_is_too_large_is_not_done_and_sigmoid_has_a_model():
    trial = machine(Toy)()
    a = GraphMachine.leaf(trial, 3.0)
    GraphMachine.binary(trial, "__mul__", a, 1e6, False)
    assert trial.nodes == [a]
    ours = machine(Value)()
    b = GraphMachine.unary(ours, "sigmoid", GraphMachine.leaf(ours, 0.0))
    assert (b.data, b.parts[0][1]) == (0.5, 0.25)
    ours.teardown()


def test_a_backward_without_a_signature_takes_no_cotangent():
    class Opaque(Toy):
        backward = type

    assert not _takes_cotangent(Opaque, frozenset())
    assert _takes_cotangent(Value, frozenset())


@pytest.mark.parametrize("room", ["machine", "strategies"])
def test_without_hypothesis_the_error_says_what_to_install(room):
    code = f"import sys; sys.modules['hypothesis'] = None\nimport autograd.check.{room}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "pip install 'scalar-autograd[check]'" in done.stderr.splitlines()[-1]
