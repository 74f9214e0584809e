"""CloudWatch's alarms, as far as they are about functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from lambdatui.model.metrics import NAMESPACE, Dimensions

_SIGNS = {
    "GreaterThanOrEqualToThreshold": "≥",
    "GreaterThanThreshold": ">",
    "LessThanThreshold": "<",
    "LessThanOrEqualToThreshold": "≤",
}

SIGNS = {"ALARM": "!", "OK": "", "INSUFFICIENT_DATA": "?"}
"""What stands before an alarm of each state; of one that is not known, a question mark."""

_MILLISECONDS = frozenset({"Duration", "PostRuntimeExtensionsDuration", "IteratorAge", "AsyncEventAge"})
_PARTS = frozenset({"ProvisionedConcurrencyUtilization"})
"""Metrics of functions that are parts of a whole, 0 to 1. All else that Lambda reports is a count."""

_COUNTS = ("SampleCount", "TC(")
"""Statistics that are counts, whatever their metric is. A percentile rank, PR, is a per cent."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A metric that an alarm looks at."""

    metric: str
    statistic: str
    dimensions: Dimensions
    period: int
    """Seconds."""
    namespace: str = NAMESPACE

    def words(self, value: float) -> str:
        """A value of it with its unit: 3, 2,500 ms, 80 %. What is not Lambda's own has none that is known."""
        unit = ""
        if self.statistic.startswith("PR("):
            unit = " %"
        elif self.namespace == NAMESPACE and not self.statistic.startswith(_COUNTS):
            if self.metric in _PARTS:
                value, unit = value * 100, " %"
            elif self.metric in _MILLISECONDS:
                unit = " ms"
        return f"{value:,.12g}{unit}"

    @property
    def function(self) -> str:
        """The function that it is of; empty for another one, or for all of an account."""
        return dict(self.dimensions).get("FunctionName", "") if self.namespace == NAMESPACE else ""


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm on one metric, or on an expression of several."""

    name: str
    state: str
    """OK, ALARM, INSUFFICIENT_DATA."""
    reason: str
    comparison: str
    """CloudWatch's name of it."""
    threshold: float | None
    """None where the alarm has a band of expected values."""
    watched: tuple[Watched, ...]
    description: str = ""
    updated: datetime | None = None
    expression: bool = False
    """It looks at what an expression makes of its metrics: its threshold is none of theirs."""
    actions: bool = True
    """Whether it does anything when its state changes."""

    @property
    def condition(self) -> str:
        """When it goes off: Errors Sum > 5 in 5 min, Duration p95 ≥ 2,500 ms in 1 min."""
        first = self.watched[0] if self.watched else None
        sign = _SIGNS.get(self.comparison, self.comparison)
        what = "an expression" if self.expression or first is None else f"{first.metric} {first.statistic}"
        if self.threshold is None:
            limit = "a band"
        elif self.expression or first is None:
            limit = f"{self.threshold:,.12g}"
        else:
            limit = first.words(self.threshold)
        every = f" in {first.period // 60} min" if first is not None and first.period >= 60 else ""
        return f"{what} {sign} {limit}{every}"

    def of(self, function: str) -> bool:
        """Whether it looks at a metric of this function."""
        return any(it.function == function for it in self.watched)


def alarms_of(alarms: Iterable[Alarm], function: str) -> Sequence[Alarm]:
    """Those that look at a function's metrics, the ones that have gone off first."""
    return sorted((it for it in alarms if it.of(function)), key=lambda it: (it.state != "ALARM", it.name))


def in_full(alarms: Iterable[Alarm], clock: Callable[[datetime | None], str]) -> str:
    """All that is known of alarms, a paragraph each. `clock` writes times."""
    return "\n\n".join("\n".join(_about(alarm, clock)) for alarm in alarms)


def _about(alarm: Alarm, clock: Callable[[datetime | None], str]) -> Iterator[str]:
    since = f" since {clock(alarm.updated)}" if alarm.updated is not None else ""
    yield f"{SIGNS.get(alarm.state, '?') or ' '} {alarm.name}: {alarm.state}{since}"
    yield f"    {alarm.condition}{'' if alarm.actions else ', without actions'}"
    yield from (f"    {it}" for it in (alarm.description, alarm.reason) if it)
