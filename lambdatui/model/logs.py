"""Log events, and what makes a followed log group complete: overlap, and event ids seen."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

HISTORY = 60 * 60 * 1000
"""Milliseconds that a tail looks back when it starts."""

OVERLAP = 15_000
"""Milliseconds that each poll looks back behind the newest event: CloudWatch shows events of several streams late."""

RECONCILE = 120_000
"""Milliseconds that every `RECONCILE_EVERY`th poll looks back, for the few events that are later still."""

RECONCILE_EVERY = 15


class Kind(Enum):
    """What a log line is to a reader."""

    LOG = "log"
    PLATFORM = "platform"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class LogEvent:
    """One event of a log stream, as FilterLogEvents gives it. Times are milliseconds since 1970 UTC."""

    event_id: str
    timestamp: int
    ingestion: int
    stream: str
    message: str


@dataclass(frozen=True, slots=True)
class TailUpdate:
    """What a tail has to say: new events in order (perhaps none), and in `state` how it is doing, in a few words."""

    events: tuple[LogEvent, ...]
    state: str
    note: str = ""
    """A sentence for a person when there is nothing to show for a reason."""


class Follower:
    """The place of a polling reader in one log group: from when to ask, and which events are new.

    No event that becomes visible at most `RECONCILE` ms behind the newest is lost, none is given twice. Memory is
    bounded by the events of that span.
    """

    def __init__(self, start: int) -> None:
        """`start` is the time (ms) of the first event wanted."""
        self._start = start
        self._newest = 0
        self._polls = 0
        self._seen: dict[str, int] = {}

    def ask_from(self) -> int:
        """The start time (ms) of the next poll."""
        self._polls += 1
        if not self._newest:
            return self._start
        back = RECONCILE if self._polls % RECONCILE_EVERY == 0 else OVERLAP
        return max(self._start, self._newest - back)

    def begin_at(self, start: int) -> None:
        """Take nothing from before `start` (ms) for new: the newest events were read first, what is older was not."""
        self._start = start

    def accept(self, events: Iterable[LogEvent]) -> list[LogEvent]:
        """The events not given before, by timestamp; remembers them."""
        fresh: dict[str, LogEvent] = {}
        for event in events:
            if event.event_id not in self._seen:
                fresh[event.event_id] = event
        for event in fresh.values():
            self._seen[event.event_id] = event.timestamp
            # A timestamp is the function's word and may lie in the future; the ingestion time is CloudWatch's.
            known = min(event.timestamp, event.ingestion) if event.ingestion else event.timestamp
            self._newest = max(self._newest, known)
        if fresh:
            self._forget()
        return sorted(fresh.values(), key=lambda event: event.timestamp)

    def _forget(self) -> None:
        # Twice the span, so that this walk happens once in a while and not at each poll.
        oldest = self._newest - RECONCILE
        if len(self._seen) > 1000 and min(self._seen.values()) < oldest - RECONCILE:
            self._seen = {event_id: time for event_id, time in self._seen.items() if time >= oldest}


_PLATFORM = re.compile(r"(?:START|END|REPORT) RequestId: |INIT_(?:START|REPORT) |(?:RESTORE|EXTENSION|TELEMETRY)\s")
_ERROR = re.compile(
    r"\[(?:ERROR|CRITICAL|FATAL)\]"
    r"|\"level\":\s*\"(?:error|critical|fatal)\""
    r"|\bTask timed out after \d"
    r"|\bRuntime(?:\.ExitError| exited\b)"
    r"|^Traceback \(most recent call last\)"
    r"|Status: (?:error|timeout)\b",
    re.IGNORECASE,
)


def kind(message: str) -> Kind:
    """What a message is, told by Lambda's platform lines and by the usual forms of an error."""
    if _ERROR.search(message):
        return Kind.ERROR
    return Kind.PLATFORM if _PLATFORM.match(message) else Kind.LOG
