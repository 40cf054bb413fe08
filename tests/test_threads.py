"""Threads that build and differentiate at once lose nothing and see nothing of each other."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from programs import everything

import autograd as ag
from autograd import Value

PROGRAM = [(2, 0, 1), (5, 2, 0), (12, 3, 2), (13, 4, 1), (9, 5, 4), (0, 6, 5), (3, 7, 2)]
THREADS, ROUNDS = 8, 30


@pytest.fixture(autouse=True)
def switch_often() -> Iterator[None]:
    """Threads change every few bytecodes, so that a race has its chance."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def together(work: Callable[[int], Any]) -> list[Any]:
    start = threading.Barrier(THREADS)

    def one(i: int) -> Any:
        start.wait(30)
        return work(i)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, range(THREADS)))


def f(x: Any, z: Any) -> Any:
    return everything(PROGRAM, [x, z])


def test_transforms_touch_no_shared_state() -> None:
    """Gradients, jvps and Hessians at shared Values are each thread's own."""
    w = Value(0.3)

    def all_of_them() -> tuple[Any, ...]:
        return (
            ag.grad(f)(0.3, 0.4),
            ag.hessian(f, (0, 1))(0.3, 0.4),
            ag.taylor(lambda t: f(t, 0.4), 0.3, 4),
        )

    alone = all_of_them()
    shared = ag.grad(lambda x: f(x, w))(0.5)

    def work(i: int) -> bool:
        good = True
        for _ in range(ROUNDS // 5):
            good &= all_of_them() == alone
            good &= ag.grad(lambda x: f(x, w))(0.5) == shared
        return good

    assert all(together(work))
    assert not w.reached


def test_graphs_of_threads_are_their_own() -> None:
    def work(i: int) -> list[float]:
        out = []
        for _ in range(ROUNDS):
            x, z = Value(0.1 * i), Value(0.4)
            f(x, z).backward()
            out += [x.grad, z.grad]
        return out

    for i, got in enumerate(together(work)):
        x, z = Value(0.1 * i), Value(0.4)
        f(x, z).backward()
        assert got == [x.grad, z.grad] * ROUNDS


def test_no_gradient_is_lost_on_shared_leaves() -> None:
    """Threads that add to the same parameters: every contribution arrives."""
    params = [Value(1.0) for _ in range(20)]

    def work(i: int) -> None:
        for _ in range(ROUNDS):
            ag.sum([p * 1.0 for p in params]).backward()

    together(work)
    assert [p.grad for p in params] == [float(THREADS * ROUNDS)] * len(params)


def test_a_shared_graph_is_read_by_all() -> None:
    leaves = [Value(0.3), Value(0.4)]
    y = f(*leaves)
    size = len(ag.Graph(y))

    def work(i: int) -> bool:
        good = True
        for _ in range(ROUNDS):
            z = y * float(i + 1)
            good &= len(ag.Graph(z)) == size + 2
        return good

    assert all(together(work))


def test_modes_stay_in_their_thread() -> None:
    x = Value(2.0)

    def work(i: int) -> bool:
        good = True
        for _ in range(ROUNDS):
            if i % 2:
                with ag.no_grad(), ag.scope(str(i)):
                    good &= (x * x).constant
            else:
                y = x * x
                good &= y.parents == (x, x) and y.scope == ()
        return good

    assert all(together(work))
