"""A pane's part, without a pane: it watches metrics of the scripted CloudWatch in the loop's own time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing, asynccontextmanager

from lambdatui.aws.gateway import Aws
from lambdatui.aws.guard import Guard
from lambdatui.aws.metric_watch import Habits
from lambdatui.aws.metrics import Metrics
from lambdatui.aws.target import Target
from lambdatui.aws.timing import Timing
from lambdatui.model.metrics import Frame, Need, Reading, of_function
from tests.aws.cloudwatch_script import CloudWatch, now
from tests.aws.fault_server import FaultServer
from tests.aws.gateways import REGION, Journal, Writable
from tests.aws.virtual_time import run

MINUTES = Frame(3600, 60)
"""The last hour by the minute."""


def need(function: str, metric: str = "Invocations", statistic: str = "Sum", frame: Frame = MINUTES) -> Need:
    """A need of a function's metric."""
    return Need(of_function(function, metric, statistic), frame)


class Pane:
    """Keeps the latest readings."""

    def __init__(self, metrics: Metrics, needs: Sequence[Need], later: Sequence[Need] = ()) -> None:
        self.watch = metrics.watch()
        self.watch.want(needs, later)
        self.known: dict[Need, Reading] = {}
        self.updates = 0
        self._told = asyncio.Event()
        self._task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        async with aclosing(self.watch.updates()) as updates:
            async for readings in updates:
                self.known.update(readings)
                self.updates += 1
                self._told.set()

    async def until(self, fulfilled: Callable[[], bool]) -> None:
        """Wait for it to be so, after some update."""
        while not fulfilled():
            self._told.clear()
            await self._told.wait()

    async def hide(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    def show_again(self) -> None:
        self.known.clear()
        self._task = asyncio.create_task(self._listen())


class Stage:
    """The service, the facade and its panes."""

    def __init__(self, service: CloudWatch, server: FaultServer, metrics: Metrics) -> None:
        self.service = service
        self.server = server
        self.metrics = metrics
        self._panes: list[Pane] = []

    def show(self, needs: Sequence[Need], later: Sequence[Need] = ()) -> Pane:
        """A pane that wants these."""
        self._panes.append(Pane(self.metrics, needs, later))
        return self._panes[-1]

    async def hide_all(self) -> None:
        for pane in self._panes:
            await pane.hide()


@asynccontextmanager
async def _stage(habits: Habits) -> AsyncIterator[Stage]:
    service = CloudWatch()
    async with FaultServer() as server:
        service.on(server)
        aws = Aws(Target(region=REGION, endpoint_url=server.url), Guard(Journal(), Writable()))
        async with aws:
            metrics = Metrics(aws._calls, habits, Timing(clock=now))
            stage = Stage(service, server, metrics)
            try:
                yield stage
            finally:
                await stage.hide_all()
                await metrics.aclose()


def played(script: Callable[[Stage], Awaitable[None]], habits: Habits | None = None) -> None:
    """Play a script in a loop whose time jumps."""

    async def whole() -> None:
        async with asyncio.timeout(86400), _stage(habits or Habits(idle=86400)) as stage:
            await script(stage)

    run(whole())
