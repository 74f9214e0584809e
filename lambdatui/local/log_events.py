"""FilterLogEvents as CloudWatch Logs answers it: event ids, pages with tokens, newest first, streams by prefix.

MiniStack finds the events, and has none of these.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from lambdatui.local.control_plane import Application, Scope
from lambdatui.local.inward import Answer, ask

TARGET = b"Logs_20140328.FilterLogEvents"
"""The X-Amz-Target of the requests answered here."""

MOST = 10_000
"""Events a page, the API's most. MiniStack gives the first of them and does not say whether there were more."""

_Event: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class _Cursor:
    """Where a page ended: after `given` events of the millisecond `timestamp`, going forward or back."""

    newest_first: bool
    timestamp: int
    given: int

    def token(self) -> str:
        return base64.urlsafe_b64encode(json.dumps([self.newest_first, self.timestamp, self.given]).encode()).decode()

    @classmethod
    def of(cls, token: str) -> _Cursor:
        """Raises ValueError for what is no token of ours."""
        try:
            newest_first, timestamp, given = json.loads(base64.urlsafe_b64decode(token))
            return cls(bool(newest_first), int(timestamp), int(given))
        except (binascii.Error, ValueError, TypeError) as problem:
            raise ValueError(token) from problem


async def answer(behind: Application, scope: Scope, body: bytes) -> Answer:
    """The answer to one FilterLogEvents request; `behind` is MiniStack, which answers what is wrong with it."""
    try:
        request = json.loads(body)
        cursor = _Cursor.of(request["nextToken"]) if request.get("nextToken") else None
    except (ValueError, AttributeError, TypeError):
        return _invalid("The specified nextToken is invalid.")
    wanted = {name: value for name, value in request.items() if name not in ("nextToken", "limit", "startFromHead")}
    newest_first = cursor.newest_first if cursor else request.get("startFromHead") is False
    if cursor:
        wanted["endTime" if newest_first else "startTime"] = cursor.timestamp
    found: list[_Event] = []
    while True:
        part = await ask(behind, scope, json.dumps({**wanted, "limit": MOST}).encode())
        if part.status != 200:
            return part
        events = json.loads(part.body)["events"]
        last = events[-1]["timestamp"] if events else 0
        if len(events) < MOST or last == wanted.get("startTime"):
            found += events
            break
        found += [event for event in events if event["timestamp"] < last]
        wanted["startTime"] = last
    answered = _page(list(_identified(found, request)), newest_first, cursor, min(request.get("limit") or MOST, MOST))
    headers = [(name, value) for name, value in part.headers if name.lower() != b"content-length"]
    return Answer(200, headers, json.dumps(answered).encode())


def _identified(events: list[_Event], request: Mapping[str, Any]) -> Iterator[_Event]:
    """The events with ids: 56 digits that grow with time, the same whenever and however an event is asked for."""
    prefix = request.get("logStreamNamePrefix") or ""
    alike: Counter[tuple[str, int, str]] = Counter()
    for event in events:
        stream, timestamp, message = event["logStreamName"], event["timestamp"], event["message"]
        if not stream.startswith(prefix):
            continue
        same = (stream, timestamp, message)
        alike[same] += 1  # all events of a millisecond are here, so that lines alike are counted alike each time
        digest = hashlib.blake2b(f"{stream}\0{message}\0{alike[same]}".encode(), digest_size=16).digest()
        yield {**event, "eventId": f"{timestamp:016d}{int.from_bytes(digest, 'big'):040d}"}


def _page(events: list[_Event], newest_first: bool, cursor: _Cursor | None, limit: int) -> dict[str, Any]:
    if newest_first:
        events.reverse()
    given = cursor.given if cursor else 0  # they are the first: the list begins at the cursor's millisecond
    page = events[given : given + limit]
    answered: dict[str, Any] = {"events": page, "searchedLogStreams": []}
    if given + limit < len(events):
        last = page[-1]["timestamp"]
        before = sum(1 for event in events[: given + limit] if event["timestamp"] == last)
        answered["nextToken"] = _Cursor(newest_first, last, before).token()
    return answered


def _invalid(message: str) -> Answer:
    body = json.dumps({"__type": "InvalidParameterException", "message": message}).encode()
    return Answer(400, [(b"content-type", b"application/x-amz-json-1.1")], body)
