"""CloudWatch Logs, as far as it is about events: answered from our store. Groups, retention and tags are MiniStack's.

Metric filters are kept by MiniStack and never evaluated. Subscription filters get what is written, where their
destination is a function. Logs Insights is MiniStack's, over our events.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias
from uuid import uuid4

from lambdatui.local.control_plane import Application, Receive, Scope, Send
from lambdatui.local.control_plane import logs as control_plane
from lambdatui.local.front import respond
from lambdatui.local.inward import Answer, ask, body_of
from lambdatui.local.log_store import LogStore
from lambdatui.local.logs import reading, writing
from lambdatui.local.logs.checks import Checks
from lambdatui.local.logs.errors import CONTENT_TYPE, LogsError
from lambdatui.local.logs.filter_pattern import PatternError, compiled
from lambdatui.local.logs.live_tail import LiveTail
from lambdatui.local.logs.requests import Request
from lambdatui.local.places import Place, place_of

_PREFIX = b"Logs_20140328."
_Operation: TypeAlias = Callable[[LogStore, Request], Awaitable[bytes]]

_OURS: Final[Mapping[str, _Operation]] = MappingProxyType(
    {
        "CreateLogStream": writing.create_log_stream,
        "DeleteLogStream": writing.delete_log_stream,
        "PutLogEvents": writing.put_log_events,
        "FilterLogEvents": reading.filter_log_events,
        "GetLogEvents": reading.get_log_events,
        "GetLogRecord": reading.get_log_record,
        "DescribeLogStreams": reading.describe_log_streams,
    }
)
_QUERIES = frozenset({"StartQuery", "GetLogGroupFields"})
_PASSED_ON = frozenset({"DeleteLogGroup", "DescribeLogGroups"})
_TAIL = "StartLiveTail"

DROPPED = b"x-lambdatui-dropped-log-events"
"""The header of answers about a group some of whose events have been dropped: how many, and up to which time."""


class LogsApi:
    """The operations of CloudWatch Logs that are answered here; an Api of the front. `behind` is MiniStack."""

    def __init__(self, behind: Application, store: LogStore, *, clock: Callable[[], float] = time.time) -> None:
        self._behind = behind
        self._store = store
        self._clock = clock
        self._checks = Checks()
        self._tail = LiveTail(store)
        control_plane.divert(store, reading.records(store, clock), _matches)

    def answers(self, scope: Scope) -> bool:
        """Whether this HTTP request is for it."""
        operation = _operation(scope)
        return operation in _OURS or operation in _QUERIES or operation in _PASSED_ON or operation == _TAIL

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        operation, place, request_id = _operation(scope), place_of(scope["headers"]), str(uuid4())
        body = await body_of(receive)
        try:
            if operation == _TAIL:
                await self._tail(self._request(operation, place, body), request_id, receive, send)
                return
            if operation in _PASSED_ON:
                answer = await self._passed_on(operation, place, scope, body)
            else:
                answer = await self._answer(operation, self._request(operation, place, body))
        except LogsError as problem:
            answer = problem.answer()
        headers = [(name, value) for name, value in answer.headers if name.lower() != b"x-amzn-requestid"]
        await respond(send, Answer(answer.status, [*headers, (b"x-amzn-requestid", request_id.encode())], answer.body))

    def _request(self, operation: str, place: Place, body: bytes) -> Request:
        return Request(place, self._checks.request(operation, body), int(self._clock() * 1000))

    async def _answer(self, operation: str, request: Request) -> Answer:
        if operation in _QUERIES:
            status, body = await asyncio.to_thread(control_plane.queried, request.place, operation, request.members)
            return Answer(status, [CONTENT_TYPE], body)
        body = await _OURS[operation](self._store, request)
        return Answer(200, [CONTENT_TYPE, *self._dropped(request)], body)

    def _dropped(self, request: Request) -> list[tuple[bytes, bytes]]:
        name = request.get("logGroupName") or str(request.get("logGroupIdentifier", "")).partition(":log-group:")[2]
        group = control_plane.group(request.place, name)
        dropped = self._store.dropped_from(*group[:3]) if group else None
        return [(DROPPED, b"%d; until=%d" % dropped)] if dropped and dropped.events else []

    async def _passed_on(self, operation: str, place: Place, scope: Scope, body: bytes) -> Answer:
        answer = await ask(self._behind, scope, body)
        headers = [(name, value) for name, value in answer.headers if name.lower() != b"content-length"]
        answer = Answer(answer.status, headers, answer.body)
        if answer.status != 200:
            return answer
        if operation == "DeleteLogGroup":
            self._store.delete_group(place, json.loads(body)["logGroupName"])
            return answer
        described: dict[str, Any] = json.loads(answer.body)
        for group in described["logGroups"]:
            group["storedBytes"] = self._store.stored(place, group["logGroupName"], group["creationTime"])
        return Answer(200, headers, json.dumps(described).encode())


def _operation(scope: Scope) -> str:
    """The operation that an HTTP request names, empty if it is none of CloudWatch Logs."""
    for name, value in scope["headers"]:
        if name == b"x-amz-target" and value.startswith(_PREFIX):
            operation: str = value[len(_PREFIX) :].decode("latin-1")
            return operation
    return ""


def _matches(pattern: str, message: str) -> bool:
    """Whether a message is for a subscription filter; one with an invalid pattern gets nothing."""
    try:
        matcher = compiled(pattern)
    except PatternError:
        return False
    return matcher is None or matcher(message)
