"""Events of many streams that become visible late and out of order, and a reader that counts them."""

from __future__ import annotations

import asyncio
import heapq
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from lambdatui.aws.calls import Calls
from lambdatui.aws.clients import ClientClass
from lambdatui.aws.gateway import Aws
from lambdatui.aws.guard import Guard
from lambdatui.aws.logs import Logs
from lambdatui.aws.tail import Tail
from lambdatui.aws.target import Target
from lambdatui.model.logs import LogGroup, Marker, TailRequest, TailUpdate
from tests.aws import virtual_time
from tests.aws.fault_server import FaultServer
from tests.aws.gateways import REGION, Journal, Writable
from tests.aws.log_service import START, Ledger, LogService, clock, now

LATEST = 110_000
"""ms that an event becomes visible late at most."""

STREAMS = 64


@dataclass
class Traffic:
    """Events of one group, `rate` a second on an average, for so many seconds."""

    service: LogService
    chance: random.Random
    seconds: int
    rate: float
    group: str = "/aws/lambda/orders"
    ledger: Ledger = field(default_factory=Ledger)
    twins: float = 0.01
    """The part of the events that come twice with the same content."""
    count: int = 0

    def __post_init__(self) -> None:
        self._due: list[tuple[int, int, Callable[[], None]]] = []
        self._acts = 0

    async def run(self) -> None:
        """Write all, and show what becomes visible, second by second; then until all is visible."""
        self.service.create(self.group)
        for second in range(self.seconds + LATEST // 1000 + 1):
            if second < self.seconds:
                for _ in range(round(self.rate * self.chance.choice((0.25, 0.75, 1, 2)))):
                    self._write(now())
            if second % 60 == 0:
                self.service.sweep()
            while self._due and self._due[0][0] <= now():
                heapq.heappop(self._due)[2]()
            await asyncio.sleep(1)

    def _write(self, moment: int) -> None:
        """An event of this second: polls and live sessions see it some time later, each by itself."""
        chance = self.chance
        timestamp = moment - chance.randrange(1000) // chance.choice((1, 1, 500))  # many in one millisecond
        stream = f"2027/01/15/[{chance.choice(('7', '$LATEST'))}]{chance.randrange(STREAMS):032x}"
        message = f"m{self.count} {'order placed ' * chance.randrange(1, 8)}"
        late = chance.random()
        delay = 0 if late < 0.7 else chance.randrange(3000) if late < 0.97 else chance.randrange(LATEST)
        for _ in range(2 if chance.random() < self.twins else 1):
            self.count += 1
            self.ledger.written(message)
            shown = self.service.write(
                self.group, timestamp, message, stream, ingestion=moment + delay // 2, show=False, announce=False
            )
            self._at(timestamp + delay, lambda shown=shown: self.service.show(self.group, shown))  # type: ignore[misc]
            entry = self.service.entry(self.group, shown)
            self._at(moment + delay // 2, lambda entry=entry: self.service.announce(self.group, entry))  # type: ignore[misc]

    def _at(self, moment: int, act: Callable[[], None]) -> None:
        self._acts += 1
        heapq.heappush(self._due, (moment, self._acts, act))


@dataclass
class Reader:
    """A tail that is followed in a task of its own, and what it gave."""

    tail: Tail
    ledger: Ledger
    states: dict[str, int] = field(default_factory=dict)
    markers: dict[str, Marker] = field(default_factory=dict)
    unordered: int = 0
    """Updates that were not in order of time."""
    updates: int = 0
    state: str = ""
    """The last one."""
    note: str = ""
    remembers: bool = True
    read: Counter[str] = field(default_factory=Counter)
    """How often each message was given, where it is remembered."""

    async def run(self) -> None:
        """Follow until cancelled."""
        async with aclosing(self.tail.updates()) as updates:
            async for update in updates:
                self._take(update)

    def _take(self, update: TailUpdate) -> None:
        self.updates += 1
        self.state, self.note = update.state, update.note
        self.states[update.state] = self.states.get(update.state, 0) + 1
        for marker in update.markers:
            self.markers[marker.key] = marker
        times = [event.timestamp for event in update.events]
        self.unordered += times != sorted(times)
        for event in update.events:
            self.ledger.read(event.message)
        if self.remembers:
            self.read.update(event.message for event in update.events)


def logs_of(aws: Aws) -> Logs:
    """The facade in the time of the loop."""
    return Logs(Calls(aws._connections, aws._guard), clock=clock)


@asynccontextmanager
async def reading(
    aws: Aws, ledger: Ledger, *groups: str, remembers: bool = True, **wanted: object
) -> AsyncIterator[Reader]:
    """Follow these groups from the beginning of time on, in the background."""
    request = TailRequest([LogGroup(group) for group in groups], START - 1000, **wanted)  # type: ignore[arg-type]
    reader = Reader(logs_of(aws).tail(request), ledger, remembers=remembers)
    task = asyncio.create_task(reader.run())
    try:
        yield reader
        if task.done():
            task.result()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def served(chance: random.Random, **options: object) -> AsyncIterator[tuple[LogService, Aws]]:
    """A log service and a gateway to it, with its clients open."""
    async with FaultServer() as server:
        service = LogService(chance, **options)  # type: ignore[arg-type]
        service.on(server)
        async with Aws(Target(region=REGION, endpoint_url=server.url), Guard(Journal(), Writable())) as aws:
            await aws.account.identity()
            for kind in (ClientClass.READ, ClientClass.STREAM):
                await aws._connections.get("logs", kind)
            yield service, aws


@asynccontextmanager
async def followed(
    *groups: str, live: bool = True, exist: bool = True, **wanted: Any
) -> AsyncIterator[tuple[LogService, Reader]]:
    """A service with these groups, and a reader of them."""
    async with served(random.Random(4)) as (service, aws):
        for group in groups if exist else ():
            service.create(group)
        async with reading(aws, Ledger(), *groups, live=live, **wanted) as reader:
            yield service, reader


async def until(condition: Callable[[], bool], seconds: int = 1000) -> None:
    """Let time pass until it is so."""
    for _ in range(2 * seconds):
        if condition():
            return
        await asyncio.sleep(0.5)
    raise AssertionError("it never was so")


def in_time(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a test in a loop of its own time."""
    virtual_time.run(test())


def said(reader: Reader) -> list[str]:
    """The lines between the events, as they are in the end."""
    return [marker.text for marker in reader.markers.values()]
