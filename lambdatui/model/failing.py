"""Functions that fail, and what is known of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from lambdatui.model.chart_scale import figure
from lambdatui.model.metric_changes import change_of, sums
from lambdatui.model.metric_figures import Change, counted, error_rate, peak, since, total, zeroed
from lambdatui.model.metrics import Need, Range, Reading, of_each, points
from lambdatui.model.quantities import (
    ASYNC_AGE,
    ASYNC_DROPPED,
    DEAD_LETTER_ERRORS,
    DESTINATION_FAILURES,
    ERRORS,
    INVOCATIONS,
    ITERATOR_AGE,
    THROTTLES,
    ZERO_WHILE_INVOKED,
    Quantity,
)
from lambdatui.model.text import duration


class Beside(NamedTuple):
    """What is told beside the errors of a function."""

    quantity: Quantity
    title: str
    words: str
    """Of it, in words: what a number is put before, or `{}` of which it takes the place."""

    @property
    def metric(self) -> str:
        """The name of the metric."""
        return self.quantity.metric


BESIDE = (
    Beside(THROTTLES, "Thr", "throttled"),
    Beside(DEAD_LETTER_ERRORS, "DLQ", "not taken by a dead-letter queue"),
    Beside(DESTINATION_FAILURES, "Dest", "not taken by a destination"),
    Beside(ASYNC_DROPPED, "Dropped", "events dropped"),
    Beside(ASYNC_AGE, "Async age", "events waited up to {}"),
    Beside(ITERATOR_AGE, "Iterator", "its stream is up to {} behind"),
)
"""In their order on screen."""

COUNTED = tuple(it for it in BESIDE if it.quantity.statistic == "Sum")
"""Those of which one is enough for a function to be told of."""


def errors_of(name: str, over: Range) -> Need:
    """What ranks a function among others: its errors, with those of the time before."""
    return Need(ERRORS.of(name), points(over, before=1))


def rankings(names: Iterable[str], over: Range, had: Mapping[str, Iterable[str]]) -> Mapping[str, Sequence[Need]]:
    """What decides whether functions are told of, by name. `had`: by metric of `COUNTED`, those that had it lately."""
    names = list(names)
    found = {name: [need] for name, need in zip(names, of_each(names, [errors_of("", over)]), strict=True)}
    for it in COUNTED:
        for name in had.get(it.metric, ()):
            if name in found:
                found[name].append(Need(it.quantity.of(name), points(over)))
    return found


def beside(name: str, over: Range) -> Mapping[str, Need]:
    """What else is told of a function, by metric."""
    needs = {it.metric: Need(it.quantity.of(name), points(over)) for it in BESIDE}
    return {INVOCATIONS.metric: Need(INVOCATIONS.of(name), points(over, before=1)), **needs}


UNKNOWN = Change(None, None)


@dataclass(frozen=True, slots=True)
class Failing:
    """A function with its errors in a stretch of time. None: not known, or nothing was reported."""

    name: str
    errors: float = 0.0
    reported: bool = True
    """Whether there was anything to count them of: a point, or invocations."""
    rate: float | None = None
    """Which part of the invocations failed, 0 to 1."""
    change: Change = UNKNOWN
    since: int | None = None
    """Since when (s since 1970) there are errors, without a period of none."""
    longer: bool = False
    """Whether there were errors before that as well, as far as is known."""
    points: tuple[float | None, ...] = ()
    more: Mapping[str, float | None] = field(default_factory=dict)
    """Of `BESIDE`, by metric."""

    @property
    def beside(self) -> str:
        """What else went wrong, in words; empty where nothing did."""
        said = []
        for it in BESIDE:
            value = self.more.get(it.metric)
            if value:
                shown = duration(value) if it.quantity.unit else figure(value)
                said.append(it.words.format(shown) if "{" in it.words else f"{shown} {it.words}")
        return " · ".join(said)

    @property
    def quiet(self) -> bool:
        """Whether there is nothing to tell: no error now and none before, nothing throttled, dropped or undelivered."""
        return not (self.errors or self.change.before or any(self.more.get(it.metric) for it in COUNTED))


def failing(name: str, over: Range, known: Mapping[Need, Reading]) -> Failing | None:
    """What is known of a function; None while its errors are not."""
    reading = known.get(errors_of(name, over))
    if reading is None or not reading.series.asked:
        return None
    needs = beside(name, over)
    invoked = known.get(needs[INVOCATIONS.metric])
    calls = None if invoked is None else invoked.series
    errors = reading.series if calls is None or not calls.asked else zeroed(reading.series, calls)
    now = errors.last(over.seconds)
    count = total(now)
    ran = None if calls is None or not calls.asked else total(calls.last(over.seconds))
    more: dict[str, float | None] = {}
    for it in BESIDE:
        found = known.get(needs[it.metric])
        if found is None or not found.series.asked:
            more[it.metric] = None
        elif it.quantity.statistic == "Maximum":
            more[it.metric] = peak(found.series)
        elif it.quantity in ZERO_WHILE_INVOKED and calls is not None:
            more[it.metric] = counted(found.series, calls.last(over.seconds))
        else:
            more[it.metric] = total(found.series)
    begun = since(errors)
    longer = begun == errors.window.start
    counts = sums(errors, over)
    change = change_of(counts, counts)
    return Failing(
        name, count or 0.0, count is not None, error_rate(count, ran), change, begun, longer, tuple(now.values), more
    )
