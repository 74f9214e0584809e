"""What the program takes while its panes follow the demo: python -m tests.benchmarks.live [--seconds N]

Linux only: it reads /proc. The demo runs with `refresh: 1s`, so each of the panes in sight asks for its newest points
each second: first the functions with the errors and the concurrency of the account below them, then the charts of a
function. Beside them, in the same seconds, an empty Textual app. The demo's endpoint is another process, and is told of
by itself: it makes and runs the calls that are looked at.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from tests.benchmarks.startup import EMPTY, surroundings
from tests.terminal.processes import alive, descendants
from tests.terminal.screen import Terminal

SIZE = (170, 52)
"""Room for the panes of the account below the functions."""
PATIENCE = 90.0
PAST = 75.0
"""Seconds in which the demo makes its past: until then figures change more than they do later."""
TICKS = os.sysconf("SC_CLK_TCK")


def seconds_of(pid: int) -> float:
    """Processor time (s) that a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Running:
    """A program in a terminal, and what it has taken since it was looked at last."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.terminal = Terminal(command, environment, SIZE)
        self.pid = 0
        self._before = (0.0, 0.0, 0)

    def close(self) -> None:
        """End it, and what it started."""
        started = descendants(self.terminal.shell)
        self.terminal.close()
        for process in alive(started):
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)

    def under(self, parent: int) -> int:
        """The first process below another."""
        found: list[int] = []

        def there() -> bool:
            found[:] = map(int, Path(f"/proc/{parent}/task/{parent}/children").read_text().split())
            return bool(found)

        self.terminal.wait_for(there, PATIENCE)
        return found[0]

    def read_for(self, seconds: float) -> None:
        """Read what it writes, for a while."""
        until = time.monotonic() + seconds
        self.terminal.wait_for(lambda: time.monotonic() >= until, seconds + PATIENCE)

    def taken(self) -> tuple[float, float]:
        """Percent of one processor and bytes a second, since it was asked last."""
        then, before, written = self._before
        self._before = now, spent, count = time.monotonic(), seconds_of(self.pid), len(self.terminal.written)
        return (spent - before) / (now - then) * 100, (count - written) / (now - then)


def main() -> None:
    """Print the measures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=60, help="of each measure (default: 60)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as ending:
        environment = {**surroundings(Path(folder)), "TERM": "xterm-256color"}
        configuration = Path(folder) / ".config/lambdatui/config.yaml"
        configuration.parent.mkdir(parents=True)
        configuration.write_text("refresh: 1s\n")
        demo = Running([sys.executable, "-m", "lambdatui", "--demo"], environment)
        ending.callback(demo.close)
        empty = Running([sys.executable, "-c", EMPTY], environment)
        ending.callback(empty.close)
        demo.pid, empty.pid = demo.under(demo.terminal.shell), empty.under(empty.terminal.shell)
        demo.terminal.wait_for("checkout-api", PATIENCE)
        demo.read_for(PAST)
        endpoint = demo.under(demo.pid)
        scenes = (("functions, errors, concurrency", ""), ("charts of a function", "m"), ("its overview", "O"))
        for title, keys in scenes:
            demo.terminal.press(keys)
            demo.read_for(8)
            measured(title, demo, empty, endpoint, options.seconds)


def measured(title: str, demo: Running, empty: Running, endpoint: int, seconds: float) -> None:
    """Print what all take, while the same is in sight."""
    before = seconds_of(endpoint)
    for program in (demo, empty):
        program.taken()
    demo.read_for(seconds)
    (ours, written), (least, _) = demo.taken(), empty.taken()
    beside = (seconds_of(endpoint) - before) / seconds * 100
    print(
        f"{title:<34}{ours:6.2f} % CPU (empty Textual app {least:.2f} %), {written:8.0f} B/s"
        f"   (targets 1 %, 4000 B/s)   the endpoint {beside:.1f} %",
        flush=True,
    )


if __name__ == "__main__":
    main()
