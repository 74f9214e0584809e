"""What is asked of CloudWatch about a function, and the figures that its row shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from lambdatui.model.errors import AwsError
from lambdatui.model.metric_changes import Sums, change_of, sums
from lambdatui.model.metric_figures import Change, counted, error_rate, peak, total
from lambdatui.model.metrics import Frame, Need, Range, Reading, Series, figure, of_each, points
from lambdatui.model.quantities import (
    ASYNC_AGE,
    ASYNC_DROPPED,
    ASYNC_RECEIVED,
    CONCURRENCY,
    DEAD_LETTER_ERRORS,
    DESTINATION_FAILURES,
    ERRORS,
    INVOCATIONS,
    ITERATOR_AGE,
    P50,
    P95,
    P99,
    SLOWEST,
    SPILLOVER,
    THROTTLES,
    ZERO_WHILE_INVOKED,
    Quantity,
)

QUANTITIES = (
    INVOCATIONS,
    ERRORS,
    THROTTLES,
    P50,
    P95,
    P99,
    SLOWEST,
    CONCURRENCY,
    ITERATOR_AGE,
    ASYNC_AGE,
    ASYNC_RECEIVED,
    ASYNC_DROPPED,
    DEAD_LETTER_ERRORS,
    DESTINATION_FAILURES,
    SPILLOVER,
)
"""All that there is to know of a function, in the order in which it is shown."""


def needs_of(name: str, frame: Frame, qualifier: str = "", executed: str = "") -> Mapping[Quantity, Need]:
    """What there is to know of a function, of a version or alias of it, or of what an alias executed of a version."""
    return {it: Need(it.of(name, qualifier, executed), frame) for it in QUANTITIES}


class RowNeeds(NamedTuple):
    """What the row of a function shows."""

    invocations: Need
    errors: Need
    throttles: Need
    concurrency: Need
    p95: Need


def row_needs(name: str, over: Range) -> RowNeeds:
    """What the row of a function needs: with the window before, where that is told. It costs no query more."""
    both, one = points(over, before=1), points(over)
    return RowNeeds(
        Need(INVOCATIONS.of(name), both),
        Need(ERRORS.of(name), both),
        Need(THROTTLES.of(name), both),
        Need(CONCURRENCY.of(name), one),
        Need(P95.of(name), figure(over, before=1)),
    )


def parts_of_rows(names: Iterable[str], parts: Iterable[str], over: Range) -> Iterator[Need]:
    """Some of what rows need, by the names of `RowNeeds`, row by row."""
    like = row_needs("", over)
    return of_each(names, [getattr(like, part) for part in parts])


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of a function in a window. None: not known, or nothing was reported."""

    invocations: float | None = None
    errors: float | None = None
    error_rate: float | None = None
    """0 to 1."""
    throttles: float | None = None
    concurrency: float | None = None
    p95: float | None = None
    """ms."""
    more_invocations: Change | None = None
    more_errors: Change | None = None
    more_rate: Change | None = None
    more_throttles: Change | None = None
    more_p95: Change | None = None
    series: Series | None = None
    """Of invocations."""
    problem: AwsError | None = None
    """Why there is nothing, or nothing newer."""
    asked: bool = False
    """Whether CloudWatch has answered at all."""
    waiting: frozenset[str] = frozenset()
    """Of these figures it is not known yet what there is, by the names of the needs that they are made of."""
    partial: bool = False
    """Whether it said that there is more than it gave."""

    def same(self, other: Figures | None) -> bool:
        """Whether another would look alike. Gaps are not equal to themselves, and when it was asked does not matter."""
        if other is None or self.series is None or other.series is None:
            return False
        if replace(self, series=None) != replace(other, series=None):
            return False
        return self.series.values == other.series.values

    def share(self, timeout: float) -> float | None:
        """Which part of the timeout (s) the p95 takes, 0 to 1."""
        return None if self.p95 is None or timeout <= 0 else self.p95 / (timeout * 1000)


def figures(needs: RowNeeds, known: Mapping[Need, Reading], over: Range) -> Figures:
    """The figures of a row from what is known of its needs."""
    problem = next((known[need].problem for need in needs if need in known and known[need].problem), None)
    series = {need: known[need].series for need in needs if need in known and known[need].series.asked}
    ran, failed = series.get(needs.invocations), series.get(needs.errors)
    if ran is None:
        return Figures(problem=problem)
    now = ran.last(over.seconds)
    invocations = total(now)
    throttled, together, p95 = (series.get(need) for need in (needs.throttles, needs.concurrency, needs.p95))
    errors = None if failed is None else counted(failed.last(over.seconds), now)
    ran_sums = sums(ran, over)
    failed_sums = None if failed is None else sums(failed, over)
    return Figures(
        invocations=invocations,
        errors=errors,
        error_rate=None if failed is None else error_rate(errors, invocations),
        throttles=None if throttled is None else counted(throttled.last(over.seconds), now),
        concurrency=None if together is None else peak(together),
        p95=None if p95 is None else sole(p95),
        more_invocations=change_of(ran_sums, ran_sums),
        more_errors=None if failed_sums is None else change_of(failed_sums, ran_sums),
        more_rate=None if failed_sums is None else _rates(failed_sums, ran_sums),
        more_throttles=None if throttled is None else change_of(sums(throttled, over), ran_sums),
        more_p95=None if p95 is None else Change(sole(p95), sole(p95.earlier(over.seconds))),
        series=now,
        problem=problem,
        asked=True,
        partial=any(it.partial for it in series.values()),
        waiting=frozenset(name for name, need in needs._asdict().items() if need not in series),
    )


def sole(series: Series) -> float | None:
    """The last point of a series whose points cannot be put together: the only one of its window."""
    return series.values[-1] if series.raw else None


def _rates(failed: Sums, ran: Sums) -> Change:
    """Error rates of both windows. What is under way does not make one smaller."""
    return Change(error_rate(failed.now, ran.now), error_rate(failed.before, ran.before))


def value_of(quantity: Quantity, reading: Reading, invocations: Series | None) -> float | None:
    """The figure of a quantity over all of its window: a sum, a maximum, or the one point that was asked for."""
    series = reading.series
    if not series.asked:
        return None
    if quantity.statistic == "Maximum":
        return peak(series)
    if quantity.statistic != "Sum":
        return sole(series) if len(series.raw) == 1 else None
    if quantity in ZERO_WHILE_INVOKED and invocations is not None:
        return counted(series, invocations)
    return total(series)


def first_problem(readings: Sequence[Reading]) -> AwsError | None:
    """Why something is missing among these, if there is anything."""
    return next((it.problem for it in readings if it.problem is not None), None)
