"""Which part of a log is read: so long back from now, or from one moment to another."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from typing import NamedTuple

FORMS = ("2h", "2026-11-22 14:00..15:30", "14:00..", "2026-11-22")
"""How a range can be written."""

_UNITS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400, "w": 604_800}
_LENGTH = re.compile(r"(?:\d+(?:s|m|min|h|d|w))+")
_PIECE = re.compile(r"(\d+)(min|[smhdw])")
_MOMENT = re.compile(
    r"(?:(?P<date>\d{4}-\d\d-\d\d))?(?:[T ]|\s+)?(?:(?P<time>\d\d:\d\d(?::\d\d)?))?\s*(?P<zone>Z|UTC|[+-]\d\d:?\d\d)?"
)
FIRST = 1_388_534_400_000
"""2014-01-01, before CloudWatch Logs and Lambda were there (ms)."""


class RangeError(ValueError):
    """No range can be made of a text. `str()` is a sentence that says what can be written."""


class Range(NamedTuple):
    """From when to when; times are milliseconds since 1970 UTC."""

    start: int
    end: int | None
    """None: it goes on."""
    words: str
    """What it is called where it is shown."""


WINDOWS = (
    ("live", 0), ("1m", 60), ("5m", 300), ("15m", 900), ("1h", 3600), ("6h", 21_600), ("24h", 86_400),
)  # fmt: skip
"""The windows that a digit chooses: name and seconds back from now."""


def window(number: int, now: datetime) -> Range:
    """One of WINDOWS."""
    name, seconds = WINDOWS[number]
    return Range(_ms(now - timedelta(seconds=seconds)), None, f"last {name}" if seconds else "from now on")


def parse(text: str, now: datetime, aware: Callable[[datetime], datetime] | None = None) -> Range:
    """What is written. Raises RangeError.

    `aware` gives a moment that was written without a zone its own: with summer time that is not always the one of
    `now`, which counts without it.
    """
    text = text.strip()
    zoned = aware or (lambda moment: moment.replace(tzinfo=now.tzinfo))
    if _LENGTH.fullmatch(text):
        seconds = sum(int(count) * _UNITS[unit] for count, unit in _PIECE.findall(text))
        start = _ms(now) - seconds * 1000
        if not seconds or start < FIRST:
            raise RangeError(f"“{text}” is {'no time' if not seconds else 'before there was a log'}.")
        return Range(start, None, f"last {text}")
    first, dots, last = text.partition("..")
    begin = _moment(first, now, None, zoned)
    if not dots and begin is not None and begin.whole_day:
        return _between(begin.at, begin.at + timedelta(days=1), now, text)
    if begin is None or not dots:
        raise RangeError(f"“{text}” is no range. Possible: {'  '.join(FORMS)}.")
    if not last.strip() or last.strip() == "now":
        if begin.at > now:
            raise RangeError(f"“{text}” begins in the future.")
        return Range(_ms(begin.at), None, f"since {_told(begin.at, now)}")
    end = _moment(last, now, begin.at, zoned)
    if end is None:
        raise RangeError(f"“{last.strip()}” is no moment. Possible: 15:30, 2026-11-22 15:30, 2026-11-22, each with Z.")
    return _between(begin.at, end.at + timedelta(days=end.whole_day), now, text)


class _Moment(NamedTuple):
    at: datetime
    whole_day: bool
    """Only a day was written: it begins at `at`."""


def _moment(text: str, now: datetime, beside: datetime | None, zoned: Callable[[datetime], datetime]) -> _Moment | None:
    """A moment; without a day, the day of `beside`, or today's."""
    found = _MOMENT.fullmatch(text.strip())
    if found is None or not (found["date"] or found["time"]):
        return None
    zone = _zone(found["zone"]) if found["zone"] else None
    try:
        day = date.fromisoformat(found["date"]) if found["date"] else (beside or now.astimezone(zone)).date()
        clock = time.fromisoformat(found["time"]) if found["time"] else time()
    except ValueError:
        return None
    at = datetime.combine(day, clock)
    if zone is None and beside is not None and isinstance(beside.tzinfo, timezone) and found["date"] is None:
        zone = beside.tzinfo
    return _Moment(zoned(at) if zone is None else at.replace(tzinfo=zone), not found["time"])


def _zone(text: str) -> timezone:
    if text in {"Z", "UTC"}:
        return timezone.utc  # noqa: UP017 (beside the others)
    hours, minutes = int(text[1:3]), int(text[-2:])
    return timezone((1 if text[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))


def _between(start: datetime, end: datetime, now: datetime, text: str) -> Range:
    if end <= start:
        raise RangeError(f"“{text}” ends before it begins.")
    if start > now:
        raise RangeError(f"“{text}” begins in the future.")
    if end > now:
        return Range(_ms(start), None, f"since {_told(start, now)}")
    told = _told(end, now)
    return Range(_ms(start), _ms(end), f"{_told(start, now)} – {told[11:] if start.date() == end.date() else told}")


def _told(moment: datetime, now: datetime) -> str:
    moment = moment.astimezone(now.tzinfo)
    offset = moment.strftime("%z")
    zone = "UTC" if not offset.strip("+-0") else f"UTC{offset[:3]}:{offset[3:5]}"
    return f"{moment:%Y-%m-%d %H:%M} {zone}" if not moment.second else f"{moment:%Y-%m-%d %H:%M:%S} {zone}"


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
