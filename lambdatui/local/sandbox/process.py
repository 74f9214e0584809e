"""A runtime's process with all that belongs to it: its Runtime API, its output, its memory limit, its end."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import resource
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from lambdatui.local.execution import Call, Line
from lambdatui.local.sandbox.faults import NoEntrypoint
from lambdatui.local.sandbox.masks import Masks
from lambdatui.local.sandbox.memory import EVERY, Memory, family
from lambdatui.local.sandbox.output import Output, Times
from lambdatui.local.sandbox.runtime_events import Answer, Event, Exited, InitError, Ready
from lambdatui.local.warden import Warden

if TYPE_CHECKING:
    from lambdatui.local.runtime_api import RuntimeApi

REAPED = 2.0
"""Seconds that a killed process gets to be gone; it takes about one millisecond."""


FREEZE_AFTER = 0.1
"""Seconds after a call until the process is stopped. AWS does it at once; so it costs nothing while calls are many."""

DESCRIPTORS = 1024
"""Files that a function may have open (AWS Lambda quotas)."""


@dataclass(frozen=True)
class Launch:
    """How a runtime is started."""

    command: tuple[str, ...]
    variables: Mapping[str, str] = field(repr=False)
    """All of its environment but AWS_LAMBDA_RUNTIME_API and _LAMBDA_TELEMETRY_LOG_FD."""
    folder: Path
    """Its working directory."""
    masks: Masks
    memory: int
    """Bytes it may use."""
    framed: bool = True
    """Whether the runtime can write framed log records."""
    tenant: str = ""
    """The tenant whose calls it takes, if it takes one's only."""


class Sandbox:
    """One life of a runtime's process. It belongs to one event loop.

    The process leads a group of its own within the endpoint's session. With its end, however that came, the group ends.
    """

    def __init__(
        self, launch: Launch, printed: Callable[[Sequence[Line]], None], times: Times, warden: Warden | None
    ) -> None:
        self._launch = launch
        self._warden = warden
        self._loop = asyncio.get_running_loop()
        self._api: RuntimeApi | None = None
        self.output = Output(printed, launch.masks, times)
        self._events: deque[Event] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._gone = asyncio.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._pidfd = -1
        self._memory: Memory | None = None
        self._watching: asyncio.TimerHandle | None = None
        self._freezing: asyncio.TimerHandle | None = None
        self._frozen = False
        self.over_the_limit = False
        """Whether it was ended for the memory that it used."""

    @property
    def pid(self) -> int | None:
        """The process id, and its group's; None before the start."""
        return None if self._process is None else self._process.pid

    @property
    def lives(self) -> bool:
        """Whether the process runs, as far as is known."""
        return self._process is not None and not self._gone.is_set()

    def start(self) -> None:
        """Start the process; it takes about a millisecond. Raises NoEntrypoint."""
        from lambdatui.local.runtime_api import RuntimeApi  # it takes aiohttp, which nobody needs before

        self._api = RuntimeApi(self, self._launch.tenant)
        variables = {**self._launch.variables, "AWS_LAMBDA_RUNTIME_API": self._api.address}
        kept: tuple[int, ...] = ()
        if self._launch.framed:
            kept = (self.output.write_end,)
            variables["_LAMBDA_TELEMETRY_LOG_FD"] = str(self.output.write_end)
        try:
            self._process = subprocess.Popen(
                self._launch.command, env=variables, cwd=self._launch.folder, process_group=0,
                stdin=subprocess.DEVNULL, stdout=self.output.write_end, stderr=self.output.write_end, pass_fds=kept,
            )  # fmt: skip
        except (OSError, ValueError) as problem:
            path = self._launch.masks.hide(os.fsencode(self._launch.command[0])).decode("utf-8", "replace")
            number = problem.errno if isinstance(problem, OSError) else None  # else a variable with a NUL in it
            raise NoEntrypoint(f"fork/exec {path}: {os.strerror(number or errno.EINVAL).lower()}") from problem
        _limit(self._process.pid)
        if self._warden is not None:
            self._warden.watch(self._process.pid)
        self.output.started()
        self._memory = Memory(self._process.pid)
        self._await_exit(self._process)

    def give(self, call: Call, deadline: float) -> None:
        """Hand a call to the runtime, which is ready. `deadline` is in seconds since the epoch."""
        if self._api is not None:
            self._api.give(call, deadline)

    async def next(self, until: float) -> Event | None:
        """What happened next; None if nothing has by `until`, a time of the event loop's clock."""
        if not self._events:
            waiter = self._waiter = self._loop.create_future()
            timer = self._loop.call_at(until, _wake, waiter)
            try:
                await waiter
            finally:
                timer.cancel()
                self._waiter = None
        return self._events.popleft() if self._events else None

    def rest(self) -> None:
        """There is nothing to do: soon the process with its group stands still, until wake()."""
        self._freezing = self._loop.call_later(FREEZE_AFTER, self._freeze)

    def wake(self) -> None:
        """There is something to do: it goes on where it stood."""
        if self._freezing is not None:
            self._freezing.cancel()
            self._freezing = None
        if self._frozen:
            self._frozen = False
            self._signal(signal.SIGCONT)

    def watch_memory(self) -> None:
        """From now on, end the process when it uses more memory than it may."""
        self._watching = self._loop.call_later(EVERY, self._look)

    def unwatch_memory(self) -> None:
        """No longer; but if it has used more than it may meanwhile, end it now."""
        if self._watching is not None:
            self._watching.cancel()
            self._watching = None
        if self._memory is not None and self.lives and self._memory.most() > self._launch.memory:
            self._exceeded()

    @property
    def memory(self) -> int:
        """The most bytes that are known to have been in use; 0 where the system does not tell."""
        return 0 if self._memory is None else self._memory.seen

    def kill(self) -> None:
        """End the process with its group, and those that left the group while their parents live."""
        if self._process is None or self._gone.is_set():
            return
        everyone = list(family(self._process.pid))
        self._signal(signal.SIGKILL)
        for pid in everyone:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and not self._gone.is_set():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, number)

    def _freeze(self) -> None:
        self._freezing = None
        self._frozen = True
        self._signal(signal.SIGSTOP)

    async def stop(self) -> None:
        """End the process, and wait until it is gone. What it wrote can still be drained."""
        for timer in (self._watching, self._freezing):
            if timer is not None:
                timer.cancel()
        self._watching = self._freezing = None
        self.kill()
        if self.lives:
            with contextlib.suppress(TimeoutError):  # it hangs in the kernel: the warden still knows it
                async with asyncio.timeout(REAPED):
                    await self._gone.wait()

    async def end(self) -> None:
        """End it and let go of everything; whatever it wrote and nobody has drained is lost."""
        await self.stop()
        self.output.close()
        if self._api is not None:
            await self._api.close()

    def ready(self) -> None:
        """Listener of the Runtime API."""
        self._happened(Ready())

    def answered(self, answer: Answer) -> None:
        """Listener of the Runtime API. Nobody has to wake up for it: a call lasts until the runtime is ready again."""
        self._events.append(answer)

    def init_failed(self, error: InitError) -> None:
        """Listener of the Runtime API."""
        self._happened(error)

    def _happened(self, event: Event) -> None:
        self._events.append(event)
        if self._waiter is not None:
            _wake(self._waiter)

    def _look(self) -> None:
        self._watching = None
        if self._memory is None or not self.lives:
            return
        began = self._loop.time()
        if self._memory.now(self._launch.memory) > self._launch.memory:
            self._exceeded()
        else:  # it takes long where there are many processes, and every function waits for it
            pause = max(EVERY, 10 * (self._loop.time() - began))
            self._watching = self._loop.call_later(pause, self._look)

    def _exceeded(self) -> None:
        self.over_the_limit = True
        self.kill()

    def _await_exit(self, process: subprocess.Popen[bytes]) -> None:
        """Have _reap() called when the process ends. Asyncio's own ways need the main thread, or a thread for each."""
        if sys.platform == "linux":
            with contextlib.suppress(OSError):  # before Linux 5.3
                self._pidfd = os.pidfd_open(process.pid)
                self._loop.add_reader(self._pidfd, self._reap, process)
                return
        threading.Thread(target=self._wait_for, args=(process,), name="sandbox", daemon=True).start()

    def _wait_for(self, process: subprocess.Popen[bytes]) -> None:
        process.wait()
        with contextlib.suppress(RuntimeError):  # the loop is closed
            self._loop.call_soon_threadsafe(self._reap, process)

    def _reap(self, process: subprocess.Popen[bytes]) -> None:
        """The process has ended: end what it leaves behind. Its number stays its own until it is waited for."""
        self.kill()
        if self._pidfd >= 0:
            self._loop.remove_reader(self._pidfd)
            os.close(self._pidfd)
            self._pidfd = -1
        code = process.wait()
        self._gone.set()
        if self._warden is not None:
            self._warden.forget(process.pid)
        self._happened(Exited(code))


def _wake(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_result(None)


def _limit(pid: int) -> None:
    """AWS's number of descriptors, and no core file in the function's folder."""
    if sys.platform == "linux":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            _, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
            most = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(DESCRIPTORS, hard)
            resource.prlimit(pid, resource.RLIMIT_NOFILE, (most, most))
            resource.prlimit(pid, resource.RLIMIT_CORE, (0, 0))
