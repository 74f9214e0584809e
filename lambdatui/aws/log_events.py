"""What CloudWatch Logs answers, made into the model's log events."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from lambdatui.model.logs import LogEvent
from lambdatui.model.sgr import part, styled
from lambdatui.model.text import visible

LONGEST = 30_000
"""Characters of one event that are kept: an event may have a million, and folding those would take a second."""

AT_ONCE = 100_000
"""Characters that are made visible without giving the event loop a turn."""

LATEST = 253_370_764_800_000
"""The first moment (ms) of 9999-12-31: a time beyond it cannot be shown in every time zone."""


async def log_events(entries: Sequence[Mapping[str, Any]], group: str) -> list[LogEvent]:
    """The events of a page; made in a thread when they are long, for a megabyte of nothing but controls takes 0.2 s."""
    if sum(len(str(entry.get("message") or "")) for entry in entries) > AT_ONCE:
        return await asyncio.to_thread(lambda: [log_event(entry, group) for entry in entries])
    return [log_event(entry, group) for entry in entries]


def log_event(entry: Mapping[str, Any], group: str) -> LogEvent:
    """One event; `group` is visible text. An event of a poll has an id by all means."""
    stream, timestamp = str(entry.get("logStreamName") or ""), event_time(entry.get("timestamp"))
    message = str(entry.get("message") or "").rstrip("\r\n").replace("\r\n", "\n").replace("\r", "\n")
    text, spans = styled(message[:LONGEST])
    shown = text[:LONGEST]
    return LogEvent(
        # AWS always gives an id; an emulator that does not must not make all events one.
        event_id=str(entry.get("eventId") or f"{stream} {timestamp} {message}"),
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
