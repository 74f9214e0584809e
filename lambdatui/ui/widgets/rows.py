"""The rows of a table without its looks: items by key, filtered and sorted, with a cursor."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, Generic

from lambdatui.ui.widgets.columns import Item

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence


class Rows(Generic[Item]):
    """Items by key in the order of their arrival, those of them that are shown, and the cursor, which is held by key.

    `shown` is a new list after every change: one that was taken before stays what it was.
    """

    def __init__(self, key: Callable[[Item], str], search: Callable[[Item], str]) -> None:
        self._key = key
        self._search = search
        self._items: dict[str, Item] = {}
        self._texts: dict[str, str] = {}  # lower-cased, made when first filtered
        self._order: list[str] = []
        self._needle = ""
        self._sort: Callable[[Item], Any] | None = None
        self._reverse = False
        self._held: str | None = None
        self.shown: list[str] = []
        """Keys of the rows that are shown, in their order."""
        self.at = -1
        """Index of the cursor in `shown`; -1 when nothing is shown."""

    def __len__(self) -> int:
        return len(self._items)

    def item(self, index: int) -> Item:
        """The item that is shown at an index."""
        return self._items[self.shown[index]]

    def merge(self, items: Iterable[Item]) -> None:
        """Insert items, or replace those of the same key in place; an equal item stays the object it was."""
        added: list[str] = []
        replaced = False
        for item in items:
            key = self._key(item)
            old = self._items.get(key)
            if old is None:
                added.append(key)
            elif old is item or old == item:
                continue
            else:
                self._texts.pop(key, None)
                replaced = True
            self._items[key] = item
        if replaced or self._sort is None:
            self._order = self._sorted(self._items)
        elif added:
            # What came last is last among equals as well: sorting what is nearly sorted costs one pass.
            self._order = self._sorted([*self._order, *added])
        if replaced or added:
            self._show()

    def retain(self, keys: Collection[str]) -> None:
        """Remove every item whose key is not among `keys`."""
        gone = [key for key in self._items if key not in keys]
        for key in gone:
            del self._items[key]
            self._texts.pop(key, None)
        if gone:
            self._order = [key for key in self._order if key in self._items]
            self._show()

    def clear(self) -> None:
        """Remove all items and forget the cursor."""
        self._items.clear()
        self._texts.clear()
        self._order = []
        self._held = None
        self._show()

    def filter(self, needle: str) -> None:
        """Show only items whose text contains `needle`, whatever the case."""
        self._needle = needle.lower()
        self._show()

    def sort(self, sort: Callable[[Item], Any] | None, reverse: bool) -> None:
        """Order by a value of the items, or by arrival (None); equals stay in that order, missing values go last."""
        self._sort, self._reverse = sort, reverse
        self._order = self._sorted(self._items)
        self._show()

    def move(self, index: int) -> None:
        """Put the cursor on the row at an index, or at the end next to it."""
        if self.shown:
            self.at = max(0, min(index, len(self.shown) - 1))
            self._held = self.shown[self.at]

    def _sorted(self, keys: Collection[str]) -> list[str]:
        if self._sort is None:
            return list(keys)
        ordered = list(keys)
        values = [*map(self._sort, map(self._items.__getitem__, ordered))]
        places: Sequence[int] = range(len(ordered))
        missing: list[int] = []
        # NaN, which is not even equal to itself, would spoil the order of all others.
        if None in values or any(map(operator.ne, values, values)):
            missing = [at for at in places if values[at] is None or values[at] != values[at]]
            left_out = set(missing)
            places = [at for at in places if at not in left_out]
        return [ordered[at] for at in (*sorted(places, key=values.__getitem__, reverse=self._reverse), *missing)]

    def _show(self) -> None:
        before = self.shown
        self.shown = self._matching() if self._needle else self._order
        if not self.shown:
            self.at = -1  # what the cursor was on is kept for the next time that it shows
        elif self._held is None:
            self.move(0)
        else:
            self.move(self._nearest(self._held, before))

    def _matching(self) -> list[str]:
        texts, needle = self._texts, self._needle
        if len(texts) < len(self._items):
            for key, item in self._items.items():
                if key not in texts:
                    texts[key] = self._search(item).lower()
        return [key for key in self._order if needle in texts[key]]

    def _nearest(self, held: str, before: Sequence[str]) -> int:
        """The index of the held key in `shown`, or of what was closest to it before and still is there."""
        if held in self._items and (not self._needle or self._needle in self._texts[held]):
            return self.shown.index(held)
        left = {key: index for index, key in enumerate(self.shown)}
        below = next((at for at in range(self.at + 1, len(before)) if before[at] in left), None)
        above = next((at for at in range(self.at - 1, -1, -1) if before[at] in left), None)
        neighbours = [at for at in (below, above) if at is not None]
        return left[before[min(neighbours, key=lambda at: abs(at - self.at))]] if neighbours else 0
