"""Columns of a table, and which of them fit where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, TypeAlias, TypeVar

from lambdatui.ui.widgets.cells import Align, width_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Item = TypeVar("Item")

Tone: TypeAlias = Literal["muted", "good", "warning", "bad"]
"""What a cell's colour stands for. The text must say the same: colour is never the only sign."""

GUTTER = 2
"""Cells before the first column: the cursor's sign, and that of a mark or a pin."""
GAP = 2
"""Cells between two columns."""
NARROW = 76
"""With fewer cells than these for all columns, those with an `urgency` stand first."""
FROZEN_MINIMUM = 8
"""Cells that the first column keeps when a wide column beside it needs room."""


class Toned(NamedTuple):
    """The text of a cell with a tone."""

    text: str
    tone: Tone


Cell: TypeAlias = str | Toned


class Column(NamedTuple, Generic[Item]):
    """One column of a table of items."""

    title: str
    cell: Callable[[Item], Cell]
    """The text of an item's cell; never read as markup."""
    width: int
    """Cells at least. The title and the mark of the sorted column always have room."""
    grow: int = 0
    """Share of the room that is left over."""
    sort: Callable[[Item], Any] | None = None
    """What to sort by; None, NaN: missing, last in both directions. A column without it can't be sorted by."""
    align: Align = "left"
    leaves: int = 0
    """Cells that must be left over for the columns before it to grow: with less, it is there only when scrolled to."""
    urgency: int = 0
    """Where there is little room: its place behind the first column, from 1 on. 0: after those that have one."""

    @property
    def least(self) -> int:
        """Cells that the column takes before spare room is shared out."""
        return max(self.width, width_of(self.title) + (self.sort is not None))


class Placed(NamedTuple):
    """A column on screen: its number among all, the cell it starts at, and its cells."""

    column: int
    x: int
    width: int


class Layout(NamedTuple):
    """The columns on screen, left to right, and whether there are more on either side."""

    placed: tuple[Placed, ...]
    more_left: bool
    more_right: bool


def ordered(columns: Sequence[Column[Any]], width: int) -> Sequence[int]:
    """The numbers of the columns in the order in which they stand in `width` cells."""
    order = range(len(columns))
    if width >= NARROW or not any(it.urgency for it in columns):
        return order
    return [0, *sorted(order[1:], key=lambda index: columns[index].urgency or len(columns))]


def lay_out(columns: Sequence[Column[Any]], width: int, first: int) -> Layout:
    """Place column 0, which is always there, and as many as fit `width` cells from place `first` (1 or more) on."""
    order = ordered(columns, width)
    room = max(0, width - GUTTER)
    widths = {0: min(columns[0].least, room)}
    if first < len(columns) and GAP + columns[order[first]].least > room - widths[0]:
        # Beside column 0 there is always another one, both cut if need be: else there would be no way to see it.
        least = columns[order[first]].least
        widths[0] = max(min(FROZEN_MINIMUM, widths[0], room // 2), room - GAP - least)
        widths[order[first]] = max(0, min(least, room - GAP - widths[0]))
    taken = sum(widths.values()) + GAP * (len(widths) - 1)
    for index in order[first + len(widths) - 1 :]:
        leaves = 0 if index == order[first] else columns[index].leaves  # to the first one somebody has scrolled
        if taken + GAP + columns[index].least + leaves > room:
            break
        widths[index] = columns[index].least
        taken += GAP + widths[index]
    _share_out(columns, widths, room - taken)
    return Layout(_place(widths), first > 1, order[-1] not in widths)


def furthest(columns: Sequence[Column[Any]], width: int) -> int:
    """The first place to start from so that the last column is just on screen."""
    return next(
        (first for first in range(1, len(columns)) if not lay_out(columns, width, first).more_right),
        max(1, len(columns) - 1),
    )


def _share_out(columns: Sequence[Column[Any]], widths: dict[int, int], spare: int) -> None:
    shares = sum(columns[index].grow for index in widths)
    for index in widths:
        grow = columns[index].grow
        if grow and spare > 0:
            more = spare * grow // shares
            widths[index] += more
            spare -= more
            shares -= grow


def _place(widths: dict[int, int]) -> tuple[Placed, ...]:
    placed = []
    x = GUTTER
    for index, width in widths.items():
        placed.append(Placed(index, x, width))
        x += width + GAP
    return tuple(placed)
