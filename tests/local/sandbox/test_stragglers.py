"""Daemons that functions have left behind, and that their environment ends."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from lambdatui.local.sandbox.stragglers import MARK, Stragglers, end_all
from tests.local.environments import Started, environments

pytestmark = [
    pytest.mark.local,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the variables of a process"),
]

# A process whose parent has ended, in a session of its own; it tells its pid through a pipe.
DAEMON = """
import os
def daemon(command):
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.write(writing, str(os.getpid()).encode())
            os.execv(command[0], command)
        os._exit(0)
    os.wait()
    return int(os.read(reading, 20))
"""

Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
async def started(tmp_path: Path) -> AsyncIterator[Started]:
    async with environments(tmp_path) as start:
        yield start


@pytest.fixture
def start() -> Iterator[Start]:
    """start(stream): a process that was started in the environment with this log stream."""
    made: list[subprocess.Popen[bytes]] = []

    def run(stream: str, **more: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            ["/bin/sleep", "600"], env={"PATH": "/bin", MARK: stream, **more}, start_new_session=True
        )
        made.append(process)
        return process

    yield run
    for process in made:
        process.kill()
        process.wait()


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("last", ["return pid", "print(pid, flush=True); os._exit(1)"])
async def test_a_daemon_ends_with_its_environment(started: Started, last: str) -> None:
    made = await started(f"{DAEMON}\ndef handler(event, context):\n    pid = daemon(['/bin/sleep', '600'])\n    {last}")
    other = await started(f"{DAEMON}\ndef handler(event, context):\n    return daemon(['/bin/sleep', '600'])")

    result = await made.call()
    pid = int(made.recording.lines[0].text if result.failed else json.loads(result.payload))
    others = json.loads((await other.call()).payload)
    assert runs(pid)
    await made.environment.end()

    assert not runs(pid)
    assert runs(others)


async def test_environments_that_end_together_end_all_that_is_theirs(start: Start) -> None:
    mine = [start(f"2026/11/23/[$LATEST]{number}") for number in range(5)]
    other = start("2026/11/23/[$LATEST]5")
    stragglers = Stragglers()

    await asyncio.gather(*(stragglers.end(f"2026/11/23/[$LATEST]{number}") for number in range(5)))

    assert [process.wait(5) for process in mine] == [-9] * 5
    assert other.poll() is None


def test_a_log_stream_is_taken_as_a_whole(start: Start) -> None:
    longer, elsewhere = start("stream-12"), start("x", OTHER=f"{MARK}=stream-1")

    end_all(["stream-1"])

    assert (longer.poll(), elsewhere.poll()) == (None, None)


def test_nobody_elses_process_is_an_error() -> None:
    end_all([f"nobody-{os.getpid()}"])
