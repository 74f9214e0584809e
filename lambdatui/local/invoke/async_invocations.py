"""Asynchronous invocations: the queue before a function, its retries, and what becomes of events that failed.

As AWS does, but for one liberty: between the attempts of a function that failed it waits one and two seconds, where
AWS waits one and two minutes. The queue lives in memory and ends with the process.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Coroutine
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Protocol
from uuid import uuid4
from weakref import WeakValueDictionary

from lambdatui.local.concurrency import Throttled
from lambdatui.local.execution import Call, NotRunnable, Program
from lambdatui.local.invoke.destinations import Destinations, Record, Response, Undeliverable
from lambdatui.local.invoke.lineage import step
from lambdatui.local.invoke.service_errors import ServiceError
from lambdatui.local.invoke.targets import AsyncSettings, Reference, Target, referred
from lambdatui.local.places import Place
from lambdatui.local.pool import Finished, Order
from lambdatui.local.telemetry import LambdaMetrics, Resource

MOST_EVENTS = 10_000
"""Events that wait in all queues together."""

MOST_BYTES = 128 * 1024 * 1024
"""Bytes of their payloads."""

AT_ONCE = 10
"""Events that are handed to one function at the same time. AWS has no such number, and more machines."""

BETWEEN_ATTEMPTS = 1.0
"""Seconds before the second attempt of a function that failed; twice that before the third. AWS: 60."""

FIRST_BACKOFF = 1.0
"""Seconds before a throttled event is tried again; doubled each time."""

LONGEST_BACKOFF = 300.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Event:
    """One asynchronous invocation."""

    reference: Reference
    payload: bytes = field(repr=False)
    trace: str = ""
    """The X-Amzn-Trace-Id of who sent it."""
    request_id: str = field(default_factory=lambda: str(uuid4()))
    """The same in each attempt."""
    received: float = field(default_factory=time.time)
    """Seconds since the epoch."""
    tenant: str = ""


class QueueFull(Exception):
    """There is no room for another event."""


class Catalogue(Protocol):
    """What is asked about functions (control_plane.functions)."""

    def target(self, reference: Reference) -> Target: ...
    def program(self, target: Target) -> Program: ...
    def reserved(self, reference: Reference) -> int | None: ...
    def asynchronous(self, target: Target) -> AsyncSettings: ...
    def may_recurse(self, reference: Reference) -> bool: ...


class Runner(Protocol):
    """What of the pool is used."""

    def submit(self, coroutine: Coroutine[Any, Any, None]) -> Future[None]: ...
    async def run(self, order: Order) -> Finished: ...


class AsyncInvocations:
    """The queue of all functions. Events are accepted from any thread and followed on the pool's event loop."""

    def __init__(
        self,
        pool: Runner,
        functions: Catalogue,
        metrics: LambdaMetrics,
        destinations: Destinations,
        *,
        most_events: int = MOST_EVENTS,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._pool = pool
        self._functions = functions
        self._metrics = metrics
        self._destinations = destinations
        self._room = _Room(most_events, most_bytes)
        self._turns: WeakValueDictionary[tuple[Place, str], asyncio.Semaphore] = WeakValueDictionary()

    def accept(self, event: Event) -> None:
        """Put an event into its function's queue. Raises QueueFull; the event is counted as dropped then."""
        place, resource, now = event.reference.place, _resource(event), time.time()
        if not self._room.take(len(event.payload)):
            self._metrics.async_dropped(place, resource, now)
            raise QueueFull(event.reference.arn)
        self._metrics.async_received(place, resource, now)
        following = self._pool.submit(self._follow(event))
        following.add_done_callback(lambda done: self._over(event, done))

    @property
    def waiting(self) -> int:
        """Events that are not over, those under way among them."""
        return self._room.taken

    def _over(self, event: Event, done: Future[None]) -> None:
        self._room.give_back(len(event.payload))
        problem = None if done.cancelled() else done.exception()
        if problem is not None:
            _log.error("event %s of %s", event.request_id, event.reference.arn, exc_info=problem)

    async def _follow(self, event: Event) -> None:
        try:
            await self._until_over(event)
        except (ServiceError, NotRunnable) as problem:  # deleted meanwhile, or nothing that would ever run
            _log.warning("dropped event %s of %s: %s", event.request_id, event.reference.arn, problem)
            self._metrics.async_dropped(event.reference.place, _resource(event), time.time())

    async def _until_over(self, event: Event) -> None:
        attempts, backoff = 0, FIRST_BACKOFF
        invocation = step(event.trace, event.reference.function_arn)
        while True:
            target = self._functions.target(event.reference)
            settings = self._functions.asynchronous(target)
            over = _Over(event, target, settings, invocation.trace)
            if invocation.loops and not self._functions.may_recurse(event.reference):
                self._metrics.recursion_stopped(event.reference.place, _resource(event), time.time())
                return await self._end(over, "RecursiveInvocation", attempts, Response(400))
            if self._functions.reserved(event.reference) == 0:
                return await self._end(over, "ZeroReservedConcurrency", attempts, None)
            finished = await self._attempt(event, target, invocation.trace)
            if finished is None:
                response = Response(429)
                pause, backoff = backoff, min(backoff * 2, LONGEST_BACKOFF)
            else:
                attempts += 1
                response = Response(200, target.version, finished.result)
                if not finished.result.failed:
                    return await self._end(over, "Success", attempts, response)
                if attempts > settings.retries:
                    return await self._end(over, "RetriesExhausted", attempts, response)
                pause = attempts * BETWEEN_ATTEMPTS
            if time.time() + pause - event.received > settings.longest:
                return await self._end(over, "EventAgeExceeded", attempts, response)
            await asyncio.sleep(pause)

    async def _attempt(self, event: Event, target: Target, trace: str) -> Finished | None:
        """None if it was throttled. Raises ServiceError and NotRunnable."""
        reference = event.reference
        call = Call(event.request_id, event.payload, reference.arn, trace=trace)
        reserved = self._functions.reserved(reference)
        program = replace(self._functions.program(target), tenant=event.tenant)
        order = Order(program, call, reserved, weighted=target.weighted)
        async with self._turn(reference):
            now = time.time()
            self._metrics.async_age(reference.place, order.resource, now - event.received, now)
            try:
                return await self._pool.run(order)
            except Throttled:
                return None

    def _turn(self, reference: Reference) -> asyncio.Semaphore:
        # It is there as long as anybody holds it or waits for it.
        return self._turns.setdefault((reference.place, reference.name), asyncio.Semaphore(AT_ONCE))

    async def _end(self, over: _Over, condition: str, attempts: int, response: Response | None) -> None:
        event, now = over.event, time.time()
        arn = f"{event.reference.function_arn}:{over.target.version}"
        record = Record(event.request_id, arn, condition, attempts, event.payload, response, now)
        if record.failed:
            self._metrics.async_dropped(event.reference.place, _resource(event), now)
            await self._bury(over, record)
        await self._deliver(over, record)

    async def _bury(self, over: _Over, record: Record) -> None:
        """Send the event itself to the dead-letter queue."""
        if not over.settings.dead_letter:
            return
        event, place = over.event, over.event.reference.place
        try:
            await self._destinations.send(place, over.settings.dead_letter, event.payload, record.dead_letter())
        except Undeliverable as problem:
            _log.warning("dead letter of %s: %s", event.reference.arn, problem)
            self._metrics.dead_letter_error(place, _resource(event), time.time())

    async def _deliver(self, over: _Over, record: Record) -> None:
        arn = over.settings.on_failure if record.failed else over.settings.on_success
        if not arn:
            return
        event, place = over.event, over.event.reference.place
        try:
            if arn.startswith("arn:aws:lambda:"):
                self.accept(Event(referred(arn, "", place), record.document(), over.trace))
            else:
                await self._destinations.deliver(place, arn, record)
        except (Undeliverable, ServiceError, QueueFull) as problem:
            _log.warning("record of %s: %s", event.reference.arn, problem)
            self._metrics.destination_delivery_failure(place, _resource(event), time.time())


class _Over(NamedTuple):
    """An event whose end is near, and what its function's configuration has for that."""

    event: Event
    target: Target
    settings: AsyncSettings
    trace: str
    """The invocation's own."""


class _Room:
    """A bound on what waits. Any thread."""

    def __init__(self, events: int, size: int) -> None:
        self.taken = 0
        self._events = events
        self._bytes = size
        self._lock = threading.Lock()

    def take(self, size: int) -> bool:
        with self._lock:
            if self._events < 1 or self._bytes < size:
                return False
            self.taken += 1
            self._events -= 1
            self._bytes -= size
            return True

    def give_back(self, size: int) -> None:
        with self._lock:
            self.taken -= 1
            self._events += 1
            self._bytes += size


def _resource(event: Event) -> Resource:
    return Resource(event.reference.name, event.reference.qualifier)
