"""StartLiveTail: events as they are written, once a second, until the client goes."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from threading import Lock
from typing import Any, NamedTuple
from uuid import uuid4

from lambdatui.local import event_stream
from lambdatui.local.control_plane import Receive, Send
from lambdatui.local.control_plane.logs import Group
from lambdatui.local.log_store import LogStore, Written
from lambdatui.local.logs.errors import LogsError, invalid
from lambdatui.local.logs.filter_pattern import Matcher
from lambdatui.local.logs.requests import Request
from lambdatui.local.places import Place

SESSIONS = 15
"""At the same time, in an account and region: the quota of CloudWatch Logs."""

AN_UPDATE, BUFFERED = 500, 10
"""Events in an update at most, and updates that wait for a slow client before the oldest are lost."""

LARGEST_UPDATE = 2_000_000
"""Characters of an update's messages: clients take messages of 16 MB, and JSON writes up to 6 bytes for each."""

WAITING = 100_000
"""Events of one second that are looked at; of more the oldest are left out, which counts as sampling."""

EVERY, LONGEST = 1.0, 3 * 3600.0
"""Seconds: between updates, and of a session."""

_LOOKED_AT = 1000


class _Batch(NamedTuple):
    group: str
    stream: str
    ingestion: int
    events: Sequence[Written]


class LiveTail:
    """The live tail sessions of every place. `sleep` is asyncio.sleep but in tests."""

    def __init__(self, store: LogStore, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._store = store
        self._sleep = sleep
        self._open: dict[Place, int] = {}

    async def __call__(self, request: Request, request_id: str, receive: Receive, send: Send) -> None:
        """Answer one StartLiveTail. Raises LogsError before anything is sent."""
        session = Session(request, request_id)
        place = request.place
        if self._open.get(place, 0) >= SESSIONS:
            raise LogsError("LimitExceededException", "Rate exceeded")
        self._open[place] = self._open.get(place, 0) + 1
        self._store.follow(place, session.groups, session)
        try:
            await self._serve(session, receive, send)
        finally:
            self._store.unfollow(session)
            self._open[place] -= 1

    async def _serve(self, session: Session, receive: Receive, send: Send) -> None:
        """Send until the session is over or the client has gone, whichever comes first."""
        tasks = {
            asyncio.create_task(_gone(receive), name="live tail: client"),
            asyncio.create_task(self._gather(session), name="live tail: updates"),
            asyncio.create_task(session.send_to(send), name="live tail: sender"),
        }
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _gather(self, session: Session) -> None:
        for _ in range(int(LONGEST / EVERY)):
            await self._sleep(EVERY)
            await session.update()
        session.time_out()
        await asyncio.Event().wait()  # the sender ends it, when all is sent


class Session:
    """One session: what it follows, and what waits to be sent."""

    def __init__(self, request: Request, request_id: str) -> None:
        """Raises LogsError."""
        self.id = request_id
        its_groups = [_group(request, identifier) for identifier in request["logGroupIdentifiers"]]
        self.groups: Mapping[str, str] = {group.name: group.arn for group in its_groups}
        """ARNs by name."""
        names, prefixes = request.get("logStreamNames"), request.get("logStreamNamePrefixes")
        if names is not None and prefixes is not None:
            raise invalid("logStreamNames and logStreamNamePrefixes are mutually exclusive parameters.")
        if (names is not None or prefixes is not None) and len(self.groups) > 1:
            raise invalid("Log streams can be specified for a single log group only.")
        self._names: Collection[str] | None = None if names is None else frozenset(names)
        self._prefixes: tuple[str, ...] | None = None if prefixes is None else tuple(prefixes)
        self._matches = _matcher(request)
        asked = ("logStreamNames", "logStreamNamePrefixes", "logEventFilterPattern")
        self._start: dict[str, Any] = {name: request[name] for name in asked if name in request.members}
        self._start |= {"requestId": request_id, "sessionId": str(uuid4())}
        self._start["logGroupIdentifiers"] = list(self.groups.values())
        self._lock = Lock()
        self._written: deque[_Batch] = deque()
        self._waiting = 0
        self._missed = False
        self._updates: deque[bytes] = deque()
        self._something = asyncio.Event()
        self._over = False

    def offer(self, group: str, stream: str, ingestion: int, events: Sequence[Written]) -> None:
        """Note what was written to a group. From any thread, the store's: nothing is looked at yet."""
        if self._names is not None and stream not in self._names:
            return
        if self._prefixes is not None and not stream.startswith(self._prefixes):
            return
        with self._lock:
            self._written.append(_Batch(group, stream, ingestion, events))
            self._waiting += len(events)
            while self._waiting > WAITING:
                self._missed = True
                self._waiting -= len(self._written.popleft().events)

    async def update(self) -> None:
        """Make an update of what was written since the last one; it waits for the sender."""
        with self._lock:
            written, self._written, self._waiting = self._written, deque(), 0
            missed, self._missed = self._missed, False
        results, looked_at = [], 0
        for batch in written:
            results += self._shown(batch)
            looked_at += len(batch.events)
            if looked_at > _LOOKED_AT:
                looked_at = 0
                await asyncio.sleep(0)
        chosen = _sample(results)
        sampled = missed or len(chosen) < len(results)
        content = {"sessionMetadata": {"sampled": sampled}, "sessionResults": chosen}
        self._put(event_stream.event("sessionUpdate", json.dumps(content).encode()))

    def time_out(self) -> None:
        """End it as AWS does after three hours; what waits is sent first."""
        text = json.dumps({"message": "The session has timed out."}).encode()
        self._put(event_stream.exception("SessionTimeoutException", text))
        self._over = True

    async def send_to(self, send: Send) -> None:
        """Send what there is, and go on until the session is over."""
        headers = [(b"content-type", event_stream.CONTENT_TYPE.encode()), (b"x-amzn-requestid", self.id.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        first = event_stream.event("initial-response", b"{}")
        first += event_stream.event("sessionStart", json.dumps(self._start).encode())
        await send({"type": "http.response.body", "body": first, "more_body": True})
        while True:
            while self._updates:
                await send({"type": "http.response.body", "body": self._updates.popleft(), "more_body": True})
            if self._over:
                break
            self._something.clear()
            await self._something.wait()
        await send({"type": "http.response.body", "body": b""})

    def _put(self, message: bytes) -> None:
        if len(self._updates) == BUFFERED:
            self._updates.popleft()
        self._updates.append(message)
        self._something.set()

    def _shown(self, batch: _Batch) -> list[dict[str, Any]]:
        matches = self._matches
        return [
            {
                "logStreamName": batch.stream,
                "logGroupIdentifier": self.groups[batch.group],
                "message": message,
                "timestamp": timestamp,
                "ingestionTime": batch.ingestion,
            }
            for timestamp, message in batch.events
            if matches is None or matches(message)
        ]


def _sample(results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As many results, evenly taken, as an update may have, by their number and by their size."""
    if len(results) > AN_UPDATE:
        results = [results[number * len(results) // AN_UPDATE] for number in range(AN_UPDATE)]
    room = LARGEST_UPDATE
    for number, result in enumerate(results):
        room -= len(result["message"])
        if room < 0:
            return results[:number]
    return results


def _group(request: Request, identifier: str) -> Group:
    if not identifier.startswith("arn:"):
        raise invalid(f"'{identifier}' is not the ARN of a log group.")
    return request.by_arn(identifier)


def _matcher(request: Request) -> Matcher | None:
    try:
        return request.matcher("logEventFilterPattern")
    except LogsError as problem:
        text = str(problem)  # of this operation all begin alike
        raise problem if text == "Invalid filter pattern" else invalid(f"Invalid filter pattern: {text}") from problem


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
