"""Some thousand log records side by side: one run of bytes for their text, a column for each thing known of them."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple, TypeAlias
from weakref import ref

from lambdatui.model.log_numbers import shifted
from lambdatui.model.log_spans import SpanColumns
from lambdatui.model.logs import LogEvent
from lambdatui.model.sgr import Span

Key: TypeAlias = tuple[int, int]
"""Timestamp (ms) and sequence: what records are ordered by, and what one is known by wherever it is."""

END = b"\xff"
"""What ends the text of each record: a byte that is in no UTF-8, so nothing that is sought goes across it."""

LATE, NOTE = 1, 2
"""Flags of a record."""

COLUMNS = 4 + 8 + 8 + 8 + 2 + 1 + len(END)
"""Bytes that a record takes beside its text."""


class Record(NamedTuple):
    """One line of a log buffer: an event, or a note of ours. Times are milliseconds since 1970 UTC."""

    key: Key
    timestamp: int
    ingestion: int
    group: str
    stream: str
    message: str
    spans: tuple[Span, ...]
    hidden: int
    """Characters of the message that were left out at its end."""
    late: bool
    """Whether it came after records that are behind it."""
    note: bool
    """Whether it is no event but a line of ours (see Marker)."""


class Chunk:
    """Records in the order of their keys. It only ever grows at its end: any other change makes another chunk."""

    __slots__ = (
        "__weakref__", "arena", "flags", "hidden", "ingestions", "made_from", "notes", "origins", "places", "runs",
        "sequences", "spans", "starts", "times", "where",
    )  # fmt: skip

    def __init__(self) -> None:
        self.arena: bytes | bytearray = bytearray()
        """The messages in UTF-8, each followed by END."""
        self.starts = array("I")
        """Where each message begins in the arena."""
        self.times = array("q")
        self.ingestions = array("q")
        self.sequences = array("q")
        self.origins = array("H")
        """Which of the places each is from."""
        self.flags = bytearray()
        self.places: list[tuple[str, str]] = []
        """Log groups and streams that records are from."""
        self.where: dict[tuple[str, str], int] = {}
        """The index of each of the places."""
        self.spans = SpanColumns()
        self.hidden: dict[int, int] = {}
        """Characters left out of the records of which some were, by index."""
        self.notes = 0
        """Records that are notes."""
        self.made_from: ref[Chunk] | None = None
        """The chunk that this one was made from by putting records in, while somebody has it."""
        self.runs: Sequence[tuple[bool, int, int]] = ()
        """Runs of records that this one was made of: whether of that chunk, and its start and stop where it was."""

    def __len__(self) -> int:
        return len(self.times)

    @property
    def size(self) -> int:
        """Bytes that it takes, about."""
        return len(self.arena) + len(self) * (COLUMNS - len(END)) + self.spans.size

    def key(self, index: int) -> Key:
        """The key of a record."""
        return self.times[index], self.sequences[index]

    @property
    def first(self) -> Key:
        """The key of the first record."""
        return self.times[0], self.sequences[0]

    @property
    def last(self) -> Key:
        """The key of the last record."""
        return self.times[-1], self.sequences[-1]

    def find(self, key: Key) -> int:
        """The index of the first record whose key is not before this one."""
        time, sequence = key
        low = bisect_left(self.times, time)
        return bisect_left(self.sequences, sequence, low, bisect_right(self.times, time, low))

    def end(self, index: int) -> int:
        """Where the text of a record ends in the arena."""
        return (self.starts[index + 1] if index + 1 < len(self.starts) else len(self.arena)) - len(END)

    def raw(self, index: int) -> bytes | bytearray:
        """The message of a record in UTF-8."""
        return self.arena[self.starts[index] : self.end(index)]

    def message(self, index: int) -> str:
        """The message of a record."""
        return self.raw(index).decode()

    def record(self, index: int) -> Record:
        """All that is known of a record."""
        group, stream = self.places[self.origins[index]]
        flags = self.flags[index]
        return Record(
            self.key(index), self.times[index], self.ingestions[index], group, stream, self.message(index),
            self.spans.of(index), self.hidden.get(index, 0), bool(flags & LATE), bool(flags & NOTE),
        )  # fmt: skip

    def extend(self, events: Sequence[LogEvent], sequence: int, flags: bytes) -> None:
        """Put events in order, none of which is before the last record, at the end. Their sequences count up."""
        # Column by column, and each array from a list: that is three times as fast as record by record.
        base = len(self)
        self._append_text([event.message.encode() + END for event in events])
        self.times += array("q", [event.timestamp for event in events])
        self.ingestions += array("q", [event.ingestion for event in events])
        self.sequences += array("q", range(sequence, sequence + len(events)))
        self._extend_origins([(event.group, event.stream) for event in events])
        self.flags += flags
        self.spans.extend((base + index, event.spans) for index, event in enumerate(events) if event.spans)
        self.hidden.update((base + index, event.hidden) for index, event in enumerate(events) if event.hidden)

    def _append_text(self, texts: Sequence[bytes]) -> None:
        starts = array("I", accumulate(map(len, texts), initial=len(self.arena)))
        starts.pop()  # the end of all is the start of nothing yet
        self.starts += starts
        if isinstance(self.arena, bytes):
            self.arena = bytearray(self.arena)
        self.arena += b"".join(texts)

    def _extend_origins(self, places: Sequence[tuple[str, str]]) -> None:
        where = self.where
        try:
            self.origins += array("H", [where[place] for place in places])
        except KeyError:
            for place in dict.fromkeys(places):
                if place not in where:
                    where[place] = len(self.places)
                    self.places.append(place)
            self.origins += array("H", [where[place] for place in places])

    def copy(self, other: Chunk, start: int, stop: int) -> None:
        """Put what is known of records start … stop of another chunk, but for their text, at the end."""
        base = len(self)
        self.times += other.times[start:stop]
        self.ingestions += other.ingestions[start:stop]
        self.sequences += other.sequences[start:stop]
        flags = other.flags[start:stop]
        self.flags += flags
        if other.notes:
            self.notes += sum(1 for flag in flags if flag & NOTE)
        if not self.places and len(other.places) <= stop - start:
            self.places, self.where = list(other.places), dict(other.where)
        if self.places == other.places:
            self.origins += other.origins[start:stop]
        else:
            self._extend_origins([other.places[origin] for origin in other.origins[start:stop]])
        self.spans.copy(other.spans, start, stop, base)
        self.hidden.update(
            (base + index - start, count) for index, count in other.hidden.items() if start <= index < stop
        )

    def seal(self) -> None:
        """Give back the room kept for growing; it can grow all the same."""
        self.arena = bytes(self.arena)


Run: TypeAlias = tuple[Chunk, int, int]
"""Records start … stop of a chunk."""


def noted(key: Key, text: str) -> Chunk:
    """A chunk of one note."""
    chunk = Chunk()
    chunk.extend([LogEvent("", key[0], 0, "", text)], key[1], bytes([NOTE]))
    chunk.notes = 1
    return chunk


def assembled(runs: Iterable[Run]) -> Chunk:
    """A chunk of runs of records of others, which are in order."""
    made, texts, length = Chunk(), [], 0
    for source, start, stop in runs:
        first, end = source.starts[start], source.end(stop - 1) + len(END)
        made.starts += shifted(source.starts[start:stop], length - first)
        texts.append(memoryview(source.arena)[first:end])
        length += end - first
        made.copy(source, start, stop)
    made.arena = b"".join(texts)
    return made


def piece(chunk: Chunk, start: int, stop: int) -> Chunk:
    """A chunk of the records start … stop of another."""
    return assembled([(chunk, start, stop)])


def without(chunk: Chunk, index: int) -> Chunk:
    """A chunk of all records but one."""
    return assembled((chunk, start, stop) for start, stop in ((0, index), (index + 1, len(chunk))) if start < stop)


def merged(chunk: Chunk, other: Chunk) -> Chunk:
    """A chunk of the records of both, which have no key in common; it knows that it was made from the first."""
    runs = [(source, start, stop) for source, start, stop in _runs(chunk, other) if start < stop]
    both = assembled(runs)
    both.made_from = ref(chunk)
    both.runs = [(source is chunk, start, stop) for source, start, stop in runs]
    return both


def _runs(chunk: Chunk, other: Chunk) -> Iterator[Run]:
    """Both in turn, as far as each goes before the other."""
    at = then = 0
    while then < len(other):
        until = chunk.find(other.key(then))
        yield chunk, at, until
        at = until
        stop = other.find(chunk.key(at)) if at < len(chunk) else len(other)
        yield other, then, stop
        then = stop
    yield chunk, at, len(chunk)
