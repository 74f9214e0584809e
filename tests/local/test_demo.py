from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from lambdatui.local.demo import catalogue, traffic

pytestmark = pytest.mark.local

CALLED = {caller.function for caller in traffic.CALLERS}


@pytest.fixture
def functions(demo_url: str, connect: Callable[..., Any]) -> Any:
    return connect(demo_url, "lambda")


def test_every_sample_is_listed_active_and_as_configured(functions: Any) -> None:
    listed = {function["FunctionName"]: function for function in functions.list_functions()["Functions"]}

    assert set(listed) == {sample.name for sample in catalogue.FUNCTIONS}
    for sample in catalogue.FUNCTIONS:
        function = listed[sample.name]
        assert function["State"] == "Active"
        assert function["LastUpdateStatus"] == "Successful"
        assert function["Description"] == sample.description
        assert function["Runtime"] == sample.runtime
        assert function["MemorySize"] == sample.memory
        assert function["Timeout"] == sample.timeout
        assert function["Architectures"] == [sample.architecture]


def test_samples_differ_in_age(functions: Any) -> None:
    modified = {function["LastModified"] for function in functions.list_functions()["Functions"]}

    assert len(modified) == len(catalogue.FUNCTIONS)


def test_code_really_runs_and_returns(functions: Any, payload: Any) -> None:
    basket = {"basketId": "b-1", "items": [{"sku": "SKU-1", "quantity": 2, "unitPriceCents": 1000}]}

    answer = functions.invoke(FunctionName="checkout-api", Payload=json.dumps(basket))

    assert "FunctionError" not in answer
    body = json.loads(payload(answer)["body"])
    assert body["totalCents"] == 2380


@pytest.mark.parametrize("caller", traffic.CALLERS, ids=lambda caller: caller.function)
def test_what_the_traffic_sends_is_understood(functions: Any, payload: Any, caller: traffic.Caller) -> None:
    if caller.function == "nightly-report":
        sent: Any = {"day": "2026-11-22", "pages": 1}  # what it is sent takes seconds
    else:
        sent = caller.payload()

    answer = functions.invoke(FunctionName=caller.function, Payload=json.dumps(sent))

    if "FunctionError" in answer:  # two fail now and then, by what they are sent
        message = payload(answer)["errorMessage"]
        assert caller.function in {"price-import", "payment-webhook"}
        assert "is not a price" in message or "does not fit the body" in message


def test_a_price_list_that_is_wrong_fails_with_a_trace_in_the_log(
    functions: Any, demo_url: str, connect: Any, payload: Any, eventually: Any
) -> None:
    broken = {"supplier": "Holm & Sons", "csv": "sku;price;old\nSKU-1;on request;9.00"}

    answer = functions.invoke(FunctionName="price-import", Payload=json.dumps(broken))

    assert answer["FunctionError"] == "Unhandled"
    assert payload(answer)["errorMessage"] == "line 2: 'on request' is not a price"
    messages = _messages(connect(demo_url, "logs"), "price-import")
    assert any(message.startswith("Traceback") for message in messages)
    assert any("parse_price" in message for message in messages)


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


def test_layers_are_published_and_used(functions: Any) -> None:
    layers = {
        layer["LayerName"]: layer["LatestMatchingVersion"]["Version"] for layer in functions.list_layers()["Layers"]
    }
    used = functions.get_function_configuration(FunctionName="thumbnail-render")["Layers"]

    assert layers == {"shop-common": 3, "image-tools": 1}
    assert [layer["Arn"].split(":layer:")[1] for layer in used] == ["image-tools:1"]


def test_functions_are_tagged(functions: Any) -> None:
    tags = functions.get_function(FunctionName="orders-create")["Tags"]

    assert tags["team"] == "web"
    assert tags["tier"] == "critical"


def test_logs_of_the_busy_functions_move(demo_url: str, connect: Any, eventually: Any) -> None:
    logs = connect(demo_url, "logs")
    busy = [caller.function for caller in traffic.CALLERS[:3]]
    eventually(lambda: all(_messages(logs, function) for function in busy), within=10)
    before = {function: len(_messages(logs, function)) for function in busy}

    eventually(lambda: all(len(_messages(logs, function)) > before[function] for function in busy), within=15)


def test_what_is_never_called_has_no_log_group(demo_url: str, connect: Any, eventually: Any) -> None:
    logs = connect(demo_url, "logs")

    def called() -> set[str]:
        return {group["logGroupName"].split("/")[-1] for group in logs.describe_log_groups()["logGroups"]}

    eventually(lambda: called() >= CALLED - {"nightly-report"}, within=15)
    assert "legacy-export" not in called()


def _messages(logs: Any, function: str) -> list[str]:
    try:
        found = logs.filter_log_events(logGroupName=f"/aws/lambda/{function}")
    except logs.exceptions.ResourceNotFoundException:
        return []
    return [event["message"] for event in found["events"]]
