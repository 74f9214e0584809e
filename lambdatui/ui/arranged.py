"""`ArrangedPane`: a pane with a table that a person arranges: its filter, sort order and pins."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar, Generic

from textual.binding import Binding, BindingType

from lambdatui.model.query import Language
from lambdatui.ui.arrangement import MOST, Arrangement, remember
from lambdatui.ui.pane import Pane
from lambdatui.ui.widgets.columns import Column, Item
from lambdatui.ui.widgets.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.widgets import Input

    from lambdatui.aws.gateway import Aws
    from lambdatui.model.query import Completion
    from lambdatui.model.terms import Field
    from lambdatui.ui.widgets.filter_line import FilterInput, FilterLine


class ArrangedPane(Pane, Generic[Item]):
    """A table, the line in which its filter is typed, and what is remembered of both."""

    COLUMNS: ClassVar[Sequence[Column[Any]]] = ()
    FIELDS: ClassVar[Sequence[Field[Any]]] = ()
    """What a filter can ask for beside the words of a name."""
    PUT_AWAY = " (esc puts this away)"

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

    def __init__(self, aws: Aws, filter: str, arrangement: Arrangement, id: str | None) -> None:  # noqa: A002 (Textual's)
        """`arrangement` is what was remembered; `filter`, where it is not empty, is used in place of its filter."""
        super().__init__(aws, id=id)
        self._language = Language(self.search_text, self.FIELDS)
        self.table: Table[Item] = Table(self.columns(), key=self.key, language=self._language)
        self._line: FilterLine | None = None
        """Made when it is opened for the first time."""
        self._history = [*arrangement.history][-MOST:]
        """Filters that were used, the last one last."""
        self._given = filter
        self._initial_filter = filter or arrangement.filter
        self._clearable = (False, 0)
        """Whether there is a filter, and how many marks there are, when the keys were drawn last."""
        self._start(arrangement)
        self._begun = self._last = self.arrangement

    # What a list writes -----------------------------------------------------------------------------------------

    def columns(self) -> Sequence[Column[Any]]:
        """The columns, where they are not the same for all lists of this kind."""
        return self.COLUMNS

    def key(self, item: Item) -> str:
        """What tells an item from all others and never changes."""
        raise NotImplementedError

    def search_text(self, item: Item) -> str:
        """The text in which the words of a filter are looked for: that of the first column."""
        return self.key(item)

    def tell(self) -> None:
        """Say what is shown now."""
        raise NotImplementedError

    def arranged(self) -> None:
        """A person has arranged it in another way."""
        raise NotImplementedError

    # ------------------------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        if self._initial_filter:
            self.apply_filter(self._initial_filter)

    @property
    def arrangement(self) -> Arrangement:
        """Filter, sort order and pins as they are."""
        index, reverse = self.table.sorted_by
        title = "" if index is None else self.table.columns[index].title
        return Arrangement(self.table.filter, title, reverse, self.table.pins, tuple(self._history))

    def recollect(self, arrangement: Arrangement) -> None:
        """Take what was remembered, unless somebody has arranged this by now."""
        if self.arrangement == self._begun and not self.filtering:
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
        """Sort by the column whose title begins so, whatever the case, "d" for "Δ"; by arrival if empty.

        ValueError names the columns that there are.
        """
        titles = [column.title for column in self.table.columns if column.sort is not None]
        named = [it for it in titles if it.lower().startswith(title.lower())]
        found = next(
            iter(named or [it for it in titles if it.replace("Δ", "d").lower().startswith(title.lower())]), None
        )
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
    def filtering(self) -> bool:
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
        wrong = self.table.ask(event.value)
        if not wrong:
            self._close_filter()
        elif self._line is not None:
            self._line.stay(wrong)

    def on_filter_input_left(self, event: FilterInput.Left) -> None:
        event.stop()
        self._close_filter()

    def on_table_arranged(self, event: Table.Arranged) -> None:
        event.stop()
        self.tell()
        clearable = (bool(self.table.filter), len(self.table.marked))
        if clearable != self._clearable:
            self._clearable = clearable
            self.refresh_bindings()
        if not self.filtering:
            self._arranged()

    def _close_filter(self) -> None:
        if self._line is not None:
            self._line.close(self.table.filter)
        self._arranged()
        self.table.focus(scroll_visible=False)

    def _arranged(self) -> None:
        if self.arrangement != self._last:
            self._last = self.arrangement
            self.arranged()
