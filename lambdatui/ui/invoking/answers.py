"""What came back, in a few words, and held against what its event expects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lambdatui.model.expectation import unmet
from lambdatui.model.json_diff import Difference
from lambdatui.model.json_value import read
from lambdatui.model.readable import readable
from lambdatui.model.text import duration, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lambdatui.model.invocations import Outcome
    from lambdatui.model.saved_events import SavedEvent


def missed(event: SavedEvent | None, response: bytes) -> Sequence[Difference] | None:
    """Where a response is not what the event expects; None where it expects nothing."""
    if event is None or not event.has_expect:
        return None
    try:
        got = read(visible(response.decode()))
    except ValueError:
        return [Difference("$", "changed", event.expect, readable(response)[:200])]
    return unmet(event.expect, got)


def summary(outcome: Outcome) -> str:
    """An outcome in a few words."""
    if not outcome.succeeded:
        word = (
            f"the function failed ({outcome.error_type or outcome.function_error})"
            if outcome.function_error
            else "not accepted"
        )
    else:
        word = outcome.verdict
    return f"{word}, status {outcome.status}, {duration(outcome.elapsed)}, version {outcome.executed_version or '–'}"
