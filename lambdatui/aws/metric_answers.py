"""Answers of GetMetricData read without the SDK's parser, which takes a shape for each of 30,000 points.

That holds up the event loop for 300 ms a call. Here the results are read as JSON, in slices.
"""

from __future__ import annotations

from typing import Any

from lambdatui.aws.log_answers import UnusualError, read_members
from lambdatui.aws.slices import Slices

SHAPE = "GetMetricDataOutput"
"""The SDK's name of what the answer is."""


async def read_metric_data(body: bytes) -> dict[str, Any]:
    """The members of an answer, its moments as seconds since 1970. Raises UnusualError."""
    members = await read_members(body, "MetricDataResults", together=1)
    results = members.get("MetricDataResults")
    if not isinstance(results, list) or not _text(members.get("NextToken")) or not _listed(members.get("Messages")):
        raise UnusualError
    slices = Slices()
    for result in results:
        if result is not None and not _well(result):
            raise UnusualError
        await slices.turn()
    return {name: value for name, value in members.items() if value is not None}


def _well(result: Any) -> bool:
    """Whether a result is of the form that it should be."""
    if not isinstance(result, dict) or not isinstance(result.get("Id"), str) or not _listed(result.get("Messages")):
        return False
    times, values = result.get("Timestamps") or [], result.get("Values") or []
    if not isinstance(times, list) or not isinstance(values, list) or len(times) != len(values):
        return False
    return {*map(type, times), *map(type, values)} <= {int, float}


def _text(value: Any) -> bool:
    return isinstance(value, str | None)


def _listed(messages: Any) -> bool:
    return messages is None or (isinstance(messages, list) and all(isinstance(it, dict) for it in messages))
