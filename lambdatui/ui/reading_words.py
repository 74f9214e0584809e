"""How the reading of metrics goes, in the words of the status lines."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdatui.model.errors import Denied, Throttled

if TYPE_CHECKING:
    from lambdatui.aws.metric_reader import Reader
    from lambdatui.model.errors import AwsError


def reading_words(reader: Reader) -> Iterator[str]:
    """Why nothing newer has come for now."""
    if reader.asking.trying:
        yield f"asking CloudWatch, {reader.asking.trying}"
    if reader.paused:
        yield "not refreshed: no key was pressed for long"
    if reader.habits.every is None:
        yield "refreshed by r only"


def cost_words(reader: Reader, what: str = "metrics") -> Iterator[str]:
    """What this session has asked of CloudWatch has cost at most; nothing where it has asked nothing."""
    dollars = reader.asking.dollars
    if dollars:
        cents = math.ceil(round(dollars * 100, 6))
        yield f"{what} have cost {'less than' if dollars < 0.01 else 'up to'} ${cents / 100:,.2f}"


def refusal_word(problem: AwsError) -> str:
    """What stands in a cell in place of a figure: in words that narrow columns have room for."""
    return "denied" if isinstance(problem, Denied) else "throttled" if isinstance(problem, Throttled) else "failed"
