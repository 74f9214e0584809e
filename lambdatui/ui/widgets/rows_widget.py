"""A widget of rows: which of them are shown and in which order, what is marked and pinned. How is a subclass's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic

from lambdatui.model.query import Language, Query, QueryError
from lambdatui.ui.widgets.columns import Column, Item
from lambdatui.ui.widgets.flat import FlatWidget
from lambdatui.ui.widgets.rows import Rows
from lambdatui.ui.widgets.view import View

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence


class RowsWidget(FlatWidget, Generic[Item]):
    """Items in rows, merged by key: cursor, place, filter, sort order, marks and pins survive every change of data."""

    def __init__(
        self,
        columns: Sequence[Column[Item]],
        *,
        key: Callable[[Item], str],
        language: Language[Item],
        id: str | None = None,  # noqa: A002 (Textual's name)
    ) -> None:
        """`key` tells items apart and never changes; `language` is that of the filter."""
        super().__init__(id=id)
        self.columns = tuple(columns)
        self._key = key
        self._language = language
        self._rows = Rows(key, language.text)
        self._view = View(self._rows)
        self._query: Query[Item] = Query()
        self._sort: tuple[int | None, bool] = (None, False)

    def settle(self) -> None:
        """Draw the lines that differ from what was drawn last."""
        raise NotImplementedError

    def arranged(self) -> None:
        """Tell that filter, sort order, marks or pins are others than before."""
        raise NotImplementedError

    def reveal(self, column: int) -> None:
        """Bring a column into sight."""
        raise NotImplementedError

    @property
    def order(self) -> Sequence[int]:
        """The numbers of the columns, left to right."""
        return range(len(self.columns))

    # What is shown ----------------------------------------------------------------------------------------------

    @property
    def items(self) -> list[Item]:
        """The items that are shown, in their order."""
        return [self._rows.item(index) for index in range(len(self._rows.shown))]

    @property
    def total(self) -> int:
        """How many items there are, shown or not."""
        return len(self._rows)

    @property
    def shown(self) -> int:
        """How many items are shown."""
        return len(self._rows.shown)

    @property
    def cursor_item(self) -> Item | None:
        """The item that the cursor is on."""
        return self._rows.item(self._rows.at) if self._rows.shown else None

    @property
    def in_sight(self) -> list[Item]:
        """The items whose rows are on screen."""
        first = self._view.offset
        return [self._rows.item(index) for index in range(first, min(first + self._view.height, self.shown))]

    @property
    def everything(self) -> Collection[Item]:
        """All items, shown or not, in the order of their arrival."""
        return self._rows.items

    @property
    def marked(self) -> list[Item]:
        """The items that are marked, shown or not, in the order of their arrival."""
        return self._rows.marked_items

    @property
    def hidden_marks(self) -> int:
        """How many of the marked items the filter hides."""
        return self._rows.hidden_marks

    @property
    def pins(self) -> frozenset[str]:
        """Keys of the items that are shown first; also of those that are not there (yet)."""
        return frozenset(self._rows.pinned)

    @pins.setter
    def pins(self, keys: Collection[str]) -> None:
        if set(keys) != self._rows.pinned:
            self._hold(lambda: self._rows.pin(keys))
            self.arranged()

    @property
    def asked(self) -> Query[Item]:
        """The filter as it was read."""
        return self._query

    @property
    def filter(self) -> str:
        """Only items that fit are shown; hits of its words are marked in the first column. Setting: QueryError."""
        return self._query.source

    @filter.setter  # noqa: A003
    def filter(self, source: str) -> None:
        if source.strip() != self._query.source:
            query = self._query = self._language.parse(source)
            self._hold(lambda: self._rows.filter(query))
            self.arranged()

    def ask(self, source: str) -> str:
        """Filter by what a person types; if it can't be, the last good filter stays, and what is wrong is returned."""
        try:
            self.filter = source
        except QueryError as wrong:
            self.filter = self._language.before(source, wrong, self.filter)
            return str(wrong)
        return ""

    @property
    def sorted_by(self) -> tuple[int | None, bool]:
        """The column sorted by (None: order of arrival), and whether in reverse."""
        return self._sort

    # What changes it --------------------------------------------------------------------------------------------

    def merge(self, items: Iterable[Item]) -> None:
        """Insert items or replace those of the same key. Equal ones cause no drawing."""
        self._hold(lambda: self._rows.merge(items))

    def retain(self, keys: Collection[str]) -> None:
        """Remove the items that a complete refresh has not seen: call it at its end, and never after a failed one."""
        self._hold(lambda: self._rows.retain(keys))

    def clear(self) -> None:
        """Remove all items and their marks; filter, sort order and pins stay."""
        self._hold(self._rows.clear)

    def sort_by(self, index: int | None, reverse: bool = False) -> None:
        """Sort by a column, or by arrival. ValueError if the column has no sort value."""
        sort = None if index is None else self.columns[index].sort
        if index is not None and sort is None:
            raise ValueError(f"column {self.columns[index].title!r} has no sort value")
        self._sort = (index, reverse and index is not None)
        if index is not None:
            self.reveal(index)
        self._hold(lambda: self._rows.sort(sort, reverse))
        self.arranged()

    def unmark(self) -> None:
        """Take all marks away."""
        if self._rows.marked:
            self._rows.marked.clear()
            self.settle()
            self.arranged()

    def _hold(self, change: Callable[[], None]) -> None:
        self._view.hold(change)
        self.settle()

    def action_mark(self) -> None:
        """Mark the item under the cursor, or take its mark away, and go to the next one."""
        if self.shown:
            self._rows.mark()
            self.action_move(1)
            self.arranged()

    def action_pin(self) -> None:
        """Pin the item under the cursor, or unpin it."""
        if (item := self.cursor_item) is not None:
            self.pins = self.pins ^ {self._key(item)}

    def action_sort_next(self) -> None:
        """Sort by the next column that can be sorted by; after the last one by arrival."""
        now, _ = self._sort
        order = self.order
        later = order if now is None else order[order.index(now) + 1 :]
        self.sort_by(next((index for index in later if self.columns[index].sort is not None), None))

    def action_sort_reverse(self) -> None:
        """Reverse the order of the sorted column, of the first one if none is."""
        index, reverse = self._sort
        if index is None:
            self.action_sort_next()
            index, reverse = self._sort
        if index is not None:
            self.sort_by(index, not reverse)
