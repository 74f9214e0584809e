"""A client of the endpoint inside its own process: requests without a socket and without an SDK."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote

from lambdatui.local import identity
from lambdatui.local.control_plane import Application
from lambdatui.local.inward import ask, request

_JSON: Final = MappingProxyType({"content-type": "application/json"})


class Refused(Exception):
    """The endpoint answered with an error: operation, status and body."""


class Client:
    """Sends requests in the protocols REST-JSON (Lambda) and JSON (SQS, EventBridge, Logs) to the ASGI application."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """The parsed answer to one request; `body` is sent as JSON. Raises Refused."""
        content = b"" if body is None else json.dumps(body).encode()
        return _parsed(f"{method} {path}", *await self._send(method, path, content, _JSON))

    async def command(self, target: str, body: Any) -> dict[str, Any]:
        """The parsed answer to an operation of a JSON protocol, named as in X-Amz-Target. Raises Refused."""
        return _parsed(target, *await self._command(target, body))

    async def send(self, queue: str, messages: Iterable[Any]) -> None:
        """Send messages, at most ten, to a queue, each as JSON. A queue that is gone is nobody's business."""
        entries = [{"Id": str(number), "MessageBody": json.dumps(body)} for number, body in enumerate(messages)]
        await self._command("AmazonSQS.SendMessageBatch", {"QueueUrl": queue_url(queue), "Entries": entries})

    async def invoke(self, function: str, payload: Any, *, qualifier: str = "", event: bool = False) -> None:
        """Call a function, with `event` asynchronously. What it returns, a throttle included, is nobody's business."""
        path = f"/2015-03-31/functions/{quote(function)}/invocations"
        if qualifier:
            path += f"?Qualifier={quote(qualifier)}"
        kind = {"x-amz-invocation-type": "Event" if event else "RequestResponse"}
        await self._send("POST", path, json.dumps(payload).encode(), {**_JSON, **kind})

    async def _command(self, target: str, body: Any) -> tuple[int, bytes]:
        headers = {"content-type": "application/x-amz-json-1.1", "x-amz-target": target}
        return await self._send("POST", "/", json.dumps(body).encode(), headers)

    async def _send(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        scope = request(method, path, headers)
        answer = await ask(self._application, scope, body)
        return answer.status, answer.body


def queue_url(name: str) -> str:
    """The URL of a queue: SQS's operations take nothing else. Only what comes after the host counts."""
    return f"http://{identity.HOST}/{identity.ACCOUNT_ID}/{name}"


def _parsed(operation: str, status: int, answer: bytes) -> dict[str, Any]:
    if status >= 300:
        raise Refused(f"{operation}: {status} {answer.decode('utf-8', 'replace')}")
    parsed: dict[str, Any] = json.loads(answer) if answer else {}
    return parsed
