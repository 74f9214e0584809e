"""Facts in groups: labels, values, and masked values that can be revealed."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.reactive import var
from textual.widgets import Static

from lambdatui.model.functions import Masked
from lambdatui.ui.widgets.cells import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual import events
    from textual.app import ComposeResult

    from lambdatui.model.functions import Fact, Facts

MASK = "••••••••"
INDENT = 2
NARROWEST_VALUE = 20


def folded(text: str, width: int) -> list[str]:
    """Text in rows of at most `width` cells, broken between words where there are any, else anywhere."""
    if not text.isascii():
        return fold(text, width)
    return textwrap.wrap(text, width, break_on_hyphens=False, replace_whitespace=False) or [""]


class FactsView(VerticalScroll, inherit_bindings=False):
    """A scrolling page of facts. Draws what it is given; long values go on in the next line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "scroll_down", "Down", show=False, id="facts.down"),
        Binding("up,k", "scroll_up", "Up", show=False, id="facts.up"),
        Binding("pagedown,ctrl+f", "page_down", "Page down", show=False, id="facts.page_down"),
        Binding("pageup,ctrl+b", "page_up", "Page up", show=False, id="facts.page_up"),
        Binding("ctrl+d", "half_page(1)", "Half a page down", show=False, id="facts.half_page_down"),
        Binding("ctrl+u", "half_page(-1)", "Half a page up", show=False, id="facts.half_page_up"),
        Binding("home,g", "scroll_home", "Top", show=False, id="facts.start"),
        Binding("end,G", "scroll_end", "End", show=False, id="facts.end"),
    ]

    DEFAULT_CSS = """
    FactsView { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    """

    revealed: var[bool] = var(False, init=False)
    """Whether masked values are shown."""

    def __init__(self) -> None:
        super().__init__()
        self._facts: Sequence[Facts] = ()
        self._page = Static()
        self._drawn: object = None

    def compose(self) -> ComposeResult:
        yield self._page

    def show_facts(self, facts: Sequence[Facts]) -> None:
        """Draw these in place of what was there; the scroll position stays."""
        self._facts = facts
        self._draw()

    def watch_revealed(self) -> None:
        self._draw()

    def on_resize(self, event: events.Resize) -> None:
        self._draw()

    def action_half_page(self, direction: int) -> None:
        """Scroll by half of what is in sight."""
        self.scroll_relative(y=direction * max(1, self.size.height // 2), animate=False)

    def _draw(self) -> None:
        width = self.scrollable_content_region.width
        state = (self._facts, width, self.revealed)
        if width and state != self._drawn:
            self._drawn = state
            self._page.update(Content("\n").join(self._lines(width)))

    def _lines(self, width: int) -> Iterator[Content]:
        labels = [len(fact.label) for group in self._facts for fact in group.lines if isinstance(fact.value, str)]
        label_width = min(max(labels, default=0), 24, max(8, width // 3))
        for number, group in enumerate(self._facts):
            if number:
                yield Content("")
            yield Content.styled(group.title, "bold $text-accent")
            for fact in group.lines:
                yield from self._fact(fact, label_width, width)

    def _fact(self, fact: Fact, label_width: int, width: int) -> Iterator[Content]:
        value = fact.value
        text = (value.reveal() if self.revealed else MASK) if isinstance(value, Masked) else value
        style = "bold $text-error" if fact.alert else "$foreground-muted" if text == MASK else ""
        room = max(NARROWEST_VALUE, width - INDENT - label_width - 2)
        # The value of a variable is shown to the letter; words are broken between them, which may drop a space.
        breaking = fold if isinstance(value, Masked) else folded
        rows = [part for line in text.split("\n") for part in breaking(line.expandtabs(4), room)] or [""]
        mark = "! " if fact.alert else " " * INDENT
        label = Content.styled(f"{mark}{fact.label}", "$foreground-muted")
        if len(fact.label) > label_width:
            yield label
            label = Content(" " * INDENT)
        first = label + Content(" " * (INDENT + label_width + 2 - len(label)))
        for number, row in enumerate(rows):
            start = first if not number else Content(" " * (INDENT + label_width + 2))
            yield start + (Content.styled(row, style) if style else Content(row))
