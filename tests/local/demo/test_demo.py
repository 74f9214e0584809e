"""The demo as other people's clients see it: its functions as configured, what calls them, and that it goes on."""

from __future__ import annotations

import gzip
import json
import re
import runpy
import time
from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from lambdatui.local.demo import alarms, catalogue, deploys, packages, stories, traffic

pytestmark = pytest.mark.local

PLATFORM = re.compile(
    r"(START|END|REPORT|INIT_START) |RequestId: |Runtime\.ExitError|\d\S+Z \S+ Task timed out|\{.*\"platform\."
)
NEVER_CALLED = {"gift-cards", "partner-feed", "recommendations", "sales-export"}
"""By the traffic."""
CALLED_HERE = {"partner-feed", "sales-export"}


@pytest.fixture
def functions(demo_url: str, connect: Callable[..., Any]) -> Any:
    return connect(demo_url, "lambda")


def test_every_sample_is_listed_active_and_as_configured(functions: Any) -> None:
    listed = {function["FunctionName"]: function for function in functions.list_functions()["Functions"]}

    assert set(listed) == {sample.name for sample in catalogue.FUNCTIONS}
    for sample in catalogue.FUNCTIONS:
        function = listed[sample.name]
        assert function["State"] == "Active" or sample.name == deploys.FUNCTION, "which may be deployed just now"
        assert function["Description"] == sample.description
        assert function.get("Runtime", "") == sample.runtime
        assert function["MemorySize"] == sample.memory
        assert function["Timeout"] == sample.timeout
        assert function["Architectures"] == [sample.architecture]
        assert function["PackageType"] == ("Image" if sample.image else "Zip")
        assert function["LoggingConfig"]["LogGroup"] == sample.group


def test_samples_differ_in_age(functions: Any) -> None:
    modified = {function["LastModified"] for function in functions.list_functions()["Functions"]}

    assert len(modified) == len(catalogue.FUNCTIONS)


def test_a_variable_looks_like_a_secret(functions: Any) -> None:
    variables = functions.get_function_configuration(FunctionName="checkout-api")["Environment"]["Variables"]

    assert variables["PAYMENT_API_KEY"].startswith("demo-")


def test_versions_and_weighted_aliases_are_there(functions: Any) -> None:
    versions = functions.list_versions_by_function(FunctionName="checkout-api")["Versions"]
    live = functions.get_alias(FunctionName="checkout-api", Name="live")

    assert [version["Version"] for version in versions] == ["$LATEST", "1", "2", "3", "4"]
    assert {version["State"] for version in versions} == {"Active"}
    assert live["FunctionVersion"] == "3"
    assert live["RoutingConfig"]["AdditionalVersionWeights"] == {"4": 0.1}


def test_layers_are_published_shared_and_in_part_unused(functions: Any) -> None:
    layers = {
        layer["LayerName"]: layer["LatestMatchingVersion"]["Version"] for layer in functions.list_layers()["Layers"]
    }
    used = [
        layer["Arn"].split(":layer:")[1]
        for function in functions.list_functions()["Functions"]
        for layer in function.get("Layers", [])
    ]

    assert layers == {"shop-common": 4, "image-tools": 1, "pdf-fonts": 1}
    foreign = "AWSLambdaPowertoolsPythonV3-python311-x86_64:18"
    assert sorted(used) == [foreign, "image-tools:1", "shop-common:2", "shop-common:3", "shop-common:4"]


def test_what_nobody_calls_works_all_the_same() -> None:
    path = Path(packages.__file__).with_name("functions") / "gift-cards" / "app.py"
    handler = runpy.run_path(str(path))["handler"]

    assert re.fullmatch(r"([A-Z2-9]{4}-){3}[A-Z2-9]{4}", handler({"action": "sell", "cents": 2500}, None)["code"])
    assert handler({"action": "give"}, None) == {"error": "action is one of redeem, sell"}


def _exported(functions: Any, **event: Any) -> tuple[list[bytes], dict[str, Any]]:
    answer = functions.invoke_with_response_stream(FunctionName="sales-export", Payload=json.dumps(event))
    *parts, end = answer["EventStream"]
    return [part["PayloadChunk"]["Payload"] for part in parts], end["InvokeComplete"]


def test_the_export_streams_its_pages_and_comes_as_bytes_where_that_is_wanted(functions: Any) -> None:
    parts, end = _exported(functions, day="2026-11-24", orders=20)
    packed = functions.invoke(FunctionName="sales-export", Payload=b'{"orders": 20, "format": "gzip"}')

    assert (len(parts) > 5, end) == (True, {})
    assert b"".join(parts).decode().splitlines()[20].startswith("261124-00020;c-")
    assert packed["ResponseMetadata"]["HTTPHeaders"]["content-type"] == "application/gzip"
    assert len(gzip.decompress(packed["Payload"].read()).splitlines()) == 21


def test_the_export_breaks_off_or_refuses_where_its_event_says_so(functions: Any) -> None:
    parts, end = _exported(functions, orders=20, breaksAt=9)
    refused = functions.invoke(FunctionName="sales-export", Payload=b'{"format": "pdf"}')

    assert len(b"".join(parts).splitlines()) == 9
    assert json.loads(end["ErrorDetails"])["errorType"] == "ConnectionError"
    assert json.loads(refused["Payload"].read())["errorMessage"] == "format is one of csv, gzip"


def test_each_partner_has_a_feed_of_its_own(functions: Any, payload: Any) -> None:
    answer = functions.invoke(FunctionName="partner-feed", TenantId="north-shop")

    assert payload(answer)["partner"] == "north-shop"
    assert functions.get_function_configuration(FunctionName="partner-feed")["TenancyConfig"] == {
        "TenantIsolationMode": "PER_TENANT"
    }


def test_functions_are_tagged(functions: Any) -> None:
    tags = functions.get_function(FunctionName="orders-create")["Tags"]

    assert tags["team"] == "web"
    assert tags["tier"] == "critical"


def test_limits_retries_and_the_ways_of_events_that_fail_are_configured(functions: Any) -> None:
    reserved = functions.get_function_concurrency(FunctionName="invoice-number")
    receipts = functions.get_function_event_invoke_config(FunctionName="email-receipt")
    thumbnails = functions.get_function_configuration(FunctionName="thumbnail-render")
    address = functions.get_function_url_config(FunctionName="payment-webhook")

    assert reserved["ReservedConcurrentExecutions"] == 1
    assert receipts["MaximumRetryAttempts"] == 1
    assert receipts["DestinationConfig"]["OnFailure"]["Destination"].endswith(":shop-failed-receipts")
    assert thumbnails["DeadLetterConfig"]["TargetArn"].endswith(":shop-dead-letters")
    assert address["AuthType"] == "NONE"
    assert address["Cors"]["AllowOrigins"] == ["https://shop.example"]


def test_policies_say_who_may_invoke_a_function_and_an_alias(functions: Any) -> None:
    def statements(**of: str) -> list[str]:
        return [it["Sid"] for it in json.loads(functions.get_policy(**of)["Policy"])["Statement"]]

    assert statements(FunctionName="thumbnail-render") == ["uploads"]
    assert statements(FunctionName="gift-cards") == ["partners"]
    assert statements(FunctionName="checkout-api", Qualifier="live") == ["shop-api"]


def test_a_queue_and_a_schedule_are_connected(functions: Any, demo_url: str, connect: Any, eventually: Any) -> None:
    eventually(lambda: functions.list_event_source_mappings()["EventSourceMappings"])
    (mapping,) = functions.list_event_source_mappings()["EventSourceMappings"]
    targets = eventually(lambda: _targets(connect(demo_url, "events")))

    assert mapping["EventSourceArn"].endswith(":shop-product-changes")
    assert mapping["FunctionArn"].endswith(":search-index")
    assert mapping["FilterCriteria"]["Filters"] == [{"Pattern": '{"body": {"sku": [{"exists": true}]}}'}]
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert [target["Arn"].split(":")[-1] for target in targets] == ["session-cleanup"]


def _targets(events: Any) -> list[Any]:
    rules = events.list_rules()["Rules"]
    return [target for rule in rules for target in events.list_targets_by_rule(Rule=rule["Name"])["Targets"]]


def test_the_log_group_of_payments_is_its_own(demo_url: str, connect: Any, eventually: Any) -> None:
    logs = connect(demo_url, "logs")

    group = eventually(lambda: logs.describe_log_groups(logGroupNamePrefix="/shop/")["logGroups"])[0]
    assert group["logGroupName"] == "/shop/payments"
    assert eventually(
        lambda: logs.describe_log_groups(logGroupNamePrefix="/shop/")["logGroups"][0].get("retentionInDays") == 14
    )
    assert not logs.describe_log_groups(logGroupNamePrefix="/aws/lambda/payment-webhook")["logGroups"]


def test_what_is_never_called_has_no_log_group(demo_url: str, connect: Any, eventually: Any) -> None:
    logs = connect(demo_url, "logs")

    def groups() -> set[str]:
        return {group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]}

    called = {sample.group for sample in catalogue.FUNCTIONS if sample.name not in NEVER_CALLED}
    assert eventually(lambda: groups() >= called, within=60)
    assert not {f"/aws/lambda/{name}" for name in NEVER_CALLED - CALLED_HERE} & groups()


@pytest.mark.parametrize("caller", traffic.CALLERS, ids=lambda caller: caller.function)
def test_what_the_traffic_sends_is_understood_and_logged_as_in_the_history(
    functions: Any, payload: Any, caller: traffic.Caller, eventually: Any
) -> None:
    answers = [
        eventually(lambda: _called(functions, caller)) for _ in range(1 if caller.function == "nightly-report" else 6)
    ]

    known = _shapes(caller.function)
    for answer in answers:
        if "FunctionError" in answer:  # what fails by what it is sent
            assert caller.function in {"price-import", "payment-webhook", "inventory-sync", "thumbnail-render"}
        logged = [_shape(record) for record in _logged(b64decode(answer["LogResult"]).decode())]
        assert set(logged) <= known
        assert logged or "FunctionError" in answer


def _called(functions: Any, caller: traffic.Caller) -> Any:
    """The answer; None while the traffic's own call is under way to a function that takes one at a time."""
    sent = caller.payload()
    if caller.queue:
        sent = {"Records": [{"messageId": "m", "body": json.dumps(message)} for message in sent]}
    # $LATEST may be what demo.deploys has deployed.
    version = {"Qualifier": deploys.GOOD} if caller.function == deploys.FUNCTION else {}
    try:
        return functions.invoke(FunctionName=caller.function, Payload=json.dumps(sent), LogType="Tail", **version)
    except functions.exceptions.TooManyRequestsException:
        assert caller.function == "invoice-number"
        return None


def _logged(tail: str) -> list[str]:
    """What the function itself said, in a text log's first lines of records and a JSON log's messages."""
    lines = [line for line in tail.splitlines() if line and not PLATFORM.match(line)]
    lines = [json.loads(line)["message"] if line.startswith("{") else line for line in lines]
    return [line.split("\t")[-1] for line in lines if re.match(r"[^\s\xa0]|  [S\dr]", line)]


def _shapes(function: str) -> set[str]:
    chance = Random(1)
    told = [stories.STORIES[function](chance) for _ in range(400)]
    texts = [line for act in told for said in act.said for line in said.text.splitlines()]
    more = ["new environment, number taken from the audit trail", "           ^^^^^^^^^^^^^"]
    return {_shape(text) for text in [*texts, *more]}


def _shape(text: str) -> str:
    """A text without what is another each time: words with a digit in them, suppliers, warehouses, languages."""
    for names in (("Holm & Sons", "Lindqvist", "Vitra Trade"), ("captured", "authorised", "refunded", "chargeback")):
        text = re.sub("|".join(names), "NAME", text)
    return re.sub(r"accept|review|^\d+ in stock", "WORD", re.sub(r"\S*\d\S*|'(on request|n/a)'", "#", text))


def test_logs_of_the_busy_functions_move(demo_url: str, connect: Any, eventually: Any) -> None:
    logs = connect(demo_url, "logs")
    since = int(time.time() * 1000)

    for caller in traffic.CALLERS[:4]:
        eventually(lambda caller=caller: _reports(logs, caller.function, since) > 2, within=60)


def _reports(logs: Any, function: str, since: int) -> int:
    try:
        found = logs.filter_log_events(logGroupName=f"/aws/lambda/{function}", startTime=since, filterPattern="REPORT")
    except logs.exceptions.ResourceNotFoundException:
        return 0
    return len(found["events"])


def test_two_hours_of_metrics_go_over_into_those_of_now_without_a_gap(demo_url: str, connect: Any) -> None:
    metrics = connect(demo_url, "cloudwatch")
    end = datetime.now(UTC).replace(second=0, microsecond=0)

    # The first answer has all of them already: who asks for new points only would never see the others.
    statistics = metrics.get_metric_statistics(
        Namespace="AWS/Lambda", MetricName="Invocations", StartTime=end - timedelta(minutes=119), EndTime=end,
        Period=60, Statistics=["Sum"],
    )  # fmt: skip
    counts = [point["Sum"] for point in statistics["Datapoints"]]
    assert len(counts) == 119
    assert min(counts) > 200
    assert max(counts) < 1500


@pytest.mark.parametrize(
    ("name", "dimensions"),
    [
        ("Invocations", {}),
        ("Duration", {"FunctionName": "stock-level", "Resource": "stock-level"}),
        ("Errors", {"FunctionName": "checkout-api", "Resource": "checkout-api:live", "ExecutedVersion": "4"}),
        ("Throttles", {"FunctionName": "invoice-number"}),
        ("ConcurrentExecutions", {"FunctionName": "inventory-sync"}),
        ("UnreservedConcurrentExecutions", {}),
        ("ClaimedAccountConcurrency", {}),
        ("AsyncEventsReceived", {"FunctionName": "email-receipt"}),
        ("AsyncEventAge", {"FunctionName": "thumbnail-render"}),
    ],
)
def test_there_are_metrics_of_every_kind(
    demo_url: str, connect: Any, eventually: Any, name: str, dimensions: dict[str, str]
) -> None:
    metrics = connect(demo_url, "cloudwatch")
    wanted = [{"Name": key, "Value": value} for key, value in dimensions.items()]

    def listed() -> list[Any]:
        found = metrics.list_metrics(Namespace="AWS/Lambda", MetricName=name, Dimensions=wanted)["Metrics"]
        return [metric for metric in found if len(metric["Dimensions"]) == len(wanted)]

    assert eventually(listed, within=60)


def test_alarms_have_gone_off_or_not_by_what_the_functions_do(demo_url: str, connect: Any, eventually: Any) -> None:
    metrics = connect(demo_url, "cloudwatch")

    def states() -> dict[str, str]:
        return {alarm["AlarmName"]: alarm["StateValue"] for alarm in metrics.describe_alarms()["MetricAlarms"]}

    def looked_at() -> dict[str, str]:
        found = states()
        return found if found.get("checkout-api-slow") == "OK" else {}

    found = eventually(looked_at, within=60)
    assert sorted(found) == sorted(alarm.name for alarm in alarms.ALARMS)
    assert {alarm.function for alarm in alarms.ALARMS} <= {sample.name for sample in catalogue.FUNCTIONS}
    assert (found["inventory-sync-errors"], found["invoice-number-throttled"]) == ("ALARM", "ALARM")
    assert found["gift-cards-silent"] == "INSUFFICIENT_DATA"


@pytest.mark.parametrize("days", [1, 7])
def test_there_are_metrics_of_the_same_hour_some_days_ago(
    demo_url: str, connect: Any, eventually: Any, days: int
) -> None:
    metrics = connect(demo_url, "cloudwatch")
    then = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(days=days)

    def minutes() -> bool:
        found = metrics.get_metric_statistics(
            Namespace="AWS/Lambda", MetricName="Invocations", StartTime=then - timedelta(hours=1), EndTime=then,
            Period=60, Statistics=["Sum"],
        )["Datapoints"]  # fmt: skip
        return len(found) == 60 and min(point["Sum"] for point in found) > 200

    assert eventually(minutes, within=60)
