"""Windows, periods and series of metrics: aligned and merged without inventing a point."""

from __future__ import annotations

import math
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatui.model.metric_figures import total
from lambdatui.model.metric_points import Points
from lambdatui.model.metrics import (
    PERIODS,
    Frame,
    Range,
    Series,
    Window,
    chart,
    figure,
    fitting_period,
    least_period,
    of_function,
    points,
)

NOW = 1_800_000_000
TIMES = st.integers(NOW, NOW + 10 * 86400)
FRAMES = st.builds(
    Frame, st.integers(60, 7 * 86400), st.sampled_from(PERIODS), st.just(0), st.none(), st.integers(0, 1)
) | st.sampled_from([frame for over in Range for frame in (figure(over, before=1), points(over, before=1))])
VALUES = st.lists(st.none() | st.integers(0, 1000).map(float), min_size=1, max_size=300)

ANSWERS = st.tuples(st.integers(0, 50), st.integers(1, 40), st.lists(st.integers(0, 99), max_size=60))
"""The minute at which what is asked for begins, how many they are, and the minutes that have a point."""


def series(values: list[float | None], period: int = 60, asked: float = NOW + 86400) -> Series:
    raw = array("d", [math.nan if value is None else value for value in values])
    return Series(Window(NOW, NOW + period * len(values), period), raw, asked)


@given(FRAMES, TIMES)
def test_a_window_ends_with_the_period_under_way_and_is_not_shorter_than_asked_for(frame: Frame, now: int) -> None:
    window = frame.at(now)
    step = frame.step or frame.period
    assert now < window.end <= now + step
    assert window.end - window.start >= frame.length * (1 + frame.before)
    assert (window.end - window.start) % window.period == 0
    if frame.period != frame.length:
        assert window.start % window.period == 0


@given(FRAMES, TIMES, st.integers(0, 59))
def test_a_window_does_not_move_within_a_step(frame: Frame, now: int, seconds: int) -> None:
    begin = now - now % (frame.step or frame.period)
    assert frame.at(begin) == frame.at(begin + min(seconds, (frame.step or frame.period) - 1))


@given(st.integers(60, 30 * 86400), st.integers(20, 300), st.integers(0, 455 * 86400))
def test_a_period_fits_the_width_and_the_age_of_the_data(length: int, columns: int, age: int) -> None:
    period = fitting_period(length, columns, age)
    assert period in PERIODS
    assert period >= least_period(age)
    assert length / period <= columns or period == PERIODS[-1]


@pytest.mark.parametrize(
    ("days", "period"), [(0, 60), (15, 60), (15.01, 300), (63, 300), (63.01, 3600), (455, 3600), (600, 3600)]
)
def test_what_is_older_has_longer_periods_only(days: float, period: int) -> None:
    assert least_period(days * 86400) == period


def test_a_chart_of_last_month_has_no_minutes() -> None:
    assert chart(3600, 120, NOW).period == 60
    assert chart(3600, 120, NOW, end=NOW - 30 * 86400).period == 300
    assert chart(3600, 120, NOW, end=NOW - 100 * 86400).period == 3600


def test_metrics_are_named_by_function_qualifier_and_executed_version() -> None:
    assert of_function("f", "Errors", "Sum").dimensions == (("FunctionName", "f"),)
    assert of_function("f", "Errors", "Sum", "live", "7").dimensions == (
        ("ExecutedVersion", "7"),
        ("FunctionName", "f"),
        ("Resource", "f:live"),
    )


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(1, 40), st.lists(st.integers(0, 99), max_size=60)), max_size=6)
)
def test_merging_keeps_the_newest_value_of_each_time_and_invents_none(
    answers: list[tuple[int, int, list[int]]],
) -> None:
    told: dict[int, float] = {}
    kept: Points | None = None
    for first, count, places in answers:
        window = Window(NOW + first * 60, NOW + (first + count) * 60, 60)
        kept = kept or Points(window)
        before = kept.start, kept.end
        kept.cover(window)
        if window.start > before[1] or window.end < before[0]:
            told = {}
        times = [NOW + place * 60 for place in places]
        kept.put([float(at) for at in times], [float(place) for place in places])
        told |= {at: float((at - NOW) // 60) for at in times if kept.start <= at < kept.end}
        assert kept.start <= window.start
        assert kept.end >= window.end
    if kept is not None:
        whole = Window(NOW - 300, NOW + 6000, 60)
        values = kept.within(whole, NOW).values
        assert {at: value for at, value in zip(whole.grid, values, strict=True) if value is not None} == told


def test_what_is_off_the_grid_or_no_number_is_left_out() -> None:
    kept = Points(Window(NOW, NOW + 300, 60))
    lost = kept.put([NOW, NOW + 61, NOW + 120, NOW + 600, NOW + 180, NOW + 240], [1, 2, math.nan, 4, 5, 1e308])
    assert lost == 4  # among them what no sum could be made of
    assert kept.within(Window(NOW, NOW + 300, 60), NOW).values == [1, None, None, 5, None]


def test_a_series_is_kept_to_a_bound_from_its_oldest_end() -> None:
    kept = Points(Window(NOW, NOW + 60, 60))
    for minute in range(2000):
        at = NOW + 60 * minute
        kept.cover(Window(at, at + 60, 60))
        kept.put([at], [float(minute)])
    assert len(kept) <= 600
    assert kept.within(Window(kept.end - 120, kept.end, 60), NOW).values == [1998, 1999]


@pytest.mark.parametrize(("asked", "incomplete"), [(180, 0), (179, 1), (120, 1), (119, 2), (0, 3), (-999, 3)])
def test_points_of_periods_that_were_not_over_are_told(asked: int, incomplete: int) -> None:
    assert series([1, 2, 3], asked=NOW + asked).incomplete == incomplete


def test_a_series_with_what_was_before_is_taken_apart() -> None:
    whole = series([1, 2, 3, 4, 5, 6])
    assert whole.last(180).values == [4, 5, 6]
    assert whole.earlier(180).values == [1, 2, 3]
    assert whole.last(180).window == Window(NOW + 180, NOW + 360, 60)
    assert whole.earlier(120).values == [3, 4]
    assert total(whole.last(60)) == 6
