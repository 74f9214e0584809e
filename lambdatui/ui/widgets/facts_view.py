"""Facts in groups that fold, and masked values that can be revealed for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.strip import Strip

from lambdatui.ui.widgets import drawing
from lambdatui.ui.widgets.cells import width_of
from lambdatui.ui.widgets.facts_lines import Line, Place, lines, masked_places
from lambdatui.ui.widgets.flat import FlatWidget, movement

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.style import Style
    from textual import events
    from textual.selection import Selection
    from textual.timer import Timer

    from lambdatui.model.configuration import Facts

REVEALED_FOR = 30.0
"""Seconds until a value that was revealed is masked again."""


class FactsView(FlatWidget):
    """A scrolling page of facts with a cursor. Draws what it is given; only what is on screen is drawn.

    Cursor, place, folded groups and revealed values survive every change of the facts.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *(it for it in movement("facts") if "sideways" not in it.action),
        Binding("enter", "fold", "Fold", tooltip="Fold the group, or unfold it", id="facts.toggle"),
        Binding("left", "fold(True)", "Fold", tooltip="Fold the group", show=False, id="facts.fold"),
        Binding("right", "fold(False)", "Unfold", tooltip="Unfold the group", show=False, id="facts.unfold"),
        Binding("x", "reveal", "Reveal", tooltip="Show or mask the value under the cursor", id="facts.reveal"),
        Binding("X", "reveal_all", "All", tooltip="Show or mask all values", show=False, id="facts.reveal_all"),
    ]

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "facts--title",
        "facts--label",
        "facts--masked",
        "facts--alert",
        "facts--value",
        "facts--cursor",
        "facts--bar",
    }

    DEFAULT_CSS = """
    FactsView {
        height: 1fr;
        & > .facts--title { color: $text-accent; text-style: bold; }
        & > .facts--label { color: $foreground-muted; }
        & > .facts--masked { color: $foreground-muted; }
        & > .facts--alert { color: $text-error; text-style: bold; }
        & > .facts--cursor {
            background: $block-cursor-blurred-background;
            color: $block-cursor-blurred-foreground;
            text-style: $block-cursor-blurred-text-style;
        }
        &:focus > .facts--cursor {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
            text-style: $block-cursor-text-style;
        }
        & > .facts--bar { color: $scrollbar; }
        &:focus > .facts--bar { color: $scrollbar-active; }
    }
    """

    ALLOW_SELECT = True  # an ARN, a URL: there is one column

    def __init__(self, *, folded: Iterable[str] = ()) -> None:
        """`folded`: titles of groups that are folded until somebody unfolds them."""
        super().__init__()
        self._facts: Sequence[Facts] = ()
        self._lines: Sequence[Line] = ()
        self._spans: dict[Place, tuple[int, int]] = {}
        """The first line of each place, and the one after its last."""
        self._at: Place | None = None
        self._offset = 0
        self._folded = set(folded)
        self._revealed: set[Place] = set()
        self._masking: Timer | None = None

    # What is shown ----------------------------------------------------------------------------------------------

    def show_facts(self, facts: Sequence[Facts]) -> None:
        """Draw these in place of what was there."""
        if facts == self._facts:
            return
        had_masked = self._has_masked
        self._facts = facts
        if not facts:
            self.mask()
        self._lay_out()
        if had_masked != self._has_masked:
            self.refresh_bindings()

    @property
    def cursor(self) -> Place | None:
        """What the cursor is on: None where there are no facts."""
        return self._at

    @property
    def _has_masked(self) -> bool:
        return any(True for _ in masked_places(self._facts))

    def _lay_out(self) -> None:
        """Fold the facts to the width that there is; the cursor stays on its line of the screen."""
        if not self.size.width:
            return
        line = self._spans[self._at][0] - self._offset if self._at in self._spans else 0
        if self._at == next(iter(self._spans), None) and not self._offset:
            self._at = None  # nobody has moved it: it stays on whatever is first
        width = self.size.width - 2
        self._lines = tuple(lines(self._facts, width, folded_groups=self._folded, revealed=self._revealed))
        self._spans = {}
        for number, (place, _) in enumerate(self._lines):
            if place is not None:
                self._spans[place] = (self._spans.get(place, (number,))[0], number + 1)
        if self._at not in self._spans:
            above = Place(self._at.group) if self._at is not None else None
            self._at = above if above in self._spans else next(iter(self._spans), None)
        elif self._offset:
            self._offset = self._spans[self._at][0] - line
        self.settle()

    def settle(self) -> None:
        """Draw the lines that differ from what was drawn last."""
        self._offset = self._within(self._offset)
        shown = range(self._offset, self._offset + self.size.height)
        states = [(self._line(at), self._line(at).place == self._at, self._bar(at - self._offset)) for at in shown]
        self.draw((self.size,), states)

    def _within(self, offset: int) -> int:
        return max(0, min(offset, len(self._lines) - self.size.height))

    def _line(self, at: int) -> Line:
        return self._lines[at] if at < len(self._lines) else Line(None, ())

    def _bar(self, y: int) -> bool:
        return drawing.thumb(y, self.size.height, self._offset, len(self._lines))

    # Moving -----------------------------------------------------------------------------------------------------

    def action_move(self, rows: int) -> None:
        """Move the cursor to the next fact; through one that is longer than the screen, line by line."""
        if self._at is None:
            return
        start, end = self._spans[self._at]
        bottom = self._offset + self.size.height
        if (rows > 0 and start < bottom < end) or (rows < 0 and start < self._offset < end):
            self.scroll_rows(rows)
        else:
            places = list(self._spans)
            index = max(0, min(places.index(self._at) + rows, len(places) - 1))
            self._go(places[index], from_below=rows < 0)

    def action_page(self, pages: float) -> None:
        """Move cursor and view by pages: the cursor stays on its line of the screen as long as there is more."""
        if self._at is None:
            return
        height, before = self.size.height, self._offset
        y = max(0, min(self._spans[self._at][0] - before, height - 1))
        rows = round(pages * max(2, height - 1))
        self._offset = self._within(before + rows)
        y += rows - (self._offset - before)  # what the view cannot go the cursor does
        line = max(0, min(self._offset + max(0, min(y, height - 1)), len(self._lines) - 1))
        place = self._lines[line].place or self._lines[line - 1].place
        if (place, self._offset) == (self._at, before):
            self.action_jump("end" if pages > 0 else "start")
        else:
            self._at = place
            self.settle()

    def action_jump(self, where: str) -> None:
        """Move the cursor to the first ("start") or last ("end") fact."""
        if self._at is not None:
            self._go(list(self._spans)[0 if where == "start" else -1], from_below=where != "start")

    def scroll_rows(self, rows: int) -> None:
        """Scroll, and leave the cursor where it is, even out of sight."""
        self._offset += rows
        self.settle()

    def action_sideways(self, steps: int) -> None:
        """There is nothing beside the page."""

    def _go(self, place: Place | None, *, from_below: bool) -> None:
        if place is None:
            return
        self._at = place
        start, end = self._spans[place]
        height = self.size.height
        if end - start > height:
            self._offset = end - height if from_below else start
        else:
            self._offset = max(min(self._offset, start), end - height)
        self.settle()

    # Folding and revealing --------------------------------------------------------------------------------------

    def action_fold(self, fold: bool | None = None) -> None:
        """Fold the group that the cursor is in, or unfold it; None: whichever it is not."""
        if self._at is not None:
            group = self._at.group
            if fold is None:
                fold = group not in self._folded
            (self._folded.add if fold else self._folded.discard)(group)
            self._lay_out()
            self._go(self._at, from_below=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without masked values there is nothing to reveal."""
        if action in {"reveal", "reveal_all"}:
            return self._has_masked
        return super().check_action(action, parameters)

    def action_reveal(self) -> None:
        """Show the value under the cursor for a while, or mask it again; elsewhere: go to the first masked one."""
        places = list(masked_places(self._facts))
        if self._at in places:
            self._reveal(self._revealed ^ {self._at})
        elif places:
            self._folded.discard(places[0].group)
            self._lay_out()
            self._go(places[0], from_below=False)

    def action_reveal_all(self) -> None:
        """Show all values for a while, or mask them all again."""
        self._reveal(set() if self._revealed else set(masked_places(self._facts)))

    def mask(self) -> None:
        """Mask all values."""
        self._reveal(set())

    def _reveal(self, places: set[Place]) -> None:
        if self._masking is not None:
            self._masking.stop()
            self._masking = None
        if places:
            self._masking = self.set_timer(REVEALED_FOR, self.mask, name="mask")
        if places != self._revealed:
            self._revealed = places
            self._lay_out()

    # Events -----------------------------------------------------------------------------------------------------

    def on_resize(self, event: events.Resize) -> None:
        self._lay_out()
        if self._at is not None and self._spans[self._at][0] >= self._offset + self.size.height:
            self._go(self._at, from_below=False)

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self)
        if at is None or self.text_selection is not None:  # the end of a selection is no click
            return
        if at.x == self.size.width - 1 and len(self._lines) > self.size.height:
            self.scroll_rows(drawing.pointed(at.y, self.size.height, len(self._lines)) - self._offset)
        elif (place := self._line(at.y + self._offset).place) is not None:
            self._at = place
            if place.label is None:
                self.action_fold()
            self.settle()

    # Drawing ----------------------------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """One line of the page."""
        at = y + self._offset
        line, width = self._line(at), self.size.width
        bar = drawing.BAR if self._bar(y) else " "
        rest = " " * (width - 2 - width_of(line.text))
        if line.place is not None and line.place == self._at:
            sign = drawing.CURSOR if self.has_focus else drawing.BLURRED_CURSOR
            segments = [Segment(f"{sign}{line.text}{rest}", self._look("cursor"))]
        else:
            segments = [Segment(" ", self.rich_style)]
            segments += [Segment(text, self._look(look or "value")) for text, look in line.runs]
            segments += [Segment(rest, self.rich_style)]
        strip = self._selected(Strip(segments).crop(0, width - 1), at)
        return Strip([*strip, Segment(bar, self._look("bar"))]).apply_offsets(0, at)

    def _selected(self, strip: Strip, at: int) -> Strip:
        """A line with what of it the mouse has selected."""
        selection = self.text_selection
        span = selection.get_span(at) if selection is not None else None
        if span is None:
            return strip
        start, end = span[0], strip.cell_length if span[1] == -1 else span[1]
        style = self.screen.get_component_rich_style("screen--selection")
        return Strip.join([strip.crop(0, start), strip.crop(start, end).apply_style(style), strip.crop(end)])

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """What the mouse has selected: what is masked is so."""
        return selection.extract("\n".join(f" {line.text}" for line in self._lines)), "\n"

    def _look(self, look: str) -> Style:
        return self.get_component_rich_style(f"facts--{look}")
