"""What Lambda answers instead of invoking a function."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.local.conftest import Connect, Make
from tests.local.plain_http import post

pytestmark = pytest.mark.local

ECHO = "def handler(event, context): return event"


@pytest.fixture
def client(connect: Connect, endpoint_url: str) -> Any:
    return connect(endpoint_url, "lambda")


def test_what_is_not_there_is_not_found_by_its_arn(client: Any, endpoint_url: str, make: Make) -> None:
    name = make(endpoint_url, ECHO)
    arn = "arn:aws:lambda:eu-west-1:123456789012:function"
    for asked, missing in (
        ({"FunctionName": "nobody"}, f"{arn}:nobody"),
        ({"FunctionName": name, "Qualifier": "7"}, f"{arn}:{name}:7"),
        ({"FunctionName": f"{name}:live"}, f"{arn}:{name}:live"),
    ):
        for operation in (client.invoke, client.invoke_with_response_stream):
            with pytest.raises(client.exceptions.ResourceNotFoundException) as refused:
                operation(**asked)
            assert refused.value.response["Error"]["Message"] == f"Function not found: {missing}"
            assert refused.value.response["Type"] == "User"
            assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


def test_a_payload_that_is_no_json_is_refused(client: Any, endpoint_url: str, make: Make) -> None:
    name = make(endpoint_url, ECHO)
    for kind in ("RequestResponse", "Event"):
        with pytest.raises(client.exceptions.InvalidRequestContentException, match="Could not parse request body into"):
            client.invoke(FunctionName=name, InvocationType=kind, Payload=b"hello")


@pytest.mark.parametrize(("kind", "limit"), [("RequestResponse", 6_291_456), ("Event", 1_048_576)])
def test_a_payload_has_a_limit(client: Any, endpoint_url: str, make: Make, kind: str, limit: int) -> None:
    name = make(endpoint_url, "def handler(event, context): return len(event)")
    client.invoke(FunctionName=name, InvocationType=kind, Payload=b'"' + b"x" * (limit - 2) + b'"')
    with pytest.raises(client.exceptions.RequestTooLargeException) as refused:
        client.invoke(FunctionName=name, InvocationType=kind, Payload=b'"' + b"x" * (limit - 1) + b'"')
    message = f"{limit + 1} byte payload is too large for the {kind} invocation type (limit {limit} bytes)"
    assert refused.value.response["Error"]["Message"] == message


def test_the_limit_holds_for_a_payload_of_unsaid_length(endpoint_url: str, make: Make) -> None:
    path = f"/2015-03-31/functions/{make(endpoint_url, ECHO)}/invocations"
    status, headers, _ = post(endpoint_url, path, [b"1" * 1_000_000] * 7)
    assert (status, headers["x-amzn-errortype"]) == (413, "RequestTooLargeException")


def test_a_function_that_is_switched_off_is_throttled(client: Any, endpoint_url: str, make: Make) -> None:
    name = make(endpoint_url, ECHO)
    client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    with pytest.raises(client.exceptions.TooManyRequestsException) as refused:
        client.invoke(FunctionName=name)
    told = refused.value.response
    assert told["Error"] == {"Code": "TooManyRequestsException", "Message": "Rate Exceeded."}
    assert (told["Reason"], told["Type"]) == ("ReservedFunctionConcurrentInvocationLimitExceeded", "User")
    assert told["ResponseMetadata"]["HTTPHeaders"]["retry-after"] == "1"


@pytest.mark.parametrize(
    ("settings", "missing"),
    [({"Runtime": "java21", "Handler": "Shop::run"}, "java21"), ({"Runtime": "dotnet8", "Handler": "Shop"}, "dotnet8")],
)
def test_what_this_machine_cannot_run_is_refused_in_plain_words(
    client: Any, endpoint_url: str, make: Make, settings: dict[str, str], missing: str
) -> None:
    name = make(endpoint_url, ECHO, **settings)
    with pytest.raises(client.exceptions.InvalidRuntimeException, match=missing) as refused:
        client.invoke(FunctionName=name)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 502


@pytest.mark.parametrize(
    ("header", "value", "allowed"),
    [
        ("X-Amz-Invocation-Type", "Later", "[Event, RequestResponse, DryRun]"),
        ("X-Amz-Log-Type", "All", "[None, Tail]"),
    ],
)
def test_a_value_that_no_enumeration_has_is_a_validation_error(
    endpoint_url: str, make: Make, header: str, value: str, allowed: str
) -> None:
    path = f"/2015-03-31/functions/{make(endpoint_url, ECHO)}/invocations"
    status, headers, body = post(endpoint_url, path, b"{}", **{header: value})
    assert (status, headers["x-amzn-errortype"]) == (400, "ValidationException")
    assert json.loads(body)["message"].endswith(f"Member must satisfy enum value set: {allowed}")
