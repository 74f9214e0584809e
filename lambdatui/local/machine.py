"""The Lambda of this machine, put together: what runs functions, what they leave behind, and what is answered of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NoReturn

from lambdatui.local import identity
from lambdatui.local.control_plane import Application, reservations
from lambdatui.local.control_plane.changes import Changes
from lambdatui.local.control_plane.functions import Functions
from lambdatui.local.control_plane.logs import Subscriptions, ensure
from lambdatui.local.control_plane.triggers import Triggers
from lambdatui.local.environment import Environment
from lambdatui.local.execution import Program
from lambdatui.local.fleet import Worker
from lambdatui.local.front import Api
from lambdatui.local.invoke.api import InvokeApi
from lambdatui.local.invoke.async_invocations import AsyncInvocations
from lambdatui.local.invoke.destinations import Destinations
from lambdatui.local.log_store import LIMIT as LOG_LIMIT
from lambdatui.local.log_store import Earlier, LogStore
from lambdatui.local.logs.api import LogsApi
from lambdatui.local.metric_store import MetricStore
from lambdatui.local.metrics import alarms
from lambdatui.local.metrics.api import MetricsApi
from lambdatui.local.pending import Pending
from lambdatui.local.places import HOME
from lambdatui.local.pool import Pool
from lambdatui.local.sandbox.packages import Workspace
from lambdatui.local.telemetry import LambdaMetrics, StreamReport
from lambdatui.local.warden import Warden


class Machine:
    """All that answers before MiniStack does. To be made on the endpoint's event loop, after control_plane.load()."""

    def __init__(
        self,
        control_plane: Application,
        port: int,
        folder: Path,
        warden: Warden,
        *,
        logs: int = LOG_LIMIT,
        past: Pending | None = None,
    ) -> None:
        """`control_plane` is MiniStack's application; `folder` the run folder; `port` the endpoint's own.

        `logs` is how many bytes log events may take; `past` what somebody is going to write into the stores.
        """
        self._control_plane = control_plane
        self.logs = LogStore(ensure, written=Subscriptions().written, limit=logs)
        self.metrics = MetricStore()
        self._workspace = Workspace(folder, endpoint_url=identity.url(port), warden=warden)
        counted = LambdaMetrics(self.metrics)
        functions = Functions()
        self._pool = Pool(self._worker, counted, functions.reservations)
        queue = AsyncInvocations(self._pool, functions, counted, Destinations(control_plane))
        Triggers(self._pool, functions, queue, counted).install()
        Changes(self._pool, functions).install()
        reservations.install(functions)
        self.apis: Sequence[Api] = (
            InvokeApi(control_plane, self._pool, functions, queue, counted),
            LogsApi(control_plane, self.logs),
            MetricsApi(control_plane, self.metrics, past=past),
        )
        """What is answered here, and not by MiniStack."""

    def take_past(self, groups: Iterable[str], events: Earlier) -> None:
        """There are these log groups, in the demo's own place, with events that are made when they are read."""
        for group in groups:
            ensure(HOME, group)
        self.logs.earlier = events

    async def keep_alarms(self) -> NoReturn:
        """Works out the states of CloudWatch's alarms once a minute, as MiniStack has no metrics to do it by."""
        while True:
            await asyncio.sleep(60)
            await self.look_at_alarms()

    async def look_at_alarms(self) -> None:
        """Works out the states of CloudWatch's alarms now."""
        await alarms.evaluate(self._control_plane, self.metrics, time.time())

    def _worker(self, program: Program, kind: str) -> Worker:
        reports: list[StreamReport] = []

        def report(stream: str) -> StreamReport:
            reports.append(StreamReport(program, stream, self.logs, kind=kind))
            return reports[0]

        return Worker(program, Environment(program, self._workspace, report, kind=kind), reports[0])
