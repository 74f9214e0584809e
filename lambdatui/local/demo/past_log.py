"""`PastLog`: the log events of the past that is made up, made when somebody reads them."""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterator

from lambdatui.local.demo import past_lines
from lambdatui.local.demo.past import EVERYBODY, SAMPLES, Past
from lambdatui.local.demo.traffic import Caller
from lambdatui.local.logs.events import Event, Key
from lambdatui.local.logs.group import Stream
from lambdatui.local.places import HOME, Place

KEPT = 8_000
"""Events that are kept for whoever reads them again, some 3 MB: the minutes that were read last."""

_FIRST = 1 << 48
"""The sequence number of the first event of a minute: the store counts its own from 1."""


class PastLog:
    """What the log store is asked about, beside what was written to it. Any thread."""

    def __init__(self, past: Past) -> None:
        self._past = past
        self._callers: defaultdict[str, list[Caller]] = defaultdict(list)
        for caller in EVERYBODY:
            self._callers[SAMPLES[caller.function].group].append(caller)
        self._lock = threading.Lock()
        self._created: dict[str, int] = {}
        """The creationTime of each group when it was asked about first: one that is made anew has no past."""
        self._minutes: OrderedDict[tuple[str, float], list[Event]] = OrderedDict()
        self._events = 0
        self._streams: dict[tuple[str, str], Stream] = {}

    @property
    def groups(self) -> Collection[str]:
        """The log groups that have events."""
        return self._callers.keys()

    @property
    def until(self) -> int:
        """ms: all its events are earlier."""
        return int(self._past.now * 1000)

    def after(self, place: Place, group: str, created: int, key: Key, *, until: int, most: int) -> list[Event]:
        """The events behind `key` with timestamps up to and with `until` (ms), the oldest first, at most `most`."""
        with self._lock:
            found: list[Event] = []
            for at in self._starts(place, group, created, key.timestamp, until):
                events = self._minute(group, at)
                found += events[bisect_right(events, key, key=_key) : bisect_right(events, until, key=_timestamp)]
                if len(found) >= most:
                    break
            return found[:most]

    def before(self, place: Place, group: str, created: int, key: Key, *, since: int, most: int) -> list[Event]:
        """The events before `key` with timestamps from `since` (ms) on, the newest first, at most `most`."""
        with self._lock:
            found: list[Event] = []
            for at in reversed([*self._starts(place, group, created, since, key.timestamp)]):
                events = self._minute(group, at)
                first, last = bisect_left(events, since, key=_timestamp), bisect_left(events, key, key=_key)
                found += events[first:last][::-1]
                if len(found) >= most:
                    break
            return found[:most]

    def stream(self, group: str, name: str) -> Stream | None:
        """A log stream that has been met in events; when its last one is, is not known."""
        return self._streams.get((group, name))

    def _starts(self, place: Place, group: str, created: int, since: int, until: int) -> Iterator[float]:
        """The minutes that may have events of a group between two times (ms, both included), the oldest first."""
        if place != HOME or group not in self._callers or since >= self.until:
            return
        if self._created.setdefault(group, created) != created:
            return
        for span in self._past.spans:
            if span.end * 1000 > since and span.start * 1000 <= until:
                yield from (at for at in span.minutes() if (at + 60) * 1000 > since and at * 1000 <= until)

    def _minute(self, group: str, at: float) -> list[Event]:
        """The events of a minute, in order."""
        known = self._minutes.get((group, at))
        if known is not None:
            self._minutes.move_to_end((group, at))
            return known
        written = [it for caller in self._callers[group] for it in past_lines.lines(self._past, caller, at)]
        written.sort(key=lambda it: int(it[0] * 1000))  # stable
        events = [
            Event(int(when * 1000), _FIRST + number, self.until, stream, message)
            for number, (when, stream, message) in enumerate(written)
        ]
        for name in {event.stream for event in events}:
            begin = int(at * 1000)
            self._streams[group, name] = Stream(name, 0, begin, 1, begin, self.until, self.until)
        self._minutes[group, at] = events
        self._events += len(events)
        while self._events > KEPT and len(self._minutes) > 1:
            self._events -= len(self._minutes.popitem(last=False)[1])
        return events


def _key(event: Event) -> Key:
    return event.key


def _timestamp(event: Event) -> int:
    return event.timestamp
