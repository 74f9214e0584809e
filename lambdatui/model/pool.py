"""Who has how much of the account's concurrency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from lambdatui.model.concurrency import AccountLimits
from lambdatui.model.metric_figures import counted, latest, peak, total
from lambdatui.model.metrics import Frame, Metric, Need, Range, Reading, of_function, points

CONCURRENT = ("ConcurrentExecutions", "Maximum")
LONGEST_NOW = 120
"""Seconds of a period that can be called now."""
PROVISIONED = (
    ("ProvisionedConcurrencyUtilization", "Maximum"),
    ("ProvisionedConcurrencySpilloverInvocations", "Sum"),
)
"""Of provisioned concurrency: which part of it was in use at most, and calls that found none of it free."""


def account_need(over: Range) -> Need:
    """Executions at the same time, of all functions together."""
    return Need(Metric(*CONCURRENT), points(over))


def now_frame(over: Range) -> Frame:
    """The frame of what runs now: that of the rows where its periods are short, to be in one call with them."""
    return points(over) if over.base <= LONGEST_NOW else points(Range.QUARTER)


def use_need(over: Range) -> Need:
    """Executions of all functions together, now."""
    return Need(Metric(*CONCURRENT), now_frame(over))


def concurrent(name: str, over: Range) -> Need:
    """Executions of one function at the same time."""
    return Need(of_function(name, *CONCURRENT), points(over))


def beside(name: str, over: Range) -> Mapping[str, Need]:
    """What else is told of a function, by metric."""
    wanted = (("Throttles", "Sum"), ("Invocations", "Sum"), *PROVISIONED)
    return {metric: Need(of_function(name, metric, statistic), points(over)) for metric, statistic in wanted}


@dataclass(frozen=True, slots=True)
class Share:
    """What one function has and takes. None: not known, or nothing was reported."""

    name: str
    now: float | None = None
    """Executions in the last period that there is a point of."""
    peak: float | None = None
    reserved: int | None = None
    """None also where it has reserved none."""
    throttles: float | None = None
    utilization: float | None = None
    """Of its provisioned concurrency, 0 to 1, at its peak."""
    spillover: float | None = None
    points: tuple[float | None, ...] = ()

    def part_of(self, limit: int) -> float | None:
        """Which part of the account's limit it took at its peak."""
        return None if self.peak is None or not limit else self.peak / limit


def share(name: str, over: Range, known: Mapping[Need, Reading], reserved: int | None) -> Share:
    """What is known of a function."""
    running = known.get(concurrent(name, over))
    found = {metric: known[need].series for metric, need in beside(name, over).items() if need in known}
    asked = {metric: series for metric, series in found.items() if series.asked}
    throttled = asked.get("Throttles")
    calls = asked.get("Invocations")
    utilization, spillover = (asked.get(metric) for metric, _ in PROVISIONED)
    series = None if running is None or not running.series.asked else running.series
    return Share(
        name,
        None if series is None else latest(series),
        None if series is None else peak(series),
        reserved,
        None if throttled is None else total(throttled) if calls is None else counted(throttled, calls),
        None if utilization is None else peak(utilization),
        None if spillover is None else total(spillover),
        () if series is None else tuple(series.values),
    )


class Pool(NamedTuple):
    """The account's limit as parts that add up to it, in executions."""

    reserved: int
    """Kept for functions that have reserved it, in use or not."""
    used: float
    """In use by the others."""
    free: float
    """Left to the others, beyond the floor or not."""
    over: float
    """More than there is: what is known of it was true at different moments."""

    @property
    def sum(self) -> float:
        """All of it: the limit, where nothing is over."""
        return self.reserved + self.used + self.free


def pool(limits: AccountLimits, in_use: float, shares: Iterable[Share]) -> Pool:
    """How the limit is divided. `in_use`: executions of all functions now."""
    of_reserved = sum(min(it.now or 0.0, it.reserved) for it in shares if it.reserved)
    used = max(0.0, in_use - of_reserved)
    free = limits.unreserved - used
    return Pool(limits.reserved, min(used, float(limits.unreserved)), max(0.0, free), max(0.0, -free))
