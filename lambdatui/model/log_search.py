"""The next hit of a query, from one record on."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence

from lambdatui.model.log_chunk import Key
from lambdatui.model.log_selection import LogSelection, Sieve

AT_ONCE = 512
"""Records of a chunk that are looked at together: the next hit is often near."""


class LogSearch:
    """A way through a selection, forth or back, to the next hit; it goes on wherever it was if the buffer changes."""

    def __init__(self, within: LogSelection, query: Sieve, start: Key | None = None, step: int = 1) -> None:
        """Search after (`step` 1) or before (-1) the record with the key `start`; None: from the other end on."""
        self.found: Key | None = None
        """The key of the hit, once there is one."""
        self._within = within
        self._query = query
        self._step = step
        self._at = start
        """The last record that was looked at."""
        self._done = False
        self._scan: Generator[None, None, Sequence[int]] | None = None
        self._place = (0, 0, 0)
        """Number of a chunk, start and stop, of the scan under way."""
        self._version = within.buffer.version

    def advance(self, budget: float, clock: Callable[[], float]) -> bool:
        """Search on until `clock` has gone on by `budget`; True when it has found a hit, or there is none."""
        deadline = clock() + budget
        if self._version != self._within.buffer.version:
            self._version, self._scan = self._within.buffer.version, None
        while not self._done:
            self._look()
            if clock() >= deadline:
                break
        return self._done

    def _look(self) -> None:
        """Take one step."""
        scan = self._scan = self._scan or self._begin()
        if scan is None:
            self._done = True
            return
        try:
            next(scan)
        except StopIteration as end:
            self._scan = None
            self._took(end.value)

    def _begin(self) -> Generator[None, None, Sequence[int]] | None:
        """Begin to scan what comes next, if there is something."""
        buffer, at = self._within.buffer, self._from()
        if not 0 <= at < len(buffer):
            return None
        number, local = buffer.place(at)
        if self._step > 0:
            start, stop = local, min(local + AT_ONCE, len(buffer.chunks[number]))
        else:
            start, stop = max(0, local + 1 - AT_ONCE), local + 1
        self._place = number, start, stop
        return self._hits(number, start, stop)

    def _hits(self, number: int, start: int, stop: int) -> Generator[None, None, Sequence[int]]:
        """The hits that are members, or will be when the selection has come to them."""
        buffer, query = self._within.buffer, self._within.query
        found = yield from self._query.scan(buffer.chunks[number], start, stop)
        if not found or query is None:
            return found
        passed = {*(yield from query.scan(buffer.chunks[number], start, stop))}
        return [local for local in found if local in passed or self._member(buffer.starts[number] + local)]

    def _from(self) -> int:
        """The index in the buffer of the next record to be looked at."""
        buffer = self._within.buffer
        if self._at is None:
            return 0 if self._step > 0 else len(buffer) - 1
        if self._step < 0:
            return buffer.index(self._at) - 1
        time, sequence = self._at
        return buffer.index((time, sequence + 1))

    def _took(self, hits: Sequence[int]) -> None:
        """Go on from what was scanned, unless a hit in it is a member."""
        number, start, stop = self._place
        chunk = self._within.buffer.chunks[number]
        if hits:
            self.found, self._done = chunk.key(hits[0] if self._step > 0 else hits[-1]), True
            return
        self._at = chunk.key(stop - 1 if self._step > 0 else start)

    def _member(self, index: int) -> bool:
        within = self._within
        return bool(len(within)) and within.buffer_index(within.position(index)) == index
