"""What the process keeps of memory."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

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
