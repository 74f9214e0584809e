from __future__ import annotations

import math
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lambdatui.local.metrics import statistics
from lambdatui.local.metrics.rollup import Rollup, bucket_of, pack, statistic_set, taken_out, unpack, value_of

ANY = st.floats(-(2.0**360), 2.0**360)
SOME = st.lists(st.floats(0, 1e6), min_size=1, max_size=300)
TIMES = st.one_of(st.integers(1, 10).map(float), st.floats(0.01, 1e6))


def rolled(values: list[float]) -> Rollup:
    rollup = Rollup()
    for value in values:
        rollup.add(value)
    return rollup


def exact(values: list[float], percent: float) -> float:
    """The percentile, linearly interpolated between the two values next to it."""
    ordered = sorted(values)
    rank = percent / 100 * (len(ordered) - 1)
    below = math.floor(rank)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (rank - below) * (ordered[above] - ordered[below])


@given(SOME, st.sampled_from([0.0, 50.0, 90.0, 95.0, 99.0, 99.9, 100.0]))
@example([0.0, 0.0, 3.0], 50.0)
@example([1.0, 1000.0], 50.0)
@example([5e-324, sys.float_info.max], 100.0)
def test_a_percentile_is_within_two_percent_of_the_true_one(values: list[float], percent: float) -> None:
    assert rolled(values).percentile(percent) == pytest.approx(exact(values, percent), rel=0.02, abs=1e-300)


@given(st.lists(st.floats(-1e6, -1e-6), min_size=1, max_size=300), st.sampled_from([50.0, 95.0, 99.0]))
def test_a_percentile_of_negative_values_is_as_true(values: list[float], percent: float) -> None:
    assert rolled(values).percentile(percent) == pytest.approx(exact(values, percent), rel=0.02)


@given(ANY)
@example(5e-324)
@example(sys.float_info.max)
@example(-0.0)
def test_what_stands_for_a_bucket_lies_in_it_and_near_its_values(value: float) -> None:
    assert value_of(bucket_of(value)) == pytest.approx(value, rel=0.0101, abs=1e-320)


@given(ANY, ANY)
def test_buckets_are_in_the_order_of_their_values(one: float, other: float) -> None:
    assert (bucket_of(one) <= bucket_of(other)) or one > other


@given(st.lists(st.tuples(ANY, TIMES), max_size=40), st.integers(0, 59))
def test_what_is_packed_comes_back(values: list[tuple[float, float]], minute: int) -> None:
    rollup = Rollup()
    for value, times in values:
        rollup.add(value, times)

    ((its_minute, back),) = unpack(pack(minute, rollup))

    assert its_minute == minute
    assert (back.count, back.low, back.high) == (rollup.count, rollup.low, rollup.high)
    assert back.percentile(90) == rollup.percentile(90)
    assert back.buckets == rollup.buckets
    assert back.percentile(90) == rollup.percentile(90)
    assert back.total == pytest.approx(rollup.total)


@given(st.lists(SOME, min_size=1, max_size=5))
def test_merging_is_as_good_as_adding_everything_to_one(parts: list[list[float]]) -> None:
    whole, merged = Rollup(), Rollup()
    for part in parts:
        for value in part:
            whole.add(value)
        merged.merge(rolled(part))

    assert (merged.count, merged.low, merged.high) == (whole.count, whole.low, whole.high)
    assert merged.total == pytest.approx(whole.total)
    assert merged.buckets == whole.buckets


def test_what_add_and_merge_say_they_grew_by_is_what_they_grew_by() -> None:
    rollup = Rollup()
    grown = [rollup.add(value) for value in (1, 1, 2, 2, 1000, 1)] + [rollup.merge(rolled([3, 4, 5, 1000]))]

    assert sum(grown) == len(rollup.buckets or ()) == 6


def test_a_minute_is_taken_out_of_a_chunk_and_the_others_stay() -> None:
    chunk = pack(3, rolled([1])) + pack(5, rolled([1, 2, 3])) + pack(9, statistic_set(2, 5, 1, 4))

    taken, rest = taken_out(chunk, 5)
    nothing, same = taken_out(rest, 5)

    assert taken is not None
    assert (taken.count, taken.total) == (3, 6)
    assert nothing is None
    assert same == rest
    assert [minute for minute, _ in unpack(rest)] == [3, 9]


def test_small_whole_numbers_keep_their_value_in_percentiles() -> None:
    for whole in range(1, 60):
        assert rolled([0, whole, whole, whole, 1e6]).percentile(50) == whole


def test_a_statistic_set_of_different_values_has_no_percentiles_and_takes_those_of_others() -> None:
    unknown = statistic_set(2, 5, 1, 4)
    alike = statistic_set(3, 12, 4, 4)
    mixed = rolled([1, 2, 3])
    mixed.merge(unknown)

    assert unknown.percentile(50) is None
    assert alike.percentile(50) == 4
    assert mixed.percentile(50) is None
    assert (mixed.count, mixed.total, mixed.low, mixed.high) == (5, 11, 1, 4)


HUNDRED = [float(value) for value in range(1, 101)]


@pytest.mark.parametrize(
    ("name", "figure"),
    [
        ("SampleCount", 100),
        ("Average", 50.5),
        ("Sum", 5050),
        ("Minimum", 1),
        ("Maximum", 100),
        ("p0", 1),
        ("p50", 50.5),
        ("p99.9", 99.901),
        ("p100", 100),
        ("tm90", 45.5),
        ("TM(10%:90%)", 50.5),
        ("TM(:90%)", 45.5),
        ("TM(80:90)", 85.5),
        ("IQM", 50.5),
        ("tc10", 10),
        ("TC(:40)", 40),
        ("ts10", 55),
        ("TS(98:)", 199),
        ("wm90", (sum(range(1, 91)) + 10 * 90) / 100),
        ("WM(10%:90%)", (10 * 11 + sum(range(11, 91)) + 10 * 90) / 100),
        ("PR(:25)", 25),
        ("PR(25:75)", 50),
    ],
)
def test_statistics_of_the_numbers_from_1_to_100(name: str, figure: float) -> None:
    statistic = statistics.named(name)

    assert statistic is not None
    assert statistic.of(rolled(HUNDRED)) == pytest.approx(figure, rel=0.02)


@pytest.mark.parametrize(
    "name",
    ["", "sum", "P95", "p", "p101", "p1.", "p-1", "p50 ", "tm", "TM()", "TM(:)", "TM(5%:9)", "PR(1%:2%)", "None"],
)
def test_there_is_no_such_statistic(name: str) -> None:
    assert statistics.named(name) is None


@pytest.mark.parametrize("name", ["p50", "tm90", "TC(:5)"])
def test_of_negative_values_and_of_statistic_sets_there_are_no_percentiles(name: str) -> None:
    statistic = statistics.named(name)

    assert statistic is not None
    assert statistic.of(rolled([-1, 2])) is None
    assert statistic.of(statistic_set(2, 5, 1, 4)) is None
