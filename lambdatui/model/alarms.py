"""CloudWatch's alarms, as far as they are about functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from lambdatui.model.metrics import NAMESPACE, Dimensions

_SIGNS = {
    "GreaterThanOrEqualToThreshold": "≥",
    "GreaterThanThreshold": ">",
    "LessThanThreshold": "<",
    "LessThanOrEqualToThreshold": "≤",
}


@dataclass(frozen=True, slots=True)
class Watched:
    """A metric that an alarm looks at."""

    metric: str
    statistic: str
    dimensions: Dimensions
    period: int
    """Seconds."""
    namespace: str = NAMESPACE

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
        """When it goes off: Errors Sum > 5 in 5 min."""
        first = self.watched[0] if self.watched else None
        sign = _SIGNS.get(self.comparison, self.comparison)
        limit = "a band" if self.threshold is None else f"{self.threshold:g}"
        what = "an expression" if self.expression or first is None else f"{first.metric} {first.statistic}"
        every = f" in {first.period // 60} min" if first is not None and first.period >= 60 else ""
        return f"{what} {sign} {limit}{every}"

    def of(self, function: str) -> bool:
        """Whether it looks at a metric of this function."""
        return any(it.function == function for it in self.watched)


def alarms_of(alarms: Iterable[Alarm], function: str) -> Sequence[Alarm]:
    """Those that look at a function's metrics, the ones that have gone off first."""
    return sorted((it for it in alarms if it.of(function)), key=lambda it: (it.state != "ALARM", it.name))
