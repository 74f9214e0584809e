"""The log events of every group, in memory and bounded: what FilterLogEvents and the rest are answered from."""

from __future__ import annotations

import heapq
import math
import time
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from operator import itemgetter
from threading import Lock
from typing import NamedTuple, Protocol, TypeAlias

from lambdatui.local.logs.events import Event, Key
from lambdatui.local.logs.group import GroupLog, Stream
from lambdatui.local.places import HOME, Place

LIMIT = 50_000_000
"""Bytes of memory that events and streams may take."""

LARGEST_MESSAGE = 1_048_550
"""Bytes: an event of CloudWatch Logs may have 1 MiB, of which 26 are not its message."""

NOTICES = "/lambdatui/log-store"
"""The group that tells of events dropped, in the demo's own place."""

BETWEEN_NOTICES = 600.0
"""Seconds."""

Written: TypeAlias = tuple[int, str]
"""An event to be written: timestamp (ms) and message."""


class Dropped(NamedTuple):
    """How many events have been dropped for want of room."""

    events: int
    until: int
    """The timestamp (ms) of the newest of them; 0 for none."""


class Follower(Protocol):
    """Is told of new events; from any thread, and not for long."""

    def offer(self, group: str, stream: str, ingestion: int, events: Sequence[Written]) -> None: ...


class Earlier(Protocol):
    """Events that are not written but made when they are read; none of them is later than `until` (ms)."""

    @property
    def until(self) -> int: ...
    def after(self, place: Place, group: str, created: int, key: Key, *, until: int, most: int) -> list[Event]: ...
    def before(self, place: Place, group: str, created: int, key: Key, *, since: int, most: int) -> list[Event]: ...
    def stream(self, group: str, name: str) -> Stream | None: ...


class LogStore:
    """The log events of every group in every place. When it is full the oldest are dropped, whosever they are.

    Groups belong to MiniStack: `ensure_group` makes one where there is none, and gives its creationTime (ms). It is
    called for each append, like `written`, which is told what was written. Every method may be called from any thread.
    """

    def __init__(
        self,
        ensure_group: Callable[[Place, str], int],
        *,
        written: Callable[[Place, str, str, Sequence[Written]], None] | None = None,
        limit: int = LIMIT,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._ensure_group = ensure_group
        self._written = written
        self._limit = limit
        self._clock = clock
        self._lock = Lock()
        self._groups: dict[tuple[Place, str], GroupLog] = {}
        self._followers: Mapping[tuple[Place, str], tuple[Follower, ...]] = {}
        self._size = 0
        self._sequence = 0
        self._dropped = Dropped(0, 0)
        self._told = Dropped(0, 0)
        self._next_notice = -math.inf
        self.earlier: Earlier | None = None
        """What there is beside what was written."""

    @property
    def size(self) -> int:
        """Bytes of memory that events and streams take, about."""
        return self._size

    @property
    def dropped(self) -> Dropped:
        """What has been dropped so far, of all groups."""
        return self._dropped

    def append(self, place: Place, group: str, stream: str, events: Iterable[Written]) -> None:
        """Write events to a stream, which is made if need be, and its group too.

        Their timestamps may be in any order and in the past. Raises OverflowError or TypeError for what is no
        timestamp, and has written nothing then.
        """
        batch = [event for written in events for event in _storable(written)]
        if not batch:
            return
        timestamps = array("q", [timestamp for timestamp, _ in batch])
        if any(map(int.__gt__, timestamps, timestamps[1:])):
            batch.sort(key=itemgetter(0))
            timestamps = array("q", [timestamp for timestamp, _ in batch])
        created, now = self._ensure_group(place, group), int(self._clock() * 1000)
        with self._lock:
            log = self._writable(place, group, created)
            before = log.size
            its_stream = log.streams.get(stream) or log.make_stream(stream, now)
            log.add(its_stream, timestamps, [message for _, message in batch], self._sequence + 1, now)
            self._sequence += len(batch)
            self._grown(log.size - before)
        for follower in self._followers.get((place, group), ()):
            follower.offer(group, stream, now, batch)
        if self._written is not None:
            self._written(place, group, stream, batch)
        if self._dropped != self._told and self._clock() >= self._next_notice:
            self._tell()

    def create_stream(self, place: Place, group: str, created: int, stream: str) -> bool:
        """Make a stream in a group with this creationTime; False if it is there already."""
        with self._lock:
            log = self._writable(place, group, created)
            if stream in log.streams:
                return False
            before = log.size
            log.make_stream(stream, int(self._clock() * 1000))
            self._grown(log.size - before)
            return True

    def delete_stream(self, place: Place, group: str, created: int, stream: str) -> bool:
        """Delete a stream with its events; False if it is not there."""
        with self._lock:
            log = self._readable(place, group, created)
            if log is None or stream not in log.streams:
                return False
            before = log.size
            log.remove(log.streams[stream])
            self._grown(log.size - before)
            return True

    def delete_group(self, place: Place, group: str) -> None:
        """Forget a group's streams and events, if it has any."""
        with self._lock:
            log = self._groups.pop((place, group), None)
            if log is not None:
                self._size -= log.size

    def streams(self, place: Place, group: str, created: int) -> list[Stream]:
        """Copies of a group's streams, in the order in which they were made."""
        with self._lock:
            log = self._readable(place, group, created)
            return [] if log is None else [replace(stream) for stream in log.described()]

    def stream(self, place: Place, group: str, created: int, name: str) -> Stream | None:
        """A copy of one stream (its first timestamp may be missing), None if it is not there."""
        with self._lock:
            log = self._readable(place, group, created)
            found = None if log is None else log.streams.get(name)
            if found is not None:
                return replace(found)
        return None if self.earlier is None else self.earlier.stream(group, name)

    def stored(self, place: Place, group: str, created: int) -> int:
        """Bytes of a group's messages."""
        with self._lock:
            log = self._readable(place, group, created)
            return 0 if log is None else log.stored

    def dropped_from(self, place: Place, group: str, created: int) -> Dropped:
        """What has been dropped of a group."""
        with self._lock:
            log = self._readable(place, group, created)
            return Dropped(0, 0) if log is None else Dropped(log.dropped, log.dropped_until)

    def after(self, place: Place, group: str, created: int, key: Key, *, until: int, most: int) -> list[Event]:
        """The events behind `key` with timestamps up to and with `until` (ms), the oldest first, at most `most`."""
        with self._lock:
            log = self._readable(place, group, created)
            found = [] if log is None else log.after(key, until, most)
        if self.earlier is None or key.timestamp > self.earlier.until:
            return found
        made = self.earlier.after(place, group, created, key, until=until, most=most)
        return sorted([*made, *found], key=_key)[:most] if made else found

    def before(self, place: Place, group: str, created: int, key: Key, *, since: int, most: int) -> list[Event]:
        """The events before `key` with timestamps from `since` (ms) on, the newest first, at most `most`."""
        with self._lock:
            log = self._readable(place, group, created)
            found = [] if log is None else log.before(key, since, most)
        if self.earlier is None or since > self.earlier.until:
            return found
        until = self.earlier.until
        left = most - sum(event.timestamp > until for event in found)
        made = self.earlier.before(place, group, created, key, since=since, most=left) if left else []
        return sorted([*made, *found], key=_key, reverse=True)[:most] if made else found

    def follow(self, place: Place, groups: Iterable[str], follower: Follower) -> None:
        """Tell `follower` of every event that is written to these groups from now on."""
        with self._lock:
            followers = dict(self._followers)
            for group in groups:
                followers[place, group] = (*followers.get((place, group), ()), follower)
            self._followers = followers  # read without the lock: never changed in place

    def unfollow(self, follower: Follower) -> None:
        """Tell `follower` nothing any more."""
        with self._lock:
            remaining = ((key, tuple(it for it in its if it is not follower)) for key, its in self._followers.items())
            self._followers = {key: its for key, its in remaining if its}

    def _readable(self, place: Place, group: str, created: int) -> GroupLog | None:
        log = self._groups.get((place, group))
        return log if log is not None and log.created == created else None

    def _writable(self, place: Place, group: str, created: int) -> GroupLog:
        log = self._groups.get((place, group))
        if log is None or log.created != created:
            if log is not None:
                self._size -= log.size
            log = self._groups[place, group] = GroupLog(created)
        return log

    def _grown(self, by: int) -> None:
        self._size += by
        if self._size > self._limit:
            self._shrink(self._limit - self._limit // 200)  # a little at a time: it holds the lock

    def _shrink(self, size: int) -> None:
        """Drop the oldest events until no more than `size` is left, and then the oldest streams without any."""
        logs = list(self._groups.values())
        merged = heapq.merge(*(log.oldest(index) for index, log in enumerate(logs)))
        left, counts = self._size, [0] * len(logs)
        for _, its_size, index in merged:
            if left <= size:
                break
            left -= its_size
            counts[index] += 1
        for log, count in zip(logs, counts, strict=True):
            if count:
                log.drop(count)
                self._dropped = Dropped(self._dropped.events + count, max(self._dropped.until, log.dropped_until))
        self._size = sum(log.size for log in logs)
        if self._size > size:
            self._shed_streams(logs, size)

    def _shed_streams(self, logs: list[GroupLog], size: int) -> None:
        empty = [(stream.created, log, stream) for log in logs for stream in log.streams.values() if not stream.count]
        for _, log, stream in sorted(empty, key=itemgetter(0)):
            if self._size <= size:
                break
            self._size -= log.size
            log.remove(stream)
            self._size += log.size

    def _tell(self) -> None:
        with self._lock:
            self._next_notice = self._clock() + BETWEEN_NOTICES
            more, self._told = self._dropped.events - self._told.events, self._dropped
        if not more:
            return  # another thread has told it
        until = datetime.fromtimestamp(self._told.until / 1000, UTC).isoformat(timespec="milliseconds")
        limit = f"{self._limit / 1_000_000:g} MB"
        text = f"{more} log events, the last of them of {until}, were dropped: this endpoint keeps {limit} of logs.\n"
        self.append(HOME, NOTICES, "dropped", [(int(self._clock() * 1000), text)])


def _key(event: Event) -> Key:
    return event.key


def _storable(event: Written) -> Iterable[Written]:
    """An event as CloudWatch Logs could have it: never empty, and not larger than 1 MB, but in pieces then."""
    timestamp, message = event
    if len(message) <= LARGEST_MESSAGE // 4:  # of four bytes at most
        return ((timestamp, message or "\n"),)
    if len(message.encode("utf-8", "surrogatepass")) <= LARGEST_MESSAGE:
        return (event,)
    step = LARGEST_MESSAGE // 4
    return [(timestamp, message[at : at + step]) for at in range(0, len(message), step)]
