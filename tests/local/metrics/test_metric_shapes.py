from __future__ import annotations

from typing import Any

import pytest

from lambdatui.local.metrics.shapes import (
    OPERATIONS,
    Flag,
    Many,
    Moment,
    Operation,
    Real,
    Record,
    Shape,
    Table,
    Text,
    Whole,
)
from tests.local.shapes import model

KINDS = {
    "structure": Record,
    "list": Many,
    "map": Table,
    "string": Text,
    "integer": Whole,
    "double": Real,
    "boolean": Flag,
    "timestamp": Moment,
}

LEFT_OUT = {"EntityMetricData.Entity"}
"""What is taken and not looked at."""

STRICTER = {
    "EntityMetricData": 2,
    **dict.fromkeys(("MetricData", "EntityMetricData.MetricData"), 1000),
    **dict.fromkeys(("MetricData.Values", "EntityMetricData.MetricData.Values"), 150),
    **dict.fromkeys(("MetricData.Counts", "EntityMetricData.MetricData.Counts"), 150),
}
"""Most members of lists that the documentation limits and the model does not."""


def differences(ours: Shape, theirs: Any, where: str = "") -> list[str]:
    if not isinstance(ours, KINDS[theirs.type_name]):
        return [f"{where}: {type(ours).__name__} for {theirs.type_name}"]
    limits = theirs.metadata
    if isinstance(ours, Record):
        found = [] if set(ours.required) == set(theirs.required_members) else [f"{where}: required"]
        for member, shape in theirs.members.items():
            path = f"{where}.{member}".strip(".")
            if member in ours.members:
                found += differences(ours.members[member], shape, path)
            elif path not in LEFT_OUT:
                found.append(f"{path}: not ours")
        return found + [f"{where}.{member}: only ours" for member in ours.members.keys() - theirs.members.keys()]
    if isinstance(ours, Many):
        same = ours.most == limits.get("max", STRICTER.get(where, 1 << 20)) and ours.least == limits.get("min", 0)
        return ([] if same else [f"{where}: size"]) + differences(ours.of, theirs.member, where)
    if isinstance(ours, Text):
        same = list(ours.values) == theirs.enum
        same = same and (ours.least, ours.most) == (limits.get("min", 0), limits.get("max", 1 << 20))
        return [] if same else [f"{where}: string"]
    if isinstance(ours, Whole):
        return [] if ours.least == limits.get("min", -(1 << 31)) else [f"{where}: integer"]
    return []


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_shapes_are_those_of_the_service_model(operation: Operation) -> None:
    theirs = model("cloudwatch").operation_model(operation.name)

    assert differences(operation.takes, theirs.input_shape) == []
    assert (operation.gives is None) == (theirs.output_shape is None)
    if operation.gives is not None:
        assert differences(operation.gives, theirs.output_shape) == []
        assert isinstance(operation.gives.members[operation.listing], Many)
