"""The colours of some thousand records in columns: of most there are none, and of the others they are much alike."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from lambdatui.model.log_numbers import shifted
from lambdatui.model.sgr import Span, Style

STYLE, SPAN, RECORD = 250, 12, 6
"""Bytes, about, that a style takes, a span, and a record that has some."""


class SpanColumns:
    """Spans of records by the index of these."""

    __slots__ = ("_ends", "_known", "_numbers", "_places", "_records", "_starts", "_styles")

    def __init__(self) -> None:
        self._records = array("H")
        """The records that have some, in order."""
        self._places = array("I")
        """Where the spans of each of these begin."""
        self._starts = array("I")
        self._ends = array("I")
        self._numbers = array("I")
        """Of each span: the first character, the one after it, the number of the style."""
        self._styles: list[Style] = []
        self._known: dict[Style, int] = {}

    @property
    def size(self) -> int:
        """Bytes that they take, about."""
        return STYLE * len(self._styles) + SPAN * len(self._starts) + RECORD * len(self._records)

    def of(self, record: int) -> tuple[Span, ...]:
        """The spans of a record."""
        at = bisect_left(self._records, record)
        if at == len(self._records) or self._records[at] != record:
            return ()
        start = self._places[at]
        stop = self._places[at + 1] if at + 1 < len(self._places) else len(self._starts)
        return tuple(
            Span(self._starts[number], self._ends[number], self._styles[self._numbers[number]])
            for number in range(start, stop)
        )

    def extend(self, spans: Iterable[tuple[int, Sequence[Span]]]) -> None:
        """Put those of further records at the end."""
        for record, some in spans:
            self._records.append(record)
            self._places.append(len(self._starts))
            for start, end, style in some:
                self._starts.append(start)
                self._ends.append(end)
                self._numbers.append(self._number(style))

    def copy(self, other: SpanColumns, start: int, stop: int, base: int) -> None:
        """Put those of records start … stop of others at the end, as those of the records from `base` on."""
        low, high = bisect_left(other._records, start), bisect_left(other._records, stop)
        if low == high:
            return
        first = other._places[low]
        last = other._places[high] if high < len(other._places) else len(other._starts)
        self._records += shifted(other._records[low:high], base - start)
        self._places += shifted(other._places[low:high], len(self._starts) - first)
        self._starts += other._starts[first:last]
        self._ends += other._ends[first:last]
        numbers = other._numbers[first:last]
        renumbered = {number: self._number(other._styles[number]) for number in {*numbers}}
        self._numbers += array("I", [renumbered[number] for number in numbers])

    def _number(self, style: Style) -> int:
        number = self._known.setdefault(style, len(self._styles))
        if number == len(self._styles):
            self._styles.append(style)
        return number
