"""The figures in the list of functions."""

from __future__ import annotations

import pytest

from lambdatui.model.errors import Throttled
from lambdatui.model.metrics import Metric
from lambdatui.settings import Settings
from lambdatui.ui.panes import function_health
from lambdatui.ui.panes.functions import FunctionsPane
from tests.fakes import FakeAws, FakeWatch, denied
from tests.ui.stage import Stage, settled, showing

pytestmark = pytest.mark.usefixtures("simulated")

WIDE = (160, 24)


def value(metric: Metric, at: int, period: int) -> float | None:
    """checkout-api: 2 invocations in each period, half of which fail; orders-create: 4, and no error is reported."""
    calls = {"checkout-api": 2.0, "orders-create": 4.0}.get(dict(metric.dimensions).get("FunctionName", ""))
    if calls is None:
        return None
    if metric.name == "Errors":
        return 1.0 if calls == 2.0 else None
    if metric.name == "Throttles":
        return 3.0 if calls == 4.0 else None
    return {"Invocations": calls, "ConcurrentExecutions": 7.0, "Duration": 27_000.0}[metric.name]


def row(stage: Stage, name: str) -> list[str]:
    """The row of a function, word by word."""
    return next(line for line in stage.lines if f" {name} " in line).split()


def of_rows(aws: FakeAws) -> FakeWatch | None:
    """Who is told of the figures of functions."""
    return next((it for it in aws.metrics.watches if any(need.metric.dimensions for need in it.visible)), None)


@pytest.fixture
def busy(aws: FakeAws) -> FakeAws:
    """A gateway whose functions are called."""
    aws.metrics.value = value
    return aws


async def test_the_row_of_a_function_has_its_figures(busy: FakeAws, settings: Settings) -> None:
    async with showing(busy, settings, size=WIDE) as stage:
        await settled(stage.pilot)
        text = " ".join(row(stage, "checkout-api"))
        assert "120 ! 50% ! 27.0 s 90% 0 7" in text
        assert "240 0% ! 27.0 s 90% ! 180" in " ".join(row(stage, "orders-create"))


@pytest.mark.parametrize(("columns", "figures"), [(40, "! 50% 0"), (60, "! 50% 0 ! 27.0 s 90%"), (80, "120 ! 50%")])
async def test_what_fails_is_seen_without_a_key_however_narrow_it_is(
    busy: FakeAws, settings: Settings, columns: int, figures: str
) -> None:
    async with showing(busy, settings, size=(columns, 24)) as stage:
        await settled(stage.pilot)
        text = " ".join(row(stage, "checkout-api"))
        assert figures in text
        assert ("python" in text) == (columns >= 80)
        if columns < 80:
            await stage.press("s", "s")
            assert "Err%" in stage.words
            assert stage.pane(FunctionsPane).table.sorted_by == (3, False)


async def test_without_invocations_there_is_no_error_rate_and_not_zero(busy: FakeAws, settings: Settings) -> None:
    async with showing(busy, settings, size=WIDE) as stage:
        await settled(stage.pilot)
        words = row(stage, "email-receipt")
        assert "0%" not in words
        assert words.count("–") >= 5


async def test_what_is_said_of_a_percentile_is_told_with_the_list(busy: FakeAws, settings: Settings) -> None:
    given = busy.metrics.reading
    busy.metrics.reading = lambda need: given(need)._replace(  # type: ignore[method-assign]
        notes=("It is an upper bound.",) if need.metric.percentile else ()
    )
    async with showing(busy, settings, size=WIDE) as stage:
        await settled(stage.pilot)
        assert "CloudWatch says: It is an upper bound." in stage.words


async def test_the_change_against_the_window_before_is_beside_the_figures(busy: FakeAws, settings: Settings) -> None:
    def changed(metric: Metric, at: int, period: int) -> float | None:
        found = value(metric, at, period)
        earlier = at < busy.metrics.now + 60 - 3600
        factors = {"Invocations": 4, "Errors": 2, "Duration": 2, "Throttles": 0}
        return found if found is None or not earlier else found * factors.get(metric.name, 1)

    busy.metrics.value = changed
    async with showing(busy, settings, size=(200, 24)) as stage:
        await settled(stage.pilot)
        assert "ΔErr ΔErr% ΔInv Δp95 ΔThr" in " ".join(stage.words.split())
        assert "▼ 50% ▲ 2× ▼ 75% ▼ 50% =" in " ".join(row(stage, "checkout-api"))
        assert "= = ▼ 75% ▼ 50% ▲ new" in " ".join(row(stage, "orders-create"))
        assert "– – – – –" in " ".join(row(stage, "email-receipt"))
        pane = stage.pane(FunctionsPane)
        await stage.press("colon", *"sort dthr desc", "enter")
        assert pane.table.items[0].name == "orders-create"
        await stage.press("slash", *"derr<=0.5 dp95<1", "enter")
        assert [it.name for it in pane.table.items] == ["checkout-api"]
        watch = of_rows(busy)
        assert watch is not None
        assert {need.metric.name for need in watch.later} == {"Invocations", "Errors", "Duration", "Throttles"}


async def test_before_the_first_figure_it_is_said_that_cloudwatch_is_asked_again(
    aws: FakeAws, settings: Settings
) -> None:
    aws.metrics.silent = True
    async with showing(aws, settings, size=WIDE) as stage:
        await settled(stage.pilot)
        assert "metrics of 1h" not in stage.words
        aws.metrics.reader.asking.trying = "attempt 2 of 5: throttled"
        aws.metrics.again()
        await settled(stage.pilot)
        assert "metrics of 1h · asking CloudWatch, attempt 2 of 5: throttled" in stage.words


async def test_what_is_told_of_a_row_that_it_pushes_out_of_sight_stays(busy: FakeAws, settings: Settings) -> None:
    async with showing(busy, settings, size=(160, 10)) as stage:
        await settled(stage.pilot)
        last = stage.pane(FunctionsPane).table.in_sight[-1].name
        busy.metrics.problem = lambda need: (
            denied("cloudwatch:GetMetricData") if dict(need.metric.dimensions).get("FunctionName") == last else None
        )
        busy.metrics.again()
        await stage.wait(5)
        assert "without some figures of CloudWatch" in stage.words
        assert last not in stage.words
        written = len(stage.terminal.written)
        await stage.wait(60)
        assert stage.terminal.written[written:] == ""
        busy.metrics.problem = lambda need: None
        busy.metrics.again()
        await stage.wait(5)
        stage.pane(FunctionsPane).apply_filter(last)
        await stage.wait(1)
        busy.metrics.again()
        await stage.wait(5)
        assert "without some figures" not in stage.words
        assert last in stage.words


async def test_only_the_rows_in_sight_are_asked_for(busy: FakeAws, settings: Settings) -> None:
    async with showing(busy, settings, size=(160, 10)) as stage:
        await settled(stage.pilot)
        watch = of_rows(busy)
        assert watch is not None
        names = {dict(need.metric.dimensions).get("FunctionName", "") for need in watch.visible}
        assert len(names) < 10
        assert list(watch.later) == []
        await stage.press("G")
        later = {dict(need.metric.dimensions).get("FunctionName", "") for need in watch.visible}
        assert later != names


async def test_only_the_columns_in_sight_are_asked_for(busy: FakeAws, settings: Settings) -> None:
    def asked() -> set[str]:
        watch = of_rows(busy)
        assert watch is not None
        return {need.metric.name for need in watch.visible}

    async with showing(busy, settings, size=(40, 24)) as stage:
        await settled(stage.pilot)
        assert asked() == {"Invocations", "Errors", "Throttles"}
        await stage.press("right", "right")
        assert asked() == {"Invocations", "Duration"}
        await stage.press("slash", *"conc>5", "enter")
        assert asked() == {"Invocations", "Duration", "ConcurrentExecutions"}
        await stage.press("escape", *["right"] * 30)
        assert of_rows(busy) is None
        assert "Tags" in stage.words
        await stage.resize(160, 24)
        await stage.press(*["left"] * 30)
        assert asked() == {"Invocations", "Errors", "Throttles", "Duration", "ConcurrentExecutions"}
        assert "! 50%" in " ".join(row(stage, "checkout-api"))


async def test_sorting_and_filtering_by_figures_ask_for_all(busy: FakeAws, settings: Settings) -> None:
    async with showing(busy, settings, size=(160, 12)) as stage:
        await settled(stage.pilot)
        pane = stage.pane(FunctionsPane)
        pane.sort("err", reverse=True)
        await settled(stage.pilot)
        assert pane.table.items[0].name == "checkout-api"
        watch = of_rows(busy)
        assert watch is not None
        assert {need.metric.name for need in watch.later} == {"Invocations", "Errors"}
        known = watch.later
        await stage.press("G")
        assert watch.later is known  # thousands of needs are not looked through for each key
        pane.sort("")
        await stage.press("slash", *"err>1", "enter")
        assert [it.name for it in pane.table.items] == ["checkout-api"]
        assert "err is known of 2 of 10" in stage.words


async def test_while_not_all_figures_have_come_a_sorted_list_says_so_and_shows_no_dash(
    busy: FakeAws, settings: Settings
) -> None:
    busy.metrics.problem = lambda need: Throttled("cloudwatch:GetMetricData", "Slow down.")
    async with showing(busy, settings, size=(160, 16)) as stage:
        await settled(stage.pilot)
        stage.pane(FunctionsPane).sort("err", reverse=True)
        await settled(stage.pilot)
        assert "known of 0 of 10 functions" in stage.words
        busy.metrics.problem = lambda need: (
            Throttled("cloudwatch:GetMetricData", "Slow down.") if need.metric.name == "Duration" else None
        )
        busy.metrics.again()
        await settled(stage.pilot)
        assert "known of" not in stage.words
        assert "–" not in row(stage, "checkout-api")


def test_of_every_column_and_term_it_is_known_what_it_is_made_of() -> None:
    titles = [it.title for it in function_health.COLUMNS]
    assert {*titles, *(it.name for it in function_health.FIELDS)} == function_health._NEEDED.keys()


async def test_another_window_is_asked_for_with_a_command(busy: FakeAws, settings: Settings) -> None:
    async with showing(busy, settings, size=WIDE) as stage:
        await settled(stage.pilot)
        await stage.press("colon", *"window 15m", "enter")
        assert "30 ! 50%" in " ".join(row(stage, "checkout-api"))
        assert "metrics of 15m" in stage.words
        await stage.press("colon", *"window 2h", "enter")
        assert "There is no window '2h'. Possible: 15m, 1h, 3h, 24h, 7d." in stage.words
        await stage.press("escape", "colon", *"window", "enter")
        assert "'window' wants a window. Possible: 15m, 1h, 3h, 24h, 7d." in stage.words


async def test_figures_that_are_refreshed_by_a_key_only_say_so(busy: FakeAws, settings: Settings) -> None:
    busy.metrics.reader.habits.every = None
    async with showing(busy, settings, size=WIDE) as stage:
        await settled(stage.pilot)
        assert "metrics of 1h · refreshed by r only" in stage.words


async def test_what_is_refused_is_said_in_the_columns_and_the_list_works(aws: FakeAws, settings: Settings) -> None:
    aws.metrics.problem = lambda need: denied("cloudwatch:GetMetricData")
    async with showing(aws, settings, size=WIDE) as stage:
        await settled(stage.pilot)
        assert row(stage, "checkout-api").count("denied") == 5
        await stage.press("enter")
        assert "Overview" in stage.words


async def test_what_is_throttled_later_stays_as_it_was(busy: FakeAws, settings: Settings) -> None:
    async with showing(busy, settings, size=WIDE) as stage:
        await settled(stage.pilot)
        busy.metrics.problem = lambda need: Throttled("cloudwatch:GetMetricData", "Rate exceeded.")
        busy.metrics.again()
        await settled(stage.pilot)
        assert stage.app.is_running
        assert len(stage.pane(FunctionsPane).table.items) == 10


async def test_nothing_is_read_while_the_list_is_out_of_sight(busy: FakeAws, settings: Settings) -> None:
    async with showing(busy, settings, size=WIDE) as stage:
        await settled(stage.pilot)
        assert of_rows(busy)
        await stage.press("enter")
        assert not of_rows(busy)
        await stage.press("escape")
        assert of_rows(busy)
