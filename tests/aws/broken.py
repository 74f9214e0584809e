"""More replies: HTTP that is none, bodies that are not what was announced, connections that break before a request."""

from __future__ import annotations

import asyncio
import gzip
import random
from collections.abc import Mapping

from tests.aws.exchange import Exchange, Reply
from tests.aws.faults import status


def raw(data: bytes, *, then: str = "close") -> Reply:
    """Any bytes, and then `close`, `reset`, `half_close` or `hang`."""

    async def reply(exchange: Exchange) -> None:
        await exchange.send(data)
        if then == "hang":
            await exchange.hang()
        else:
            getattr(exchange, then)()
            await exchange.hang() if then == "half_close" else await asyncio.sleep(0)

    return reply


def headed(head: str, body: bytes = b"{}", *, then: str = "close") -> Reply:
    """A status line and headers as they are written here (lines end with a newline), and a body."""
    lines = "".join(f"{line}\r\n" for line in head.splitlines())
    return raw(f"{lines}\r\n".encode("latin-1") + body, then=then)


def cut(length: int, announced: int, then: str) -> Reply:
    """`length` bytes of the `announced` ones, as chunks if that is 0, then the end in a way of `raw`."""
    framing = f"Content-Length: {announced}" if announced else "Transfer-Encoding: chunked"
    body = b'{"Functions": [{"FunctionName": "' + b"x" * length
    body = body[:length]
    content = body if announced else b"%x\r\n%b\r\n" % (len(body), body) if body else b""
    return headed(f"HTTP/1.1 200 OK\nContent-Type: application/json\n{framing}", content, then=then)


def continued(times: int, reply: Reply) -> Reply:
    """`100 Continue` some times before the answer."""

    async def reply_after(exchange: Exchange) -> None:
        for _ in range(times):
            await exchange.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        await reply(exchange)

    return reply_after


async def drip(exchange: Exchange) -> None:
    """A body that comes byte by byte and has no end: no silence is ever long."""
    await exchange.head(200, {"Content-Type": "application/json", "Transfer-Encoding": "chunked"})
    while True:
        await exchange.send(b"1\r\n \r\n")
        await asyncio.sleep(0.02)


async def endless(exchange: Exchange) -> None:
    """A body as fast as the line takes it, without end."""
    await exchange.head(200, {"Content-Type": "application/json"})
    while True:
        await exchange.send(b" " * 200_000)


def zipped(body: bytes, *, at: int | None = None) -> Reply:
    """A body in gzip, which was not asked for; broken at a byte."""
    packed = gzip.compress(body, mtime=0)
    if at is not None:
        packed = packed[:at] + b"\xff\xff\xff" + packed[at + 3 :]
    return status(200, packed, Content_Encoding="gzip")


def noise(chance: random.Random, length: int) -> Reply:
    """Bytes that are nothing."""
    return raw(chance.randbytes(length))


STATUS_LINES: Mapping[str, str] = {
    "a status line without a code": "HTTP/1.1",
    "a status line of another protocol": "ICY 200 OK",
    "a status of four digits": "HTTP/1.1 2000 OK",
    "a status that is no number": "HTTP/1.1 OK",
    "a status of nothing": "HTTP/1.1 000 Nothing",
    "HTTP/9": "HTTP/9.9 200 OK\nContent-Length: 2",
    "switching protocols": "HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\nConnection: Upgrade",
    "a negative length": "HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: -2",
    "two lengths": "HTTP/1.1 200 OK\nContent-Length: 2\nContent-Length: 7",
    "a length that is no number": "HTTP/1.1 200 OK\nContent-Length: two",
    "both a length and chunks": "HTTP/1.1 200 OK\nContent-Length: 2\nTransfer-Encoding: chunked",
    "a header without a colon": "HTTP/1.1 200 OK\nnothing here\nContent-Length: 2",
    "a NUL in a header": "HTTP/1.1 200 OK\nx-a: b\0c\nContent-Length: 2",
    "a header that is no UTF-8": "HTTP/1.1 200 OK\nx-amzn-RequestId: \xff\xfe\nContent-Length: 2",
}
"""Heads that no server of AWS sends."""


def huge_headers(count: int, length: int) -> Reply:
    """`count` headers of `length` bytes before an answer."""
    many = "\n".join(f"x-{number}: {'y' * length}" for number in range(count))
    return headed(f"HTTP/1.1 200 OK\n{many}\nContent-Length: 2")


ALERTS: Mapping[str, bytes] = {
    "a TLS alert (handshake failure)": b"\x15\x03\x03\x00\x02\x02\x28",
    "a TLS alert (unrecognised name)": b"\x15\x03\x01\x00\x02\x02\x70",
    "plain HTTP where TLS is expected": b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n",
}
"""What comes in place of the server's half of a TLS handshake."""
