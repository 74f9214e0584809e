"""The pool: every invocation, whatever triggers it, is counted here and gets its execution environment here."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

from lambdatui.local.concurrency import ACCOUNT_LIMIT, Concurrency, Taken, Throttled
from lambdatui.local.execution import Call, Program, Result
from lambdatui.local.fleet import IDLE, Fleet, Worker
from lambdatui.local.places import Place
from lambdatui.local.telemetry import LambdaMetrics, Load, Resource

__all__ = ["Finished", "Order", "Pool", "Throttled"]

_T = TypeVar("_T")

RESERVATIONS_KEPT = 1.0
"""Seconds for which the sum of all reservations is taken as it was: to know it takes a look at every function."""

SAMPLED = 60.0
"""Seconds between two datapoints of concurrency while invocations run that began before."""


@dataclass(frozen=True)
class Order:
    """One invocation that somebody wants."""

    program: Program
    call: Call
    reserved: int | None = None
    """The function's ReservedConcurrentExecutions; None if it has none."""
    weighted: bool = False
    """Whether an alias with a second version was invoked: its metrics tell the versions apart."""

    @property
    def resource(self) -> Resource:
        """What the metrics call it."""
        _, _, qualifier = self.call.arn.partition(":function:")[2].partition(":")
        return Resource(self.program.name, qualifier, self.program.version if self.weighted else "")


@dataclass(frozen=True)
class Finished:
    """An invocation that ran."""

    result: Result
    log: bytes
    """The last 4 KB of what it logged, START and REPORT among it."""


class Pool:
    """Runs invocations on an event loop in a thread of its own: MiniStack's triggers call from any thread and wait.

    `make` is Fleet's; `reservations` tells what each function of a place has reserved.
    """

    def __init__(
        self,
        make: Callable[[Program, str], Worker],
        metrics: LambdaMetrics,
        reservations: Callable[[Place], Mapping[str, int]],
        *,
        limit: int = ACCOUNT_LIMIT,
        most: int | None = None,
        idle: float = IDLE,
    ) -> None:
        """`limit` is the account's; `most` and `idle` are Fleet's."""
        self._metrics = metrics
        self._reservations = reservations
        self._allocated: dict[Place, tuple[float, int]] = {}
        self._counts: defaultdict[Place, Concurrency] = defaultdict(lambda: Concurrency(limit))
        self._running: set[asyncio.Task[Finished]] = set()
        self._sampling = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="pool", daemon=True)
        self._thread.start()
        self._fleet = self.submit(_on_the_loop(lambda: Fleet(make, most=most, idle=idle))).result()

    def invoke(self, order: Order) -> Future[Finished]:
        """Run an invocation. From any thread; only the pool's own must not wait for the result.

        The future raises Throttled or NotRunnable. Cancelling it does not end the invocation: the end of a client does
        not end a function.
        """
        return self.submit(self.run(order))

    def submit(self, coroutine: Coroutine[Any, Any, _T]) -> Future[_T]:
        """Run a coroutine on the pool's event loop. From any thread."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    async def run(self, order: Order) -> Finished:
        """invoke(), for what is on the pool's event loop already. Raises Throttled, NotRunnable."""
        at = time.time()
        try:
            taken = self._take(order)
        except Throttled:
            self._metrics.throttled(order.program.place, order.resource, at)
            raise
        task = asyncio.create_task(self._run_taken(order, taken, at), name=order.program.name)
        self._running.add(task)  # nobody else may hold it by the time it ends
        task.add_done_callback(self._over)
        return await asyncio.shield(task)

    def forget(self, place: Place, name: str) -> None:
        """A function was changed or deleted: its environments take no more calls. From any thread."""
        self._loop.call_soon_threadsafe(self._fleet.forget, place, name)

    def provision(self, place: Place, name: str, wanted: Iterable[tuple[Program, int]]) -> Future[None]:
        """Keep so many environments of these versions of a function ready. From any thread.

        The future's result comes when they are.
        """
        return self.submit(self._fleet.provision(place, name, list(wanted)))

    def close(self) -> None:
        """End every environment, and the thread. Not from the pool's own."""
        self.submit(self._fleet.end()).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _take(self, order: Order) -> Taken:
        place = order.program.place
        taken = self._counts[place].take(order.program.name, order.reserved, self._sum_reserved(place))
        if not self._sampling:
            self._sampling = True
            self._loop.call_later(SAMPLED, self._sample)
        return taken

    def _sum_reserved(self, place: Place) -> int:
        until, known = self._allocated.get(place, (0.0, 0))
        now = time.monotonic()
        if now >= until:
            known = sum(self._reservations(place).values())
            self._allocated[place] = (now + RESERVATIONS_KEPT, known)
        return known

    async def _run_taken(self, order: Order, taken: Taken, at: float) -> Finished:
        place = order.program.place
        try:
            self._note_load(place, order.program.name, at)
            worker = await self._fleet.get(order.program)
            try:
                self._note_provisioned(order, worker, at)
                result = await worker.environment.invoke(order.call)
                log = worker.report.tail()
            finally:
                self._fleet.give_back(worker)
        except Throttled:
            self._metrics.throttled(place, order.resource, at)
            raise
        finally:
            taken.give_back()
        self._metrics.finished(place, order.resource, result, at)
        return Finished(result, log)

    def _over(self, task: asyncio.Task[Finished]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # whoever waited for it may be gone

    def _note_load(self, place: Place, name: str, at: float) -> None:
        count = self._counts[place]
        load = Load(count.total, count.of(name), count.unreserved, count.claimed(self._sum_reserved(place)))
        self._metrics.load(place, name, load, at)

    def _note_provisioned(self, order: Order, worker: Worker, at: float) -> None:
        used, allocated = self._fleet.provisioned(order.program)
        if allocated:
            self._metrics.provisioned(
                order.program.place, order.resource, used, allocated, spilled=not worker.provisioned, at=at
            )

    def _sample(self) -> None:
        """Invocations may run for minutes: while any does, each minute has its datapoints."""
        self._sampling = False
        for place, count in self._counts.items():
            for name in count.running():
                self._note_load(place, name, time.time())
                self._sampling = True
        if self._sampling:
            self._loop.call_later(SAMPLED, self._sample)


async def _on_the_loop(make: Callable[[], _T]) -> _T:
    return make()
