"""How much memory a process and its children use."""

from __future__ import annotations

import inspect
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from lambdatui.local.sandbox.memory import Memory, family
from tests.local.conftest import Eventually

pytestmark = [
    pytest.mark.local,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much memory is used"),
]

MB = 1024 * 1024
CHILD = "seen = bytearray(b'x') * 40_000_000; print('there', flush=True); input()"


@pytest.fixture
def running() -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """running(code): a Python process that has printed its first line."""
    made: list[subprocess.Popen[str]] = []

    def run(code: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        made.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "there\n"
        return process

    yield run
    for process in made:
        process.communicate("\n\n")


Running = Callable[[str], "subprocess.Popen[str]"]


def test_what_a_process_uses_now_and_has_used(running: Running) -> None:
    process = running("seen = bytearray(b'x') * 40_000_000; del seen; print('there', flush=True); input()")
    memory = Memory(process.pid)

    assert memory.now(100 * MB) < 30 * MB
    assert memory.most() > 40_000_000


def test_a_family_may_have_more_generations_than_python_has_calls() -> None:
    generations = 100
    code = f"""
import os, signal, sys
for _ in range({generations}):
    if os.fork():
        signal.pause()
print("there", flush=True)
signal.pause()
"""
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, process_group=0)
    assert process.stdout is not None
    assert process.stdout.readline() == "there\n"

    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + generations // 2)
    try:
        found = list(family(process.pid))
    finally:
        sys.setrecursionlimit(usual)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()

    assert len(found) == generations + 1


def test_what_a_child_uses_counts(running: Running, eventually: Eventually) -> None:
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {CHILD!r}])"
    memory = Memory(running(code).pid)

    assert memory.now(1000 * MB) > 45_000_000
    assert memory.most() > 45_000_000


def test_pages_that_processes_share_count_once_where_it_matters(running: Running) -> None:
    code = """
import os
seen = bytearray(b"x") * 40_000_000
for _ in range(2):
    if not os.fork():
        input()
        os._exit(0)
print("there", flush=True)
input()
"""
    process = running(code)
    memory = Memory(process.pid)

    assert len(list(family(process.pid))) == 3
    assert memory.now(1000 * MB) > 120_000_000
    assert memory.now(100 * MB) < 80_000_000


def test_a_process_that_is_gone_uses_nothing(running: Running) -> None:
    process = running("print('there', flush=True)")
    process.wait()
    memory = Memory(process.pid)

    assert (memory.now(MB), memory.most(), list(family(process.pid))) == (0, 0, [process.pid])
