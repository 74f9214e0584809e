"""What the process keeps of memory."""

from __future__ import annotations

import ctypes
import gc
import subprocess
import sys

import pytest

from lambdatui.collector import ENOUGH, QUIET, Collector
from lambdatui.footprint import keep_small

# glibc reserves 64 MiB of addresses for the heap of a thread.
HEAPS = """
import sys, threading
{first}
together, apart = threading.Barrier(5), threading.Barrier(5)

def allocate():
    together.wait()
    kept = [bytes(2000) for _ in range(100)]
    apart.wait()

threads = [threading.Thread(target=allocate) for _ in range(4)]
for thread in threads:
    thread.start()
together.wait()
heaps = 0
for line in open("/proc/self/maps"):
    addresses, rights = line.split()[:2]
    start, end = (int(it, 16) for it in addresses.split("-"))
    heaps += rights == "---p" and 1 << 25 < end - start <= 1 << 26
apart.wait()
print(heaps)
"""


def heaps(first: str) -> int:
    """Of threads, after `first` was done."""
    command = [sys.executable, "-c", HEAPS.replace("{first}", first)]
    return int(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallopt"), reason="only glibc has heaps for threads")
def test_threads_share_one_heap() -> None:
    assert heaps("") > 0
    assert heaps("from lambdatui.footprint import keep_small; keep_small()") == 0


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    keep_small()


def test_the_collector_does_not_look_through_all_there_is_while_much_comes() -> None:
    def passes() -> int:
        return int(gc.get_stats()[2]["collections"])

    def much() -> list[list[int]]:
        return [[it] for it in range(300_000)]

    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)  # Python's own; tests run with others
    gc.collect()
    collector = Collector()
    try:
        collector.begin()
        seen = passes()
        kept = much()
        assert passes() == seen
        collector.end()
        kept += much()
        assert passes() > seen
        assert gc.get_threshold() == (700, 10, 10)
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def test_the_collector_looks_through_all_there_is_when_no_key_was_pressed_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now, passes, looked = [1000.0], [ENOUGH], list[float]()
    monkeypatch.setattr("lambdatui.collector.monotonic", lambda: now[0])
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, passes[0]))
    monkeypatch.setattr(gc, "collect", lambda: looked.append(now[0]))
    collector = Collector()
    for later, key in ((QUIET - 1, True), (QUIET - 1, False), (1, False)):
        now[0] += later
        if key:
            collector.touch()
        collector.look()
    assert looked == [1000 + 2 * QUIET - 1]
    passes[0] = ENOUGH - 1
    collector.look()
    assert len(looked) == 1
