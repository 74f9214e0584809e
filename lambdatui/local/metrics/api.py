"""The CloudWatch operations that are answered from our store: GetMetricData and its like, and PutMetricData.

Everything else of CloudWatch (alarms, dashboards) is MiniStack's.
"""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, NamedTuple, TypeAlias

from lambdatui.local.control_plane import Application, Receive, Scope, Send
from lambdatui.local.front import respond
from lambdatui.local.inward import Answer, Headers, body_of
from lambdatui.local.metric_store import MetricStore
from lambdatui.local.metrics import faults, list_metrics, metric_data, metric_statistics, put_metric_data
from lambdatui.local.metrics.pace import Pace
from lambdatui.local.metrics.protocols import CBOR, JSON, QUERY, Wire, inflated
from lambdatui.local.metrics.replies import Reply
from lambdatui.local.metrics.requests import checked
from lambdatui.local.metrics.shapes import OPERATIONS, Operation
from lambdatui.local.pending import Pending
from lambdatui.local.places import Place, place_of

VERSION = b"2010-08-01"
"""The version of the API, which tells its requests in the query protocol from those of SNS, IAM and others."""

_SERVICE = "GraniteServiceVersion20100801"
_TARGET = re.compile(rf"{_SERVICE}\.(\w+)".encode())
_PATH = re.compile(rf"/service/{_SERVICE}/operation/(\w+)")
_SIGNED_FOR = re.compile(rb"Credential=[^/,\s]+/\d+/[a-z0-9-]+/([a-z0-9-]+)/")
_ACTION = re.compile(rb"(?:^|&)(Action|Version)=([^&]*)")
_FORM = b"application/x-www-form-urlencoded"

_Answering: TypeAlias = Callable[[MetricStore, Place, Mapping[str, Any], float, Pace], Awaitable[Reply]]

_ANSWERING: Mapping[str, _Answering] = {
    "GetMetricData": metric_data.answer,
    "GetMetricStatistics": metric_statistics.answer,
    "ListMetrics": list_metrics.answer,
    "PutMetricData": put_metric_data.answer,
}


class _Asked(NamedTuple):
    operation: Operation
    wire: Wire


class MetricsApi:
    """Answers what it knows of CloudWatch from `store`; hands on to `behind` what turns out to be something else."""

    def __init__(
        self,
        behind: Application,
        store: MetricStore,
        *,
        past: Pending | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Before `past` is in the store nobody is told what is: clients ask for the same minute once."""
        self._behind = behind
        self._store = store
        self._past = past
        self._clock = clock

    def answers(self, scope: Scope) -> bool:
        """Whether this HTTP request is for it, or may be: a form says only in its body which operation it wants."""
        headers = dict(scope["headers"])
        if b"x-amz-target" in headers or scope["path"].startswith("/service/"):
            return _named(scope, headers) is not None
        if _signed_for(headers) not in (b"monitoring", None) or scope["path"] != "/":
            return False
        if scope["method"] == "GET":
            return _operation_of(scope.get("query_string", b""), headers) is not None
        return bool(scope["method"] == "POST") and headers.get(b"content-type", b"").startswith(_FORM)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        sent = await body_of(receive)
        if len(sent) < int(headers.get(b"content-length", 0)):
            return  # the client has gone in the middle of it, and half a form is a form too
        asked = _named(scope, headers)
        try:
            body = inflated(sent, scope["headers"])
        except faults.Fault as fault:
            if asked is not None:
                await respond(send, asked.wire.refusal(fault))
                return
            body = b""
        if asked is None:
            body = scope.get("query_string", b"") if scope["method"] == "GET" else body
            operation = _operation_of(body, headers)
            if operation is None:
                await self._behind(scope, _again(sent, receive), send)
                return
            asked = _Asked(operation, QUERY)
        await respond(send, await self._answer(asked, body, scope["headers"]))

    async def _answer(self, asked: _Asked, body: bytes, headers: Headers) -> Answer:
        operation, wire = asked
        pace = Pace()
        try:
            raw = await wire.read(operation, body, pace)
            await pace.rest()
            request = await checked(operation, raw, pace)
            if self._past is not None and operation.name != "PutMetricData":
                await self._past.wait()
            answering = _ANSWERING[operation.name]
            reply = await answering(self._store, place_of(headers), request, self._clock(), pace)
        except faults.Fault as fault:
            return wire.refusal(fault)
        items = []
        for item in reply.items:
            items.append(wire.item(operation.item, item))
            await pace.rest()
        return wire.answer(operation, items, reply.rest)


def _named(scope: Scope, headers: Mapping[bytes, bytes]) -> _Asked | None:
    """The operation that a request's target or path names."""
    if found := _TARGET.fullmatch(headers.get(b"x-amz-target", b"")):
        operation = OPERATIONS.get(found[1].decode())
        return _Asked(operation, JSON) if operation else None
    if in_path := _PATH.fullmatch(scope["path"]):
        operation = OPERATIONS.get(in_path[1])
        return _Asked(operation, CBOR) if operation else None
    return None


def _operation_of(form: bytes, headers: Mapping[bytes, bytes]) -> Operation | None:
    """The operation that a form names, if that is CloudWatch's."""
    named = dict(_ACTION.findall(form))
    if named.get(b"Version") != VERSION and _signed_for(headers) != b"monitoring":
        return None
    return OPERATIONS.get(named.get(b"Action", b"").decode("latin-1"))


def _signed_for(headers: Mapping[bytes, bytes]) -> bytes | None:
    """The service that a request was signed for."""
    found = _SIGNED_FOR.search(headers.get(b"authorization", b""))
    return found[1] if found else None


def _again(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the whole body, and then what comes after it."""
    given = False

    async def again() -> MutableMapping[str, Any]:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
