"""The figures of a row: from what is known of its needs, and nothing from what is not."""

from __future__ import annotations

import math
from array import array

import pytest

from lambdatui.model.errors import Denied
from lambdatui.model.failing import failing
from lambdatui.model.function_figures import QUANTITIES, Figures, figures, needs_of, parts_of_rows, row_needs, value_of
from lambdatui.model.metrics import Need, Range, Reading, Series, nothing, points

NOW = 1_800_000_030
NEEDS = row_needs("f", Range.QUARTER)


def reading(need: Need, *newest: float | None, before: float | None = None) -> Reading:
    """Points at the end, and one in the window before."""
    window = need.frame.at(NOW)
    raw = array("d", [math.nan] * len(window.grid))
    for back, value in enumerate(reversed(newest), start=1):
        raw[-back] = math.nan if value is None else value
    if before is not None:
        raw[0] = before
    return Reading(Series(window, raw, NOW))


def test_a_row_has_sums_rate_peak_percentile_and_changes() -> None:
    known = {
        NEEDS.invocations: reading(NEEDS.invocations, 30, 10, before=10),
        NEEDS.errors: reading(NEEDS.errors, 1, None, before=2),
        NEEDS.throttles: reading(NEEDS.throttles),
        NEEDS.concurrency: reading(NEEDS.concurrency, 3, 7, 2),
        NEEDS.p95: reading(NEEDS.p95, 1500, before=500),
    }
    found = figures(NEEDS, known, Range.QUARTER)
    assert (found.invocations, found.errors, found.error_rate, found.throttles) == (40, 1, 0.025, 0)
    assert (found.concurrency, found.p95, found.share(3)) == (7, 1500, 0.5)
    # Of the 40 invocations 10 are of the minute under way, whose like of the window before has none either.
    assert [found.more_invocations, found.more_errors] == [(30, 10), (1, 2)]
    assert [found.more_rate, found.more_throttles, found.more_p95] == [(0.025, 0.2), (0, 0), (1500, 500)]
    assert found.series is not None
    assert found.series.values[-2:] == [30, 10]
    assert len(found.series.values) == 15


def test_what_never_ran_has_no_figure_and_no_rate() -> None:
    found = figures(NEEDS, {need: reading(need) for need in NEEDS}, Range.QUARTER)
    assert found.asked
    assert (found.invocations, found.errors, found.error_rate, found.throttles, found.p95) == (None,) * 5


def test_what_has_begun_a_moment_ago_is_new_and_percentiles_of_nothing_are_not_compared() -> None:
    known = {need: reading(need) for need in NEEDS}
    known |= {NEEDS.invocations: reading(NEEDS.invocations, 4), NEEDS.errors: reading(NEEDS.errors, 2)}
    known |= {NEEDS.throttles: reading(NEEDS.throttles, 1), NEEDS.p95: reading(NEEDS.p95, 80)}
    found = figures(NEEDS, known, Range.QUARTER)
    changes = [found.more_invocations, found.more_errors, found.more_throttles, found.more_rate, found.more_p95]
    assert changes == [(4, 0), (2, 0), (1, 0), (0.5, None), (80, None)]
    assert [it.factor for it in changes if it is not None] == [math.inf, math.inf, math.inf, None, None]


@pytest.mark.parametrize("newest", [(6, 3), (None, 3), (6, None), ()], ids=str)
@pytest.mark.parametrize("before", [None, 2])
def test_the_errors_pane_tells_of_the_same_change(newest: tuple[float | None, ...], before: float | None) -> None:
    known = {
        NEEDS.invocations: reading(NEEDS.invocations, 30, 10, before=10),
        NEEDS.errors: reading(NEEDS.errors, *newest, before=before),
    }
    found = failing("f", Range.QUARTER, known)
    assert found is not None
    assert found.change == figures(NEEDS, known, Range.QUARTER).more_errors


def test_what_has_stopped_running_has_fallen_to_nothing() -> None:
    known = {need: reading(need) for need in NEEDS} | {NEEDS.invocations: reading(NEEDS.invocations, before=9)}
    found = figures(NEEDS, known, Range.QUARTER)
    assert found.more_invocations is not None
    assert found.more_invocations.words == "▼ 100%"
    assert found.error_rate is None


def test_what_is_not_known_yet_is_not_zero() -> None:
    assert figures(NEEDS, {}, Range.QUARTER) == Figures()
    found = figures(NEEDS, {NEEDS.invocations: reading(NEEDS.invocations, 5)}, Range.QUARTER)
    assert (found.invocations, found.errors, found.error_rate, found.throttles, found.more_errors) == (
        5, None, None, None, None,
    )  # fmt: skip


def test_the_reason_why_something_is_missing_is_told_beside_what_is_known() -> None:
    problem = Denied("cloudwatch:GetMetricData", "No.")
    refused = {need: Reading(nothing(need.frame.at(NOW)), problem) for need in NEEDS}
    assert figures(NEEDS, refused, Range.QUARTER) == Figures(problem=problem)
    stale = {**refused, NEEDS.invocations: reading(NEEDS.invocations, 5)._replace(problem=problem)}
    found = figures(NEEDS, stale, Range.QUARTER)
    assert (found.invocations, found.problem) == (5, problem)


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_a_quantity_is_added_up_only_where_it_may_be(quantity: object) -> None:
    needs = needs_of("f", points(Range.QUARTER))
    it = next(one for one in QUANTITIES if one == quantity)
    several = reading(needs[it], 2, 3)
    expected = {"Sum": 5, "Maximum": 3}.get(it.statistic)
    assert value_of(it, several, None) == expected


def test_parts_of_many_rows_are_those_of_each() -> None:
    names, parts = ["f", "g", "f"], ("p95", "invocations", "errors")
    one_by_one = [getattr(row_needs(name, Range.DAY), part) for name in names for part in parts]
    assert [*parts_of_rows(names, parts, Range.DAY)] == one_by_one
