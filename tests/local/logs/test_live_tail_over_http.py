"""StartLiveTail over HTTP, as boto3 reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias
from uuid import uuid4

import boto3
import pytest
from botocore.config import Config

from lambdatui.local import identity
from tests.local.logs.answers import code_and_message, texts

pytestmark = pytest.mark.local

Tail: TypeAlias = Callable[..., Any]


def arn(group: str) -> str:
    return f"arn:aws:logs:{identity.REGION}:{identity.ACCOUNT_ID}:log-group:{group}"


@pytest.fixture
def tail(endpoint_url: str, connect: Any) -> Iterator[Tail]:
    """tail(group, …): the events of a session, from its start on. It is ended with the test."""
    streams: list[Any] = []

    def tailed(*groups: str, **options: Any) -> Any:
        client = connect(endpoint_url, "logs")
        answer = client.start_live_tail(logGroupIdentifiers=[arn(group) for group in groups], **options)
        streams.append(answer["responseStream"])
        return iter(answer["responseStream"])

    yield tailed
    for stream in streams:
        stream.close()


def until(events: Iterator[Any], count: int) -> list[dict[str, Any]]:
    """What updates bring until there are so many results."""
    results: list[dict[str, Any]] = []
    while len(results) < count:
        results += next(events)["sessionUpdate"]["sessionResults"]
    return results


def test_a_session_starts_and_then_brings_what_is_written(tail: Tail, group: str, write: Any, now: int) -> None:
    write("s", (now, "before"))
    events = tail(group)

    start = next(events)["sessionStart"]
    write("s", (now, "one"), (now + 1, "two"))
    write("t", (now - 1, "late"))
    results = until(events, 3)

    assert start["logGroupIdentifiers"] == [arn(group)]
    assert start["requestId"]
    assert start["sessionId"]
    assert texts(results) == ["one", "two", "late"]
    assert [(it["logStreamName"], it["timestamp"]) for it in results] == [("s", now), ("s", now + 1), ("t", now - 1)]
    assert {it["logGroupIdentifier"] for it in results} == {arn(group)}
    assert all(it["ingestionTime"] >= now for it in results)


def test_an_update_comes_each_second_also_without_events(tail: Tail, group: str) -> None:
    events = tail(group)
    next(events)

    assert next(events)["sessionUpdate"] == {"sessionMetadata": {"sampled": False}, "sessionResults": []}
    assert next(events)["sessionUpdate"]["sessionResults"] == []


def test_more_than_500_events_of_a_second_are_sampled(tail: Tail, group: str, write: Any, now: int) -> None:
    events = tail(group)
    next(events)
    write("s", *((now, str(number)) for number in range(1200)))

    update = next(event["sessionUpdate"] for event in events if event["sessionUpdate"]["sessionResults"])

    assert update["sessionMetadata"] == {"sampled": True}
    found = [int(text) for text in texts(update["sessionResults"])]
    assert len(found) == 500
    assert found == sorted(set(found))
    assert found[-1] - found[0] > 1100


def test_only_what_matches_is_brought(tail: Tail, group: str, write: Any, now: int) -> None:
    pattern = '{ $.level = "ERROR" }'
    events = tail(group, logEventFilterPattern=pattern, logStreamNamePrefixes=["a", "b"])
    start = next(events)["sessionStart"]

    write("c", (now, '{"level": "ERROR"}'))
    write("a", (now, '{"level": "INFO"}'), (now, '{"level": "ERROR", "n": 1}'))
    write("bb", (now, "ERROR"), (now, '{"level": "ERROR", "n": 2}'))

    assert (start["logEventFilterPattern"], start["logStreamNamePrefixes"]) == (pattern, ["a", "b"])
    assert texts(until(events, 2)) == ['{"level": "ERROR", "n": 1}', '{"level": "ERROR", "n": 2}']


def test_several_groups_are_followed_at_once(logs: Any, tail: Tail, group: str, write: Any, now: int) -> None:
    other = f"/test/{uuid4().hex[:12]}"
    logs.create_log_group(logGroupName=other)
    logs.create_log_stream(logGroupName=other, logStreamName="s")
    events = tail(group, other)
    next(events)

    write("s", (now, "here"))
    logs.put_log_events(logGroupName=other, logStreamName="s", logEvents=[{"timestamp": now, "message": "there"}])

    assert {(it["logGroupIdentifier"], it["message"]) for it in until(events, 2)} == {
        (arn(group), "here"),
        (arn(other), "there"),
    }


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        ({"logStreamNames": ["a"], "logStreamNamePrefixes": ["b"]}, "InvalidParameterException", ""),
        ({"logEventFilterPattern": "a:b"}, "InvalidParameterException", "Invalid filter pattern: Invalid character(s)"),
        ({"logEventFilterPattern": '"a'}, "InvalidParameterException", "Invalid filter pattern"),
        ({"logGroupIdentifiers": ["/a/name"]}, "InvalidParameterException", "ARN"),
        ({"logGroupIdentifiers": [arn("/no")]}, "ResourceNotFoundException", "The specified log group does not exist."),
        ({"logGroupIdentifiers": [arn("/no") + ":*"]}, "InvalidParameterException", "regular expression"),
        ({"logGroupIdentifiers": [arn("/no")] * 11}, "InvalidParameterException", "less than or equal to 10"),
    ],
)
def test_a_session_that_cannot_be_is_refused(
    logs: Any, group: str, options: dict[str, Any], code: str, message: str
) -> None:
    refused = code_and_message(logs.start_live_tail, **{"logGroupIdentifiers": [arn(group)], **options})

    assert refused[0] == code
    assert refused[1].startswith(message) or message in refused[1]


def test_streams_can_be_named_for_one_group_only(logs: Any, group: str) -> None:
    other = f"/test/{uuid4().hex[:12]}"
    logs.create_log_group(logGroupName=other)

    refused = code_and_message(logs.start_live_tail, logGroupIdentifiers=[arn(group), arn(other)], logStreamNames=["s"])

    assert refused[0] == "InvalidParameterException"


def test_fifteen_sessions_are_open_at_most_and_one_that_is_closed_makes_room(
    endpoint_url: str, group: str, eventually: Any
) -> None:
    region = "sa-east-1"  # which no other test has sessions in
    session = boto3.Session(identity.ACCESS_KEY_ID, identity.SECRET_ACCESS_KEY, region_name=region)
    client = session.client("logs", endpoint_url=endpoint_url, config=Config(inject_host_prefix=False))
    client.create_log_group(logGroupName=group)
    request = {"logGroupIdentifiers": [arn(group).replace(identity.REGION, region)]}
    streams = [client.start_live_tail(**request)["responseStream"] for _ in range(15)]
    assert code_and_message(client.start_live_tail, **request)[0] == "LimitExceededException"

    streams.pop().close()

    def opened() -> Any:
        try:
            return client.start_live_tail(**request)["responseStream"]
        except client.exceptions.LimitExceededException:
            return None

    streams.append(eventually(opened))
    for stream in streams:
        stream.close()
