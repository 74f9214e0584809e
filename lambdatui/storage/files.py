"""Files that are private and never half written."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

FILE_MODE = 0o600
FOLDER_MODE = 0o700
PATIENCE = 2.0
"""Seconds that another instance may hold a folder's lock."""

_PAUSE = 0.02
_TEMPORARY = ".lambdatui-*.tmp"


def private_folder(path: Path) -> Path:
    """The folder at `path`, made with its parents where it is missing, and for its owner alone (0700).

    Folders above it that are missing are made 0700 too, as the XDG specification asks; those that exist are left as
    they are. Raises OSError.
    """
    missing = path
    absent = []
    while not missing.is_dir() and missing != missing.parent:
        absent.append(missing)
        missing = missing.parent
    for folder in reversed(absent):
        folder.mkdir(FOLDER_MODE, exist_ok=True)
        folder.chmod(FOLDER_MODE)  # the umask may have taken bits that the owner needs
    if path.stat().st_mode & 0o777 != FOLDER_MODE:
        path.chmod(FOLDER_MODE)
    return path


def write_atomic(path: Path, data: bytes | Iterable[bytes]) -> None:
    """The file at `path` with this content and for its owner alone (0600): the old one or the new one, never a part.

    `data` may come in parts, so that not all of it is in memory. Its folder must exist. A symbolic link at `path` is
    replaced, not followed. The content is on the disk before it has the name, and the name before this returns; a
    process killed in between leaves a `.lambdatui-….tmp` in the folder. Raises OSError, and then nothing has changed.
    """
    import secrets  # late: it brings hashlib and random, which the start does without

    temporary = path.parent / _TEMPORARY.replace("*", secrets.token_hex(8))
    # O_EXCL: never through a link, and never into a file that somebody else put there.
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE_MODE)
    try:
        try:
            os.fchmod(descriptor, FILE_MODE)
            for part in (data,) if isinstance(data, bytes) else data:
                _write_all(descriptor, part)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(path.parent)


def sweep(folder: Path, age: float = 0.0) -> None:
    """Delete temporary files of writers that were killed: those that nobody has written to for `age` seconds.

    0 is for a folder that is locked: nobody is writing there.
    """
    for path in folder.glob(_TEMPORARY):
        with contextlib.suppress(OSError):
            if not age or time.time() - path.stat().st_mtime >= age:
                path.unlink()


@contextlib.contextmanager
def locked_folder(folder: Path) -> Iterator[None]:
    """Alone among all instances. The folder itself is locked: a lock file would be one more thing left behind.

    Raises OSError, also where another process has held it for `PATIENCE`.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise OSError(errno.EAGAIN, "Another process holds it", str(folder)) from None
                time.sleep(_PAUSE)
        yield
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """The folder's names on the disk: a file that was made or renamed in it survives a power cut."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some network and FUSE file systems cannot: EINVAL. The file itself is there all the same.
        if error.errno not in {errno.EINVAL, errno.ENOTSUP, errno.ENOSYS}:
            raise
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
