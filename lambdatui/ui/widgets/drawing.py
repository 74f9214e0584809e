"""The lines of a table as runs of text, each with what it is; the table gives them their colours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from lambdatui.ui.widgets.cells import fit, width_of
from lambdatui.ui.widgets.columns import GAP, GUTTER, Column, Layout, Toned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ASCENDING, DESCENDING = "▲", "▼"
MORE_LEFT, MORE_RIGHT = "‹", "›"
CURSOR, BLURRED_CURSOR = "▌", "▏"
BAR = "┃"


class Run(NamedTuple):
    """Text of one look: plain (""), "hit", or one of the tones."""

    text: str
    look: str


def header(columns: Sequence[Column[Any]], layout: Layout, room: int, sort: tuple[int | None, bool]) -> str:
    """The header in `room` cells and one more, in which a mark says that there are columns to the right."""
    sorted_by, reverse = sort
    text = " " * GUTTER
    for number, placed in enumerate(layout.placed):
        column = columns[placed.column]
        title = column.title
        if placed.column == sorted_by:
            mark = DESCENDING if reverse else ASCENDING
            title = mark + title if column.align == "right" else title + mark
        if number:
            text += fit(MORE_LEFT if number == 1 and layout.more_left else "", GAP)
        text += fit(title, placed.width, column.align)
    return _exactly(text, room) + (MORE_RIGHT if layout.more_right else " ")


def row(columns: Sequence[Column[Any]], layout: Layout, room: int, item: Any, needle: str) -> list[Run]:
    """An item's cells after the gutter, neighbours of one look joined: fewer runs are fewer bytes to the terminal."""
    runs = [Run("", "")]
    for number, placed in enumerate(layout.placed):
        column = columns[placed.column]
        cell = column.cell(item)
        text, look = cell if isinstance(cell, Toned) else (cell, "")
        text = fit(text, placed.width, column.align)
        if number:
            _join(runs, Run(" " * GAP, ""))
        for run in _hits(text, needle) if needle and not number else (Run(text, look),):
            _join(runs, run)
    _join(runs, Run(" " * (room - GUTTER - sum(width_of(run.text) for run in runs)), ""))
    return runs


def thumb(y: int, height: int, offset: int, total: int) -> bool:
    """Whether the scroll bar of a view of `height` lines has its thumb on line y."""
    if total <= height:
        return False
    size = max(1, height * height // total)
    top = round(offset / (total - height) * (height - size))
    return top <= y < top + size


def _join(runs: list[Run], run: Run) -> None:
    last = runs[-1]
    if last.look == run.look or not last.text:
        runs[-1] = Run(last.text + run.text, run.look)
    elif run.text:
        runs.append(run)


def _hits(text: str, needle: str) -> Iterator[Run]:
    at = 0
    for match in re.finditer(re.escape(needle), text, re.IGNORECASE):
        yield Run(text[at : match.start()], "")
        yield Run(match[0], "hit")
        at = match.end()
    yield Run(text[at:], "")


def _exactly(text: str, width: int) -> str:
    return text if width_of(text) == width else fit(text, width)
