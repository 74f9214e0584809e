"""Requests to an ASGI application from inside its own process, without a socket."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from lambdatui.local import identity
from lambdatui.local.control_plane import Application, Receive, Scope
from lambdatui.local.places import Place

Headers = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Answer:
    """A whole response."""

    status: int
    headers: Headers
    body: bytes


def request(method: str, path: str, headers: Mapping[str, str], *, signed: tuple[Place, str] | None = None) -> Scope:
    """The scope of an HTTP request from inside this process: path with query, and who signs for which service.

    Nothing checks the signature; its credential says which account and region are meant.
    """
    path, _, query = path.partition("?")
    sent = {"host": identity.HOST, **headers}
    if signed is not None:
        place, service = signed
        credential = f"{place.account}/20260101/{place.region}/{service}/aws4_request"  # 12 digits: an account
        sent["authorization"] = f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=0"
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": quote(path, safe="/%").encode(),
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
        "client": None,  # nobody from outside
        "server": (identity.HOST, 0),
    }


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
