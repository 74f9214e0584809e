"""The history: the last calls of each function, one file a call. Synchronous: for threads."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple
from zlib import crc32

from lambdatui.model.arns import parse_arn
from lambdatui.model.past_calls import CallRecord, PastCall
from lambdatui.model.text import one_line, why
from lambdatui.storage.call_files import LONGEST, NewerError, parts, read_head, read_record
from lambdatui.storage.files import private_folder, sweep, sync_folder, write_atomic

MOST = 100
"""Calls of a function that are kept."""
LARGEST = 50_000_000
"""Bytes of the files of a function: beyond, the oldest go first."""
ASIDE = 5
"""Files of a function that could not be read and are kept for whoever wants to look into them."""
LEFTOVER = 3600.0
"""Seconds after which a temporary file belongs to nobody who still writes it."""

_ID = re.compile(r"[0-9]{1,16}-[A-Za-z0-9-]{1,64}", re.ASCII)
_ENDING = ".call"
_ASIDE = ".corrupt"


class Listing(NamedTuple):
    """The calls of a function, the newest first, and sentences about what could not be read."""

    calls: Sequence[PastCall] = ()
    problems: Sequence[str] = ()


class CallHistory:
    """Calls by function. Several processes may use it at once: each file is whole, and belongs to one call."""

    def __init__(self, folder: Path | None, *, most: int = MOST, largest: int = LARGEST) -> None:
        """`folder` None: the history is off. Nothing is written, and nothing that is there is read or deleted."""
        self._folder = folder
        self._most = most
        self._largest = largest

    @property
    def on(self) -> bool:
        """Whether calls are kept."""
        return self._folder is not None

    def add(self, record: CallRecord) -> None:
        """Keep a call, on the disk when this returns; one with the same id is replaced. Raises OSError.

        A response of more than `call_files.KEPT` bytes is left out (`CallRecord.not_kept`). The oldest calls make
        room. Raises ValueError for an id that is none.
        """
        if self._folder is None:
            return
        private_folder(self._folder)
        folder = private_folder(self._folder / _named(record.call.function))
        path = folder / _file(record.call.id)
        write_atomic(path, parts(record))
        self._make_room(folder, path)

    def list(self, function: str) -> Listing:
        """What is kept of a function, by its ARN. A file that is damaged is set aside, and told. Raises OSError."""
        if self._folder is None:
            return Listing()
        folder = self._folder / _named(function)
        calls: list[PastCall] = []
        problems: list[str] = []
        damaged: list[Path] = []
        newer = 0
        for path in _newest_first(folder)[: self._most]:
            try:
                calls.append(_head(path))
            except FileNotFoundError:
                continue  # another process has just made room
            except NewerError:
                newer += 1
            except ValueError:
                damaged.append(path)
            except OSError as problem:
                problems.append(f"A call in the history cannot be read: {one_line(str(path))}: {why(problem)}.")
        if damaged:
            problems.append(_set_aside(damaged))
        if newer:
            problems.append(f"{newer} of the calls in the history are of a later version of lambdatui, and not shown.")
        return Listing(calls, problems)

    def read(self, call: PastCall) -> CallRecord:
        """All that is kept of a call. Raises OSError, and ValueError with a sentence where its file is damaged."""
        if self._folder is None:
            raise FileNotFoundError("The history is off")
        path = self._folder / _named(call.function) / _file(call.id)
        try:
            return _whole(path)
        except NewerError:
            raise ValueError("it was written by a later version of lambdatui") from None
        except ValueError:
            raise ValueError(_set_aside([path]).removesuffix(".")) from None

    def clear(self, function: str) -> None:
        """Forget all calls of a function, also what was set aside. Raises OSError."""
        if self._folder is None:
            return
        folder = self._folder / _named(function)
        with suppress(FileNotFoundError):
            for path in [*folder.glob(f"*{_ENDING}"), *folder.glob(f"*{_ASIDE}")]:
                path.unlink(missing_ok=True)
            sweep(folder)
            sync_folder(folder)

    def _make_room(self, folder: Path, new: Path) -> None:
        """Delete the oldest beyond what may be kept, but never the one just written: clocks go wrong."""
        taken, kept = 0, 0
        for path in [new, *(it for it in _newest_first(folder) if it != new)]:
            with suppress(OSError):
                taken += path.stat().st_size
                kept += 1
                if path != new and (kept > self._most or taken > self._largest):
                    path.unlink(missing_ok=True)
        sweep(folder, LEFTOVER)


def _named(function: str) -> str:
    """The name of a function's folder: account, region and name. What a file cannot be called is told by a checksum."""
    function = one_line(function)[:LONGEST]  # as it is in the files
    arn = parse_arn(function)
    is_function = arn is not None and arn.resource.startswith("function:")
    words = (arn.account, arn.region, arn.resource.split(":")[1]) if arn and is_function else (function,)
    name = "_".join(words)
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,199}", name, re.ASCII):
        return name
    checksum = crc32(function.encode("utf-8", "surrogatepass"))
    return f"{re.sub('[^A-Za-z0-9_-]+', '_', name)[:150]}-{checksum:08x}"


def _file(identity: str) -> str:
    if not _ID.fullmatch(identity):
        raise ValueError("a call's id is its time and something of letters and digits")
    return identity + _ENDING


def _newest_first(folder: Path) -> Sequence[Path]:
    """Files of calls by when they were sent. Raises OSError but where there is no folder."""
    try:
        names = os.listdir(folder)  # noqa: PTH208
    except FileNotFoundError:
        return []
    calls = [it for it in names if it.endswith(_ENDING) and _ID.fullmatch(it.removesuffix(_ENDING))]
    calls.sort(key=lambda it: (int(it.partition("-")[0]), it), reverse=True)
    return [folder / it for it in calls]


def _head(path: Path) -> PastCall:
    """The call of a file. Raises OSError, ValueError, NewerError."""
    with _opened(path) as (file, size):
        call = read_head(file, size)
    if call.id != path.name.removesuffix(_ENDING) or _named(call.function) != path.parent.name:
        raise ValueError("another call's")
    return call


def _whole(path: Path) -> CallRecord:
    with _opened(path) as (file, size):
        return read_record(file, size)


@contextmanager
def _opened(path: Path) -> Iterator[tuple[BinaryIO, int]]:
    """A file and its size; never a link, nor what would keep us waiting."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:  # noqa: PTH123
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            raise ValueError("no file")
        yield file, state.st_size


def _set_aside(paths: Sequence[Path]) -> str:
    """Give damaged files another name, keep the last of them, and say so."""
    folder = paths[0].parent
    for path in paths:
        with suppress(OSError):
            path.replace(path.with_suffix(_ASIDE))
    aside = sorted(folder.glob(f"*{_ASIDE}"), key=lambda it: it.name, reverse=True)
    for path in aside[ASIDE:]:
        with suppress(OSError):
            path.unlink(missing_ok=True)
    what = "A call" if len(paths) == 1 else f"{len(paths)} calls"
    return f"{what} in the history could not be read, and is set aside in {one_line(str(folder))} as …{_ASIDE}."
