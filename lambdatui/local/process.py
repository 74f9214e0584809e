"""The embedded endpoint as a child process, seen by whoever starts it. Standard library only."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import cast

from lambdatui.local import run_folder
from lambdatui.local.run_folder import RunFolder
from lambdatui.model.errors import EndpointGone
from lambdatui.model.text import visible

START_LIMIT = 30.0
"""Seconds from spawn to the first answer; it takes about one."""

GRACE = 4.0
"""Seconds from SIGTERM to SIGKILL: for other clients' calls that are under way."""

REAPING = 0.5
"""Seconds that killed functions get to be gone."""

_OPERATION = "the embedded endpoint"
_REMEDY = "Press r to start it again; what was created in it is lost."

# The child imports what we import, wherever we found it, without PYTHONPATH: its functions would inherit that.
_BOOT = (
    "import json, sys; order = json.loads(sys.stdin.readline()); sys.path[:] = order['path']; "
    "from lambdatui.local.child import main; main(order)"
)


def missing_extra() -> str | None:
    """None if the extra `local` is installed, else the sentence that says how to install it. Imports nothing."""
    if all(find_spec(package) is not None for package in ("ministack", "hypercorn", "cbor2")):
        return None
    return "The embedded endpoint is not installed; install it with: pip install 'lambdatui[local]'"


class EndpointProcess:
    """The embedded endpoint as a child process that is started when its URL is first asked for.

    It belongs to one event loop. It ends with stop(), or when this process ends, by whatever means; on Linux also when
    the thread that started it does.
    """

    def __init__(self, *, demo: bool, port: int = 0) -> None:
        self._demo = demo
        self._port = port
        self._starting: asyncio.Task[str] | None = None
        self._watching: asyncio.Task[None] | None = None
        self._child: asyncio.subprocess.Process | None = None
        self._gone: EndpointGone | None = None
        self._why = ""
        self._ended = asyncio.Event()

    @property
    def pid(self) -> int | None:
        """The child's process id, which is its session's too; None while there is none."""
        return None if self._child is None else self._child.pid

    async def url(self) -> str:
        """Where it listens, when it listens and the demo is seeded; concurrent callers share one start.

        Raises EndpointGone if it has ended or could not start, until restart().
        """
        if self._gone is not None:
            raise self._gone.with_traceback(None)
        if self._starting is None:
            self._starting = asyncio.create_task(self._start(), name="embedded endpoint: start")
            # Looked at even if every caller was cancelled meanwhile, or asyncio would complain of it.
            self._starting.add_done_callback(lambda start: start.cancelled() or start.exception())
        try:
            return await asyncio.shield(self._starting)
        except EndpointGone as gone:
            self._gone = gone
            raise

    async def restart(self) -> None:
        """Forget a child that has ended or could not start, so that the next url() starts a new one."""
        if self._gone is not None:
            self._gone = None
            self._starting = None
            self._ended.clear()

    async def ended(self) -> str:
        """Waits until a child that ran has ended by itself; returns why: "signal 9". Each end is told once."""
        await self._ended.wait()
        self._ended.clear()
        return self._why

    async def stop(self, *, grace: float = GRACE) -> None:
        """End it, with every function it runs, and delete what it wrote. url() raises EndpointGone from then on.

        `grace`: seconds that it gets for calls under way; with 0 it is killed at once.
        """
        starting, self._starting = self._starting, None
        self._gone = EndpointGone(_OPERATION, "It was stopped.", _REMEDY)
        if starting is not None and not starting.done():
            starting.cancel()
            await asyncio.wait({starting})
        if self._watching is None or self._child is None:
            return
        if grace:
            with contextlib.suppress(ProcessLookupError):
                self._child.send_signal(signal.SIGTERM)
            await asyncio.wait({self._watching}, timeout=grace)
        if not self._watching.done():
            _kill_group(self._child.pid)
            await asyncio.wait({self._watching})

    async def _start(self) -> str:
        try:
            folder = await _made_folder()
        except OSError as problem:
            raise EndpointGone(_OPERATION, f"It could not make its folder: {visible(str(problem))}.") from problem
        child = None
        try:
            child = await self._spawn(folder)
            url = await self._first_answer(child, folder)
        except BaseException:
            if child is not None:
                _kill_group(child.pid)
                await child.wait()
                await _end_session(child)
            await asyncio.to_thread(folder.remove)
            raise
        self._child = child
        self._watching = asyncio.create_task(self._watch(child, folder), name="embedded endpoint: watch")
        return url

    async def _spawn(self, folder: RunFolder) -> asyncio.subprocess.Process:
        stderr = folder.stderr()
        try:
            child = await asyncio.create_subprocess_exec(
                sys.executable, "-P", "-c", _BOOT,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr,
                cwd=folder.path, env=_environment(folder.path), start_new_session=True, pass_fds=(folder.lock,),
            )  # fmt: skip
        except OSError as problem:
            reason = f"Its process could not be started: {visible(str(problem))}."
            raise EndpointGone(_OPERATION, reason, _REMEDY) from problem
        finally:
            os.close(stderr)
        folder.note_pid(child.pid)
        order = {"port": self._port, "demo": self._demo, "folder": str(folder.path), "lock": folder.lock}
        stdin = cast("asyncio.StreamWriter", child.stdin)  # never closed: its end of file is our death
        stdin.write(json.dumps({"path": _import_path(), **order}).encode() + b"\n")
        return child

    async def _first_answer(self, child: asyncio.subprocess.Process, folder: RunFolder) -> str:
        stdout = cast("asyncio.StreamReader", child.stdout)
        try:
            async with asyncio.timeout(START_LIMIT):
                line = await stdout.readline()
        except TimeoutError:
            reason = f"It was not ready within {START_LIMIT:.0f} seconds."
            raise EndpointGone(_OPERATION, reason, "This machine may be busy: start it again.") from None
        answer: dict[str, str] = json.loads(line) if line.endswith(b"\n") else {}
        if "url" in answer:
            return answer["url"]
        if "error" in answer:
            raise EndpointGone(_OPERATION, answer["error"])
        words = await asyncio.to_thread(folder.last_words)
        how = _ending(await child.wait())
        reason = f"It ended before it was ready ({how}){': ' + visible(words) if words else ''}."
        raise EndpointGone(_OPERATION, reason, _REMEDY)

    async def _watch(self, child: asyncio.subprocess.Process, folder: RunFolder) -> None:
        how = _ending(await child.wait())
        await _end_session(child)
        await asyncio.to_thread(folder.remove)
        self._child = None
        if self._gone is None:
            self._why = how
            self._gone = EndpointGone(_OPERATION, f"Its process has ended ({how}).", _REMEDY)
            self._ended.set()


async def _made_folder() -> RunFolder:
    """A run folder, which is deleted again where nobody waits for it any more. Raises OSError."""
    making = asyncio.create_task(asyncio.to_thread(run_folder.make), name="run folder")
    try:
        return await asyncio.shield(making)
    except asyncio.CancelledError:
        with contextlib.suppress(OSError):
            (await making).remove()
        raise


def _import_path() -> list[str]:
    return [str(Path(entry or ".").absolute()) for entry in sys.path]


def _environment(folder: Path) -> dict[str, str]:
    """What the child and its functions get to see: nothing of the user's."""
    path = "/usr/local/bin:/usr/bin:/bin"
    if node := shutil.which("node"):  # developers have it below their home, and the endpoint looks for it
        path += f":{Path(node).parent}"
    environment = {"PATH": path, "LANG": "C.UTF-8", "TZ": ":UTC", "HOME": str(folder)}
    environment["TMPDIR"] = str(folder / "tmp")
    for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):  # some interpreters find their own library only so
        if name in os.environ:
            environment[name] = os.environ[name]
    return environment


def _ending(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


async def _end_session(child: asyncio.subprocess.Process) -> None:
    """End whatever a child that has ended left in its session, and wait until it is gone; that takes milliseconds.

    Its functions lead groups of their own. Its warden ends them as well, and alone where there is no /proc.
    """
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(REAPING):
            while await asyncio.to_thread(_kill_session, child.pid):  # noqa: ASYNC110  nothing tells when it is over
                await asyncio.sleep(0.002)
            # The warden keeps the other end open as long as it lives.
            await cast("asyncio.StreamReader", child.stdout).read()


def _kill_session(session: int) -> bool:
    """Kill the processes of a session; whether there were any. Zombies do not count: their parent may take its time."""
    found = False
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, _, its_session, *_ = stat.read_text().rpartition(")")[2].split()  # proc(5): after the name
            if int(its_session) == session and state not in "ZX":
                os.kill(int(stat.parent.name), signal.SIGKILL)
                found = True
    return found


def _kill_group(group: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
