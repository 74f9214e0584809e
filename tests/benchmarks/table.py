"""The table against Textual's DataTable, 10,000 functions in their own columns at 120×36: milliseconds and ratios.

    python -m tests.benchmarks.table

A step counts until all is drawn: the key, the change, the bytes for the terminal. Absolute times drift; ratios less.
"""

from __future__ import annotations

import asyncio
import gc
import math
import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from textual import events
from textual.app import App, ComposeResult
from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot
from textual.widgets import DataTable

from lambdatui.model.functions import Function
from lambdatui.model.query import Language
from lambdatui.ui.panes.functions import FunctionsPane
from lambdatui.ui.widgets.table import Table
from tests import samples

ROWS = 10_000
SIZE = (120, 36)
TERMS = ("runtime:python", "tag:team=team-1*", "mem>512", "layer:common")
"""Terms of a filter, which DataTable has nothing like."""


def cells(row: Function) -> tuple[str, ...]:
    """The texts that a row has at this width."""
    return tuple(str(column.cell(row)) for column in COLUMNS)


def rows() -> list[Function]:
    """Functions in the order of no column, with tags as a company has them."""
    chance = random.Random(7)
    made = []
    for n in range(ROWS):
        name = f"{chance.choice(['order', 'payment', 'stock', 'mail'])}-{chance.choice(['api', 'sync', 'export'])}-{n}"
        made.append(
            replace(
                samples.function(name, "Takes orders from the queue and writes them down"),
                runtime=chance.choice(["python3.12", "nodejs22.x", "java21"]),
                memory=chance.choice([128, 512, 1024]),
                timeout=chance.choice([3, 30, 900]),
                architectures=(chance.choice(["arm64", "x86_64"]),),
                modified=samples.NOW - timedelta(minutes=chance.randrange(500_000)),
                code_size=chance.randrange(50_000_000),
                layers=(f"arn:aws:lambda:eu-west-1:210987654321:layer:common:{chance.randrange(9)}",),
                tags={
                    "team": f"team-{chance.randrange(40)}",
                    "stage": "prod",
                    "cost-centre": str(n % 90),
                    "id": str(n),
                },
            )
        )
    chance.shuffle(made)
    return made


COLUMNS = FunctionsPane.COLUMNS[:7]
TITLES = tuple(column.title for column in COLUMNS)


class Terminal(HeadlessDriver):
    """A terminal that counts what is written to it; the app renders as for a real one."""

    written = 0

    @property
    def is_headless(self) -> bool:
        """False, or the app would not make the bytes at all."""
        return False

    def write(self, data: str) -> None:
        """Count the bytes."""
        self.written += len(data.encode())


class Ours(App[None]):
    """A screen full of our table."""

    def compose(self) -> ComposeResult:
        language = Language[Function](lambda row: row.name, FunctionsPane.FIELDS)
        yield Table[Function](FunctionsPane.COLUMNS, key=lambda row: row.arn, language=language)


class Theirs(App[None]):
    """A screen full of Textual's."""

    def compose(self) -> ComposeResult:
        yield DataTable[str](cursor_type="row")

    def on_mount(self) -> None:
        for title in TITLES:
            self.query_one(DataTable).add_column(title, key=title)  # type: ignore[misc]  # as most fill it


class Measure:
    """What steps cost until everything is drawn: CPU milliseconds (waiting for the next frame is none) and bytes."""

    def __init__(self, pilot: Pilot[None]) -> None:
        self._pilot = pilot
        self.found: dict[str, tuple[float, float]] = {}

    async def step(self, name: str, *steps: Callable[[], object], slowest: bool = False) -> None:
        """Take the median of steps of one kind; with `slowest` also the one that took longest."""
        idle = statistics.median([(await self._spend(lambda: None))[0] for _ in range(5)])
        spent = [await self._spend(step) for step in steps]
        labels: dict[str, Callable[[Sequence[float]], float]] = {name: statistics.median}
        if slowest:
            labels[f"slowest {name}"] = max
        for label, of in labels.items():
            milliseconds, written = (of(values) for values in zip(*spent, strict=True))
            self.found[label] = (max(0.01, milliseconds - idle), written)

    async def _spend(self, step: Callable[[], object]) -> tuple[float, int]:
        terminal = self._pilot.app._driver
        assert isinstance(terminal, Terminal)
        await self._pilot.pause()
        gc.collect()
        written, start = terminal.written, time.process_time()
        step()
        await self._pilot.pause()
        return (time.process_time() - start) * 1000, terminal.written - written

    def press(self, key: str) -> Callable[[], object]:
        """A step: the key arrives from the terminal."""
        app = self._pilot.app

        def send() -> None:
            event = events.Key(key, key if len(key) == 1 else None)
            event.set_sender(app)
            assert app._driver is not None
            app._driver.send_message(event)

        return send


async def ours(data: list[Function]) -> dict[str, tuple[float, float]]:
    """The steps on our table."""
    app = Ours(driver_class=Terminal)
    async with app.run_test(headless=False, size=SIZE) as pilot:
        table = app.query_one(Table)
        measure = Measure(pilot)

        def filtering(needle: str) -> Callable[[], object]:
            return lambda: setattr(table, "filter", needle)

        await measure.step("populate", lambda: table.merge(data))
        equal = [replace(row) for row in data]
        await measure.step("equal refresh", lambda: table.merge(equal))
        await measure.step("first filter key", filtering("o"))
        await measure.step("filter key", *map(filtering, ("or", "ord", "orde", "order", "order-")))
        table.filter = ""
        for term in TERMS:
            await measure.step(term, *(filtering(source) for source in (term, f"order {term}", f"order !{term}")))
            table.filter = ""
        await measure.step("sort", *(measure.press("s") for _ in TITLES), slowest=True)
        await measure.step("cursor key", *(measure.press("down") for _ in range(20)))
        await measure.step("page key", *(measure.press("pagedown") for _ in range(7)))
        return measure.found


async def theirs(data: list[Function]) -> dict[str, tuple[float, float]]:
    """The same steps on DataTable, each by what comes closest in its interface."""
    app = Theirs(driver_class=Terminal)
    async with app.run_test(headless=False, size=SIZE) as pilot:
        table = app.query_one(DataTable)
        measure = Measure(pilot)

        def show(rows: Sequence[Function]) -> None:
            table.clear()
            for row in rows:
                table.add_row(*cells(row), key=row.name)  # type: ignore[misc]  # as most fill it

        def filtering(needle: str) -> Callable[[], object]:
            return lambda: show([row for row in data if needle in row.name])

        await measure.step("populate", lambda: show(data))
        await measure.step("equal refresh", lambda: show(data))
        await measure.step("first filter key", filtering("o"))
        await measure.step("filter key", *map(filtering, ("or", "ord", "orde", "order", "order-")))
        show(data)
        await measure.step("sort", *(lambda title=title: table.sort(title) for title in TITLES), slowest=True)
        await measure.step("cursor key", *(measure.press("down") for _ in range(20)))
        await measure.step("page key", *(measure.press("pagedown") for _ in range(7)))
        return measure.found


async def main() -> None:
    """Print both, and ours as a share of theirs."""
    data = rows()
    us, them = await ours(data), await theirs(data)
    print(f"{ROWS} rows      {'ours':>10} {'DataTable':>12} {'ratio':>8}   bytes: {'ours':>7} {'DataTable':>10}")
    for name, (spent, written) in us.items():
        other, others_written = them.get(name, (math.nan, math.nan))
        print(
            f"{name:<18} {spent:>7.2f} ms {other:>9.2f} ms {spent / other:>8.3f}"
            f"          {written:>7.0f} {others_written:>10.0f}"
        )


if __name__ == "__main__":
    asyncio.run(main())
