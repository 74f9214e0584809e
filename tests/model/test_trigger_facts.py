"""What calls a function, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lambdatui.model.configuration import Fact, Facts, Trouble
from lambdatui.model.policies import Caller
from lambdatui.model.trigger_facts import (
    describe_async,
    describe_callers,
    describe_dead_letters,
    describe_mapping,
    describe_url,
)
from lambdatui.model.triggers import AsyncConfig, EventSourceMapping, FunctionUrl, qualifier_of
from tests import samples

QUEUE, STREAM = samples.mappings()


def said(facts: Facts) -> dict[str, object]:
    return {fact.label: fact.value for fact in facts.lines}


def alerts(facts: Facts) -> list[str]:
    return [fact.label for fact in facts.lines if fact.alert]


def test_a_mapping_that_works_alerts_nobody() -> None:
    facts = describe_mapping(QUEUE)
    assert facts.title == "Event source: queue paid-orders"
    it = said(facts)
    assert (it["State"], it["Last result"], it["Concurrency limit"]) == ("Enabled", "OK", "2")
    assert it["Batch"] == "10 records at most, at once"
    assert (it["Filter"], it["or"]) == QUEUE.filters
    assert alerts(facts) == []


def test_a_mapping_that_is_off_or_fails_is_an_alert() -> None:
    facts = describe_mapping(STREAM)
    assert facts.title == "Event source: stream clicks"
    assert alerts(facts) == ["State", "Last result"]
    it = said(facts)
    assert it["Batch"] == "100 records at most, after 5 s at the latest"
    assert (it["Retries"], it["Record age"]) == ("until the record expires", "1 h 00 m at most")
    assert it["Failed batch"] == "is halved and tried again"
    assert it["On failure"] == "queue failed-clicks (arn:aws:sqs:eu-west-1:210987654321:failed-clicks)"


@pytest.mark.parametrize(
    ("result", "alert"),
    [("OK", False), ("No records processed", False), ("OK - 3 records", False), ("PROBLEM: x", True),
     ("FAILED", True)],
)  # fmt: skip
def test_a_last_result_that_is_not_well_is_an_alert(result: str, alert: bool) -> None:
    assert ("Last result" in alerts(describe_mapping(replace(QUEUE, last_result=result)))) is alert


def test_a_mapping_of_which_hardly_anything_is_known_is_described() -> None:
    facts = describe_mapping(EventSourceMapping("u"))
    assert facts.title == "Event source: self-managed"
    assert said(facts) == {"State": "not reported", "Batch": "–, at once", "Last modified": "–", "UUID": "u"}
    assert alerts(facts) == []


def test_a_mapping_of_an_alias_names_it() -> None:
    it = replace(QUEUE, function_arn=f"{QUEUE.function_arn}:live", endpoints=(), filters_trouble=Trouble("No", "why"))
    assert describe_mapping(it).title == "Event source: queue paid-orders (live)"
    assert Fact("Filter error", "No: why", alert=True) in describe_mapping(it).lines


def test_a_self_managed_source_is_named_by_its_servers() -> None:
    facts = describe_mapping(EventSourceMapping("u", endpoints=("b-1:9092", "b-2:9092"), pollers=(1, None)))
    assert facts.title == "Event source: self-managed Kafka at b-1:9092"
    assert (said(facts)["Source"], said(facts)["Pollers"]) == ("b-1:9092, b-2:9092", "1 to –, provisioned")


def test_callers_stand_by_their_statement_and_an_open_one_is_an_alert() -> None:
    facts = describe_callers(samples.callers())
    assert facts.title == "Who may call it"
    assert alerts(facts) == ["public-url"]
    assert describe_callers([Caller("x", "", alert=False)], "live").lines == (Fact("–", "x"),)
    assert describe_callers((), "live").title == "Who may call it (live)"
    assert describe_callers(()).lines[0].label == "Nobody"


def test_a_url_that_asks_for_no_credentials_is_an_alert() -> None:
    (it,) = samples.urls()
    facts = describe_url(it)
    assert facts.title == "Function URL (live)"
    assert alerts(facts) == ["Authentication"]
    assert said(facts)["CORS origins"] == "https://shop.example"
    assert said(facts)["CORS kept for"] == "10 m 00 s"
    signed = describe_url(FunctionUrl("u", auth_type="AWS_IAM"))
    assert alerts(signed) == []
    assert "none" in str(said(signed)["CORS"])
    assert said(describe_url(FunctionUrl("u", auth_type="NEW")))["Authentication"] == "NEW"


def test_asynchronous_calls_say_what_is_set_and_what_is_aws_s_own() -> None:
    own, alias = samples.async_configs()
    assert describe_async(own).title == "Asynchronous calls"
    assert said(describe_async(own))["Retries"] == "1"
    assert said(describe_async(own))["Event age"] == "6 h 00 m at most (AWS’s own)"
    assert "failed-receipts" in str(said(describe_async(own))["On failure"])
    assert describe_async(alias).title == "Asynchronous calls (live)"
    assert said(describe_async(alias))["Retries"] == "2 (AWS’s own)"
    assert said(describe_async(AsyncConfig("", retries=0)))["Retries"] == "0"


def test_dead_letters_say_where_they_go() -> None:
    assert describe_dead_letters("").lines == (Fact("None", "no dead letter queue is set"),)
    arn = "arn:aws:sqs:eu-west-1:210987654321:dead"
    assert describe_dead_letters(arn).lines == (Fact("Queue", arn),)
    assert describe_dead_letters("x").lines == (Fact("Target", "x"),)


@pytest.mark.parametrize(
    ("arn", "qualifier"),
    [
        ("arn:aws:lambda:eu-west-1:1:function:f", ""),
        ("arn:aws:lambda:eu-west-1:1:function:f:$LATEST", ""),
        ("arn:aws-cn:lambda:cn-north-1:1:function:f:live", "live"),
        ("f:live", ""),
        ("", ""),
    ],
)
def test_the_qualifier_is_in_the_arn(arn: str, qualifier: str) -> None:
    assert qualifier_of(arn) == qualifier
