"""Every call leaves exactly what it should, whatever made it: no metric twice, no log line missing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable

import pytest

from tests.local.conftest import Connect, Eventually, Make
from tests.local.ledger import CODE, Ledger
from tests.local.sources import (
    Clients,
    Send,
    by_bucket,
    by_destination,
    by_kinesis,
    by_queue,
    by_rule,
    by_schedule,
    by_state_machine,
    by_subscription,
    by_table,
    by_topic,
    by_url,
)

pytestmark = pytest.mark.local


@pytest.fixture
def clients(connect: Connect, endpoint_url: str) -> Clients:
    """clients("sqs"): a client of the endpoint."""
    return lambda service: connect(endpoint_url, service)


def _settled(ledger: Ledger, eventually: Eventually, expected: dict[str, int]) -> list[str]:
    """The request ids, when metrics and log lines are what is expected; fails if they never are."""
    wanted = +Counter(expected)

    def as_expected() -> bool:
        lines = ledger.lines()
        return +ledger.counts() == wanted and all(len(ids) == wanted["Invocations"] for ids in lines.values())

    try:
        eventually(as_expected, within=30)
    except AssertionError:
        counts, lines = +ledger.counts(), {kind: len(ids) for kind, ids in ledger.lines().items()}
        raise AssertionError(f"{dict(counts)} and {lines}, not {dict(wanted)}") from None
    ids = ledger.lines()
    assert sorted(ids["START"]) == sorted(ids["END"]) == sorted(ids["REPORT"])
    assert ledger.metrics("Duration", statistic="SampleCount").get("Duration", 0) == wanted["Invocations"]
    return ids["START"]


def test_calls_of_every_outcome_are_counted_and_logged_once(
    clients: Clients, connect: Connect, endpoint_url: str, make: Make, eventually: Eventually
) -> None:
    name, client = make(endpoint_url, CODE, Timeout=1), clients("lambda")
    client.put_function_event_invoke_config(FunctionName=name, MaximumRetryAttempts=1)
    given = []
    for word in ("fine", "fine", "fine", "boom", "boom", "sleep"):
        answer = client.invoke(FunctionName=name, Payload=json.dumps(word))
        assert ("FunctionError" in answer) == (word != "fine")
        given.append(answer["ResponseMetadata"]["RequestId"])
    for word in ("fine", "fine", "boom"):
        answer = client.invoke(FunctionName=name, InvocationType="Event", Payload=json.dumps(word))
        given += [answer["ResponseMetadata"]["RequestId"]] * (2 if word == "boom" else 1)
    ledger = Ledger(connect, endpoint_url, name)
    before = {"Invocations": 10, "Errors": 5, "AsyncEventsReceived": 3, "AsyncEventsDropped": 1}
    _settled(ledger, eventually, before)

    client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    for _ in range(4):
        with pytest.raises(client.exceptions.TooManyRequestsException):
            client.invoke(FunctionName=name)
    ids = _settled(ledger, eventually, {**before, "Throttles": 4})
    assert Counter(ids) == Counter(given)
    assert sum("Task timed out after 1.00 seconds" in message for message in ledger.messages()) == 1
    resource = ledger.metrics("Invocations", "Errors", FunctionName=name, Resource=name)
    assert resource == {"Invocations": 10, "Errors": 5}


@pytest.mark.parametrize("trigger", [by_url, by_state_machine, by_queue])
def test_what_waits_for_a_function_is_counted_as_its_calls(
    trigger: Callable[[Clients, str, str], Send],
    clients: Clients,
    connect: Connect,
    endpoint_url: str,
    make: Make,
    eventually: Eventually,
) -> None:
    name = make(endpoint_url, CODE)
    send = trigger(clients, name, f"by-{name}")
    for text in ("one", "two", "boom"):
        send(text)
    _settled(Ledger(connect, endpoint_url, name), eventually, {"Invocations": 3, "Errors": 1})


@pytest.mark.parametrize("trigger", [by_topic, by_bucket, by_rule, by_schedule, by_destination])
def test_what_leaves_an_event_for_a_function_is_counted_as_asynchronous(
    trigger: Callable[[Clients, str, str], Send],
    clients: Clients,
    connect: Connect,
    endpoint_url: str,
    make: Make,
    eventually: Eventually,
) -> None:
    name = make(endpoint_url, CODE)
    clients("lambda").put_function_event_invoke_config(FunctionName=name, MaximumRetryAttempts=1)
    send = trigger(clients, name, f"by-{name}")
    for text in ("one", "two", "boom"):
        send(text)
    expected = {"Invocations": 4, "Errors": 2, "AsyncEventsReceived": 3, "AsyncEventsDropped": 1}
    ids = _settled(Ledger(connect, endpoint_url, name), eventually, expected)
    assert sorted(Counter(ids).values()) == [1, 1, 2]


def test_a_subscription_of_a_log_group_is_counted_as_asynchronous(
    clients: Clients, connect: Connect, endpoint_url: str, make: Make, eventually: Eventually
) -> None:
    name = make(endpoint_url, CODE)
    by_subscription(clients, name, f"by-{name}")("one")
    _settled(Ledger(connect, endpoint_url, name), eventually, {"Invocations": 1, "AsyncEventsReceived": 1})


@pytest.mark.parametrize("trigger", [by_kinesis, by_table])
def test_what_a_stream_brings_has_an_age(
    trigger: Callable[[Clients, str, str], Send],
    clients: Clients,
    connect: Connect,
    endpoint_url: str,
    make: Make,
    eventually: Eventually,
) -> None:
    name = make(endpoint_url, CODE)
    send = trigger(clients, name, f"by-{name}")
    for text in ("one", "two", "three"):
        send(text)
    ledger = Ledger(connect, endpoint_url, name)
    _settled(ledger, eventually, {"Invocations": 3})
    assert ledger.metrics("IteratorAge", statistic="SampleCount") == {"IteratorAge": 3}
    assert 0 <= ledger.metrics("IteratorAge", statistic="Maximum")["IteratorAge"] < 60_000
