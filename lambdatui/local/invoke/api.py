"""Invoke, InvokeWithResponseStream and InvokeAsync, answered on raw bytes: the payload is checked, never rewritten."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import re
import time
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, replace
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote
from uuid import uuid4

from lambdatui.local import event_stream
from lambdatui.local.concurrency import Throttled
from lambdatui.local.control_plane import Application, Receive, Scope, Send
from lambdatui.local.execution import Call, NotRunnable
from lambdatui.local.front import respond
from lambdatui.local.invoke import response_stream
from lambdatui.local.invoke.async_invocations import AsyncInvocations, Catalogue, Event, QueueFull
from lambdatui.local.invoke.json_check import problem_with
from lambdatui.local.invoke.lineage import step
from lambdatui.local.invoke.response_stream import ResponseStream
from lambdatui.local.invoke.service_errors import (
    ServiceError,
    invalid_content,
    recursive,
    tenancy,
    throttled,
    too_large,
    translated,
)
from lambdatui.local.invoke.targets import Reference, Target, one_of, referred, tenant
from lambdatui.local.inward import Answer
from lambdatui.local.places import place_of
from lambdatui.local.pool import Finished, Order, Pool
from lambdatui.local.telemetry import LambdaMetrics, Resource

REQUEST_LIMIT = 6_291_456
"""Bytes of a synchronous request: 6 MiB."""

EVENT_LIMIT = 1_048_576
"""Bytes of an asynchronous one: 1 MiB (256 KiB before October 2025)."""

CONTEXT_LIMIT = 3583
"""Bytes of the client context, in base64."""

DRAINED = 64 * 1024 * 1024
"""Bytes of a request that is too large that are read all the same, so that its sender comes to read the answer."""

CHECKED_ELSEWHERE = 256 * 1024
"""Bytes of a payload from which on its JSON is checked in a thread."""

_PATH = re.compile(
    r"/(?:2015-03-31/functions/(?P<invoke>.+)/invocations"
    r"|2021-11-15/functions/(?P<stream>.+)/response-streaming-invocations"
    r"|2014-11-13/functions/(?P<asynchronous>.+)/invoke-async)/?"
)
_TYPES = ("Event", "RequestResponse", "DryRun")
_STREAM_TYPES = ("RequestResponse", "DryRun")
_LOG_TYPES = ("None", "Tail")

_NO_PAYLOAD = b"{}"
"""A request without a payload comes to the function as an empty object."""


class Functions(Catalogue, Protocol):
    """What is asked about functions (control_plane.functions)."""

    def require_active(self, target: Target) -> None: ...
    def durable(self, target: Target) -> bool: ...
    def isolates_tenants(self, target: Target) -> bool: ...


@dataclass(frozen=True)
class _Request:
    """What a client wants."""

    operation: str
    reference: Reference
    kind: str
    tail: bool
    client_context: str
    trace: str
    tenant: str
    request_id: str


class InvokeApi:
    """The invoke operations. `behind` is MiniStack, which answers for functions with durable executions."""

    def __init__(
        self,
        behind: Application,
        pool: Pool,
        functions: Functions,
        queue: AsyncInvocations,
        metrics: LambdaMetrics,
    ) -> None:
        self._behind = behind
        self._pool = pool
        self._functions = functions
        self._queue = queue
        self._metrics = metrics

    def answers(self, scope: Scope) -> bool:
        """Whether this HTTP request is one of them."""
        return scope["method"] == "POST" and _PATH.fullmatch(scope["path"]) is not None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id = str(uuid4())
        try:
            request = _request(scope, request_id)
            target = self._functions.target(request.reference)
            if self._functions.durable(target) and request.operation != "asynchronous":
                await self._behind(scope, receive, send)
                return
            body = await _body(receive, scope, request.kind)
            if body is None:
                return
            self._functions.require_active(target)
            if (wanted := self._functions.isolates_tenants(target)) != bool(request.tenant):
                raise tenancy(wanted=wanted)
            await _check(body)
            if request.operation == "stream" and request.kind != "DryRun":
                await self._stream(self._begun(request, target, body), request, send)
                return
            answer = await self._answer(request, target, body)
        except ServiceError as error:
            answer = error.answer()
        await respond(send, Answer(answer.status, [_id(request_id), *answer.headers], answer.body))

    async def _answer(self, request: _Request, target: Target, body: bytes) -> Answer:
        if request.kind == "DryRun":
            return Answer(204, [(b"x-amz-executed-version", target.version.encode())], b"")
        if request.kind == "Event":
            return self._accept(request, body or _NO_PAYLOAD)
        order = self._begun(request, target, body)
        try:
            finished = await asyncio.wrap_future(self._pool.invoke(order))
        except (Throttled, NotRunnable) as problem:
            raise translated(problem) from problem
        return _whole(request, finished, _of_a_run(order))

    async def _stream(self, order: Order, request: _Request, send: Send) -> None:
        """Run a function, and send what it writes when it does. Raises ServiceError before anything is sent."""
        response = ResponseStream()
        over = asyncio.wrap_future(self._pool.invoke(replace(order, call=replace(order.call, outlet=response))))
        headers = [
            _id(request.request_id), (b"content-type", event_stream.CONTENT_TYPE.encode()), *_of_a_run(order),
        ]  # fmt: skip
        start = {"type": "http.response.start", "status": 200, "headers": headers}
        began = False
        try:
            async for part in response.until(over):
                if not began:
                    began = True
                    await send(start)
                await send({"type": "http.response.body", "body": response_stream.chunk(part), "more_body": True})
            finished = over.result()
        except (Throttled, NotRunnable) as problem:
            raise translated(problem) from problem
        finally:
            response.abandon()
        if not began:
            await send(start)
        await send({"type": "http.response.body", "body": response_stream.end(finished, tail=request.tail)})

    def _begun(self, request: _Request, target: Target, body: bytes) -> Order:
        """What the pool is asked for. Raises ServiceError."""
        invocation = step(request.trace, request.reference.function_arn)
        if invocation.loops and not self._functions.may_recurse(request.reference):
            resource = Resource(request.reference.name, request.reference.qualifier)
            self._metrics.recursion_stopped(request.reference.place, resource, time.time())
            raise recursive(request.reference.function_arn)
        payload = body or _NO_PAYLOAD
        call = Call(request.request_id, payload, request.reference.arn, request.client_context, trace=invocation.trace)
        reserved = self._functions.reserved(request.reference)
        program = replace(self._functions.program(target), tenant=request.tenant)
        return Order(program, call, reserved, weighted=target.weighted)

    def _accept(self, request: _Request, payload: bytes) -> Answer:
        try:
            self._queue.accept(
                Event(request.reference, payload, request.trace, request.request_id, tenant=request.tenant)
            )
        except QueueFull as full:
            raise throttled("CallerRateLimitExceeded") from full
        return Answer(202, [(b"x-amzn-remapped-content-length", b"0")], b"")


def _whole(request: _Request, finished: Finished, headers: list[tuple[bytes, bytes]]) -> Answer:
    result = finished.result
    headers = [
        (b"content-type", (result.content_type or "application/json").encode("latin-1", "replace")),
        (b"x-amzn-remapped-content-length", b"0"),
        *headers,
    ]
    if result.failed:
        headers.append((b"x-amz-function-error", b"Unhandled"))
    if request.tail:
        headers.append((b"x-amz-log-result", base64.b64encode(finished.log)))
    return Answer(200, headers, result.payload)


def _id(request_id: str) -> tuple[bytes, bytes]:
    return b"x-amzn-requestid", request_id.encode()


def _of_a_run(order: Order) -> list[tuple[bytes, bytes]]:
    """The headers that tell what ran."""
    return [
        (b"x-amz-executed-version", order.program.version.encode()),
        (b"x-amzn-trace-id", order.call.trace.encode()),
    ]


def _request(scope: Scope, request_id: str) -> _Request:
    """Raises ServiceError for what is malformed."""
    found = _PATH.fullmatch(scope["path"])
    operation, name = next((key, value) for key, value in (found.groupdict() if found else {}).items() if value)
    headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}
    query = parse_qs(scope["query_string"].decode("latin-1"))
    # Requests from inside the process may still be quoted: a name has no % of its own.
    reference = referred(unquote(name), query.get("Qualifier", [""])[0], place_of(scope["headers"]))
    kind = _one_of(
        headers, "x-amz-invocation-type", "invocationType", _STREAM_TYPES if operation == "stream" else _TYPES
    )
    log_type = _one_of(headers, "x-amz-log-type", "logType", _LOG_TYPES)
    return _Request(
        operation=operation,
        reference=reference,
        kind="Event" if operation == "asynchronous" else kind or "RequestResponse",
        tail=log_type == "Tail",
        client_context=_client_context(headers.get("x-amz-client-context", "")),
        trace=headers.get("x-amzn-trace-id", ""),
        tenant=tenant(headers.get("x-amz-tenant-id", "")),
        request_id=request_id,
    )


def _one_of(headers: Mapping[str, str], header: str, member: str, allowed: tuple[str, ...]) -> str:
    value = headers.get(header, "")
    if value and value not in allowed:
        raise one_of(value, member, allowed)
    return value


def _client_context(encoded: str) -> str:
    """The JSON text of the client context; empty for none."""
    if not encoded:
        return ""
    problem = invalid_content("Client context must be a valid Base64-encoded JSON object.", kind=None)
    if len(encoded) > CONTEXT_LIMIT:
        raise problem
    try:
        decoded = base64.b64decode(encoded, validate=True).decode()
        if isinstance(json.loads(decoded), dict):
            return decoded
    except (binascii.Error, ValueError, RecursionError) as cause:
        raise problem from cause
    raise problem


async def _body(receive: Receive, scope: Scope, kind: str) -> bytes | None:
    """The request's body; None if its sender has gone. Raises ServiceError if it is too large."""
    limit = EVENT_LIMIT if kind == "Event" else REQUEST_LIMIT
    chunks: list[bytes] = []
    size, more = 0, True
    while more and size <= DRAINED:
        message: MutableMapping[str, Any] = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunk = message.get("body", b"")
        size += len(chunk)
        if size <= limit:
            chunks.append(chunk)
        else:
            chunks.clear()
        more = message.get("more_body", False)
    if size > limit:
        raise too_large(size, kind, limit)
    return b"".join(chunks)


async def _check(body: bytes) -> None:
    """Raises ServiceError for a payload that is no JSON."""
    if not body:
        return
    problem = problem_with(body) if len(body) < CHECKED_ELSEWHERE else await asyncio.to_thread(problem_with, body)
    if problem:
        raise invalid_content(f"Could not parse request body into json: Could not parse payload into json: {problem}")
