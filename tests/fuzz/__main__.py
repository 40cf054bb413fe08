"""Fuzz everything, or what is named.

python -m tests.fuzz                      # every target, a million inputs each
python -m tests.fuzz csv dot              # two of them
python -m tests.fuzz csv --runs 20000     # quicker
python -m tests.fuzz --list               # what there is
python -m tests.fuzz csv --input FILE     # one input again, as a failure left it

Needs atheris (Linux; pip install 'scalar-autograd[fuzz]'). The exit code is 1 if a target failed;
the input that made it fail is then a file in this folder, named crash-, timeout- or oom-.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
SECONDS = 10
"""An input that takes longer is a failure."""

MEGABYTES = 2048
"""So is one that takes more memory."""


def main(words: list[str]) -> int:
    """The command; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz",
        description=__doc__,
        formatter_class=argparse.RawTextHelpFormatter,
    )
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="by default all")
    parser.add_argument("--runs", type=int, default=1_000_000, help="inputs for each target")
    parser.add_argument("--seed", type=int, default=1, help="of the fuzzer")
    parser.add_argument("--list", action="store_true", help="tell the targets and stop")
    parser.add_argument("--input", type=Path, metavar="FILE", help="run this one input")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args(words)
    if arguments.inside:
        return fuzz(arguments.targets[0], arguments.runs, arguments.seed)

    from tests.fuzz.targets import TARGETS

    unknown = [name for name in arguments.targets if name not in TARGETS]
    if unknown:
        parser.error(f"no target is named {unknown[0]!r}: choose from {', '.join(TARGETS)}")
    if arguments.list:
        for name, target in TARGETS.items():
            print(f"{name:<12} {(target.run.__doc__ or '').splitlines()[0]}")
        return 0
    if arguments.input is not None:
        if len(arguments.targets) != 1:
            parser.error("--input is for one target: name it")
        target = TARGETS[arguments.targets[0]]
        with target.around():
            target.run(arguments.input.read_bytes())
        return 0
    failed = [
        name
        for name in arguments.targets or TARGETS
        if not fuzzed(name, arguments.runs, arguments.seed)
    ]
    print(f"failed: {', '.join(failed)}" if failed else "nothing but what is documented")
    return 1 if failed else 0


def fuzzed(name: str, runs: int, seed: int) -> bool:
    """Run one target in a process of its own and tell how it went: a fuzzer ends its process."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "tests.fuzz", "--inside", name]
    done = subprocess.run(
        [*command, "--runs", str(runs), "--seed", str(seed)],
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        check=False,
    )
    seconds = time.perf_counter() - start
    told = re.search(r"Done (\d+) runs", done.stderr)
    covered = re.findall(r"\bcov: (\d+)", done.stderr)
    if done.returncode or told is None:
        print(f"{name:<12} FAILED\n{done.stderr[-4000:]}", flush=True)
        return False
    count = int(told[1])
    print(
        f"{name:<12} {count:>9,} inputs {seconds:>7.0f} s {count / seconds:>7.0f}/s"
        f"   {covered[-1] if covered else '?'} branches reached",
        flush=True,
    )
    return True


def fuzz(name: str, runs: int, seed: int) -> int:
    """Fuzz one target in this process; it ends with it."""
    try:
        import atheris
    except ImportError:
        print("fuzzing needs atheris: pip install 'scalar-autograd[fuzz]'", file=sys.stderr)
        return 2
    with atheris.instrument_imports(include=["autograd", "nn"], enable_loader_override=False):
        from tests.fuzz.targets import TARGETS
    target = TARGETS[name]

    with tempfile.TemporaryDirectory(prefix="fuzz-corpus-") as place, target.around():
        folder = Path(place)
        corpus = folder / "corpus"
        corpus.mkdir()
        for i, seed_input in enumerate(target.seeds):
            (corpus / f"{i:03}").write_bytes(seed_input)
        words = folder / "words"
        words.write_text("".join([f'"{quoted(word)}"\n' for word in target.words]))
        options = [
            f"-runs={runs}",
            f"-seed={seed}",
            f"-max_len={target.longest}",
            f"-timeout={SECONDS}",
            f"-rss_limit_mb={MEGABYTES}",
            f"-artifact_prefix={HERE}{os.sep}",
        ]
        if target.words:
            options.append(f"-dict={words}")
        atheris.Setup([name, str(corpus), *options], target.run)
        atheris.Fuzz()
    return 0


def quoted(word: str) -> str:
    """A word as libFuzzer's dictionaries write it."""
    raw = word.encode("utf-8", "surrogateescape")
    return "".join([chr(b) if 32 <= b < 127 and b not in b'"\\' else f"\\x{b:02x}" for b in raw])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
