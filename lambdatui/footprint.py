"""What the process keeps of memory that it has given back to the C library."""

from __future__ import annotations

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
"""Parameters of mallopt(3), as in glibc's malloc.h."""
LARGE = 128 * 1024
"""Bytes: with as much free at the end of the heap, or freed in one piece, it goes back to the system."""


def keep_small() -> None:
    """Have glibc keep one heap, and hand back what is free at its end. With another C library nothing happens.

    It would have a heap for each thread, and raises by itself what it keeps of each: after ten thousand functions in
    two hundred answers that is 8 MiB of nothing.
    """
    import ctypes

    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # macOS, musl
        return
    for parameter, value in ((M_ARENA_MAX, 1), (M_TRIM_THRESHOLD, LARGE), (M_MMAP_THRESHOLD, LARGE)):
        mallopt(parameter, value)
