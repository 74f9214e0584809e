"""A client of the endpoint inside its own process: requests without a socket and without an SDK."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from lambdatui.local import identity
from lambdatui.local.control_plane import Application
from lambdatui.local.inward import ask


class Refused(Exception):
    """The endpoint answered with an error: operation, status and body."""


class Client:
    """Sends Lambda's REST-JSON requests (API version 2015-03-31 and later) straight to the ASGI application."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """The parsed answer to one request; `body` is sent as JSON. Raises Refused."""
        status, answer = await self._send(method, path, b"" if body is None else json.dumps(body).encode(), ())
        if status >= 300:
            raise Refused(f"{method} {path}: {status} {answer.decode('utf-8', 'replace')}")
        parsed: dict[str, Any] = json.loads(answer) if answer else {}
        return parsed

    async def invoke(self, function: str, payload: Any, *, qualifier: str = "", event: bool = False) -> None:
        """Call a function, with `event` asynchronously. What it returns, a throttle included, is nobody's business."""
        path = f"/2015-03-31/functions/{quote(function)}/invocations"
        if qualifier:
            path += f"?Qualifier={quote(qualifier)}"
        kind = (b"x-amz-invocation-type", b"Event" if event else b"RequestResponse")
        await self._send("POST", path, json.dumps(payload).encode(), (kind,))

    async def _send(
        self, method: str, path: str, body: bytes, headers: tuple[tuple[bytes, bytes], ...]
    ) -> tuple[int, bytes]:
        path, _, query = path.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [
                (b"host", identity.HOST.encode()),
                (b"content-type", b"application/json"),
                *headers,
            ],
            "client": None,  # nobody from outside
            "server": (identity.HOST, 0),
        }
        answer = await ask(self._application, scope, body)
        return answer.status, answer.body
