"""An AWS made of raw sockets that gives exactly the answers and the faults that a test asks for, and journals it all.

```
async with FaultServer() as server:
    server.plan("lambda:ListFunctions", status(503), status(503), functions("a"))   # in this order; the last one stays
    ...
    assert server.operations == ["lambda:ListFunctions"] * 3
```

A reply is a coroutine function of one `Exchange`. To add a fault, write one more: everything that can be done to a
connection (bytes, pauses, half-closes, resets) is a method there. Nothing here waits on a clock.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from base64 import b64encode
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

REQUEST_ID = "11111111-2222-3333-4444-555555555555"
ACCOUNT = "123456789012"


@dataclass(frozen=True)
class Seen:
    """One request as it arrived. Header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def target(self) -> str:
        """X-Amz-Target, or empty."""
        return self.headers.get("x-amz-target", "")

    @property
    def parameters(self) -> dict[str, Any]:
        """The members that the caller sent, from the query string or a JSON or form body."""
        if self.target:
            return dict(json.loads(self.body))
        form = self.body.decode() if self.body.startswith(b"Action=") else urlsplit(self.path).query
        return {name: values[0] for name, values in parse_qs(form).items()}

    @property
    def operation(self) -> str:
        """Service and API name of the operation ("lambda:Invoke"), or method and path of what no test knows."""
        if self.target:
            return f"logs:{self.target.partition('.')[2]}"
        if self.body.startswith(b"Action="):
            return f"sts:{self.parameters['Action']}"
        parts = [unquote(part) for part in urlsplit(self.path).path.strip("/").split("/")]
        match self.method, parts[1:]:
            case "GET", ["functions"]:
                return "lambda:ListFunctions"
            case "GET", ["functions", _]:
                return "lambda:GetFunction"
            case "POST", ["functions", _, "invocations"]:
                return "lambda:Invoke"
            case "DELETE", ["functions", _]:
                return "lambda:DeleteFunction"
        return f"{self.method} {self.path}"


class Exchange:
    """One request and the connection it came on."""

    def __init__(self, seen: Seen, writer: asyncio.StreamWriter, closing: asyncio.Event) -> None:
        self.seen = seen
        self.writer = writer
        self._closing = closing

    @property
    def socket(self) -> socket.socket:
        return self.writer.get_extra_info("socket")  # type: ignore[no-any-return]

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def head(self, code: int, headers: Mapping[str, str]) -> None:
        lines = [f"HTTP/1.1 {code} Whatever", *(f"{name}: {value}" for name, value in headers.items())]
        await self.send("\r\n".join([*lines, "", ""]).encode())

    async def answer(self, code: int, body: bytes, headers: Mapping[str, str]) -> None:
        await self.head(code, {"Content-Length": str(len(body)), **headers})
        await self.send(body)

    def reset(self) -> None:
        """End the connection with RST."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    def close(self) -> None:
        """End the connection with FIN, in both directions."""
        self.writer.close()

    def half_close(self) -> None:
        """Send FIN, go on reading."""
        self.writer.write_eof()

    async def hang(self) -> None:
        """Say nothing more until the server is closed or the other side has gone."""
        await self._closing.wait()


Reply = Callable[[Exchange], Awaitable[None]]


def status(
    code: int,
    body: bytes | str = b"",
    *,
    content_type: str = "application/json",
    request_id: str = REQUEST_ID,
    **headers: str,
) -> Reply:
    """Any whole HTTP answer. Names of `headers` are written with underscores."""
    content = body.encode() if isinstance(body, str) else body
    all_headers = {"Content-Type": content_type, **{name.replace("_", "-"): text for name, text in headers.items()}}
    if request_id:
        all_headers["x-amzn-RequestId"] = request_id

    async def reply(exchange: Exchange) -> None:
        await exchange.answer(code, content, all_headers)

    return reply


def answer(value: Any, **headers: str) -> Reply:
    """200 with a JSON value."""
    return status(200, json.dumps(value), **headers)


def aws_error(code: int, name: str, message: str = "because", *, request_id: str = REQUEST_ID) -> Reply:
    """An error as AWS words it, in the protocol of whoever asks."""

    async def reply(exchange: Exchange) -> None:
        if exchange.seen.operation.startswith("sts:"):
            xml = f"<ErrorResponse><Error><Code>{name}</Code><Message>{message}</Message></Error></ErrorResponse>"
            await status(code, xml, content_type="text/xml", request_id=request_id)(exchange)
            return
        body = json.dumps({"__type": name, "message": message})
        await status(code, body, request_id=request_id, x_amzn_ErrorType=name)(exchange)

    return reply


def functions(*names: str, marker: str | None = None) -> Reply:
    """A page of ListFunctions."""
    entries = [
        {"FunctionName": name, "FunctionArn": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:{name}"} for name in names
    ]
    return answer({"Functions": entries, "NextMarker": marker})


def invoked(payload: bytes = b'{"ok": true}', *, log: str = "START\nEND\n", code: int = 200, **headers: str) -> Reply:
    """An answer of Invoke. `X_Amz_Function_Error="Unhandled"` makes it a function error."""
    return status(
        code, payload, X_Amz_Executed_Version="$LATEST", X_Amz_Log_Result=b64encode(log.encode()).decode(), **headers
    )


def caller(account: str = ACCOUNT) -> Reply:
    """An answer of GetCallerIdentity."""
    return status(
        200,
        "<GetCallerIdentityResponse><GetCallerIdentityResult>"
        f"<Arn>arn:aws:iam::{account}:user/me</Arn><UserId>AIDA</UserId><Account>{account}</Account>"
        f"</GetCallerIdentityResult><ResponseMetadata><RequestId>{REQUEST_ID}</RequestId></ResponseMetadata>"
        "</GetCallerIdentityResponse>",
        content_type="text/xml",
    )


LOGIN_PAGE = "<!DOCTYPE html>\n<html><head><title>Welcome</title></head><body>Please log in<br></body></html>"

login_page = status(200, LOGIN_PAGE, content_type="text/html; charset=utf-8", request_id="")
"""What a captive portal answers to everything."""


async def reset(exchange: Exchange) -> None:
    """RST in place of an answer."""
    exchange.reset()


async def close(exchange: Exchange) -> None:
    """FIN in place of an answer."""
    exchange.close()


async def hang(exchange: Exchange) -> None:
    """No answer, and the connection stays."""
    await exchange.hang()


async def hang_in_body(exchange: Exchange) -> None:
    """A head and the first bytes of a body, then nothing, and the connection stays."""
    await exchange.head(200, {"Content-Type": "application/json", "Content-Length": "1000"})
    await exchange.send(b'{"ok"')
    await exchange.hang()


async def short_body(exchange: Exchange) -> None:
    """Half of the body that was announced, then FIN."""
    await exchange.head(200, {"Content-Type": "application/json", "Content-Length": "1000"})
    await exchange.send(b'{"ok"')
    exchange.close()


async def half_closed_body(exchange: Exchange) -> None:
    """Half of the body that was announced, then FIN in that one direction."""
    await exchange.head(200, {"Content-Type": "application/json", "Content-Length": "1000"})
    await exchange.send(b'{"ok"')
    exchange.half_close()
    await exchange.hang()


async def reset_in_body(exchange: Exchange) -> None:
    """Half of the body that was announced, then RST."""
    await exchange.head(200, {"Content-Type": "application/json", "Content-Length": "1000"})
    await exchange.send(b'{"ok"')
    exchange.reset()


async def bad_chunk(exchange: Exchange) -> None:
    """A chunked body with a chunk that is none."""
    await exchange.head(200, {"Content-Type": "application/json", "Transfer-Encoding": "chunked"})
    await exchange.send(b'5\r\n{"ok"\r\nnot-a-size\r\n')
    exchange.close()


async def not_http(exchange: Exchange) -> None:
    """Bytes that are no HTTP."""
    await exchange.send(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
    exchange.close()


def bytewise(reply: Reply) -> Reply:
    """The same answer, one byte a packet."""

    async def slow(exchange: Exchange) -> None:
        exchange.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        whole = exchange.send

        async def trickle(data: bytes) -> None:
            for byte in data:
                await whole(bytes([byte]))
                await asyncio.sleep(0)

        exchange.send = trickle  # type: ignore[method-assign]
        await reply(exchange)

    return slow


DEFAULTS: Mapping[str, Reply] = {
    "lambda:ListFunctions": functions(),
    "lambda:Invoke": invoked(),
    "logs:FilterLogEvents": answer({"events": [], "searchedLogStreams": []}),
    "sts:GetCallerIdentity": caller(),
}


@dataclass
class FaultServer:
    """The server. Unplanned operations get `DEFAULTS`, unknown ones 404."""

    journal: list[Seen] = field(default_factory=list)
    connections: int = 0
    """Ever accepted."""
    port: int = 0

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
            with suppress(ConnectionError, asyncio.IncompleteReadError):
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
