"""A cold start and a warm call, beside a bare Runtime API loop with awslambdaric on the same machine in the same run.

python -m tests.benchmarks.execution [--runtime python3.13]
"""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from aiohttp import web

from lambdatui.local.environment import Environment
from lambdatui.local.execution import Call, Init, Line, Logging, Program, Result
from lambdatui.local.places import HOME
from lambdatui.local.sandbox.packages import Workspace

COLD, WARM, LIMIT = 15, 1000, 1.5
CODE = "def handler(event, context):\n    return event\n"
ARN = "arn:aws:lambda:eu-west-1:123456789012:function:f"


class Silent:
    """A report that keeps nothing."""

    def init_started(self, at: float, runtime: str) -> None: ...
    def printed(self, lines: Sequence[Line]) -> None: ...
    def init_ended(self, at: float, init: Init) -> None: ...
    def started(self, at: float, call: Call) -> None: ...
    def ended(self, at: float, call: Call, result: Result) -> None: ...


class Bare:
    """The least that awslambdaric works with: two routes, a queue, no limits, no log."""

    def __init__(self, folder: Path, runtime: str) -> None:
        self._folder, self._runtime = folder, runtime
        self._calls: asyncio.Queue[str] = asyncio.Queue()
        self._answers: asyncio.Queue[bytes] = asyncio.Queue()
        self._ready = asyncio.Event()
        self._count = 0

    async def start(self) -> None:
        self._server = await asyncio.get_running_loop().create_server(
            web.Server(self._handle, handler_cancellation=True), "127.0.0.1", 0
        )
        port = self._server.sockets[0].getsockname()[1]
        environment = {
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{port}",
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{self._runtime}",
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        }
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "awslambdaric", "app.handler", cwd=self._folder, env=environment
        )
        await self._ready.wait()

    async def call(self) -> None:
        self._count += 1
        self._calls.put_nowait(str(self._count))
        await self._answers.get()

    async def end(self) -> None:
        self._process.kill()
        await self._process.wait()
        self._server.close()

    async def _handle(self, request: web.BaseRequest) -> web.Response:
        if request.path.endswith("/next"):
            self._ready.set()
            identifier = await self._calls.get()
            names = {"Lambda-Runtime-Aws-Request-Id": identifier, "Lambda-Runtime-Invoked-Function-Arn": ARN}
            deadline = str(int((time.time() + 3) * 1000))
            headers = {**names, "Lambda-Runtime-Deadline-Ms": deadline, "Content-Type": "application/json"}
            return web.Response(body=b"{}", headers=headers)
        self._answers.put_nowait(await request.read())
        return web.Response(status=202)


class Ours:
    """An execution environment."""

    def __init__(self, workspace: Workspace, program: Program) -> None:
        self._environment = Environment(program, workspace, lambda _: Silent())
        self._count = 0

    async def start(self) -> None:
        await self._environment.start()

    async def call(self) -> None:
        self._count += 1
        result = await self._environment.invoke(Call(str(self._count), b"{}", ARN))
        assert result.payload == b"{}", result

    async def end(self) -> None:
        await self._environment.end()


async def measured(made: Callable[[], Bare | Ours]) -> tuple[float, float]:
    """Milliseconds from nothing to the first answer, and of a warm call; medians."""

    async def timed(work: Callable[[], Awaitable[None]]) -> float:
        began = time.perf_counter()
        await work()
        return (time.perf_counter() - began) * 1000

    cold = []
    for _ in range(COLD):
        one = made()

        async def from_nothing(one: Bare | Ours = one) -> None:
            await one.start()
            await one.call()

        cold.append(await timed(from_nothing))
        await one.end()
    one = made()
    await one.start()
    warm = [await timed(one.call) for _ in range(WARM)]
    await one.end()
    return statistics.median(cold), statistics.median(warm)


async def main(runtime: str) -> int:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("app.py", CODE)
    program = Program(HOME, "f", "$LATEST", runtime, "app.handler", Logging("/aws/lambda/f"), packed.getvalue())
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(packed) as archive:
            archive.extractall(folder)
        workspace = Workspace(Path(folder), endpoint_url="http://127.0.0.1:9")
        await measured_once(workspace, program)
        ratios = []
        for _ in range(3):
            bare = await measured(lambda: Bare(Path(folder), runtime))
            ours = await measured(lambda: Ours(workspace, program))
            ratios.append((ours[0] / bare[0], ours[1] / bare[1]))
            print(f"bare {bare[0]:6.1f} ms cold {bare[1]:6.3f} ms warm   ours {ours[0]:6.1f} {ours[1]:6.3f}")
    cold, warm = (statistics.median(ratio) for ratio in zip(*ratios, strict=True))
    print(f"{runtime}: cold {cold:.2f}, warm {warm:.2f} times the bare loop's (at most {LIMIT})")
    return 0 if max(cold, warm) <= LIMIT else 1


async def measured_once(workspace: Workspace, program: Program) -> None:
    """The first environment unpacks the code, makes the runtime's folder and compiles what it imports."""
    one = Ours(workspace, program)
    await one.start()
    await one.call()
    await one.end()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runtime", default="python3.13")
    sys.exit(asyncio.run(main(parser.parse_args().runtime)))
