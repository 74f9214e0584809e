"""All execution environments: started on demand, used again while warm, kept where provisioned, reaped when idle."""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from lambdatui.local.concurrency import Throttled
from lambdatui.local.execution import Call, NotRunnable, Program, Result
from lambdatui.local.places import Place

IDLE = 300.0
"""Seconds after which an environment that nobody calls is ended. AWS does not say; some minutes are usual."""

STARTING = 2 * (os.cpu_count() or 1)
"""Environments that are started at the same time; more would only slow each other down."""

EACH = 32 * 1024 * 1024
"""Bytes that an idle environment is reckoned at, a Python one without large libraries."""

FEWEST = 16

WITHDRAWN = -1
"""The generation of an environment that was provisioned and is to be no longer: its present invocation is its last."""

_Key: TypeAlias = tuple[Place, str, str, str]


class Environment(Protocol):
    """What of an execution environment (lambdatui.local.environment) is used here."""

    @property
    def usable(self) -> bool: ...
    async def start(self) -> None: ...
    async def invoke(self, call: Call) -> Result: ...
    async def end(self) -> None: ...


class Log(Protocol):
    """What of an environment's report is used here."""

    def tail(self) -> bytes: ...


@dataclass(eq=False)
class Worker:
    """An environment with its report, and what it is there for."""

    program: Program
    environment: Environment
    report: Log
    provisioned: bool = False
    generation: int = 0
    idle_since: float = 0.0
    """time.monotonic()."""


def most_at_once() -> int:
    """How many environments this machine takes: as many as fit into half of its memory, at most AWS's 1,000."""
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        memory = 4 * 1024**3
    return max(FEWEST, min(1000, memory // 2 // EACH))


class Fleet:
    """The environments of all functions. It belongs to the pool's event loop.

    `make(program, kind)` makes a worker that is not started; `kind` is the initialization type: "on-demand" or
    "provisioned-concurrency".
    """

    def __init__(self, make: Callable[[Program, str], Worker], *, most: int | None = None, idle: float = IDLE) -> None:
        self._make = make
        self._most = most_at_once() if most is None else most
        self._idle_limit = idle
        self._idle: defaultdict[_Key, list[Worker]] = defaultdict(list)
        self._all: set[Worker] = set()
        self._generations: Counter[tuple[Place, str]] = Counter()
        self._starting = asyncio.Semaphore(STARTING)
        self._provisioned: dict[_Key, tuple[Program, int]] = {}
        self._ahead: defaultdict[_Key, set[asyncio.Task[None]]] = defaultdict(set)
        self._awaited: set[asyncio.Task[None]] = set()
        self._reaper: asyncio.TimerHandle | None = None
        self._ending: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        """The environments there are, those that are being started among them."""
        return len(self._all)

    async def get(self, program: Program) -> Worker:
        """A worker for one invocation, warm if there is one or is being provisioned; to be given back.

        Raises NotRunnable, and Throttled when the machine takes no more environments.
        """
        while (worker := self._warm(program)) is None:
            ahead = next(iter(self._ahead.get(_key(program), set()) - self._awaited), None)
            if ahead is None:
                return await self._start(program, "on-demand")
            # AWS would start one more; here that would only take longer.
            self._awaited.add(ahead)
            await asyncio.wait({ahead})
        return worker

    def _warm(self, program: Program) -> Worker | None:
        idle = self._idle[_key(program)]
        for place in sorted(range(len(idle)), key=lambda at: (idle[at].provisioned, at), reverse=True):
            worker = idle[place]
            if worker.environment.usable and worker.program.fingerprint == program.fingerprint:
                del idle[place]
                return worker
        for worker in idle:  # of an older configuration, or ended by themselves
            self._end(worker)
        idle.clear()
        return None

    def give_back(self, worker: Worker) -> None:
        """Take a worker whose invocation is over: it waits for the next, or is ended if it can take none."""
        key = _key(worker.program)
        if not worker.environment.usable or worker.generation != self._generations[key[:2]]:
            self._end(worker)
            self._refill(key)
            return
        worker.idle_since = time.monotonic()
        self._idle[key].append(worker)
        if self._reaper is None:
            self._reaper = asyncio.get_running_loop().call_later(self._idle_limit, self._reap)

    def forget(self, place: Place, name: str) -> None:
        """The function was changed or deleted: its idle environments end now, the others after their invocation."""
        self._generations[place, name] += 1
        for key in [key for key in self._idle if key[:2] == (place, name)]:
            for worker in self._idle.pop(key):
                self._end(worker)
            self._refill(key)

    async def provision(self, place: Place, name: str, wanted: Iterable[tuple[Program, int]]) -> None:
        """Keep so many environments of these versions ready from now on, and none of the function's others.

        Returns when they are there.
        """
        for key in [key for key in self._provisioned if key[:2] == (place, name)]:
            del self._provisioned[key]
        for program, count in wanted:
            self._provisioned[_key(program)] = (program, count)
        for key in {*self._provisioned, *(_key(worker.program) for worker in self._all if worker.provisioned)}:
            self._refill(key)
        ahead = [task for key, tasks in self._ahead.items() if key[:2] == (place, name) for task in tasks]
        if ahead:
            await asyncio.wait(ahead)

    def provisioned(self, program: Program) -> tuple[int, int]:
        """How many of a version's provisioned environments are in use, and how many it is to have."""
        key = _key(program)
        if key not in self._provisioned:
            return 0, 0
        idle = sum(worker.provisioned for worker in self._idle[key])
        there = sum(worker.provisioned for worker in self._all if _key(worker.program) == key)
        return there - idle, self._provisioned[key][1]

    async def end(self) -> None:
        """End every environment."""
        if self._reaper is not None:
            self._reaper.cancel()
        self._provisioned.clear()
        self._idle.clear()
        for worker in list(self._all):
            self._end(worker)
        while self._ending:
            await asyncio.wait(self._ending)

    async def _start(self, program: Program, kind: str) -> Worker:
        self._make_room()
        worker = self._make(program, kind)
        worker.generation = self._generations[_key(program)[:2]]
        self._all.add(worker)
        try:
            async with self._starting:
                await worker.environment.start()
        except BaseException:
            self._end(worker)
            raise
        return worker

    def _make_room(self) -> None:
        if len(self._all) < self._most:
            return
        idle = [worker for workers in self._idle.values() for worker in workers if not worker.provisioned]
        if not idle:
            raise Throttled("ConcurrentInvocationLimitExceeded")
        oldest = min(idle, key=lambda worker: worker.idle_since)
        self._idle[_key(oldest.program)].remove(oldest)
        self._end(oldest)

    def _refill(self, key: _Key) -> None:
        """Have as many provisioned environments as there are to be: fewer, or more before long."""
        program, count = self._provisioned.get(key, (None, 0))
        idle = self._idle.get(key, [])
        there = [worker for worker in self._all if worker.provisioned and _key(worker.program) == key]
        for worker in sorted(there, key=idle.__contains__)[count:]:  # rather those that are idle
            worker.provisioned = False
            worker.generation = WITHDRAWN
            if worker in idle:
                idle.remove(worker)
                self._end(worker)
        if program is None:
            return
        for _ in range(count - len(there) - len(self._ahead[key])):
            task = asyncio.create_task(self._start_ahead(program), name=f"provisioned {program.name}")
            for tasks in (self._ahead[key], self._ending):
                tasks.add(task)
                task.add_done_callback(tasks.discard)
            task.add_done_callback(self._awaited.discard)

    async def _start_ahead(self, program: Program) -> None:
        try:
            worker = await self._start(program, "provisioned-concurrency")
        except (NotRunnable, Throttled):
            return  # its invocations will say so
        wanted = self._provisioned.get(_key(program))
        if wanted is not None and wanted[0].fingerprint == program.fingerprint:
            worker.provisioned = True
            self.give_back(worker)
            self._refill(_key(program))  # they may be too many by now
        else:  # withdrawn meanwhile
            self._end(worker)

    def _end(self, worker: Worker) -> None:
        self._all.discard(worker)
        task = asyncio.create_task(worker.environment.end(), name=f"end of {worker.program.name}")
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    def _reap(self) -> None:
        """End what nobody has called for long, and come again when the next could be due."""
        self._reaper = None
        now, next_due = time.monotonic(), None
        for key, workers in list(self._idle.items()):
            keep = []
            for worker in workers:
                due = worker.idle_since + self._idle_limit
                if worker.provisioned and worker.environment.usable:
                    keep.append(worker)
                elif due <= now or not worker.environment.usable:
                    self._end(worker)
                else:
                    keep.append(worker)
                    next_due = due if next_due is None else min(due, next_due)
            if keep:
                self._idle[key] = keep
            else:
                del self._idle[key]
        if next_due is not None:
            self._reaper = asyncio.get_running_loop().call_later(next_due - now, self._reap)


def _key(program: Program) -> _Key:
    return program.place, program.name, program.version, program.tenant
