"""ListMetrics."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from lambdatui.local.metric_store import MetricStore
from lambdatui.local.metrics import faults
from lambdatui.local.metrics.identity import MetricId
from lambdatui.local.metrics.pace import Pace
from lambdatui.local.metrics.replies import Reply
from lambdatui.local.places import Place

PAGE = 500
"""Metrics a page."""

_LISTED = 14 * 86400  # a metric is listed for two weeks after its last value
_RECENT = 3 * 3600  # RecentlyActive, PT3H


async def answer(store: MetricStore, place: Place, request: Mapping[str, Any], now: float, pace: Pace) -> Reply:
    """The reply to a checked request: a page of the metrics, in the order in which they appeared. Raises Fault."""
    after = _number(request["NextToken"]) if request.get("NextToken") else 0
    since = now - (_RECENT if "RecentlyActive" in request else _LISTED)
    linked = request.get("IncludeLinkedAccounts", False)
    if linked and request.get("OwningAccount", place.account) != place.account:
        return Reply((), {"OwningAccounts": []})
    found: list[Mapping[str, Any]] = []
    rest: dict[str, Any] = {}
    last = after
    for metric in store.metrics():
        if metric.number > after and metric.id.place == place and metric.latest >= since and _fits(metric.id, request):
            if len(found) == PAGE:
                rest["NextToken"] = base64.urlsafe_b64encode(b"metrics after %d" % last).decode()
                break
            last = metric.number
            found.append(described(metric.id))
        await pace.rest()
    return Reply(found, {**rest, "OwningAccounts": [place.account] * len(found)} if linked else rest)


def described(metric: MetricId) -> dict[str, Any]:
    """A metric as the API gives it."""
    dimensions = [{"Name": name, "Value": value} for name, value in metric.dimensions]
    return {"Namespace": metric.namespace, "MetricName": metric.name, "Dimensions": dimensions}


def _fits(metric: MetricId, request: Mapping[str, Any]) -> bool:
    if request.get("Namespace", metric.namespace) != metric.namespace:
        return False
    if request.get("MetricName", metric.name) != metric.name:
        return False
    dimensions = dict(metric.dimensions)
    return all(
        wanted["Name"] in dimensions and dimensions[wanted["Name"]] == wanted.get("Value", dimensions[wanted["Name"]])
        for wanted in request.get("Dimensions", [])
    )


def _number(token: str) -> int:
    try:
        word, _, number = base64.urlsafe_b64decode(token).decode().rpartition(" ")
        if word == "metrics after":
            return int(number)
    except (binascii.Error, ValueError):
        pass
    raise faults.invalid_value("The specified nextToken is invalid.")
