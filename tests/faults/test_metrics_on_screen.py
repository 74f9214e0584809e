"""What CloudWatch gives late, in parts, on pages or not at all, as it is shown: for what it is."""

from __future__ import annotations

import time
from functools import partial

import pytest

from lambdatui.ui.panes.functions import FunctionsPane
from tests.aws import faults
from tests.aws.cloudwatch_script import CloudWatch
from tests.aws.fault_server import FaultServer
from tests.faults.screens import Show, showing

pytestmark = pytest.mark.usefixtures("quick")

SAID = "Unable to retrieve some of it."


def service() -> CloudWatch:
    """Ten invocations of each function ten minutes ago, two of which failed, told in several pages."""
    statuses = {("internal", "Duration"): "InternalError"}
    kinds = {"partial": "PartialData", "forbidden": "Forbidden"}
    found = CloudWatch(page=7, status=lambda of, metric: statuses.get((of, metric)) or kinds.get(of, "Complete"))
    found.messages = [{"Code": "Some", "Value": SAID}]
    then = time.time() - 600
    for name in ("whole", "partial", "internal", "forbidden"):
        for metric, values in (("Invocations", [1.0] * 10), ("Errors", [1.0] * 2), ("Duration", [120.0] * 10)):
            found.put(name, metric, then, *values)
    return found


async def opened(show: Show, name: str) -> None:
    """The metrics of a function, from the list."""
    pane = show.app.screen.query_one(FunctionsPane)
    pane.apply_filter(name)
    await show.until("the function", lambda: [it.name for it in pane.table.items] == [name])
    await show.press("m")


async def test_each_answer_is_shown_for_what_it_is() -> None:
    cloudwatch = service()
    async with FaultServer() as server:
        cloudwatch.on(server)
        server.plan("lambda:ListFunctions", faults.functions("whole", "partial", "internal", "forbidden", "silent"))
        async with showing(server) as show:
            for row in (
                "whole – 10 ! 20% 120 ms 4% 0", "partial – ~10 ! ~20% ~120 ms 4% ~0",
                "internal – 10 ! 20% failed 0", "forbidden – denied denied denied denied denied", "silent – – – – –",
                "~ CloudWatch gave only part of it", f"CloudWatch says: {SAID[:20]}", "could not give this metric.",
                "without some figures of CloudWatch",
            ):  # fmt: skip
                await show.until(row, partial(show.says, row))

            await opened(show, "partial")
            for said in ("invocations (in part) 10 (", "CloudWatch gave only part of it", f"CloudWatch says: {SAID}"):
                await show.until(said, partial(show.says, said))
            await show.press("q")
            await opened(show, "internal")
            await show.until("what is not given", lambda: show.says("Not given: durations. No data: concurrent"))
            await show.until("the rest", lambda: show.says("errors 2 ("))

            server.plan("cloudwatch:GetMetricData", faults.aws_error(400, "ThrottlingException", "Rate exceeded"))
            await show.press("r")
            await show.until("why it is old", lambda: show.says("Throttled, what is below is stale, from"))
            assert show.says("errors 2 (")
            await show.press("q")
            await show.until("that the list is old", lambda: show.says("is without newer figures of CloudWatch"))
            await show.press("m")
            await show.until("the charts as they were", lambda: show.says("errors 2 (") and show.says("is stale, from"))
            await show.until("that they have the focus", lambda: show.says("+ Zoom in"))

            cloudwatch.put("internal", "Errors", time.time() - 600, 1.0)  # it comes late
            cloudwatch.status = lambda of, metric: "Complete"
            cloudwatch.messages = []
            cloudwatch.on(server)
            await show.press("r")
            await show.until("what came late", lambda: show.says("errors 3 (") and show.says("p95 120 ms ("))
            assert not show.says("stale, from")
            assert not show.says("CloudWatch says")
