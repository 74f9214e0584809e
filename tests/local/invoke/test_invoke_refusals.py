"""What Lambda answers instead of invoking a function."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
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


_NOT_YET = """
import asyncio, base64, io, json, sys, zipfile
from pathlib import Path
from lambdatui.local import control_plane, identity
from lambdatui.local.inward import ask

application = control_plane.load(0, Path(sys.argv[1]))
from lambdatui.local.control_plane.functions import Functions
from lambdatui.local.invoke.api import InvokeApi
from ministack.services import lambda_svc

async def post(application, path, body):
    scope = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"",
             "headers": [(b"host", b"127.0.0.1")], "client": None, "server": ("127.0.0.1", 0), "scheme": "http"}
    return await ask(application, scope, body)

async def main():
    lambda_svc._LAMBDA_STATE_TRANSITION_DELAY = 600
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("app.py", "")
    made = {"FunctionName": "new", "Runtime": "python3.13", "Handler": "app.handler",
            "Role": "arn:aws:iam::123456789012:role/any",
            "Code": {"ZipFile": base64.b64encode(package.getvalue()).decode()}}
    await post(application, "/2015-03-31/functions", json.dumps(made).encode())
    api = InvokeApi(application, None, Functions(), None, None)
    answer = await post(api, "/2015-03-31/functions/new/invocations", b"{}")
    print(answer.status, dict(answer.headers)[b"x-amzn-errortype"].decode(), json.loads(answer.body)["message"])

asyncio.run(main())
"""


def test_a_function_that_is_still_being_made_is_in_conflict(tmp_path: Path) -> None:
    # In a process of its own, where the function can be kept from becoming Active.
    command = [sys.executable, "-c", _NOT_YET, str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout == (
        "409 ResourceConflictException The operation cannot be performed at this time. "
        "The function is currently in the following state: Pending\n"
    )
