"""Labels of time series, with what a caller wants to see of the values in them.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/graph-dynamic-labels.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone

from lambdatui.local.metrics.identity import MetricId
from lambdatui.local.metrics.series import Line

_WANTED = re.compile(r"\$\{([^{}]*)\}")
_PROPERTY = re.compile(r"""PROP\((['"])([^'"]*)\1\)""")
_ZONE = re.compile(r"([+-])(\d{2}):?(\d{2})")

_Figures = Sequence[tuple[int, float]]

_VALUES: Mapping[str, Callable[[list[float]], float]] = {
    "AVG": lambda values: sum(values) / len(values),
    "DATAPOINT_COUNT": len,
    "FIRST": lambda values: values[0],
    "LAST": lambda values: values[-1],
    "MAX": max,
    "MIN": min,
    "SUM": sum,
}

_TIMES: Mapping[str, Callable[[_Figures], int]] = {
    "FIRST_TIME": lambda points: points[0][0],
    "LAST_TIME": lambda points: points[-1][0],
    "MAX_TIME": lambda points: max(points, key=lambda point: point[1])[0],
    "MIN_TIME": lambda points: min(points, key=lambda point: point[1])[0],
}


def zone(text: str) -> timezone | None:
    """The time zone of LabelOptions: +0130, -08:00; None if it is none."""
    found = _ZONE.fullmatch(text)
    if found is None or int(found[2]) > 23 or int(found[3]) > 59:
        return None
    away = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return timezone(-away if found[1] == "-" else away)


def filled(label: str, line: Line, timezone: timezone | None = None) -> str:
    """A label with its ${…} replaced; what is not known stays as it is."""

    def shown(wanted: re.Match[str]) -> str:
        name = wanted[1].strip()
        if name == "LABEL":
            return line.label
        if found := _PROPERTY.fullmatch(name):
            return _property(found[2], line) or wanted[0]
        if name not in _VALUES and name not in _TIMES:
            return wanted[0]
        points = list(line.points.items())
        if not points:
            return "--"
        if name in _TIMES:
            at = datetime.fromtimestamp(_TIMES[name](points), timezone or UTC)
            return at.strftime("%Y-%m-%d %H:%M:%S %Z")
        return f"{_VALUES[name]([value for _, value in points]):.12g}"

    return _WANTED.sub(shown, label)


def _property(name: str, line: Line) -> str:
    metric = line.metric
    if metric is None:
        return ""
    known = {
        "AccountId": metric.place.account,
        "MetricName": metric.name,
        "Namespace": metric.namespace,
        "Period": str(line.period),
        "Region": metric.place.region,
        "Stat": line.statistic,
        **{f"Dim.{dimension}": value for dimension, value in metric.dimensions},
    }
    return known.get(name, "")


def distinguishing(metrics: Sequence[MetricId]) -> list[str]:
    """A label for each of the metrics that were found together: what it does not share with all others."""
    if len(metrics) < 2:
        return [metric.name for metric in metrics]
    parts = [[metric.namespace, *(value for _, value in metric.dimensions), metric.name] for metric in metrics]
    alike = len({len(part) for part in parts}) == 1
    varying = [at for at in range(len(parts[0])) if len({part[at] for part in parts}) > 1] if alike else []
    return [" ".join(part[at] for at in varying) if alike else " ".join(part) for part in parts]
