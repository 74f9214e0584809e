"""What is left when the endpoint dies without a chance to clean up: nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lambdatui.local.warden import Warden
from tests.local.conftest import Eventually
from tests.local.environments import living

pytestmark = pytest.mark.local

ENDPOINT = """
import os, subprocess, sys, time
from pathlib import Path
from lambdatui.local.warden import Warden
warden = Warden(Path(sys.argv[1]))
def spawn(**how):
    return subprocess.Popen(["sleep", "600"], **how).pid
watched, forgotten, unknown, own = (spawn(process_group=0), spawn(process_group=0), spawn(process_group=0), spawn())
warden.watch(watched); warden.watch(forgotten); warden.forget(forgotten)
print(os.getpid(), warden.pid, watched, forgotten, unknown, own, flush=True)
time.sleep(600)
"""


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "run" / "deep").mkdir(parents=True)
    (tmp_path / "run" / "deep" / "file").touch()
    return tmp_path / "run"


Endpoint = Callable[..., list[int]]


@pytest.fixture
def endpoint(folder: Path) -> Iterator[Endpoint]:
    """endpoint(): the pids of something like the endpoint, its warden, and four sleepers."""
    pids: list[int] = []

    def start(*, session: bool) -> list[int]:
        process = subprocess.Popen(
            [sys.executable, "-c", ENDPOINT, str(folder)],
            stdout=subprocess.PIPE, text=True, start_new_session=session, process_group=None if session else 0,
        )  # fmt: skip
        assert process.stdout is not None
        pids.extend(map(int, process.stdout.readline().split()))
        process.stdout.close()
        return pids

    yield start
    for pid in pids:
        if runs(pid):
            os.kill(pid, signal.SIGKILL)


def test_kill_9_ends_the_whole_session_and_deletes_the_folder(
    endpoint: Endpoint, folder: Path, eventually: Eventually
) -> None:
    pids = endpoint(session=True)

    os.kill(pids[0], signal.SIGKILL)

    assert eventually(lambda: not any(map(runs, pids)))
    assert eventually(lambda: not folder.exists())
    assert folder.parent.exists()


def test_what_is_in_no_session_of_its_own_loses_its_groups_only(
    endpoint: Endpoint, folder: Path, eventually: Eventually
) -> None:
    own, warden, watched, forgotten, unknown, child = endpoint(session=False)

    os.kill(own, signal.SIGKILL)

    assert eventually(lambda: not folder.exists())
    assert [runs(pid) for pid in (own, watched, child)] == [False] * 3
    assert [runs(pid) for pid in (forgotten, unknown)] == [True, True]
    assert eventually(lambda: not runs(warden))


def test_it_survives_the_end_of_its_endpoints_group(endpoint: Endpoint, folder: Path, eventually: Eventually) -> None:
    pids = endpoint(session=True)

    os.killpg(pids[0], signal.SIGKILL)

    assert eventually(lambda: not any(map(runs, pids)))
    assert eventually(lambda: not folder.exists())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the variables of a process")
def test_it_ends_daemons_that_live_below_its_folder(endpoint: Endpoint, folder: Path, eventually: Eventually) -> None:
    ours, others = (
        subprocess.Popen(["/bin/sleep", "600"], env={"PATH": "/bin", "HOME": str(home)}, start_new_session=True)
        for home in (folder / "functions", folder.with_name("run-2"))
    )

    os.kill(endpoint(session=True)[0], signal.SIGKILL)

    assert eventually(lambda: not folder.exists())
    assert ours.wait(5) == -signal.SIGKILL
    assert others.poll() is None
    others.kill()
    others.wait()


def test_dismissed_it_goes_and_leaves_everything(folder: Path) -> None:
    sleeper = subprocess.Popen(["sleep", "600"], process_group=0)
    warden = Warden(folder)
    warden.watch(sleeper.pid)

    warden.dismiss()
    warden.dismiss()
    warden.watch(1)

    assert not runs(warden.pid)
    assert folder.exists()
    assert living(sleeper.pid)
    sleeper.kill()
    sleeper.wait()


def test_that_it_was_killed_is_no_reason_to_fail(folder: Path, eventually: Eventually) -> None:
    warden = Warden(folder)
    os.kill(warden.pid, signal.SIGKILL)
    assert eventually(lambda: not runs(warden.pid))

    warden.watch(12345)
    warden.dismiss()


def test_no_process_that_is_started_later_holds_its_pipe_open(folder: Path) -> None:
    warden = Warden(folder)
    listing = "import os; print(sorted(int(name) for name in os.listdir('/proc/self/fd'))[:4])"

    told = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True)
    warden.dismiss()

    assert told.stdout == "[0, 1, 2, 3]\n"  # 3 is the listing itself
