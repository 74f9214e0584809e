"""Charts from series: what is drawn of them, and that no point is invented on the way."""

from __future__ import annotations

import csv
import json
import math
from array import array
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lambdatui.model.alarms import Alarm, Watched
from lambdatui.model.errors import AwsError
from lambdatui.model.metric_charts import Behind, Limit, Situation, chart_of, common_window, not_given, placed
from lambdatui.model.metric_panels import ALL, MOST_VERSIONS, View, compared, metrics_of, panels, views
from lambdatui.model.metric_table import table_text
from lambdatui.model.metrics import Frame, Metric, Need, Reading, Series, Window

FRAME = Frame(600, 60)
WINDOW = Window(6000, 6600, 60)
Points = list[float | None]

points = some.lists(some.none() | some.floats(0, 1e9), min_size=10, max_size=10)


def series(values: Points, window: Window = WINDOW, asked: float = 6590.0) -> Series:
    return Series(window, array("d", [math.nan if it is None else it for it in values]), asked)


def situation(values: Mapping[Metric, Points], **other: object) -> Situation:
    readings = {Need(metric, FRAME): Reading(series(known)) for metric, known in values.items()}
    return Situation(readings, FRAME, WINDOW, 6590.0, **other)  # type: ignore[arg-type]


def panel(title: str, view: View = ALL) -> tuple[Metric, ...]:
    (found,) = (it for it in panels("f", view) if it.title == title)
    return tuple(metrics_of([found]))


# Placing ------------------------------------------------------------------------------------------------------------


@given(points, some.integers(-12, 12))
def test_points_stand_at_their_own_time_and_no_other(values: Points, periods: int) -> None:
    window = Window(WINDOW.start + periods * 60, WINDOW.end + periods * 60, 60)
    found = placed(series(values), window)
    assert len(found) == 10
    for at, value in zip(window.grid, found, strict=True):
        known = values[(at - WINDOW.start) // 60] if WINDOW.start <= at < WINDOW.end else None
        assert value == known


def test_what_was_another_day_stands_at_the_same_time_of_this() -> None:
    before = Window(WINDOW.start - 86_400, WINDOW.end - 86_400, 60)
    values: Points = [float(it) for it in range(10)]
    assert placed(series(values, before), WINDOW, 86_400) == tuple(values)


def test_the_window_is_the_latest_that_has_come() -> None:
    later = Window(6060, 6660, 60)
    known = [Reading(series([None] * 10)), Reading(series([None] * 10, later))]
    assert common_window(known) == later
    assert common_window([Reading(series([None] * 10, asked=0.0))]) is None


# Charts -------------------------------------------------------------------------------------------------------------


@given(points, points)
def test_an_error_rate_is_where_something_ran_and_from_0_to_100(errors: Points, ran: Points) -> None:
    failed, invoked = panel("Errors")
    (shown,) = (it for it in panels("f") if it.title == "Errors")
    chart = chart_of(shown, situation({failed: errors, invoked: ran}))
    if chart is None:
        assert all(mine is None and not count for mine, count in zip(errors, ran, strict=True))
        return
    counts, rates = chart.series
    for mine, count, told, rate in zip(errors, ran, counts.points, rates.points, strict=True):
        assert told == (0.0 if mine is None and count else mine)
        assert (rate is not None) is (count is not None and count > 0)
        assert rate is None or 0 <= rate <= 100


def test_a_panel_without_any_point_is_no_chart() -> None:
    for shown in panels("f"):
        nothing: dict[Metric, Points] = {metric: [None] * 10 for metric in metrics_of([shown])}
        assert chart_of(shown, situation(nothing)) is None
        assert chart_of(shown, situation({})) is None


def test_the_period_that_is_not_over_is_marked() -> None:
    shown = panels("f")[0]
    (metric,) = panel("Invocations")
    chart = chart_of(shown, situation({metric: [1.0] * 10}))
    assert chart is not None
    assert (chart.count, chart.incomplete, chart.complete) == (10, 1, 9)


def test_limits_are_in_the_chart_that_they_are_of() -> None:
    (together,) = panel("Concurrency")
    (shown,) = (it for it in panels("f") if it.title == "Concurrency")
    limits = [Limit("Concurrency", "reserved", 7), Limit("Duration", "timeout", 3000, "ms")]
    chart = chart_of(shown, situation({together: [1.0] * 10}, limits=limits))
    assert chart is not None
    assert [(it.name, it.at(0)) for it in chart.by_role("limit")] == [("reserved", 7)]


def test_an_alarm_is_a_line_only_where_its_own_metric_is_drawn() -> None:
    def alarm(name: str, metric: str, **other: object) -> Alarm:
        dimensions = (("FunctionName", str(other.pop("of", "f"))),)
        watched = Watched(metric, "Sum", dimensions, 300)
        return Alarm(name, "OK", "", "GreaterThanThreshold", 5.0, (watched,), **other)  # type: ignore[arg-type]

    alarms = [
        alarm("ours", "Invocations"), alarm("errors", "Errors"), alarm("of another", "Invocations", of="g"),
        alarm("of an expression", "Invocations", expression=True),
    ]  # fmt: skip
    (metric,) = panel("Invocations")
    chart = chart_of(panels("f")[0], situation({metric: [1.0] * 10}, alarms=alarms))
    assert chart is not None
    (line,) = chart.by_role("limit")
    assert (line.name, line.at(0)) == ("alarm ours (5 in 5 min, evenly)", 1)  # a point is of one minute


@pytest.mark.parametrize("threshold", [1e200, -1e308])
def test_a_threshold_that_no_value_reaches_is_no_line(threshold: float) -> None:
    (metric,) = panel("Invocations")
    watched = Watched("Invocations", "Sum", (("FunctionName", "f"),), 1)
    alarms = [Alarm("far", "OK", "", "GreaterThanThreshold", threshold, (watched,))]
    chart = chart_of(panels("f")[0], situation({metric: [0.0] * 10}, alarms=alarms))
    assert chart is not None
    assert not chart.by_role("limit")


def test_a_line_says_that_only_part_of_it_was_given() -> None:
    (metric,) = panel("Invocations")
    readings = {Need(metric, FRAME): Reading(replace(series([1.0] * 10), partial=True))}
    chart = chart_of(panels("f")[0], Situation(readings, FRAME, WINDOW, 6590.0))
    assert chart is not None
    assert chart.by_role("line")[0].name == "invocations (in part)"


def test_what_is_refused_is_not_given_though_there_was_nothing_of_it_when_it_was_given() -> None:
    shown = [it for it in panels("f") if it.nothing in ("durations", "throttles")]
    readings = {Need(metric, FRAME): Reading(series([None] * 10)) for metric in metrics_of(shown)}
    for need, reading in readings.items():
        if need.metric.percentile:
            readings[need] = reading._replace(problem=AwsError("cloudwatch:GetMetricData", "It failed."))
    assert not_given(shown, Situation(readings, FRAME, WINDOW, 6590.0)) == {"durations"}


def test_what_was_before_is_drawn_though_there_is_nothing_now() -> None:
    (metric,) = panel("Invocations")
    frame = Frame(600, 60, end=6600 - 86_400)
    before = series([4.0] * 10, Window(6000 - 86_400, 6600 - 86_400, 60))
    now = Situation({Need(metric, frame): Reading(before)}, FRAME, WINDOW, 6590.0,
                    behind=Behind(frame, 86_400, "yesterday"))  # fmt: skip
    chart = chart_of(panels("f")[0], now)
    assert chart is not None
    assert [(it.name, it.highest) for it in chart.by_role("behind")] == [("invocations yesterday", 4.0)]


# Views --------------------------------------------------------------------------------------------------------------


def test_views_are_all_then_versions_then_each_alias_with_what_it_executed() -> None:
    long = "9" * 5000  # more digits than Python makes a number of
    assert views([(long, ""), ("7", "")])[1].versions == (long, "7")
    found = views([("3", ""), ("12", ""), ("$LATEST", ""), ("live", ""), ("live", "3"), ("live", "12"), ("idle", "")])
    assert [(it.kind, it.alias, it.versions) for it in found] == [
        ("all", "", ()), ("versions", "", ("$LATEST", "12", "3")), ("alias", "idle", ()),
        ("alias", "live", ("12", "3")),
    ]  # fmt: skip


def test_of_many_versions_the_newest_are_drawn_and_the_rest_is_told_of() -> None:
    (_, by_version) = views([(str(it), "") for it in range(1, 21)])
    assert by_version.versions[0] == "20"
    assert len(by_version.versions) == MOST_VERSIONS
    assert "14 older not shown" in by_version.words


def test_what_an_alias_executed_is_asked_for_by_the_version() -> None:
    view = View("alias", "live", ("4",))
    dimensions = {metric.dimensions for metric in metrics_of(panels("f", view))}
    assert dimensions == {(("ExecutedVersion", "4"), ("FunctionName", "f"), ("Resource", "f:live"))}


def test_an_alias_of_which_no_executed_version_is_known_is_asked_for_as_a_whole() -> None:
    view = View("alias", "live")
    assert view.words == "alias live"
    assert {line.name for it in panels("f", view) for line in it.lines} == {"live"}
    assert {metric.dimensions for metric in metrics_of(panels("f", view))} == {
        (("FunctionName", "f"), ("Resource", "f:live"))
    }


def test_no_metric_is_wanted_twice() -> None:
    for view in views([("3", ""), ("4", ""), ("live", "3"), ("live", "4")]):
        wanted = metrics_of(panels("f", view))
        assert len(set(wanted)) == len(wanted)
        assert set(compared(panels("f", view))) <= set(wanted)


# Tables -------------------------------------------------------------------------------------------------------------


@given(points)
def test_a_table_has_every_point_and_nothing_where_there_is_none(values: Points) -> None:
    (metric,) = panel("Invocations")
    chart = chart_of(panels("f")[0], situation({metric: values}))
    if chart is None:
        return
    rows = list(csv.DictReader(table_text("csv", [chart], {}).splitlines()))
    told = [row["Invocations: invocations"] for row in rows]
    assert [None if not it else float(it) for it in told] == [
        None if it is None else float(f"{it:.12g}") for it in values
    ]
    (whole,) = json.loads(table_text("json", [chart], {"function": "f"}))["charts"]
    assert whole["series"][0]["values"] == values
