"""Events on their way: attempts, age, destinations and dead letters, on a real pool with scripted functions."""

from __future__ import annotations

import asyncio
import json
import threading
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import parse_qs

import pytest

from lambdatui.local.execution import Call, Logging, NotRunnable, Program, Result, Status
from lambdatui.local.fleet import Worker
from lambdatui.local.invoke import async_invocations
from lambdatui.local.invoke.async_invocations import AsyncInvocations, Event, QueueFull
from lambdatui.local.invoke.destinations import Destinations
from lambdatui.local.invoke.lineage import MOST
from lambdatui.local.invoke.service_errors import function_not_found
from lambdatui.local.invoke.targets import LATEST, AsyncSettings, Reference, Target
from lambdatui.local.places import HOME
from lambdatui.local.pool import Pool
from lambdatui.local.telemetry import LambdaMetrics
from tests.local.conftest import Eventually

ORDERS = Reference(HOME, "orders")
QUEUE = "arn:aws:sqs:eu-west-1:123456789012:letters"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:letters"
OK = Result(b'{"total":1.10}', 0.01, 20)
FAILED = Result(b'{"errorMessage":"out of paper","errorType":"ValueError"}', 0.01, 20, Status.ERROR, "ValueError")


class Script:
    """A function whose results are given, one by one; the last again and again. It is also its own environment."""

    usable = True

    def __init__(self) -> None:
        self.results: list[Result] = [OK]
        self.calls: list[Call] = []
        self.may_end = threading.Event()
        self.may_end.set()

    async def start(self) -> None: ...
    async def end(self) -> None: ...

    async def invoke(self, call: Call) -> Result:
        self.calls.append(call)
        await asyncio.to_thread(self.may_end.wait)
        return self.results.pop(0) if len(self.results) > 1 else self.results[0]

    def tail(self) -> bytes:
        return b""


@dataclass
class Known:
    """One function, as the control plane knows it."""

    settings: AsyncSettings = field(default_factory=AsyncSettings)
    concurrency: int | None = None
    allowed: bool = False
    problem: Exception | None = None

    def target(self, reference: Reference) -> Target:
        if self.problem:
            raise self.problem
        return Target(reference, LATEST)

    def program(self, target: Target) -> Program:
        return Program(HOME, "orders", LATEST, "python3.13", "app.handler", Logging("/aws/lambda/orders"))

    def reserved(self, reference: Reference) -> int | None:
        return self.concurrency

    def asynchronous(self, target: Target) -> AsyncSettings:
        return self.settings

    def may_recurse(self, reference: Reference) -> bool:
        return self.allowed


class Points:
    """What was counted of the region as a whole."""

    def __init__(self) -> None:
        self.sums: Counter[str] = Counter()

    def add(self, place: Any, namespace: str, name: str, dimensions: Mapping[str, str], value: float, **_: Any) -> None:
        if not dimensions:
            self.sums[name] += int(value)


class Services:
    """An ASGI application that takes whatever it is sent."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[bytes, bytes], bytes]] = []
        self.status = 200

    async def __call__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
        send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
    ) -> None:
        body = (await receive())["body"]
        self.requests.append((f"{scope['method']} {scope['path']}", dict(scope["headers"]), body))
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})


@dataclass
class Stage:
    queue: AsyncInvocations
    script: Script
    known: Known
    points: Points
    services: Services
    eventually: Eventually

    async def until(self, condition: Callable[[], Any]) -> None:
        await asyncio.to_thread(self.eventually, condition)

    async def over(self) -> Counter[str]:
        """The counts when nothing waits any more."""
        await self.until(lambda: not self.queue.waiting)
        return self.points.sums


@pytest.fixture
async def stage(monkeypatch: pytest.MonkeyPatch, eventually: Eventually) -> AsyncIterator[Stage]:
    monkeypatch.setattr(async_invocations, "BETWEEN_ATTEMPTS", 0.01)
    monkeypatch.setattr(async_invocations, "FIRST_BACKOFF", 0.01)
    script, known, points, services = Script(), Known(), Points(), Services()
    metrics = LambdaMetrics(cast("Any", points))
    pool = Pool(lambda program, kind: Worker(program, script, script), metrics, lambda place: {})
    queue = AsyncInvocations(pool, known, metrics, Destinations(services), most_events=20, most_bytes=100_000)
    yield Stage(queue, script, known, points, services, eventually)
    script.may_end.set()
    await asyncio.to_thread(pool.close)


async def test_an_event_runs_once_when_it_succeeds(stage: Stage) -> None:
    stage.queue.accept(Event(ORDERS, b'{"n":1.10}'))
    counts = await stage.over()
    assert [call.payload for call in stage.script.calls] == [b'{"n":1.10}']
    assert (counts["AsyncEventsReceived"], counts["Invocations"], counts["AsyncEventsDropped"]) == (1, 1, 0)


async def test_a_failing_event_is_tried_three_times_with_the_same_request_id(stage: Stage) -> None:
    stage.script.results = [FAILED]
    stage.queue.accept(Event(ORDERS, b"{}", request_id="the one"))
    counts = await stage.over()
    assert [call.request_id for call in stage.script.calls] == ["the one"] * 3
    assert (counts["Invocations"], counts["Errors"], counts["AsyncEventsDropped"]) == (3, 3, 1)


@pytest.mark.parametrize("retries", [0, 1, 2])
async def test_there_are_as_many_retries_as_the_configuration_has(stage: Stage, retries: int) -> None:
    stage.script.results = [FAILED]
    stage.known.settings = AsyncSettings(retries=retries)
    stage.queue.accept(Event(ORDERS, b"{}"))
    assert (await stage.over())["Invocations"] == retries + 1


async def test_an_event_that_succeeds_in_the_end_is_not_dropped(stage: Stage) -> None:
    stage.script.results = [FAILED, OK]
    stage.known.settings = AsyncSettings(on_success=QUEUE, on_failure=TOPIC)
    stage.queue.accept(Event(ORDERS, b"{}"))
    assert (await stage.over())["AsyncEventsDropped"] == 0
    [(_, headers, body)] = stage.services.requests
    assert headers[b"x-amz-target"] == b"AmazonSQS.SendMessage"
    context = json.loads(json.loads(body)["MessageBody"])["requestContext"]
    assert (context["condition"], context["approximateInvokeCount"]) == ("Success", 2)


async def test_a_throttled_event_waits_until_there_is_room(stage: Stage) -> None:
    stage.known.concurrency = 1
    stage.script.may_end.clear()
    for _ in range(3):
        stage.queue.accept(Event(ORDERS, b"{}"))
    await stage.until(lambda: stage.points.sums["Throttles"] >= 4)
    stage.script.may_end.set()
    counts = await stage.over()
    assert (counts["Invocations"], counts["AsyncEventsDropped"]) == (3, 0)


async def test_an_event_that_is_too_old_is_given_up(stage: Stage) -> None:
    stage.known.settings = AsyncSettings(longest=0, on_failure=TOPIC)
    stage.script.results = [FAILED]
    stage.queue.accept(Event(ORDERS, b"{}"))
    assert (await stage.over())["Invocations"] == 1
    [(_, _, body)] = stage.services.requests
    form = parse_qs(body.decode())
    assert form["TopicArn"] == [TOPIC]
    assert json.loads(form["Message"][0])["requestContext"]["condition"] == "EventAgeExceeded"


async def test_a_function_that_is_switched_off_gives_up_its_events_unrun(stage: Stage) -> None:
    stage.known.concurrency = 0
    stage.known.settings = AsyncSettings(on_failure=QUEUE)
    stage.queue.accept(Event(ORDERS, b"{}"))
    counts = await stage.over()
    assert (counts["Invocations"], counts["Throttles"], counts["AsyncEventsDropped"]) == (0, 0, 1)
    record = json.loads(json.loads(stage.services.requests[0][2])["MessageBody"])
    assert record["requestContext"]["condition"] == "ZeroReservedConcurrency"
    assert "responsePayload" not in record


async def test_the_record_of_a_failure_holds_what_was_sent_and_what_came_back(stage: Stage) -> None:
    stage.script.results = [FAILED]
    stage.known.settings = AsyncSettings(on_failure=QUEUE)
    stage.queue.accept(Event(ORDERS, b'{"n":1.10}', request_id="r"))
    await stage.over()
    [(_, headers, body)] = stage.services.requests
    text = json.loads(body)["MessageBody"]
    record = json.loads(text)
    assert '"requestPayload":{"n":1.10}' in text
    assert record["responsePayload"] == {"errorMessage": "out of paper", "errorType": "ValueError"}
    assert record["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"}
    assert record["requestContext"] == {
        "requestId": "r",
        "functionArn": "arn:aws:lambda:eu-west-1:123456789012:function:orders:$LATEST",
        "condition": "RetriesExhausted",
        "approximateInvokeCount": 3,
    }
    assert record["version"] == "1.0"
    assert record["timestamp"].endswith("Z")
    assert b"Credential=123456789012/" in headers[b"authorization"]


async def test_a_dead_letter_is_the_event_itself_with_what_went_wrong(stage: Stage) -> None:
    stage.script.results = [FAILED]
    stage.known.settings = AsyncSettings(dead_letter=QUEUE)
    stage.queue.accept(Event(ORDERS, b'{"n":1.10}', request_id="r"))
    await stage.over()
    [(_, _, body)] = stage.services.requests
    message = json.loads(body)
    assert message["MessageBody"] == '{"n":1.10}'
    assert message["MessageAttributes"] == {
        "RequestID": {"DataType": "String", "StringValue": "r"},
        "ErrorCode": {"DataType": "Number", "StringValue": "200"},
        "ErrorMessage": {"DataType": "String", "StringValue": "out of paper"},
    }


@pytest.mark.parametrize(
    ("arn", "request_line", "target"),
    [
        ("arn:aws:events:eu-west-1:123456789012:event-bus/shop", "POST /", b"AWSEvents.PutEvents"),
        ("arn:aws:s3:::letters", "PUT /letters/aws/lambda/async/orders/", None),
    ],
)
async def test_records_go_to_buses_and_buckets_too(
    stage: Stage, arn: str, request_line: str, target: bytes | None
) -> None:
    stage.known.settings = AsyncSettings(on_success=arn)
    stage.queue.accept(Event(ORDERS, b"{}"))
    await stage.over()
    [(line, headers, _)] = stage.services.requests
    assert line.startswith(request_line)
    assert headers.get(b"x-amz-target") == target


async def test_what_a_destination_does_not_take_is_counted(stage: Stage) -> None:
    stage.services.status = 400
    stage.script.results = [FAILED]
    stage.known.settings = AsyncSettings(retries=0, on_failure=TOPIC, dead_letter=QUEUE)
    stage.queue.accept(Event(ORDERS, b"{}"))
    counts = await stage.over()
    assert (counts["DestinationDeliveryFailures"], counts["DeadLetterErrors"]) == (1, 1)


@pytest.mark.parametrize("problem", [function_not_found("arn"), NotRunnable("no Java here")])
async def test_an_event_whose_function_is_gone_is_dropped(stage: Stage, problem: Exception) -> None:
    stage.known.problem = problem
    stage.queue.accept(Event(ORDERS, b"{}"))
    assert (await stage.over())["AsyncEventsDropped"] == 1


async def test_a_full_queue_takes_no_event_and_counts_it(stage: Stage) -> None:
    stage.script.may_end.clear()
    with pytest.raises(QueueFull):
        stage.queue.accept(Event(ORDERS, b"1" * 100_001))
    for _ in range(20):
        stage.queue.accept(Event(ORDERS, b"{}"))
    with pytest.raises(QueueFull):
        stage.queue.accept(Event(ORDERS, b"{}"))
    assert (stage.points.sums["AsyncEventsReceived"], stage.points.sums["AsyncEventsDropped"]) == (20, 2)
    stage.script.may_end.set()
    assert (await stage.over())["Invocations"] == 20
    stage.queue.accept(Event(ORDERS, b"1" * 100_000))
    assert (await stage.over())["Invocations"] == 21


async def test_only_some_events_of_a_function_run_at_a_time(stage: Stage) -> None:
    stage.script.may_end.clear()
    for _ in range(20):
        stage.queue.accept(Event(ORDERS, b"{}"))
    await stage.until(lambda: len(stage.script.calls) == async_invocations.AT_ONCE)
    stage.script.may_end.set()
    assert (await stage.over())["Invocations"] == 20
    assert stage.points.sums["Throttles"] == 0


@pytest.mark.parametrize(("allowed", "ran"), [(False, MOST), (True, MOST + 4)])
async def test_a_function_that_feeds_itself_is_stopped_unless_it_may(stage: Stage, allowed: bool, ran: int) -> None:
    stage.known.allowed = allowed
    stage.known.settings = AsyncSettings(on_success=ORDERS.function_arn, on_failure=QUEUE)
    stage.script.results = [OK] * (MOST + 3) + [FAILED]  # the end of what is allowed
    stage.queue.accept(Event(ORDERS, b"{}"))
    await stage.over()
    assert len({call.request_id for call in stage.script.calls}) == ran
    conditions = [
        json.loads(json.loads(body)["MessageBody"])["requestContext"]["condition"]
        for _, _, body in stage.services.requests
    ]
    assert conditions == ["RetriesExhausted" if allowed else "RecursiveInvocation"]
