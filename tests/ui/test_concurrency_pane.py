"""How much may run at the same time, and who takes it."""

from __future__ import annotations

import pytest

from lambdatui.model.concurrency import AccountLimits
from lambdatui.model.errors import Missing
from lambdatui.model.metrics import Metric, Range
from lambdatui.model.pool import Has, Told, sentences, share
from lambdatui.model.quantities import PROVISIONED, SPILLOVER
from lambdatui.model.versions import Provisioned
from lambdatui.settings import Settings
from lambdatui.ui.panes.concurrency import ConcurrencyPane
from lambdatui.ui.panes.concurrency_cells import columns
from lambdatui.ui.screens.function import FunctionScreen
from lambdatui.ui.widgets.columns import Toned
from tests import samples
from tests.fakes import FakeAws, denied
from tests.ui.stage import settled, showing

pytestmark = pytest.mark.usefixtures("simulated")

WIDE = (160, 24)


@pytest.fixture
def crowded(aws: FakeAws) -> FakeAws:
    """An account of 1,000, of which 200 are reserved by orders-create, and 70 in use."""
    running = {"checkout-api": 40.0, "orders-create": 30.0}

    def value(metric: Metric, at: int, period: int) -> float | None:
        name = dict(metric.dimensions).get("FunctionName", "")
        if metric.name == "ConcurrentExecutions":
            return running.get(name) if name else 70.0
        if metric.name == "UnreservedConcurrentExecutions":
            return 40.0
        return {"Throttles": 2.0, "Invocations": 100.0}.get(metric.name) if name in {"", "checkout-api"} else None

    aws.metrics.value = value
    aws.metrics.active_are = frozenset(running)
    aws.concurrency.limits = AccountLimits(1000, 800)
    aws.concurrency.reserved_are = {"orders-create": 200}
    return aws


async def test_the_bar_adds_up_to_the_limit(crowded: FakeAws, settings: Settings) -> None:
    async with showing(crowded, settings, ConcurrencyPane, size=WIDE) as stage:
        await settled(stage.pilot)
        data = stage.pane(ConcurrencyPane)._bar.data
        assert data is not None
        assert sum(part.value for part in data.parts) + data.free == data.total == 1000
        assert {part.name: part.value for part in data.parts} == {"reserved": 200, "in use": 40, "kept unreserved": 60}
        assert "In use 70, at most 70 in 1h, ! 120 throttled; unreserved 800: 100 stay so." in stage.words


async def test_who_takes_most_of_it_comes_first(crowded: FakeAws, settings: Settings) -> None:
    async with showing(crowded, settings, ConcurrencyPane, size=WIDE) as stage:
        await settled(stage.pilot)
        rows = stage.pane(ConcurrencyPane).table.items
        assert [(it.name, it.peak, it.reserved) for it in rows] == [
            ("checkout-api", 40.0, None), ("orders-create", 30.0, 200),
        ]  # fmt: skip
        assert " 5% " in stage.words  # of 800 that nobody has reserved
        assert "15%" in stage.words  # of its 200
        assert "! 120" in stage.words
        # The last reservation is taken back elsewhere.
        crowded.concurrency.limits, crowded.concurrency.reserved_are = AccountLimits(1000, 1000), {}
        await stage.press("r")
        await settled(stage.pilot)
        assert [it.reserved for it in stage.pane(ConcurrencyPane).table.items] == [None, None]


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("reserve 50 checkout-api", "Yes: 650 stay unreserved"),
        ("reserve 600", "Yes: 100 stay unreserved"),
        ("reserve 601", "No: 600 at most"),
        ("reserve 900 orders-create", "Yes: 100 stay unreserved"),
        ("reserve 901 orders-create", "No: 900 at most"),
        ("reserve 50 email-receipt", "Yes: 650 stay unreserved"),
    ],
)
async def test_whether_so_much_can_be_reserved_is_answered_from_what_is_reserved_now_and_nothing_changed(
    typed: str, answer: str, crowded: FakeAws, settings: Settings
) -> None:
    async with showing(crowded, settings, ConcurrencyPane, size=WIDE) as stage:
        await settled(stage.pilot)
        crowded.concurrency.limits = AccountLimits(1000, 700)  # somebody has reserved 100 since
        crowded.concurrency.reserved_are = {"orders-create": 300}
        await stage.press("colon", *typed, "enter")
        assert answer in stage.toasts[-1]
        assert crowded.journal == []


async def test_who_may_not_ask_for_the_limits_is_told_so_and_sees_who_takes_most(
    crowded: FakeAws, settings: Settings
) -> None:
    crowded.wire.refuse = lambda operation: denied(operation) if operation == "lambda:GetAccountSettings" else None
    async with showing(crowded, settings, ConcurrencyPane, size=WIDE) as stage:
        await settled(stage.pilot)
        assert "Not allowed" in stage.words
        assert "without the account's limits" in stage.words
        assert [it.peak for it in stage.pane(ConcurrencyPane).table.items] == [40.0, 30.0]
        crowded.metrics.active_are = frozenset()
        await stage.press("r")
        await settled(stage.pilot)
        assert "No function was invoked in the last three hours; what is reserved is not known." in stage.words


async def test_who_may_not_list_metrics_is_not_told_that_nobody_runs(crowded: FakeAws, settings: Settings) -> None:
    crowded.concurrency.limits, crowded.concurrency.reserved_are = AccountLimits(1000, 1000), {}
    crowded.wire.refuse = lambda operation: denied(operation) if operation == "cloudwatch:ListMetrics" else None
    async with showing(crowded, settings, ConcurrencyPane, size=WIDE) as stage:
        await settled(stage.pilot)
        assert "Which functions were invoked lately is not known." in stage.words
        assert "In use 70, at most 70" in stage.words


async def test_where_nothing_at_all_may_be_read_that_is_said(aws: FakeAws, settings: Settings) -> None:
    aws.wire.refuse = denied
    async with showing(aws, settings, ConcurrencyPane, size=WIDE) as stage:
        await settled(stage.pilot)
        pane = stage.pane(ConcurrencyPane)
        assert pane.problem is not None
        assert pane.problem.operation == "lambda:GetAccountSettings"


async def test_a_function_that_is_gone_is_told_when_asked_for_it(crowded: FakeAws, settings: Settings) -> None:
    async with showing(crowded, settings, ConcurrencyPane, size=WIDE) as stage:
        await settled(stage.pilot)
        crowded.wire.refuse = lambda operation: Missing(operation, "Function not found: nobody")
        await stage.press("colon", *"reserve 50 nobody", "enter")
        assert "Function not found: nobody" in stage.toasts[-1]


async def test_enter_opens_the_function(crowded: FakeAws, settings: Settings) -> None:
    async with showing(crowded, settings, ConcurrencyPane, size=WIDE) as stage:
        await settled(stage.pilot)
        await stage.press("enter")
        assert isinstance(stage.app.screen, FunctionScreen)
        assert "checkout-api" in stage.lines[0]


async def test_who_may_not_list_functions_is_told_so_and_sees_the_rest(crowded: FakeAws, settings: Settings) -> None:
    crowded.wire.refuse = lambda operation: denied(operation) if operation == "lambda:ListFunctions" else None
    async with showing(crowded, settings, ConcurrencyPane, size=WIDE) as stage:
        await settled(stage.pilot)
        assert "without what functions have reserved" in stage.words
        assert "In use 70, at most 70" in stage.words
        assert "checkout-api" in stage.words


async def test_a_function_that_is_stopped_says_so_though_nothing_is_reserved_in_all(
    crowded: FakeAws, settings: Settings
) -> None:
    crowded.concurrency.limits = AccountLimits(1000, 1000)
    crowded.concurrency.reserved_are = {"checkout-api": 0}
    async with showing(crowded, settings, ConcurrencyPane, size=(80, 24)) as stage:
        await settled(stage.pilot)
        assert "0 stopped" in stage.words
        await stage.press("slash", *"reserved<1", "enter")
        assert [it.name for it in stage.pane(ConcurrencyPane).table.items] == ["checkout-api"]


async def test_a_function_that_is_stopped_and_that_nobody_calls_is_found(crowded: FakeAws, settings: Settings) -> None:
    crowded.concurrency.limits = AccountLimits(1000, 1000)
    stopped = next(it.name for it in samples.functions() if it.name not in crowded.metrics.active_are)
    crowded.concurrency.reserved_are = {stopped: 0}
    async with showing(crowded, settings, ConcurrencyPane, size=(80, 24)) as stage:
        await stage.wait(60)
        assert stopped in {it.name for it in stage.pane(ConcurrencyPane).table.items}
        assert "0 stopped" in stage.words


async def test_figures_that_are_refused_are_no_dashes_and_what_adds_up_is_told_at_forty_columns(
    crowded: FakeAws, settings: Settings
) -> None:
    crowded.metrics.problem = lambda need: denied("cloudwatch:GetMetricData")
    async with showing(crowded, settings, ConcurrencyPane, size=WIDE) as stage:
        await settled(stage.pilot)
        assert "orders-create denied denied – 200 denied" in stage.words
        await stage.press("escape")
        await stage.resize(40, 24)
        assert all(it in stage.words for it in ("reserved 200", "in use –", "unreserved 100", "free 700", "= limit"))


async def test_what_is_provisioned_is_a_part_of_the_bar_with_its_utilisation_and_what_spilled_over(
    crowded: FakeAws, settings: Settings
) -> None:
    before = crowded.metrics.value
    more = {PROVISIONED.metric: 18.0, SPILLOVER.metric: 1.0}
    crowded.metrics.value = lambda metric, at, period: more.get(metric.name, before(metric, at, period))
    crowded.metrics.provisioned_are = frozenset({"checkout-api"})
    crowded.concurrency.provisioned_is = [Provisioned("live", 20, 20, 20, "READY")]
    async with showing(crowded, settings, ConcurrencyPane, size=WIDE) as stage:
        await settled(stage.pilot)
        data = stage.pane(ConcurrencyPane)._bar.data
        assert data is not None
        assert sum(part.value for part in data.parts) + data.free == data.total == 1000
        assert {part.name: part.value for part in data.parts} == {
            "reserved": 200, "in use": 20, "provisioned": 20, "kept unreserved": 60,
        }  # fmt: skip
        assert "Provisioned 20 for 1 function, at most 90% used; 60 calls spilled over." in stage.words
        assert "! 20, 90%" in stage.words
        await stage.press("colon", *"reserve 19 checkout-api", "enter")
        assert "No: 20 at least" in stage.toasts[-1]


async def test_who_ran_an_hour_ago_does_not_run_now(crowded: FakeAws, settings: Settings) -> None:
    before, end = crowded.metrics.value, crowded.metrics.now - 1200
    crowded.metrics.value = lambda metric, at, period: before(metric, at, period) if at < end else None
    async with showing(crowded, settings, ConcurrencyPane, size=WIDE) as stage:
        await settled(stage.pilot)
        assert "In use –, at most 70 in 1h" in stage.words
        assert " in use – " in stage.words  # in the bar too
        assert {it.now for it in stage.pane(ConcurrencyPane).table.items} == {None}


def test_what_was_not_answered_yet_is_no_dash() -> None:
    row = share("f", Range.HOUR, {}, Has({}, {}))
    cells = {column.title: column.cell(row) for column in columns(lambda _: None)}
    assert {cells[it] for it in ("Now", "Peak", "Thr")} == {Toned("…", "muted")}
    first, *_ = sentences(AccountLimits(1000, 800), Told(None, None, None, waiting=True), Range.HOUR, [])
    assert first.startswith("In use …, at most … in 1h")
