"""The audit journal: one JSON line for every change that was asked of AWS, on the disk before the change is made."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import json
import os
import stat
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lambdatui.storage.files import FILE_MODE, private_folder, sync_folder

LIMIT = 10_000_000
"""Bytes. A journal that would grow beyond is renamed to `….1`, over the one before it: two of this size are kept."""
PATIENCE = 2.0
"""Seconds to wait for another process that is writing. It holds the lock for one write."""
_PAUSE = 0.01


class Journal:
    """Appends entries to the file at `path`, which other processes may be appending to at the same time.

    A line is written whole or not at all: under a lock, in one write, and taken back where the disk was full in the
    middle of it. A line that a killed process left unfinished stays a line of its own.
    """

    def __init__(self, path: Path, *, limit: int = LIMIT) -> None:
        self._path = path
        self._limit = limit
        self._turn = threading.Lock()  # threads of this process queue here, not by polling for the file's lock

    async def record(self, entry: Mapping[str, Any]) -> None:
        """Append the entry, a JSON object, and wait until it is on the disk. Raises OSError where that failed.

        A cancelled `record()` may have written the line: it is a statement of intent, and may stand alone.
        """
        # ASCII: a journal that is read with `cat` must not drive the terminal.
        line = json.dumps(dict(entry), ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode() + b"\n"
        await asyncio.to_thread(self._append, line)

    def _append(self, line: bytes) -> None:
        with self._turn:
            try:
                private_folder(self._path.parent)
                path = Path(os.path.realpath(self._path))  # a link is rotated where it points
                with _locked(path) as descriptor:
                    size = os.fstat(descriptor).st_size
                    if not size or size + len(line) <= self._limit:
                        _write_line(descriptor, line)
                        return
                    path.rename(path.with_name(path.name + ".1"))
                with _locked(path) as descriptor:
                    _write_line(descriptor, line)
            except OSError as error:
                error.filename = error.filename or str(self._path)  # write() and fsync() do not say where
                raise


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    """A descriptor of the file that has this name, which no other process renames or writes meanwhile."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK, FILE_MODE)
        try:
            state = os.fstat(descriptor)
            if not stat.S_ISREG(state.st_mode):  # /dev/null would take every line and keep none
                raise OSError(errno.EINVAL, "Not a regular file", str(path))
            _lock(descriptor, path)
            if _is_named(descriptor, path):
                if state.st_mode & 0o777 != FILE_MODE:
                    os.fchmod(descriptor, FILE_MODE)
                if not state.st_size:
                    sync_folder(path.parent)
                yield descriptor
                return
            # Another process has renamed it while we waited for the lock: take the one that has the name now.
        finally:
            os.close(descriptor)  # and with it the lock


def _lock(descriptor: int, path: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:  # stopped with ctrl+z in the middle of a write, or a hung network disk
                raise OSError(errno.EAGAIN, "Another process holds it", str(path)) from None
            time.sleep(_PAUSE)
        else:
            return


def _is_named(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _write_line(descriptor: int, line: bytes) -> None:
    size = os.fstat(descriptor).st_size
    if size and os.pread(descriptor, 1, size - 1) != b"\n":
        line = b"\n" + line
    try:
        written = os.write(descriptor, line)
        os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, size)
        raise
    if written < len(line):  # a disk that is full takes a part first, and says no to the next write
        os.ftruncate(descriptor, size)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
