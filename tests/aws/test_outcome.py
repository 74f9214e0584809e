"""What an answer to an invocation is read as."""

from __future__ import annotations

import json

import pytest

from lambdatui.aws.outcomes import parse_outcome


@pytest.mark.parametrize(
    ("trace", "shown"),
    [
        ({}, ()),
        ({"stackTrace": []}, ()),
        ({"stackTrace": ["  File a\n", "  File b\n"]}, ("  File a", "  File b")),
        ({"trace": ["at f (index.js:1)"]}, ("at f (index.js:1)",)),
        ({"stackTrace": "one\ntwo"}, ("one", "two")),
    ],
)
def test_a_stack_trace_is_shown_line_by_line_and_nothing_where_there_is_none(
    trace: dict[str, object], shown: tuple[str, ...]
) -> None:
    payload = json.dumps({"errorType": "KeyError", "errorMessage": "'supplier'", **trace}).encode()
    outcome = parse_outcome({"StatusCode": 200, "FunctionError": "Unhandled", "Payload": payload})
    assert (outcome.error_type, outcome.error_message, outcome.stack_trace) == ("KeyError", "'supplier'", shown)
