"""What rows say beside their numbers, against `rows.csv`, which people have read.

How a row is written, where it is defined and how it takes its arguments is a choice that no oracle
knows: the file keeps what was chosen, so that a change is seen. `python tests/test_table.py` prints
the lines as they are now.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from autograd.row import Domain, Primitive, table
from autograd.symbol import Symbol

FILE = Path(__file__).with_name("rows.csv")
HEAD = ["name", "symbol", "text", "latex", "c", "domain", "takes"]


def _interval(domain: Domain) -> str:
    left, right = "()" if domain.open else "[]"
    edges = " ".join(f"{edge:g}" for edge in domain.edges)
    return f"{left}{domain.low:g} {domain.high:g}{right}" + (f" at {edges}" if edges else "")


def line(row: Primitive) -> list[str]:
    """A row of the table as a line of the file."""
    written = row(*[Symbol(name) for name in ("x", "z", "w")[: row.arity]])
    takes = [name for name in ("nary", "selects", "conditional") if getattr(row, name)]
    takes += [f"default {x:g}" for x in row.defaults]
    takes += [f"chosen at {' '.join(map(str, at))}" for at in row.chosen]
    takes += ["plain"] if row.plain else []
    domain = "; ".join(_interval(one) for one in row.domain)
    return [row.name, row.symbol, str(written), written.latex(), row.c, domain, ", ".join(takes)]


def agreed() -> dict[str, list[str]]:
    if __name__ == "__main__":
        return {}
    with FILE.open(newline="", encoding="utf-8") as lines:
        head, *rest = csv.reader(lines)
    assert head == HEAD
    return {one[0]: one for one in rest}


AGREED = agreed()


def test_the_file_is_whole() -> None:
    assert list(table()) == list(AGREED)


@pytest.mark.parametrize("name", AGREED)
def test_every_row_says_what_was_agreed(name: str) -> None:
    assert line(table()[name]) == AGREED[name]


if __name__ == "__main__":
    import sys

    csv.writer(sys.stdout, lineterminator="\n").writerows(
        [HEAD, *[line(row) for row in table().values()]]
    )
