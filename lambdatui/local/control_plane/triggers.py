"""The hooks through which MiniStack's triggers run functions: event source mappings, topics, buckets, rules, URLs …

Whatever triggers a function, MiniStack calls `lambda_svc._execute_function` for it, and takes a dict for the answer.
Here that runs the function in the pool, which counts it; what AWS invokes asynchronously goes to the queue instead.
"""

from __future__ import annotations

import contextlib
import functools
import json
import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from types import ModuleType
from typing import Any, TypeAlias
from uuid import uuid4

from lambdatui.local.concurrency import Throttled
from lambdatui.local.control_plane.contract import takes
from lambdatui.local.control_plane.functions import Functions
from lambdatui.local.control_plane.traces import inbound_trace
from lambdatui.local.execution import Call, NotRunnable
from lambdatui.local.invoke.async_invocations import AsyncInvocations, Event, QueueFull
from lambdatui.local.invoke.lineage import step
from lambdatui.local.invoke.service_errors import ServiceError, recursive, tenancy, translated
from lambdatui.local.invoke.targets import LATEST, Reference
from lambdatui.local.places import Place
from lambdatui.local.pool import Finished, Order, Pool
from lambdatui.local.telemetry import LambdaMetrics, Resource

_Record: TypeAlias = Mapping[str, Any]

_QUALIFIER = "lambdatui.qualifier"
"""Where a record that MiniStack looked up keeps the qualifier by which it did: MiniStack forgets aliases."""

_STREAMS = ("aws:kinesis", "aws:dynamodb")

_LATER: ContextVar[bool] = ContextVar("asynchronous", default=False)
"""Whether the caller's service invokes asynchronously in AWS."""


class Triggers:
    """Runs functions for MiniStack. To be made after control_plane.load()."""

    def __init__(self, pool: Pool, functions: Functions, queue: AsyncInvocations, metrics: LambdaMetrics) -> None:
        self._pool = pool
        self._functions = functions
        self._queue = queue
        self._metrics = metrics

    def install(self) -> None:
        """Put the hooks in, for good."""
        from ministack.services import eventbridge, iot, lambda_svc, sns, sqs

        lambda_svc._execute_function = self.execute
        lambda_svc.invoke_async_with_retry = self.execute_later
        lambda_svc._emit_lambda_metrics = _nothing
        lambda_svc._effective_func_record_for_qualifier = _remembering(lambda_svc._effective_func_record_for_qualifier)
        sns._deliver_to_lambda = _asynchronous(sns._deliver_to_lambda)
        sqs._build_send_sys_attrs = _carrying_the_trace(sqs._build_send_sys_attrs)
        eventbridge._dispatch_to_lambda = self._from_a_rule(lambda_svc)
        iot._dispatch_rule_to_lambda = self._from_iot(lambda_svc)

    def execute(self, func: _Record, event: Any) -> dict[str, Any]:
        """Run a function and wait for it: instead of _execute_function. Never on the pool's thread."""
        if _LATER.get() or _from_a_subscription(event):
            self.execute_later(func, event)
            return {"body": None, "log": ""}
        reference, payload = _reference(func), _payload(event)
        try:
            finished = self._run(reference, payload, event)
        except ServiceError as error:
            return _refused(error)
        except (Throttled, NotRunnable) as problem:
            return _refused(translated(problem))
        return _result(finished)

    def execute_later(self, func: _Record, event: Any) -> None:
        """Put an event into a function's queue: instead of invoke_async_with_retry."""
        self._accept(func, _payload(event), _trace(event))

    def _accept(self, func: _Record, payload: bytes, trace: str) -> None:
        with contextlib.suppress(QueueFull):  # it is counted as dropped, and there is nobody to tell
            self._queue.accept(Event(_reference(func), payload, trace))

    def _run(self, reference: Reference, payload: bytes, event: Any) -> Finished:
        target = self._functions.target(reference)
        if self._functions.isolates_tenants(target):
            raise tenancy(wanted=True)
        invocation = step(_trace(event), reference.function_arn)
        if invocation.loops and not self._functions.may_recurse(reference):
            resource = Resource(reference.name, reference.qualifier)
            self._metrics.recursion_stopped(reference.place, resource, time.time())
            raise recursive(reference.function_arn)
        call = Call(_request_id(event), payload, reference.arn, trace=invocation.trace)
        reserved = self._functions.reserved(reference)
        order = Order(self._functions.program(target), call, reserved, weighted=target.weighted)
        arrived = _last_arrival(event)
        if arrived is not None:
            now = time.time()
            self._metrics.iterator_age(reference.place, order.resource, now - arrived, now)
        return self._pool.invoke(order).result()

    def _from_a_rule(self, lambda_svc: ModuleType) -> Callable[[str, str], None]:
        """Instead of eventbridge._dispatch_to_lambda: rules and schedules invoke asynchronously."""

        def dispatch(arn: str, payload: str) -> None:
            func, _, _ = lambda_svc._get_func_record_for_ref(arn)
            if func:
                self._accept(func, _json_of(payload), inbound_trace())

        return dispatch

    def _from_iot(self, lambda_svc: ModuleType) -> Callable[[str, str, str, Any], None]:
        """Instead of iot._dispatch_rule_to_lambda: as well."""

        def dispatch(account_id: str, region: str, function_arn: str, event: Any) -> None:
            find = lambda_svc._get_func_record_for_ref_in_scope
            func, _, _ = find(function_arn, account_id=account_id, region=region)
            if func:
                self.execute_later(func, event)

        return dispatch


def _nothing(*args: Any, **kwargs: Any) -> None:
    """Instead of _emit_lambda_metrics: the pool alone counts."""


def _asynchronous(deliver: Callable[..., None]) -> Callable[..., None]:
    """The same, for a service that invokes asynchronously."""

    @functools.wraps(deliver)
    def delivering(*args: Any, **kwargs: Any) -> None:
        token = _LATER.set(True)
        try:
            deliver(*args, **kwargs)
        finally:
            _LATER.reset(token)

    return delivering


def _carrying_the_trace(build: Callable[[float, Any], dict[str, Any]]) -> Callable[[float, Any], dict[str, Any]]:
    """The same, but a message has the trace header of the request that sent it, if no other was given."""

    @functools.wraps(build)
    def building(now: float, sys_attrs_input: Any) -> dict[str, Any]:
        attributes = build(now, sys_attrs_input)
        if trace := inbound_trace():
            attributes.setdefault("AWSTraceHeader", trace)
        return attributes

    return building


_Looked: TypeAlias = tuple[dict[str, Any] | None, dict[str, Any] | None]


def _remembering(look_up: Callable[[Any, str | None], _Looked]) -> Callable[[Any, str | None], _Looked]:
    """The same, with the qualifier kept in the record that was found."""

    @functools.wraps(look_up)
    def looking_up(func: Any, qualifier: str | None) -> _Looked:
        record, config = look_up(func, qualifier)
        if record is None or not qualifier:
            return record, config
        return {**record, _QUALIFIER: qualifier}, config

    return looking_up


def _reference(func: _Record) -> Reference:
    """Which function a record of MiniStack's is, by the ARN in it, with the qualifier by which it was looked up."""
    config = func.get("config") or func
    _, _, _, region, account, _, name, *qualifier = config["FunctionArn"].split(":")
    version = config.get("Version", LATEST)
    known = func.get(_QUALIFIER) or (qualifier[0] if qualifier else "")
    return Reference(Place(account, region), name, known or ("" if version == LATEST else version))


def _payload(event: Any) -> bytes:
    return json.dumps(event, separators=(",", ":")).encode()


def _json_of(text: str) -> bytes:
    """The text itself if it is JSON; else an object with it, as MiniStack has it."""
    try:
        json.loads(text)
    except (ValueError, TypeError):
        return _payload({"body": text})
    return text.encode("utf-8", "replace")


def _records(event: Any) -> list[Any]:
    records = event.get("Records") if isinstance(event, dict) else None
    return records if isinstance(records, list) else []


def _from_a_subscription(event: Any) -> bool:
    """Whether CloudWatch Logs sends it, for a subscription filter."""
    return isinstance(event, dict) and event.keys() == {"awslogs"}


def _trace(event: Any) -> str:
    """The trace header that came with an event: a queue's message carries it, else the request does."""
    for record in _records(event):
        attributes = record.get("attributes") if isinstance(record, dict) else None
        if isinstance(attributes, dict) and attributes.get("AWSTraceHeader"):
            return str(attributes["AWSTraceHeader"])
    return inbound_trace()


def _request_id(event: Any) -> str:
    """A function URL tells the function its request id before it is invoked; every other trigger leaves it to us."""
    context = event.get("requestContext") if isinstance(event, dict) else None
    if isinstance(context, dict) and ".lambda-url." in str(context.get("domainName")):
        return str(context["requestId"])
    return str(uuid4())


def _last_arrival(event: Any) -> float | None:
    """When the last record of a stream's batch was written, in seconds since the epoch; None for what is no stream."""
    records = _records(event)
    last = records[-1] if records else None
    if not isinstance(last, dict) or last.get("eventSource") not in _STREAMS:
        return None
    stream = last.get("kinesis") or last.get("dynamodb") or {}
    arrived = stream.get("approximateArrivalTimestamp", stream.get("ApproximateCreationDateTime"))
    return float(arrived) if isinstance(arrived, int | float) else None


def _result(finished: Finished) -> dict[str, Any]:
    """A result as MiniStack's callers read it."""
    result, log = finished.result, finished.log.decode("utf-8", "replace")
    answer: dict[str, Any] = {"log": log}
    try:
        answer["body"] = json.loads(result.payload)
    except (ValueError, RecursionError):  # a custom runtime may answer with anything
        answer |= {"body": result.payload, "raw_payload": True}
    if result.failed:
        answer |= {"error": True, "function_error": "Unhandled"}
    return answer


def _refused(error: ServiceError) -> dict[str, Any]:
    """An invocation that was not begun, as MiniStack's callers read it."""
    answer: dict[str, Any] = {"error": True, "function_error": "Unhandled", "log": ""}
    if error.status == 429:
        return {**answer, "throttle": True, "body": {"__type": error.code, **error.body, "retryAfterSeconds": "1"}}
    return {**answer, "body": {"errorMessage": str(error), "errorType": error.code}}


def contract() -> dict[str, bool]:
    """Each private name of MiniStack that is used here, and whether it is as expected."""
    from ministack.services import eventbridge, iot, lambda_svc, sns, sqs

    signatures: dict[Any, dict[str, tuple[str, ...]]] = {
        lambda_svc: {
            "_execute_function": ("func", "event"),
            "_execute_function_with_config_scope": ("func", "event"),
            "invoke_async_with_retry": ("func", "event"),
            "_emit_lambda_metrics": ("function_name", "duration_ms", "error", "throttle"),
            "_effective_func_record_for_qualifier": ("func", "qualifier"),
            "_get_func_record_for_ref": ("function_ref",),
            "_get_func_record_for_ref_in_scope": ("function_ref", "account_id", "region"),
        },
        eventbridge: {"_dispatch_to_lambda": ("arn", "payload")},
        sqs: {"_build_send_sys_attrs": ("now", "sys_attrs_input")},
        iot: {"_dispatch_rule_to_lambda": ("account_id", "region", "function_arn", "event")},
        sns: {
            "_deliver_to_lambda": (
                "endpoint",
                "envelope",
                "topic_arn",
                "sub_arn",
                "msg_id",
                "raw_message",
                "message_attributes",
            )
        },
    }
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}": takes(module, name, *parameters)
        for module, names in signatures.items()
        for name, parameters in names.items()
    }
