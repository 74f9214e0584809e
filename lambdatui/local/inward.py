"""Requests to an ASGI application from inside its own process, without a socket."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

from lambdatui.local.control_plane import Application, Receive, Scope

Headers = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Answer:
    """A whole response."""

    status: int
    headers: Headers
    body: bytes


async def ask(application: Application, scope: Scope, body: bytes) -> Answer:
    """The answer of `application` to an HTTP request with this scope and body.

    A Content-Length in the scope is put right. Not for answers that stream without an end.
    """
    headers = [(name, value) for name, value in scope["headers"] if name != b"content-length"]
    headers.append((b"content-length", str(len(body)).encode()))
    start: MutableMapping[str, Any] = {}
    chunks: list[bytes] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            chunks.append(message.get("body", b""))

    await application({**scope, "headers": headers}, receive, send)
    return Answer(start["status"], start["headers"], b"".join(chunks))


async def body_of(receive: Receive) -> bytes:
    """The whole body of the request under way; what there is of it if the client has gone."""
    chunks = []
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(chunks)
