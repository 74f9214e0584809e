"""The moments of log lines in words."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING

from lambdatui.model.text import age

if TYPE_CHECKING:
    from collections.abc import Callable

    from lambdatui.model.log_chunk import Record


class Times(Enum):
    """How moments are told, in the order in which a key goes through them."""

    LOCAL = "local"
    UTC = "UTC"
    RELATIVE = "relative"
    OFF = "off"

    @property
    def next(self) -> Times:
        """The one that comes after."""
        kinds: list[Times] = [*Times]
        return kinds[(kinds.index(self) + 1) % len(kinds)]


def moments(times: Times, now: datetime) -> Callable[[Record], str] | None:
    """What tells the moment of a record: of today the time, to the millisecond, and else with its day; or its age."""
    if times is Times.OFF:
        return None
    if times is Times.RELATIVE:
        return lambda record: f"{age(_moment(record), now):>4}"
    today = (now.astimezone(UTC) if times is Times.UTC else now.astimezone()).date()

    def told(record: Record) -> str:
        if not record.timestamp:
            return "--:--:--.---"
        moment = _moment(record)
        if times is Times.LOCAL:
            moment = moment.astimezone()
        clock = f"{moment:%H:%M:%S}.{record.timestamp % 1000:03}"
        return clock if moment.date() == today else f"{moment:%m-%d} {clock}"

    return told


def zone(times: Times, now: datetime) -> str:
    """The zone that the moments are in: UTC, or by how much the local one is ahead (UTC+02:00); or what they are."""
    if times is Times.LOCAL:
        offset = now.astimezone().strftime("%z")
        return f"UTC{offset[:3]}:{offset[3:5]}" if offset.strip("+-0") else "UTC"
    return {Times.UTC: "UTC", Times.RELATIVE: "ages", Times.OFF: "no times"}[times]


def _moment(record: Record) -> datetime:
    return datetime.fromtimestamp(record.timestamp / 1000, UTC)
