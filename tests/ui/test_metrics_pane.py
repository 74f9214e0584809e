"""The Metrics tab: charts of what CloudWatch has of a function, held to points that are known."""

from __future__ import annotations

import csv
import json
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lambdatui.aws.metrics import Variant
from lambdatui.model.alarms import Alarm, Watched
from lambdatui.model.errors import Throttled
from lambdatui.model.metrics import Metric
from lambdatui.settings import Settings
from lambdatui.ui.panes.logs import LogsPane
from lambdatui.ui.panes.metrics import MetricsPane
from lambdatui.ui.panes.overview import OverviewPane
from lambdatui.ui.screens.main import MainScreen
from tests import samples
from tests.fakes import FakeAws, denied
from tests.ui.stage import Stage, settled, showing

pytestmark = pytest.mark.usefixtures("simulated")

NAME = samples.functions()[0].name
NOW = 1_800_000_000
"""The time of the metrics, at the beginning of a minute."""
TALL = (100, 80)
DAY = 86_400

TO_THE_ERRORS = ("left", "shift+left", "left")
"""Keys that bring the cursor to the minute in which calls failed."""


def ago(at: int) -> int:
    """How many minutes before now a period began."""
    return (NOW - at) // 60


def traffic(metric: Metric, at: int, period: int) -> float | None:
    """Ten calls each minute and twelve in the last one that is over; two of them fail, twelve minutes ago."""
    minutes = [ago(minute) for minute in range(at, at + period, 60) if 0 <= ago(minute) <= 7 * 24 * 60]
    if dict(metric.dimensions) != {"FunctionName": NAME} or not minutes:
        return None
    durations = {"p50": 20.0, "p95": 250.0, "p99": 900.0}
    found: dict[str, float | None] = {
        "Invocations": sum(12.0 if it == 1 else 10.0 for it in minutes),
        "Errors": 2.0 if 12 in minutes else None,
        "Duration": durations.get(metric.statistic),
        "ConcurrentExecutions": 3.0,
    }
    return found.get(metric.name)


@pytest.fixture
def aws(aws: FakeAws) -> FakeAws:
    aws.metrics.value = traffic
    return aws


def alarm(**other: object) -> Alarm:
    watched = Watched("Errors", "Sum", (("FunctionName", NAME),), 60)
    known = Alarm("too-many-errors", "ALARM", "", "GreaterThanThreshold", 5.0, (watched,))
    return replace(known, **other)


def pane(stage: Stage) -> MetricsPane:
    return stage.pane(MetricsPane)


async def save(stage: Stage, *keys: str) -> None:
    """Press keys that save, and wait for the thread that writes. Of no worker given, Textual would wait for all."""
    await stage.press(*keys)
    if saving := [it for it in stage.app.workers if it.group == "save"]:
        await stage.app.workers.wait_for_complete(saving)
    await stage.wait()


# What is shown ------------------------------------------------------------------------------------------------------


async def test_each_chart_tells_the_last_value_and_the_highest(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, MetricsPane, size=TALL) as stage:
        await settled(stage.pilot)
        for said in (
            "invocations 12, max 12", "errors 0, max 2", "error rate 0 %, max 20 %", "p50 20 ms, max 20 ms",
            "p95 250 ms", "p99 900 ms", "at the same time 3, max 3", "last 1 h", "a point is 1 min",
        ):  # fmt: skip
            assert said in stage.words, said


async def test_throttles_that_were_not_reported_are_zero_while_there_are_invocations(
    aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings, MetricsPane, size=TALL) as stage:
        await settled(stage.pilot)
        assert "throttles 0, max 0" in stage.words


async def test_what_has_no_data_is_a_line_and_no_empty_chart(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, MetricsPane, size=TALL) as stage:
        await settled(stage.pilot)
        assert "No data: iterator age, async events, failed deliveries, provisioned spillover" in stage.words
        assert "no data" not in stage.words
        assert "Iterator age" not in stage.words
        assert len(pane(stage).stack.shown) == 5


async def test_a_function_that_was_never_called_is_told_so_without_an_error_rate(
    aws: FakeAws, settings: Settings
) -> None:
    aws.metrics.value = lambda metric, at, period: None
    async with showing(aws, settings, MetricsPane, size=TALL) as stage:
        await settled(stage.pilot)
        assert "nothing of this function in the time shown (last 1 h): no invocations, no errors" in stage.words
        await stage.press("colon", *"save csv", "enter")
        assert "There are no points to save." in stage.words
        assert "%" not in stage.text


async def test_a_gap_is_no_zero(aws: FakeAws, settings: Settings) -> None:
    aws.metrics.value = lambda metric, at, period: None if ago(at) < 40 else traffic(metric, at, period)
    async with showing(aws, settings, MetricsPane, size=TALL) as stage:
        await settled(stage.pilot)
        assert "invocations 10 (39 min ago), max 10" in stage.words
        assert "error rate 0 % (39 min ago), max 0 %" in stage.words
        await stage.press("less_than_sign")
        assert "invocations 10 (9 min before the end), max 10" in stage.words


async def test_durations_and_executions_are_held_against_their_limits(aws: FakeAws, settings: Settings) -> None:
    aws.concurrency.reserved_are = {NAME: 7}
    async with showing(aws, settings, MetricsPane, size=TALL) as stage:
        await settled(stage.pilot)
        for said in ("timeout 30.0 s", "reserved 7", "account 1,000"):
            assert said in stage.words, said


async def test_charts_stand_side_by_side_where_there_is_room(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, MetricsPane, size=(120, 36)) as stage:
        await settled(stage.pilot)
        (row,) = (line for line in stage.lines if "invocations 22" in line)
        assert "errors 0, max 2" in row
        await stage.resize(80, 24)
        await settled(stage.pilot)
        (row,) = (line for line in stage.lines if "invocations 12" in line)
        assert "errors" not in row
        assert sum("┤" in line for line in stage.lines) >= 4


# The cursor ---------------------------------------------------------------------------------------------------------


async def test_one_cursor_is_over_all_charts(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, MetricsPane, size=TALL) as stage:
        await settled(stage.pilot)
        await stage.press(*TO_THE_ERRORS)
        assert {chart.cursor for chart in pane(stage).stack.shown} == {47}
        for said in ("invocations 10", "errors 2", "error rate 20 %", "p99 900 ms", "at the same time 3"):
            assert f"{said} " in stage.words, said
        assert "max" not in stage.words
        await stage.press("escape")
        assert {chart.cursor for chart in pane(stage).stack.shown} == {None}
        assert "errors 0, max 2" in stage.words


async def test_the_cursor_stays_at_its_moment_while_time_goes_on(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, MetricsPane, size=TALL) as stage:
        await settled(stage.pilot)
        await stage.press(*TO_THE_ERRORS)
        before = pane(stage).cursor
        assert "errors 2 " in stage.words
        aws.metrics.now += 180
        aws.metrics.again()
        await settled(stage.pilot)
        assert {chart.cursor for chart in pane(stage).stack.shown} == {44}
        assert pane(stage).cursor == before
        assert "errors 2 " in stage.words


async def test_the_keys_that_move_go_from_chart_to_chart(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, MetricsPane, size=(80, 24)) as stage:
        await settled(stage.pilot)
        assert "Concurrency" not in stage.text
        await stage.press("end")
        assert "Concurrency" in stage.text
        assert stage.app.screen.focused is pane(stage).stack.shown[-1]
        await stage.press("k", "k", "j")
        assert stage.app.screen.focused is pane(stage).stack.shown[-2]
        await stage.press("g")
        assert "invocations 12" in stage.words


async def test_another_tab_is_reached_from_any_chart(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, MetricsPane, size=TALL) as stage:
        await settled(stage.pilot)
        await stage.press("j", "j", "O")
        assert stage.pane(OverviewPane).active
        assert not pane(stage).active
        await stage.press("m")
        assert stage.app.screen.focused in pane(stage).stack.shown


# Time ---------------------------------------------------------------------------------------------------------------


async def test_the_time_that_is_shown_can_be_shorter_longer_earlier_and_now_again(
    aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings, MetricsPane, size=TALL) as stage:
        await settled(stage.pilot)
        await stage.press("minus")
        assert "last 3 h" in stage.words
        assert "a point is 2 min" in stage.words
        await stage.press("plus", "plus")
        assert "last 30 min" in stage.words
        await stage.press("less_than_sign", "less_than_sign")
        end = datetime.fromtimestamp(NOW - 1800)
        assert f"to {end:%H:%M}" in stage.words
        assert "last" not in stage.words
        await stage.press("greater_than_sign", "greater_than_sign")
        assert "last 30 min" in stage.words
        await stage.press("less_than_sign", "escape")
        assert "last 1 h" in stage.words
        await stage.press("escape")
        assert isinstance(stage.app.screen, MainScreen)


async def test_zooming_in_keeps_the_cursor_and_goes_where_it_is(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, MetricsPane, size=TALL) as stage:
        await settled(stage.pilot)
        await stage.press("left", *["shift+left"] * 3)
        at = pane(stage).cursor
        assert at is not None
        await stage.press("plus", "plus")
        assert pane(stage).cursor == at
        window = pane(stage).charts[0]
        assert window is not None
        assert window.start + 300 <= at <= window.end - 300


async def test_times_are_told_in_utc_or_in_local_time(
    aws: FakeAws, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    time.tzset()
    try:
        async with showing(aws, settings, MetricsPane, size=TALL) as stage:
            await settled(stage.pilot)
            await stage.press(*TO_THE_ERRORS)
            assert "15 Jan 13:33" in stage.words
            await stage.press("t")
            assert "15 Jan 07:48" in stage.words
            assert "UTC" in stage.words
            await stage.press("t")
            assert "15 Jan 13:33" in stage.words
    finally:
        monkeypatch.undo()
        time.tzset()


async def test_the_window_of_the_program_is_that_of_the_charts(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, MetricsPane, size=TALL) as stage:
        await settled(stage.pilot)
        await stage.press("colon", *"window 15m", "enter")
        assert "last 15 min" in stage.words
        assert "errors 0, max 2" in stage.words
        await stage.press("colon", *"window 7d", "enter")
        assert "last 7 d" in stage.words


async def test_the_same_time_of_another_day_can_stand_behind_it(aws: FakeAws, settings: Settings) -> None:
    def value(metric: Metric, at: int, period: int) -> float | None:
        if metric.name == "Invocations" and at < NOW - DAY + 3600:
            return 40.0 if at == NOW - DAY - 600 else 70.0 if at == NOW - 7 * DAY - 600 else 1.0
        return traffic(metric, at, period)

    aws.metrics.value = value
    async with showing(aws, settings, MetricsPane, size=TALL) as stage:
        await settled(stage.pilot)
        await stage.press("B")
        assert "behind it yesterday" in stage.words
        assert "invocations yesterday max 40" in stage.words
        await stage.press("left", *["left"] * 9)
        assert "invocations yesterday 40" in stage.words
        await stage.press("B", "escape")
        assert "invocations a week before max 70" in stage.words
        await stage.press("B")
        assert "yesterday" not in stage.words
        assert "week" not in stage.words


# Versions -----------------------------------------------------------------------------------------------------------


def by_version(metric: Metric, at: int, period: int) -> float | None:
    of = dict(metric.dimensions)
    version = of.get("ExecutedVersion") or of.get("Resource", "").partition(":")[2]
    calls = {"3": 9.0, "4": 1.0}.get(version)
    if calls is None or (of.get("ExecutedVersion") and not of["Resource"].endswith(":live")):
        return traffic(metric, at, period)
    return {"Invocations": calls, "Errors": 1.0 if version == "4" else None}.get(metric.name)


async def test_charts_can_be_by_version_and_by_what_an_alias_executed(aws: FakeAws, settings: Settings) -> None:
    aws.metrics.value = by_version
    aws.metrics.variants_are = [Variant("3"), Variant("4"), Variant("live"), Variant("live", "3"), Variant("live", "4")]
    async with showing(aws, settings, MetricsPane, size=TALL) as stage:
        await settled(stage.pilot)
        await stage.press("b")
        for said in ("by version", "v4 1, max 1", "v3 9, max 9", "v4 100 %, max 100 %", "v3 0 %, max 0 %"):
            assert said in stage.words, said
        await stage.press("b")
        assert "alias live by executed version" in stage.words
        assert "v3 9, max 9" in stage.words
        await stage.press("b")
        assert "executed version" not in stage.words
        assert "invocations 12, max 12" in stage.words


async def test_where_no_version_was_called_that_is_said(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, MetricsPane, size=TALL) as stage:
        await settled(stage.pilot)
        await stage.press("b")
        assert stage.toasts == ["No version and no alias of it was called by name in the last three hours."]
        assert "invocations 12, max 12" in stage.words


async def test_a_refusal_to_list_the_versions_is_told_and_changes_nothing(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, MetricsPane, size=TALL) as stage:
        await settled(stage.pilot)
        aws.wire.refuse = denied
        await stage.press("b")
        assert "cloudwatch:ListMetrics" in stage.toasts[0]
        assert "invocations 12, max 12" in stage.words


# Alarms -------------------------------------------------------------------------------------------------------------


async def test_alarms_are_lines_in_their_charts_and_states_above_them(aws: FakeAws, settings: Settings) -> None:
    five = Watched("Duration", "p99", (("FunctionName", NAME),), 300)
    other = Watched("Errors", "Sum", (("FunctionName", "somebody-else"),), 60)
    went_off = datetime.fromtimestamp(NOW - 720, UTC)
    aws.alarms.script = [
        [alarm(updated=went_off), alarm(name="slow", state="OK", threshold=800.0, watched=(five,))],
        [alarm(name="not-ours", watched=(other,))],
    ]
    async with showing(aws, settings, MetricsPane, size=TALL) as stage:
        await settled(stage.pilot)
        assert "! too-many-errors ALARM (Errors Sum > 5 in 1 min)" in stage.words
        assert "slow OK (Duration p99 > 800 ms in 5 min)" in stage.words
        assert "alarm too-many-errors 5" in stage.words
        assert "alarm slow 800 ms" in stage.words
        assert "not-ours" not in stage.text
        await stage.press(*TO_THE_ERRORS)
        assert "alarm too-many-errors: ALARM" in stage.words
        # It does not stand there as it was for as long as somebody looks.
        aws.alarms.script = [[alarm(state="OK")]]
        aws.metrics.now += 60
        for watch in aws.metrics.watches:
            watch.news.set()
        await settled(stage.pilot)
        assert "too-many-errors OK (Errors" in stage.words
        assert "too-many-errors ALARM" not in stage.words


async def test_of_many_alarms_it_says_how_many_more_there_are_and_a_key_shows_all(
    aws: FakeAws, settings: Settings
) -> None:
    aws.alarms.script = [[alarm(name=f"errors-{it}", description="Call Ada") for it in range(7)]]
    async with showing(aws, settings, MetricsPane, size=(60, 40)) as stage:
        await settled(stage.pilot)
        lines = stage.text.splitlines()
        at = next(number for number, line in enumerate(lines) if "7 alarms: ! errors-0 ALARM" in line)
        assert "! errors-1" in lines[at] + lines[at + 1]
        assert "+5 more: A" in lines[at + 1]
        assert "!" not in {line.split()[-1] for line in lines[at : at + 2]}
        await stage.press("A")
        for it in range(7):
            assert f"! errors-{it}: ALARM" in stage.words
        assert "Call Ada" in stage.words
        await stage.press("escape")
        assert pane(stage).active


async def test_alarms_that_may_not_be_seen_are_told_and_nothing_else_is_missing(
    aws: FakeAws, settings: Settings
) -> None:
    aws.wire.refuse = lambda operation: denied(operation) if "Alarms" in operation else None
    async with showing(aws, settings, MetricsPane, size=TALL) as stage:
        await settled(stage.pilot)
        assert "without alarms: not allowed (cloudwatch:DescribeAlarms)" in stage.words
        assert "invocations 12, max 12" in stage.words
        assert "account 1,000" in stage.words


# What fails ---------------------------------------------------------------------------------------------------------


async def test_what_is_refused_of_the_metrics_is_told_and_the_rest_is_shown(aws: FakeAws, settings: Settings) -> None:
    aws.metrics.problem = lambda need: denied("cloudwatch:GetMetricData") if need.metric.name == "Duration" else None
    async with showing(aws, settings, MetricsPane, size=TALL) as stage:
        await settled(stage.pilot)
        assert "without some of the metrics" in stage.words
        assert "cloudwatch:GetMetricData" in stage.words
        assert "invocations 12, max 12" in stage.words
        assert "Not given: durations. No data: iterator age" in stage.words


async def test_metrics_that_are_throttled_are_told_and_come_by_themselves_again(
    aws: FakeAws, settings: Settings
) -> None:
    throttled = Throttled("cloudwatch:GetMetricData", "Too many requests.", "It is tried again.")
    aws.metrics.problem = lambda need: throttled
    async with showing(aws, settings, MetricsPane, size=TALL) as stage:
        await settled(stage.pilot)
        assert "Too many requests." in stage.words
        aws.metrics.problem = lambda need: None
        aws.metrics.again()
        await settled(stage.pilot)
        assert "Too many requests." not in stage.words
        assert "invocations 12, max 12" in stage.words


# Elsewhere ----------------------------------------------------------------------------------------------------------


async def test_enter_reads_the_log_of_the_period_under_the_cursor(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, MetricsPane, size=TALL) as stage:
        await settled(stage.pilot)
        await stage.press(*TO_THE_ERRORS)
        await stage.tap("enter")
        logs = stage.pane(LogsPane)
        assert logs.active
        assert logs.range is not None
        assert logs.range[:2] == ((NOW - 720) * 1000, (NOW - 660) * 1000 - 1)

        await stage.tap("escape")
        assert stage.pane(MetricsPane).active
        await stage.tap("enter")
        assert logs.active
        await stage.press("m", "l")  # by their keys: nothing was opened
        await stage.tap("escape")
        assert not stage.app.screen.query(MetricsPane)


async def test_without_a_cursor_enter_reads_the_log_of_all_that_is_shown(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, MetricsPane, size=TALL) as stage:
        await settled(stage.pilot)
        await stage.tap("enter")
        logs = stage.pane(LogsPane)
        assert logs.range is not None
        assert logs.range[:2] == ((NOW - 3540) * 1000, (NOW + 60) * 1000 - 1)
        await stage.tap("escape")
        await stage.press(*["minus"] * 5)
        await settled(stage.pilot)
        await stage.tap("enter")
        assert logs.range.words.count("-") == 4  # both ends with their day


async def test_the_points_are_saved_as_csv_into_a_private_file(
    aws: FakeAws, settings: Settings, tmp_path: Path
) -> None:
    async with showing(aws, settings, MetricsPane, size=TALL) as stage:
        await settled(stage.pilot)
        pane(stage).desk.logs.folder = tmp_path / "logs"
        await save(stage, "ctrl+s", "enter")
        (path,) = (tmp_path / "metrics").iterdir()
        assert path.name.startswith(f"{NAME}-1h-")
        assert path.stat().st_mode & 0o777 == 0o600
        assert str(path) in stage.toasts[0].replace("\n", "")
        rows = list(csv.DictReader(path.read_text().splitlines()))
        assert len(rows) == 60
        assert sum(float(row["Invocations: invocations"] or 0) for row in rows) == 602
        assert [row["Errors: errors"] for row in rows].count("2") == 1
        assert (rows[47]["time"], rows[47]["Errors: errors"]) == ("2027-01-15T07:48:00Z", "2")
        assert [row["complete"] for row in rows].count("no") == 1


async def test_the_points_are_saved_as_json_by_command(aws: FakeAws, settings: Settings, tmp_path: Path) -> None:
    async with showing(aws, settings, MetricsPane, size=TALL) as stage:
        await settled(stage.pilot)
        pane(stage).desk.logs.folder = tmp_path / "logs"
        await save(stage, "colon", *"save json", "enter")
        (path,) = (tmp_path / "metrics").iterdir()
        told = json.loads(path.read_text())
        assert (told["function"], told["view"]) == (NAME, "all versions together")
        assert told["period_seconds"] == 60
        assert len(told["timestamps"]) == 60
        (errors,) = (it for chart in told["charts"] for it in chart["series"] if it["name"] == "errors")
        assert errors["values"][47] == 2
        assert sum(errors["values"]) == 2


async def test_a_day_of_which_there_is_nothing_is_told_and_draws_nothing(aws: FakeAws, settings: Settings) -> None:
    aws.metrics.value = lambda metric, at, period: traffic(metric, at, period) if at > NOW - DAY else None
    async with showing(aws, settings, MetricsPane, size=TALL) as stage:
        await settled(stage.pilot)
        await stage.press("B", "B")
        assert "nothing of a week before" in stage.words
        assert "invocations a week" not in stage.words


async def test_back_from_a_time_without_data_the_arrows_move_the_cursor(aws: FakeAws, settings: Settings) -> None:
    aws.metrics.value = lambda metric, at, period: traffic(metric, at, period) if at > NOW - DAY else None
    async with showing(aws, settings, MetricsPane, size=TALL) as stage:
        await settled(stage.pilot)
        await stage.press(*["minus"] * 5, *["less_than_sign"] * 10)
        await settled(stage.pilot)
        assert "nothing of this function in the time shown" in stage.words
        year = datetime.fromtimestamp(NOW).year
        assert f"{year - 1}-" in stage.words  # it begins in the year before, and says so
        await stage.press("0")
        await settled(stage.pilot)
        await stage.press("right")
        assert pane(stage).cursor is not None


async def test_a_folder_that_cannot_be_written_is_told(aws: FakeAws, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "metrics").write_text("a file")
    async with showing(aws, settings, MetricsPane, size=TALL) as stage:
        await settled(stage.pilot)
        pane(stage).desk.logs.folder = tmp_path / "logs"
        await save(stage, "colon", *"save csv", "enter")
        assert stage.toasts[0].startswith("Not saved: Nothing can be written in")
