"""The lines of a table as runs of text, each with what it is; the table gives them their colours."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from lambdatui.model.fuzzy import folded
from lambdatui.ui.widgets.cells import fit, width_of
from lambdatui.ui.widgets.columns import GAP, GUTTER, Column, Layout, Toned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lambdatui.model.fuzzy import Needle

ASCENDING, DESCENDING = "▲", "▼"
MORE_LEFT, MORE_RIGHT = "‹", "›"
CURSOR, BLURRED_CURSOR = "▌", "▏"
MARKED, PINNED = "+", "*"  # of ASCII: they stand next to the name, where "✓" would become a letter
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


def row(
    columns: Sequence[Column[Any]], layout: Layout, room: int, item: Any, needles: Sequence[Needle] = ()
) -> list[Run]:
    """An item's cells after the gutter, neighbours of one look joined: fewer runs are fewer bytes to the terminal."""
    pieces: list[tuple[str, str]] = []
    end = GUTTER
    for placed in layout.placed:
        column = columns[placed.column]
        cell = column.cell(item)
        text, look = cell if isinstance(cell, Toned) else (cell, "")
        fitted = fit(text, placed.width, column.align)
        if placed.x > end:
            pieces.append((" " * (placed.x - end), ""))
        end = placed.x + placed.width
        if needles and not placed.column:
            pieces += _hits(text, fitted, needles)
        else:
            pieces.append((fitted, look))
    pieces.append((" " * (room - end), ""))
    return [Run("".join(map(itemgetter(0), same)), look) for look, same in groupby(pieces, itemgetter(1))]


def thumb(y: int, height: int, offset: int, total: int) -> bool:
    """Whether the scroll bar of a view of `height` lines has its thumb on line y."""
    if total <= height:
        return False
    size = max(1, height * height // total)
    top = round(offset / (total - height) * (height - size))
    return top <= y < top + size


def pointed(y: int, height: int, total: int) -> int:
    """The offset of such a view that a click on line y of its scroll bar asks for."""
    return round(y / max(1, height - 1) * (total - height))


def _hits(text: str, fitted: str, needles: Sequence[Needle]) -> Iterator[tuple[str, str]]:
    """The text as it was fitted into its cell, with what of it was hit apart."""
    letters = folded(text)
    shift = len(fitted) - len(text) if fitted.endswith(text) else 0  # padded on the left
    hit = {at + shift for needle in needles for span in needle.spans(letters) for at in range(*span)}
    marked = ((letter, at in hit and letter == text[at - shift]) for at, letter in enumerate(fitted))
    for is_hit, run in groupby(marked, itemgetter(1)):
        yield "".join(letter for letter, _ in run), "hit" if is_hit else ""


def _exactly(text: str, width: int) -> str:
    return text if width_of(text) == width else fit(text, width)
