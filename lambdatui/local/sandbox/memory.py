"""How much memory a function uses: its process and those that it has started. Linux tells; elsewhere it is unknown."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Iterator

EVERY = 0.02
"""Seconds between two looks at a call that takes longer than that."""

_PAGE = os.sysconf("SC_PAGE_SIZE")
_PEAK = re.compile(rb"^VmHWM:\s+(\d+) kB", re.MULTILINE)
_SHARE = re.compile(rb"^Pss:\s+(\d+) kB", re.MULTILINE)


class Memory:
    """The memory of one process and its descendants, in bytes; 0 where the system does not tell."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.seen = 0
        """The most that anybody has seen so far."""

    def now(self, limit: int) -> int:
        """What is in use, at most `limit` if the processes share so much that together they stay below it."""
        if sys.platform != "linux":
            return 0
        pids = list(family(self._pid))
        used = sum(map(_resident, pids))
        if used > limit and len(pids) > 1:
            used = sum(map(_share, pids))  # takes milliseconds: it walks all their pages
        self.seen = max(self.seen, used)
        return used

    def most(self) -> int:
        """The most that was in use so far. What children used between two looks is not known."""
        if sys.platform == "linux":
            with contextlib.suppress(OSError):
                if found := _PEAK.search(_read(f"/proc/{self._pid}/status")):
                    self.seen = max(self.seen, int(found[1]) * 1024)
        return self.seen


def family(pid: int) -> Iterator[int]:
    """A process and its descendants, as far as their parents still live."""
    waiting = [pid]
    while waiting:
        yield (each := waiting.pop())
        with contextlib.suppress(OSError):
            for thread in os.scandir(f"/proc/{each}/task"):
                waiting.extend(map(int, _read(f"{thread.path}/children").split()))


def _resident(pid: int) -> int:
    try:
        return int(_read(f"/proc/{pid}/statm").split()[1]) * _PAGE
    except (OSError, IndexError):  # it is gone
        return 0


def _share(pid: int) -> int:
    """What a process uses, pages that it shares with others in proportion."""
    try:
        found = _SHARE.search(_read(f"/proc/{pid}/smaps_rollup"))
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else _resident(pid)


def _read(path: str) -> bytes:
    descriptor = os.open(path, os.O_RDONLY)  # after each call: a file object would take three times as long
    try:
        return os.read(descriptor, 65536)
    finally:
        os.close(descriptor)
