"""What a person sees while a call is tried again, and when a tail breaks in its middle."""

from __future__ import annotations

import asyncio

import pytest

from lambdatui.ui.panes.functions import FunctionsPane
from lambdatui.ui.panes.logs import LogsPane
from lambdatui.ui.panes.metrics import MetricsPane
from tests.aws import broken, faults
from tests.aws.exchange import Exchange
from tests.aws.fault_server import FaultServer
from tests.faults.screens import everywhere, fine, showing


async def test_a_failed_attempt_and_its_reason_are_shown_while_the_next_is_under_way() -> None:
    async with FaultServer() as server:
        everywhere(server)
        async with showing(server) as show:
            pane = await show.open(FunctionsPane)
            await show.until("the list", lambda: fine(pane, show))
            server.plan("lambda:ListFunctions", faults.aws_error(503, "ServiceException", "busy"), broken.drip)
            await show.press("r")
            await show.until("the second attempt", lambda: show.says("Attempt 2 of 5; the one before:"))
            assert show.says("busy (ServiceException)")
            assert show.says("What is below is stale, from")
            assert show.says("orders")
            await show.until("the end of it", lambda: pane.problem is not None)
            server.plan("lambda:ListFunctions", faults.functions("orders", "new"))
            await show.press("r")
            await show.until("the new list", lambda: show.says("new") and fine(pane, show))
            assert not show.says("Attempt")


async def test_attempts_of_what_is_asked_for_beside_are_not_told_of_when_the_pane_has_what_it_is_about() -> None:
    ready = asyncio.Event()

    async def busy_once_ready(exchange: Exchange) -> None:
        await ready.wait()
        await faults.aws_error(503, "ServiceUnavailableException")(exchange)

    async with FaultServer() as server:
        everywhere(server)
        server.plan("cloudwatch:DescribeAlarms", busy_once_ready)
        async with showing(server) as show:
            await show.until("the list", lambda: show.says("orders"))
            pane = await show.open(MetricsPane)
            await show.until("the figures", lambda: pane.ready and show.says("CloudWatch has nothing"))
            ready.set()
            await show.until("that they are lacking", lambda: show.says("without alarms"))
            await show.until("why", lambda: show.says("Asked: cloudwatch:DescribeAlarms"))
            assert not show.says("Attempt")


@pytest.mark.parametrize("fault", [faults.reset, faults.aws_error(503, "ServiceUnavailableException")])
async def test_a_tail_that_breaks_keeps_its_lines_says_so_and_goes_on_by_itself(fault: object) -> None:
    def line(number: int) -> dict[str, object]:
        return {"eventId": str(number), "timestamp": 1_790_000_000_000 + number, "message": f"line number {number}"}

    async with FaultServer() as server:
        everywhere(server)
        server.plan("logs:FilterLogEvents", faults.answer({"events": [line(1)]}))
        async with showing(server) as show:
            await show.until("the list", lambda: show.says("orders"))
            pane = await show.open(LogsPane)
            await show.until("the first line", lambda: show.says("line number 1"))
            server.plan("logs:FilterLogEvents", fault)  # type: ignore[arg-type]
            await show.until("word of it", lambda: show.says("It is tried again by itself, and at once with r."))
            await show.until("the mark", lambda: show.says("What is below is stale, from"))
            assert show.says("Asked: logs:FilterLogEvents")
            assert show.says("line number 1")
            server.plan("logs:FilterLogEvents", faults.answer({"events": [line(1), line(2)]}))
            await show.until("the second line", lambda: show.says("line number 2"))
            await show.until("the mark's end", lambda: fine(pane, show))
            assert show.letters.count("linenumber1") == 1


async def test_what_is_asked_for_and_comes_late_is_said_to_have_no_answer_yet() -> None:
    async def silent(exchange: Exchange) -> None:
        await exchange.hang()

    async with FaultServer() as server:
        server.plan("lambda:ListFunctions", silent)
        async with showing(server) as show:
            await show.until("word of it", lambda: show.says("Attempt 2 of 5") or show.says("No answer yet."), 4)
