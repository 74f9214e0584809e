from __future__ import annotations

import itertools
import time
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lambdatui.local import identity
from tests.local.logs.answers import code_and_message, pages, texts

pytestmark = pytest.mark.local


def test_events_come_back_as_they_were_put(logs: Any, group: str, write: Any, now: int) -> None:
    write("a/[$LATEST]1", (now - 2, "one\n"), (now - 1, "größe ❤ \ud83d\ude00"))
    write("b", (now - 2, "two"), (now, "four"))

    found = logs.filter_log_events(logGroupName=group)

    assert texts(found["events"]) == ["one\n", "two", "größe ❤ \U0001f600", "four"]
    assert [event["logStreamName"] for event in found["events"]] == ["a/[$LATEST]1", "b", "a/[$LATEST]1", "b"]
    assert found["searchedLogStreams"] == []
    assert "nextToken" not in found
    assert all(now <= event["ingestionTime"] for event in found["events"])
    ids = [event["eventId"] for event in found["events"]]
    assert ids == sorted(set(ids))
    assert {len(each) for each in ids} == {56}
    assert ids == [event["eventId"] for event in logs.filter_log_events(logGroupName=group)["events"]]


def test_the_time_range_of_filter_log_events_has_its_end_in_it_and_that_of_get_log_events_has_not(
    logs: Any, group: str, write: Any, now: int
) -> None:
    write("s", *((now + offset, str(offset)) for offset in range(5)))
    between = {"startTime": now + 1, "endTime": now + 3}

    assert texts(logs.filter_log_events(logGroupName=group, **between)["events"]) == ["1", "2", "3"]
    assert texts(logs.get_log_events(logGroupName=group, logStreamName="s", **between)["events"]) == ["1", "2"]


def test_streams_are_chosen_by_name_or_by_prefix_and_not_by_both(logs: Any, group: str, write: Any, now: int) -> None:
    for name in ("a1", "a2", "b"):
        write(name, (now, name))

    assert texts(logs.filter_log_events(logGroupName=group, logStreamNames=["b", "a1", "no"])["events"]) == ["a1", "b"]
    assert texts(logs.filter_log_events(logGroupName=group, logStreamNamePrefix="a")["events"]) == ["a1", "a2"]
    refused = code_and_message(
        logs.filter_log_events, logGroupName=group, logStreamNames=["b"], logStreamNamePrefix="a"
    )
    assert refused[0] == "InvalidParameterException"


def test_a_filter_pattern_chooses_among_messages(logs: Any, group: str, write: Any, now: int) -> None:
    write("s", (now, '{"level": "ERROR", "n": 7}'), (now, "ERROR in text"), (now, '{"level": "INFO", "n": 3}'))

    def found(pattern: str) -> list[str]:
        return texts(logs.filter_log_events(logGroupName=group, filterPattern=pattern)["events"])

    assert found("ERROR") == ['{"level": "ERROR", "n": 7}', "ERROR in text"]
    assert found('{ $.level = "ERROR" && $.n > 5 }') == ['{"level": "ERROR", "n": 7}']
    assert len(found("")) == 3
    assert code_and_message(logs.filter_log_events, logGroupName=group, filterPattern="a:b") == (
        "InvalidParameterException",
        "Invalid character(s) in term ':'",
    )


@pytest.mark.parametrize("order", [{}, {"startFromHead": False}])
def test_pages_add_up_to_all_events_once(logs: Any, group: str, write: Any, now: int, order: Any) -> None:
    for stream in "ab":
        write(stream, *((now + number // 4, f"{stream}{number}") for number in range(40)))
    everything = logs.filter_log_events(logGroupName=group, **order)["events"]

    paged = list(pages(logs.filter_log_events, logGroupName=group, limit=7, **order))

    assert [len(page) for page in paged] == [7] * 11 + [3]
    assert list(itertools.chain(*paged)) == everything
    assert len(everything) == 80
    times = [event["timestamp"] for event in everything]
    assert times == sorted(times, reverse=bool(order))


def test_the_token_decides_on_the_direction(logs: Any, group: str, write: Any, now: int) -> None:
    write("s", *((now + number, str(number)) for number in range(4)))
    first = logs.filter_log_events(logGroupName=group, limit=2, startFromHead=False)

    second = logs.filter_log_events(logGroupName=group, nextToken=first["nextToken"], startFromHead=True)

    assert texts(first["events"]) + texts(second["events"]) == ["3", "2", "1", "0"]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.integers(0, 6), min_size=1, max_size=30),
    st.lists(st.lists(st.integers(0, 9), max_size=6), max_size=8),
    st.integers(1, 7),
    st.booleans(),
)
def test_events_that_arrive_between_pages_neither_hide_nor_repeat_any(
    logs: Any, before: list[int], meanwhile: list[list[int]], limit: int, forward: bool
) -> None:
    group, base = f"/test/{uuid4().hex[:12]}", int(time.time() * 1000)
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="s")

    def put(name: str, offsets: list[int]) -> None:
        batch = [{"timestamp": base + at, "message": f"{name} {n}"} for n, at in enumerate(sorted(offsets))]
        if batch:
            logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=batch)

    put("before", before)
    there = {event["eventId"] for event in logs.filter_log_events(logGroupName=group)["events"]}
    seen: list[str] = []
    arriving = enumerate(meanwhile)
    for page in pages(logs.filter_log_events, logGroupName=group, limit=limit, startFromHead=forward):
        seen += [event["eventId"] for event in page]
        if late := next(arriving, None):
            put(f"late {late[0]}", late[1])

    assert len(seen) == len(set(seen))
    assert there <= set(seen)
    assert seen == sorted(seen, reverse=not forward)


def test_a_page_holds_no_more_than_a_megabyte(logs: Any, group: str, write: Any, now: int) -> None:
    for number in range(5):
        write("s", (now + number, f"{number}" + "x" * 400_000))

    assert [len(page) for page in pages(logs.filter_log_events, logGroupName=group)] == [2, 2, 1]
    newest = logs.get_log_events(logGroupName=group, logStreamName="s")["events"]
    assert [event["message"][0] for event in newest] == ["3", "4"]


def test_get_log_events_gives_the_newest_first_and_leads_both_ways(logs: Any, group: str, write: Any, now: int) -> None:
    write("s", *((now + number // 2, str(number)) for number in range(10)))
    write("other", (now, "not this"))
    call = {"logGroupName": group, "logStreamName": "s", "limit": 4}

    last = logs.get_log_events(**call)
    middle = logs.get_log_events(**call, nextToken=last["nextBackwardToken"])
    first = logs.get_log_events(**call, nextToken=middle["nextBackwardToken"])
    nothing = logs.get_log_events(**call, nextToken=first["nextBackwardToken"])
    again = logs.get_log_events(**call, nextToken=nothing["nextForwardToken"], startFromHead=True)
    after = logs.get_log_events(**call, nextToken=last["nextForwardToken"], startFromHead=True)

    assert [texts(page["events"]) for page in (last, middle, first)] == [[*"6789"], [*"2345"], [*"01"]]
    assert nothing["events"] == []
    assert nothing["nextBackwardToken"] == first["nextBackwardToken"]
    assert texts(again["events"]) == [*"0123"]
    assert after["events"] == []
    assert after["nextForwardToken"] == last["nextForwardToken"]
    back = logs.get_log_events(**call, nextToken=after["nextBackwardToken"])
    assert texts(back["events"]) == [*"6789"]
    assert logs.get_log_events(**call, startFromHead=True)["events"] == again["events"]
    assert last["nextForwardToken"].startswith("f/")
    assert last["nextBackwardToken"].startswith("b/")


def test_a_forward_token_at_the_end_leads_to_what_comes_later(logs: Any, group: str, write: Any, now: int) -> None:
    write("s", (now, "first"))
    call = {"logGroupName": group, "logStreamName": "s"}
    token = logs.get_log_events(**call)["nextForwardToken"]
    assert logs.get_log_events(**call, nextToken=token)["nextForwardToken"] == token

    write("s", (now, "same millisecond"), (now + 1, "later"))

    assert texts(logs.get_log_events(**call, nextToken=token)["events"]) == ["same millisecond", "later"]


def test_an_empty_stream_has_tokens_that_lead_on(logs: Any, group: str, write: Any, now: int) -> None:
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    call = {"logGroupName": group, "logStreamName": "s"}
    empty = logs.get_log_events(**call)
    assert empty["events"] == []

    logs.put_log_events(**call, logEvents=[{"timestamp": now, "message": "first"}])

    found = logs.get_log_events(**call, nextToken=empty["nextForwardToken"], startFromHead=True)
    assert texts(found["events"]) == ["first"]


def test_streams_are_described(logs: Any, group: str, write: Any, now: int) -> None:
    write("b", (now + 5, "x"), (now + 7, "y"))
    write("a", (now + 9, "z"))
    logs.create_log_stream(logGroupName=group, logStreamName="c")

    a, b, c = logs.describe_log_streams(logGroupName=group)["logStreams"]

    assert [stream["logStreamName"] for stream in (a, b, c)] == ["a", "b", "c"]
    assert (b["firstEventTimestamp"], b["lastEventTimestamp"]) == (now + 5, now + 7)
    assert b["creationTime"] >= now
    assert b["lastIngestionTime"] >= now
    assert b["storedBytes"] == 0
    assert b["arn"] == f"arn:aws:logs:{identity.REGION}:{identity.ACCOUNT_ID}:log-group:{group}:log-stream:b"
    assert "firstEventTimestamp" not in c
    by_time = logs.describe_log_streams(logGroupName=group, orderBy="LastEventTime", descending=True)["logStreams"]
    assert [stream["logStreamName"] for stream in by_time] == ["a", "b", "c"]
    found = logs.describe_log_streams(logGroupName=group, logStreamNamePrefix="b")["logStreams"]
    assert [stream["logStreamName"] for stream in found] == ["b"]
    refused = code_and_message(
        logs.describe_log_streams, logGroupName=group, logStreamNamePrefix="b", orderBy="LastEventTime"
    )
    assert refused == ("InvalidParameterException", "Cannot order by LastEventTime with a logStreamNamePrefix.")


@pytest.mark.parametrize("order", ["LogStreamName", "LastEventTime"])
@pytest.mark.parametrize("descending", [False, True])
def test_streams_come_in_pages_of_fifty(
    logs: Any, group: str, write: Any, now: int, order: str, descending: bool
) -> None:
    for number in range(120):
        write(f"s{number:03}", (now + number // 2, "x"))

    found = list(
        logs.get_paginator("describe_log_streams").paginate(logGroupName=group, orderBy=order, descending=descending)
    )

    assert [len(page["logStreams"]) for page in found] == [50, 50, 20]
    names = [stream["logStreamName"] for page in found for stream in page["logStreams"]]
    assert names == sorted((f"s{number:03}" for number in range(120)), reverse=descending)
