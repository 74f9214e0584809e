"""A text that is read and does not grow."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.reactive import var
from textual.strip import Strip

from lambdatui.model.sgr import Styled, lines
from lambdatui.ui.widgets.cells import ELLIPSIS, cells_from, fit, head, width_of
from lambdatui.ui.widgets.flat import FlatWidget, movement
from lambdatui.ui.widgets.log_colours import Coloured, Ground, painted
from lambdatui.ui.widgets.text_lines import MARGIN, Kind, Place, TextLine, TextLines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LIMIT = 10_000
"""Lines that are kept."""
SIDEWAYS = 16
"""Cells that left and right scroll lines that are not wrapped."""
MARKS: Mapping[Kind, str] = {
    "log": "  ", "platform": "· ", "debug": "D ", "warning": "W ", "error": "! ", "note": "» ",
    "good": "✓ ", "bad": "✗ ", "doubt": "? ",
}  # fmt: skip
"""What tells the kinds of lines apart where there are no colours."""


class TextView(FlatWidget):
    """Lines of text of a few kinds, from the first one on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *movement("text"),
        Binding("W", "toggle_wrap", "Wrap", tooltip="Fold long lines, or scroll sideways", id="text.wrap"),
    ]

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "text-view--log",
        "text-view--platform",
        "text-view--debug",
        "text-view--warning",
        "text-view--error",
        "text-view--note",
        "text-view--good",
        "text-view--bad",
        "text-view--doubt",
    }

    DEFAULT_CSS = """
    TextView {
        height: 1fr;
        & > .text-view--platform, & > .text-view--debug { color: $text-muted; }
        & > .text-view--warning { color: $text-warning; }
        & > .text-view--error, & > .text-view--bad { color: $text-error; text-style: bold; }
        & > .text-view--good { color: $text-success; text-style: bold; }
        & > .text-view--doubt { color: $text-warning; text-style: bold; }
        & > .text-view--note { color: $text-accent; text-style: italic; }
    }
    """

    wrap: var[bool] = var(True, init=False)
    """Whether long lines go on in the next row."""

    def __init__(self, limit: int = LIMIT) -> None:
        """`limit`: lines that are kept."""
        super().__init__()
        self._text = TextLines(limit)
        self._top = Place(0, 0)
        self._x = 0
        self._places: list[Place] = []

    # What is shown ----------------------------------------------------------------------------------------------

    @property
    def total(self) -> int:
        """How many lines there are."""
        return len(self._text)

    @property
    def at_end(self) -> bool:
        """Whether the last line is on screen."""
        return self._top >= self._text.last_top(self.size.height)

    def show_text(self, text: str | Styled) -> None:
        """Show a text in place of the one before, from the same line on; of a very long one the beginning."""
        found = list(lines(text if isinstance(text, Styled) else Styled(text)))
        if not found[-1].text:
            del found[-1]
        shown = [TextLine(line.text, spans=line.spans) for line in found[: LIMIT - 1]]
        if more := len(found) - len(shown):
            shown.append(TextLine(f"{more:,} more lines are not shown.", "note"))
        self.show_lines(shown)

    def show_lines(self, shown: Sequence[TextLine]) -> None:
        """Show lines in place of those before, from the same one on."""
        line = self._top.line - self._text.first
        self._text.clear()
        self._text.append(shown)
        self._top = self._text.clamped(Place(self._text.first + line, 0))
        self._settle()

    # Moving -----------------------------------------------------------------------------------------------------

    def action_move(self, rows: int) -> None:
        """Scroll by rows."""
        self._scroll(self._text.moved(self._text.clamped(self._top), rows))

    scroll_rows = action_move

    def action_page(self, pages: float) -> None:
        """Scroll by pages."""
        self.action_move(round(pages * max(2, self.size.height - 1)))

    def action_jump(self, where: str) -> None:
        """Scroll to the first line ("start"), or to the last ("end")."""
        self._scroll(self._text.last_top(self.size.height) if where == "end" else Place(self._text.first, 0))

    def _scroll(self, top: Place) -> None:
        self._top = top
        self._settle()

    def action_sideways(self, steps: int) -> None:
        """Scroll lines that are not wrapped to the side."""
        if not self.wrap:
            longest = max((self._overhang(place) for place in self._places), default=0)
            self._x = max(0, min(self._x + steps * SIDEWAYS, longest))
            self._settle()

    def action_toggle_wrap(self) -> None:
        """Fold long lines, or scroll sideways."""
        self.wrap = not self.wrap

    def watch_wrap(self) -> None:
        self._x = 0
        self._reshape()

    def _reshape(self) -> None:
        """Fold anew; the character at the top left stays on the first line."""
        if not self.size:
            return  # folded for what nobody sees, it would stay like that: shown again, it has the size that it had
        text = self._text
        top = text.clamped(self._top)
        characters = text.characters_before(top)
        text.shape(self.size.width, self.wrap)
        self._top = text.place_of(top.line, characters)
        self._settle()

    def on_mount(self) -> None:
        self._reshape()

    def on_resize(self) -> None:
        # A size that is told of while it is hidden for a moment may be that in which it is shown again.
        self._reshape() if self.size else self.call_after_refresh(self._reshape)

    # Drawing ----------------------------------------------------------------------------------------------------

    def _settle(self) -> None:
        """Draw the lines that differ from what was drawn last."""
        text, height = self._text, self.size.height
        if not self.is_mounted or not height:
            return
        text.shape(self.size.width, self.wrap)
        self._top = min(text.clamped(self._top), text.last_top(height))
        self._places = text.places(self._top, height)
        self.draw((self.size, self.wrap, self._x), self._places)

    def render_line(self, y: int) -> Strip:
        """One row of the text."""
        if y >= len(self._places) or self._places[y].line < self._text.first:
            return Strip.blank(self.size.width, self.get_component_rich_style("text-view--log"))
        place = self._places[y]
        line = self._text.line(place.line)
        width = self._text.body
        row, more = head(self._text.rows(place.line)[place.row], self._x + width)
        row += ELLIPSIS * 2 * more
        style = self.get_component_rich_style(f"text-view--{line.kind}")
        segments = [Segment(" " * MARGIN if place.row else MARKS[line.kind], style)]
        if spans := self._text.spans(place):
            segments += painted(Coloured(row, spans), self._x, width, Ground(style, self.app.ansi_theme), style)
        else:
            segments.append(Segment(fit(cells_from(row, self._x), width), style))
        return Strip(segment for segment in segments if segment.text).crop(0, self.size.width)

    def _overhang(self, place: Place) -> int:
        return width_of(self._text.rows(place.line)[place.row]) - self._text.body
