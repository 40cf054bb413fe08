"""The list of mutants that no test can kill, each with the reason, in `equivalents.txt`.

The file has one paragraph a reason: `why: ...`, then for each mutant three lines, the file and
where in it, `- ` what stands there and `+ ` what mutmut makes of it. Line numbers are not kept,
because they move; a line that is edited leaves the list.
"""

from __future__ import annotations

from pathlib import Path

LIST = Path(__file__).with_name("equivalents.txt")

Key = tuple[str, str, str, str]


def read() -> dict[Key, str]:
    """Every mutant on the list, with its reason."""
    found: dict[Key, str] = {}
    why, at, old = "", ("", ""), ""
    for line in LIST.read_text(encoding="utf-8").splitlines():
        text = line.strip()
        if text.startswith("why: "):
            why = text.removeprefix("why: ")
        elif line.startswith("    - "):
            old = line[6:]
        elif line.startswith("    + "):
            found[(*at, old, line[6:])] = why
        elif text and not text.startswith("#"):
            path, _, where = text.partition("  ")
            at = (path, where)
    return found
