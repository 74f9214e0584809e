"""The log buffer against Textual's widgets, lnav and less: lines a second, bytes a line, searches, as ratios.

    python -m tests.benchmarks.logs [--lines N] [--runs N]

What Python does is measured in its CPU time, which other programs on the machine change little; what other programs do
in the time from their start to what is looked for on their screen. lnav and less are left out where they are not found.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import re
import shutil
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from statistics import median

from textual.app import App, ComposeResult
from textual.content import Content
from textual.widgets import Log, RichLog

from lambdatui.model.log_buffer import LogBuffer
from lambdatui.model.log_query import parse
from lambdatui.model.log_search import LogSearch
from lambdatui.model.log_selection import LogSelection
from lambdatui.model.logs import LogEvent
from tests.benchmarks.spawned import Seconds, Sign, until

FEW = 5_000
"""Lines that RichLog is given: it takes half a second for these."""
APPENDED = 200_000
PLAIN = ('"order 500000 "', "500000", "no such thing", "Customer", "timed", "customer")
OTHER = ("level>=error", "level:info", "ms>95", "/order \\d+000 /", "/ms$/ !level:info", "größe")
SLICE = 0.010
_COLOURS = re.compile(r"\x1b\[[0-9;]*m|\x1b\(B")
START = 1_764_000_000_000


def message(number: int) -> str:
    """A line as a function writes it, 110 characters or so."""
    level = "ERROR" if number % 1000 == 0 else "WARN" if number % 50 == 0 else "INFO"
    request = f"8f0a2c5e-0000-4000-8000-{number // 8:012x}"
    rest = f"order {number} placed for customer {number * 7919 % 100_000} in {number % 97} ms"
    return f"2026-11-23T13:12:20.123Z\t{request}\t{level}\t{rest}"


def event(number: int) -> LogEvent:
    """An event of one of 64 streams."""
    stream = f"2026/11/23/[7]{number % 64:032x}"
    return LogEvent(
        str(number), START + number // 5, START + 900 + number // 5, stream, message(number), group="/aws/lambda/orders"
    )


def batches(count: int, size: int) -> Iterator[list[LogEvent]]:
    """Events, so many at a time."""
    numbers = iter(range(count))
    while some := [*map(event, islice(numbers, size))]:
        yield some


def spent(step: Callable[[], object]) -> float:
    """Seconds of CPU that a step takes."""
    gc.collect()
    start = time.process_time()
    step()
    return time.process_time() - start


def added(size: int) -> float:
    """Lines a second that a buffer takes in batches of a size."""
    made = [*batches(APPENDED, size)]
    buffer = LogBuffer(2 * APPENDED, 1_000_000_000)
    return APPENDED / spent(lambda: [buffer.add(batch) for batch in made])


class Widgets(App[None]):
    """A screen with both of Textual's."""

    def compose(self) -> ComposeResult:
        yield Log()
        yield RichLog()


async def textuals() -> tuple[float, float]:
    """Lines a second that Log and RichLog take, a thousand at a time."""
    app = Widgets()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        log, rich = app.query_one(Log), app.query_one(RichLog)
        lines = [message(number).expandtabs() for number in range(APPENDED)]
        plain = spent(lambda: [log.write_lines(lines[at : at + 1000]) for at in range(0, APPENDED, 1000)])
        contents = [Content(line) for line in lines[:FEW]]
        styled = spent(lambda: [rich.write(content) for content in contents])
        return APPENDED / plain, FEW / styled


def bytes_a_line(count: int) -> float:
    """Bytes that a buffer takes for each line beside its text."""
    tracemalloc.start()
    buffer, texts = LogBuffer(2 * count, 1_000_000_000), 0
    for batch in batches(count, 2000):
        texts += sum(len(one.message.encode()) for one in batch)
        buffer.add(batch)
    del batch
    gc.collect()
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return (taken - texts) / count


async def textuals_bytes() -> tuple[float, float]:
    """Bytes that Log and RichLog take for each line beside its text."""
    app = Widgets()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        log, rich = app.query_one(Log), app.query_one(RichLog)
        found = []
        for count, write in (
            (4 * FEW, log.write_lines),
            (FEW, lambda lines: [rich.write(Content(it)) for it in lines]),
        ):
            tracemalloc.start()
            taken = [0, 0]
            for half in (0, 1):
                for at in range(half * count, (half + 1) * count, 1000):
                    write([message(number).expandtabs() for number in range(at, at + 1000)])
                    await pilot.pause()
                gc.collect()
                taken[half], _ = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            found.append((taken[1] - taken[0]) / count - len(message(count).expandtabs()))
        return found[0], found[1]


def filled(count: int) -> tuple[LogBuffer, float]:
    """A buffer of so many lines, and the CPU seconds that adding them took, without those for making them."""
    buffer, seconds = LogBuffer(2 * count, 4_000_000_000), 0.0
    for batch in batches(count, 5000):
        start = time.process_time()
        buffer.add(batch)
        seconds += time.process_time() - start
    return buffer, seconds


def found_all(buffer: LogBuffer, source: str) -> tuple[LogSelection, Seconds]:
    """All hits, and what each slice took until all were found, in CPU seconds."""
    selection, slices, done = LogSelection(buffer, parse(source)), Seconds(), False
    while not done:
        start = time.process_time()
        done = selection.advance(SLICE, time.process_time)
        slices.append(time.process_time() - start)
    return selection, slices


def searches(buffer: LogBuffer, runs: int) -> float:
    """Print what finding all hits takes beside one bare search through the same bytes; return the slowest plain one."""
    arenas = [bytes(chunk.arena) for chunk in buffer.chunks]
    slowest = 0.0
    print(f"{'query':<22}{'hits':>9}{'all found':>13}{'× bare':>8}{'slices':>8}{'slowest slice':>15}")
    for source in (*PLAIN, *OTHER):
        whole, bare, found = Seconds(), Seconds(), []
        for _ in range(runs if source in PLAIN else 1):
            bare.append(spent(lambda: [arena.find(b"no such thing") for arena in arenas]))
            selection, slices = found_all(buffer, source)
            whole.append(sum(slices))
            found.append((selection.hits, len(slices), max(slices)))
        hits, count, longest = found[-1]
        slowest = max(slowest, median(whole) if source in PLAIN else 0.0)
        print(
            f"{source:<22}{hits:>9,}{median(whole) * 1000:>10.0f} ms{median(whole) / median(bare):>8.1f}{count:>8}"
            f"{longest * 1000:>12.1f} ms"
        )
    return slowest


def next_error(buffer: LogBuffer) -> Seconds:
    """CPU seconds to each of twenty errors, backwards from the end."""
    selection, key, seconds = LogSelection(buffer), None, Seconds()
    for _ in range(20):
        start = time.process_time()
        search = LogSearch(selection, parse("level>=error"), key, -1)
        while not search.advance(SLICE, time.process_time):
            pass
        seconds.append(time.process_time() - start)
        key = search.found
    return seconds


def shown(text: str) -> Sign:
    """Whether a text has been drawn, in whatever colours."""
    return lambda output: text in _COLOURS.sub("", output.decode(errors="replace"))


def others(count: int, runs: int) -> dict[str, tuple[Seconds, Seconds]]:
    """Seconds until lnav and less show the end of a file of so many lines, and until they show a hit in the middle."""
    environment = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    last = shown(f"order {count - 9} ")
    found: dict[str, tuple[Seconds, Seconds]] = {}
    with tempfile.TemporaryDirectory() as folder:
        environment["HOME"] = folder
        file = Path(folder) / "orders.log"
        file.write_text("".join(f"{message(number)}\n" for number in range(count)))
        needle = f"order {count // 2} "
        programs: dict[str, tuple[Sequence[str], Sequence[str], Sign]] = {
            "lnav": (["lnav", str(file)], ["lnav", "-c", f"/{needle}", str(file)], shown("1 hits for")),
            "less": (["less", "+G", str(file)], ["less", "-p", needle, str(file)], shown(f"order {count // 2 + 1} ")),
        }
        for name, (opened, searched, hit) in programs.items():
            if shutil.which(name):
                found[name] = (
                    [until(opened, environment, last)[0] for _ in range(runs)],
                    [until(searched, environment, hit)[0] for _ in range(runs)],
                )
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    logs, riches = asyncio.run(textuals())
    for size in (1000, 5000):
        ours = median(added(size) for _ in range(arguments.runs))
        print(f"append, batches of {size}: {ours:,.0f} lines/s (target 500,000)", end="  ")
        print(f"Log {logs:,.0f}: {ours / logs:.1f} ×   RichLog {riches:,.0f}: {ours / riches:.0f} ×")
    taken, (logs, riches) = bytes_a_line(APPENDED), asyncio.run(textuals_bytes())
    print(f"bytes a line over the text: {taken:.1f} (target 40)   Log {logs:.0f}   RichLog {riches:.0f}\n")

    buffer, filling = filled(arguments.lines)
    print(f"{len(buffer):,} lines, {buffer.taken / 1e6:.0f} MB, added in {filling * 1000:.0f} ms\n")
    plain = searches(buffer, arguments.runs)
    errors = next_error(buffer)
    print(f"previous error: {median(errors) * 1000:.1f} ms, slowest {max(errors) * 1000:.1f} ms\n")
    for name, (opened, searched) in others(arguments.lines, arguments.runs).items():
        print(
            f"{name}: at the end after {median(opened) * 1000:.0f} ms: adding all "
            f"lines here takes {filling / median(opened):.2f} × that"
        )
        print(f"{name}: a hit in the middle after {median(searched) * 1000:.0f} ms, opening included", end=": ")
        print(f"the slowest plain search for all hits takes {plain / median(searched):.2f} × that")


if __name__ == "__main__":
    main()
