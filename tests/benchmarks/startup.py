"""Start-up, as ratios within one run: first paint against an empty Textual app, first live rows against aws-cli.

    python tests/benchmarks/startup.py [--runs N] [--aws PATH]

The programs run in a pty of 120×36, in turn, so that a busy moment of the machine meets all of them. Needs the extra
`local`. aws-cli is best the one of PyPI in an environment of its own: a wrapper or shim around it counts as its time.
"""

from __future__ import annotations

import argparse
import fcntl
import io
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import boto3

import lambdatui
from lambdatui.local import identity

SIZE = (120, 36)
FUNCTIONS = 60
PREFIX = "benchmark-"
PATIENCE = 60.0

Seconds = list[float]

EMPTY = """
from textual.app import App

class Empty(App):
    pass

Empty().run()
"""

# How long the event loop did not come round at most, from the mount of the app until the rows have long been there.
STALL = """
import asyncio, os, sys, time
from lambdatui import app, cli

class Measured(app.LambdaTui):
    def on_mount(self):
        super().on_mount()
        self.run_worker(self.measure(), name="measure", group="measure")

    async def measure(self):
        end, longest, now = time.monotonic() + 3, 0.0, time.monotonic()
        while now < end:
            await asyncio.sleep(0.001)
            before, now = now, time.monotonic()
            longest = max(longest, now - before - 0.001)
        with open(sys.argv[1] + ".new", "w") as file:
            file.write(str(longest))
        os.rename(file.name, sys.argv[1])
        self.notify("done")

app.LambdaTui = Measured
cli.main(sys.argv[2:])
"""

# Control sequences: CSI, OSC (ended by BEL or ST), and the two- and three-character ones.
_SEQUENCE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-Z\\^-~])")
_UNFINISHED = re.compile(rb"\x1b[^\x07]{0,40}\Z")
_ALTERNATE_SCREEN = b"\x1b[?1049h"


def painted(output: bytes) -> bool:
    """Whether anything has been drawn on the alternate screen: a character, a blank included, and no control."""
    _, entered, drawn = output.partition(_ALTERNATE_SCREEN)
    return bool(entered) and any(byte >= 0x20 for byte in _UNFINISHED.sub(b"", _SEQUENCE.sub(b"", drawn)))


def filled(output: bytes) -> bool:
    """Whether the last line of the screen has been drawn, too."""
    return f"\x1b[{SIZE[1]};1H".encode() in output


def live(output: bytes) -> bool:
    """Whether a function's name is on screen."""
    return PREFIX.encode() in output


def until(command: Sequence[str], environment: dict[str, str], *signs: Callable[[bytes], bool]) -> Seconds:
    """Seconds from spawn to each sign in the output of a program in a pty, which is then ended."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0))
    start = time.perf_counter()
    program = subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True
    )
    os.close(slave)
    output, seen = b"", Seconds()
    try:
        while len(seen) < len(signs):
            left = start + PATIENCE - time.perf_counter()
            if not select.select([master], [], [], max(0.0, left))[0]:
                raise SystemExit(f"Nothing of the kind within {PATIENCE:.0f} s: {output[-300:]!r}")
            output += os.read(master, 65536)
            moment = time.perf_counter() - start
            while len(seen) < len(signs) and signs[len(seen)](output):
                seen.append(moment)
    finally:
        program.kill()
        program.wait()
        os.close(master)
    return seen


def to_the_end(command: Sequence[str], environment: dict[str, str]) -> float:
    """Seconds from spawn until the program has ended well."""
    start = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


@contextmanager
def endpoint(environment: dict[str, str]) -> Iterator[str]:
    """The URL of `lambdatui local` with `FUNCTIONS` functions."""
    command = [sys.executable, "-m", "lambdatui", "local"]
    program = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert program.stdout is not None
        url = next(re.findall(r"=(http://\S+)", line)[0] for line in program.stdout if line.startswith("export"))
        _fill(url)
        yield url
    finally:
        program.terminate()
        program.wait()


def _fill(url: str) -> None:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("app.py", "def handler(event, context): return event")
    session = boto3.Session(identity.ACCESS_KEY_ID, identity.SECRET_ACCESS_KEY, region_name=identity.REGION)
    client = session.client("lambda", endpoint_url=url)
    for number in range(FUNCTIONS):
        client.create_function(
            FunctionName=f"{PREFIX}{number:03d}", Runtime="python3.13", Handler="app.handler",
            Role=f"arn:aws:iam::{identity.ACCOUNT_ID}:role/benchmark", Code={"ZipFile": package.getvalue()},
            Description="One of many functions that do nothing",
        )  # fmt: skip


def surroundings(home: Path) -> dict[str, str]:
    """The environment of every program here: the endpoint's keys, an empty home, and nothing of the user's."""
    return {
        "PATH": os.environ["PATH"], "PYTHONPATH": str(Path(lambdatui.__file__).parents[1]), "HOME": str(home),
        "TMPDIR": str(home), "TERM": "xterm-256color", "LANG": "C.UTF-8", "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ACCESS_KEY_ID": identity.ACCESS_KEY_ID, "AWS_SECRET_ACCESS_KEY": identity.SECRET_ACCESS_KEY,
        "AWS_DEFAULT_REGION": identity.REGION,
    }  # fmt: skip


def stall(arguments: Sequence[str], environment: dict[str, str], home: Path) -> float:
    """Seconds for which the event loop did not come round, at most, while the program started."""
    found = home / "stall"
    found.unlink(missing_ok=True)
    until([sys.executable, "-c", STALL, str(found), *arguments], environment, lambda _: found.exists())
    return float(found.read_text())


def told(title: str, seconds: Seconds, reference: Seconds | None = None, target: float = 0.0) -> None:
    """One line: median and fastest in ms and, beside a reference, the ratios of both."""
    line = f"{title:<44}{median(seconds) * 1000:8.0f} ms  fastest {min(seconds) * 1000:6.0f} ms"
    if reference is not None:
        line += f"   {median(seconds) / median(reference):5.2f} ×  fastest {min(seconds) / min(reference):5.2f} ×"
        line += f"   (target {target:.1f} ×)" if target else ""
    print(line, flush=True)


def main() -> None:
    """Print the measures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, default=9, help="spawns of each program (default: 9)")
    parser.add_argument("--aws", default=shutil.which("aws"), help="the aws-cli to compare with")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, endpoint(surroundings(Path(folder))) as url:
        _measure(options.runs, options.aws, url, Path(folder))


def _measure(runs: int, aws: str | None, url: str, home: Path) -> None:
    environment = surroundings(home)
    arguments = ["--endpoint-url", url]
    program = [sys.executable, "-m", "lambdatui", *arguments]
    empty: list[Seconds] = []
    ours: list[Seconds] = []
    listed = Seconds()
    for number in range(runs + 1):
        measured = (
            until([sys.executable, "-c", EMPTY], environment, painted, filled),
            until(program, environment, painted, filled, live),
            to_the_end([aws, "lambda", "list-functions", "--endpoint-url", url], environment) if aws else 0.0,
        )
        if number:  # the first of each only warms the caches, and compiles what was never compiled
            empty.append(measured[0])
            ours.append(measured[1])
            listed.append(measured[2])
    stalls = [stall(arguments, environment, home) for _ in range(3)]
    for title, which in (("first paint", 0), ("the whole screen painted", 1)):
        reference = [each[which] for each in empty]
        told(f"empty Textual app: {title}", reference)
        told(f"lambdatui: {title}", [each[which] for each in ours], reference, 1.3)
    rows = [each[2] for each in ours]
    if aws:
        told("aws lambda list-functions", listed)
    told(f"lambdatui: first live rows ({FUNCTIONS} functions)", rows, listed if aws else None, 1.2)
    told("lambdatui: longest stall of the event loop", stalls)


if __name__ == "__main__":
    main()
