"""The targets by name."""

from tests.fuzz import expressions, readers, writers
from tests.fuzz.target import Target

TARGETS: dict[str, Target] = {
    "expression": expressions.TEXT,
    "formula": expressions.WRITTEN,
    "assignment": expressions.ASSIGNMENT,
    "csv": readers.CSV,
    "model": readers.MODEL,
    "header": readers.MODEL_PARTS,
    "dot": writers.DOT,
    "page": writers.PAGE,
    "steps": writers.STEP_PAGE,
    "report": writers.REPORT,
    "text": writers.TEXTS,
}
