"""What is looked for in a log: the filter, a search, errors; a slice of time after another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lambdatui.model.log_query import parse
from lambdatui.model.log_search import LogSearch
from lambdatui.model.log_selection import LogSelection

if TYPE_CHECKING:
    from collections.abc import Callable

    from lambdatui.model.log_buffer import LogBuffer
    from lambdatui.model.log_chunk import Key
    from lambdatui.model.log_query import LogQuery

CONTEXT = (0, 1, 2, 3, 5, 10, 20, 50)
"""Lines around hits, from step to step."""
ERRORS = parse("level>=error")
"""What the keys that go from error to error look for."""


class LogFinder:
    """The selection that a filter makes, and the ways to hits within it."""

    def __init__(self, buffer: LogBuffer) -> None:
        self._buffer = buffer
        self.query: LogQuery | None = None
        """The filter."""
        self.sought: LogQuery | None = None
        """The search."""
        self.selection = LogSelection(buffer)
        self.found: LogSelection | None = None
        """The hits of the search, as far as they are known."""
        self._walk: LogSearch | None = None
        self._step = 1
        self.goal: Key | None = None
        """The hit that was found; whoever goes there takes it away."""
        self.missed = ""
        """What was not found: said until something else is looked for."""
        self.busy = False
        """Whether there are records that were not looked at yet."""

    def filter(self, query: LogQuery | None) -> None:
        """Let only the hits of a query through, and the context around them."""
        self.query = query
        self.selection = LogSelection(self._buffer, query, self.selection.context)
        self._walk, self.missed = None, ""

    def search(self, query: LogQuery | None) -> None:
        """Have these hits be the ones that `seek` finds."""
        self.sought = query
        self.found = None if query is None else LogSelection(self._buffer, query)
        self._walk, self.missed = None, ""

    def widen(self, step: int) -> None:
        """More context around the hits of the filter, or less (-1)."""
        at = CONTEXT.index(self.selection.context) + step
        self.selection.context = CONTEXT[max(0, min(at, len(CONTEXT) - 1))]

    def seek(self, start: Key | None, step: int, *, errors: bool = False) -> None:
        """Find the first hit after a record (or before it, -1), of the search or else of the filter; or an error.

        Without a record, from the end on.
        """
        query = ERRORS if errors else self.sought or self.query
        self._walk = None if query is None else LogSearch(self.selection, query, start, step)
        self._step, self.missed = step, ""

    def leave(self) -> None:
        """Search for nothing any more."""
        self.search(None)

    @property
    def queries(self) -> tuple[LogQuery | None, LogQuery | None]:
        """What makes hits: the filter and the search."""
        return self.query, self.sought

    @property
    def progress(self) -> float:
        """How much was looked at, from 0 to 1, of what has to be."""
        total = len(self._buffer)
        return min(it.looked_at for it in self._selections()) / total if total else 1.0

    def highlights(self, text: str) -> list[tuple[int, int]]:
        """What of a text is a hit of the filter or of the search: starts and ends, in order, without overlaps."""
        spans = [span for query in (self.query, self.sought) if query is not None for span in query.highlights(text)]
        joined: list[tuple[int, int]] = []
        for start, end in sorted(spans):
            if joined and start <= joined[-1][1]:
                joined[-1] = joined[-1][0], max(end, joined[-1][1])
            else:
                joined.append((start, end))
        return joined

    def advance(self, budget: float, clock: Callable[[], float]) -> bool:
        """Look further for so long (in the clock's unit) at most; True when all is known that is looked for."""
        deadline = clock() + budget
        done = True
        walk = self._walk
        if walk is not None:
            done = walk.advance(budget, clock)
            if done:
                self._walk, self.goal = None, walk.found
                self.missed = "" if walk.found else f"nothing more {'below' if self._step > 0 else 'above'}"
        for selection in self._selections():
            done = selection.advance(max(0.0, deadline - clock()), clock) and done
        self.busy = not done
        return done

    def _selections(self) -> list[LogSelection]:
        return [self.selection] if self.found is None else [self.selection, self.found]
