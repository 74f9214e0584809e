"""`Follower`: the place of a reader in a log group, which makes a tail complete and gives nothing twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from lambdatui.model.logs import LogEvent

OVERLAP = 15_000
"""Milliseconds that each poll looks back behind the newest event: CloudWatch shows events of several streams late."""

RECONCILE = 120_000
"""Milliseconds that every `RECONCILE_EVERY`th poll looks back, for the few events that are later still."""

RECONCILE_EVERY = 15

FARTHEST = 900_000
"""Milliseconds behind the newest event before which nothing is asked for again: it bounds what is remembered."""

_SPAN = 15_000
"""Milliseconds of the events that are remembered, and forgotten, together."""


class _Known:
    """What is remembered of the events of one span of time. Ids and contents are kept as their hashes."""

    __slots__ = ("ahead", "given", "ids", "session")

    def __init__(self) -> None:
        self.ids: set[int] = set()
        """Of the events that polls gave."""
        self.given: dict[int, int] = {}
        """How many events of each content were given on, whoever they came from."""
        self.ahead: dict[int, int] = {}
        """How many of those a live tail gave, and no poll has yet."""
        self.session: dict[int, int] = {}
        """How many events of each content the live session under way gave."""


class Follower:
    """The place of a reader in one log group: from when to ask, and which events are new.

    A poll asks from `ask_from()`, gives what comes to `accept()`, page by page, and tells `finished()` when it came to
    its end. From the end of the first poll on, no event is lost that becomes visible at most `RECONCILE` ms behind the
    newest of the group (unless that moves on by `FARTHEST - RECONCILE` within `RECONCILE_EVERY` polls); none is given
    twice. Memory is bounded by the events of `FARTHEST`, in steady use by those of `RECONCILE` and some polls.

    The events of a live tail have no id. They go to `accept_live()`: an event of a poll and one of a live session with
    the same stream, times and message are the same event, and so are those of two sessions; two within one are two.
    """

    def __init__(self, start: int) -> None:
        """`start` is the time (ms) of the first event wanted."""
        self.start = start
        """The time (ms) from which on all events were given, or will be."""
        self.cut = False
        """Whether what is older than the newest events was left out."""
        self.newest = 0
        """The time (ms) of the newest event, or 0 before the first."""
        self._known: dict[int, _Known] = {}
        self._polls = 0
        """Polls that came to their end since one looked far back."""
        self._under_way = False
        self._asked: int | None = None
        """What was the newest when the poll under way began, if that one looks far back."""
        self._checked: int | None = None
        """What was the newest when the last poll that looked far back, and came to its end, began."""

    def ask_from(self, *, far: bool = False) -> int:
        """The start time (ms) of the next poll. `far`: it looks far back whether or not it is its turn."""
        broke_off, self._under_way = self._under_way, True
        if not self.newest:
            return self.start
        far = far or broke_off or self._polls >= RECONCILE_EVERY
        self._asked = self.newest if far and self._checked is not None else None
        return max(self.start, self._floor() if far else self.newest - OVERLAP)

    def _floor(self) -> int:
        """The time (ms) before which no poll asks any more.

        Reckoned from what was the newest when the last far look began, not from what it is now: an event that became
        visible just after that look was `RECONCILE` behind the newest of then.
        """
        checked = self.newest if self._checked is None else self._checked
        return max(checked - RECONCILE, self.newest - FARTHEST)

    def begin_at(self, start: int) -> None:
        """Take nothing from before `start` (ms) for new: the newest events were read first, what is older was not."""
        self.start = start
        self.cut = True

    def read_back(self, start: int, events: Sequence[LogEvent]) -> list[LogEvent]:
        """What of older events is to be shown, by timestamp; `events` are all that there are from `start` (ms) on.

        Of those that polls still ask for only what was not given before.
        """
        floor = self._floor()
        recent = self.accept([event for event in events if event.timestamp >= floor])
        self.start = min(self.start, start)
        return merged([[event for event in events if event.timestamp < floor], recent])

    def knows(self, event_id: str, timestamp: int) -> bool:
        """Whether a poll gave this event before."""
        known = self._known.get(timestamp // _SPAN)
        return known is not None and hash(event_id) in known.ids

    def accept(self, events: Iterable[LogEvent], now: int | None = None) -> list[LogEvent]:
        """The events of a poll that were not given before, by timestamp; remembers them. `now` (ms): when they came."""
        fresh = []
        for event in events:
            known = self._of(event, now)
            identity = hash(event.event_id)
            if identity in known.ids:
                continue
            known.ids.add(identity)
            content = _content(event)
            if (ahead := known.ahead.get(content)) is not None:
                # A live tail gave it already.
                if ahead > 1:
                    known.ahead[content] = ahead - 1
                else:
                    del known.ahead[content]
                continue
            known.given[content] = known.given.get(content, 0) + 1
            fresh.append(event)
        self._forget()
        fresh.sort(key=_time)
        return fresh

    def accept_live(self, events: Iterable[LogEvent], now: int | None = None) -> list[LogEvent]:
        """The events of a live session that were not given before, by timestamp; remembers them."""
        fresh = []
        for event in events:
            if event.timestamp < self.start:
                continue
            known = self._of(event, now)
            content = _content(event)
            count = known.session[content] = known.session.get(content, 0) + 1
            if count > known.given.get(content, 0):
                known.given[content] = count
                known.ahead[content] = known.ahead.get(content, 0) + 1
                fresh.append(event)
        fresh.sort(key=_time)
        return fresh

    def begin_session(self) -> None:
        """Another live session begins: what it gives may be what the last one gave."""
        for known in self._known.values():
            known.session.clear()

    def finished(self) -> None:
        """The poll came to its end. The one after a poll that did not looks far back."""
        self._under_way = False
        if self._checked is None:
            self._checked = self.newest or None
        elif self._asked is not None:
            self._checked, self._polls = self._asked, 0
        self._polls += 1
        self._forget()

    @property
    def remembered(self) -> int:
        """How many events of polls and of live tails are remembered."""
        return sum(len(known.ids) + sum(known.ahead.values()) for known in self._known.values())

    def _of(self, event: LogEvent, now: int | None) -> _Known:
        """What is known of the events of that time, and what is the newest from now on."""
        # A timestamp is the function's word and may lie in the future; the ingestion time is CloudWatch's.
        known_time = event.ingestion or now
        moment = event.timestamp if known_time is None else min(event.timestamp, known_time)
        self.newest = max(self.newest, moment)
        span = event.timestamp // _SPAN
        known = self._known.get(span)
        if known is None:
            known = self._known[span] = _Known()
        return known

    def _forget(self) -> None:
        # Time 0 is what an event has whose time no clock can show: it comes with each poll.
        floor = self._floor() // _SPAN
        for span in [span for span in self._known if 0 < span < floor]:
            del self._known[span]


def merged(batches: Iterable[Iterable[LogEvent]]) -> list[LogEvent]:
    """The events of several batches, each in order of time, in order of time."""
    return sorted(chain.from_iterable(batches), key=_time)


def _time(event: LogEvent) -> int:
    return event.timestamp


def _content(event: LogEvent) -> int:
    return hash((event.stream, event.timestamp, event.ingestion, event.message, event.hidden))
