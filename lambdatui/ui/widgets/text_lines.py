"""The lines of a text folded to a width: which rows they make, found only for the lines that somebody looks at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from lambdatui.model.sgr import Span, Styled, part, without_tabs
from lambdatui.model.text import visible
from lambdatui.ui.widgets.cells import fold_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

Kind: TypeAlias = Literal["log", "platform", "debug", "warning", "error", "note", "good", "bad", "doubt"]

MARGIN = 2
"""Cells before every row: the mark of the line's kind, and a space."""
REMEMBERED = 4096
"""Folded lines that are kept: what a reader scrolls through in a while."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line, already visible text; newlines in it make rows, tabs become spaces."""

    text: str
    kind: Kind = "log"
    """"platform": a line of Lambda itself; "note": one of ours, such as a title; "good", "bad", "doubt": a verdict."""
    spans: tuple[Span, ...] = ()
    """Parts of the text that have a style of their own."""


CHARACTERS = 16_000_000
"""Characters that are kept at most, whatever the number of lines: one may have a million."""


class Place(NamedTuple):
    """A row: the number of its line, counted from the first one ever, and the row within the line."""

    line: int
    row: int


class _Folded(NamedTuple):
    """The rows of a line, and where in its text each starts."""

    rows: list[str]
    starts: list[int]
    spans: tuple[Span, ...]


class TextLines:
    """A bounded run of lines and their rows at a width; the first lines are dropped."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lines: list[TextLine] = []
        self._characters = 0
        self._folded: dict[int, _Folded] = {}
        self._shape = (80, True)
        self.first = 0
        """Number of the oldest line that is still there."""

    @property
    def end(self) -> int:
        """Number that the next line will have."""
        return self.first + len(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def line(self, number: int) -> TextLine:
        """The line of a number from `first` up to `end`."""
        return self._lines[number - self.first]

    def append(self, lines: Sequence[TextLine]) -> None:
        """Add lines at the end, and drop as many of the oldest as are beyond the limit."""
        self._lines.extend(lines)
        self._characters += sum(len(line.text) for line in lines)
        surplus, characters = max(0, len(self._lines) - self._limit), self._characters
        characters -= sum(len(line.text) for line in self._lines[:surplus])
        while characters > CHARACTERS and surplus < len(self._lines) - 1:
            characters -= len(self._lines[surplus].text)
            surplus += 1
        self._drop(surplus)

    def clear(self) -> None:
        """Drop all lines."""
        self._drop(len(self._lines))

    def shape(self, width: int, wrap: bool) -> None:
        """Take the cells of a row, and whether long lines go on in the next row."""
        if (width, wrap) != self._shape:
            self._shape = (width, wrap)
            self._folded.clear()

    @property
    def body(self) -> int:
        """Cells that a row has for text."""
        return max(1, self._shape[0] - MARGIN)

    def rows(self, number: int) -> list[str]:
        """The rows of a line's text; whole ones, however long, when lines are not wrapped."""
        return self._fold(number).rows

    def spans(self, place: Place) -> tuple[Span, ...]:
        """The parts of a row that have a style of their own, by the row's characters."""
        folded = self._fold(place.line)
        if not folded.spans:
            return ()
        start = folded.starts[place.row]
        return part(folded.spans, start, start + len(folded.rows[place.row]))

    def _fold(self, number: int) -> _Folded:
        if (folded := self._folded.get(number)) is None:
            if len(self._folded) >= REMEMBERED:
                self._folded.clear()
            line = self.line(number)
            text, spans = without_tabs(Styled(line.text, line.spans))
            shown = visible(text)
            width = self.body if self._shape[1] else None
            folded = self._folded[number] = _Folded(
                *fold_lines(shown.rstrip("\n"), width), spans if shown == text else ()
            )
        return folded

    def moved(self, place: Place, rows: int) -> Place:
        """The place some rows further on, or back, but not beyond the first and the last row."""
        number, row = place.line, place.row + rows
        while row < 0 and number > self.first:
            number -= 1
            row += len(self.rows(number))
        while number < self.end - 1 and row >= (count := len(self.rows(number))):
            number += 1
            row -= count
        last = len(self.rows(number)) - 1 if self._lines else 0
        return Place(number, max(0, min(row, last)))

    def last_top(self, height: int) -> Place:
        """The place of the first of the last `height` rows."""
        if not self._lines:
            return Place(self.first, 0)
        return self.moved(Place(self.end - 1, len(self.rows(self.end - 1)) - 1), 1 - max(1, height))

    def places(self, top: Place, height: int, end: int | None = None) -> list[Place]:
        """The places of the rows from `top` on, at most `height`, and none of the line `end` and later ones."""
        places: list[Place] = []
        number, row = top
        end = self.end if end is None else min(end, self.end)
        while number < end and len(places) < height:
            rows = range(row, len(self.rows(number)))
            places += [Place(number, row) for row in rows[: height - len(places)]]
            number, row = number + 1, 0
        return places

    def clamped(self, place: Place) -> Place:
        """The place itself, or the oldest row if its line was dropped."""
        return place if place.line >= self.first else Place(self.first, 0)

    def characters_before(self, place: Place) -> int:
        """Characters of the line before a place: what finds it again after another folding."""
        return sum(map(len, self.rows(place.line)[: place.row])) if self._lines else 0

    def place_of(self, number: int, characters: int) -> Place:
        """The row of a line that holds its character of a number."""
        if not self._lines:
            return Place(number, 0)
        rows = self.rows(number)
        for row, text in enumerate(rows):
            characters -= len(text)
            if characters < 0:
                return Place(number, row)
        return Place(number, len(rows) - 1)

    def _drop(self, count: int) -> None:
        if count:
            self._characters -= sum(len(line.text) for line in self._lines[:count])
            del self._lines[:count]
            self.first += count
            for number in [number for number in self._folded if number < self.first]:
                del self._folded[number]
