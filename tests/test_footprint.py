"""What the process keeps of memory."""

from __future__ import annotations

import ctypes
import gc
import subprocess
import sys
from functools import partial

import pytest

from lambdatui.collector import ENOUGH, FEW, GROWN, MANY, MOST, MUCH, NEW, PAUSE, QUIET, SETTLED, SOME, Collector
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
    """A collector at a time, and what it does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.passes, self.steps, self.new, self.there = 1000.0, 0, 0, 0, 0
        self.first = self.shown = Screen()
        self.turns = 0
        self.does: list[str] = []
        monkeypatch.setattr("lambdatui.collector.monotonic", lambda: self.now)
        monkeypatch.setattr(gc, "get_stats", lambda: [{"collections": it} for it in (self.passes, self.steps)])
        monkeypatch.setattr(gc, "get_threshold", lambda: (GROWN // 100, 10, 10))
        monkeypatch.setattr(gc, "get_count", lambda: (0, self.new, 0))
        monkeypatch.setattr(gc, "get_objects", lambda: range(self.there))
        monkeypatch.setattr(gc, "collect", self._collect)
        for name in ("freeze", "unfreeze"):
            monkeypatch.setattr(gc, name, partial(self.does.append, name))
        self.collector = Collector()

    def _collect(self, generation: int = 2) -> None:
        self.does.append("all" if generation == 2 else "new")
        self.new, self.steps = 0, self.steps + 1

    def at(self, later: float, new: int = 0, *, key: bool = True, by_itself: int = 0) -> list[str]:
        """What it does after so many seconds and passes, and when Python has gone through what is new by itself."""
        self.now, self.passes, self.new, self.steps = self.now + later, self.passes + new, new, self.steps + by_itself
        if key:
            self.collector.touch()
        self.does.clear()
        self.collector.look(self.first, self.shown, self.turns)
        return [*self.does]

    def visit(self, screens: int) -> None:
        """Open screens, each of which is there while Python goes through what is new, and close them."""
        for _ in range(screens):
            self.shown = Screen()
            assert self.at(0, by_itself=1) == []
        self.shown = self.first
        self.turns += 1


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(monkeypatch)
    assert clock.at(0) == []
    assert clock.at(SETTLED) == ["freeze"]
    return clock


def test_what_is_new_is_looked_through_while_the_first_screen_is_in_sight(clock: Clock) -> None:
    assert clock.at(0, SOME - 1) == []
    assert clock.at(0, SOME) == ["new"]
    clock.shown = Screen()
    assert clock.at(PAUSE, NEW - 1) == []


def test_what_has_come_to_stay_is_left_out_when_it_is_much(clock: Clock) -> None:
    clock.there = GROWN
    assert clock.at(0, 99) == ["new"]
    clock.there = GROWN - 1
    assert clock.at(0, SOME) == ["new"]
    clock.there = GROWN
    assert clock.at(0, 100) == ["new", "freeze"]
    clock.turns += 1  # something was opened, and closed just now
    assert clock.at(0, 100) == ["new"]


def test_screens_that_python_has_come_to_hold_for_old_are_looked_for(clock: Clock) -> None:
    clock.visit(MANY - 1)
    assert clock.at(0) == []
    clock.visit(1)
    assert clock.at(0) == ["all"]
    clock.visit(FEW)
    assert clock.at(0) == []
    assert clock.at(PAUSE, key=False) == ["all", "freeze"]


def test_a_screen_that_stays_open_is_one(clock: Clock) -> None:
    clock.shown = Screen()
    for _ in range(MOST):
        assert clock.at(1, by_itself=1) == []
    clock.visit(MOST - 2)
    clock.shown = Screen()
    assert clock.at(0, by_itself=1) == ["all"]


def test_at_rest_all_is_looked_through_when_enough_has_come(clock: Clock) -> None:
    clock.passes = ENOUGH - 1
    assert clock.at(QUIET, key=False) == []
    clock.passes = ENOUGH
    assert clock.at(QUIET, key=False) == ["all", "freeze"]
    assert clock.at(QUIET, key=False) == []
    clock.passes += MUCH
    assert clock.at(0) == []
    assert clock.at(PAUSE, key=False) == ["all", "freeze"]


def test_what_was_left_out_while_screens_went_is_looked_through_at_rest(clock: Clock) -> None:
    clock.visit(MANY)
    clock.there = GROWN
    assert clock.at(0, 100) == ["all", "freeze"]
    assert clock.at(QUIET, key=False) == ["unfreeze", "all", "freeze"]


def test_of_another_place_the_one_before_is_looked_for_at_rest(clock: Clock) -> None:
    clock.first = clock.shown = Screen()
    clock.turns += 1
    assert clock.at(SETTLED / 2) == []
    assert clock.at(SETTLED) == ["freeze"]
    assert clock.at(QUIET, key=False) == ["unfreeze", "all", "freeze"]
