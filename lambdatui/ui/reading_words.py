"""How the reading of metrics goes, in the words of the status lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lambdatui.aws.metric_reader import Reader


def reading_words(reader: Reader) -> Iterator[str]:
    """Why nothing newer has come for now."""
    if reader.asking.trying:
        yield f"asking CloudWatch, {reader.asking.trying}"
    if reader.paused:
        yield "not refreshed: no key was pressed for long"
    if reader.habits.every is None:
        yield "refreshed by r only"
