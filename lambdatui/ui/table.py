"""`TablePane`: a pane that is a list."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Any, ClassVar, Generic

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from lambdatui.model.text import one_line
from lambdatui.ui.pane import Pane
from lambdatui.ui.widgets.columns import Column, Item
from lambdatui.ui.widgets.table import Table

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from textual import events
    from textual.app import ComposeResult

    from lambdatui.aws.gateway import Aws
    from lambdatui.ui.subject import Subject


LONGEST_FILTER = 200
"""Characters of a filter: no name is as long, and what is held down or pasted by mistake ends here."""


class FilterInput(Input):
    """The line in which a filter is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Close", tooltip="Close the filter line", id="filter.close"),
        Binding("down", "to_list", "To the list", show=False, id="filter.down"),
    ]

    class Left(Message):
        """The person has left the line with escape."""

    def on_mount(self) -> None:
        self.cursor_blink = False  # at rest nothing is written

    def action_leave(self) -> None:
        """Close the line; the filter stays."""
        self.post_message(self.Left())

    action_to_list = action_leave

    def _on_paste(self, event: events.Paste) -> None:
        # Input's own handler, which Textual calls next, inserts the first line as it is: a terminal would obey it.
        event.text = one_line("".join(event.text.splitlines()[:1]).strip())


class TablePane(Pane, Generic[Item]):
    """A list of items of one kind. A subclass says how items come (`pages`), what tells them apart and the columns.

    Items are merged by key as pages arrive, so cursor, filter, sort order and place survive a refresh; what a complete
    refresh no longer has goes away at its end.
    """

    COLUMNS: ClassVar[Sequence[Column[Any]]]
    EMPTY: ClassVar[str] = "There is nothing here."
    """What is said where there are no items."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", tooltip="Filter the list by name", key_display="/", id="pane.filter"),
        Binding("escape", "clear_filter", "All", tooltip="Clear the filter", show=False, id="pane.clear_filter"),
    ]

    DEFAULT_CSS = """
    TablePane {
        & .table-pane--status {
            height: 1; padding: 0 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis;
        }
        & FilterInput { display: none; height: 1; border: none; padding: 0 1; background: $surface; }
        & FilterInput.-open { display: block; }
        & .table-pane--empty { display: none; padding: 1 2; height: 1fr; }
        &.-empty .table-pane--empty { display: block; }
        &.-empty Table { height: 1; }
    }
    """

    def __init__(self, aws: Aws, *, filter: str = "", id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(aws, id=id)
        self.table: Table[Item] = Table(self.COLUMNS, key=self.key, search=self.search_text)
        self._initial_filter = filter
        self._status = Static(classes="table-pane--status")
        self._empty = Static(Content(self.EMPTY), classes="table-pane--empty")
        self._input = FilterInput(placeholder="part of the name", compact=True, max_length=LONGEST_FILTER)
        self._coming = False
        self._told = False

    # What a list writes -----------------------------------------------------------------------------------------

    def pages(self) -> AsyncGenerator[Sequence[Item], None]:
        """The items, page by page. Raises AwsError."""
        raise NotImplementedError

    def key(self, item: Item) -> str:
        """What tells an item from all others and never changes."""
        raise NotImplementedError

    def search_text(self, item: Item) -> str:
        """The text that the filter looks into."""
        return self.key(item)

    def subject(self, item: Item) -> Subject | None:
        """What can be copied of an item."""
        return None

    # ------------------------------------------------------------------------------------------------------------

    def content(self) -> ComposeResult:
        yield self._status
        yield self.table
        yield self._empty
        yield self._input

    def on_mount(self) -> None:
        if self._initial_filter:
            self._input.value = self._initial_filter

    async def load(self) -> None:
        """Merge all pages; the first one is shown at once."""
        keys: set[str] = set()
        self._coming = True
        try:
            async with aclosing(self.pages()) as pages:
                async for page in pages:
                    keys.update(map(self.key, page))
                    self.table.merge(page)
                    if page:
                        self.arrived()
                    self._tell()
            self.table.retain(keys)
        finally:
            self._coming = False
            if self.is_attached:  # a pane that was removed is cancelled too, and has no screen any more
                self._tell()

    def watch_problem(self) -> None:
        super().watch_problem()
        self._tell()

    def clear_content(self) -> None:
        """Drop all rows."""
        self.table.clear()

    def _tell(self) -> None:
        """The status line and the empty state, from what the table holds."""
        table = self.table
        total = f"{table.total}+, loading…" if self._coming else str(table.total)
        parts = [f"{self.TITLE} {table.shown} of {total}" if table.filter else f"{self.TITLE} {total}"]
        if table.filter:
            parts.append(f"filter “{table.filter}” (esc clears)")
        if self.stale:
            parts.append(self.stale)
        self._status.update(Content("  ·  ".join(parts)), layout=False)
        empty = not table.shown and not self._coming
        if empty != self.has_class("-empty") or not self._told:
            self._told = True
            self.set_class(empty, "-empty")
            self.refresh_bindings()
        if empty:
            nothing = f"Nothing fits “{table.filter}”. {table.total} are hidden by the filter; esc clears it."
            self._empty.update(Content(nothing if table.total else self.EMPTY))

    # The filter -------------------------------------------------------------------------------------------------

    def action_filter(self) -> None:
        """Open the filter line."""
        self._input.add_class("-open")
        self._input.focus(scroll_visible=False)

    def apply_filter(self, text: str) -> None:
        """Filter by this, as if it had been typed."""
        self._input.value = text

    def action_clear_filter(self) -> None:
        """Show all again."""
        self._input.value = ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing to filter, no filter to clear: then escape goes on to the screen."""
        if action == "clear_filter":
            return bool(self.table.filter)
        return bool(self.table.total) if action == "filter" else super().check_action(action, parameters)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.table.filter = event.value.strip()
        self._tell()
        self.refresh_bindings()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._close_filter()

    def on_filter_input_left(self, event: FilterInput.Left) -> None:
        event.stop()
        self._close_filter()

    def _close_filter(self) -> None:
        self._input.remove_class("-open")
        self.table.focus(scroll_visible=False)
