"""An AWS made of raw sockets that gives exactly the answers and the faults that a test asks for, and journals it all.

```
async with FaultServer() as server:
    server.plan("lambda:ListFunctions", faults.reset, faults.functions("a"))   # in this order; the last one stays
    ...
    assert server.operations == ["lambda:ListFunctions"] * 2
```

Replies are in faults.py. Nothing here waits on a clock.
"""

from __future__ import annotations

import asyncio
import socket
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Self

from tests.aws.exchange import Exchange, Reply, Seen
from tests.aws.faults import DEFAULTS, aws_error

NOTHING = Seen("", "", {}, b"")


@dataclass
class FaultServer:
    """The server. Unplanned operations get `DEFAULTS`, unknown ones 404."""

    journal: list[Seen] = field(default_factory=list)
    connections: int = 0
    """Ever accepted."""
    port: int = 0
    at_accept: Reply | None = None
    """What is done with each new connection in place of reading from it: a fault of TLS, or of what stands before."""

    torn: int | None = None
    """Bytes of a request that are read of each new connection, before that is reset."""

    def __post_init__(self) -> None:
        self._plans: dict[str, list[Reply]] = defaultdict(list)
        self._handlers: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._closing = asyncio.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def operations(self) -> list[str]:
        """What was asked, in order."""
        return [seen.operation for seen in self.journal]

    @property
    def open_connections(self) -> int:
        return len(self._handlers)

    def plan(self, operation: str, *replies: Reply) -> None:
        """Answer `operation` with these, in order; the last one stays."""
        self._plans[operation] = list(replies)

    async def start(self) -> None:
        """Listen, on the same port as before if it was open before."""
        self._closing = asyncio.Event()
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: asyncio.StreamReaderProtocol(_Reader(), self._serve), "127.0.0.1", self.port
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Close every connection and refuse new ones."""
        if self._server is None:
            return
        self._server.close()
        self._closing.set()
        for handler in self._handlers:
            handler.cancel()
        await asyncio.gather(*self._handlers, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None

    async def drop(self) -> None:
        """Close every connection; new ones are taken."""
        handlers = list(self._handlers)
        for handler in handlers:
            handler.cancel()
        await asyncio.gather(*handlers, return_exceptions=True)

    async def all_gone(self) -> None:
        """Wait until no connection is open."""
        while self._handlers:
            await asyncio.wait(self._handlers)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        handler = asyncio.current_task()
        assert handler is not None
        self._handlers.add(handler)
        self.connections += 1
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                if self.at_accept is not None:
                    await self._answer(self.at_accept, Exchange(NOTHING, writer, self._closing), reader)
                    return
                if self.torn is not None:
                    await reader.readexactly(self.torn)
                    Exchange(NOTHING, writer, self._closing).reset()
                    return
                async for seen in _requests(reader):
                    self.journal.append(seen)
                    await self._one(Exchange(seen, writer, self._closing), reader)
        except asyncio.CancelledError:
            pass  # by stop(); a cancelled handler would be told of on stderr
        finally:
            self._handlers.discard(handler)
            writer.close()

    async def _one(self, exchange: Exchange, reader: asyncio.StreamReader) -> None:
        """Reply, unless the other side goes away first."""
        replies = self._plans[exchange.seen.operation]
        reply = replies.pop(0) if len(replies) > 1 else replies[0] if replies else None
        reply = reply or DEFAULTS.get(
            exchange.seen.operation, aws_error(404, "ResourceNotFoundException", "no such plan")
        )
        await self._answer(reply, exchange, reader)

    async def _answer(self, reply: Reply, exchange: Exchange, reader: asyncio.StreamReader) -> None:
        replying = asyncio.ensure_future(reply(exchange))
        assert isinstance(reader, _Reader)
        gone = asyncio.ensure_future(reader.ended.wait())
        try:
            await asyncio.wait({replying, gone}, return_when=asyncio.FIRST_COMPLETED)
            if replying.done():
                await replying
        finally:
            replying.cancel()
            gone.cancel()
            await asyncio.gather(replying, gone, return_exceptions=True)


class _Reader(asyncio.StreamReader):
    """A reader that says when the other side has stopped sending, without reading."""

    def __init__(self) -> None:
        super().__init__()
        self.ended = asyncio.Event()

    def feed_eof(self) -> None:
        super().feed_eof()
        self.ended.set()

    def set_exception(self, exc: object) -> None:
        self.feed_eof()  # what came before the reset is a request all the same


async def _requests(reader: asyncio.StreamReader) -> AsyncIterator[Seen]:
    """The requests of one connection, until it ends."""
    while True:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
        if first.count(" ") != 2:
            return  # no HTTP: the beginning of TLS, say
        method, path, _ = first.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        yield Seen(method, path, headers, body)


@asynccontextmanager
async def nobody_listening() -> AsyncIterator[str]:
    """The URL of a port of ours on which every connection is refused."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"
