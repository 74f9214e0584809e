"""Execution environments for tests: made on the spot, with what they tell written down."""

from __future__ import annotations

import asyncio
import contextlib
import io
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeAlias

from lambdatui.local.environment import Environment
from lambdatui.local.execution import Call, Init, Line, Logging, Program, Result, Status
from lambdatui.local.places import HOME
from lambdatui.local.sandbox.packages import Workspace

ARN = "arn:aws:lambda:eu-west-1:123456789012:function:f"
URL = "http://127.0.0.1:4566"

Started: TypeAlias = Callable[..., Awaitable["Watched"]]


class Recording:
    """A report that writes down what it is told: `log` in words, `lines` as they came."""

    def __init__(self) -> None:
        self.stream = ""
        self.log: list[str] = []
        self.lines: list[Line] = []
        self.times: list[float] = []
        self.inits: list[Init] = []

    def made_for(self, stream: str) -> Recording:
        self.stream = stream
        return self

    @property
    def printed(self) -> Callable[[Sequence[Line]], None]:
        return self._printed

    def init_started(self, at: float, runtime: str) -> None:
        self._note(at, f"INIT_START {runtime}")

    def _printed(self, lines: Sequence[Line]) -> None:
        for line in lines:
            self.lines.append(line)
            self._note(line.at, line.text)

    def init_ended(self, at: float, init: Init) -> None:
        self.inits.append(init)
        failure = "" if init.status is Status.SUCCESS else f" {init.status} {init.error_type}".rstrip()
        self._note(at, f"INIT_REPORT {init.phase}{failure}")

    def started(self, at: float, call: Call) -> None:
        self._note(at, f"START {call.request_id}")

    def ended(self, at: float, call: Call, result: Result) -> None:
        failure = "" if result.status is Status.SUCCESS else f" {result.status} {result.error_type}"
        self._note(at, f"END {call.request_id}{failure}")

    def _note(self, at: float, text: str) -> None:
        self.times.append(at)
        self.log.append(text)


class Watched:
    """An environment with its recording."""

    def __init__(self, environment: Environment, recording: Recording) -> None:
        self.environment = environment
        self.recording = recording
        self._count = 0

    @property
    def log(self) -> list[str]:
        return self.recording.log

    @property
    def pid(self) -> int:
        assert self.environment.pid is not None
        return self.environment.pid

    async def call(self, payload: bytes = b"{}", **settings: Any) -> Result:
        """The next call; its request id is r-1, r-2 …"""
        self._count += 1
        settings = {"request_id": f"r-{self._count}", "arn": ARN, **settings}
        return await self.environment.invoke(Call(payload=payload, **settings))


def zipped(files: Mapping[str, str | bytes], *, executable: str = "") -> bytes:
    """A deployment package; one of its files may be executable."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            member = zipfile.ZipInfo(name)
            member.create_system = 3
            member.external_attr = (0o100755 if name == executable else 0o100644) << 16
            archive.writestr(member, text)
    return content.getvalue()


def program(code: str | bytes, **settings: Any) -> Program:
    """A program whose zip has this app.py, or is these bytes."""
    package = code if isinstance(code, bytes) else zipped({"app.py": code})
    defaults: dict[str, Any] = {"place": HOME, "version": "$LATEST", "runtime": "python3.13", "handler": "app.handler"}
    defaults |= {"logging": Logging("/aws/lambda/f"), "code": package}
    return Program(name="f", **{**defaults, **settings})


async def until(condition: Callable[[], object], within: float = 10.0) -> None:
    """Waits on the event loop until the condition holds; nothing tells when it does."""
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.001)


def living(group: int) -> set[int]:
    """The processes of a process group that still run."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, its_group, *_ = stat.read_text().rpartition(")")[2].split()
            if int(its_group) == group and state not in "ZX":
                found.add(int(stat.parent.name))
    return found


@asynccontextmanager
async def environments(folder: Path) -> AsyncIterator[Started]:
    """started(code, …): an environment whose init phase is over; all of them are ended with the context."""
    workspace = Workspace(folder, endpoint_url=URL)
    made: list[Environment] = []

    async def started(code: str | bytes = "", /, *, kind: str = "on-demand", **settings: Any) -> Watched:
        recording = Recording()
        environment = Environment(program(code, **settings), workspace, recording.made_for, kind=kind)
        made.append(environment)
        await environment.start()
        return Watched(environment, recording)

    try:
        yield started
    finally:
        for environment in made:
            await environment.end()
