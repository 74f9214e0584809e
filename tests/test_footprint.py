"""What the process keeps of memory."""

from __future__ import annotations

import ctypes
import gc
import subprocess
import sys
from functools import partial

import pytest

from lambdatui.collector import ENOUGH, MUCH, PAUSE, QUIET, SETTLED, SOME, Collector
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


class Screen:
    """Any."""


class Clock:
    """A collector at a time, and when it looked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.passes = 1000.0, 0
        self.first = self.shown = Screen()
        self.turns = 0
        self.does: list[str] = []
        monkeypatch.setattr("lambdatui.collector.monotonic", lambda: self.now)
        monkeypatch.setattr(gc, "get_count", lambda: (0, 0, self.passes))
        for name in ("collect", "freeze", "unfreeze"):
            monkeypatch.setattr(gc, name, partial(self.does.append, name))
        self.collector = Collector()

    def at(self, later: float, passes: int, *, key: bool = False) -> list[str]:
        """What it does after so many seconds and passes."""
        self.now, self.passes = self.now + later, passes
        if key:
            self.collector.touch()
        self.does.clear()
        self.collector.look(self.first, self.shown, self.turns)
        return [*self.does]


def test_the_collector_looks_when_enough_has_come_for_how_long_no_key_was_pressed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock(monkeypatch)
    clock.shown = Screen()
    assert clock.at(SETTLED, MUCH - 1, key=True) == []
    assert clock.at(0, MUCH) == ["collect"]
    assert clock.at(PAUSE, SOME - 1) == []
    assert clock.at(0, SOME) == ["collect"]
    assert clock.at(QUIET, ENOUGH - 1) == []
    assert clock.at(0, ENOUGH) == ["collect"]


def test_the_collector_leaves_out_what_is_there_with_the_first_screen_until_there_is_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock(monkeypatch)
    assert clock.at(0, 0, key=True) == []
    assert clock.at(SETTLED, 0, key=True) == ["freeze"]
    assert clock.at(SETTLED, 0, key=True) == []
    assert clock.at(SETTLED, MUCH, key=True) == ["collect", "freeze"]
    clock.turns += 1  # something was opened, and closed
    assert clock.at(SETTLED, MUCH, key=True) == ["collect"]
    clock.first = clock.shown = Screen()
    assert clock.at(SETTLED / 2, MUCH, key=True) == ["unfreeze", "collect"]
    assert clock.at(SETTLED / 2, 0, key=True) == ["freeze"]
