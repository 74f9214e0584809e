"""The language of log filters and searches."""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence

from lambdatui.model.log_chunk import NOTE, Chunk, Record
from lambdatui.model.query import QueryError

__all__ = ["LogQuery", "QueryError", "parse"]


def parse(source: str) -> LogQuery:
    """The query that is written there. Raises QueryError."""
    return LogQuery(source.strip())


class LogQuery:
    """A text that records have to have in their message."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._sought = re.compile(re.escape(source), re.IGNORECASE if source == source.lower() else 0)

    def matches(self, record: Record) -> bool:
        """Whether a record is a hit. A note is none."""
        return not record.note and self._sought.search(record.message) is not None

    def highlights(self, message: str) -> Sequence[tuple[int, int]]:
        """What in a message is looked for: starts and ends, in order."""
        return [found.span() for found in self._sought.finditer(message)]

    def scan(self, chunk: Chunk, start: int, stop: int) -> Generator[None, None, Sequence[int]]:
        """The indexes of the hits among records start … stop of a chunk."""
        hits = []
        for index in range(start, stop):
            if not chunk.flags[index] & NOTE and self._sought.search(chunk.message(index)):
                hits.append(index)
            if not index % 256:
                yield
        return hits
