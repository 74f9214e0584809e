"""Keys while 5,000 lines a second arrive: how long until the cursor has moved, beside Textual's RichLog and Log.

    python -m tests.benchmarks.log_keys [--keys N] [--rate LINES]

Each program runs in a pty at 120×36 and gets its lines ten times a second. A key of ours counts until the cursor is
drawn on another line; one of the others until anything is drawn, which may be what arrived: that is in their favour.
Times are those of this machine at this moment; what counts are the ratios.
"""

from __future__ import annotations

import argparse
import os
import random
import select
import sys
import time
from statistics import median

from textual import events
from textual.app import App, ComposeResult
from textual.widgets import Log, RichLog

from lambdatui.model.log_buffer import LogBuffer
from lambdatui.model.logs import LogEvent
from lambdatui.ui.widgets.log_view import LogView
from tests.benchmarks.spawned import filled, spawned

BATCHES = 10
"""A second."""
BEFORE = 20_000
"""Lines that are there when it begins; RichLog would take seconds for more."""
KINDS = ("ours", "RichLog", "Log")
START = 1_764_000_000_000


def message(number: int) -> str:
    """A line as a function writes it."""
    request = f"8f0a2c5e-0000-4000-8000-{number:012x}"
    return f"[INFO]\t2026-11-23T13:12:20.123Z\t{request}\torder {number} placed for customer 7"


def event(number: int) -> LogEvent:
    return LogEvent(str(number), START + number // 5, START + number // 5, "2026/11/23/[7]0123", message(number))


class Fed(App[None]):
    """One of the widgets, fed."""

    def __init__(self, kind: str, rate: int) -> None:
        super().__init__()
        self.kind = kind
        self.batch = rate // BATCHES
        self.number = 0
        self.ours = LogView(LogBuffer())
        self.others: dict[str, RichLog | Log] = {"RichLog": RichLog(), "Log": Log()}

    def compose(self) -> ComposeResult:
        yield self.ours if self.kind == "ours" else self.others[self.kind]

    def on_mount(self) -> None:
        self.animation_level = "none"
        self.call_after_refresh(self.begin)

    def begin(self) -> None:
        """Have something to scroll in, and go on."""
        self.feed(BEFORE if self.kind != "RichLog" else BEFORE // 20)
        (self.ours if self.kind == "ours" else self.others[self.kind]).focus()
        self.set_interval(1 / BATCHES, lambda: self.feed(self.batch))

    def feed(self, count: int) -> None:
        """The next lines."""
        numbers = range(self.number, self.number + count)
        self.number += count
        if self.kind == "ours":
            self.ours.add([event(number) for number in numbers])
        elif self.kind == "Log":
            log = self.others["Log"]
            assert isinstance(log, Log)
            log.write_lines([message(number) for number in numbers])
        else:
            for number in numbers:
                self.others["RichLog"].write(message(number))

    def on_key(self, event: events.Key) -> None:
        if event.key == "q":
            self.exit()


def drained(terminal: int, seconds: float) -> bytes:
    """What comes for so long."""
    end, output = time.perf_counter() + seconds, b""
    while (left := end - time.perf_counter()) > 0:
        if select.select([terminal], [], [], left)[0]:
            output += os.read(terminal, 65536)
    return output


def latencies(kind: str, keys: int, rate: int) -> list[float]:
    """Seconds that each key took."""
    chance = random.Random(3)
    sign = "▌".encode() if kind == "ours" else b"\x1b["
    command = [sys.executable, "-m", "tests.benchmarks.log_keys", "--fed", kind, "--rate", str(rate)]
    taken = []
    with spawned(command, os.environ | {"TERM": "xterm-256color"}) as terminal:
        output, end = b"", time.perf_counter() + 60
        while not filled(output) and time.perf_counter() < end:
            output += drained(terminal, 0.1)
        drained(terminal, 2.0)
        for number in range(keys + 5):
            drained(terminal, chance.uniform(0.03, 0.09))
            start, output = time.perf_counter(), b""
            os.write(terminal, b"k" if kind == "ours" else b"\x1b[A")
            while sign not in output and time.perf_counter() < start + 5:
                if select.select([terminal], [], [], 0.5)[0]:
                    output += os.read(terminal, 65536)
            if number >= 5:
                taken.append(time.perf_counter() - start)
    return sorted(taken)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--keys", type=int, default=200)
    arguments.add_argument("--rate", type=int, default=5000)
    arguments.add_argument("--fed", choices=KINDS)
    options = arguments.parse_args()
    if options.fed:
        Fed(options.fed, options.rate).run()
        return
    found = {kind: latencies(kind, options.keys, options.rate) for kind in KINDS}
    ours = found["ours"]
    for kind, times in found.items():
        p99 = times[int(len(times) * 0.99) - 1]
        ratio = p99 / ours[int(len(ours) * 0.99) - 1]
        print(f"{kind:8} median {1000 * median(times):6.1f} ms  p99 {1000 * p99:6.1f} ms  p99 / ours {ratio:5.2f}")


if __name__ == "__main__":
    main()
