"""When the program fails by its own fault: a report in a private file, and one plain message on the terminal.

Neither has a value in it: no locals, and the words of an exception only where Python itself made them of names in code.
A KeyError's is the key, a JSONDecodeError's the document, and anybody may raise a RuntimeError with a token in it.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from traceback import FrameSummary, extract_tb
from types import TracebackType

from lambdatui import __version__
from lambdatui.model.redaction import Redactor
from lambdatui.model.text import one_line, visible, why
from lambdatui.storage.files import private_folder, write_atomic

KEPT = 20
"""Reports that are kept, this one included."""
FRAMES = 60
"""Frames of one traceback: the outermost and the innermost halves of them."""
CHAIN = 10
"""Exceptions behind the one that ended the program."""

_NAMING = (AttributeError, NameError, ImportError, TypeError, ZeroDivisionError, RecursionError)
"""Kinds whose words Python makes of names in code, unless somebody raised them with other words."""


class CrashReport:
    """The first fault that ends the program; what follows from it is not told."""

    def __init__(self, folder: Path, redactor: Redactor) -> None:
        self.redactor = redactor
        self._folder = folder
        self.message = ""
        """One plain message for the terminal, once there was a fault."""

    def take(self, error: BaseException) -> None:
        """Write the report, and have the message. Raises nothing."""
        if self.message:
            return
        inner = getattr(error, "error", None)
        if error.__traceback__ is None and isinstance(inner, BaseException):  # Textual's WorkerFailed
            error = inner
        what = f"lambdatui {__version__} has ended by a fault of its own: {headline(error)}."
        self.message = f"{what}\nNo report was written."  # for a fault in what follows
        try:
            text = self.redactor.redact(report(error))
            path = _write(self._folder, text)
        except OSError as problem:
            reason = why(problem)
            self.message = f"{what}\nIts report could not be written to {one_line(str(self._folder))}: {reason}."
        except Exception as second:  # noqa: BLE001  # a fault in the report must not hide the first
            self.message = f"{what}\nNo report was written: {headline(second)}."
        else:
            self.message = (
                f"{what}\nThe report is in {one_line(str(path))}: please send it along when you tell of this."
            )


def headline(error: BaseException) -> str:
    """The kind of a fault and its place, on one line: KeyError in lambdatui/ui/pane.py line 12 (load)."""
    frames = list(extract_tb(error.__traceback__))
    ours = [frame for frame in frames if f"{os.sep}lambdatui{os.sep}" in frame.filename]
    where = "".join(f" in {_file(last)} line {last.lineno} ({last.name})" for last in (ours or frames)[-1:])
    words = _words(error)
    return one_line(f"{type(error).__name__}{where}{': ' if words else ''}{words}")


def report(error: BaseException) -> str:
    """The whole of it: versions, the terminal, and the traceback of every exception in the chain."""
    return visible("\n".join([*_surroundings(), "", *_chain(error), ""]))


def _surroundings() -> Iterator[str]:
    from importlib.metadata import PackageNotFoundError, version

    yield f"lambdatui {__version__}, {time.strftime('%Y-%m-%d %H:%M:%S %z')}"
    yield f"Python {sys.version.split()[0]} on {sys.platform}"
    for package in ("textual", "rich", "aiobotocore", "botocore", "aiohttp", "ministack"):
        try:
            yield f"{package} {version(package)}"
        except PackageNotFoundError:
            yield f"{package} is not installed"
    for name in ("TERM", "COLORTERM", "LANG", "LC_ALL", "LC_CTYPE", "NO_COLOR"):
        if name in os.environ:
            yield f"{name}={os.environ[name][:40]!r}".replace("=", " is ")


def _chain(error: BaseException) -> Iterator[str]:
    seen: set[int] = set()
    following: BaseException | None = error
    for number in range(CHAIN):
        if following is None or id(following) in seen:
            return
        seen.add(id(following))
        if number:
            yield ""
            yield "which came from:"
        yield from _one(following)
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)


def _one(error: BaseException) -> Iterator[str]:
    words = _words(error)
    yield f"{type(error).__module__}.{type(error).__qualname__}{': ' if words else ''}{words}"
    frames = list(extract_tb(error.__traceback__))
    left_out = len(frames) - FRAMES
    for number, frame in enumerate(frames):
        if left_out > 0 and FRAMES // 2 <= number < FRAMES // 2 + left_out:
            if number == FRAMES // 2:
                yield f"  … {left_out} more frames …"
            continue
        yield f"  {_file(frame)} line {frame.lineno} ({frame.name})"
        if frame.line:
            yield f"    {frame.line.strip()}"
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions[:CHAIN]:
            yield "of which one is:"
            yield from _one(inner)


def _words(error: BaseException) -> str:
    """What an exception says, if Python itself has said it."""
    if type(error) not in _NAMING or _was_raised(error.__traceback__):
        return ""
    return str(error)[:300]


def _was_raised(traceback: TracebackType | None) -> bool:
    """Whether a `raise` statement is where it comes from: then its words may be anything."""
    import dis

    if traceback is None:
        return True
    while traceback.tb_next is not None:
        traceback = traceback.tb_next
    code, at = traceback.tb_frame.f_code.co_code, traceback.tb_lasti
    return dis.opname[code[at]] in ("RAISE_VARARGS", "RERAISE")


def _file(frame: FrameSummary) -> str:
    """The path from the package on, which says enough."""
    parts = Path(frame.filename).parts
    for anchor in ("site-packages", "lambdatui"):
        if anchor in parts[:-1]:
            at = len(parts) - 1 - parts[::-1].index(anchor)
            return "/".join(parts[at + (anchor == "site-packages") :])
    return "/".join(parts[-2:])


def _write(folder: Path, text: str) -> Path:
    private_folder(folder)
    path = folder / f"crash-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt"
    write_atomic(path, text.encode("utf-8", "backslashreplace"))
    for old in sorted(folder.glob("crash-*.txt"))[:-KEPT]:
        old.unlink(missing_ok=True)
    return path
