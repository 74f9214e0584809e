"""The Lambda Runtime API (2018-06-01) of one execution environment, on a loopback socket of its own.

States, statuses and error bodies are those of AWS's own implementation (aws-lambda-runtime-interface-emulator,
internal/lambda/rapi and core/states.go); the paths are in the Developer Guide, "Using the Lambda runtime API".
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Protocol

from aiohttp import web

from lambdatui.local.execution import RESPONSE_LIMIT, Call, Outlet
from lambdatui.local.sandbox.runtime_events import Answer, InitError
from lambdatui.local.sandbox.runtime_server import RuntimeServer, trailers

STREAM_LIMIT = 200 * 1024 * 1024
"""Bytes of a response that the function streams (AWS Lambda quotas)."""

_JSON = {"Content-Type": "application/json"}
_OK = b'{"status":"OK"}'
_BASE = "/2018-06-01/"
_OF_A_CALL = re.compile(r"/2018-06-01/runtime/invocation/([^/]+)/(response|error)")
_TYPE = re.compile(r"(?:Runtime|Function)\.[A-Z][a-zA-Z]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_MODE = "Lambda-Runtime-Function-Response-Mode"
_ERROR_TYPE = "Lambda-Runtime-Function-Error-Type"
_ERROR_BODY = "Lambda-Runtime-Function-Error-Body"


class State(StrEnum):
    """What the runtime is about, in the words of the Runtime API's errors."""

    STARTED = "Started"
    INIT_ERROR = "InitError"
    READY = "Ready"
    RUNNING = "Running"
    ANSWERED = "RuntimeResponseSentState"


class Listener(Protocol):
    """Is told what the runtime does, on the event loop, before the runtime gets its answer."""

    def ready(self) -> None: ...
    def answered(self, answer: Answer) -> None: ...
    def init_failed(self, error: InitError) -> None: ...


class _Refused(Exception):
    def __init__(self, status: int, kind: str, message: str) -> None:
        self.status = status
        self.body = {"errorMessage": message, "errorType": kind}


class RuntimeApi:
    """The Runtime API of one environment. It belongs to one event loop."""

    def __init__(self, told: Listener, tenant: str = "") -> None:
        """`tenant` is the one whose calls these are; empty for nobody's in particular."""
        self._told = told
        self._tenant = tenant
        self._state = State.STARTED
        self._request_id = ""
        self._payload = b""
        self._headers: dict[str, str] = {}
        self._outlet: Outlet | None = None
        self._streamed: int | None = None
        """Bytes of the call's response that went to its outlet; None until one is streamed."""
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._server = RuntimeServer(self._handle)

    @property
    def address(self) -> str:
        """Host and port, for AWS_LAMBDA_RUNTIME_API."""
        return self._server.address

    def give(self, call: Call, deadline: float) -> None:
        """Hand a call to the runtime, which is ready. `deadline` is in seconds since the epoch."""
        self._request_id, self._payload = call.request_id, call.payload
        self._outlet, self._streamed = call.outlet, None
        self._state = State.RUNNING
        headers = {
            "Content-Type": "application/json",
            "Lambda-Runtime-Aws-Request-Id": call.request_id,
            "Lambda-Runtime-Deadline-Ms": str(int(deadline * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": call.arn,
            "Lambda-Runtime-Trace-Id": call.trace,
            "Lambda-Runtime-Client-Context": call.client_context,
            "Lambda-Runtime-Cognito-Identity": call.cognito_identity,
            "Lambda-Runtime-Aws-Tenant-Id": self._tenant,
        }
        self._headers = {name: _one_line(value) for name, value in headers.items() if value}
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return

    async def close(self) -> None:
        """Close the socket and every connection."""
        await self._server.close()

    async def _handle(self, request: web.BaseRequest) -> web.Response:
        try:
            if request.path == _BASE + "runtime/invocation/next" and request.method == "GET":
                return await self._next()
            if request.method == "POST" and (found := _OF_A_CALL.fullmatch(request.path)):
                await self._answer(request, found[1], failed=found[2] == "error")
                return web.Response(status=202, body=_OK, headers=_JSON)
            if request.path == _BASE + "runtime/init/error" and request.method == "POST":
                await self._init_error(request)
                return web.Response(status=202, body=_OK, headers=_JSON)
            if request.path == _BASE + "ping" and request.method == "GET":
                return web.Response(text="pong")
        except _Refused as refused:
            return _json(refused.status, refused.body)
        return web.Response(status=404, text="404 page not found\n")

    async def _next(self) -> web.Response:
        if self._state is State.INIT_ERROR:
            raise self._not_from_here("Ready")
        if self._state is State.RUNNING and self._streamed is not None:  # its response broke off, and it goes on
            self._answered(_error("Runtime.TruncatedResponse", b'{"errorType":"Runtime.TruncatedResponse"}'))
        if self._state in (State.STARTED, State.ANSWERED):
            self._state = State.READY
            self._told.ready()
        if self._state is State.READY:
            waiter = asyncio.get_running_loop().create_future()
            self._waiting.append(waiter)
            try:
                await waiter
            finally:
                if waiter in self._waiting:
                    self._waiting.remove(waiter)
        # Asked again in the middle of a call, it gives the same call.
        return web.Response(body=self._payload, headers=self._headers)

    async def _answer(self, request: web.BaseRequest, request_id: str, *, failed: bool) -> None:
        if not self._request_id or request_id != self._request_id:
            raise _Refused(400, "InvalidRequestID", "Invalid request ID")
        after = "InvocationErrorResponse" if failed else "InvocationResponse"
        if self._state is not State.RUNNING:
            raise self._not_from_here(after)
        mode = request.headers.get(_MODE, "")
        if mode not in ("", "streaming") and not failed:
            self._answered(_error("Runtime.InvalidResponseModeHeader", b""))
            raise _Refused(400, "InvalidFunctionResponseMode", "Invalid function response mode")
        if self._streamed is not None and not failed:
            raise self._not_from_here(after)
        outlet = self._outlet if mode and not failed else None
        limit = STREAM_LIMIT if outlet else RESPONSE_LIMIT
        body = await (self._pass_on(request, outlet) if outlet else _body(request, limit))
        if self._state is not State.RUNNING:  # somebody answered meanwhile
            raise self._not_from_here(after)
        if body is None:
            sentence = f"Response payload size exceeded maximum allowed payload size ({limit} bytes)."
            kind = "Function.ResponseSizeTooLarge"
            payload = json.dumps({"errorType": kind, "errorMessage": sentence}, separators=(",", ":"))
            self._answered(_error(kind, payload.encode()))
            raise _Refused(413, "RequestEntityTooLarge", f"Exceeded maximum allowed payload size ({limit} bytes).")
        content_type = request.headers.get("Content-Type", "application/json")
        if mode and (error := _midway(trailers(request))) is not None:
            self._answered(error)
        elif failed:
            kind = _kind_of(body) or request.headers.get(_ERROR_TYPE, "")
            self._answered(Answer(body, failed=True, error_type=kind, content_type=content_type))
        else:
            self._answered(Answer(body, content_type=content_type))

    async def _pass_on(self, request: web.BaseRequest, outlet: Outlet) -> bytes | None:
        """Hand a streamed response on as it comes; what is left of it is nothing, or None if it is too large."""
        _welcome(request)
        size = 0
        async for chunk in request.content.iter_any():
            size += len(chunk)
            if self._state is State.RUNNING and size <= STREAM_LIMIT:
                self._streamed = size
                await outlet.put(chunk)
        return b"" if size <= STREAM_LIMIT else None

    def _answered(self, answer: Answer) -> None:
        self._state = State.ANSWERED
        self._payload = b""  # it may be long, and nobody asks for it again
        self._outlet = None
        answer = replace(answer, streamed=self._streamed or 0)
        self._told.answered(answer)

    async def _init_error(self, request: web.BaseRequest) -> None:
        body = await _body(request, RESPONSE_LIMIT) or b""
        if self._state is not State.STARTED:
            raise self._not_from_here("InitError")
        self._state = State.INIT_ERROR
        self._told.init_failed(InitError(body, _platforms(request.headers.get(_ERROR_TYPE, ""))))

    def _not_from_here(self, to: str) -> _Refused:
        sentence = f"State transition from {self._state} to {to} failed for runtime. "
        return _Refused(403, "InvalidStateTransition", sentence + "Error: State transition is not allowed")


def _error(kind: str, body: bytes) -> Answer:
    return Answer(body, failed=True, error_type=kind)


def _midway(trailers: Mapping[str, str]) -> Answer | None:
    """The error that a function met while it streamed its response. It stands for what was streamed before."""
    kind = trailers.get(_ERROR_TYPE.lower())
    if kind is None:
        return None
    try:
        body = base64.b64decode(trailers.get(_ERROR_BODY.lower(), ""))
    except ValueError:
        body = b""
    return _error(_kind_of(body) or kind, body)


async def _body(request: web.BaseRequest, limit: int) -> bytes | None:
    """The body of a request; None if it is larger than the limit: it is read to its end, or the client would not see
    the answer."""
    _welcome(request)
    chunks, size = [], 0
    async for chunk in request.content.iter_any():
        size += len(chunk)
        if size <= limit:
            chunks.append(chunk)
        else:
            chunks.clear()
    return b"".join(chunks) if size <= limit else None


def _welcome(request: web.BaseRequest) -> None:
    if request.headers.get("Expect", "").lower() == "100-continue" and request.transport is not None:
        request.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")  # curl waits a second for it


def _one_line(value: str) -> str:
    """A text as a header's value: a client context may well have newlines between its members."""
    if value.isascii() and value.isprintable():
        return value
    return _CONTROL.sub(" ", value.encode("utf-8", "replace").decode())


def _json(status: int, content: Mapping[str, str]) -> web.Response:
    body = json.dumps(content, separators=(",", ":")).encode()
    return web.Response(status=status, body=body, headers=_JSON)


def _kind_of(body: bytes) -> str:
    """The errorType that an error's body names, or nothing."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    kind = content.get("errorType", "") if isinstance(content, dict) else ""
    return kind if isinstance(kind, str) else ""


def _platforms(kind: str) -> str:
    if _TYPE.search(kind):
        return kind
    return "Function.Unknown" if kind.startswith("Function.") else "Runtime.Unknown"
