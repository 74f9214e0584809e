"""The records of a log that are kept: in order whatever comes when, bounded, and small beside their text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise
from operator import attrgetter

from lambdatui.model.log_chunk import COLUMNS, LATE, Chunk, Key, Record, merged, noted, piece, without
from lambdatui.model.log_spans import RECORD, SPAN
from lambdatui.model.logs import LogEvent, Marker

LINES, SIZE = 200_000, 64_000_000
"""Records, and bytes that they take, which a buffer keeps unless it is told otherwise."""

RECORDS = 4096
"""Records of a chunk; one that late records come into may have twice as many."""

BYTES = 1_000_000
"""Bytes of text after which a chunk ends: looking through one takes a millisecond or two."""

_time = attrgetter("timestamp")
_last = attrgetter("last")


class LogBuffer:
    """Records in the order of their times, those of one time as they came.

    What is over the bounds goes, the oldest first and some at a time. A record is known by its key, which stays; its
    index changes with what comes before it and what goes.
    """

    def __init__(self, lines: int = LINES, size: int = SIZE) -> None:
        """At most so many `lines`, and so many bytes (`size`), but always the newest record."""
        self.lines = lines
        self.size = size
        self.chunks: list[Chunk] = []
        """All records; none of the chunks is empty."""
        self.starts: list[int] = []
        """The index of the first record of each chunk."""
        self.dropped = 0
        """Events that went over the bounds."""
        self.version = 0
        """Another number after every change."""
        self._records = max(1, min(RECORDS, lines // 16))
        self._bytes = max(1, min(BYTES, size // 16))
        self._newest: int | None = None
        """The latest time of all events added, as far as it was not ahead of CloudWatch's own."""
        self._next = 0
        self._before = 0
        """Sequences: the next one, and the first of what history has given."""
        self._marks: dict[str, Key] = {}

    def __len__(self) -> int:
        return self.starts[-1] + len(self.chunks[-1]) if self.chunks else 0

    @property
    def taken(self) -> int:
        """Bytes that the records take, about."""
        return sum(chunk.size for chunk in self.chunks)

    def place(self, index: int) -> tuple[int, int]:
        """The number of the chunk that a record is in, and its index there. Raises IndexError."""
        if not 0 <= index < len(self):
            raise IndexError(index)
        number = bisect_right(self.starts, index) - 1
        return number, index - self.starts[number]

    def record(self, index: int) -> Record:
        """The record at an index. Raises IndexError."""
        number, local = self.place(index)
        return self.chunks[number].record(local)

    def key(self, index: int) -> Key:
        """The key of the record at an index. Raises IndexError."""
        number, local = self.place(index)
        return self.chunks[number].key(local)

    def index(self, key: Key) -> int:
        """Where the record with this key is, or else the first one after it, which may be the end."""
        number = self._chunk(key)
        return self.starts[number] + self.chunks[number].find(key) if number < len(self.chunks) else len(self)

    def add(self, events: Sequence[LogEvent], *, history: bool = False) -> int:
        """Take events in, in whatever order they are; how many were taken is returned.

        One that lands before what was there is marked late, unless the clock of what was there was fast.
        `history`: they are older pages, read backwards: none of them is late, they go before others of the same time,
        and of those that are over the bounds only the newest are taken, and nothing is dropped.
        """
        ordered = sorted(events, key=_time)  # in no time where they are
        if history:
            ordered = ordered[len(ordered) - self._room(ordered) :]
        if not ordered:
            return 0
        late = 0
        if history:
            self._before -= len(ordered)
            sequence = self._before
        else:
            sequence, self._next = self._next, self._next + len(ordered)
            late = 0 if self._newest is None else bisect_left(ordered, self._newest, key=_time)
        self._newest = _latest(ordered, self._newest)
        self._take(ordered, sequence, bytes([LATE]) * late + bytes(len(ordered) - late))
        if not history:
            self._bound()
        self._changed()
        return len(ordered)

    def mark(self, marker: Marker) -> None:
        """Put a note between the events. One with the same key goes; at the same time, only its text changes."""
        key = self._marks.pop(marker.key, None)
        if key is not None:
            self._remove(key)
        if key is None or key[0] != marker.timestamp:
            key = marker.timestamp, self._next
            self._next += 1
        self._marks[marker.key] = key
        self._insert(noted(key, marker.text))
        self._bound()
        self._changed()

    def clear(self) -> None:
        """Drop everything, uncounted. What comes then is not late."""
        self.chunks.clear()
        self._marks.clear()
        self.dropped = 0
        self._newest = None
        self._changed()

    def _changed(self) -> None:
        self.starts = [*accumulate(map(len, self.chunks[:-1]), initial=0)] if self.chunks else []
        self.version += 1

    def _room(self, events: Sequence[LogEvent]) -> int:
        """How many of the events, counted from the newest, fit in the bounds."""
        lines, size = self.lines - len(self), self.size - self.taken
        for fitting, event in enumerate(reversed(events)):
            size -= len(event.message.encode()) + COLUMNS + RECORD + SPAN * len(event.spans)
            if fitting >= lines or size < 0:
                return fitting
        return len(events)

    def _take(self, events: Sequence[LogEvent], sequence: int, flags: bytes) -> None:
        """Put events in order where they belong; their sequences count up."""
        key = self.chunks[-1].last if self.chunks else (events[0].timestamp, sequence)
        behind = bisect_left(events, key, key=lambda event: (event.timestamp, sequence))
        for start in reversed(range(0, behind, self._records)):
            stop = min(start + self._records, behind)
            batch = Chunk()
            batch.extend(events[start:stop], sequence + start, flags[start:stop])
            self._insert(batch)
        self._append(events[behind:], sequence + behind, flags[behind:])

    def _append(self, events: Sequence[LogEvent], sequence: int, flags: bytes) -> None:
        """Put events in order after all others."""
        while events:
            if not self.chunks or self._full(self.chunks[-1]):
                self._begin()
            chunk = self.chunks[-1]
            count = min(len(events), max(1, self._records - len(chunk)))
            while count > 1 and sum(len(event.message) for event in events[:count]) > self._bytes:
                count //= 2
            chunk.extend(events[:count], sequence, flags[:count])
            events, sequence, flags = events[count:], sequence + count, flags[count:]

    def _begin(self) -> None:
        if self.chunks:
            self.chunks[-1].seal()
        self.chunks.append(Chunk())

    def _full(self, chunk: Chunk) -> bool:
        return len(chunk) >= self._records or len(chunk.arena) >= self._bytes

    def _insert(self, batch: Chunk) -> None:
        """Put records where they belong: in the chunk they fall into, or into the next one, or beside it."""
        at = 0
        while at < len(batch):
            number, stop = self._chunk(batch.key(at)), len(batch)
            if number < len(self.chunks):
                chunk = self.chunks[number]
                stop = batch.find(chunk.first if batch.key(at) < chunk.first else chunk.last)
            part, at = piece(batch, at, stop), stop
            joined = min(number, len(self.chunks) - 1)
            if joined < 0 or (len(part) >= self._records and not self._within(part, number)):
                self.chunks[number:number] = self._fitting(part)
            else:
                self.chunks[joined : joined + 1] = self._fitting(merged(self.chunks[joined], part))

    def _within(self, part: Chunk, number: int) -> bool:
        """Whether a chunk begins before this part of it."""
        return number < len(self.chunks) and self.chunks[number].first < part.first

    def _chunk(self, key: Key) -> int:
        """The number of the first chunk that does not end before a key."""
        return bisect_left(self.chunks, key, key=_last)

    def _fitting(self, chunk: Chunk) -> list[Chunk]:
        """The records in chunks that are not too large."""
        if len(chunk) == 1 or (len(chunk) <= 2 * self._records and len(chunk.arena) <= 2 * self._bytes):
            return [chunk]
        count = max(1, min(self._records, len(chunk) // 2))
        cuts = [*range(0, len(chunk), count), len(chunk)]
        parts = [piece(chunk, start, stop) for start, stop in pairwise(cuts)]
        return [fitting for part in parts for fitting in self._fitting(part)]

    def _remove(self, key: Key) -> None:
        """Take a record out, if it is there."""
        number = self._chunk(key)
        if number == len(self.chunks):
            return
        chunk = self.chunks[number]
        local = chunk.find(key)
        if chunk.key(local) == key:
            rest = without(chunk, local)
            self.chunks[number : number + 1] = [rest] if len(rest) else []

    def _bound(self) -> None:
        """Let the oldest go as long as there are too many."""
        count, taken = sum(map(len, self.chunks)), self.taken
        gone = 0
        while gone < len(self.chunks) - 1 and (count > self.lines or taken > self.size):
            chunk = self.chunks[gone]
            count -= len(chunk)
            taken -= chunk.size
            self.dropped += len(chunk) - chunk.notes
            gone += 1
        if gone:
            last = self.chunks[gone - 1].last
            del self.chunks[:gone]
            self._marks = {name: key for name, key in self._marks.items() if key > last}


def _latest(ordered: Sequence[LogEvent], latest: int | None) -> int | None:
    """The latest time, or that of the events if it is later; of an event from the future, when it was ingested."""
    for event in reversed(ordered):
        if latest is not None and event.timestamp <= latest:
            break
        time = min(event.timestamp, event.ingestion or event.timestamp)
        latest = time if latest is None else max(latest, time)
    return latest
