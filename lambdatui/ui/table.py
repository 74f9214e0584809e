"""`TablePane`: a pane that is a list."""

from __future__ import annotations

from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Any, ClassVar, Generic

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from lambdatui.model.query import Language
from lambdatui.ui.arrangement import MOST, Arrangement, remember
from lambdatui.ui.pane import Pane
from lambdatui.ui.widgets.columns import Column, Item
from lambdatui.ui.widgets.table import Table

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator, Sequence

    from textual.app import ComposeResult
    from textual.widgets import Input

    from lambdatui.aws.gateway import Aws
    from lambdatui.model.query import Completion
    from lambdatui.model.terms import Field
    from lambdatui.ui.subject import Subject
    from lambdatui.ui.widgets.filter_line import FilterInput, FilterLine


class TablePane(Pane, Generic[Item]):
    """A list of items of one kind. A subclass says how items come (`pages`), what tells them apart and the columns.

    Items are merged by key as pages arrive, so cursor, filter, sort order, marks, pins and place survive a refresh;
    what a complete refresh no longer has goes away at its end.
    """

    COLUMNS: ClassVar[Sequence[Column[Any]]] = ()
    FIELDS: ClassVar[Sequence[Field[Any]]] = ()
    """What a filter can ask for beside the words of a name."""
    PUT_AWAY = " (esc puts this away)"
    EMPTY: ClassVar[str] = "There is nothing here."
    """What is said where there are no items."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "slash",
            "filter",
            "Filter",
            tooltip="Filter the list by name and terms",
            key_display="/",
            priority=True,  # it acts before the next key has come, which is to be typed in the line
            id="pane.filter",
        ),
        Binding(
            "escape", "clear", "All", tooltip="Clear the filter, then the marks", show=False, id="pane.clear_filter"
        ),
    ]

    DEFAULT_CSS = """
    TablePane {
        & .table-pane--status {
            height: 1; padding: 0 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis;
        }
        & .table-pane--empty { display: none; padding: 1 2; height: 1fr; }
        &.-empty .table-pane--empty { display: block; }
        &.-empty Table { height: 1; }
    }
    """

    class Arranged(Message):
        """A person has changed filter, sort order or pins, or used a filter: see `arrangement`."""

        def __init__(self, pane: TablePane[Any]) -> None:
            super().__init__()
            self.pane = pane

        @property
        def control(self) -> TablePane[Any]:
            """The pane that sent it."""
            return self.pane

    def __init__(
        self,
        aws: Aws,
        *,
        filter: str = "",  # noqa: A002 (Textual's name)
        arrangement: Arrangement | None = None,
        id: str | None = None,  # noqa: A002 (Textual's name)
    ) -> None:
        """`arrangement` is what was remembered; `filter`, where it is not empty, is used in place of its filter."""
        super().__init__(aws, id=id)
        arrangement = arrangement or Arrangement()
        self._language = Language(self.search_text, self.FIELDS)
        self.table: Table[Item] = Table(self.columns(), key=self.key, language=self._language)
        self._status = Static(classes="table-pane--status")
        self._empty: Static | None = None
        """Says why there are no rows. Made when there are none for the first time."""
        self._line: FilterLine | None = None
        """Made when it is opened for the first time."""
        self._history = [*arrangement.history][-MOST:]
        """Filters that were used, the last one last."""
        self._given = filter
        self._initial_filter = filter or arrangement.filter
        self._coming = False
        self.recalled = ""
        """From when what is shown is, if it was remembered and nothing else has come yet."""
        self._told = False
        self._clearable = (False, 0)
        """Whether there is a filter, and how many marks there are, when the keys were drawn last."""
        self._start(arrangement)
        self._begun = self._last = self.arrangement

    # What a list writes -----------------------------------------------------------------------------------------

    def pages(self) -> AsyncGenerator[Sequence[Item], None]:
        """The items, page by page. Raises AwsError."""
        raise NotImplementedError

    def columns(self) -> Sequence[Column[Any]]:
        """The columns, where they are not the same for all lists of this kind."""
        return self.COLUMNS

    def key(self, item: Item) -> str:
        """What tells an item from all others and never changes."""
        raise NotImplementedError

    def search_text(self, item: Item) -> str:
        """The text in which the words of a filter are looked for: that of the first column."""
        return self.key(item)

    def unknown_because(self, term: str) -> str:
        """Why the answer to a term is not known of all items, to follow that it is not; or empty."""
        return ""

    def subject(self, item: Item) -> Subject | None:
        """What can be copied of an item."""
        return None

    # ------------------------------------------------------------------------------------------------------------

    @property
    def at_cursor(self) -> Subject | None:
        item = self.table.cursor_item
        return None if item is None else self.subject(item)

    def content(self) -> ComposeResult:
        yield self._status
        yield self.table

    def on_mount(self) -> None:
        if self._initial_filter:
            self.apply_filter(self._initial_filter)

    async def load(self) -> None:
        """Merge all pages; the first one is shown at once."""
        keys: set[str] = set()
        self._coming = True
        if self.recalled:
            self._tell()
        try:
            async with aclosing(self.pages()) as pages:
                async for page in pages:
                    keys.update(map(self.key, page))
                    self.table.merge(page)
                    if page:
                        self.arrived()
                    self._tell()
            self.table.retain(keys)
            self.recalled = ""
        finally:
            self._coming = False
            if self.is_attached:  # a pane that was removed is cancelled too, and has no screen any more
                self._tell()

    def watch_problem(self) -> None:
        super().watch_problem()
        self._tell()

    def clear_content(self) -> None:
        """Drop all rows."""
        self.recalled = ""
        self.table.clear()
        self._tell()

    def _tell(self) -> None:
        """The status line and the empty state, from what the table holds."""
        table = self.table
        self._status.update(Content("  ·  ".join(self._said())), layout=False)
        empty = not table.shown and not self._coming
        if empty != self.has_class("-empty") or not self._told:
            self._told = True
            self.set_class(empty, "-empty")
            self.refresh_bindings()
        if empty:
            nothing = [f"Nothing fits “{table.filter}”. {table.total} are hidden by the filter; esc clears it."]
            nothing += [
                f"\n{it[0].upper()}{it[1:]}: the others fit neither it nor its opposite." for it in self._known()
            ]
            self._say_empty(Content("\n".join(nothing) if table.total else self.EMPTY))

    def _say_empty(self, why: Content) -> None:
        if self._empty is None:
            self._empty = Static(why, classes="table-pane--empty")
            self.query_one(".pane--body").mount(self._empty, after=self.table)
        else:
            self._empty.update(why)

    def _said(self) -> Iterator[str]:
        """What the status line says, part by part."""
        table = self.table
        count = f"{table.shown} of {table.total}" if table.filter else f"{table.total}"
        if self.recalled:
            yield f"{self.TITLE} {count}"
            yield self.recalled
        else:
            yield f"{self.TITLE} {count}{'+' * self._coming}"
        if self._coming:
            yield "refreshing…" if self.recalled else f"loading {table.total}+…"
        if marks := len(table.marked):
            hidden = table.hidden_marks
            yield f"{marks} marked, {hidden} of them hidden" if hidden else f"{marks} marked"
        if table.filter:
            yield f"filter “{table.filter}” (esc clears)"
        yield from self._known()
        if self.stale:
            yield self.stale

    def _known(self) -> Iterator[str]:
        """Of how many items it is known what a filter asks for, where that is not all of them."""
        for name, known in self.table.asked.known(self.table.everything).items():
            yield f"{name} is known of {known} of {self.table.total}{self.unknown_because(name)}"

    # Filter, sort order, pins -----------------------------------------------------------------------------------

    @property
    def arrangement(self) -> Arrangement:
        """Filter, sort order and pins as they are."""
        index, reverse = self.table.sorted_by
        title = "" if index is None else self.table.columns[index].title
        return Arrangement(self.table.filter, title, reverse, self.table.pins, tuple(self._history))

    def recollect(self, arrangement: Arrangement) -> None:
        """Take what was remembered, unless somebody has arranged this by now."""
        if self.arrangement == self._begun and not self._filtering:
            self._initial_filter = self._given or arrangement.filter
            self._history[:] = arrangement.history
            self._start(arrangement)
            self.apply_filter(self._initial_filter)
            self._begun = self.arrangement

    def _start(self, arrangement: Arrangement) -> None:
        """Take what was remembered, as far as it still can be."""
        self.table.pins = arrangement.pins
        with suppress(ValueError):
            self.sort(arrangement.sort, arrangement.reverse)
        self.table.ask(self._initial_filter)

    def sort(self, title: str, reverse: bool = False) -> None:
        """Sort by the column whose title begins so, whatever the case; by arrival if empty. ValueError names them."""
        titles = [column.title for column in self.table.columns if column.sort is not None]
        found = next((it for it in titles if it.lower().startswith(title.lower())), None)
        if found is None:
            raise ValueError(f"There is no column “{title}” to sort by. There are: {', '.join(titles)}.")
        index = next(at for at, column in enumerate(self.table.columns) if column.title == found)
        self.table.sort_by(index if title else None, reverse)

    def apply_filter(self, text: str) -> None:
        """Filter by this, as if it had been typed; if it can't be, the line opens and says why."""
        wrong = self.table.ask(text)
        if wrong:
            line = self._opened()
            line.input.value = text
            line.open(wrong)
            return
        if self._line is not None:
            self._line.close(self.table.filter)
        else:
            remember(self._history, self.table.filter)
        self._arranged()

    @property
    def _filtering(self) -> bool:
        """Whether the filter line is open."""
        return self._line is not None and self._line.is_open

    def _opened(self) -> FilterLine:
        """The filter line, which can have the focus at once."""
        from lambdatui.ui.widgets.filter_line import FilterInput, FilterLine

        if self._line is None:
            self._line = FilterLine(FilterInput(self._completion, self._history, self.table.filter))
            self.query_one(".pane--body").mount(self._line)
        return self._line

    def _completion(self, text: str, at: int) -> Completion:
        return self._language.complete(text, at, self.table.everything)

    def action_filter(self) -> None:
        """Open the filter line."""
        line = self._opened()
        line.open()
        self.screen.set_focus(line.input, scroll_visible=False)  # at once

    def action_clear(self) -> None:
        """Put away what is told of a lacking part, else show all again; if all are shown, take the marks away."""
        if self.unread and self.problem is None:
            self.put_away()
            self.refresh_bindings()
        elif self.table.filter:
            self.apply_filter("")
        else:
            self.table.unmark()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing to filter, no filter and no marks to clear: then escape goes on to the screen."""
        if action == "clear":
            return bool(self.table.filter or self.table.marked or (self.unread and self.problem is None))
        if action == "filter":
            typing = self._line is not None and self.screen.focused is self._line.input
            return bool(self.table.total) and not typing
        return super().check_action(action, parameters)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        wrong = self.table.ask(event.value)
        if self._line is not None and self._line.is_open:
            self._line.tell(wrong)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to the list; what cannot be stays to be mended."""
        event.stop()
        if not self.table.ask(event.value):
            self._close_filter()

    def on_filter_input_left(self, event: FilterInput.Left) -> None:
        event.stop()
        self._close_filter()

    def on_table_arranged(self, event: Table.Arranged) -> None:
        event.stop()
        self._tell()
        clearable = (bool(self.table.filter), len(self.table.marked))
        if clearable != self._clearable:
            self._clearable = clearable
            self.refresh_bindings()
        if not self._filtering:
            self._arranged()

    def _close_filter(self) -> None:
        if self._line is not None:
            self._line.close(self.table.filter)
        self._arranged()
        self.table.focus(scroll_visible=False)

    def _arranged(self) -> None:
        if self.arrangement != self._last:
            self._last = self.arrangement
            self.post_message(self.Arranged(self))
