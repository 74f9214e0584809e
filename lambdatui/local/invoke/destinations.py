"""Where the outcome of an asynchronous invocation is sent: SQS, SNS, EventBridge, S3, each through its own API."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import uuid4

from lambdatui.local import identity
from lambdatui.local.control_plane import Application
from lambdatui.local.execution import Result
from lambdatui.local.inward import ask, request
from lambdatui.local.places import Place

ERROR_MESSAGE_LIMIT = 1024
"""Bytes of a dead letter's attribute ErrorMessage."""

_JSON_1_0 = "application/x-amz-json-1.0"
_JSON_1_1 = "application/x-amz-json-1.1"
_FORM = "application/x-www-form-urlencoded"


class Undeliverable(Exception):
    """A destination that did not take what was sent to it: what it answered."""


class Response(NamedTuple):
    """What the last attempt of an invocation came to."""

    status: int
    """200 if the function ran, 429 if it was throttled."""
    version: str = ""
    result: Result | None = None


class Record(NamedTuple):
    """What is told of an asynchronous invocation that is over."""

    request_id: str
    function_arn: str
    """With the version that was to run."""
    condition: str
    """Success, RetriesExhausted, EventAgeExceeded or ZeroReservedConcurrency."""
    attempts: int
    payload: bytes
    response: Response | None
    at: float
    """Seconds since the epoch."""

    def document(self) -> bytes:
        """The JSON that destinations get, version 1.0. Payloads are in it as they were, digit for digit."""
        head = {
            "version": "1.0",
            "timestamp": datetime.fromtimestamp(self.at, UTC).isoformat(timespec="milliseconds")[:-6] + "Z",
            "requestContext": {
                "requestId": self.request_id,
                "functionArn": self.function_arn,
                "condition": self.condition,
                "approximateInvokeCount": self.attempts,
            },
        }
        members = [_opened(head), b'"requestPayload":' + self.payload]
        if self.response:
            context: dict[str, Any] = {"statusCode": self.response.status}
            if self.response.version:
                context["executedVersion"] = self.response.version
            if self.response.result and self.response.result.failed:
                context["functionError"] = "Unhandled"
            members.append(b'"responseContext":' + _json(context))
            if self.response.result:
                members.append(b'"responsePayload":' + _as_json(self.response.result.payload))
        return b",".join(members) + b"}"

    @property
    def failed(self) -> bool:
        """Whether it is for the destination of failures."""
        return self.condition != "Success"

    def dead_letter(self) -> dict[str, tuple[str, str]]:
        """The attributes of the event in a dead-letter queue: name → type and value."""
        status = self.response.status if self.response else 429
        message = _error_message(self.response).encode()[:ERROR_MESSAGE_LIMIT].decode("utf-8", "ignore")
        attributes = {"RequestID": ("String", self.request_id), "ErrorCode": ("Number", str(status))}
        if message:  # no attribute may be empty
            attributes["ErrorMessage"] = ("String", message)
        return attributes


class Destinations:
    """Sends to other services as a client of the endpoint, in the account and region of the function.

    `behind` is MiniStack's application. It belongs to the event loop that runs when this is made; send() may be
    awaited on any.
    """

    def __init__(self, behind: Application) -> None:
        self._behind = behind
        self._loop = asyncio.get_running_loop()

    async def send(self, place: Place, arn: str, body: bytes, attributes: Mapping[str, tuple[str, str]]) -> None:
        """Send a dead letter or a record to a queue or topic. Raises Undeliverable."""
        *_, service, region, account, name = arn.split(":", 5)
        text = body.decode("utf-8", "replace")
        if service == "sqs":
            message = {
                "QueueUrl": f"http://{identity.HOST}/{account}/{name}",
                "MessageBody": text,
                "MessageAttributes": {
                    key: {"DataType": kind, "StringValue": value} for key, (kind, value) in attributes.items()
                },
            }
            await self._ask(place, service, _JSON_1_0, _json(message), target="AmazonSQS.SendMessage")
        elif service == "sns":
            form = {"Action": "Publish", "Version": "2010-03-31", "TopicArn": arn, "Message": text}
            for index, (key, (kind, value)) in enumerate(attributes.items(), 1):
                entry = f"MessageAttributes.entry.{index}"
                form |= {f"{entry}.Name": key, f"{entry}.Value.DataType": kind, f"{entry}.Value.StringValue": value}
            await self._ask(place, service, _FORM, urlencode(form).encode())
        else:
            raise Undeliverable(f"{service} in {region}")

    async def deliver(self, place: Place, arn: str, record: Record) -> None:
        """Send a record to its destination, whatever service it is of but Lambda. Raises Undeliverable."""
        service = arn.split(":")[2] if arn.count(":") >= 5 else ""
        if service == "events":
            await self._put_event(place, arn, record)
        elif service == "s3":
            await self._put_object(place, arn, record)
        elif service in ("sqs", "sns"):
            await self.send(place, arn, record.document(), {})
        else:
            raise Undeliverable(arn)

    async def _put_event(self, place: Place, arn: str, record: Record) -> None:
        entry = {
            "Source": "lambda",
            "DetailType": f"Lambda Function Invocation Result - {'Failure' if record.failed else 'Success'}",
            "Detail": record.document().decode("utf-8", "replace"),
            "Resources": [arn, record.function_arn],
            "EventBusName": arn,
            "Time": int(record.at),
        }
        body = _json({"Entries": [entry]})
        answer = await self._ask(place, "events", _JSON_1_1, body, target="AWSEvents.PutEvents")
        if json.loads(answer).get("FailedEntryCount"):
            raise Undeliverable(answer.decode("utf-8", "replace"))

    async def _put_object(self, place: Place, arn: str, record: Record) -> None:
        name = record.function_arn.split(":")[6]
        at = datetime.fromtimestamp(record.at, UTC)
        key = f"aws/lambda/async/{name}/{at:%Y/%m/%d/%Y-%m-%dT%H.%M.%S}-{uuid4()}"
        path = f"/{arn.split(':', 5)[5]}/{key}"
        await self._ask(place, "s3", "application/json", record.document(), method="PUT", path=path)

    async def _ask(
        self,
        place: Place,
        service: str,
        content_type: str,
        body: bytes,
        *,
        method: str = "POST",
        path: str = "/",
        target: str = "",
    ) -> bytes:
        headers = {"content-type": content_type, **({"x-amz-target": target} if target else {})}
        scope = request(method, path, headers, signed=(place, service))
        asked = asyncio.run_coroutine_threadsafe(ask(self._behind, scope, body), self._loop)
        answer = await asyncio.wrap_future(asked)
        if answer.status >= 300:
            raise Undeliverable(f"{service}: {answer.status} {answer.body.decode('utf-8', 'replace')}")
        return answer.body


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


def _opened(value: Mapping[str, Any]) -> bytes:
    return _json(value)[:-1]


def _as_json(payload: bytes) -> bytes:
    """The payload itself; a custom runtime may have answered with what is no JSON, which becomes a string."""
    try:
        json.loads(payload)
    except (ValueError, RecursionError):
        return _json(payload.decode("utf-8", "replace"))
    return payload


def _error_message(response: Response | None) -> str:
    if response is None:
        return "Function not invoked: its reserved concurrency is zero"
    if response.result is None:
        return "Rate Exceeded."
    try:
        error = json.loads(response.result.payload)
    except (ValueError, RecursionError):
        return ""
    return str(error.get("errorMessage", "")) if isinstance(error, dict) else ""
