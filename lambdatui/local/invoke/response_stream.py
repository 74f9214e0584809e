"""A response on its way to a client while the function still writes it."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from typing import Any

from lambdatui.local import event_stream
from lambdatui.local.pool import Finished

BEHIND = 16
"""Parts that wait for a slow client before the function has to wait; each has what the Runtime API reads at a time."""


class ResponseStream:
    """The outlet of one call (execution.Outlet). Made and read on the front's event loop, written on the pool's."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._parts: asyncio.Queue[bytes] = asyncio.Queue(BEHIND)
        self._abandoned = False

    async def put(self, part: bytes) -> None:
        """The next part. Waits while the reader is too far behind; without a reader it is dropped."""
        if not self._abandoned:
            await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self._parts.put(part), self._loop))

    async def until(self, over: asyncio.Future[Finished]) -> AsyncIterator[bytes]:
        """The parts as they come, until the invocation is over."""
        while not over.done():
            part = asyncio.ensure_future(self._parts.get())
            waited_for: set[asyncio.Future[Any]] = {part, over}
            try:
                await asyncio.wait(waited_for, return_when=asyncio.FIRST_COMPLETED)
            finally:
                if not part.done():
                    part.cancel()
            if part.done():
                yield part.result()
        while not self._parts.empty():
            yield self._parts.get_nowait()

    def abandon(self) -> None:
        """Nobody reads any more: the function, which goes on, waits for nobody."""
        self._abandoned = True
        while not self._parts.empty():
            self._parts.get_nowait()


def chunk(part: bytes) -> bytes:
    """The message of a part of a response."""
    return event_stream.event("PayloadChunk", part, "application/octet-stream") if part else b""


def end(finished: Finished, *, tail: bool) -> bytes:
    """The last messages: what has not been streamed, and how it ended; `tail`: with the end of its log."""
    result = finished.result
    complete: dict[str, str] = {}
    if result.failed:
        complete |= {"ErrorCode": "Unhandled", "ErrorDetails": result.payload.decode("utf-8", "replace")}
    if tail:
        complete["LogResult"] = base64.b64encode(finished.log).decode()
    rest = b"" if result.failed else chunk(result.payload)
    return rest + event_stream.event("InvokeComplete", json.dumps(complete).encode())
