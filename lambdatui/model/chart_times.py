"""The axis of time: round moments by the clock of a time zone, also on the days when it is put forward or back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from math import gcd
from typing import NamedTuple

_HOUR, _DAY = 3600, 86_400
_STEPS = (60, 120, 300, 600, 900, 1800, _HOUR, 2 * _HOUR, 3 * _HOUR, 6 * _HOUR, 12 * _HOUR, _DAY, 2 * _DAY, 7 * _DAY,
          28 * _DAY)  # fmt: skip
_GRID = 900
"""Seconds. All offsets from UTC that are in use are multiples of a quarter of an hour."""
_ROOM = 9
"""Cells that a label takes with the space around it."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

Moment = Callable[[float], datetime]
"""Seconds since 1970 as a moment of the time zone that is shown; the offset may differ from moment to moment."""


class TimeLabel(NamedTuple):
    """A round moment."""

    column: int
    """The cell that its period begins in."""
    text: str


@lru_cache(64)
def time_labels(start: int, end: int, columns: int, moment: Moment) -> tuple[TimeLabel, ...]:
    """What stands below an axis of so many cells from `start` to `end` (seconds since 1970): 14:30, 25 Nov, 02:00 CET.

    The zone's name stands where its offset changed since the label before. Texts may overlap: the caller leaves out.
    """
    step = _step(end - start, columns)
    grid = gcd(step, _GRID)  # where it is a quarter to, every ten minutes by its clock are five past by that of UTC
    labels: list[TimeLabel] = []
    offset: timedelta | None = moment(start).utcoffset()
    for instant in range(-(-start // grid) * grid, end, grid):
        local = moment(instant)
        if not _round(local, step):
            continue
        text = f"{local:%H:%M}" if step < _DAY and (local.hour or local.minute) else day(local)
        if local.utcoffset() != offset:
            offset = local.utcoffset()
            text += f" {zone(local)}"
        labels.append(TimeLabel((instant - start) * columns // (end - start), text))
    return tuple(labels)


def day(local: datetime) -> str:
    """A day: 25 Nov."""
    return f"{local.day} {_MONTHS[local.month - 1]}"


def zone(local: datetime) -> str:
    """The name of the zone at a moment, or how far it is ahead of UTC: CEST, -03, UTC."""
    return local.tzname() or ""


def clock(local: datetime, period: int) -> str:
    """The beginning of a period of so many seconds: 25 Nov 14:32, or 25 Nov 14:32:05."""
    return f"{day(local)} {local:%H:%M:%S}" if period % 60 else f"{day(local)} {local:%H:%M}"


def _step(seconds: int, columns: int) -> int:
    most = max(2, columns // _ROOM)
    return next((step for step in _STEPS if seconds <= step * most), _STEPS[-1])


def _round(local: datetime, step: int) -> bool:
    seconds = local.hour * _HOUR + local.minute * 60 + local.second
    if step <= _DAY:
        return seconds % step == 0
    return not seconds and (local.toordinal() - 1) % (step // _DAY) == 0  # ordinal 1 was a Monday
