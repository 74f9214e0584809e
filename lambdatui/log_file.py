"""The log of the program itself: nowhere, or in a file that was asked for; never on the terminal.

What may be in it is decided by who says it, and not only by what it looks like: our own lines name operations, times
and request ids; of the SDK a few loggers are trusted with their words, and of all others only the place and the numbers
are written. Everything passes the redactor after that.
"""

from __future__ import annotations

import logging
import os
import stat
import time
from collections.abc import Callable
from logging.handlers import QueueHandler, QueueListener, RotatingFileHandler
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from lambdatui.crash import headline
from lambdatui.model.redaction import Redactor
from lambdatui.model.text import one_line
from lambdatui.storage.files import FILE_MODE

LIMIT = 5_000_000
"""Bytes of one file."""
FILES = 5
"""Files that are kept: the newest, and `….1` to `….4`."""
LONGEST = 2000
"""Characters of a line."""

OURS = "lambdatui"
TRUSTED = (
    "botocore.credentials", "botocore.retryhandler", "botocore.retries", "botocore.session", "botocore.tokens",
    "botocore.configprovider", "aiobotocore.credentials", "aiobotocore.retryhandler", "aiobotocore.retries",
)  # fmt: skip
"""Loggers whose words are about what is tried, and not about what is sent."""


class LogFileError(Exception):
    """The file cannot be logged into. `str()` is the reason, in a few words."""


def open_log(path: Path, redactor: Redactor) -> Callable[[], None]:
    """Log into the file at `path` from now on; what is returned ends that. Raises LogFileError."""
    try:
        handler = _PrivateFile(path, maxBytes=LIMIT, backupCount=FILES - 1, encoding="utf-8", errors="backslashreplace")
    except (OSError, ValueError) as problem:
        words = problem.strerror if isinstance(problem, OSError) and problem.strerror else str(problem)
        raise LogFileError(one_line(words)) from None
    handler.setFormatter(_Line(redactor))
    queue: SimpleQueue[logging.LogRecord] = SimpleQueue()
    listener = QueueListener(queue, handler)
    listener.start()
    root = logging.getLogger()
    waiting = _Waiting(queue)
    root.addHandler(waiting)
    root.setLevel(logging.INFO)
    for name in (OURS, *TRUSTED):
        logging.getLogger(name).setLevel(logging.DEBUG)

    def close() -> None:
        root.removeHandler(waiting)
        listener.stop()
        handler.close()

    return close


class _Waiting(QueueHandler):
    """Hands records over as they are: the other thread puts them into words."""

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        return record

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (logging's name)
        """There is nobody to tell."""


class _PrivateFile(RotatingFileHandler):
    """A file for its owner alone, and a new one when that is full."""

    def _open(self) -> Any:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK
        descriptor = os.open(self.baseFilename, flags, FILE_MODE)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise ValueError("it is no regular file")
        os.fchmod(descriptor, FILE_MODE)
        return open(descriptor, "a", encoding=self.encoding, errors=self.errors)  # noqa: PTH123 (a descriptor)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (logging's name)
        """A disk that is full costs the line, and not the program."""


class _Line(logging.Formatter):
    """A record as one line."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self.converter = time.gmtime
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        """Time (UTC), level, logger and what it says."""
        stamp = f"{self.formatTime(record, '%Y-%m-%dT%H:%M:%S')}.{record.msecs:03.0f}Z"
        error = record.exc_info[1] if record.exc_info else None
        said = f"{_said(record)}{f' {headline(error)}' if error is not None else ''}"
        return one_line(self._redactor.redact(f"{stamp} {record.levelname} {record.name} {said}"))[:LONGEST]


def _said(record: logging.LogRecord) -> str:
    if record.name.split(".")[0] == OURS or record.name.startswith(TRUSTED):
        try:
            return record.getMessage()
        except (TypeError, ValueError, KeyError):
            return "(a message that cannot be formatted)"
    numbers = (
        [str(one) for one in record.args or () if isinstance(one, int | float)]
        if isinstance(record.args, tuple)
        else []
    )
    return " ".join([f"{record.module}.{record.funcName} line {record.lineno}", *numbers])
