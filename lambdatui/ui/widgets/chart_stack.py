"""Several charts of one stretch of time below and beside one another, with one cursor over all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll
from textual.message import Message

from lambdatui.ui.widgets.chart import Chart
from lambdatui.ui.widgets.flat import movement

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from lambdatui.model.chart import Chart as ChartData

WIDE = 118
"""Cells from which on there are two charts side by side."""
LOW, GOOD, HIGH = 7, 8, 16
"""Rows of a chart: where there is little room, as a rule, and at most."""
AROUND = 8
"""Rows of a screen that are not the stack's, about."""


class ChartStack(VerticalScroll, can_focus=False, inherit_bindings=False):
    """As many charts as it is told; those without anything to show take no room.

    The keys that move go from chart to chart: to the left and right they are the cursor's.
    """

    BINDINGS: ClassVar[list[BindingType]] = [it for it in movement("charts") if "sideways" not in it.action]

    DEFAULT_CSS = """
    ChartStack { layout: grid; grid-size: 1; grid-gutter: 0 2; height: 1fr; }
    """

    class Moved(Message):
        """The cursor is on another period, or there is none."""

        def __init__(self, cursor: int | None) -> None:
            super().__init__()
            self.cursor = cursor

    def __init__(self, most: int) -> None:
        """At most so many charts."""
        super().__init__()
        self._arranged = 0, 0
        self._charts = [Chart() for _ in range(most)]
        for chart in self._charts:
            chart.display = False

    def compose(self) -> ComposeResult:
        yield from self._charts

    @property
    def shown(self) -> list[Chart]:
        """The charts that there is something in, in their order."""
        return [it for it in self._charts if it.display]

    def show(self, charts: Sequence[ChartData | None], cursor: int | None) -> None:
        """Show these in their places, with the cursor on a period."""
        for number, widget in enumerate(self._charts):
            data = charts[number] if number < len(charts) else None
            widget.display = data is not None
            if data is not None:
                widget.cursor = cursor
                widget.chart = data
        self.can_focus = not self.shown
        if self.has_focus and self.shown:  # it had it while there were none
            self.action_jump("start")
        self._arrange()

    def on_resize(self, event: events.Resize) -> None:
        self._arrange()

    def tell_times(self, zone: tzinfo | None) -> None:
        """Tell the times of a zone from now on; None: this machine's."""
        for chart in self._charts:
            chart.zone = zone

    def columns_in(self, width: int) -> int:
        """How many charts stand side by side in so many cells."""
        return 2 if width >= WIDE else 1

    def _arrange(self) -> None:
        if not self.is_attached:
            return
        # Before it was in sight for the first time it has no size: the charts would be drawn twice.
        width, room = self.container_size if self.size else self.screen.size - (0, AROUND)
        columns = self.columns_in(width)
        rows = -(-len(self.shown) // columns) or 1
        room = max(self.size.height or room, 4)
        seen = min(rows, max(1, room // GOOD))
        height = max(min(LOW, room), min(room // seen, HIGH))
        if self._arranged != (columns, height):
            self._arranged = columns, height
            self.styles.grid_size_columns = columns
            self.styles.grid_rows = str(height)

    def on_chart_moved(self, event: Chart.Moved) -> None:
        event.stop()
        for chart in self._charts:
            chart.cursor = event.cursor
        self.post_message(self.Moved(event.cursor))

    # The keys that move -----------------------------------------------------------------------------------------

    def action_move(self, rows: int) -> None:
        """Go to the chart below or above."""
        shown = self.shown
        at = next((number for number, it in enumerate(shown) if it.has_focus), None)
        if at is None:
            self.action_jump("start")
        elif 0 <= (other := at + rows * self.columns_in(self.container_size.width)) < len(shown):
            self._go(shown[other])

    def action_page(self, pages: float) -> None:
        """Scroll by what can be seen."""
        self.scroll_relative(y=round(pages * self.size.height), animate=False)

    def action_jump(self, where: str) -> None:
        """Go to the first chart or the last."""
        if shown := self.shown:
            self._go(shown[0 if where == "start" else -1])

    def _go(self, chart: Chart) -> None:
        chart.focus(scroll_visible=False)
        self.scroll_to_widget(chart, animate=False)
