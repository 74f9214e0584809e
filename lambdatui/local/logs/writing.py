"""PutLogEvents, CreateLogStream, DeleteLogStream."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from lambdatui.local.control_plane.logs import Group
from lambdatui.local.log_store import LogStore, Written
from lambdatui.local.logs.errors import LogsError, invalid, no_stream
from lambdatui.local.logs.pages import BESIDE_THE_MESSAGE, message_size
from lambdatui.local.logs.requests import Request

LARGEST_BATCH = 1_048_576
"""Bytes, 26 for each event counted in."""

_HOUR = 3_600_000
LONGEST_SPAN, TOO_OLD, TOO_NEW = 24 * _HOUR, 14 * 24 * _HOUR, 2 * _HOUR
"""ms: of a batch, and how far from now an event may be."""


async def create_log_stream(store: LogStore, request: Request) -> bytes:
    group = request.group
    if not store.create_stream(*group[:3], request["logStreamName"]):
        raise LogsError("ResourceAlreadyExistsException", "The specified log stream already exists")
    return b""


async def delete_log_stream(store: LogStore, request: Request) -> bytes:
    if not store.delete_stream(*request.group[:3], request["logStreamName"]):
        raise no_stream()
    return b""


async def put_log_events(store: LogStore, request: Request) -> bytes:
    """Write a batch. Events that are too old, too new or past the retention are left out, and told."""
    group, stream = request.group, request["logStreamName"]
    if store.stream(*group[:3], stream) is None:
        raise no_stream()
    await asyncio.sleep(0)  # the largest batch takes 10 ms each to parse, to check and to write
    events = _batch(request["logEvents"])
    await asyncio.sleep(0)
    start, end, rejected = _accepted([timestamp for timestamp, _ in events], group, request.now)
    valid = events[start:end]
    if valid and valid[-1][0] - valid[0][0] > LONGEST_SPAN:
        raise invalid("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.")
    store.append(group.place, group.name, stream, valid)
    answer: dict[str, Any] = {"nextSequenceToken": f"{request.now << 144:056d}"}  # nobody looks at it since 2023
    if rejected:
        answer["rejectedLogEventsInfo"] = rejected
    return json.dumps(answer).encode()


def _batch(items: list[Any]) -> list[Written]:
    """The events of a request. Raises LogsError for what is none, for wrong order, and for too many bytes."""
    events: list[Written] = []
    size, last = 0, 0
    for number, item in enumerate(items, 1):
        timestamp, message = _event(item, number)
        if timestamp < last:
            raise invalid("Log events in a single PutLogEvents request must be in chronological order.")
        last = timestamp
        size += message_size(message) + BESIDE_THE_MESSAGE
        events.append((timestamp, message))
    if size > LARGEST_BATCH:
        raise invalid(f"Upload too large: {size} bytes exceeds limit of {LARGEST_BATCH}")
    return events


def _event(item: Any, number: int) -> Written:
    if not isinstance(item, dict):
        raise LogsError("SerializationException", "Unexpected field type")
    timestamp, message = item.get("timestamp"), item.get("message")
    path, must = f"logEvents.{number}.member", "failed to satisfy constraint: Member must"
    for name, value in (("timestamp", timestamp), ("message", message)):
        if value is None:
            raise invalid(f"1 validation error detected: Value null at '{path}.{name}' {must} not be null")
    if not isinstance(timestamp, int) or isinstance(timestamp, bool) or timestamp >= 1 << 63:
        raise LogsError("SerializationException", "The timestamp of a log event is not a Long")
    if not isinstance(message, str):
        raise LogsError("SerializationException", "The message of a log event is not a String")
    if timestamp < 0:
        raise invalid(
            f"1 validation error detected: Value '{timestamp}' at '{path}.timestamp' {must} have value greater than or "
            "equal to 0"
        )
    if not message:
        raise invalid(
            f"1 validation error detected: Value '' at '{path}.message' {must} have length greater than or equal to 1"
        )
    return timestamp, message if message.isascii() else _whole(message)


def _whole(message: str) -> str:
    """Halves of surrogate pairs, which JSON can hold and UTF-8 cannot, become U+FFFD."""
    return message.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _accepted(timestamps: list[int], group: Group, now: int) -> tuple[int, int, dict[str, int]]:
    """From which to which of the sorted timestamps are taken, and the rejectedLogEventsInfo of the others."""
    old = sum(timestamp < now - TOO_OLD for timestamp in timestamps)
    expired = 0 if group.retention is None else sum(timestamp < now - group.retention for timestamp in timestamps)
    new = sum(timestamp <= now + TOO_NEW for timestamp in timestamps)
    rejected: dict[str, int] = {}
    if old:
        rejected["tooOldLogEventEndIndex"] = old
    if expired > old:
        rejected["expiredLogEventEndIndex"] = expired
    if new < len(timestamps):
        rejected["tooNewLogEventStartIndex"] = new
    return max(old, expired), new, rejected
