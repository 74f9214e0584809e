from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.local.logs.answers import Ask, code_and_message, pages, texts

pytestmark = pytest.mark.local

DAY = 86_400_000


def test_streams_are_made_once_and_deleted_with_their_events(logs: Any, group: str, write: Any, now: int) -> None:
    write("s", (now, "x"))
    write("kept", (now, "y"))
    exists = code_and_message(logs.create_log_stream, logGroupName=group, logStreamName="s")
    assert exists == ("ResourceAlreadyExistsException", "The specified log stream already exists")

    logs.delete_log_stream(logGroupName=group, logStreamName="s")

    assert texts(logs.filter_log_events(logGroupName=group)["events"]) == ["y"]
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    assert logs.get_log_events(logGroupName=group, logStreamName="s")["events"] == []


def test_a_group_that_is_made_again_is_empty(logs: Any, group: str, write: Any, now: int) -> None:
    write("s", (now, "twelve bytes"))
    (described,) = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert described["storedBytes"] == 12

    logs.delete_log_group(logGroupName=group)
    assert code_and_message(logs.filter_log_events, logGroupName=group)[0] == "ResourceNotFoundException"
    logs.create_log_group(logGroupName=group)

    assert logs.filter_log_events(logGroupName=group)["events"] == []
    assert logs.describe_log_streams(logGroupName=group)["logStreams"] == []


def test_events_past_the_retention_are_neither_taken_nor_given(logs: Any, group: str, write: Any, now: int) -> None:
    write("s", (now - 2 * DAY, "old"))
    write("s", (now, "new"))

    logs.put_retention_policy(logGroupName=group, retentionInDays=1)
    rejected = write("s", (now - 2 * DAY, "old"), (now, "newer"))["rejectedLogEventsInfo"]

    assert rejected == {"expiredLogEventEndIndex": 1}
    assert texts(logs.filter_log_events(logGroupName=group)["events"]) == ["new", "newer"]
    assert texts(logs.filter_log_events(logGroupName=group, startFromHead=False)["events"]) == ["newer", "new"]
    assert texts(logs.get_log_events(logGroupName=group, logStreamName="s")["events"]) == ["new", "newer"]


def test_a_batch_leaves_out_what_is_too_old_or_too_new_and_says_so(logs: Any, group: str, write: Any, now: int) -> None:
    answer = write(
        "s", (0, "ancient"), (now - 15 * DAY, "old"), (now, "fine"), (now + DAY // 24, "soon"), (now + DAY, "too new")
    )

    assert answer["rejectedLogEventsInfo"] == {"tooOldLogEventEndIndex": 2, "tooNewLogEventStartIndex": 4}
    assert texts(logs.filter_log_events(logGroupName=group)["events"]) == ["fine", "soon"]


@pytest.mark.parametrize(
    ("offsets", "size", "message"),
    [
        ([0, -1], 1, "must be in chronological order"),
        ([-25 * 3_600_000, 0], 1, "cannot span more than 24 hours"),
        ([0] * 3, 400_000, "Upload too large: 1200078 bytes exceeds limit of 1048576"),
        ([0] * 10_001, 1, "less than or equal to 10000"),
    ],
)
def test_a_batch_that_is_not_allowed_is_refused_whole(
    logs: Any, group: str, write: Any, now: int, offsets: list[int], size: int, message: str
) -> None:
    write("s", (now, "there"))
    batch = [{"timestamp": now + offset, "message": "x" * size} for offset in offsets]

    refused = code_and_message(logs.put_log_events, logGroupName=group, logStreamName="s", logEvents=batch)

    assert refused[0] == "InvalidParameterException"
    assert message in refused[1]
    assert texts(logs.filter_log_events(logGroupName=group)["events"]) == ["there"]


def test_a_batch_may_have_ten_thousand_events_and_a_megabyte(logs: Any, group: str, write: Any, now: int) -> None:
    write("s", *((now, "x") for _ in range(10_000)))
    write("s", (now + 1, "y" * (1_048_576 - 26)))

    assert [len(page) for page in pages(logs.filter_log_events, logGroupName=group)] == [10_000, 1]


@pytest.mark.parametrize(
    ("event", "code", "message"),
    [
        (5, "SerializationException", ""),
        ({}, "InvalidParameterException", "Value null at 'logEvents.2.member.timestamp'"),
        ({"timestamp": 1}, "InvalidParameterException", "Value null at 'logEvents.2.member.message'"),
        ({"timestamp": "1", "message": "x"}, "SerializationException", "Long"),
        ({"timestamp": 1 << 70, "message": "x"}, "SerializationException", "Long"),
        ({"timestamp": 1, "message": 7}, "SerializationException", "String"),
        ({"timestamp": -1, "message": "x"}, "InvalidParameterException", "greater than or equal to 0"),
        ({"timestamp": 1, "message": ""}, "InvalidParameterException", "length greater than or equal to 1"),
    ],
)
def test_an_event_of_the_wrong_form_is_refused(
    ask: Ask, write: Any, group: str, now: int, event: Any, code: str, message: str
) -> None:
    write("s", (now, "x"))
    batch = {"logGroupName": group, "logStreamName": "s", "logEvents": [{"timestamp": 0, "message": "y"}, event]}

    status, _, answer = ask("PutLogEvents", json.dumps(batch).encode())

    assert (status, answer["__type"]) == (400, code)
    assert message in answer["message"]


def test_halves_of_surrogate_pairs_are_replaced_as_utf_8_cannot_have_them(
    ask: Ask, logs: Any, write: Any, group: str, now: int
) -> None:
    write("s", (now, "x"))
    body = '{"logGroupName": "%s", "logStreamName": "s", "logEvents": [{"timestamp": %d, "message": "a\\ud800é"}]}'

    assert ask("PutLogEvents", (body % (group, now)).encode())[0] == 200

    assert texts(logs.filter_log_events(logGroupName=group)["events"]) == ["x", "a\ufffdé"]


def test_a_stream_that_cloudformation_makes_is_one_to_write_to(
    endpoint_url: str, connect: Any, logs: Any, group: str, now: int
) -> None:
    resource = {"Type": "AWS::Logs::LogStream", "Properties": {"LogGroupName": group, "LogStreamName": "made"}}
    stacks = connect(endpoint_url, "cloudformation")
    name = f"stack-{uuid4().hex[:12]}"
    stacks.create_stack(StackName=name, TemplateBody=json.dumps({"Resources": {"Stream": resource}}))
    stacks.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 0})

    logs.put_log_events(logGroupName=group, logStreamName="made", logEvents=[{"timestamp": now, "message": "x"}])

    assert texts(logs.filter_log_events(logGroupName=group)["events"]) == ["x"]
