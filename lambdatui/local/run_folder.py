"""The one folder in which everything that the embedded endpoint writes lies, and the sweeping of those left behind.

A folder in use has a file `pid` that is locked (flock): by the process that started the endpoint and, through the same
open file, by the endpoint itself. So it counts as left behind exactly when both have ended, whatever ended them, and
a pid that has been given to another process deceives nobody.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

PREFIX = "lambdatui-local-"
UNFINISHED = 60.0
"""Seconds after which a folder that never got its `pid` file counts as left behind."""


@dataclass(frozen=True)
class RunFolder:
    """A run folder of ours, locked. `lock` is the descriptor that keeps it so; the endpoint inherits it."""

    path: Path
    lock: int

    def note_pid(self, pid: int) -> None:
        """Write down whose folder it is, for people."""
        os.pwrite(self.lock, f"{pid}\n".encode(), 0)

    def stderr(self) -> int:
        """A new descriptor for what the endpoint writes to its standard error; the caller closes it."""
        return os.open(self.path / "stderr", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def last_words(self) -> str:
        """The last line that the endpoint wrote to its standard error, or nothing."""
        try:
            lines = (self.path / "stderr").read_bytes()[-4096:].decode("utf-8", "replace").split("\n")
        except OSError:
            return ""
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    def remove(self) -> None:
        """Delete it with all that is in it, and let go of the lock."""
        shutil.rmtree(self.path, ignore_errors=True)
        with contextlib.suppress(OSError):
            os.close(self.lock)


def make() -> RunFolder:
    """A new locked run folder, after sweeping away those that nobody uses any more. Raises OSError."""
    sweep()
    path = Path(tempfile.mkdtemp(prefix=PREFIX))  # 0700
    (path / "tmp").mkdir(mode=0o700)
    # Locked before it has the name that sweep() looks for, so that no other start can take it for an old one.
    unlocked = path / "pid.new"
    lock = os.open(unlocked, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    unlocked.rename(path / "pid")
    return RunFolder(path, lock)


def sweep() -> None:
    """Delete the run folders of this user whose processes have all ended."""
    for path in Path(tempfile.gettempdir()).glob(PREFIX + "*"):
        with contextlib.suppress(OSError):  # somebody else's, or gone meanwhile
            if path.lstat().st_uid == os.getuid() and path.is_dir() and not path.is_symlink() and _unused(path):
                shutil.rmtree(path, ignore_errors=True)


def _unused(path: Path) -> bool:
    try:
        lock = os.open(path / "pid", os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        return time.time() - path.stat().st_mtime > UNFINISHED
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(lock)
    return True
