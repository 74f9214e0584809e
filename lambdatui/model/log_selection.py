"""The records of a buffer that a query picks, found a slice of time after another, the newest first."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate

from lambdatui.model.log_buffer import LogBuffer
from lambdatui.model.log_chunk import NOTE
from lambdatui.model.log_parts import Part, Sieve

__all__ = ["LogSelection", "Sieve"]


class LogSelection:
    """The hits of a query, `context` records before and after each, and all notes, in the buffer's order.

    It follows the buffer whatever happens to that, but knows hits only of what `advance` has looked at. Without a query
    every record is a hit. Indexes count members; `buffer_index` and `position` lead to and from those of the buffer.
    """

    def __init__(self, buffer: LogBuffer, query: Sieve | None = None, context: int = 0) -> None:
        self.buffer = buffer
        self.query = query
        self._context = context
        self._parts: list[Part] = []
        self._version: int | None = None
        self._starts: list[int] = []
        """The index of the first member in each part."""
        self._count = 0

    @property
    def context(self) -> int:
        """How many records before and after each hit are members, too. It can be set."""
        return self._context

    @context.setter
    def context(self, context: int) -> None:
        self._context = context
        self._number()

    def advance(self, budget: float, clock: Callable[[], float]) -> bool:
        """Look at records that were not looked at yet, the newest first; True when there are no more of them.

        It goes on until `clock` has gone on by `budget` (in the clock's unit), and always looks at some.
        """
        self._follow()
        if self.query is None:
            return True
        deadline = clock() + budget
        for part in reversed(self._parts):
            if part.look(self.query, deadline, clock):
                break
        self._number()
        return self.looked_at == self.total

    def __len__(self) -> int:
        self._follow()
        return len(self.buffer) if self.query is None else self._count

    @property
    def hits(self) -> int:
        """Hits found so far. Notes are none."""
        self._follow()
        if self.query is None:
            return sum(len(chunk) - chunk.notes for chunk in self.buffer.chunks)
        return sum(len(part.hits) for part in self._parts)

    @property
    def looked_at(self) -> int:
        """Records looked at so far."""
        self._follow()
        return len(self.buffer) if self.query is None else sum(part.looked for part in self._parts)

    @property
    def total(self) -> int:
        """Records of the buffer."""
        return len(self.buffer)

    def buffer_index(self, index: int) -> int:
        """Where the member at an index is in the buffer. Raises IndexError."""
        if not 0 <= index < len(self):
            raise IndexError(index)
        if self.query is None:
            return index
        number = bisect_right(self._starts, index) - 1
        return self.buffer.starts[number] + self._parts[number].members[index - self._starts[number]]

    def position(self, buffer_index: int) -> int:
        """The index of that record of the buffer, or of the next member, or else of the last; 0 if there is none."""
        count = len(self)
        if self.query is None or not count:
            return max(0, min(buffer_index, count - 1))
        number = bisect_right(self.buffer.starts, max(0, buffer_index)) - 1
        local = bisect_left(self._parts[number].members, buffer_index - self.buffer.starts[number])
        return min(self._starts[number] + local, count - 1)

    def is_hit(self, index: int) -> bool:
        """Whether the member at an index is a hit, not context or a note. Raises IndexError."""
        number, local = self.buffer.place(self.buffer_index(index))
        if self.query is None:
            return not self.buffer.chunks[number].flags[local] & NOTE
        hits = self._parts[number].hits
        at = bisect_left(hits, local)
        return at < len(hits) and hits[at] == local

    def _follow(self) -> None:
        """Take over what has changed in the buffer."""
        if self.query is None or self._version == self.buffer.version:
            return
        gone = {id(part.chunk): part for part in self._parts}  # their chunks live as long as they do
        parts, made = [], []
        for chunk in self.buffer.chunks:
            part = gone.pop(id(chunk), None)
            if part is None:
                part = Part(chunk)
                made.append(part)
            parts.append(part)
        for part in made:
            origin = part.chunk.made_from and part.chunk.made_from()
            if origin is not None and id(origin) in gone:
                part.inherit(gone[id(origin)])
                continue
            part.take_over([other for other in gone.values() if other.overlaps(part)])
        self._parts = parts
        self._version = self.buffer.version
        self._number()

    def _number(self) -> None:
        """Find the members of each part, and count them."""
        before, after = self._reaches()
        for part, reach in zip(self._parts, zip(before, after, strict=True), strict=True):
            part.find_members(self._context, *reach)
        counts = [len(part.members) for part in self._parts]
        self._starts = [*accumulate(counts, initial=0)][:-1]
        self._count = sum(counts)

    def _reaches(self) -> tuple[Sequence[int], Sequence[int]]:
        """How many records at the start, and at the end, of each part are context of hits in other parts."""
        context, before, after = self._context, [0] * len(self._parts), [0] * len(self._parts)
        if not context:
            return before, after
        reach = 0
        for number, part in enumerate(self._parts):
            before[number] = reach
            reach = max(0, (part.hits[-1] + 1 + context if part.hits else reach) - len(part.chunk))
        reach = 0
        for number, part in reversed([*enumerate(self._parts)]):
            after[number] = reach
            reach = max(0, context - part.hits[0] if part.hits else reach - len(part.chunk))
        return before, after
