"""What is failing in the account."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from lambdatui.local.logs.filter_pattern import compiled
from lambdatui.model.errors import Offline
from lambdatui.model.log_levels import Level, level
from lambdatui.model.logs import LogEvent, TailUpdate
from lambdatui.model.metrics import Metric
from lambdatui.settings import Settings
from lambdatui.ui.panes.errors import ErrorsPane
from lambdatui.ui.panes.last_error import PATIENCE, PATTERN, SETTLED
from lambdatui.ui.panes.logs import GroupLogsPane
from tests import samples
from tests.fakes import FakeAws, denied
from tests.ui.stage import settled, showing

TOLD = (
    "[ERROR] KeyError: 'sku'\nTraceback (most recent call last):", "KeyError: 'sku'", "fail: error in Shop.Orders[0]",
    "2026-11-23T13:12:20.123Z 8f Task timed out after 3.00 seconds", '{"level":50,"time":1,"msg":"no stock"}',
    "java.lang.IllegalStateException: no stock\n\tat shop.Orders", 'Exception in thread "main" java.lang',
    "2026-11-23 13:12:20,123 - shop.orders - CRITICAL - gone", "[FATAL] gone", "panic: index out of range",
    "stock\nTraceback (most recent call last):", '{"errorType":"KeyError","errorMessage":"sku"}',
)  # fmt: skip
"""Lines of several runtimes and libraries."""


pytestmark = pytest.mark.usefixtures("simulated")

WIDE = (160, 24)
PER_PERIOD = {"checkout-api": 1.0, "orders-create": 5.0, "email-receipt": 0.0}
"""Errors in each minute of the last hour; there were none before."""


@pytest.fixture
def failing(aws: FakeAws) -> FakeAws:
    """A gateway to functions that fail, each minute of the last hour and not before, ten invocations a minute."""
    begun = aws.metrics.now - 3540  # the period under way is the last one

    def value(metric: Metric, at: int, period: int) -> float | None:
        errors = PER_PERIOD.get(dict(metric.dimensions).get("FunctionName", ""), 0.0)
        if metric.name == "Errors":
            return errors if at >= begun else 0.0
        return {"Invocations": 10.0, "AsyncEventAge": 1500.0 if errors == 5 else None}.get(metric.name)

    aws.metrics.value = value
    aws.metrics.active_are = frozenset(PER_PERIOD)
    return aws


async def test_functions_are_ranked_by_their_errors_and_those_without_are_left_out(
    failing: FakeAws, settings: Settings
) -> None:
    async with showing(failing, settings, ErrorsPane, size=WIDE) as stage:
        await settled(stage.pilot)
        pane = stage.pane(ErrorsPane)
        assert [(it.name, it.errors) for it in pane.table.items] == [("orders-create", 300.0), ("checkout-api", 60.0)]
        assert "! 300 ! 50% ▲ new" in stage.words
        assert not any(it.longer for it in pane.table.items)
        assert "1.5 s" in stage.words
        # It stays on top of the ranking only until somebody has moved it.
        assert pane.table.cursor_item is pane.table.items[0]
        await stage.press("j")
        failing.metrics.again()
        await stage.wait()
        assert pane.table.cursor_item is pane.table.items[1]
        assert "360 errors in 1h, 3 functions ran lately" in stage.words


async def test_a_sum_says_what_it_leaves_out(failing: FakeAws, settings: Settings) -> None:
    failing.metrics.problem = lambda need: (
        Offline("cloudwatch:GetMetricData", "No answer.")
        if dict(need.metric.dimensions).get("FunctionName", "") == "email-receipt"
        else None
    )
    async with showing(failing, settings, ErrorsPane, size=WIDE) as stage:
        await settled(stage.pilot)
        assert "360 errors in 1h without 1 of 3 functions" in stage.words
        failing.metrics.reader.asking.trying = "attempt 2 of 5: throttled"
        failing.metrics.again()
        await settled(stage.pilot)
        assert "without 1 of 3 functions · asking CloudWatch, attempt 2 of 5: throttled" in stage.words
        failing.metrics.reader.asking.trying = ""
        for asked, cost in ((1, "less than $0.01"), (1_000, "up to $0.01"), (1_001, "up to $0.02")):
            failing.metrics.reader.asking.asked = asked
            failing.metrics.again()
            await settled(stage.pilot)
            assert f"metrics have cost {cost}" in stage.words


async def test_enter_opens_the_log_at_that_time_with_errors_only(failing: FakeAws, settings: Settings) -> None:
    failing.logs.script = [TailUpdate(samples.log_events(), "poll 1 s")]
    async with showing(failing, settings, ErrorsPane, size=WIDE) as stage:
        await settled(stage.pilot)
        await stage.press("enter")
        pane = stage.pane(GroupLogsPane)
        assert [it.name for it in pane.groups] == ["/aws/lambda/orders-create"]
        assert pane.lines.filtered == "level>=error"
        assert pane.range is not None
        assert pane.range.end is None


async def test_the_log_of_a_busy_function_is_read_back_to_its_errors(failing: FakeAws, settings: Settings) -> None:
    def line(number: int, message: str) -> LogEvent:
        at = int(failing.metrics.now - 60) * 1000 + number
        return replace(samples.event(number, message), timestamp=at, ingestion=at)

    failing.logs.script = [TailUpdate(tuple(line(n, f"fine {n}") for n in range(60, 90)), "poll 1 s")]
    failing.logs.older = [[line(n, f"fine {n}") for n in range(30, 60)], [line(5, "[ERROR] no card")]]
    async with showing(failing, settings, ErrorsPane, size=WIDE) as stage:
        await settled(stage.pilot)
        await stage.press("enter")
        await settled(stage.pilot)
        assert "[ERROR] no card" in stage.words
        assert "older lines are being read" not in stage.words
        assert not stage.pane(GroupLogsPane).older.hunting


async def test_where_nothing_fails_that_is_said(aws: FakeAws, settings: Settings) -> None:
    aws.metrics.active_are = frozenset({"checkout-api"})
    async with showing(aws, settings, ErrorsPane, size=WIDE) as stage:
        await settled(stage.pilot)
        assert "No function that was invoked in the last three hours has failed" in stage.words


async def test_who_may_not_list_metrics_is_told_so(aws: FakeAws, settings: Settings) -> None:
    aws.wire.refuse = lambda operation: denied(operation) if operation == "cloudwatch:ListMetrics" else None
    async with showing(aws, settings, ErrorsPane, size=WIDE) as stage:
        await settled(stage.pilot)
        assert "Not allowed" in stage.words


async def test_figures_go_on_where_the_functions_cannot_be_listed_anew_and_r_asks_for_all(
    failing: FakeAws, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with showing(failing, settings, ErrorsPane, size=WIDE) as stage:
        await settled(stage.pilot)
        await stage.press("1")
        await settled(stage.pilot)
        failing.wire.refuse = lambda operation: denied(operation) if operation == "cloudwatch:ListMetrics" else None
        before = failing.metrics.value
        failing.metrics.value = lambda metric, at, period: (before(metric, at, period) or 0) * 2
        await stage.press("4")
        await settled(stage.pilot)
        assert "Not allowed, what is below is stale" in stage.words
        pane = stage.pane(ErrorsPane)
        assert [it.errors for it in pane.table.items] == [600.0, 120.0]
        asked: list[str] = []
        monkeypatch.setattr(failing.metrics.reader, "refresh", lambda: asked.append("r"))
        pane.watching.end()
        await stage.press("r")
        assert asked == ["r"]


async def test_another_window_is_another_sum(failing: FakeAws, settings: Settings) -> None:
    async with showing(failing, settings, ErrorsPane, size=WIDE) as stage:
        await settled(stage.pilot)
        await stage.press("colon", *"window 15m", "enter")
        assert "90 errors in 15m" in stage.words
        assert "! 75" in stage.words
        assert all(it.longer for it in stage.pane(ErrorsPane).table.items)
        assert " <" in stage.words


async def test_functions_that_only_were_throttled_or_lost_events_are_told_of(aws: FakeAws, settings: Settings) -> None:
    lost: dict[tuple[str | None, str], float] = {
        ("price-import", "Throttles"): 2.0,
        ("orders-create", "AsyncEventsDropped"): 1.0,
    }
    aws.metrics.value = lambda metric, at, period: lost.get(
        (dict(metric.dimensions).get("FunctionName", ""), metric.name)
    )
    aws.metrics.active_are = frozenset({"checkout-api", "orders-create", "price-import"})
    async with showing(aws, settings, ErrorsPane, size=WIDE) as stage:
        await settled(stage.pilot)
        assert {it.name for it in stage.pane(ErrorsPane).table.items} == {"orders-create", "price-import"}
        assert "! 120" in stage.words
        assert "price-import – –" in stage.words  # nothing ran: no error is nothing that was reported
        await stage.resize(80, 24)
        assert "Thr" in stage.text
        assert "60 events dropped" in stage.words
        await stage.press("j")
        assert "120 throttled" in stage.words
        await stage.press("slash", *"thr>0", "enter")
        assert {it.name for it in stage.pane(ErrorsPane).table.items} == {"price-import"}


async def test_what_is_refused_is_not_said_to_be_nothing(aws: FakeAws, settings: Settings) -> None:
    aws.metrics.active_are = frozenset({"checkout-api", "orders-create"})
    aws.metrics.problem = lambda need: denied("cloudwatch:GetMetricData")
    async with showing(aws, settings, ErrorsPane, size=WIDE) as stage:
        await settled(stage.pilot)
        assert "Of 2 of 2 functions it is not known whether they fail." in stage.words
        assert "has failed" not in stage.words
        assert "without figures of CloudWatch" in stage.words
        assert "– errors in 1h without 2 of 2 functions" in stage.words
        await stage.press("escape")
        assert "it is not known" in stage.words


async def test_the_newest_error_of_the_function_under_the_cursor_stands_below(
    failing: FakeAws, settings: Settings
) -> None:
    failing.logs.ranged = [samples.log_events()]
    async with showing(failing, settings, ErrorsPane, size=WIDE) as stage:
        await settled(stage.pilot)
        await stage.wait(SETTLED)
        assert "Task timed out after 3.00 seconds" in stage.words
        before = failing.logs.ranges
        await stage.pilot.press("j", "k", "j")
        await stage.wait(SETTLED * 2)
        assert failing.logs.ranges == before + 1
        await stage.press("colon", *"window 15m", "enter")
        await stage.wait(SETTLED * 2)
        assert failing.logs.ranges == before + 2


async def test_an_error_that_no_pattern_finds_is_looked_for_without_one(failing: FakeAws, settings: Settings) -> None:
    failing.logs.unmatched = [[samples.event(1, "fine"), samples.event(2, "stock\nTraceback (most recent call last):")]]
    async with showing(failing, settings, ErrorsPane, size=WIDE) as stage:
        await settled(stage.pilot)
        await stage.wait(SETTLED)
        assert "stock" in stage.words
        assert failing.logs.ranges == 2


def test_the_pattern_of_the_search_gives_every_line_that_tells_of_an_error() -> None:
    matches = compiled(PATTERN)
    assert matches is not None
    assert not [it for it in TOLD if level(it) < Level.ERROR or not matches(it)]
    assert not matches("fine")


async def test_the_search_for_an_error_ends_in_time(failing: FakeAws, settings: Settings) -> None:
    failing.logs.ranged = [asyncio.Event()]
    async with showing(failing, settings, ErrorsPane, size=WIDE) as stage:
        await settled(stage.pilot)
        await stage.wait(SETTLED + PATIENCE)
        assert "within 5 s" in stage.words
