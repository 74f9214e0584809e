"""The HTTP server under a Runtime API: a loopback socket for one environment, and for this user's processes only."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from aiohttp import web

from lambdatui.local import identity
from lambdatui.local.peers import is_foreign

HEADER_LIMIT = 2 * 1024 * 1024
"""Bytes of a header: awslambdaric sends up to 1 MB of stack trace in Lambda-Runtime-Function-XRay-Error-Cause."""

TRAILERS_LIMIT = 64 * 1024
"""Bytes of the trailers that are looked at."""

Handler: TypeAlias = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class RuntimeServer:
    """Serves HTTP on a port of its own. It belongs to one event loop."""

    def __init__(self, handler: Handler) -> None:
        self._loop = asyncio.get_running_loop()
        # A connection that is gone takes no call: its handler is cancelled.
        self._web = web.Server(_forgetting(handler), handler_cancellation=True)
        self._listener = socket.create_server((identity.HOST, 0), backlog=16)
        self._listener.setblocking(False)
        self.address = f"{identity.HOST}:{self._listener.getsockname()[1]}"
        """Host and port, as AWS_LAMBDA_RUNTIME_API has them."""
        self._accepting = asyncio.create_task(self._accept(), name="runtime api")

    async def close(self) -> None:
        """Close the socket and every connection."""
        self._accepting.cancel()
        await asyncio.wait({self._accepting})
        self._listener.close()
        for connection in self._web.connections:
            if connection.transport is not None:
                connection.transport.abort()

    async def _accept(self) -> None:
        """Take connections of this user only: every user of the machine can reach the port."""
        server = self._listener.getsockname()
        while True:
            try:
                connection, client = await self._loop.sock_accept(self._listener)
            except OSError:  # it was gone at once, or there are no descriptors left
                await asyncio.sleep(0.1)
                continue
            if is_foreign(client, server):
                connection.close()
            else:
                await self._loop.connect_accepted_socket(self._protocol, connection)

    def _protocol(self) -> asyncio.Protocol:
        return _Protocol(
            self._web,
            loop=self._loop,
            access_log=None,
            auto_decompress=False,
            max_line_size=HEADER_LIMIT,
            max_field_size=HEADER_LIMIT,
            keepalive_timeout=1e6,  # a call may take 15 minutes between its two requests
            lingering_time=0.0,
        )


def _forgetting(handler: Handler) -> Handler:
    """The same, and what a request came in is not kept beyond it: there is a connection for each environment."""

    async def handling(request: web.BaseRequest) -> web.StreamResponse:
        try:
            return await handler(request)
        finally:
            if isinstance(request.protocol, _Protocol):
                request.protocol.forget()

    return handling


class _Protocol(web.RequestHandler):
    """Remembers the end of what came: aiohttp reads the trailers of a request, and drops them."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._pieces: deque[bytes] = deque()
        self._size = 0

    @property
    def end(self) -> bytes:
        """The last bytes that came, at least TRAILERS_LIMIT if there were as many."""
        return b"".join(self._pieces)

    def forget(self) -> None:
        """What came until now is no longer looked at."""
        self._pieces.clear()
        self._size = 0

    def data_received(self, data: bytes) -> None:
        self._pieces.append(data)
        self._size += len(data)
        while self._size - len(self._pieces[0]) >= TRAILERS_LIMIT:
            self._size -= len(self._pieces.popleft())
        super().data_received(data)


def trailers(request: web.BaseRequest) -> dict[str, str]:
    """What stands after the last chunk of a request whose body has been read; names in lower case."""
    end = request.protocol.end if isinstance(request.protocol, _Protocol) else b""
    last = end.rfind(b"\r\n0\r\n")
    if last < 0 or not end.endswith(b"\r\n\r\n"):
        return {}
    lines = end[last + 5 :].decode("latin-1").split("\r\n")
    return {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines) if value}
