"""What CloudWatch Logs answers, made into the model's log events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lambdatui.aws.slices import Slices
from lambdatui.model.logs import LogEvent
from lambdatui.model.sgr import part, styled
from lambdatui.model.text import visible

LONGEST = 30_000
"""Characters of one event that are kept: an event may have a million, and folding those would take a second."""

LOOKED_AT = 1000
"""Characters of an event after which the clock is looked at: it may take a thousand times as long as a usual one."""

LATEST = 253_370_764_800_000
"""The first moment (ms) of 9999-12-31: a time beyond it cannot be shown in every time zone."""


async def log_events(entries: Sequence[Mapping[str, Any]], group: str, *, live: bool = False) -> list[LogEvent]:
    """The events of a page, made in slices: a megabyte of nothing but controls takes 0.2 s."""
    found, slices = [], Slices()
    for entry in entries:
        found.append(log_event(entry, group, live=live))
        if len(found) % 10 == 0 or len(found[-1].message) > LOOKED_AT:
            await slices.turn()
    return found


def log_event(entry: Mapping[str, Any], group: str, *, live: bool = False) -> LogEvent:
    """One event; `group` is visible text. One of a poll has an id by all means, one of a live tail has none."""
    stream, timestamp = str(entry.get("logStreamName") or ""), event_time(entry.get("timestamp"))
    message = str(entry.get("message") or "").rstrip("\r\n").replace("\r\n", "\n").replace("\r", "\n")
    text, spans = styled(message[:LONGEST])
    shown = text[:LONGEST]
    return LogEvent(
        # AWS always gives an id; an emulator that does not must not make all events one.
        event_id="" if live else str(entry.get("eventId") or f"{stream} {timestamp} {message}"),
        timestamp=timestamp,
        ingestion=event_time(entry.get("ingestionTime")),
        stream=visible(stream),
        message=shown,
        spans=part(spans, 0, len(shown)),
        hidden=max(0, len(message) - LONGEST) + len(text) - len(shown),
        group=group,
    )


def event_time(value: Any) -> int:
    """Milliseconds since 1970, or 0 for what is no such time."""
    return value if isinstance(value, int) and 0 <= value < LATEST else 0
