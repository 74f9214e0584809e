"""What charts are made from: scales, labels of time, lines in one cell, shares of a bar."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatui.model.chart import Chart, ChartMarker, ChartSeries, level
from lambdatui.model.chart_scale import figure, scale, tick
from lambdatui.model.chart_times import Moment, time_labels
from lambdatui.model.shares import shares
from lambdatui.model.sparkline import sparkline

START = 1_795_000_020
values = st.floats(0, 1e12, allow_nan=False)


def in_zone(name: str) -> Moment:
    zone = ZoneInfo(name)
    return lambda seconds: datetime.fromtimestamp(seconds, zone)


def labels(name: str, start: datetime, hours: int, columns: int) -> list[str]:
    first = int(start.timestamp())
    return [label.text for label in time_labels(first, first + hours * 3600, columns, in_zone(name))]


@given(values, st.sampled_from(["", "ms", "%", "MB"]), st.integers(1, 8))
def test_an_axis_holds_its_values_with_few_even_ticks_from_zero(high: float, unit: str, most: int) -> None:
    axis = scale(0, high, unit, most)
    assert axis.low == 0
    assert axis.high >= high * (1 - 1e-9)
    assert 2 <= len(axis.ticks) <= most + 1
    assert axis.ticks[-1] == axis.high
    steps = {round((after - before) / axis.high, 9) for before, after in zip(axis.ticks, axis.ticks[1:], strict=False)}
    assert len(steps) == 1


@given(values, st.integers(1, 8))
def test_counts_have_whole_ticks(high: float, most: int) -> None:
    assert all(value == int(value) for value in scale(0, high, "", most).ticks)


@given(st.lists(values, min_size=2), st.integers(2, 200))
def test_a_higher_value_is_never_drawn_lower(points: list[float], steps: int) -> None:
    place = scale(0, max(points), "ms").placing(steps)
    places = [place(point) for point in sorted(points)]
    assert places == sorted(places)
    assert 0 <= places[0] <= places[-1] < steps


@pytest.mark.parametrize(
    ("high", "unit", "ticks"),
    [
        (1234, "", ["0", "500", "1k", "1.5k"]),
        (3, "", ["0", "1", "2", "3"]),
        (0, "", ["0", "1"]),
        (0.3, "%", ["0", "0.1 %", "0.2 %", "0.3 %"]),
        (873, "ms", ["0", "250 ms", "500 ms", "750 ms", "1 s"]),
        (31_000, "ms", ["0", "10 s", "20 s", "30 s", "40 s"]),
        (2_200_000, "ms", ["0", "10 m", "20 m", "30 m", "40 m"]),
        (300_000_000, "ms", ["0", "1 d", "2 d", "3 d", "4 d"]),
    ],
)
def test_the_ticks_that_a_reader_sees(high: float, unit: str, ticks: list[str]) -> None:
    assert [tick(value, unit) for value in scale(0, high, unit).ticks] == ticks


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [(None, "", "–"), (0, "", "0"), (1234, "", "1,234"), (999.6, "", "1k"), (12_345, "", "12.3k"), (2.5, "%", "2.5 %"),
     (350, "ms", "350 ms"), (3_600_000, "ms", "1 h 00 m"), (4e9, "", "4G")],
)  # fmt: skip
def test_the_figures_that_a_reader_sees(value: float | None, unit: str, words: str) -> None:
    assert figure(value, unit) == words


def test_the_hour_that_comes_twice_is_told_apart_by_its_zone() -> None:
    told = labels("Europe/Berlin", datetime(2026, 10, 24, 22, tzinfo=UTC), 6, 100)
    assert told == ["25 Oct", "01:00", "02:00", "02:00 CET", "03:00", "04:00"]


def test_the_hour_that_is_left_out_has_no_label() -> None:
    told = labels("Europe/Berlin", datetime(2026, 3, 28, 22, tzinfo=UTC), 6, 60)
    assert told == ["23:00", "29 Mar", "01:00", "03:00 CEST", "04:00", "05:00"]


def test_utc_has_no_change_and_other_zones_have_round_hours_of_their_own() -> None:
    start = datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert labels("UTC", start, 6, 60) == ["22:00", "23:00", "25 Oct", "01:00", "02:00", "03:00"]
    assert labels("Asia/Kathmandu", start, 4, 50) == ["04:00", "05:00", "06:00", "07:00"]


@given(
    st.integers(0, 2_000_000_000), st.sampled_from([900, 3600, 10_800, 86_400, 604_800]), st.integers(12, 300),
    st.sampled_from(["UTC", "Asia/Kathmandu", "Asia/Kolkata", "Australia/Eucla"]),
)  # fmt: skip
def test_labels_of_time_go_from_left_to_right_and_have_room_each(
    start: int, seconds: int, columns: int, zone: str
) -> None:
    found = time_labels(start, start + seconds, columns, in_zone(zone))
    places = [label.column for label in found]
    assert 1 <= len(found) <= max(2, columns // 9) + 1
    assert places == sorted(set(places))
    assert all(0 <= place < columns for place in places)


@given(st.lists(st.none() | values), st.integers(0, 60), st.booleans())
def test_a_sparkline_is_as_wide_as_it_was_asked_for_and_loses_no_peak(
    points: list[float | None], width: int, unicode: bool
) -> None:
    line = sparkline(points, width, unicode)
    assert len(line) == width
    assert line.isascii() or unicode
    if width and max((point for point in points if point is not None), default=0.0) > 0:
        assert ("█" if unicode else "#") in line


def test_a_sparkline_tells_a_gap_from_zero_and_zero_from_little() -> None:
    assert sparkline([None, 0, 0.001, 50, 100], 6) == "  ▁▂▅█"
    assert sparkline([None, 0, 0.001, 50, 100], 6, unicode=False) == "  _.-#"[:4] + sparkline(
        [50, 100], 2, unicode=False
    )
    assert sparkline([0, 0], 2) == "▁▁"
    assert sparkline([None, None], 2) == "  "


@given(st.lists(st.floats(0, 1e9), max_size=12), st.integers(0, 200))
def test_the_shares_of_a_bar_fill_it_and_show_all_that_is_there(parts: list[float], cells: int) -> None:
    taken = shares(parts, cells)
    assert len(taken) == len(parts)
    assert min(taken, default=0) >= 0
    assert sum(taken) == (cells if sum(parts) else 0)
    present = [share for value, share in zip(parts, taken, strict=True) if value > 0]
    assert len(present) > cells or all(present)


def test_shares_are_by_the_largest_remainder() -> None:
    assert shares([1, 1, 1], 10) == [4, 3, 3]
    assert shares([900, 1, 1, 98], 20) == [16, 1, 1, 2]
    assert shares([-5, 5], 4) == [0, 4]


def chart(*series: ChartSeries, count: int = 4) -> Chart:
    return Chart("Duration", START, 60, count, series)


def test_a_line_connects_nothing_over_a_gap() -> None:
    series = ChartSeries("p50", (1, None, 2, 3))
    assert list(series.runs()) == [[(0, 1)], [(2, 2), (3, 3)]]
    assert (series.lowest, series.highest, series.last(2)) == (1, 3, (1, 1))


def test_a_limit_near_the_values_is_in_the_chart_and_one_far_above_is_not() -> None:
    line = ChartSeries("p99", (100, 200, None, 150), unit="ms")
    near, far = level("timeout", 500, 4, "ms"), level("timeout", 30_000, 4, "ms")
    assert chart(line, near).span("ms") == (0, 500)
    assert chart(line, far).span("ms") == (0, 200)
    assert not chart(line, near).far(near)
    assert chart(line, far).far(far)
    assert not chart(far).far(far)


def test_what_happened_is_found_by_its_period_and_not_outside_of_the_chart() -> None:
    inside, outside = ChartMarker(START + 125, "deployed 12"), ChartMarker(START + 240, "later")
    shown = Chart("", START, 60, 4, (), (inside, outside))
    assert [shown.marked(index) for index in range(4)] == [[], [], [inside], []]


def test_a_chart_whose_series_do_not_fit_it_is_refused() -> None:
    with pytest.raises(ValueError, match="p50: 2 points for 4 periods"):
        chart(ChartSeries("p50", (1, 2)))
    with pytest.raises(ValueError, match="two axes"):
        chart(*(ChartSeries(unit, (1,) * 4, unit=unit) for unit in ("", "ms", "%")))
    with pytest.raises(ValueError, match="at least one period"):
        chart(count=0)
