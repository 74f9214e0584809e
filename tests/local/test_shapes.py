from __future__ import annotations

from typing import Any

import pytest

from tests.local.shapes import fits

STREAM = {"logStreamName": "s", "creationTime": 1}


def test_an_answer_of_the_right_shape_has_no_problems() -> None:
    assert fits("logs", "DescribeLogStreams", {"logStreams": [STREAM], "ResponseMetadata": {}}) == []
    assert fits("logs", "CreateLogStream", {"ResponseMetadata": {}}) == []


@pytest.mark.parametrize(
    ("operation", "answer", "problem"),
    [
        ("DescribeLogStreams", {"logStreams": [{**STREAM, "creationTime": "1"}]}, "creationTime: str, not long"),
        ("DescribeLogStreams", {"logStreams": [{**STREAM, "storedBytes": True}]}, "storedBytes: bool, not long"),
        ("DescribeLogStreams", {"logStreams": STREAM}, "logStreams: dict, not list"),
        ("DescribeLogStreams", {"streams": []}, "streams: not in"),
        ("DescribeLogGroups", {"logGroups": [{"logGroupClass": "CHEAP"}]}, "'CHEAP' is none of"),
        ("PutLogEvents", {"rejectedEntityInfo": {}}, "errorType: missing"),
        ("CreateLogStream", {"logStreamName": "s"}, "not in the answer"),
    ],
)
def test_what_does_not_fit_is_told(operation: str, answer: dict[str, Any], problem: str) -> None:
    (told,) = fits("logs", operation, answer)

    assert problem in told
