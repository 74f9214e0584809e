"""CloudWatch Logs as a script wants it: FilterLogEvents and StartLiveTail over HTTP, in the time of the event loop.

Events are shown to polls and announced to live sessions when the script says so, each by itself. Pages are short, empty
with a token, or begin with what the one before ended with; calls are throttled and cut; sessions break in eight kinds.
"""

from __future__ import annotations

import asyncio
import json
import random
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lambdatui.local.event_stream import CONTENT_TYPE, event, exception
from tests.aws.event_streams import damaged
from tests.aws.exchange import Exchange
from tests.aws.fault_server import FaultServer
from tests.aws.faults import ACCOUNT, REQUEST_ID, aws_error, reset, short_body, status

START = 1_800_000_000_000
"""ms since 1970 at the loop's time 0."""

A_PAGE = 4_000
"""Events of a page at most: 1 MB of them."""

SESSIONS = 500
"""Events of an update at most."""

BREAKS = ("reset", "end", "exception", "checksum", "cut", "stall", "timeout", "refused")
"""How sessions break: the connection is reset, ends between two frames, the stream has an exception, a frame is damaged
or cut, nothing comes any more, three hours are over, there are too many or it is not allowed."""

Shown = tuple[int, int, bytes]
"""Time (ms), number and JSON of an event."""


def now() -> int:
    """ms since 1970 in the time of the loop."""
    return START + round(asyncio.get_running_loop().time() * 1000)


def clock() -> float:
    """The same in seconds, for a facade."""
    return now() / 1000


@dataclass
class LogService:
    """The service, and what it has been asked."""

    chance: random.Random
    newest_first: bool = True
    """Whether `startFromHead` is known."""
    moody: float = 0.0
    """The part of the calls that fail, and of the pages that are empty or repeat something."""
    keeps: int = 1 << 62
    """ms that events are kept."""
    breaks: Iterator[str] = field(default_factory=lambda: iter(()))
    """How the sessions to come break, one after the other; then they last."""
    longest: int = 3 * 3600
    """Updates of a session that does not break."""
    lasts: tuple[int, int] = (1, 40)
    """Updates of a session that breaks: at least, at most."""
    polls: int = 0
    given: int = 0
    """Events in the answers to polls."""
    sessions: int = 0
    open_sessions: int = 0
    earliest: int = 1 << 62
    """The earliest time (ms) from which a poll asked, after the first."""

    def __post_init__(self) -> None:
        self._groups: dict[str, list[Shown]] = {}
        self._listening: dict[object, dict[str, list[bytes]]] = {}
        self._count = 0

    def on(self, server: FaultServer) -> None:
        """Answer for the server."""
        self.server = server
        server.plan("logs:FilterLogEvents", self.filter_log_events)
        server.plan("logs:StartLiveTail", self.start_live_tail)

    def create(self, group: str) -> None:
        """Have a group from now on."""
        self._groups.setdefault(group, [])

    def write(
        self, group: str, timestamp: int, message: str, stream: str = "2027/01/15/[$LATEST]a", *,
        ingestion: int | None = None, show: bool = True, announce: bool = True,
    ) -> Shown:  # fmt: skip
        """An event, visible to whom it is said."""
        self._count += 1
        entry = {
            "logStreamName": stream,
            "timestamp": timestamp,
            "message": message,
            "ingestionTime": now() if ingestion is None else ingestion,
        }
        shown = (timestamp, self._count, json.dumps({**entry, "eventId": f"{self._count:056d}"}).encode())
        if show:
            self.show(group, shown)
        if announce:
            self.announce(group, self.entry(group, shown))
        return shown

    def entry(self, group: str, shown: Shown) -> bytes:
        """The same event as a live tail gives it."""
        content = json.loads(shown[2])
        del content["eventId"]
        return json.dumps({**content, "logGroupIdentifier": f"{ACCOUNT}:{group}"}).encode()

    def show(self, group: str, shown: Shown) -> None:
        """Polls see it from now on."""
        insort(self._groups.setdefault(group, []), shown)

    def announce(self, group: str, entry: bytes) -> None:
        """Live sessions that are open give it with the next update."""
        for groups in self._listening.values():
            if group in groups:
                groups[group].append(entry)

    def sweep(self) -> None:
        """Forget what is older than it is kept."""
        for group in self._groups.values():
            del group[: bisect_left(group, (now() - self.keeps,))]

    async def filter_log_events(self, exchange: Exchange) -> None:
        """Answer one FilterLogEvents."""
        asked = exchange.seen.parameters
        self.polls += 1
        group = self._groups.get(asked["logGroupName"])
        if self.chance.random() < self.moody:
            faults = (aws_error(400, "ThrottlingException"), reset, short_body, aws_error(500, "InternalFailure"))
            await self.chance.choice(faults)(exchange)
            return
        if group is None:
            await aws_error(400, "ResourceNotFoundException", "The specified log group does not exist.")(exchange)
            return
        if "endTime" not in asked:
            self.earliest = min(self.earliest, asked["startTime"])
        page, token = self._page(group, asked)
        self.given += len(page)
        ending = f'], "nextToken": "{token}"}}' if token else "]}"
        body = b'{"searchedLogStreams": [], "events": [' + b",".join(it[2] for it in page) + ending.encode()
        await status(200, body)(exchange)

    def _page(self, group: list[Shown], asked: dict[str, Any]) -> tuple[list[Shown], str]:
        """A page and the token of the next, which is the place it begins at."""
        low = bisect_left(group, (asked["startTime"],))
        high = bisect_left(group, (asked.get("endTime", 1 << 62) + 1,))
        limit = min(asked["limit"], A_PAGE)
        down = self.newest_first and asked.get("startFromHead") is False
        moody = self.chance.random() < self.moody
        if token := asked.get("nextToken"):
            timestamp, number, *_ = map(int, token.split("/"))
            if down:
                high = bisect_left(group, (timestamp, number))
            else:
                low = bisect_right(group, (timestamp, number, b"\xff"))
        if moody and high > low:  # nothing, and the place before the first of them
            timestamp, number, _ = group[high - 1] if down else group[low]
            return [], f"{timestamp}/{number + (1 if down else -1)}/{self.chance.random():.9f}".replace("0.", "")
        page = group[max(low, high - limit) : high][::-1] if down else group[low : min(low + limit, high)]
        more = len(page) < high - low
        token = f"{page[-1][0]}/{page[-1][1]}/{self.chance.randrange(1 << 30)}" if more else ""
        if self.chance.random() < self.moody:
            page = page + page[-3:]
        return page, token

    async def start_live_tail(self, exchange: Exchange) -> None:
        """Answer one StartLiveTail: an update each second until it breaks, or the other side goes."""
        kind = next(self.breaks, "")
        if kind == "refused":
            name = self.chance.choice(("AccessDeniedException", "LimitExceededException"))
            await aws_error(400, name, "not now")(exchange)
            return
        groups = {arn.rpartition(":")[2]: list[bytes]() for arn in exchange.seen.parameters["logGroupIdentifiers"]}
        me = object()
        self.sessions += 1
        self.open_sessions += 1
        self._listening[me] = groups
        try:
            await exchange.head(200, {"Content-Type": CONTENT_TYPE, "x-amzn-RequestId": REQUEST_ID})
            await exchange.send(event("initial-response", b"{}") + event("sessionStart", b'{"sessionId": "s"}'))
            for _ in range(self.chance.randint(*self.lasts) if kind else self.longest):
                await asyncio.sleep(1)
                await exchange.send(self._update(groups))
            await self._break(exchange, kind or "timeout", groups)
        finally:
            self.open_sessions -= 1
            del self._listening[me]

    def _update(self, groups: dict[str, list[bytes]]) -> bytes:
        entries = [entry for group in groups.values() for entry in group]
        for group in groups.values():
            group.clear()
        sampled = len(entries) > SESSIONS
        if sampled:
            entries = self.chance.sample(entries, SESSIONS)
        metadata = b'{"sessionMetadata": {"sampled": %b}, ' % (b"true" if sampled else b"false")
        return event("sessionUpdate", metadata + b'"sessionResults": [' + b",".join(entries) + b"]}")

    async def _break(self, exchange: Exchange, kind: str, groups: dict[str, list[bytes]]) -> None:
        """What is not said yet is lost with the session."""
        frame = self._update(groups)
        match kind:
            case "reset":
                exchange.reset()
            case "end":
                exchange.close()
            case "exception":
                await exchange.send(exception("SessionStreamingException", b'{"message": "something broke"}'))
            case "timeout":
                await exchange.send(exception("SessionTimeoutException", b'{"message": "3 hours are over"}'))
            case "checksum":
                await exchange.send(damaged(frame, self.chance.randrange(13, len(frame) - 1), self.chance))
            case "cut":
                await exchange.send(frame[: self.chance.randrange(1, len(frame) - 1)])
            case "stall":
                await exchange.hang()
        exchange.close()


class Ledger:
    """What was written and has not been read, by message; in the red what was read and not written."""

    def __init__(self) -> None:
        self._balance: dict[str, int] = {}

    def written(self, message: str) -> None:
        self._add(message, 1)

    def read(self, message: str) -> None:
        self._add(message, -1)

    def _add(self, message: str, count: int) -> None:
        balance = self._balance.get(message, 0) + count
        if balance:
            self._balance[message] = balance
        else:
            del self._balance[message]

    @property
    def lost(self) -> list[str]:
        """Messages that were not read as often as they were written."""
        return [it for it, balance in self._balance.items() if balance > 0]

    @property
    def twice(self) -> list[str]:
        """Messages that were read more often than they were written."""
        return [it for it, balance in self._balance.items() if balance < 0]
