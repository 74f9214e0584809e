"""One request to the fault server, and all that can be done to the connection it came on."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import botocore.loaders

TARGETS = {
    "GraniteServiceVersion20100801": "cloudwatch",
    "Logs_20140328": "logs",
    "ResourceGroupsTaggingAPI_20170126": "resourcegroupstaggingapi",
}
"""Services by what their targets begin with."""


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
            api, _, name = self.target.partition(".")
            return f"{TARGETS[api]}:{name}"
        if self.body.startswith(b"Action="):
            return f"sts:{self.parameters['Action']}"
        path, _, query = self.path.partition("?")
        for method, named, asking, operation in _paths_of_lambda():
            if method == self.method and named.fullmatch(path.rstrip("/")) and asking in query:
                return f"lambda:{operation}"
        return f"{self.method} {self.path}"


@cache
def _paths_of_lambda() -> list[tuple[str, re.Pattern[str], str, str]]:
    """Method, path and fixed query of each operation of Lambda, as the SDK's own model has them.

    Those with a query first: their paths are also those of others.
    """
    model = botocore.loaders.create_loader().load_service_model("lambda", "service-2")
    found = []
    for name, operation in model["operations"].items():
        uri, _, query = operation["http"]["requestUri"].partition("?")
        path = re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(uri.rstrip("/"))))
        found.append((operation["http"]["method"], path, query, name))
    return sorted(found, key=lambda it: not it[2])


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
"""What is done with one request."""
