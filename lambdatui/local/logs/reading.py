"""FilterLogEvents, GetLogEvents, GetLogRecord, DescribeLogStreams."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

from lambdatui.local.control_plane.logs import Record, group
from lambdatui.local.log_store import LogStore
from lambdatui.local.logs import pages
from lambdatui.local.logs.errors import bad_token, invalid, no_stream
from lambdatui.local.logs.events import Event, Key
from lambdatui.local.logs.group import Stream
from lambdatui.local.logs.pages import Range
from lambdatui.local.logs.requests import Request
from lambdatui.local.places import Place

LATEST = (1 << 63) - 2
"""ms: later than any event."""

NEWEST_FIRST_SINCE = 1_704_067_200_000
"""2024-01-01: FilterLogEvents gives the newest first only of what is later."""

STREAMS = 50
"""The most of a page of DescribeLogStreams."""


async def filter_log_events(store: LogStore, request: Request) -> bytes:
    """A page, with a token if there are events beyond it. It begins behind the event that the last page ended with,
    so that events which arrive meanwhile neither shift nor hide any.
    """
    its_group, matches, token = request.group, request.matcher("filterPattern"), request.get("nextToken")
    names, prefix = request.get("logStreamNames"), request.get("logStreamNamePrefix")
    if names is not None and prefix is not None:
        raise invalid("logStreamNames and logStreamNamePrefix are mutually exclusive parameters.")
    newest_first = request.get("startFromHead") is False
    key = None
    if token is not None:
        newest_first, key = _filter_position(token)
    since = request.get("startTime", 0)
    if newest_first and token is None and 0 < since < NEWEST_FIRST_SINCE:
        raise invalid("startFromHead can be false only if startTime is on or after January 1, 2024.")
    since = max(since, request.kept_since(its_group))
    span = Range(its_group, since, min(request.get("endTime", LATEST), LATEST), newest_first)
    among = None if names is None else frozenset(names)

    def wanted(event: Event) -> bool:
        if among is not None and event.stream not in among:
            return False
        if prefix is not None and not event.stream.startswith(prefix):
            return False
        return matches is None or matches(event.message)

    found = await pages.page(store, span, key or span.start, request.get("limit", pages.EVENTS), wanted)
    token = f'"nextToken": "{_filter_token(newest_first, found.events[-1].key)}", ' if found.more else ""
    events = await pages.as_json(found.events, _filtered)
    return f'{{"events": {events}, {token}"searchedLogStreams": []}}'.encode()


def _filtered(event: Event) -> dict[str, Any]:
    return {
        "logStreamName": event.stream,
        "timestamp": event.timestamp,
        "message": event.message,
        "ingestionTime": event.ingestion,
        "eventId": event.id,
    }


def _filter_token(newest_first: bool, key: Key) -> str:
    return _opaque([int(newest_first), *key])


def _filter_position(token: str) -> tuple[bool, Key]:
    newest_first, timestamp, sequence = _of_token(token, int, int, int)
    return bool(newest_first), Key(timestamp, sequence)


async def get_log_events(store: LogStore, request: Request) -> bytes:
    """A page of one stream, the oldest first whatever the direction, and the tokens that lead on from both its ends.

    Where nothing is left in a token's direction that same token is returned.
    """
    its_group = request.group
    stream = store.stream(*its_group[:3], request["logStreamName"])
    if stream is None:
        raise no_stream()
    since = max(request.get("startTime", 0), request.kept_since(its_group))
    until = min(request.get("endTime", LATEST) - 1, LATEST)
    forward, key = request.get("startFromHead", False), None
    if (token := request.get("nextToken")) is not None:
        forward, key = _stream_position(token)
    span = Range(its_group, since, min(until, stream.last), newest_first=not forward)
    limit = request.get("limit", pages.EVENTS)
    found = await pages.page(store, span, key or span.start, limit, lambda event: event.stream == stream.name)
    events = found.events if forward else found.events[::-1]
    if events:
        first, last = events[0].key.number, events[-1].key.number
    else:
        at = (key or Key(since, 0)).number
        # Between the events on either side, so that both tokens lead on from here.
        first, last = (at + 1, at) if forward or key is None else (at, max(at - 1, 0))
    shown = await pages.as_json(events, _got)
    return f'{{"events": {shown}, "nextForwardToken": "f/{last:056d}", "nextBackwardToken": "b/{first:056d}"}}'.encode()


def _got(event: Event) -> dict[str, Any]:
    return {"timestamp": event.timestamp, "message": event.message, "ingestionTime": event.ingestion}


def _stream_position(token: str) -> tuple[bool, Key]:
    direction, _, number = token.partition("/")
    if direction not in ("f", "b") or not (number.isascii() and number.isdecimal() and len(number) <= 100):
        raise bad_token()
    return direction == "f", Key.of(int(number))


async def get_log_record(store: LogStore, request: Request) -> bytes:
    """The event that a pointer of Logs Insights names. Fields that Insights discovers in JSON are not among them."""
    try:
        name, timestamp, sequence = _transparent(request["logRecordPointer"], str, int, int)
        its_group = request.named(name)
        (event,) = store.after(*its_group[:3], Key(timestamp, sequence - 1), until=timestamp, most=1)
    except ValueError as problem:
        raise invalid("Invalid logRecordPointer provided") from problem
    fields = {
        "@timestamp": str(event.timestamp),
        "@ingestionTime": str(event.ingestion),
        "@message": event.message,
        "@logStream": event.stream,
        "@log": f"{request.place.account}:{name}",
        "@ptr": request["logRecordPointer"],
    }
    return json.dumps({"logRecord": fields}).encode()


def records(store: LogStore, clock: Callable[[], float]) -> Callable[[Place, str, int, int], Iterator[Record]]:
    """What gives Logs Insights the events of a group between two times (ms, both included)."""

    def between(place: Place, name: str, since: int, until: int) -> Iterator[Record]:
        if (its_group := group(place, name)) is None:
            return
        kept_since = int(clock() * 1000) - its_group.retention if its_group.retention else 0
        span = Range(its_group, max(since, kept_since), until)
        key = span.start
        while events := pages.read(store, span, key):
            for event in events:
                yield Record(_opaque([name, *event.key]), event.timestamp, event.message, name, event.stream)
            key = events[-1].key

    return between


async def describe_log_streams(store: LogStore, request: Request) -> bytes:
    """A page of streams by name or by the time of their last event, either way round."""
    its_group, prefix = request.group, request.get("logStreamNamePrefix", "")
    by_time = request.get("orderBy") == "LastEventTime"
    if by_time and prefix:
        raise invalid("Cannot order by LastEventTime with a logStreamNamePrefix.")
    descending = request.get("descending", False)

    def key(stream: Stream) -> tuple[int, str]:
        return (stream.last if by_time else 0, stream.name)

    streams = [stream for stream in store.streams(*its_group[:3]) if stream.name.startswith(prefix)]
    streams.sort(key=key, reverse=descending)
    if (token := request.get("nextToken")) is not None:
        last, name = _of_token(token, int, str)
        streams = [it for it in streams if (key(it) < (last, name) if descending else key(it) > (last, name))]
    page = streams[: request.get("limit", STREAMS)]
    answer: dict[str, Any] = {"logStreams": [_described(stream, its_group.arn) for stream in page]}
    if len(page) < len(streams):
        answer["nextToken"] = _opaque(list(key(page[-1])))
    return json.dumps(answer).encode()


def _described(stream: Stream, group_arn: str) -> dict[str, Any]:
    shown = {
        "logStreamName": stream.name,
        "creationTime": stream.created,
        "arn": f"{group_arn}:log-stream:{stream.name}",
        "storedBytes": 0,  # as AWS has it since 2019
        "uploadSequenceToken": f"{Key(stream.ingested or stream.created, stream.number).number:056d}",
    }
    if stream.count:
        times = (stream.first, stream.last, stream.ingested)
        shown |= zip(("firstEventTimestamp", "lastEventTimestamp", "lastIngestionTime"), times, strict=True)
    return shown


def _opaque(position: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode()


def _transparent(text: str, *types: type) -> Any:
    """What an opaque text was made of. Raises ValueError for what is none of ours."""
    position = json.loads(base64.urlsafe_b64decode(text.encode("ascii")))
    if not isinstance(position, list) or [type(part) for part in position] != list(types):
        raise ValueError(text)
    return position


def _of_token(token: str, *types: type) -> Any:
    try:
        return _transparent(token, *types)
    except ValueError as problem:
        raise bad_token() from problem
