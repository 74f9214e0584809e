"""The events and streams of one log group, in columns sorted by time. Not safe for threads: the store has the lock."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, repeat
from sys import getsizeof
from typing import Any

from lambdatui.local.logs.events import Event, Key

_BESIDE_THE_MESSAGE = 56
"""Bytes of an event in the columns, with what they allocate ahead and what a string is rounded up by, about."""

_EMPTY_MESSAGE = getsizeof("")

STREAM_SIZE = 500
"""Bytes of a stream and its places in the two mappings, about."""

_FEW = 32
"""Late events up to which each is inserted by itself, instead of sorting all that is later anew."""


@dataclass(slots=True)
class Stream:
    """A log stream and what DescribeLogStreams tells of it. Times are ms."""

    name: str
    number: int
    created: int
    count: int = 0
    first: int | None = None
    """None without events, and while it is not known because the oldest have been dropped."""
    last: int = 0
    ingested: int = 0


class GroupLog:
    """Five columns, a row for each event, in the order of their keys: reads find their place by bisection.

    `created` is the group's creationTime: events of a group that was deleted are not those of its successor.
    """

    def __init__(self, created: int) -> None:
        self.created = created
        self.size = 0
        """Bytes of memory, counted rather than measured."""
        self.dropped = 0
        """Events that have been dropped for want of room."""
        self.dropped_until = 0
        """The timestamp of the last of them."""
        self._streams: dict[str, Stream] = {}
        self._by_number: dict[int, Stream] = {}
        self._timestamps = array("q")
        self._sequences = array("Q")
        self._ingestions = array("q")
        self._numbers = array("I")
        self._messages: list[str] = []
        self._last_number = 0

    def __len__(self) -> int:
        return len(self._messages)

    @property
    def streams(self) -> Mapping[str, Stream]:
        return self._streams

    @property
    def stored(self) -> int:
        """Bytes of the messages, exactly so for ASCII."""
        return self.size - len(self) * (_BESIDE_THE_MESSAGE + _EMPTY_MESSAGE) - len(self._streams) * STREAM_SIZE

    def make_stream(self, name: str, created: int) -> Stream:
        """A new stream; there must be none of the name."""
        self._last_number += 1
        stream = Stream(name, self._last_number, created)
        self._streams[name] = self._by_number[stream.number] = stream
        self.size += STREAM_SIZE
        return stream

    def add(self, stream: Stream, timestamps: array[int], messages: list[str], sequence: int, now: int) -> None:
        """Add events in order of time, of which the first gets the sequence number `sequence`."""
        count = len(messages)
        rows = (timestamps, array("Q", range(sequence, sequence + count)), array("q", repeat(now, count)),
                array("I", repeat(stream.number, count)), messages)  # fmt: skip
        if not self._timestamps or self._timestamps[-1] <= timestamps[0]:
            for column, new in zip(self._columns(), rows, strict=True):
                column.extend(new)
        elif count <= _FEW:
            for row in zip(*rows, strict=True):
                place = bisect_right(self._timestamps, row[0])
                for column, value in zip(self._columns(), row, strict=True):
                    column.insert(place, value)
        else:
            self._merge(rows)
        self.size += _size(messages)
        if not stream.count:
            stream.first = timestamps[0]
        elif stream.first is not None:
            stream.first = min(stream.first, timestamps[0])
        stream.count += count
        stream.last = max(stream.last, timestamps[-1])
        stream.ingested = now

    def after(self, key: Key, until: int, most: int) -> list[Event]:
        """The events behind `key` with timestamps up to and with `until`, the oldest first, at most so many."""
        start = self._index(key, bisect_right)
        return self._events(start, min(bisect_right(self._timestamps, until), start + most))

    def before(self, key: Key, since: int, most: int) -> list[Event]:
        """The events before `key` with timestamps from `since` on, the newest first, at most so many."""
        end = self._index(key, bisect_left)
        return self._events(max(bisect_left(self._timestamps, since), end - most), end)[::-1]

    def described(self) -> list[Stream]:
        """The streams, each with its first timestamp. They are the group's own, not copies."""
        unknown = {stream.number for stream in self._streams.values() if stream.count and stream.first is None}
        for timestamp, number in zip(self._timestamps, self._numbers, strict=True):
            if not unknown:
                break
            if number in unknown:
                unknown.remove(number)
                self._by_number[number].first = timestamp
        return list(self._streams.values())

    def oldest(self, mark: int) -> Iterator[tuple[int, int, int]]:
        """Timestamp and size of its events, and `mark` with each, the oldest first; until something changes."""
        for timestamp, message in zip(self._timestamps, self._messages, strict=True):
            yield timestamp, _BESIDE_THE_MESSAGE + getsizeof(message), mark

    def drop(self, count: int) -> None:
        """Forget that many of the oldest events, and the streams that have none left."""
        self.dropped += count
        self.dropped_until = self._timestamps[count - 1]
        self.size -= _size(self._messages[:count])
        for number, times in Counter(self._numbers[:count]).items():
            stream = self._by_number[number]
            stream.count -= times
            stream.first = None
            if not stream.count:
                self._forget(stream)
        for column in self._columns():
            del column[:count]

    def remove(self, stream: Stream) -> None:
        """Delete a stream with its events."""
        if stream.count:
            keep = [number != stream.number for number in self._numbers]
            self.size -= _size(message for message, kept in zip(self._messages, keep, strict=True) if not kept)
            self._replace(0, [list(compress(column, keep)) for column in self._columns()])
        self._forget(stream)

    def _columns(self) -> tuple[Any, ...]:
        return self._timestamps, self._sequences, self._ingestions, self._numbers, self._messages

    def _merge(self, rows: tuple[Any, ...]) -> None:
        """Put rows, sorted as they are, among those that are later than the first of them."""
        start = bisect_right(self._timestamps, rows[0][0])
        both = [[*column[start:], *new] for column, new in zip(self._columns(), rows, strict=True)]
        order = sorted(range(len(both[0])), key=both[0].__getitem__)  # stable: of one millisecond, the new come last
        self._replace(start, [[column[index] for index in order] for column in both])

    def _replace(self, start: int, columns: Sequence[Sequence[Any]]) -> None:
        for column, new in zip(self._columns(), columns, strict=True):
            column[start:] = array(column.typecode, new) if isinstance(column, array) else new

    def _forget(self, stream: Stream) -> None:
        del self._streams[stream.name], self._by_number[stream.number]
        self.size -= STREAM_SIZE

    def _index(self, key: Key, bisect: Callable[..., int]) -> int:
        low = bisect_left(self._timestamps, key.timestamp)
        high = bisect_right(self._timestamps, key.timestamp, low)
        return bisect(self._sequences, key.sequence, low, high)

    def _events(self, start: int, end: int) -> list[Event]:
        if start >= end:
            return []
        streams = [self._by_number[number].name for number in self._numbers[start:end]]
        columns = self._timestamps, self._sequences, self._ingestions
        return list(
            map(Event._make, zip(*(c[start:end] for c in columns), streams, self._messages[start:end], strict=True))
        )


def _size(messages: Iterable[str]) -> int:
    return sum(_BESIDE_THE_MESSAGE + getsizeof(message) for message in messages)
