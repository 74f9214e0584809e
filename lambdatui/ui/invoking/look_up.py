"""Where in the log a call is."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from lambdatui.model.log_ranges import Range

if TYPE_CHECKING:
    from lambdatui.model.past_calls import PastCall

BEFORE = 5_000
"""Milliseconds before it was sent from which on is read: clocks differ."""
AFTER = 30_000
"""Milliseconds after its answer that are read as well: the end of a call is logged behind it."""
RECENT = 900_000
"""Milliseconds for which a call may run on, or its log be late: what comes is followed."""


def around(call: PastCall, now: datetime) -> Range:
    """The time in which the call has logged what it has."""
    start, end = call.at - BEFORE, call.at + int(call.elapsed) + AFTER
    words = f"since {datetime.fromtimestamp(call.at / 1000).astimezone():%H:%M:%S}, when it was sent"
    over = int(now.timestamp() * 1000) - end > RECENT
    return Range(start, end if over else None, words.removeprefix("since ") if over else words)
