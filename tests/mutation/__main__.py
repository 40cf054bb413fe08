"""The command: mutants of the table, the engine and the checks, and the tests that kill them.

    python -m tests.mutation                      # all, some 18,000
    python -m tests.mutation reverse value        # some files

Everything is imported and every test run once, to see which lines it runs and how long it takes.
Then each mutant gets a process of its own, forked from that one: the changed function gets its new
code, and the tests that run its lines are run, those that killed its neighbours first and then the
fastest, until one fails. What changes the import of a module is imported anew, in a process forked
before `autograd` was imported.

It prints what survived, and fails if that is more than 3% or not on the list of equivalents.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import pickle
import re
import resource
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from . import equivalents, mutants
from .mutants import Mutant

FILES = [
    "primitives", "ieee", "special", "row", "value", "reverse", "graph", "modes", "forward",
    "series", "transforms", "functions", "define", "tree", "check/frameworks", "check/grads",
    "check/judge", "check/numeric", "check/oracles", "check/plugin", "check/problems",
    "check/report", "check/strategies", "check/machine",
]  # fmt: skip
TESTED = [
    "edges", "table", "special", "rules", "accuracy", "symbol", "value", "laws", "reverse", "graph",
    "graphs", "modes", "forward", "transforms", "define", "protocol", "micrograd", "arrays",
    "threads", "core", "nn_optimizers", "check", "check_frameworks", "check_numeric", "check_oracles",
    "check_plugin", "check_strategies", "check_machine",
]  # fmt: skip
TESTS = [*[f"tests/test_{name}.py" for name in TESTED], *[f"autograd/{name}.py" for name in FILES]]
LEAVE_OUT = (
    "torch or jax or moons or notebook or another_process or deep_chain or wide_node or shrinks_to"
)
"""Tests that start a Python of their own, which has no mutant in it, or take seconds."""

Outcome = tuple[str, str]  # "killed", "survived" or "import", and the test that killed


def pool(jobs: Iterable[tuple[Any, Callable[[], Any]]], workers: int) -> Iterator[tuple[Any, Any]]:
    """Run each job in a fork of this process; gives its name and answer, None if it died."""
    waiting: dict[int, tuple[Any, int]] = {}
    jobs = iter(jobs)
    more = True
    while more or waiting:
        while more and len(waiting) < workers:
            try:
                name, job = next(jobs)
            except StopIteration:
                more = False
                break
            sys.stdout.flush()
            reading, writing = os.pipe()
            pid = os.fork()
            if pid == 0:
                _child(job, writing)
            os.close(writing)
            waiting[reading] = (name, pid)
        if waiting:
            import select

            for reading in select.select(list(waiting), [], [])[0]:
                name, pid = waiting.pop(reading)
                with os.fdopen(reading, "rb") as answer:
                    told = answer.read()
                os.waitpid(pid, 0)
                answered = pickle.loads(told) if told else None
                if isinstance(answered, BaseException):
                    raise RuntimeError(
                        f"the job {name} failed, and no mutant is to blame"
                    ) from answered
                yield name, answered


def _child(job: Callable[[], Any], writing: int) -> None:
    try:
        told = job()
    except Exception as error:
        told = error
    with os.fdopen(writing, "wb") as answer:
        answer.write(pickle.dumps(told))
    os._exit(0)


def confine(seconds: float) -> None:
    """From here on so much time of the processor at most, and an end to all memory and output."""
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.alarm(int(20 * seconds) + 60)


def silence() -> None:
    """What a mutant prints, or takes of memory, is nobody's business."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)
    with contextlib.suppress(ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (6 * 2**30, resource.RLIM_INFINITY))


def run_tests(items: Sequence[Any], seconds: Callable[[Any], float]) -> str:
    """The name of the first test that fails, or nothing."""
    from _pytest.runner import runtestprotocol

    for item in items:
        confine(seconds(item))
        names = getattr(getattr(item, "dtest", None), "globs", {})
        kept = dict(names)
        reports = runtestprotocol(item, log=False, nextitem=None)
        names.update(kept)  # doctest clears them, and could not be run again
        if any(report.failed for report in reports):
            return str(item.nodeid)
    return ""


class Session:
    """A pytest session in which every mutant that needs no import is tried.

    Its answers: `outcomes`, one for each mutant, and `times`, of the tests.
    """

    def __init__(self, todo: list[Mutant], options: argparse.Namespace) -> None:
        self.todo, self.options, self.limit = todo, options, options.limit
        self.outcomes: dict[Mutant, Outcome] = {}
        self.times: dict[str, float] = {}
        self.killers: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self.ran: set[Any] = set()
        self.files = {str(Path(f"autograd/{name}.py").resolve()) for name in FILES}
        sys.setprofile(self._see)

    def _see(self, frame: Any, event: str, arg: Any) -> None:
        if event == "call" and frame.f_code.co_filename in self.files:
            self.ran.add(frame.f_code)

    def pytest_runtestloop(self, session: Any) -> bool:
        import coverage

        sys.setprofile(None)
        self.ran = {mutants.place(code) for code in self.ran}
        watch = coverage.Coverage(data_file=None, include=list(self.files), config_file=False)
        watch.start()
        self.items = {}
        for item in session.items:
            watch.switch_context(item.nodeid)
            start = time.process_time()
            failed = run_tests([item], lambda item: 1000.0)
            self.times[item.nodeid] = time.process_time() - start
            if failed:
                print("fails without a mutant, and is left out:", item.nodeid)
            else:
                self.items[item.nodeid] = item
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.alarm(0)
        watch.stop()
        print(
            f"{len(self.items)} tests in {sum(self.times.values()):.0f} s, {spent():.0f}",
            flush=True,
        )
        data = watch.get_data()
        self.lines = {file: data.contexts_by_lineno(file) for file in data.measured_files()}
        self.functions = mutants.living(self.files)
        import gc

        gc.collect()
        gc.freeze()
        jobs = ((mutant, lambda mutant=mutant: self.attempt(mutant)) for mutant in self.todo)
        for n, (mutant, outcome) in enumerate(pool(jobs, self.options.workers)):
            self.outcomes[mutant] = outcome = outcome or ("killed", "")
            if outcome[0] == "survived":
                print(f"survived: {mutant}", flush=True)
            if outcome[1]:
                self.killers[mutant.path, mutant.where][outcome[1]] += 1
            if n % 100 == 99:
                print(
                    n + 1,
                    dict(Counter(kind for kind, _ in self.outcomes.values())),
                    f"{spent():.0f} s",
                    flush=True,
                )
        ((_, failed),) = pool([("control", self.control)], 1)
        if failed != "":
            raise RuntimeError(f"{failed} fails without a mutant: what it killed doesn't count")
        return True

    def attempt(self, mutant: Mutant) -> Outcome:
        """In a process of its own."""
        silence()
        chosen = [self.items[name] for name in self.order(mutant)]
        try:
            mutants.patch(mutant, self.functions, self.ran)
        except mutants.NeedsImportError:
            return ("import", "")
        except mutants.CantBeMadeError:
            return ("killed", "")
        failed = self.first_failure(chosen)
        return ("killed", failed) if failed else ("survived", "")

    def first_failure(self, chosen: list[Any]) -> str:
        """The test that fails, or nothing."""
        try:
            return run_tests(chosen, lambda item: 2.0 + 10.0 * self.times[item.nodeid])
        except Exception as error:  # a mutant of our pytest plugin breaks pytest
            return repr(error)

    def control(self) -> str:
        """In a process without a mutant, every test that killed one: nothing may fail."""
        silence()
        names = {name for killers in self.killers.values() for name in killers} & self.items.keys()
        return self.first_failure([self.items[name] for name in sorted(names)])

    def order(self, mutant: Mutant) -> list[str]:
        """The tests that run the mutant's lines: its neighbours' killers, then the fastest.

        A constant's lines are those that speak of it; a row's tests may carry its name.
        """
        numbers = set(range(mutant.first, mutant.last + 1))
        for name in mutant.constants():
            speaking = re.compile(rf"\b{name}\b").search
            text = Path(mutant.path).read_text(encoding="utf-8").splitlines()
            numbers |= {n for n, line in enumerate(text, 1) if speaking(line)}
        lines = self.lines.get(str(Path(mutant.path).resolve()), {})
        names = {name for n in numbers for name in lines.get(n, ())}
        names |= {name for name in self.items if f"[{mutant.where}]" in name}
        return arrange(names & self.items.keys(), self.killers[mutant.path, mutant.where], self)


def arrange(names: Iterable[str], killers: Counter[str], session: Any) -> list[str]:
    """The five best killers, then the fastest first, as far as the time for a mutant goes."""
    names = sorted(names, key=lambda name: (session.times[name], name))
    best = {name: k for k, (name, _) in enumerate(killers.most_common(5))}
    names.sort(key=lambda name: best.get(name, 5))
    spent, chosen = 0.0, []
    for name in names:
        spent += session.times[name]
        if spent < session.limit:
            chosen.append(name)
    return chosen


class AtImport:
    """A pytest session in a process whose `autograd` is the mutant."""

    def __init__(self, mutant: Mutant, session: Any) -> None:
        self.mutant, self.session, self.failed = mutant, session, ""

    def pytest_runtestloop(self, session: Any) -> bool:
        items = {item.nodeid: item for item in session.items}
        times = self.session.times
        known = [name for name in items if name in times]
        first = [name for name in known if f"[{self.mutant.where}]" in name]
        killers = self.session.killers[self.mutant.path, ""]
        ordered = dict.fromkeys(
            [*arrange(first, Counter(), self.session), *arrange(known, killers, self.session)]
        )
        self.failed = run_tests(
            [items[name] for name in ordered], lambda item: 4.0 + 10.0 * times[item.nodeid]
        )
        return True


def import_and_attempt(mutant: Mutant, session: Any) -> Outcome:
    """In a process of its own, which has not imported `autograd` yet."""
    import pytest

    silence()
    confine(60.0)
    name = mutant.path.removesuffix(".py").replace("/", ".")
    sys.meta_path.insert(0, _Finder(name, mutant))
    small = ["tests/test_edges.py", "tests/test_symbol.py", mutant.path]
    for tests in (small, session.tests):
        run = AtImport(mutant, session)
        code = pytest.main([*ARGUMENTS, *tests], plugins=[run])
        if run.failed or code not in (0, 5):
            return ("killed", run.failed)
    return ("survived", "")


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, name: str, mutant: Mutant) -> None:
        self.name, self.mutant = name, mutant

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        if name != self.name:
            return None
        source = self.mutant.source()

        class Loader(importlib.machinery.SourceFileLoader):
            def get_code(self, fullname: str) -> Any:
                return compile(source, self.path, "exec", dont_inherit=True)

        file = str(Path(self.mutant.path).resolve())
        return importlib.util.spec_from_file_location(name, file, loader=Loader(name, file))


ARGUMENTS = ["-q", "-s", "--no-header", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:xdist",
    "-p", "no:cov", "-p", "no:run-parallel", "-p", "no:logging", "-k", f"not ({LEAVE_OUT})"]  # fmt: skip


def in_one_session(todo: list[Mutant], options: argparse.Namespace) -> Any:
    """In a process of its own, which imports `autograd` as it is."""
    import pytest

    session = Session(todo, options)
    if (
        pytest.main([*ARGUMENTS, *options.tests], plugins=[session])
        == pytest.ExitCode.INTERNAL_ERROR
    ):
        raise RuntimeError("the session broke off: see above")
    return session.outcomes, session.times, session.killers


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; 0 if at least 97% were killed and all others are on the list of equivalents."""
    parser = argparse.ArgumentParser("python -m tests.mutation", description=__doc__.split("\n")[0])
    parser.add_argument(
        "files", nargs="*", default=FILES, metavar="FILE", help="such as reverse, check/judge"
    )
    parser.add_argument(
        "--all", action="store_true", help="try those on the list of equivalents, too"
    )
    parser.add_argument("--workers", type=int, default=2, help="processes at a time")
    parser.add_argument("--tests", nargs="+", default=TESTS, help="only these tests")
    parser.add_argument("--limit", type=float, default=60.0, help="seconds of tests for one mutant")
    parser.add_argument("--again", type=Path, help="only those of a file that --found wrote")
    parser.add_argument("--found", type=Path, help="where to write the survivors")
    options = parser.parse_args(arguments)
    start = time.perf_counter()
    listed = equivalents.read()
    every = [m for name in options.files or FILES for m in mutants.mutants(f"autograd/{name}.py")]
    if options.again:
        keys = {tuple(key) for key in json.loads(options.again.read_text())}
        every = [m for m in every if m.key in keys]
    todo = [m for m in every if options.all or m.key not in listed]
    print(
        f"{len(every)} mutants, {len(every) - len(todo)} of them on the list of equivalents",
        flush=True,
    )
    os.environ |= {"AUTOGRAD_PURE": "1", "HYPOTHESIS_PROFILE": "mutation"}
    sys.modules |= dict.fromkeys(("torch", "jax", "micrograd"))  # type: ignore[arg-type]
    for heavy in ("hypothesis.stateful", "hypothesis.strategies", "mpmath", "numpy", "pytest"):
        importlib.import_module(heavy)
    session = options  # what the second part knows from the first
    ((_, answer),) = pool([("", lambda: in_one_session(todo, options))], 1)
    if answer is None:
        return 2
    outcomes, session.times, session.killers = answer
    later = [m for m in todo if outcomes.get(m, ("import", ""))[0] == "import"]
    print(f"{len(later)} need an import", flush=True)
    jobs = ((m, lambda m=m: import_and_attempt(m, options)) for m in later)
    for mutant, outcome in pool(jobs, options.workers):
        outcomes[mutant] = outcome = outcome or ("killed", "")
        if outcome[0] == "survived":
            print(f"survived: {mutant}", flush=True)
        if outcome[1]:
            session.killers[mutant.path, ""][outcome[1]] += 1
    return told(every, todo, outcomes, options, start)


def spent() -> float:
    """Seconds of the processor, for this process and all that it waited for."""
    both = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
    return sum(sum(resource.getrusage(who)[:2]) for who in both)


def told(
    every: list[Mutant],
    todo: list[Mutant],
    outcomes: dict[Mutant, Outcome],
    options: Any,
    start: float,
) -> int:
    """Print what came out; 0 if it is enough."""
    survived = [m for m in todo if outcomes[m][0] == "survived"]
    stale = equivalents.read().keys() & {m.key for m in todo if m not in survived}
    for key in sorted(stale):
        print("killed, though on the list of equivalents:", *key)
    if options.found:
        options.found.write_text(json.dumps([m.key for m in survived]))
    if os.environ.get("MUTATION_OUTCOMES"):
        Path(os.environ["MUTATION_OUTCOMES"]).write_bytes(pickle.dumps(outcomes))
    killed = len(todo) - len(survived)
    minutes = (time.perf_counter() - start) / 60.0
    print(
        f"{len(every)} mutants: {killed} killed ({100.0 * killed / len(every):.2f}%), {len(survived)}"
        f" survived, {len(every) - len(todo)} are equivalents; {minutes:.1f} minutes, {spent():.0f} s"
        " of the processor"
    )
    return 0 if not survived and not stale and killed >= 0.97 * len(every) else 1


if __name__ == "__main__":
    sys.exit(main())
