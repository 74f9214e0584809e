"""Figures: right by CloudWatch's documentation, and honest about what is not known."""

from __future__ import annotations

import math
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatui.model.alarms import Alarm, Watched, alarms_of
from lambdatui.model.concurrency import AccountLimits, Reservations
from lambdatui.model.metric_figures import (
    Change,
    counted,
    error_rate,
    latest,
    peak,
    percent,
    since,
    summed,
    total,
    zeroed,
)
from lambdatui.model.metrics import Series, Window

NOW = 1_800_000_000
COUNTS = st.none() | st.integers(0, 50).map(float)


def series(*values: float | None) -> Series:
    raw = array("d", [math.nan if value is None else value for value in values])
    return Series(Window(NOW, NOW + 60 * len(values), 60), raw, NOW + 9999)


def test_an_error_rate_is_there_only_where_something_ran() -> None:
    assert error_rate(1, 4) == 0.25
    assert error_rate(None, 4) == 0
    assert error_rate(0, 0) is None
    assert error_rate(3, None) is None
    assert error_rate(None, None) is None


def test_errors_without_data_are_zero_while_there_are_invocations_and_a_gap_stays_a_gap() -> None:
    errors, invocations = series(None, 2, None, None), series(5, 4, None, 0)
    assert zeroed(errors, invocations).values == [0, 2, None, None]
    assert counted(series(None, None), series(1, None)) == 0
    assert counted(series(None, None), series(None, None)) is None
    assert counted(series(None, 3), series(None, None)) == 3


@given(st.lists(st.tuples(COUNTS, COUNTS), min_size=1, max_size=50))
def test_zeros_change_no_value_and_no_sum(pairs: list[tuple[float | None, float | None]]) -> None:
    errors, invocations = series(*[one for one, _ in pairs]), series(*[other for _, other in pairs])
    filled = zeroed(errors, invocations)
    for before, after, ran in zip(errors.values, filled.values, invocations.values, strict=True):
        assert after == before or (before is None and after == 0 and ran)
    assert (total(filled) or 0) == (total(errors) or 0)


def test_of_nothing_there_is_neither_sum_nor_peak() -> None:
    nothing = series(None, None)
    assert (total(nothing), peak(nothing), latest(nothing), nothing.empty) == (None, None, None, True)
    assert (peak(series(1, 7, None)), latest(series(1, 7, None))) == (7, 7)


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (30, 10, "▲ 3×"), (25, 10, "▲ 2.5×"), (20, 10, "▲ 2×"), (12, 10, "▲ 20%"), (6, 10, "▼ 40%"), (0, 10, "▼ 100%"),
        (5, 0, "▲ new"), (0, 0, ""), (7, 7, ""), (94, 100, ""), (111, 100, "▲ 11%"), (None, 4, ""), (4, None, ""),
        (10_000, 1, "▲ 10k×"), (999.6, 1, "▲ 1k×"), (5e12, 1, "▲ 999M×"),
    ],
)  # fmt: skip
def test_a_change_is_told_in_words(now: float | None, before: float | None, words: str) -> None:
    assert Change(now, before).words == words


@given(st.lists(COUNTS, max_size=60))
def test_a_sum_over_rows_says_what_it_leaves_out(figures: list[float | None]) -> None:
    found = summed(figures)
    assert found.counted + found.left_out == len(figures)
    assert found.left_out == figures.count(None)


def test_what_is_not_known_is_not_in_a_sum() -> None:
    assert summed([1000, 204]) == (1204, 2, 0)
    assert summed([1000, None, 204, None]) == (1204.0, 2, 2)


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (None, "–"),
        (0, "0%"),
        (0.0001, "<0.1%"),
        (0.004, "0.4%"),
        (0.0994, "9.9%"),
        (0.12, "12%"),
        (0.125, "12.5%"),
        (1 / 3, "33.3%"),
        (0.999, "99.9%"),
        (0.9999, "99.9%"),
        (1, "100%"),
    ],
)
def test_a_rate_in_words_is_never_zero_unless_it_is(rate: float | None, words: str) -> None:
    assert percent(rate) == words


@pytest.mark.parametrize(
    ("part", "words"), [(0.094, "9.4%"), (0.0996, "10%"), (0.905, "90%"), (0.999, "99%"), (1, "100%")]
)
def test_a_share_is_told_without_a_tenth_where_it_says_nothing(part: float, words: str) -> None:
    assert percent(part, whole_from=10) == words


def test_since_when_there_are_errors() -> None:
    assert since(series(1, 0, 2, None, 3)) == NOW + 120
    assert since(series(0, 0, 0)) is None
    assert since(series(None, None)) is None
    assert since(series(1, 1, 0)) == NOW
    assert since(series(4, 4)) == NOW


def test_what_can_be_reserved_leaves_the_floor() -> None:
    limits = AccountLimits(1000, 400)
    assert limits.reserved == 600
    assert limits.may_reserve(300) == "Yes: 100 stay unreserved, and 100 have to."
    assert limits.may_reserve(301).startswith("No: 300 at most")
    assert limits.may_reserve(350, has=50).startswith("Yes: 100 stay")
    assert AccountLimits(10, 10).may_reserve(1).startswith("No: only 10 are unreserved")
    assert AccountLimits(10, 10).may_reserve(0) == "Yes, and 0 stops it: 10 stay unreserved."
    assert limits.may_reserve(19, provisioned=20) == "No: 20 at least, for so many are provisioned for it."
    assert AccountLimits(1000, 60).may_reserve(60, has=90).startswith("Yes: 90 stay unreserved.")  # never more than had
    assert AccountLimits(1000, 60).may_reserve(91, has=90).startswith("No: 90 at most")


def test_reservations_are_complete_when_all_is_found_or_all_were_looked_at() -> None:
    assert Reservations({"a": 50}, 3, 900, 50).complete
    assert not Reservations({"a": 50}, 3, 900, 60).complete
    assert Reservations({}, 900, 900, 60).complete


def test_alarms_of_a_function_come_with_their_condition() -> None:
    of_f = Watched("Errors", "Sum", (("FunctionName", "f"),), 300)
    quiet = Alarm("a", "OK", "", "GreaterThanThreshold", 5.0, (of_f,))
    loud = Alarm("z", "ALARM", "", "GreaterThanOrEqualToThreshold", 2.5, (of_f,))
    other = Alarm("o", "ALARM", "", "LessThanThreshold", 1.0, (Watched("Errors", "Sum", (), 60),))
    mixed = Alarm("m", "OK", "", "GreaterThanThreshold", 1.0, (of_f,), expression=True)
    assert [it.name for it in alarms_of([quiet, loud, other, mixed], "f")] == ["z", "a", "m"]
    assert quiet.condition == "Errors Sum > 5 in 5 min"
    assert mixed.condition == "an expression > 1 in 5 min"


@pytest.mark.parametrize(
    ("metric", "statistic", "threshold", "words"),
    [
        ("Duration", "p95", 2500.0, "Duration p95 > 2,500 ms in 5 min"),
        ("Duration", "SampleCount", 20.0, "Duration SampleCount > 20 in 5 min"),
        ("Duration", "PR(:300)", 95.0, "Duration PR(:300) > 95 % in 5 min"),
        ("IteratorAge", "Maximum", 3_600_000.0, "IteratorAge Maximum > 3,600,000 ms in 5 min"),
        ("ProvisionedConcurrencyUtilization", "Maximum", 0.8, "… > 80 % in 5 min"),
        ("Errors", "Sum", 1_234_567.5, "Errors Sum > 1,234,567.5 in 5 min"),
    ],
)
def test_the_threshold_of_an_alarm_has_the_unit_of_its_metric(
    metric: str, statistic: str, threshold: float, words: str
) -> None:
    watched = Watched(metric, statistic, (("FunctionName", "f"),), 300)
    alarm = Alarm("a", "OK", "", "GreaterThanThreshold", threshold, (watched,))
    assert alarm.condition == words.replace("…", f"{metric} {statistic}")
