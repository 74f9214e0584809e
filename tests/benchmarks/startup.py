"""Start-up, as ratios within one run: paint, rows of the last session, live rows, memory, and silence after it.

    python -m tests.benchmarks.startup [--runs N] [--aws PATH]

The programs run in a pty of 120×36, in turn, so that a busy moment of the machine meets all of them. What they list
comes from a small server of pages. aws-cli is best the one of PyPI in an environment of its own: a wrapper or shim
around it counts as its time.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import lambdatui
from tests.aws.paging import named
from tests.benchmarks.spawned import Seconds, at_rest, filled, painted, to_the_end, until

FEW, SOME, MANY = 60, 2_000, 10_000
SLOW = 40
"""Milliseconds for a page, where that is what is measured."""
QUIET = 5.0
"""Seconds in which nothing is to be written."""

EMPTY = """
from textual.app import App

class Empty(App):
    pass

Empty().run()
"""

# Writes what `measure` finds to the file that it is told.
MEASURED = """
import asyncio, os, sys, time
from lambdatui import app, cli
from lambdatui.aws.clients import ClientClass

class Measured(app.LambdaTui):
    def on_mount(self):
        super().on_mount()
        self.run_worker(self.tell(), name="measure", group="measure")

    async def tell(self):
        found = await self.measure()
        with open(sys.argv[1] + ".new", "w") as file:
            file.write(str(found))
        os.rename(file.name, sys.argv[1])
        self.notify("done")

    async def measure(self):
        {measure}

app.LambdaTui = Measured
cli.main(sys.argv[2:])
"""

# How long the event loop did not come round at most, from the mount of the app until the rows have long been there.
STALL = """
        end, longest, now = time.monotonic() + 3, 0.0, time.monotonic()
        while now < end:
            await asyncio.sleep(0.001)
            before, now = now, time.monotonic()
            longest = max(longest, now - before - 0.001)
        return longest
"""

# What is resident, in KiB, once the list has come and clients for all that the program does are open.
MEMORY = """
        clients = ("lambda", "READ"), ("sts", "READ"), ("logs", "READ"), ("lambda", "INVOKE"), ("logs", "STREAM")
        for service, kind in (*clients, ("resourcegroupstaggingapi", "READ")):
            await self.aws._connections.get(service, ClientClass[kind])
        await asyncio.sleep(3)
        return next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmRSS"))
"""


def rows(output: bytes) -> bool:
    """Whether the first function's name is on screen."""
    return named(0).encode() in output


def counted(count: int) -> Callable[[bytes], bool]:
    """Whether it is said that there are so many functions, and no more are coming."""
    said = re.compile(rb"Functions " + str(count).encode() + rb"\b(?!\+)")
    return lambda output: bool(said.search(output))


def figured(output: bytes) -> bool:
    """Whether figures of the functions in sight have come: they are drawn once, some time after the list."""
    return b"metrics of 1h" in output


@contextmanager
def serving(count: int, milliseconds: float, environment: dict[str, str]) -> Iterator[str]:
    """The URL of a server of so many functions, each page of them so much later."""
    command = [sys.executable, "-m", "tests.aws.paging", str(count), str(milliseconds)]
    program = subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        assert program.stdout is not None
        yield program.stdout.readline().strip()
    finally:
        program.kill()
        program.wait()


def surroundings(home: Path) -> dict[str, str]:
    """The environment of every program here: somebody's keys, an empty home, and nothing of the user's."""
    return {
        "PATH": os.environ["PATH"], "PYTHONPATH": str(Path(lambdatui.__file__).parents[1]), "HOME": str(home),
        "TMPDIR": str(home), "TERM": "xterm-256color", "LANG": "C.UTF-8", "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "not-a-secret",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }  # fmt: skip


def inside(measure: str, arguments: Sequence[str], environment: dict[str, str]) -> float:
    """What a measure within the program finds."""
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder) / "found"
        code = MEASURED.replace("{measure}", measure.strip())
        until([sys.executable, "-c", code, str(found), *arguments], environment, lambda _: found.exists())
        return float(found.read_text())


def told(title: str, seconds: Seconds, reference: Seconds | None = None, target: float = 0.0) -> None:
    """One line: median and fastest in ms and, beside a reference, the ratios of both."""
    line = f"{title:<44}{median(seconds) * 1000:8.0f} ms  fastest {min(seconds) * 1000:6.0f} ms"
    if reference is not None:
        line += f"   {median(seconds) / median(reference):5.2f} ×  fastest {min(seconds) / min(reference):5.2f} ×"
        line += f"   (target {target:.2f} ×)" if target else ""
    print(line, flush=True)


def main() -> None:
    """Print the measures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, default=9, help="spawns of each program (default: 9)")
    parser.add_argument("--aws", default=shutil.which("aws"), help="the aws-cli to compare with")
    options = parser.parse_args()
    if not options.aws:
        raise SystemExit("There is no aws-cli to compare with: name one with --aws.")
    with tempfile.TemporaryDirectory() as folder:
        environment = surroundings(Path(folder))
        with serving(FEW, 0, environment) as url:
            first_paint(options.runs, options.aws, url, environment)
        with serving(SOME, SLOW, environment) as url:
            first_rows(max(1, options.runs // 3), options.aws, url, environment)
        for count in (FEW, MANY):
            with serving(count, 0, environment) as url:
                afterwards(count, url, environment)


def program(url: str) -> list[str]:
    """The command that starts lambdatui."""
    return [sys.executable, "-m", "lambdatui", "--endpoint-url", url]


def listing(aws: str, url: str) -> list[str]:
    """The command that has aws-cli list the functions."""
    return [aws, "lambda", "list-functions", "--endpoint-url", url]


def first_paint(runs: int, aws: str, url: str, environment: dict[str, str]) -> None:
    """With nothing remembered and with the rows of the last session, of which there were many."""
    empty: list[Seconds] = []
    fresh: list[Seconds] = []
    again: list[Seconds] = []
    listed = Seconds()
    with serving(MANY, SLOW, environment) as many, tempfile.TemporaryDirectory() as folder:
        known = surroundings(Path(folder))
        until(program(many), known, lambda _: any(Path(folder).glob(".cache/lambdatui/functions-*.jsonl")))
        for number in range(runs + 1):
            with tempfile.TemporaryDirectory() as home:
                measured = (
                    until([sys.executable, "-c", EMPTY], environment, painted, filled),
                    until(program(url), surroundings(Path(home)), painted, filled, rows),
                    until(program(many), known, painted, filled, rows),
                )
            seconds = to_the_end(listing(aws, url), environment)
            if number:  # the first of each only warms the caches, and compiles what was never compiled
                for kept, found in zip((empty, fresh, again), measured, strict=True):
                    kept.append(found)
                listed.append(seconds)
    told(f"aws lambda list-functions ({FEW} functions)", listed)
    for title, which in (("first paint", 0), ("the whole screen painted", 1)):
        reference = [each[which] for each in empty]
        told(f"empty Textual app: {title}", reference)
        told(f"lambdatui: {title}", [each[which] for each in fresh], reference, 1.3)
    last = [each[1] for each in empty]
    cached = [max(each[1:]) for each in again]
    told(f"lambdatui: painted with rows of {MANY}", cached, last, 1.3)
    told("    beside aws-cli", cached, listed, 0.5)
    told("lambdatui: first live rows", [each[2] for each in fresh], listed, 1.2)


def first_rows(runs: int, aws: str, url: str, environment: dict[str, str]) -> None:
    """Of a long list whose pages take their time."""
    ours: list[Seconds] = []
    listed = Seconds()
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as home:
            ours.append(until(program(url), surroundings(Path(home)), rows, counted(SOME)))
        listed.append(to_the_end(listing(aws, url), environment))
    told(f"aws lambda list-functions ({SOME} functions, {SLOW} ms a page)", listed)
    told("lambdatui: first live rows", [each[0] for each in ours], listed, 0.15)
    told("lambdatui: all rows", [each[1] for each in ours], listed, 0.8)


def afterwards(count: int, url: str, environment: dict[str, str]) -> None:
    """What the program takes once it has come up."""
    arguments = ["--endpoint-url", url]
    told("lambdatui: longest stall of the event loop", [inside(STALL, arguments, environment) for _ in range(3)])
    kept = [inside(MEMORY, arguments, environment) / 1024 for _ in range(3)]
    print(f"lambdatui: resident with {count} functions and six clients {median(kept):8.1f} MiB (target 70)")
    all_there = counted(count)
    written = at_rest(program(url), environment, lambda output: all_there(output) and figured(output), QUIET)
    print(f"lambdatui: written in {QUIET:.0f} s at rest {written:8d} bytes (target 0)")


if __name__ == "__main__":
    main()
