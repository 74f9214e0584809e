"""The chart against plotext's (textual-plotext) and Textual's Sparkline: three series of 120 points at 120×10, ratios.

    python -m tests.benchmarks.charts

Without textual-plotext installed its line is missing; it is no dependency. A step counts until all is drawn, in CPU
time and bytes for the terminal. "Refresh" is the change that comes most often: the last point of each series has a new
value. "Slide" is the next period. Sparkline has one series, no axes and no gaps, so there are three of 120×3.
"""

from __future__ import annotations

import asyncio
import importlib
import math
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Sparkline

from lambdatui.model.chart import Chart as ChartData
from lambdatui.model.chart import ChartSeries, level
from lambdatui.ui.widgets.chart import Chart
from lambdatui.ui.widgets.chart_signs import ASCII, BLOCKS, BRAILLE
from tests.benchmarks.table import Terminal

POINTS, SIZE, ROUNDS = 120, (120, 10), 15
NAMES = ("p50", "p95", "p99")


def series(seed: int, first: int) -> list[list[float]]:
    """Three series like durations, from a period on; the value of the last period depends on the seed."""
    found = []
    for number in range(3):
        values = [
            (80 + 30 * math.sin(at / 9) + random.Random(at * 3 + number).random() * 40) * (1 + number)
            for at in range(first, first + POINTS)
        ]
        values[-1] += random.Random(seed * 3 + number).random() * 60
        found.append(values)
    return found


def ours(data: Sequence[Sequence[float]], first: int) -> ChartData:
    """What our chart is given."""
    lines = [ChartSeries(name, tuple(values), unit="ms") for name, values in zip(NAMES, data, strict=True)]
    return ChartData("Duration", first * 60, 60, POINTS, (*lines, level("timeout", 500, POINTS, "ms")), incomplete=1)


Show = Callable[[Any, Sequence[Sequence[float]], int], object]


class Screen(App[None]):
    """A screen full of one way to draw."""

    CSS = "Sparkline { height: 1fr; } PlotextPlot { height: 1fr; }"

    def __init__(self, widgets: Callable[[], Sequence[Widget]]) -> None:
        super().__init__(driver_class=Terminal)
        self._widgets = widgets

    def compose(self) -> ComposeResult:
        self.shown = self._widgets()
        yield from self.shown


def show_ours(app: Screen, data: Sequence[Sequence[float]], first: int) -> None:
    """The series are attributes of our widget."""
    app.query_one(Chart).chart = ours(data, first)


def show_sparklines(app: Screen, data: Sequence[Sequence[float]], _: int) -> None:
    """Each widget has one series."""
    for widget, values in zip(app.query(Sparkline), data, strict=True):
        widget.data = values


def show_plotext(app: Screen, data: Sequence[Sequence[float]], _: int) -> None:
    """As its documentation does it; it draws all lines again."""
    widget: Any = app.shown[0]
    plot = widget.plt
    plot.clear_data()
    for name, values in zip(NAMES, data, strict=True):
        plot.plot(values, label=name, marker="braille")
    plot.hline(500)
    widget.refresh()


def ways() -> dict[str, tuple[Callable[[], Sequence[Widget]], Show]]:
    """The ways to draw that are here."""
    found: dict[str, tuple[Callable[[], Sequence[Widget]], Show]] = {
        "ours": (lambda: [Chart(signs=BRAILLE)], show_ours),
        "ours, blocks": (lambda: [Chart(signs=BLOCKS)], show_ours),
        "ours, ASCII": (lambda: [Chart(signs=ASCII)], show_ours),
        "Sparkline": (lambda: [Sparkline() for _ in NAMES], show_sparklines),
    }
    try:
        plotext = importlib.import_module("textual_plotext")
    except ImportError:
        return found
    return {**found, "plotext": (lambda: [plotext.PlotextPlot()], show_plotext)}


async def measure(pilot: Pilot[None], step: Callable[[], object]) -> tuple[float, int]:
    """CPU milliseconds and bytes until a step is drawn."""
    terminal = pilot.app._driver
    assert isinstance(terminal, Terminal)
    await pilot.pause()
    written, start = terminal.written, time.process_time()
    step()
    await pilot.pause()
    return (time.process_time() - start) * 1000, terminal.written - written


async def one(widgets: Callable[[], Sequence[Widget]], show: Show) -> dict[str, tuple[float, float]]:
    """What the steps of one way cost: the median of the times, the mean of the bytes."""
    app = Screen(widgets)
    async with app.run_test(headless=False, size=SIZE) as pilot:
        first = await measure(pilot, partial(show, app, series(0, 0), 0))
        idle = statistics.median([(await measure(pilot, lambda: None))[0] for _ in range(ROUNDS)])
        refresh = [await measure(pilot, partial(show, app, series(n, 0), 0)) for n in range(1, ROUNDS)]
        slide = [await measure(pilot, partial(show, app, series(n, n), n)) for n in range(1, ROUNDS)]
        same = [await measure(pilot, partial(show, app, series(14, 14), 14)) for _ in range(ROUNDS)]
    steps = {"first": [first], "refresh": refresh, "slide": slide, "same": same}
    return {
        name: (
            max(0.01, statistics.median(cpu for cpu, _ in spent) - idle),
            statistics.mean(written for _, written in spent),
        )
        for name, spent in steps.items()
    }


class Four(App[None]):
    """Four charts on one screen, as in a tab of metrics."""

    CSS = "Screen { layout: grid; grid-size: 2; }"

    def __init__(self) -> None:
        super().__init__(driver_class=Terminal)

    def compose(self) -> ComposeResult:
        yield from (Chart(signs=BRAILLE) for _ in range(4))


async def four() -> None:
    """What it costs if each of four gets a new value in the same second."""
    app = Four()

    def show(n: int) -> None:
        for chart in app.query(Chart):
            chart.chart = shown[n]

    shown = [ours(series(n, 0), 0) for n in range(ROUNDS)]
    async with app.run_test(headless=False, size=(120, 36)) as pilot:
        await measure(pilot, partial(show, 0))
        idle = statistics.median([(await measure(pilot, lambda: None))[0] for _ in range(ROUNDS)])
        spent = [await measure(pilot, partial(show, n)) for n in range(1, ROUNDS)]
    cpu = statistics.median(cpu for cpu, _ in spent) - idle
    print(f"\nfour charts, a new value each: {cpu:.1f} ms, {statistics.mean(written for _, written in spent):.0f} B")
    print(f"once a second that is {cpu / 10:.2f} % of a CPU; once in 60 s {cpu / 600:.3f} %")


def imported(module: str) -> float:
    """Milliseconds that an import takes after Textual's, in a new process."""
    code = (
        "import time, textual.app, textual.widget; start = time.perf_counter(); "
        f"import {module}; print(time.perf_counter() - start)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    return float(done.stdout) * 1000 if not done.returncode else math.nan


def imports() -> None:
    """Interleaved, for the machine's speed drifts."""
    modules = ("lambdatui.ui.widgets.chart", "textual.widgets._sparkline", "textual_plotext")
    rounds = [[imported(module) for module in modules] for _ in range(5)]
    print("\nimport after Textual's own:")
    for module, times in zip(modules, zip(*rounds, strict=True), strict=True):
        print(f"  {module:<28} {statistics.median(times):6.1f} ms")


async def main() -> None:
    """Print all, and each as a multiple of ours."""
    found = {name: await one(*way) for name, way in ways().items()}
    print(f"{'':<14}" + "".join(f"{step:>26}" for step in found["ours"]))
    for name, steps in found.items():
        cells = [
            f"{cpu:7.2f} ms {cpu / found['ours'][step][0]:4.1f}× {written:6.0f} B"
            for step, (cpu, written) in steps.items()
        ]
        print(f"{name:<14}" + "".join(f"{cell:>26}" for cell in cells))
    await four()
    imports()


if __name__ == "__main__":
    asyncio.run(main())
