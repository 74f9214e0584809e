"""What a runtime writes: prints and framed log records in one pipe, taken apart into lines in the order of writing."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import struct
import sys
import termios
import time
from collections.abc import Callable, Iterator, Sequence

from lambdatui.local.execution import Line
from lambdatui.local.sandbox.masks import Masks

LINE_LIMIT = 256 * 1024 - 26
"""Bytes of a line: CloudWatch Logs' limit of an event, less the 26 bytes that it adds to each."""

UNFINISHED = 0.5
"""Seconds after which a line without its newline is taken as it is."""

SLICE = 4096
"""Bytes that are read at once. They may be as many lines, and each takes some microseconds."""

TURN = 0.002
"""Seconds for which reading may hold the event loop; the loop is then left alone for as long."""

# AWS's runtimes write a log record as type, length, microseconds since the epoch, and the message (awslambdaric,
# FramedTelemetryLogSink). The last byte of the type says JSON or text, and the level.
_HEADER = struct.Struct(">4sIQ")
_MAGIC = b"\xa5\x5a\x00"
_TYPES = frozenset(b"\x02\x03\x0a\x0b\x0e\x0f\x12\x13\x16\x17\x1a\x1b")


class Decoder:
    """Takes the bytes of the pipe apart; they may come in any pieces.

    A record is its own time in seconds since the epoch, None for a line that was printed, and its bytes.
    """

    def __init__(self) -> None:
        self._text = bytearray()
        self._frame = bytearray()
        self._missing = 0
        self._stamp = 0.0
        self._pending = b""

    @property
    def unfinished(self) -> bool:
        """Whether there is a piece of a printed line."""
        return bool(self._text or self._pending)

    def feed(self, data: bytes) -> Iterator[tuple[float | None, bytes]]:
        """The records that end in `data`. To be exhausted before the next call."""
        if self._pending:
            data, self._pending = self._pending + data, b""
        at = 0
        while at < len(data):
            if self._missing:
                piece = data[at : at + self._missing]
                at += len(piece)
                yield from self._framed(piece)
                continue
            start = data.find(_MAGIC, at)
            if start < 0:
                whole = len(data) - _tail(data[at:])
                yield from self._printed(data[at:whole])
                self._pending = data[whole:]
                return
            yield from self._printed(data[at:start])
            at = start + len(_MAGIC)
            if at < len(data) and data[at] not in _TYPES:
                yield from self._printed(_MAGIC)
                continue
            if len(data) - start < _HEADER.size:
                self._pending = data[start:]
                return
            _, length, microseconds = _HEADER.unpack_from(data, start)
            at = start + _HEADER.size
            self._missing, self._stamp = length, microseconds / 1e6
            if not length:
                yield self._stamp, b""

    def flush(self) -> Iterator[tuple[float | None, bytes]]:
        """The piece of a printed line that there is, as a line."""
        if not self._pending.startswith(_MAGIC):
            self._text += self._pending
            self._pending = b""
        if self._text:
            text, self._text = bytes(self._text), bytearray()
            yield None, text

    def _printed(self, data: bytes) -> Iterator[tuple[float | None, bytes]]:
        *whole, last = data.split(b"\n")
        for line in whole:
            if self._text:
                self._text += line
                line, self._text = bytes(self._text), bytearray()
            yield from ((None, piece) for piece in _cut(line))
        self._text += last
        while len(self._text) > LINE_LIMIT:
            end = _boundary(self._text, LINE_LIMIT)
            yield None, bytes(self._text[:end])
            del self._text[:end]

    def _framed(self, piece: bytes) -> Iterator[tuple[float | None, bytes]]:
        self._missing -= len(piece)
        self._frame += piece
        while len(self._frame) > LINE_LIMIT:
            end = _boundary(self._frame, LINE_LIMIT)
            yield self._stamp, bytes(self._frame[:end])
            del self._frame[:end]
        if not self._missing:
            record, self._frame = bytes(self._frame.removesuffix(b"\n")), bytearray()
            yield self._stamp, record


def _tail(data: bytes) -> int:
    """How many of the last bytes may be the beginning of a frame."""
    return next((size for size in (2, 1) if data.endswith(_MAGIC[:size])), 0)


def _cut(line: bytes) -> Iterator[bytes]:
    while len(line) > LINE_LIMIT:
        end = _boundary(line, LINE_LIMIT)
        yield line[:end]
        line = line[end:]
    yield line


def _boundary(data: bytes | bytearray, end: int) -> int:
    """The end of the last whole UTF-8 character before `end`."""
    for back in range(4):
        if data[end - back] & 0xC0 != 0x80:  # a byte that begins a character
            return end - back
    return end


class Times:
    """The times of a log stream, in seconds since the epoch: none is earlier than the one before it."""

    def __init__(self) -> None:
        self._last = 0.0

    def now(self) -> float:
        """This moment."""
        return self.at(time.time())

    def at(self, moment: float) -> float:
        """`moment`, or that of what came before it."""
        self._last = max(self._last, moment)
        return self._last


class Output:
    """The pipe that a runtime's process writes to, read on the event loop.

    A line that was printed has the time at which it was read, or that of the record after it if that was read with it;
    a record has its own. None has an earlier time than the one before it. What nobody has read yet stays in the pipe:
    64 KB, and whoever writes more waits.
    """

    def __init__(self, printed: Callable[[Sequence[Line]], None], masks: Masks, times: Times) -> None:
        self._tell = printed
        self._times = times
        self._masks = masks
        self._decoder = Decoder()
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._resuming: asyncio.TimerHandle | None = None
        self._read_end, self.write_end = os.pipe()
        os.set_blocking(self._read_end, False)
        self._loop.add_reader(self._read_end, self._readable)

    def started(self) -> None:
        """The process has its end of the pipe."""
        os.close(self.write_end)
        self.write_end = -1

    async def drain(self) -> None:
        """Take everything that is in the pipe now, and what there is of a line."""
        if self._read_end < 0:
            return
        left = _waiting(self._read_end)
        turn = time.perf_counter() + TURN
        while left > 0 and self._read_end >= 0:
            data = self._read(min(left, SLICE))
            if not data:
                break
            left -= len(data)
            self._take(data)
            if time.perf_counter() > turn:
                await asyncio.sleep(0)
                turn = time.perf_counter() + TURN
        self._emit(list(self._decoder.flush()))

    def close(self) -> None:
        """Stop reading, whoever may still write."""
        for timer in (self._timer, self._resuming):
            if timer is not None:
                timer.cancel()
        if self.write_end >= 0:
            self.started()
        if self._read_end >= 0:
            self._loop.remove_reader(self._read_end)
            os.close(self._read_end)
            self._read_end = -1

    def _readable(self) -> None:
        began = time.perf_counter()
        while data := self._read(SLICE):
            self._take(data)
            if len(data) < SLICE:
                return
            if (taken := time.perf_counter() - began) > TURN:
                self._loop.remove_reader(self._read_end)
                self._resuming = self._loop.call_later(taken, self._loop.add_reader, self._read_end, self._readable)
                return

    def _read(self, size: int) -> bytes:
        try:
            data = os.read(self._read_end, size)
        except BlockingIOError:
            return b""
        if not data:  # nobody holds the other end any more
            self._loop.remove_reader(self._read_end)
        return data

    def _take(self, data: bytes) -> None:
        self._emit(list(self._decoder.feed(data)))
        if self._decoder.unfinished:
            self._restart_timer()

    def _emit(self, records: list[tuple[float | None, bytes]]) -> None:
        if not records:
            return
        upper = time.time()
        times = []
        for stamp, _ in reversed(records):
            upper = upper if stamp is None else min(stamp, upper)
            times.append(upper)
        self._tell(
            [
                Line(self._times.at(at), self._masks.hide(data).decode("utf-8", "replace"))
                for at, (_, data) in zip(reversed(times), records, strict=True)
            ]
        )

    def _restart_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(UNFINISHED, self._flush)

    def _flush(self) -> None:
        self._timer = None
        self._emit(list(self._decoder.flush()))


def _waiting(descriptor: int) -> int:
    """How many bytes wait in a pipe."""
    buffer = bytearray(4)
    with contextlib.suppress(OSError):
        fcntl.ioctl(descriptor, termios.FIONREAD, buffer)
    return int.from_bytes(buffer, sys.byteorder)
