"""What a selection knows of the records of one chunk: which were looked at, which are hits, which are members."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Generator, Iterable, Sequence
from itertools import groupby
from typing import Protocol

from lambdatui.model.log_chunk import NOTE, Chunk

RUNS = 64
"""Runs of records not looked at; where there are more, looking at all of the chunk again is quicker."""


class Sieve(Protocol):
    """What tells which records are hits."""

    def scan(self, chunk: Chunk, start: int, stop: int) -> Generator[None, None, Sequence[int]]:
        """The indexes of the hits among records start … stop of a chunk, in order. Yields now and then, for a pause."""


class Part:
    """One chunk, as far as it was looked at."""

    __slots__ = ("_ahead", "_asked", "_known", "_scan", "_under_way", "chunk", "hits", "looked", "members")

    def __init__(self, chunk: Chunk) -> None:
        self.chunk = chunk
        self.looked = 0
        """How many of the records were looked at."""
        self.hits = array("H")
        self.members: Sequence[int] = ()
        """Indexes of the hits, and of the members, in order."""
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

    def take_over(self, others: Iterable[Part]) -> None:
        """Know what was known of the same records in other chunks, which this one was made from."""
        looked: set[int] = set()
        hits: set[int] = set()
        for other in others:
            sequences = other.chunk.sequences
            left = {index for run in [*other._ahead, other._under_way] for index in run}
            looked.update(sequences[index] for index in range(other._known) if index not in left)
            hits.update(sequences[index] for index in other.hits)
        if not looked:
            return
        fresh = [index for index, sequence in enumerate(self.chunk.sequences) if sequence not in looked]
        # An index less its place among these is the same within a run.
        runs = [[index for _, index in run] for _, run in groupby(enumerate(fresh), lambda it: it[1] - it[0])]
        if len(runs) <= RUNS:
            self._ahead = [range(run[0], run[-1] + 1) for run in runs]
            self._known = len(self.chunk)
            self.looked = self._known - len(fresh)
            self.hits = array("H", [at for at, sequence in enumerate(self.chunk.sequences) if sequence in hits])

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
        if self.hits and hits and hits[0] < self.hits[-1]:
            self.hits = array("H", sorted([*self.hits, *hits]))
        else:
            self.hits.extend(hits)
        self.looked += len(self._under_way)
        self._scan, self._under_way = None, range(0)

    def find_members(self, context: int, before: int, after: int) -> None:
        """The hits, the context around them, so many records at the start and at the end, the notes."""
        length, notes = len(self.chunk), self.chunk.notes
        asked = context, before, after, len(self.hits), length if context or notes else 0
        if asked == self._asked:
            return
        self._asked = asked
        if not context and not notes:
            self.members = self.hits
            return
        members = array("H", range(min(before, length)))
        end = len(members)
        for hit in self.hits:
            members.extend(range(max(end, hit - context), min(length, hit + context + 1)))
            end = max(end, min(length, hit + context + 1))
        members.extend(range(max(end, length - after), length))
        if notes:
            others = [index for index, flag in enumerate(self.chunk.flags) if flag & NOTE]
            members = array("H", sorted({*members, *others}))
        self.members = members
