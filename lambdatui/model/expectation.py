"""Whether a response is what a saved event expects."""

from __future__ import annotations

from lambdatui.model.json_diff import Difference, brief, unmatched
from lambdatui.model.json_value import Value


def unmet(expected: Value, got: Value, most: int = 50) -> list[Difference]:
    """Where a value is not what was expected, in its order, at most so many.

    Of objects the members that are named must match, and others may be there; lists must have the same length and
    match item by item, by the same rule; all else must be equal, numbers by value. `before` is what was expected, and
    "removed" means that it is not there.
    """
    return unmatched(expected, got, most)


def sentence(difference: Difference) -> str:
    """What `unmet()` has found, in a sentence: "$.total: expected 5, got 7"."""
    expected, got = brief(difference)
    return f"{difference.path}: expected {expected or 'nothing'}, got {got or 'nothing'}"
