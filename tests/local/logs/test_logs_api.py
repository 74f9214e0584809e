from __future__ import annotations

import json
from typing import Any

import pytest

from lambdatui.local import identity
from tests.local.logs.answers import Ask, code_and_message, texts

pytestmark = pytest.mark.local


def test_a_group_may_be_named_by_its_arn(logs: Any, group: str, write: Any, now: int) -> None:
    write("s", (now, "x"))
    arn = f"arn:aws:logs:{identity.REGION}:{identity.ACCOUNT_ID}:log-group:{group}"

    for identifier in (group, arn):
        assert texts(logs.filter_log_events(logGroupIdentifier=identifier)["events"]) == ["x"]
        assert logs.get_log_events(logGroupIdentifier=identifier, logStreamName="s")["events"]
        assert logs.describe_log_streams(logGroupIdentifier=identifier)["logStreams"]
    everything_in_it = code_and_message(logs.filter_log_events, logGroupIdentifier=f"{arn}:*")
    assert "regular expression" in everything_in_it[1]
    both = code_and_message(logs.filter_log_events, logGroupIdentifier=group, logGroupName=group)
    assert both[0] == "InvalidParameterException"
    assert code_and_message(logs.filter_log_events)[0] == "InvalidParameterException"
    elsewhere = arn.replace(identity.REGION, "eu-north-1")
    assert code_and_message(logs.filter_log_events, logGroupIdentifier=elsewhere)[0] == "ResourceNotFoundException"


def test_what_is_not_there_is_not_found(logs: Any, group: str, now: int) -> None:
    no_group = ("ResourceNotFoundException", "The specified log group does not exist.")
    no_stream = ("ResourceNotFoundException", "The specified log stream does not exist.")
    events = [{"timestamp": now, "message": "x"}]

    assert code_and_message(logs.filter_log_events, logGroupName="/no") == no_group
    assert code_and_message(logs.describe_log_streams, logGroupName="/no") == no_group
    assert code_and_message(logs.create_log_stream, logGroupName="/no", logStreamName="s") == no_group
    assert code_and_message(logs.get_log_events, logGroupName="/no", logStreamName="s") == no_group
    assert code_and_message(logs.get_log_events, logGroupName=group, logStreamName="s") == no_stream
    assert code_and_message(logs.delete_log_stream, logGroupName=group, logStreamName="s") == no_stream
    assert code_and_message(logs.put_log_events, logGroupName=group, logStreamName="s", logEvents=events) == no_stream
    assert code_and_message(logs.put_log_events, logGroupName="/no", logStreamName="s", logEvents=events) == no_group


@pytest.mark.parametrize(
    ("operation", "body", "code", "message"),
    [
        ("FilterLogEvents", b"{", "SerializationException", ""),
        ("FilterLogEvents", b"[]", "SerializationException", "Start of list found where not expected."),
        ("FilterLogEvents", b'{"logGroupName": 5}', "SerializationException", "NUMBER_VALUE cannot be converted"),
        ("FilterLogEvents", b'{"limit": "5"}', "SerializationException", "STRING_VALUE cannot be converted to Integer"),
        ("FilterLogEvents", b'{"startFromHead": 1}', "SerializationException", "NUMBER_VALUE cannot"),
        ("FilterLogEvents", b'{"startTime": 1e5}', "SerializationException", "DECIMAL_VALUE cannot"),
        ("FilterLogEvents", b'{"startTime": 99999999999999999999}', "SerializationException", "to Long"),
        ("FilterLogEvents", b'{"logStreamNames": "a"}', "SerializationException", ""),
        ("FilterLogEvents", b'{"logStreamNames": [{}]}', "SerializationException", ""),
        pytest.param("FilterLogEvents", b"[" * 100_000, "SerializationException", "", id="deep"),
        (
            "FilterLogEvents",
            b'{"logGroupName": "/no", "limit": 0}',
            "InvalidParameterException",
            "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value "
            "greater than or equal to 1",
        ),
        (
            "GetLogEvents",
            b'{"logGroupName": "a b", "limit": 10001}',
            "InvalidParameterException",
            "3 validation errors detected: Value 'a b' at 'logGroupName' failed to satisfy constraint: Member must "
            r"satisfy regular expression pattern: [\.\-_/#A-Za-z0-9]+; Value null at 'logStreamName' failed to satisfy "
            "constraint: Member must not be null; Value '10001' at 'limit' failed to satisfy constraint: Member must "
            "have value less than or equal to 10000",
        ),
        ("DescribeLogStreams", b'{"orderBy": "Size"}', "InvalidParameterException", "enum value set: [LogStreamName,"),
        ("FilterLogEvents", b'{"logStreamNames": ["a", "b:"]}', "InvalidParameterException", "logStreamNames.2.member"),
        pytest.param(
            "FilterLogEvents",
            b'{"filterPattern": "%s"}' % (b"a" * 1025),
            "InvalidParameterException",
            "equal to 1024",
            id="long pattern",
        ),
        ("PutLogEvents", b'{"logGroupName": "g", "logStreamName": "s"}', "InvalidParameterException", "'logEvents'"),
        ("StartLiveTail", b'{"logGroupIdentifiers": []}', "InvalidParameterException", "greater than or equal to 1"),
        ("GetLogRecord", b'{"logRecordPointer": "?"}', "InvalidParameterException", "Invalid logRecordPointer"),
    ],
)
def test_a_request_of_the_wrong_form_is_refused_in_the_shape_of_aws(
    ask: Ask, operation: str, body: bytes, code: str, message: str
) -> None:
    status, headers, answer = ask(operation, body)

    assert status == 400
    assert headers["content-type"] == "application/x-amz-json-1.1"
    assert headers["x-amzn-requestid"]
    assert answer["__type"] == code
    assert message in answer["message"]


@pytest.mark.parametrize("token", ["what?", "f/", "f/x", "é", "W10=", "WzEsMl0=", "b/" + "9" * 200])
def test_a_token_that_is_none_is_refused(logs: Any, group: str, write: Any, now: int, token: str) -> None:
    write("s", (now, "x"))
    invalid = ("InvalidParameterException", "The specified nextToken is invalid.")

    assert code_and_message(logs.filter_log_events, logGroupName=group, nextToken=token) == invalid
    assert code_and_message(logs.get_log_events, logGroupName=group, logStreamName="s", nextToken=token) == invalid
    assert code_and_message(logs.describe_log_streams, logGroupName=group, nextToken=token) == invalid


def test_newest_first_needs_a_start_in_2024_or_later(logs: Any, group: str) -> None:
    refused = code_and_message(
        logs.filter_log_events, logGroupName=group, startFromHead=False, startTime=1_600_000_000_000
    )

    assert refused[0] == "InvalidParameterException"
    assert logs.filter_log_events(logGroupName=group, startTime=1_600_000_000_000)["events"] == []


def test_logs_insights_sees_the_events_and_gives_pointers_to_them(logs: Any, group: str, write: Any, now: int) -> None:
    write("s", (now - 1, "apple"), (now, "pear"))
    query = logs.start_query(
        logGroupName=group,
        startTime=now // 1000 - 60,
        endTime=now // 1000 + 60,
        queryString="fields @timestamp, @message, @ptr | filter @message like /pear/",
    )

    (row,) = logs.get_query_results(queryId=query["queryId"])["results"]
    fields = {field["field"]: field["value"] for field in row}
    record = logs.get_log_record(logRecordPointer=fields["@ptr"])["logRecord"]

    assert fields["@message"] == record["@message"] == "pear"
    assert record["@logStream"] == "s"
    assert record["@timestamp"] == str(now)
    names = {field["name"] for field in logs.get_log_group_fields(logGroupName=group)["logGroupFields"]}
    assert {"@message", "@timestamp"} <= names


def test_regions_do_not_see_each_others_events(ask: Ask, group: str) -> None:
    body = json.dumps({"logGroupName": group}).encode()

    assert ask("FilterLogEvents", body)[0] == 200
    assert ask("FilterLogEvents", body, "ap-south-1")[2]["__type"] == "ResourceNotFoundException"
