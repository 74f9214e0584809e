"""A chart as rows of cells: where everything is, and what is drawn over what."""

from __future__ import annotations

from dataclasses import dataclass, field

from lambdatui.model.chart import Chart, ChartSeries
from lambdatui.model.chart_scale import Scale, scale, tick
from lambdatui.model.chart_times import Moment, clock, time_labels, zone
from lambdatui.ui.widgets.chart_canvas import Cells, Dots, Layer, Row, narrow
from lambdatui.ui.widgets.chart_legend import entries, line_look, rows
from lambdatui.ui.widgets.chart_signs import Signs

_MARKS_APART = 14
"""Cells between two marks of one line, at least."""
_GUTTER, _WIDE = 7, 60
"""Cells for the ticks of charts that are at least so wide, whatever they need: charts on one another are in line."""
_TICKS_APART = 2
"""Rows from one tick to the next, at least."""


@dataclass(frozen=True)
class Picture:
    """A drawn chart."""

    rows: tuple[Row, ...]
    left: int
    """The first cell of the plot."""
    columns: int
    """Cells that the plot is wide."""
    count: int
    """Periods in them."""

    def column(self, index: int) -> int:
        """The cell that a period's values are drawn in."""
        return self.left + (2 * index + 1) * self.columns // (2 * self.count)

    def index(self, x: int) -> int:
        """The period that is nearest to a cell."""
        column = max(0, min(x - self.left, self.columns - 1))
        return min((2 * column + 1) * self.count // (2 * self.columns), self.count - 1)


def draw_chart(chart: Chart, size: tuple[int, int], signs: Signs, moment: Moment, cursor: int | None = None) -> Picture:
    """The chart in so many columns and rows (at least 20 by 4 show something), with the cursor at a period."""
    return _Plot(chart, size, signs, moment, cursor).picture()


@dataclass
class _Plot:
    chart: Chart
    size: tuple[int, int]
    signs: Signs
    moment: Moment
    cursor: int | None
    scales: dict[str, Scale] = field(init=False)

    def picture(self) -> Picture:
        chart, (width, height) = self.chart, self.size
        most = 1 if height < 6 else 2 if height < 10 else 3
        legend = rows(chart.title, entries(chart, self.signs, self.cursor), width, most)
        self.top = len(legend)
        self.axis = height >= 6
        self.plot_rows = max(1, height - self.top - 1 - self.axis)
        most = max(1, min((self.plot_rows - 1) // _TICKS_APART, 5))
        self.scales = {unit: scale(*chart.span(unit), unit, most) for unit in chart.units}
        ticks = [[tick(value, unit) for value in self.scales[unit].ticks] for unit in chart.units]
        widths = [max(map(len, texts)) + 1 for texts in ticks] or [1]
        self.left = min(max(widths[0], _GUTTER if width >= _WIDE else 0), max(1, width - 2))
        self.columns = max(1, width - self.left - (min(widths[1], width // 3) if len(widths) > 1 else 0))
        self.cells = Cells(width, max(height, self.top + self.plot_rows + self.axis + 1))
        self.found = Picture((), self.left, self.columns, chart.count)
        self._axes(ticks)
        self._events()
        self._lines()
        for marker in filter(chart.holds, chart.markers):
            self.cells.put(self.found.column(chart.index(marker.at)), self.top, narrow(marker.sign[:1]), "m")
        self._times()
        self._cursor()
        drawn = (*legend, *self.cells.rows()[self.top :])
        return Picture(drawn[:height], self.left, self.columns, chart.count)

    # The axes ---------------------------------------------------------------------------------------------------

    def _row(self, value: float, unit: str) -> int:
        """The row, from the top of the plot, that a value is drawn in."""
        dots = self.plot_rows * self.signs.down
        return (dots - 1 - self.scales[unit].placing(dots)(value)) // self.signs.down

    def _axes(self, ticks: list[list[str]]) -> None:
        signs, right = self.signs.axis, self.left + self.columns
        for row in range(self.plot_rows):
            self.cells.put(self.left - 1, self.top + row, signs[0], "a")
            if len(ticks) > 1:
                self.cells.put(right, self.top + row, signs[2], "a")
        for side, unit in enumerate(self.chart.units):
            for value, text in zip(self.scales[unit].ticks, ticks[side], strict=True):
                row = self.top + self._row(value, unit)
                if side:
                    self.cells.put(right, row, signs[3], "a")
                    self.cells.put(right + 1, row, text, "a")
                else:
                    self.cells.put(self.left - 1, row, signs[1], "a")
                    self.cells.put(max(0, self.left - 1 - len(text)), row, text[: self.left - 1], "a")
        if self.axis:
            below = self.top + self.plot_rows
            self.cells.put(self.left - 1, below, signs[6] + signs[4] * self.columns, "a")
            if len(ticks) > 1:
                self.cells.put(right, below, signs[7], "a")

    def _times(self) -> None:
        chart = self.chart
        row = self.top + self.plot_rows + self.axis
        name = narrow(zone(self.moment(chart.start)))
        if len(name) < self.left:
            self.cells.put(self.left - 1 - len(name), row, name, "a")
        self._cursor_label(row)
        for label in time_labels(chart.start, chart.end, self.columns, self.moment):
            text = narrow(label.text)
            column = self._centred(label.column, text)
            if self.cells.blank(column - 1, row, len(text) + 2):
                self.cells.put(column, row, text, "a")
                if self.axis:
                    self.cells.put(self.left + label.column, row - 1, self.signs.axis[5], "a")
        if self.axis:
            for index in range(chart.complete, chart.count):
                first = index * self.columns // chart.count
                width = max(1, (index + 1) * self.columns // chart.count - first)
                self.cells.put(self.left + first, row - 1, self.signs.unfinished_axis * width, "a")

    def _centred(self, column: int, text: str) -> int:
        return self.left + max(0, min(column - len(text) // 2, self.columns - len(text)))

    # What is drawn ----------------------------------------------------------------------------------------------

    def _events(self) -> None:
        for marker in filter(self.chart.holds, self.chart.markers):
            column = self.found.column(self.chart.index(marker.at))
            for row in range(self.plot_rows):
                self.cells.put(column, self.top + row, self.signs.upright, "m")

    def _lines(self) -> None:
        chart = self.chart
        lines = chart.by_role("line")
        limits = [series for series in chart.by_role("limit") if not chart.far(series)]
        others = [Layer(self._stroked(series, 4, 8), "l", self._coarse(self.signs.limit)) for series in limits]
        sign = self._coarse(self.signs.behind)
        others += [Layer(self._stroked(series, 1, 3), "b", sign) for series in chart.by_role("behind")]
        self.cells.lay(others, self.left, self.top, self.signs)
        layers = [Layer(self._stroked(series), line_look(number)) for number, series in enumerate(lines)]
        self.cells.lay(layers, self.left, self.top, self.signs)
        if not any(layer.dots.cells.strip(b"\0") for layer in layers):
            text = "no data"[: self.columns]
            self.cells.put(self.left + (self.columns - len(text)) // 2, self.top + self.plot_rows // 2, text, "t")
        for number, series in enumerate(lines):
            self._marks(series, number, len(lines))

    def _coarse(self, sign: str) -> str:
        return sign if self.signs.across == 1 else ""

    def _stroked(self, series: ChartSeries, on: int = 1, of: int = 1) -> Dots:
        dots = Dots(self.columns, self.plot_rows, self.signs)
        across, count = self.columns * self.signs.across, 2 * self.chart.count
        height = self.plot_rows * self.signs.down
        place = self.scales[series.unit].placing(height)
        for run in series.runs():
            dots.stroke([((2 * at + 1) * across // count, height - 1 - place(value)) for at, value in run], on, of)
        return dots

    def _marks(self, series: ChartSeries, number: int, lines: int) -> None:
        """Signs on the line that say which it is, and of a period that is not over that it is not."""
        sign, look = self.signs.marks[number % len(self.signs.marks)], line_look(number)
        apart = max(_MARKS_APART, self.columns // 5)
        due = self.found.index(self.left + number * apart // lines + 2) if lines > 1 else self.chart.count
        last = max((at for at, value in enumerate(series.points) if value is not None), default=0)
        marked = False
        for at in range(min(due, self.chart.complete, last), last + 1):
            value = series.points[at]
            late = lines > 1 and (at >= due or (not marked and at == last))
            if value is None or not (late or at >= self.chart.complete):
                continue
            column = self.found.column(at)
            shown = self.signs.unfinished if at >= self.chart.complete else sign
            self.cells.put(column, self.top + self._row(value, series.unit), shown, look)
            if late:
                marked, due = True, self._after(column, apart)

    def _after(self, column: int, cells: int) -> int:
        """The first period that is so many cells after one."""
        beyond = column + cells
        return self.found.index(beyond) if beyond < self.left + self.columns else self.chart.count

    def _cursor(self) -> None:
        if self.cursor is None:
            return
        index = max(0, min(self.cursor, self.chart.count - 1))
        column = self.found.column(index)
        for row in range(self.top, self.top + self.plot_rows):
            if self.cells.blank(column, row):
                self.cells.put(column, row, self.signs.cursor, "c")
            else:
                self.cells.look(column, row, "c")

    def _cursor_label(self, row: int) -> None:
        if self.cursor is None:
            return
        index = max(0, min(self.cursor, self.chart.count - 1))
        text = narrow(clock(self.moment(self.chart.start + index * self.chart.period), self.chart.period))
        text += " so far" if index >= self.chart.complete else ""
        self.cells.put(self._centred(self.found.column(index) - self.left, text), row, text, "c")
