"""Lines over time in characters.

Own code and no library's, as measured by tests/benchmarks/charts.py with three series at 120×10. plotext by way of
textual-plotext 1.0 draws all of it again for each new point: 6.7 times the CPU time and 7.6 times the bytes, also
when nothing changed. It has gaps, limits and braille, but no cursor, no fainter lines behind, no sign of what is not
over, and braille lines that differ in colour alone. Textual's Sparkline has one series, no axes, no gaps, no cursor and
no limit: 4 times the CPU time and 24 times the bytes.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget

from lambdatui.ui.widgets.chart_canvas import Row, differing
from lambdatui.ui.widgets.chart_plot import Picture, draw_chart
from lambdatui.ui.widgets.chart_signs import Signs, signs_here

if TYPE_CHECKING:
    from datetime import tzinfo

    from textual import events

    from lambdatui.model.chart import Chart as ChartData
    from lambdatui.model.chart_times import Moment

FAR = 10
"""Periods that the keys with shift move."""

LOOKS = {
    **{str(number): f"line-{number}" for number in range(6)},
    "l": "limit", "b": "behind", "a": "axis", "m": "marker", "c": "cursor", "T": "title", "t": "text", " ": "text",
}  # fmt: skip
"""The letters of looks, and the names of the component classes that give them their colours."""


class Drawn(Widget):
    """Rows of cells with looks, of which those cells are sent to the terminal that differ from the last time."""

    _rows: tuple[Row, ...] = ()

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Show these rows, as wide and as many as the widget is."""
        old, self._rows = self._rows, rows
        if [len(row.text) for row in old] != [len(row.text) for row in rows]:
            self.refresh()
            return
        changed = ((y, differing(*pair)) for y, pair in enumerate(zip(old, rows, strict=True)))
        if regions := [Region(cells[0], y, cells[1] - cells[0], 1) for y, cells in changed if cells]:
            self.refresh(*regions)  # without any it would draw everything

    def render_line(self, y: int) -> Strip:
        """One row."""
        if y >= len(self._rows):
            return Strip.blank(self.size.width, self.get_component_rich_style("chart--text"))
        row = self._rows[y]
        segments, at = [], 0
        for look, run in groupby(row.looks):
            end = at + sum(1 for _ in run)
            segments.append(Segment(row.text[at:end], self.get_component_rich_style(f"chart--{LOOKS[look]}")))
            at = end
        return Strip(segments, at).crop(0, self.size.width)


COMPONENTS = {f"chart--{name}" for name in LOOKS.values()}

CSS = """
    & > .chart--line-0 { color: $text-primary; }
    & > .chart--line-1 { color: $text-secondary; }
    & > .chart--line-2 { color: $text-success; }
    & > .chart--line-3 { color: $text-warning; }
    & > .chart--line-4 { color: $text-accent; }
    & > .chart--line-5 { color: $foreground; }
    & > .chart--limit { color: $text-error; }
    & > .chart--behind, & > .chart--axis { color: $text-muted; }
    & > .chart--marker { color: $text-warning; text-style: bold; }
    & > .chart--title { text-style: bold; }
    & > .chart--cursor {
        background: $block-cursor-background; color: $block-cursor-foreground; text-style: $block-cursor-text-style;
    }
"""
"""The colours of the component classes."""


class Chart(Drawn, can_focus=True):
    """One chart: its legend, its axes, its lines. It draws what it is given; the time that is shown is the pane's.

    At least 20 cells by 4 rows. See tests/benchmarks/charts.py for why it is not a library's.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1)", "Earlier", show=False, tooltip="Cursor to the period before", id="chart.earlier"),
        Binding("right", "move(1)", "Later", show=False, tooltip="Cursor to the next period", id="chart.later"),
        Binding(
            "shift+left", f"move(-{FAR})", f"{FAR} earlier", show=False, tooltip=f"{FAR} periods back",
            id="chart.far_earlier",
        ),
        Binding(
            "shift+right", f"move({FAR})", f"{FAR} later", show=False, tooltip=f"{FAR} periods on", id="chart.far_later"
        ),
        Binding("escape", "leave", "No cursor", show=False, tooltip="Take the cursor away", id="chart.leave"),
    ]  # fmt: skip

    ALLOW_SELECT = False  # text selected across a plot is of no use

    COMPONENT_CLASSES: ClassVar[set[str]] = COMPONENTS

    DEFAULT_CSS = f"""
    Chart {{
        height: 1fr; min-height: 4; min-width: 20;
        {CSS}
        &:focus > .chart--title {{ background: $block-cursor-background; color: $block-cursor-foreground; }}
    }}
    """

    chart: var[ChartData | None] = var(None, init=False)
    """What is shown."""
    cursor: var[int | None] = var(None, init=False)
    """The number of the period that values are told of, or None: then the last and the highest are."""
    zone: var[tzinfo | None] = var(None, init=False)
    """The time zone of the labels; None is this machine's."""

    class Moved(Message):
        """The user moved the cursor, or took it away."""

        def __init__(self, sender: Chart, cursor: int | None) -> None:
            super().__init__()
            self.sender = sender
            self.cursor = cursor

        @property
        def control(self) -> Chart:
            """The chart."""
            return self.sender

    def __init__(
        self, chart: ChartData | None = None, *, signs: Signs | None = None, id: str | None = None  # noqa: A002
    ) -> None:  # fmt: skip
        super().__init__(id=id)
        self._signs = signs or signs_here()
        self._picture: Picture | None = None
        self.set_reactive(Chart.chart, chart)

    @property
    def focusable(self) -> bool:
        """Not out of sight: Textual gives the focus to siblings, and that would bring the tab back."""
        return super().focusable and all(it.display for it in self.ancestors)

    def watch_chart(self, old: ChartData | None, new: ChartData | None) -> None:
        if new is not None and self.cursor is not None and self.cursor >= new.count:
            self.cursor = new.count - 1
        self._redraw()

    def watch_cursor(self) -> None:
        self._redraw()

    def watch_zone(self) -> None:
        self._redraw()

    def on_resize(self) -> None:
        self._redraw()

    def _redraw(self) -> None:
        width, height = self.size
        if self.chart is None or not width or not height:
            self._picture = None
            self.show_rows(())
            return
        self._picture = draw_chart(self.chart, (width, height), self._signs, _moments(self.zone), self.cursor)
        self.show_rows(self._picture.rows)

    # The cursor -------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without a cursor escape is the pane's."""
        return self.cursor is not None if action == "leave" else True

    def action_move(self, periods: int) -> None:
        """Move the cursor by periods; the first move puts it on the last one that is over."""
        chart = self.chart
        if chart is None:
            return
        at = max(0, chart.complete - 1) if self.cursor is None else self.cursor + periods
        self._move_to(max(0, min(at, chart.count - 1)))

    def action_leave(self) -> None:
        """Take the cursor away."""
        self._move_to(None)

    def on_click(self, event: events.Click) -> None:
        if self._picture is not None:
            event.stop()
            self._move_to(self._picture.index(event.x))

    def _move_to(self, cursor: int | None) -> None:
        if cursor != self.cursor:
            self.cursor = cursor
            self.post_message(self.Moved(self, cursor))


@lru_cache(16)
def _moments(zone: tzinfo | None) -> Moment:
    if zone is None:
        return lambda seconds: datetime.fromtimestamp(seconds).astimezone()
    return lambda seconds: datetime.fromtimestamp(seconds, zone)
