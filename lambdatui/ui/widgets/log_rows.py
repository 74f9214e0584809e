"""The rows that log records make at a width, found only for the records that somebody looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lambdatui.model.log_levels import Level, level
from lambdatui.model.log_message import shown
from lambdatui.model.sgr import Span, part, without_tabs
from lambdatui.model.text import visible
from lambdatui.ui.widgets.cells import fold_lines, width_of
from lambdatui.ui.widgets.log_times import Times

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from lambdatui.model.log_chunk import Key, Record
    from lambdatui.model.log_selection import LogSelection

MARGIN = 3
"""Cells before every row: the sign of the cursor, the letter of the record's level, and a space."""
NARROWEST = 24
"""Cells of text below which the moment gives way, and before it the name of the group."""
REMEMBERED = 4096
"""Folded records that are kept: what a reader scrolls through in a while."""
LATE = "late "
"""What is before the text of a record that came after those behind it."""


class Place(NamedTuple):
    """A row: the key of its record, and the row within that."""

    key: Key
    row: int


class Look(NamedTuple):
    """What decides how a record is folded: where one of these is another, all are folded anew."""

    width: int = 80
    """Cells of a row."""
    wrap: bool = True
    """Whether long lines go on in the next row."""
    times: Times = Times.OFF
    today: date | None = None
    groups: Mapping[str, str] = {}
    """Short names of log groups, where they are shown."""
    queries: tuple[object, ...] = ()
    """What makes hits."""


class Lines(NamedTuple):
    """A record folded into rows."""

    record: Record
    level: Level
    moment: str
    """With a space behind it; empty where it is not shown."""
    group: str
    late: str
    rows: list[str]
    starts: list[int]
    """Where in the text each row starts."""
    spans: tuple[Span, ...]
    hits: Sequence[tuple[int, int]]

    @property
    def head(self) -> int:
        """Cells before the text, on each row."""
        return MARGIN + sum(map(width_of, (self.moment, self.group, self.late)))

    def spans_of(self, row: int) -> tuple[Span, ...]:
        """The parts of a row that have a style of their own, by the row's characters."""
        start = self.starts[row]
        return part(self.spans, start, start + len(self.rows[row])) if self.spans else ()

    def hits_of(self, row: int) -> list[tuple[int, int]]:
        """The parts of a row that are hits, by the row's characters."""
        start, length = self.starts[row], len(self.rows[row])
        cut = [(max(first - start, 0), min(last - start, length)) for first, last in self.hits]
        return [(first, last) for first, last in cut if first < last]


class LogRows:
    """The rows of the members of a selection, in order."""

    def __init__(self, selection: LogSelection) -> None:
        self._selection = selection
        self._look = Look()
        self._moment: Callable[[Record], str] | None = None
        self._highlights: Callable[[str], Sequence[tuple[int, int]]] = lambda _: ()
        self._folded: dict[Key, Lines] = {}

    @property
    def selection(self) -> LogSelection:
        """Whose records there are. It can be set."""
        return self._selection

    @selection.setter
    def selection(self, selection: LogSelection) -> None:
        self._selection = selection

    def shape(
        self,
        look: Look,
        moment: Callable[[Record], str] | None = None,
        highlights: Callable[[str], Sequence[tuple[int, int]]] = lambda _: (),
    ) -> None:
        """Fold so from now on. `moment` tells when a record was, `highlights` what of a text is a hit, in order."""
        self._moment, self._highlights = moment, highlights
        if look != self._look or look.times is Times.RELATIVE:
            self._look = look
            self._folded.clear()

    def __len__(self) -> int:
        return len(self._selection)

    # Records ----------------------------------------------------------------------------------------------------

    def key(self, index: int) -> Key:
        """The key of the member at an index. Raises IndexError."""
        return self._selection.buffer.key(self._selection.buffer_index(index))

    def first_from(self, key: Key) -> int:
        """The index of the member with this key, or else of the first one after it, which may be the end."""
        selection, count = self._selection, len(self._selection)
        at = selection.buffer.index(key)
        if not count or at >= len(selection.buffer):
            return count
        index = selection.position(at)
        return index if selection.buffer_index(index) >= at else count

    def lines(self, key: Key) -> Lines:
        """The record of a key, folded; the one after it if that is gone. Raises IndexError if there is none."""
        if (lines := self._folded.get(key)) is None:
            if len(self._folded) >= REMEMBERED:
                self._folded.clear()
            buffer = self._selection.buffer
            record = buffer.record(buffer.index(key))
            lines = self._fold(record)
            if not record.note:  # the text of a note may become another
                self._folded[key] = lines
        return lines

    # Rows -------------------------------------------------------------------------------------------------------

    def clamped(self, place: Place) -> Place | None:
        """The place, or the nearest one there is; None where there are no rows."""
        if not len(self):
            return None
        key = self.key(min(self.first_from(place.key), len(self) - 1))
        last = len(self.lines(key).rows) - 1
        return Place(key, min(place.row, last) if key == place.key else 0 if key > place.key else last)

    def moved(self, place: Place, rows: int) -> Place:
        """The place some rows further on, or back, but not beyond the first and the last row. `place` has to exist."""
        index, row, last = self.first_from(place.key), place.row + rows, len(self) - 1
        key = place.key
        while row < 0 and index > 0:
            index -= 1
            key = self.key(index)
            row += len(self.lines(key).rows)
        while index < last and row >= (count := len(self.lines(key).rows)):
            index += 1
            row -= count
            key = self.key(index)
        return Place(key, max(0, min(row, len(self.lines(key).rows) - 1)))

    def last_top(self, height: int) -> Place | None:
        """The place of the first of the last `height` rows."""
        if not len(self):
            return None
        key = self.key(len(self) - 1)
        return self.moved(Place(key, len(self.lines(key).rows) - 1), 1 - max(1, height))

    def places(self, top: Place, height: int, end: int | None = None) -> list[Place]:
        """The rows from `top` on, at most `height`, and none of the member `end` and later ones."""
        places: list[Place] = []
        index, row = self.first_from(top.key), top.row
        end = len(self) if end is None else min(end, len(self))
        while index < end and len(places) < height:
            key = self.key(index)
            rows = range(row, len(self.lines(key).rows))
            places += [Place(key, row) for row in rows[: height - len(places)]]
            index, row = index + 1, 0
        return places

    def characters_before(self, place: Place) -> int:
        """Characters of the record before a place: what finds it again after another folding."""
        return self.lines(place.key).starts[place.row]

    def place_of(self, key: Key, characters: int) -> Place:
        """The row of a record that holds its character of a number."""
        starts = self.lines(key).starts
        return Place(key, max(row for row, start in enumerate(starts) if start <= characters or not row))

    def body(self, lines: Lines) -> int:
        """Cells that a row has for the record's text."""
        return max(1, self._look.width - lines.head)

    # Folding ----------------------------------------------------------------------------------------------------

    def _fold(self, record: Record) -> Lines:
        look = self._look
        late = LATE if record.late and look.width - MARGIN - len(LATE) >= NARROWEST else ""
        room = look.width - MARGIN - len(late) - NARROWEST
        moment = self._moment(record) + " " if self._moment and not record.note else ""
        moment = moment if width_of(moment) <= room else ""
        group = look.groups.get(record.group, "") if not record.note else ""
        group = group + " " if group and width_of(moment + group) + 1 <= room else ""
        text, spans = without_tabs(shown(record))
        safe = visible(text).rstrip()
        width = max(1, look.width - MARGIN - width_of(moment + group + late)) if look.wrap else None
        rows, starts = fold_lines(safe, width)
        return Lines(
            record, Level.NONE if record.note else level(record.message), moment, group, late, rows, starts,
            spans if safe == text.rstrip() else (), self._highlights(safe) if any(look.queries) else (),
        )  # fmt: skip
