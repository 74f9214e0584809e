"""The table against Textual's DataTable, 10,000 rows by 7 columns at 120×36, in one run: milliseconds and ratios.

    python tests/benchmarks/table.py

A step counts until all is drawn: the key, the change, the bytes for the terminal. Absolute times drift; ratios less.
"""

from __future__ import annotations

import asyncio
import gc
import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from textual import events
from textual.app import App, ComposeResult
from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot
from textual.widgets import DataTable

from lambdatui.model.query import Language
from lambdatui.ui.widgets.columns import Column
from lambdatui.ui.widgets.table import Table

ROWS = 10_000
SIZE = (120, 36)


@dataclass(frozen=True)
class Row:
    """As much of a function as the list shows."""

    name: str
    runtime: str
    memory: int
    timeout: int
    arch: str
    modified: str
    description: str


def cells(row: Row) -> tuple[str, ...]:
    """The seven texts of a row."""
    return (row.name, row.runtime, f"{row.memory} MB", f"{row.timeout} s", row.arch, row.modified, row.description)


def rows() -> list[Row]:
    """Rows in the order of no column."""
    chance = random.Random(7)
    made = [
        Row(
            f"{chance.choice(['order', 'payment', 'stock', 'mail'])}-{chance.choice(['api', 'sync', 'export'])}-{n}",
            chance.choice(["python3.12", "nodejs22.x", "java21"]),
            chance.choice([128, 512, 1024]),
            chance.choice([3, 30, 900]),
            chance.choice(["arm64", "x86_64"]),
            f"2026-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
            "Takes orders from the queue and writes them down",
        )
        for n in range(ROWS)
    ]
    chance.shuffle(made)
    return made


TITLES = ("Name", "Runtime", "Memory", "Timeout", "Arch", "Modified", "Description")


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
        def cell(at: int) -> Callable[[Row], str]:
            return lambda row: cells(row)[at]

        columns = [Column(title, cell(at), 10, 1, sort=attrgetter(title.lower())) for at, title in enumerate(TITLES)]
        yield Table[Row](columns, key=lambda row: row.name, language=Language(lambda row: row.name))


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

    async def step(self, name: str, *steps: Callable[[], object]) -> None:
        """Take the median of steps of one kind."""
        idle = statistics.median([(await self._spend(lambda: None))[0] for _ in range(5)])
        spent = [await self._spend(step) for step in steps]
        milliseconds, written = (statistics.median(values) for values in zip(*spent, strict=True))
        self.found[name] = (max(0.01, milliseconds - idle), written)

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


async def ours(data: list[Row]) -> dict[str, tuple[float, float]]:
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
        await measure.step("sort", *(measure.press("s") for _ in TITLES))
        await measure.step("cursor key", *(measure.press("down") for _ in range(20)))
        await measure.step("page key", *(measure.press("pagedown") for _ in range(7)))
        return measure.found


async def theirs(data: list[Row]) -> dict[str, tuple[float, float]]:
    """The same steps on DataTable, each by what comes closest in its interface."""
    app = Theirs(driver_class=Terminal)
    async with app.run_test(headless=False, size=SIZE) as pilot:
        table = app.query_one(DataTable)
        measure = Measure(pilot)

        def show(rows: Sequence[Row]) -> None:
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
        await measure.step("sort", *(lambda title=title: table.sort(title) for title in TITLES))
        await measure.step("cursor key", *(measure.press("down") for _ in range(20)))
        await measure.step("page key", *(measure.press("pagedown") for _ in range(7)))
        return measure.found


async def main() -> None:
    """Print both, and ours as a share of theirs."""
    data = rows()
    us, them = await ours(data), await theirs(data)
    print(f"{ROWS} rows    {'ours':>10} {'DataTable':>12} {'ratio':>8}   bytes: {'ours':>7} {'DataTable':>10}")
    for name, (spent, written) in us.items():
        other, others_written = them[name]
        print(
            f"{name:<16} {spent:>7.2f} ms {other:>9.2f} ms {spent / other:>8.3f}"
            f"          {written:>7.0f} {others_written:>10.0f}"
        )


if __name__ == "__main__":
    asyncio.run(main())
