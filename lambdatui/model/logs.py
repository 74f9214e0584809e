"""Log events, and what makes a followed log group complete: overlap, and event ids seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from lambdatui.model.log_levels import Level, level
from lambdatui.model.sgr import Span

HISTORY = 60 * 60 * 1000
"""Milliseconds that a tail looks back when it starts."""

OVERLAP = 15_000
"""Milliseconds that each poll looks back behind the newest event: CloudWatch shows events of several streams late."""

RECONCILE = 120_000
"""Milliseconds that every `RECONCILE_EVERY`th poll looks back, for the few events that are later still."""

RECONCILE_EVERY = 15

FARTHEST = 900_000
"""Milliseconds behind the newest event before which nothing is asked for again: it bounds what is remembered."""


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
    spans: tuple[Span, ...] = ()
    """The colours and styles that the function gave parts of the message."""
    hidden: int = 0
    """Characters of the message that were left out at its end."""
    group: str = ""
    """Name of the log group that it is from."""


@dataclass(frozen=True, slots=True)
class Marker:
    """A line of ours between events, at a time (ms since 1970 UTC). A later one with the same key takes its place."""

    key: str
    timestamp: int
    text: str


@dataclass(frozen=True, slots=True)
class TailUpdate:
    """What a tail has to say: new events in order (perhaps none), and in `state` how it is doing, in a few words."""

    events: tuple[LogEvent, ...]
    state: str
    note: str = ""
    """A sentence for a person when there is nothing to show for a reason."""
    cut: bool = False
    """Whether older events of the time asked for were left out, because there were too many."""
    failed: bool = False
    """Whether the last poll gave nothing, for the reason in the note: what was shown before is as old as it is."""


class Follower:
    """The place of a polling reader in one log group: from when to ask, and which events are new.

    A poll asks from `ask_from()`, gives what comes to `accept()`, page by page, and tells `finished()` when it came to
    its end. From the end of the first poll on, no event is lost that becomes visible at most `RECONCILE` ms behind the
    newest of the group (unless that moves on by `FARTHEST - RECONCILE` within `RECONCILE_EVERY` polls); none is given
    twice. Memory is bounded by the events of `FARTHEST`, in steady use by those of `RECONCILE` and some polls, twice.
    """

    def __init__(self, start: int) -> None:
        """`start` is the time (ms) of the first event wanted."""
        self._start = start
        self.cut = False
        """Whether what is older than the newest events was left out."""
        self._newest = 0
        self._seen: dict[str, int] = {}
        self._room = 1000
        """How many ids are remembered before those too old to come again are forgotten."""
        self._polls = 0
        """Polls that came to their end since one looked far back."""
        self._under_way = False
        self._asked: int | None = None
        """What was the newest when the poll under way began, if that one looks far back."""
        self._checked: int | None = None
        """What was the newest when the last poll that looked far back, and came to its end, began."""

    def ask_from(self) -> int:
        """The start time (ms) of the next poll."""
        broke_off, self._under_way = self._under_way, True
        if not self._newest:
            return self._start
        far = broke_off or self._polls >= RECONCILE_EVERY
        self._asked = self._newest if far and self._checked is not None else None
        return max(self._start, self._floor() if far else self._newest - OVERLAP)

    def _floor(self) -> int:
        """The time (ms) before which no poll asks any more.

        Reckoned from what was the newest when the last far look began, not from what it is now: an event that became
        visible just after that look was `RECONCILE` behind the newest of then.
        """
        checked = self._newest if self._checked is None else self._checked
        return max(checked - RECONCILE, self._newest - FARTHEST)

    def begin_at(self, start: int) -> None:
        """Take nothing from before `start` (ms) for new: the newest events were read first, what is older was not."""
        self._start = start
        self.cut = True

    def accept(self, events: Iterable[LogEvent], now: int | None = None) -> list[LogEvent]:
        """The events not given before, by timestamp; remembers them. `now` (ms) is when they came."""
        fresh: dict[str, LogEvent] = {}
        for event in events:
            if event.event_id not in self._seen:
                fresh[event.event_id] = event
        for event in fresh.values():
            self._seen[event.event_id] = event.timestamp
            # A timestamp is the function's word and may lie in the future; the ingestion time is CloudWatch's.
            known = event.ingestion or now
            self._newest = max(self._newest, event.timestamp if known is None else min(event.timestamp, known))
        self._forget()
        return sorted(fresh.values(), key=lambda event: event.timestamp)

    def finished(self) -> None:
        """The poll came to its end. The one after a poll that did not looks far back."""
        self._under_way = False
        if self._checked is None:
            self._checked = self._newest or None
        elif self._asked is not None:
            self._checked, self._polls = self._asked, 0
        self._polls += 1

    def _forget(self) -> None:
        if len(self._seen) > self._room:
            floor = self._floor()
            self._seen = {event_id: time for event_id, time in self._seen.items() if time >= floor}
            # The walk is made once in a while, not for each page.
            self._room = max(1000, 2 * len(self._seen))


def kind(message: str) -> Kind:
    """What a message is, told by its level."""
    found = level(message)
    if found >= Level.ERROR:
        return Kind.ERROR
    return Kind.PLATFORM if found is Level.PLATFORM else Kind.LOG
