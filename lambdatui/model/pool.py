"""Who has how much of the account's concurrency."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from lambdatui.model.chart_scale import figure
from lambdatui.model.concurrency import SCALING_PER_TEN_SECONDS, UNRESERVED_FLOOR, AccountLimits
from lambdatui.model.errors import AwsError
from lambdatui.model.metric_figures import counted, lately, peak, percent, total
from lambdatui.model.metrics import Frame, Need, Range, Reading, points
from lambdatui.model.quantities import CONCURRENCY, INVOCATIONS, PROVISIONED, SPILLOVER, THROTTLES, UNRESERVED

LONGEST_NOW = 120
"""Seconds of a period that can be called now."""


def now_frame(over: Range) -> Frame:
    """The frame of what runs now: that of the rows where its periods are short, to be in one call with them."""
    return points(over) if over.base <= LONGEST_NOW else points(Range.QUARTER)


def use_need(over: Range) -> Need:
    """Executions of all functions together, now."""
    return Need(CONCURRENCY.of_all(), now_frame(over))


class AccountNeeds(NamedTuple):
    """What is told of all functions together."""

    concurrent: Need
    now: Need
    unreserved: Need
    """Executions now of those that have reserved nothing."""
    throttles: Need


def account_needs(over: Range) -> AccountNeeds:
    """What is told of all functions together in a stretch of time."""
    return AccountNeeds(
        Need(CONCURRENCY.of_all(), points(over)),
        use_need(over),
        Need(UNRESERVED.of_all(), now_frame(over)),
        Need(THROTTLES.of_all(), points(over)),
    )


def concurrent(name: str, over: Range) -> Need:
    """Executions of one function at the same time."""
    return Need(CONCURRENCY.of(name), points(over))


def beside(name: str, over: Range, *, provisioned: bool) -> Mapping[str, Need]:
    """What else is told of a function."""
    wanted = [THROTTLES, INVOCATIONS, *([PROVISIONED, SPILLOVER] if provisioned else [])]
    needs = {it.metric: Need(it.of(name), points(over)) for it in wanted}
    return needs | {"now": Need(CONCURRENCY.of(name), now_frame(over))}


@dataclass(frozen=True, slots=True)
class Share:
    """What one function has and takes. None: not known, or nothing was reported."""

    name: str
    now: float | None = None
    """Executions in the last minutes."""
    peak: float | None = None
    reserved: int | None = None
    """None also where it has reserved none; 0 stops it."""
    throttles: float | None = None
    provisioned: int | None = None
    provisioned_peak: float | None = None
    """How much of that was in use at most."""
    spillover: float | None = None
    points: tuple[float | None, ...] = ()
    waiting: bool = False
    """Whether CloudWatch has not answered yet for all of it."""
    refused: AwsError | None = None
    """Why it has given none of some of it."""

    @property
    def utilization(self) -> float | None:
        """Which part of its provisioned concurrency was in use at its peak, 0 to 1."""
        return (
            None if not self.provisioned or self.provisioned_peak is None else self.provisioned_peak / self.provisioned
        )

    def part_of(self, pool: int) -> float | None:
        """Which part of what it may take it took at its peak: of what it has reserved, else of what nobody has."""
        most = pool if self.reserved is None else self.reserved
        return None if self.peak is None or not most else self.peak / most


class Has(NamedTuple):
    """What is known of what functions have, by name."""

    reserved: Mapping[str, int]
    provisioned: Mapping[str, int]
    """Those that use theirs; 0 while it is not known how much that is."""


def share(name: str, over: Range, known: Mapping[Need, Reading], has: Has) -> Share:
    """What is known of a function."""
    needs = beside(name, over, provisioned=name in has.provisioned)
    needs = {**needs, "points": concurrent(name, over)}
    found = {what: known[need].series for what, need in needs.items() if need in known}
    asked = {what: series for what, series in found.items() if series.asked}
    series, throttled, calls, now = (
        asked.get(what) for what in ("points", THROTTLES.metric, INVOCATIONS.metric, "now")
    )
    used, spilled = asked.get(PROVISIONED.metric), asked.get(SPILLOVER.metric)
    return Share(
        name,
        None if now is None else lately(now),
        None if series is None else peak(series),
        has.reserved.get(name),
        None if throttled is None else total(throttled) if calls is None else counted(throttled, calls),
        has.provisioned.get(name) or None,
        None if used is None else peak(used),
        None if spilled is None else total(spilled),
        () if series is None else tuple(series.values),
        waiting=any(needs[what] not in known for what in ("points", "now", THROTTLES.metric)),
        refused=next((known[it].problem for it in needs.values() if it in known and not known[it].series.asked), None),
    )


class Pool(NamedTuple):
    """The account's limit as parts that add up to it, in executions."""

    reserved: int
    """Kept for functions that have reserved it, in use or not."""
    provisioned: int
    """Kept for functions that have reserved nothing, in use or not."""
    used: float
    """In use by the others."""
    kept: float
    """Of the floor of what cannot be reserved, what is not in use."""
    free: float
    over: float
    """More than there is: what is known of it was true at different moments."""


def pool(limits: AccountLimits, in_use: float, unreserved: float | None, shares: Collection[Share]) -> Pool:
    """How the limit is divided. Executions now: `in_use` of all, `unreserved` of those that have reserved nothing."""
    others = [it for it in shares if it.reserved is None and it.provisioned]
    provisioned = min(sum(it.provisioned or 0 for it in others), limits.unreserved)
    if unreserved is None:
        unreserved = in_use - sum(min(it.now or 0.0, it.reserved) for it in shares if it.reserved)
    used = max(0.0, unreserved - sum(min(it.now or 0.0, it.provisioned or 0) for it in others))
    left = limits.unreserved - provisioned - used
    taken = provisioned + used
    kept = max(0.0, min(left, UNRESERVED_FLOOR - taken))
    return Pool(
        limits.reserved,
        provisioned,
        min(used, float(limits.unreserved - provisioned)),
        kept,
        max(0.0, left - kept),
        max(0.0, -left),
    )


class Told(NamedTuple):
    """What CloudWatch tells of all functions together; None where it does not."""

    in_use: float | None
    highest: float | None
    throttles: float | None
    waiting: bool = False
    """Whether CloudWatch has not answered yet."""


def sentences(limits: AccountLimits, use: Told, over: Range, having: Collection[Share]) -> Iterator[str]:
    """How the account does, for people. `having`: those with provisioned concurrency."""
    refused = f", ! {figure(use.throttles)} throttled" if use.throttles else ""
    now, most = ("…" if it is None and use.waiting else figure(it) for it in (use.in_use, use.highest))
    yield (
        f"In use {now}, at most {most} in {over}{refused}; "
        f"unreserved {limits.unreserved:,}: {UNRESERVED_FLOOR} stay so."
    )
    if having:
        used = [it.provisioned_peak for it in having if it.provisioned_peak is not None]
        whole = sum(it.provisioned or 0 for it in having)
        yield (
            f"Provisioned {whole:,} for {len(having):,} function{'s' * (len(having) != 1)}, at most "
            f"{percent(sum(used) / whole if used else None)} used; {figure(sum(it.spillover or 0 for it in having))} "
            "calls spilled over."
        )
    yield f"Each function gains up to {SCALING_PER_TEN_SECONDS:,} in 10 s. :reserve 50 NAME asks if it can be."
