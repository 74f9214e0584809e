"""`LogLines`: the lines in which a log's filter and its search are typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical

from lambdatui.model.log_completion import complete
from lambdatui.model.log_query import LogQuery, QueryError, parse
from lambdatui.ui.terminal.bound import Bound
from lambdatui.ui.widgets.filter_line import FilterInput, FilterLine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult
    from textual.widgets import Input

    from lambdatui.model.query import Completion
    from lambdatui.ui.widgets.log_view import LogView

LOOKED_AT = 200
"""Lines whose fields are offered."""


def query(text: str) -> LogQuery | None:
    """What is written; None where nothing is. Raises QueryError."""
    return parse(text, Bound()) if text.strip() else None


class LogLines(Vertical):
    """What is typed acts at once; what cannot be is told, and what was there before stays."""

    DEFAULT_CSS = "LogLines { height: auto; }"

    def __init__(self, view: LogView) -> None:
        super().__init__()
        self._view = view
        self.filter = self._line("filter: text, level:error, field:value, field>500, /regex/, !not")
        self.search = self._line("search: the same; n and N go from hit to hit")

    def _line(self, placeholder: str) -> FilterLine:
        return FilterLine(FilterInput(self._complete, [], placeholder=placeholder))

    def compose(self) -> ComposeResult:
        yield self.filter
        yield self.search

    @property
    def filtered(self) -> str:
        """The filter that holds."""
        return self._view.finder.query.source if self._view.finder.query else ""

    @property
    def searched(self) -> str:
        """What is searched for."""
        return self._view.finder.sought.source if self._view.finder.sought else ""

    def open(self, line: FilterLine) -> None:
        """Have one of the two typed in."""
        other = self.search if line is self.filter else self.filter
        if other.is_open:
            self._close(other)
        line.open()
        self.screen.set_focus(line.input, scroll_visible=False)  # at once

    def clear_filter(self) -> None:
        """Show all lines again."""
        self._view.filter(None)
        self.filter.close("")

    def narrow(self, text: str) -> None:
        """Filter by this, as if it had been typed."""
        self._view.filter(query(text))
        self.filter.close(text)

    def seek(self, text: str) -> None:
        """Search for this, as if it had been typed."""
        self._view.search(query(text))
        self.search.close(text)

    def clear_search(self) -> None:
        """Search for nothing any more."""
        self._view.finder.leave()
        self._view.settle()
        self.search.close("")

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        line = self._of(event.input)
        wrong = self._ask(line, event.value) if line.is_open else ""
        if line.is_open:
            line.tell(wrong)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to the lines; what cannot be stays to be mended."""
        event.stop()
        line = self._of(event.input)
        if wrong := self._ask(line, event.value):
            line.stay(wrong)
            return
        self._close(line)
        if line is self.search and self._view.finder.sought is not None:
            # Whoever is at the end looks back from there.
            self._view.action_hit(-1 if self._view.following else 1)

    def on_filter_input_left(self, event: FilterInput.Left) -> None:
        event.stop()
        self._close(self.search if self.search.is_open else self.filter)

    def _of(self, typed: Input) -> FilterLine:
        return self.search if typed is self.search.input else self.filter

    def _ask(self, line: FilterLine, text: str) -> str:
        """Filter by this or search for it; what is wrong with it is returned."""
        try:
            asked = query(text)
        except QueryError as wrong:
            return str(wrong)
        if line is self.filter:
            if (asked.source if asked else "") != self.filtered:
                self._view.filter(asked)
        elif (asked.source if asked else "") != self.searched:
            self._view.search(asked)
        return ""

    def _close(self, line: FilterLine) -> None:
        line.close(self.filtered if line is self.filter else self.searched)
        self._view.focus(scroll_visible=False)

    def _complete(self, text: str, at: int) -> Completion:
        return complete(text, at, self._messages())

    def _messages(self) -> Iterator[str]:
        buffer = self._view.buffer
        for index in range(max(0, len(buffer) - LOOKED_AT), len(buffer)):
            yield buffer.record(index).message
