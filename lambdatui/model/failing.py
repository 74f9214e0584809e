"""Functions that fail, and what is known of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from lambdatui.model.chart_scale import figure
from lambdatui.model.metric_changes import change_of, sums
from lambdatui.model.metric_figures import Change, counted, error_rate, peak, since, total, zeroed
from lambdatui.model.metrics import Need, Range, Reading, of_function, points
from lambdatui.model.text import duration


class Beside(NamedTuple):
    """A metric that is told beside the errors of a function."""

    metric: str
    statistic: str
    title: str
    words: str
    """Of it, in words: what a number is put before, or `{}` of which it takes the place."""
    unit: str = ""
    """ms, or empty for a number of things."""


BESIDE = (
    Beside("Throttles", "Sum", "Thr", "throttled"),
    Beside("DeadLetterErrors", "Sum", "DLQ", "not taken by a dead-letter queue"),
    Beside("DestinationDeliveryFailures", "Sum", "Dest", "not taken by a destination"),
    Beside("AsyncEventsDropped", "Sum", "Dropped", "events dropped"),
    Beside("AsyncEventAge", "Maximum", "Async age", "events waited up to {}", "ms"),
    Beside("IteratorAge", "Maximum", "Iterator", "its stream is up to {} behind", "ms"),
)
"""In their order on screen. Source: "Types of metrics for Lambda functions", Lambda Developer Guide, 2026."""

COUNTED = tuple(it for it in BESIDE if it.statistic == "Sum")
"""Those of which one is enough for a function to be told of."""


def errors_of(name: str, over: Range) -> Need:
    """What ranks a function among others: its errors, with those of the time before."""
    return Need(of_function(name, "Errors", "Sum"), points(over, before=1))


def rankings(names: Iterable[str], over: Range, had: Mapping[str, Iterable[str]]) -> Mapping[str, Sequence[Need]]:
    """What decides whether functions are told of, by name. `had`: by metric of `COUNTED`, those that had it lately."""
    found = {name: [errors_of(name, over)] for name in names}
    for it in COUNTED:
        for name in had.get(it.metric, ()):
            if name in found:
                found[name].append(Need(of_function(name, it.metric, it.statistic), points(over)))
    return found


def beside(name: str, over: Range) -> Mapping[str, Need]:
    """What else is told of a function, by metric."""
    needs = {it.metric: Need(of_function(name, it.metric, it.statistic), points(over)) for it in BESIDE}
    return {"Invocations": Need(of_function(name, "Invocations", "Sum"), points(over, before=1)), **needs}


UNKNOWN = Change(None, None)


@dataclass(frozen=True, slots=True)
class Failing:
    """A function with its errors in a stretch of time. None: not known, or nothing was reported."""

    name: str
    errors: float = 0.0
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
                shown = duration(value) if it.unit else figure(value)
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
    calls = known[needs["Invocations"]].series if needs["Invocations"] in known else None
    errors = reading.series if calls is None or not calls.asked else zeroed(reading.series, calls)
    now = errors.last(over.seconds)
    count = total(now) or 0.0
    ran = None if calls is None or not calls.asked else total(calls.last(over.seconds))
    more: dict[str, float | None] = {}
    for it in BESIDE:
        found = known.get(needs[it.metric])
        if found is None or not found.series.asked:
            more[it.metric] = None
        elif it.statistic == "Maximum":
            more[it.metric] = peak(found.series)
        elif it.metric == "Throttles" and calls is not None:
            more[it.metric] = counted(found.series, calls.last(over.seconds))
        else:
            more[it.metric] = total(found.series)
    begun = since(errors)
    longer = begun == errors.window.start
    counts = sums(errors, over)
    change = change_of(counts, counts)
    return Failing(name, count, error_rate(count, ran), change, begun, longer, tuple(now.values), more)
