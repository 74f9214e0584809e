"""PutMetricData. Values with a resolution of a second (StorageResolution) are rolled up by the minute too."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from lambdatui.local.metric_store import MetricStore
from lambdatui.local.metrics import faults
from lambdatui.local.metrics.pace import Pace
from lambdatui.local.metrics.replies import Reply
from lambdatui.local.metrics.rollup import statistic_set
from lambdatui.local.places import Place

MOST = 1000
"""Metrics a request."""

PAST = 14 * 86400
AHEAD = 2 * 3600
"""Seconds that a timestamp may lie in the past, and in the future."""

LARGEST = 2.0**360
"""Values are from -LARGEST to LARGEST."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_EXCLUSIVE = ("Value", "Values", "StatisticValues")


async def answer(store: MetricStore, place: Place, request: Mapping[str, Any], now: float, pace: Pace) -> Reply:
    """Count a checked request's values in, all or none. Raises Fault."""
    data = [(f"MetricData.member.{number}", datum) for number, datum in enumerate(request.get("MetricData", []), 1)]
    for entity, metrics in enumerate(request.get("EntityMetricData", []), 1):
        for number, datum in enumerate(metrics.get("MetricData", []), 1):
            data.append((f"EntityMetricData.member.{entity}.MetricData.member.{number}", datum))
    if not data:
        raise faults.missing("The parameter MetricData is required.")
    if len(data) > MOST:
        raise faults.invalid_value(f"The collection MetricData must not have a size greater than {MOST}.")
    problems = list(_wrong_name(request["Namespace"], "Namespace"))
    for where, datum in data:
        _hold_together(datum, where)
        problems += _problems(datum, where, now)
        await pace.rest()
    if problems:
        raise faults.invalid_value(*problems)
    for _, datum in data:
        _count_in(store, place, request["Namespace"], datum, now)
        await pace.rest()
    return Reply()


def _hold_together(datum: Mapping[str, Any], where: str) -> None:
    given = [f"{where}.{name}" for name in _EXCLUSIVE if name in datum]
    if len(given) > 1:
        both = " and ".join(given[:2])
        raise faults.invalid_combination(f"The parameters {both} are mutually exclusive and you have specified both.")
    if not given:
        names = ", ".join(f"{where}.{name}" for name in _EXCLUSIVE)
        raise faults.missing(f"At least one of the parameters {names} must be specified.")
    if "Counts" in datum and "Values" not in datum:
        raise faults.invalid_combination(f"The parameter {where}.Counts needs the parameter {where}.Values.")


def _problems(datum: Mapping[str, Any], where: str, now: float) -> Iterator[str]:
    at = datum.get("Timestamp", now)
    if at < now - PAST:
        yield f"The parameter {where}.Timestamp must specify a time within the past two weeks."
    if at > now + AHEAD:
        yield f"The parameter {where}.Timestamp must specify a time no more than two hours in the future."
    if datum.get("StorageResolution", 60) not in (1, 60):
        yield f"The parameter {where}.StorageResolution must be 1 or 60."
    yield from _wrong_name(datum["MetricName"], f"{where}.MetricName")
    yield from _wrong_dimensions(datum.get("Dimensions", []), f"{where}.Dimensions")
    if "Value" in datum:
        yield from _wrong_number(datum["Value"], f"{where}.Value")
    for name in ("Values", "Counts"):
        for number, value in enumerate(datum.get(name, []), 1):
            yield from _wrong_number(value, f"{where}.{name}.member.{number}")
    if "Counts" in datum and len(datum["Counts"]) != len(datum["Values"]):
        yield f"The parameters {where}.Values and {where}.Counts must have the same size."
    if min(datum.get("Counts", ()), default=0) < 0:
        yield f"The parameter {where}.Counts must not have negative members."
    if "Values" in datum and not datum["Values"]:
        yield f"The collection {where}.Values must have a size of at least 1."
    yield from _wrong_set(datum.get("StatisticValues", {}), f"{where}.StatisticValues")


def _wrong_set(values: Mapping[str, float], where: str) -> Iterator[str]:
    for name, value in values.items():
        yield from _wrong_number(value, f"{where}.{name}")
    if values and values["SampleCount"] <= 0:
        yield f"The parameter {where}.SampleCount must be greater than 0."
    if values and values["Minimum"] > values["Maximum"]:
        yield f"The parameter {where}.Maximum must be greater than or equal to {where}.Minimum."


def _wrong_number(value: float, where: str) -> Iterator[str]:
    if not math.isfinite(value) or abs(value) > LARGEST:
        yield f"The value {value} for parameter {where} is invalid."


def _wrong_dimensions(dimensions: list[Mapping[str, str]], where: str) -> Iterator[str]:
    names = [dimension["Name"] for dimension in dimensions]
    if len(set(names)) < len(names):
        yield f"The collection {where} must not have two members with the same Name."
    for number, dimension in enumerate(dimensions, 1):
        for name, text in dimension.items():
            yield from _wrong_name(text, f"{where}.member.{number}.{name}")


def _wrong_name(text: str, where: str) -> Iterator[str]:
    # API_Dimension: ASCII, something other than spaces, no colon first.
    if not text.isascii() or _CONTROL.search(text) or not text.strip() or text.startswith(":"):
        yield f"The value {text} for parameter {where} is invalid."


def _count_in(store: MetricStore, place: Place, namespace: str, datum: Mapping[str, Any], now: float) -> None:
    dimensions = {dimension["Name"]: dimension["Value"] for dimension in datum.get("Dimensions", [])}
    at, unit = datum.get("Timestamp", now), datum.get("Unit", "None")
    if "StatisticValues" in datum:
        values = datum["StatisticValues"]
        rollup = statistic_set(values["SampleCount"], values["Sum"], values["Minimum"], values["Maximum"])
        store.merge(place, namespace, datum["MetricName"], dimensions, rollup, at=at, unit=unit)
    else:
        values = datum.get("Values", [datum.get("Value")])
        weighted = zip(values, datum.get("Counts", [1.0] * len(values)), strict=True)
        store.roll_in(place, namespace, datum["MetricName"], dimensions, weighted, at=at, unit=unit)
