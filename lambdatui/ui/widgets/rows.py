"""The rows of a table without its looks: items by key, filtered and sorted, some marked, with a cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic

from lambdatui.model.fuzzy import folded
from lambdatui.model.query import Query
from lambdatui.ui.widgets.columns import Item

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence


class Rows(Generic[Item]):
    """Items by key in the order of their arrival, those of them that are shown, and the cursor, which is held by key.

    Pinned rows are shown first. Where no sort order is asked for, what fits the words of a filter better comes before
    what fits them worse. `shown` is a new list after every change: one that was taken before stays what it was.
    """

    def __init__(self, key: Callable[[Item], str], text: Callable[[Item], str]) -> None:
        """`text` is what the words of a filter look into."""
        self._key = key
        self._text = text
        self._items: dict[str, Item] = {}
        self._texts: dict[str, str] = {}  # folded, made when first filtered
        self._order: list[str] = []
        self._query: Query[Item] = Query()
        self._fits: dict[str, int] = {}
        """What fits the filter, if there is one, and how well: 0 best."""
        self._sort: Callable[[Item], Any] | None = None
        self._reverse = False
        self._values: dict[str, Any] = {}  # what is sorted by
        self._held: str | None = None
        self.shown: list[str] = []
        """Keys of the rows that are shown, in their order."""
        self.at = -1
        """Index of the cursor in `shown`; -1 when nothing is shown."""
        self.marked: set[str] = set()
        """Keys of rows that are there, shown or not."""
        self.pinned: set[str] = set()
        """Keys, also of rows that are not there (yet)."""

    def __len__(self) -> int:
        return len(self._items)

    def item(self, index: int) -> Item:
        """The item that is shown at an index."""
        return self._items[self.shown[index]]

    @property
    def items(self) -> Collection[Item]:
        """All items, shown or not, in the order of their arrival."""
        return self._items.values()

    @property
    def marked_items(self) -> list[Item]:
        """What is marked, in the order of arrival."""
        return [item for key, item in self._items.items() if key in self.marked] if self.marked else []

    @property
    def hidden_marks(self) -> int:
        """How many of the marked rows the filter hides."""
        return len(self.marked - self._fits.keys()) if self._query.source else 0

    # What changes it --------------------------------------------------------------------------------------------

    def merge(self, items: Iterable[Item]) -> None:
        """Insert items, or replace those of the same key in place; an equal item stays the object it was."""
        added: list[str] = []
        replaced: list[str] = []
        for item in items:
            key = self._key(item)
            old = self._items.get(key)
            if old is None:
                added.append(key)
            elif old is item or old == item:
                continue
            else:
                replaced.append(key)
                self._values.pop(key, None)
            self._items[key] = item
        if replaced or self._sort is None:
            self._order = self._sorted(self._items)
        elif added:
            # What came last is last among equals as well: sorting what is nearly sorted costs one pass.
            self._order = self._sorted([*self._order, *added])
        if replaced or added:
            self._refit(added, replaced)
            self._show()

    def retain(self, keys: Collection[str]) -> None:
        """Remove every item whose key is not among `keys`."""
        gone = [key for key in self._items if key not in keys]
        for key in gone:
            del self._items[key]
            self._texts.pop(key, None)
            self._fits.pop(key, None)
            self._values.pop(key, None)
        if gone:
            self.marked.difference_update(gone)
            self._order = [key for key in self._order if key in self._items]
            self._show()

    def clear(self) -> None:
        """Remove all items and their marks, and forget the cursor."""
        for kept in (self._items, self._texts, self._fits, self._values):
            kept.clear()
        self.marked.clear()
        self._order = []
        self._held = None
        self._show()

    def filter(self, query: Query[Item]) -> None:
        """Show only items that fit. A cursor on what fits worse than another goes to the best, if that order shows."""
        self._query = query
        self._fits = {}
        self._refit(self._items, ())
        self._show()
        if self._ranked and self.shown:
            best = min(self._fits.values())
            if self._fits[self.shown[self.at]] > best:
                self.move(next(at for at, key in enumerate(self.shown) if self._fits[key] == best))

    def sort(self, sort: Callable[[Item], Any] | None, reverse: bool) -> None:
        """Order by a value of the items, or by arrival (None); equals stay in that order, missing values go last."""
        if sort is not self._sort:
            self._values = {}
        self._sort, self._reverse = sort, reverse
        self._order = self._sorted_anew() if sort is not None else list(self._items)
        self._show()

    def mark(self) -> None:
        """Mark the row under the cursor, or take its mark away."""
        if self.shown:
            self.marked ^= {self.shown[self.at]}

    def pin(self, keys: Collection[str]) -> None:
        """Pin these, and no others."""
        self.pinned = set(keys)
        self._show()

    def move(self, index: int) -> None:
        """Put the cursor on the row at an index, or at the end next to it."""
        if self.shown:
            self.at = max(0, min(index, len(self.shown) - 1))
            self._held = self.shown[self.at]

    # ------------------------------------------------------------------------------------------------------------

    @property
    def _ranked(self) -> bool:
        return self._sort is None and bool(self._query.needles)

    def _refit(self, added: Collection[str], replaced: Collection[str]) -> None:
        """Ask the filter about items that are new or others than before."""
        for key in replaced:
            self._texts.pop(key, None)
            self._fits.pop(key, None)
        query, texts = self._query, self._texts
        if not query.source:
            return
        if len(texts) < len(self._items):
            text = self._text
            texts.update({key: folded(text(item)) for key, item in self._items.items() if key not in texts})
        fitting = query.pick([*added, *replaced], texts, self._items)
        rank = query.rank if query.needles else _alike
        self._fits.update({key: rank(texts[key]) for key in fitting})

    def _sorted_anew(self) -> list[str]:
        """All keys by the values of their items. Places in a list are looked up in half the time of keys."""
        keys = list(self._items)
        values = list(map(self._sort, self._items.values())) if self._sort is not None else keys
        places: Collection[int] = range(len(keys))
        missing: Collection[int] = ()
        if _some_missing(values):
            missing = [at for at in places if _is_missing(values[at])]
            left_out = set(missing)
            places = [at for at in places if at not in left_out]
        places = [*sorted(places, key=values.__getitem__, reverse=self._reverse), *missing]
        return [keys[at] for at in places]

    def _sorted(self, keys: Collection[str]) -> list[str]:
        sort, values = self._sort, self._values
        if sort is None:
            return list(keys)
        if not values:
            values.update(zip(self._items, map(sort, self._items.values()), strict=True))
        elif len(values) < len(self._items):
            values.update({key: sort(item) for key, item in self._items.items() if key not in values})
        missing: list[str] = []
        if _some_missing(values.values()):
            missing = [key for key in keys if _is_missing(values[key])]
            left_out = set(missing)
            keys = [key for key in keys if key not in left_out]
        return [*sorted(keys, key=values.__getitem__, reverse=self._reverse), *missing]

    def _show(self) -> None:
        before = self.shown
        self.shown = self._arranged()
        if not self.shown:
            self.at = -1  # what the cursor was on is kept for the next time that it shows
        elif self._held is None:
            self.move(0)
        else:
            self.move(self._nearest(self._held, before))

    def _arranged(self) -> list[str]:
        keys, pinned, fits = self._order, self.pinned, self._fits
        if self._query.source:
            keys = [key for key in keys if key in fits]
            if self._ranked:
                keys.sort(key=fits.__getitem__)
        if pinned:
            first = [key for key in keys if key in pinned]
            if first:
                return [*first, *(key for key in keys if key not in pinned)]
        return keys

    def _nearest(self, held: str, before: Sequence[str]) -> int:
        """The index of the held key in `shown`, or of what was closest to it before and still is there."""
        if held in (self._fits if self._query.source else self._items):
            return self.shown.index(held)
        left = {key: index for index, key in enumerate(self.shown)}
        below = next((at for at in range(self.at + 1, len(before)) if before[at] in left), None)
        above = next((at for at in range(self.at - 1, -1, -1) if before[at] in left), None)
        neighbours = [at for at in (below, above) if at is not None]
        return left[before[min(neighbours, key=lambda at: abs(at - self.at))]] if neighbours else 0


def _alike(text: str) -> int:
    return 0


def _some_missing(values: Iterable[Any]) -> bool:
    """Whether any of them may be."""
    return not {type(None), float}.isdisjoint(map(type, values))


def _is_missing(value: Any) -> bool:
    # NaN, which is not even equal to itself, would spoil the order of all others.
    return value is None or value != value
