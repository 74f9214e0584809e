"""A row of a log as segments."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.segment import Segment

from lambdatui.model.log_levels import Level
from lambdatui.model.log_message import LETTERS
from lambdatui.ui.widgets.cells import ELLIPSIS, cells_from, fit, head
from lambdatui.ui.widgets.drawing import BLURRED_CURSOR, CURSOR
from lambdatui.ui.widgets.log_colours import Coloured, Ground, painted
from lambdatui.ui.widgets.log_rows import MARGIN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.style import Style
    from rich.terminal_theme import TerminalTheme

    from lambdatui.ui.widgets.log_rows import Lines

NOTE = "»"
IN_RANGE = "│"
"""The signs of our own lines, and of what is in the marked range."""
GROUPS = 6
"""Colours of log groups; the seventh has that of the first."""


class Brush(NamedTuple):
    """What a row is drawn with, beside its own text."""

    width: int
    start: int
    """The first cell of the text that is on screen."""
    look: Callable[[str], Style]
    """The style of a part: "text", "error", "time" …"""
    theme: TerminalTheme
    focused: bool


def segments(lines: Lines, row: int, brush: Brush, *, cursor: bool, marked: bool, group: int) -> Iterator[Segment]:
    """The row of a record, as wide as the screen. `group` is the number of its log group."""
    name = "note" if lines.record.note else _LOOKS[lines.level]
    style = brush.look("cursor") if cursor else brush.look(name)
    if marked and not cursor:
        style += brush.look("range")
    sign = (CURSOR if brush.focused else BLURRED_CURSOR) if cursor else IN_RANGE if marked else " "
    if row:
        yield Segment(sign + " " * (lines.head - 1), style)
    else:
        yield from _head(lines, sign, brush, style if cursor else None, group)
    text, more = head(lines.rows[row], brush.start + max(1, brush.width - lines.head))
    text += ELLIPSIS * 2 * more
    width = max(1, brush.width - lines.head)
    spans, hits = lines.spans_of(row), lines.hits_of(row)
    if spans or hits:
        ground = Ground(style, brush.theme)
        yield from painted(Coloured(text, spans, hits), brush.start, width, ground, brush.look("hit"))
    else:
        yield Segment(fit(cells_from(text, brush.start), width), style)


def _head(lines: Lines, sign: str, brush: Brush, over: Style | None, group: int) -> Iterator[Segment]:
    """What stands before a record's first row; on the cursor's ground in its style (`over`)."""
    letter = NOTE if lines.record.note else LETTERS[lines.level]
    parts = (
        (sign, "text"),
        (letter, "note" if lines.record.note else f"letter-{_LOOKS[lines.level]}"),
        (" " * (MARGIN - 2), "text"),
        (lines.moment, "time"),
        (lines.group, f"group-{group % GROUPS}"),
        (lines.late, "late"),
    )
    yield from (Segment(text, over or brush.look(look)) for text, look in parts if text)


_LOOKS = {
    Level.NONE: "text", Level.PLATFORM: "platform", Level.TRACE: "debug", Level.DEBUG: "debug", Level.INFO: "text",
    Level.WARN: "warning", Level.ERROR: "error", Level.FATAL: "error",
}  # fmt: skip
