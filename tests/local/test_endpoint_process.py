"""Life and death of the endpoint's process, seen from the one that starts it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from lambdatui.local import process, run_folder
from lambdatui.local.process import EndpointProcess
from lambdatui.model.errors import EndpointGone

pytestmark = pytest.mark.local

SLEEPER = """
import os, pathlib, signal, time

def handler(event, context):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    pathlib.Path(os.environ["MARK"]).touch()
    time.sleep(600)
"""

PARENT = """
import asyncio, sys
from lambdatui.local.process import EndpointProcess

async def main():
    endpoint = EndpointProcess(demo=False)
    print(await endpoint.url(), endpoint.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files of this test go, those of the endpoints that it starts included."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@asynccontextmanager
async def _started(**settings: Any) -> AsyncIterator[EndpointProcess]:
    endpoint = EndpointProcess(**{"demo": False, **settings})
    try:
        yield endpoint
    finally:
        await endpoint.stop()


def _pid(endpoint: EndpointProcess) -> int:
    assert endpoint.pid is not None
    return endpoint.pid


@pytest.fixture
def call(connect: Any, make: Any, eventually: Any, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], None]:
    """call(url): a function is now in the middle of a call, and ignores SIGTERM."""

    def called(url: str) -> None:
        mark = tmp_path_factory.mktemp("mark") / "called"
        name = make(url, SLEEPER, Timeout=600, Environment={"Variables": {"MARK": str(mark)}})
        connect(url, "lambda").invoke(FunctionName=name, InvocationType="Event")
        eventually(mark.exists)

    return called


def _left(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_callers_share_one_start(temporary: Path) -> None:
    async with _started() as endpoint:
        urls = await asyncio.gather(*(endpoint.url() for _ in range(5)))

        assert len(set(urls)) == 1
        assert len(_left(temporary)) == 1


async def test_a_caller_that_is_cancelled_does_not_end_the_start(temporary: Path) -> None:
    async with _started() as endpoint:
        impatient = asyncio.create_task(endpoint.url())
        await asyncio.sleep(0)
        impatient.cancel()
        with suppress(asyncio.CancelledError):
            await impatient

        assert (await endpoint.url()).startswith("http://127.0.0.1:")


async def test_starting_does_not_hold_the_loop_up(temporary: Path) -> None:
    async def start() -> None:
        async with _started() as endpoint:
            await endpoint.url()

    def start_elsewhere() -> None:
        asyncio.run(start())

    # The same work on the same machine, on a loop of its own: how long this one waits for its turn without any fault.
    calibration = await _longest_wait_beside(asyncio.to_thread(start_elsewhere))

    assert await _longest_wait_beside(start()) < calibration + 0.1


async def _longest_wait_beside(work: Coroutine[Any, Any, None]) -> float:
    """The most seconds that the loop took to come round while `work` ran on it."""
    task = asyncio.create_task(work)
    worst = 0.0
    while not task.done():
        before = time.perf_counter()
        await asyncio.sleep(0.001)
        worst = max(worst, time.perf_counter() - before)
    await task
    return worst


async def test_stop_leaves_no_process_folder_or_listener(temporary: Path, call: Any, alive: Any) -> None:
    async with _started() as endpoint:
        url, group = await endpoint.url(), _pid(endpoint)
        await asyncio.to_thread(call, url)
        assert len(alive(group)) == 2

    assert alive(group) == set()
    assert _left(temporary) == []
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", urlsplit(url).port)
    with pytest.raises(EndpointGone):
        await endpoint.url()


async def test_stop_in_the_middle_of_the_start_leaves_nothing(temporary: Path, eventually: Any) -> None:
    endpoint = EndpointProcess(demo=False)
    starting = asyncio.create_task(endpoint.url())
    await asyncio.to_thread(eventually, lambda: any(temporary.glob("*/stderr")))

    await endpoint.stop()

    with pytest.raises((asyncio.CancelledError, EndpointGone)):
        await starting
    assert _left(temporary) == []


async def test_sigterm_ends_the_child_with_exit_code_0(temporary: Path) -> None:
    async with _started() as endpoint:
        await endpoint.url()
        os.kill(_pid(endpoint), signal.SIGTERM)

        assert await endpoint.ended() == "exit code 0"
        assert _left(temporary) == []


async def test_a_killed_child_is_told_and_can_be_started_again(temporary: Path) -> None:
    async with _started() as endpoint:
        await endpoint.url()
        os.kill(_pid(endpoint), signal.SIGKILL)

        assert await endpoint.ended() == "signal 9"
        with pytest.raises(EndpointGone, match="signal 9"):
            await endpoint.url()

        await endpoint.restart()
        _, writer = await asyncio.open_connection("127.0.0.1", urlsplit(await endpoint.url()).port)
        writer.close()


async def test_restart_leaves_a_living_child_alone(temporary: Path) -> None:
    async with _started() as endpoint:
        url, pid = await endpoint.url(), endpoint.pid
        await endpoint.restart()

        assert (await endpoint.url(), endpoint.pid) == (url, pid)


async def test_a_killed_child_takes_its_functions_with_it(temporary: Path, call: Any, alive: Any) -> None:
    async with _started() as endpoint:
        url, group = await endpoint.url(), _pid(endpoint)
        await asyncio.to_thread(call, url)
        assert len(alive(group)) == 2
        os.kill(group, signal.SIGKILL)

        await endpoint.ended()

        assert alive(group) == set()
        assert _left(temporary) == []


async def test_what_kept_it_from_starting_is_said(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_BOOT", "raise SystemExit('no room')")
    endpoint = EndpointProcess(demo=False)

    with pytest.raises(EndpointGone, match=r"ended before it was ready \(exit code 1\): no room"):
        await endpoint.url()

    assert _left(temporary) == []


async def test_a_start_that_takes_too_long_is_given_up(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_BOOT", "import time; time.sleep(600)")
    monkeypatch.setattr(process, "START_LIMIT", 0.2)
    endpoint = EndpointProcess(demo=False)

    with pytest.raises(EndpointGone, match="not ready within"):
        await endpoint.url()

    assert _left(temporary) == []


async def test_a_port_in_use_is_said(temporary: Path) -> None:
    async with _started() as first:
        port = urlsplit(await first.url()).port
        with pytest.raises(EndpointGone, match=f"Port {port} is already in use"):
            await EndpointProcess(demo=False, port=port or 0).url()


def test_killing_the_parent_ends_everything(tmp_path: Path, call: Any, alive: Any, eventually: Any) -> None:
    parent, url, group = _with_a_parent(tmp_path)
    call(url)
    assert len(alive(group)) == 2

    _kill(parent)

    eventually(lambda: not alive(group), within=10)
    eventually(lambda: not _left(tmp_path), within=10)


def test_killing_both_ends_the_functions_and_the_next_start_sweeps(
    temporary: Path, call: Any, alive: Any, eventually: Any
) -> None:
    parent, url, group = _with_a_parent(temporary)
    call(url)
    assert len(alive(group)) == 2

    parent.send_signal(signal.SIGSTOP)  # so that it cannot clear up after its child
    os.kill(group, signal.SIGKILL)
    eventually(lambda: not alive(group), within=10)
    _kill(parent)

    folder = run_folder.make()
    # The warden, which has it in use until its end, and the next start: whoever is the first deletes the old one.
    eventually(lambda: _left(temporary) == [folder.path], within=10)
    folder.remove()


def test_a_folder_in_use_is_not_swept(temporary: Path) -> None:
    folder = run_folder.make()
    run_folder.sweep()

    assert folder.path.exists()
    assert folder.path.stat().st_mode & 0o777 == 0o700
    folder.remove()


def _with_a_parent(temporary: Path) -> tuple[subprocess.Popen[str], str, int]:
    """A process that has started an endpoint, the endpoint's URL and process group."""
    environment = {**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": os.pathsep.join(sys.path)}
    parent = subprocess.Popen([sys.executable, "-c", PARENT], env=environment, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    url, group = parent.stdout.readline().split()
    return parent, url, int(group)


def _kill(parent: subprocess.Popen[str]) -> None:
    parent.kill()
    parent.communicate()
