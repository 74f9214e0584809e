"""`FiguresPane`: a list whose cells are figures of CloudWatch, read while it can be seen."""

from __future__ import annotations

import asyncio
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar

from lambdatui.ui.table import TablePane
from lambdatui.ui.watching import Watching
from lambdatui.ui.widgets.columns import Item

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from lambdatui.aws.gateway import Aws
    from lambdatui.aws.metric_watch import Readings
    from lambdatui.model.metrics import Range
    from lambdatui.ui.widgets.table import Table

A_SLICE = 20
"""Rows that are changed between two keys."""


class FiguresPane(TablePane[Item]):
    """A subclass says what it needs (`want`), and makes rows of what is known (`known_of`)."""

    FIGURED: ClassVar[Collection[str]] = ()
    """Titles of columns and names of terms that are known of the rows in sight only, unless one of them is used."""

    RANKED: ClassVar[bool] = False
    """Whether the first row is what matters most: the cursor is on it until somebody moves it or all is known."""

    def __init__(self, aws: Aws, **arguments: Any) -> None:
        super().__init__(aws, **arguments)
        self.watching = Watching(self, aws, self._take)
        self._topped: str | None = ""
        """The key of the row that the cursor was put on; empty: none yet; None: it is not put anywhere any more."""

    # What such a list writes ------------------------------------------------------------------------------------

    def want(self) -> None:
        """Say what is needed, by `self.watching.want()`: at first, and when something else is in sight."""
        raise NotImplementedError

    def known_of(self, names: Collection[str]) -> Iterator[Item | None]:
        """The rows of these functions, with what is known by now; None for one of which there is nothing new."""
        raise NotImplementedError

    def figures_came(self) -> None:
        """Tell what is told beside the rows."""

    # ------------------------------------------------------------------------------------------------------------

    @property
    def over(self) -> Range:
        """The stretch of time that is looked at."""
        from lambdatui.model.metrics import Range  # no figure is read before the first paint

        return Range(self.aws.window)

    @property
    def by_figures(self) -> bool:
        """Whether it is sorted or filtered by what is not known of all rows otherwise."""
        index, _ = self.table.sorted_by
        by = {it.field.name for it in self.table.asked.asked}
        by |= set() if index is None else {self.table.columns[index].title}
        return any(it in by for it in self.FIGURED)

    def begin_reading(self) -> None:
        """Read, while the list can be seen."""
        self.want()
        self.watching.begin()

    def watch_active(self, active: bool) -> None:
        super().watch_active(active)
        if not active:
            self.watching.end()

    def arranged(self) -> None:
        super().arranged()
        self.want()

    def action_refresh_pane(self) -> None:
        """Load again, and ask for all figures again."""
        self.watching.refresh()
        self.aws.metrics.list_anew()
        super().action_refresh_pane()

    def retime(self) -> None:
        self.watching.forget()
        self.call_later(self.want)  # in a turn of its own: of ten thousand functions it is 10 ms of work

    def clear_content(self) -> None:
        self.watching.forget()
        super().clear_content()

    def on_table_sighted(self, event: Table.Sighted) -> None:
        event.stop()
        self.want()

    async def _take(self, readings: Readings) -> None:
        found = (dict(need.metric.dimensions).get("FunctionName") for need in readings)
        rows = self.known_of(dict.fromkeys(name for name in found if name is not None).keys())
        while some := [*islice(rows, A_SLICE)]:
            self.table.merge(it for it in some if it is not None)
            if len(some) == A_SLICE:
                await asyncio.sleep(0)
        if self.RANKED:
            self._keep_on_top()
        self.figures_came()
        self.tell()

    def rank_anew(self) -> None:
        """All rows come again, in any order."""
        self._topped = ""

    def _keep_on_top(self) -> None:
        on = self.table.cursor_item
        if self._topped is None or on is None:
            return
        if self._topped and self._topped != self.key(on):
            self._topped = None  # somebody has moved it
            return
        self.table.action_jump("start")
        first = self.table.cursor_item
        self._topped = None if first is None or self.watching.settled else self.key(first)
