"""One execution environment: init, invocations one at a time, time and memory limits, end."""

from __future__ import annotations

import asyncio
import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass

from lambdatui.local.execution import (
    INIT_LIMIT,
    Call,
    Init,
    Line,
    NotRunnable,
    Program,
    Report,
    Result,
    Status,
    stream_name,
)
from lambdatui.local.platform_lines import timestamp
from lambdatui.local.sandbox import faults
from lambdatui.local.sandbox.faults import Fault, NoEntrypoint
from lambdatui.local.sandbox.installation import Installation, install
from lambdatui.local.sandbox.output import Times
from lambdatui.local.sandbox.packages import Workspace
from lambdatui.local.sandbox.process import Sandbox
from lambdatui.local.sandbox.runtime_events import Answer, Event, Exited, InitError, Ready

PROVISIONED_INIT_LIMIT = 130.0
"""Seconds of an init phase of provisioned concurrency; the function's time limit if that is longer."""

LAST_WORDS = 0.2
"""Seconds that a runtime which has reported a failed init gets to end by itself."""


@dataclass(frozen=True)
class _Failed:
    """An init phase that failed, and what the call is answered that it failed in."""

    init: Init
    fault: Fault | None
    """None if the runtime itself reported the error."""
    body: bytes = b""
    """What it reported."""


class Environment:
    """An execution environment of one program. It belongs to the pool's event loop.

    `report(stream)` is called once, with the name of its log stream; `kind` is the initialization type, "on-demand" or
    "provisioned-concurrency".
    """

    def __init__(
        self, program: Program, workspace: Workspace, report: Callable[[str], Report], *, kind: str = "on-demand"
    ) -> None:
        self._program = program
        self._workspace = workspace
        self._kind = kind
        self.stream = stream_name(
            program.name, program.logging.group, program.version, time.time(), os.urandom(16).hex()
        )
        self._report = report(self.stream)
        self._loop = asyncio.get_running_loop()
        self._times = Times()
        self._installation: Installation | None = None
        self._sandbox: Sandbox | None = None
        """The last one, dead or alive."""
        self._state: Sandbox | _Failed | None = None
        """What its init phase has led to; None before that, and during a call."""
        self._cold: Init | None = None
        self._ending: asyncio.Task[None] | None = None
        self._working = asyncio.Lock()
        """Held while it starts or runs a call."""

    @property
    def usable(self) -> bool:
        """Whether it can take a call: it is idle, and its process lives, or its init is to be done again."""
        if self._ending is not None:
            return False
        return self._state.lives if isinstance(self._state, Sandbox) else self._state is not None

    @property
    def pid(self) -> int | None:
        """The runtime's process id, which is its group's; None while there is none."""
        return None if self._sandbox is None else self._sandbox.pid

    async def start(self) -> None:
        """The init phase, until the runtime is ready or has failed: what the function does wrong raises nothing.

        Raises NotRunnable.
        """
        async with self._working:
            try:
                self._installation = await install(self._program, self._workspace)
                self._report.init_started(self._times.now(), self._installation.runtime.version)
                limit = INIT_LIMIT
                if self._kind == "provisioned-concurrency":
                    limit = max(PROVISIONED_INIT_LIMIT, self._program.timeout)
                self._state = await self._initialise(self._installation, "init", limit)
            except BaseException:
                self._kill()
                raise

    async def invoke(self, call: Call) -> Result:
        """Run one call; only while usable. Given up, it leaves no process. Raises NotRunnable as start() does."""
        state, self._state = self._state, None
        if state is None:
            raise RuntimeError("an environment takes a call only while it is usable")
        async with self._working:
            try:
                return await self._invoke(call, state)
            except BaseException:
                self._kill()
                raise

    async def end(self) -> None:
        """End the process with its group, and delete what the environment wrote. Idempotent."""
        if self._ending is None:
            self._ending = asyncio.create_task(self._end(), name=f"end of {self.stream}")
        await asyncio.shield(self._ending)

    async def _end(self) -> None:
        self._kill()  # what goes on in it is over with that
        async with self._working:
            pass
        if self._sandbox is not None:
            await self._sandbox.end()
            await self._workspace.stragglers.end(self.stream)
        if self._installation is not None:
            await self._installation.remove()

    def _new_sandbox(self, installation: Installation) -> Sandbox:
        if self._ending is not None:
            raise NoEntrypoint("the environment has ended")
        launch = installation.launch(self.stream, self._kind)
        return Sandbox(launch, self._report.printed, self._times, self._workspace.warden)

    def _kill(self) -> None:
        if self._sandbox is not None:
            self._sandbox.kill()

    async def _initialise(self, installation: Installation, phase: str, limit: float) -> Sandbox | _Failed:
        began = self._loop.time()
        try:
            if self._sandbox is not None:
                await self._sandbox.end()
            sandbox = self._sandbox = self._new_sandbox(installation)
            sandbox.start()
        except NoEntrypoint as problem:
            init = Init(self._loop.time() - began, phase, Status.ERROR, problem.fault.in_report)
            self._report.init_ended(self._times.now(), init)
            return _Failed(init, problem.fault)
        except OSError as problem:  # no descriptors left, most likely
            raise NotRunnable(f"No execution environment can be started here: {problem.strerror}.") from problem
        sandbox.watch_memory()
        event = await sandbox.next(began + limit)
        sandbox.unwatch_memory()
        duration = limit if event is None else self._loop.time() - began
        if isinstance(event, InitError):
            await sandbox.next(self._loop.time() + LAST_WORDS)
        if not isinstance(event, Ready) or sandbox.over_the_limit:
            await sandbox.stop()
        await sandbox.output.drain()
        init, failed = self._judged(event, sandbox, installation, phase, duration)
        self._report.init_ended(self._times.now(), init)
        if failed is None and phase == "init":
            self._cold = init
            sandbox.rest()
        return failed or sandbox

    def _judged(
        self, event: Event | None, sandbox: Sandbox, installation: Installation, phase: str, duration: float
    ) -> tuple[Init, _Failed | None]:
        if event is None:
            init = Init(duration, phase, Status.TIMEOUT)
            return init, _Failed(init, faults.timed_out(self._program.timeout))
        if isinstance(event, Ready) and not sandbox.over_the_limit:
            return Init(duration, phase), None
        if isinstance(event, InitError):
            init = Init(duration, phase, Status.ERROR, event.error_type)
            return init, _Failed(init, None, installation.masks.hide(event.body))
        fault = _why(sandbox, event)
        init = Init(duration, phase, Status.ERROR, fault.in_report)
        return init, _Failed(init, fault)

    async def _invoke(self, call: Call, state: Sandbox | _Failed) -> Result:
        limit = float(self._program.timeout)
        began, expires = self._loop.time(), time.time() + limit
        cold, self._cold = self._cold, None
        if isinstance(state, _Failed):
            state = await self._initialise(self._installed, "invoke", limit)
        self._report.started(self._times.now(), call)
        if isinstance(state, _Failed):
            result = self._never_begun(call, state, self._loop.time() - began)
        else:
            state.wake()
            state.watch_memory()
            state.give(call, expires)
            result = await self._run(call, state, began, cold)
            state.rest()
        self._report.ended(self._times.now(), call, result)
        self._state = state if isinstance(state, Sandbox) else None
        return result

    async def _run(self, call: Call, sandbox: Sandbox, began: float, cold: Init | None) -> Result:
        answer, fault = await self._outcome(sandbox, began + self._program.timeout)
        duration = self._loop.time() - began
        sandbox.unwatch_memory()
        if sandbox.over_the_limit:
            answer = fault = faults.OUT_OF_MEMORY
        used = self._used(sandbox)
        if fault is not None:
            await sandbox.stop()
        await sandbox.output.drain()
        if fault is not None:
            self._print(fault, call)
        if isinstance(answer, Answer):
            body = self._installed.masks.hide(answer.body) if answer.failed else answer.body
            status = Status.ERROR if answer.failed else Status.SUCCESS
            return Result(body, duration, used, status, answer.error_type, answer.content_type, cold, answer.streamed)
        if answer.late:
            duration = float(self._program.timeout)
        return Result(answer.payload(call.request_id), duration, used, answer.status, answer.in_report, init=cold)

    async def _outcome(self, sandbox: Sandbox, until: float) -> tuple[Answer | Fault, Fault | None]:
        """What the call is answered, and what the platform ends the process for.

        A call lasts until the runtime asks for the next one. What it has answered stands, whatever comes after that.
        """
        answer: Answer | None = None
        while True:
            event = await sandbox.next(until)
            if isinstance(event, Answer):
                answer = event
                continue
            if isinstance(event, Ready) and answer is not None:
                return answer, None
            fault = faults.timed_out(self._program.timeout) if event is None else _why(sandbox, event)
            return answer or fault, fault

    def _never_begun(self, call: Call, failed: _Failed, duration: float) -> Result:
        """The result of a call for which the init phase was done again, and failed again."""
        used = 0 if self._sandbox is None else self._used(self._sandbox)
        if failed.fault is None:
            return Result(failed.body, duration, used, Status.ERROR, failed.init.error_type)
        self._print(failed.fault, call)
        fault = failed.fault
        duration = float(self._program.timeout) if fault.late else duration
        return Result(fault.payload(call.request_id), duration, used, fault.status, fault.in_report)

    def _used(self, sandbox: Sandbox) -> int:
        """The most memory used so far, MB, as it stands in REPORT: never more than there is."""
        return min(math.ceil(sandbox.memory / (1024 * 1024)), self._program.memory)

    def _print(self, fault: Fault, call: Call) -> None:
        at = self._times.now()
        text = f"{timestamp(at)} {call.request_id} {fault.message}" if fault.late else fault.line(call.request_id)
        self._report.printed([Line(at, text)])

    @property
    def _installed(self) -> Installation:
        if self._installation is None:
            raise RuntimeError("an environment is to be started first")
        return self._installation


def _why(sandbox: Sandbox, event: Event) -> Fault:
    """What the platform says of a process that has ended."""
    if sandbox.over_the_limit:
        return faults.OUT_OF_MEMORY
    return faults.exited(event.code if isinstance(event, Exited) else 0)
