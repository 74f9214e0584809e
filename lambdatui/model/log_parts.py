"""What a selection knows of the records of one chunk: which were looked at, which are hits, which are members."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Generator, Sequence
from itertools import compress, groupby
from operator import or_
from typing import Protocol

from lambdatui.model.log_chunk import NOTE, Chunk
from lambdatui.model.log_numbers import shifted

RUNS = 64
"""Runs of records not looked at; where there are more, looking at all between them again is quicker."""


class Sieve(Protocol):
    """What tells which records are hits."""

    def scan(self, chunk: Chunk, start: int, stop: int) -> Generator[None, None, Sequence[int]]:
        """The indexes of the hits among records start … stop of a chunk, in order. Yields now and then, for a pause."""


class Part:
    """One chunk, as far as it was looked at."""

    __slots__ = ("_ahead", "_asked", "_known", "_scan", "_under_way", "chunk", "hits", "looked", "members", "version")

    def __init__(self, chunk: Chunk) -> None:
        self.chunk = chunk
        self.looked = 0
        """How many of the records were looked at."""
        self.hits = array("H")
        self.members: Sequence[int] = ()
        """Indexes of the hits, and of the members, in order."""
        self.version = 0
        """Another number for other hits."""
        self._known = 0
        """Records that were looked at, or are in runs ahead."""
        self._ahead: list[range] = []
        """Runs of records before those that were not looked at."""
        self._scan: Generator[None, None, Sequence[int]] | None = None
        self._under_way = range(0)
        """What is being looked at."""
        self._asked: tuple[int, ...] = ()
        """What the members were found for."""

    def overlaps(self, other: Part) -> bool:
        """Whether both may have had the same records."""
        return self.chunk.first <= other.chunk.last and other.chunk.first <= self.chunk.last

    def inherit(self, old: Part) -> None:
        """Know what was known of the chunk that this one was made from."""
        left, at = old._left(), 0
        ahead: list[range] = []
        for own, start, stop in self.chunk.runs:
            by = at - start
            if own:
                low, high = bisect_left(old.hits, start), bisect_left(old.hits, stop)
                self.hits += shifted(old.hits[low:high], by)
                kept = (range(max(run.start, start) + by, min(run.stop, stop) + by) for run in left)
                ahead += [run for run in kept if run]
            else:
                ahead.append(range(at, at + stop - start))
            at += stop - start
        self._expect(ahead, at)

    def take_over(self, others: Sequence[Part]) -> None:
        """Know what was known of the same records in other chunks."""
        looked: set[int] = set()
        hits: set[int] = set()
        for other in others:
            sequences = other.chunk.sequences
            left = {index for run in other._left() for index in run}
            looked.update(sequence for index, sequence in enumerate(sequences) if index not in left)
            hits.update(sequences[index] for index in other.hits)
        if looked:
            fresh = [index for index, sequence in enumerate(self.chunk.sequences) if sequence not in looked]
            self.hits = array("H", [at for at, sequence in enumerate(self.chunk.sequences) if sequence in hits])
            # An index less its place among these is the same within a run.
            runs = [[index for _, index in run] for _, run in groupby(enumerate(fresh), lambda it: it[1] - it[0])]
            self._expect([range(run[0], run[-1] + 1) for run in runs], len(self.chunk))

    def _left(self) -> list[range]:
        """Runs of records that were not looked at to the end."""
        runs = [*self._ahead, self._under_way, range(self._known, len(self.chunk))]
        return [run for run in runs if run]

    def _expect(self, ahead: list[range], known: int) -> None:
        """Look only at these runs of so many records, or at all between many; until then old hits among them stay."""
        if len(ahead) > RUNS:
            ahead = [range(min(run.start for run in ahead), max(run.stop for run in ahead))]
        self._ahead = ahead
        self._known = known
        self.looked = self._known - sum(map(len, ahead))

    def look(self, query: Sieve, deadline: float, clock: Callable[[], float]) -> bool:
        """Look at what is left, but not beyond the deadline; whether that was reached."""
        while self._scan is not None or self._next():
            if self._scan is None:
                self._scan = query.scan(self.chunk, self._under_way.start, self._under_way.stop)
            try:
                next(self._scan)
            except StopIteration as end:
                self._found(end.value)
            if clock() >= deadline:
                return True
        return False

    def _next(self) -> bool:
        """Take the newest run that was not looked at, if there is one."""
        if self._known < len(self.chunk):
            self._ahead.append(range(self._known, len(self.chunk)))
            self._known = len(self.chunk)
        if self._ahead:
            self._under_way = self._ahead.pop()
            return True
        return False

    def _found(self, hits: Sequence[int]) -> None:
        low, high = (bisect_left(self.hits, edge) for edge in (self._under_way.start, self._under_way.stop))
        self.hits[low:high] = array("H", hits)
        self.version += 1
        self.looked += len(self._under_way)
        self._scan, self._under_way = None, range(0)

    def find_members(self, context: int, before: int, after: int) -> None:
        """The hits, the context around them, so many records at the start and at the end, the notes."""
        length, notes = len(self.chunk), self.chunk.notes
        asked = context, before, after, self.version, length if context or notes else 0
        if asked == self._asked:
            return
        self._asked = asked
        if len(self.hits) + notes == length:
            self.members = range(length)
        elif not notes and not (context and self.hits) and not before and not after:
            self.members = self.hits
        else:
            mask = spread(self.hits, length, context)
            mask[: min(before, length)] = b"\1" * min(before, length)
            mask[length - min(after, length) :] = b"\1" * min(after, length)
            if notes:
                mask = bytearray(map(or_, mask, [flag & NOTE for flag in self.chunk.flags]))
            self.members = array("H", compress(range(length), mask))


def spread(hits: Sequence[int], length: int, context: int) -> bytearray:
    """A byte for each of so many records, 1 where a hit is not farther than `context` away, else 0."""
    mask = bytearray(length)
    for hit in hits:
        mask[hit] = 1
    # As one integer, moved by as much as it reaches already, and so on: a few steps, whatever the context.
    bits, reach = int.from_bytes(mask, "big"), 0
    while reach < min(context, length):
        by = min(reach + 1, context - reach)
        bits |= bits << 8 * by | bits >> 8 * by
        reach += by
    return bytearray((bits & (1 << 8 * length) - 1).to_bytes(length, "big"))
