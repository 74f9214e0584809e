"""Invoke, InvokeWithResponseStream and InvokeAsync, as other people's clients see them."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from tests.local.conftest import Connect, Eventually, Make
from tests.local.environments import zipped
from tests.local.plain_http import post
from tests.local.shapes import fits

pytestmark = pytest.mark.local

Payload = Callable[[Any], Any]

ECHO = "def handler(event, context): return event"
CONTEXT = """
import os

def handler(event, context):
    client = context.client_context
    return {
        "event": event,
        "arn": context.invoked_function_arn,
        "version": context.function_version,
        "id": context.aws_request_id,
        "custom": client.custom if client else None,
        "trace": os.environ["_X_AMZN_TRACE_ID"],
    }
"""
FAILING = "def handler(event, context): raise ValueError('out of paper')"

# A custom runtime answers with the very bytes that it was sent, in base64.
MIRROR = f"""#!{sys.executable} -S
import base64, http.client, json, os
api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
while True:
    api.request("GET", "/2018-06-01/runtime/invocation/next")
    call = api.getresponse()
    body = base64.b64encode(call.read()).decode()
    api.request("POST", f"/2018-06-01/runtime/invocation/{{call.headers['Lambda-Runtime-Aws-Request-Id']}}/response",
                json.dumps(body))
    api.getresponse().read()
"""


@pytest.fixture
def client(connect: Connect, endpoint_url: str) -> Any:
    return connect(endpoint_url, "lambda")


@pytest.fixture
def mirror(client: Any) -> str:
    """The name of a function that returns its raw payload in base64."""
    name = f"mirror-{uuid4().hex[:8]}"
    client.create_function(
        FunctionName=name,
        Runtime="provided.al2023",
        Handler="none",
        Role="arn:aws:iam::123456789012:role/any",
        Code={"ZipFile": zipped({"bootstrap": MIRROR}, executable="bootstrap")},
    )
    client.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 0.1})
    return name


@pytest.mark.parametrize(
    "body",
    [
        b'{"n":1.10,"n":2,"big":1e400}',
        b" [1, 2.0]\n",
        b'"caf\xc3\xa9 \\ud83d"',
        b"null",
        b"9" * 5000,
        b"[" + b"1," * 150_000 + b"1]",
    ],
)
def test_the_payload_arrives_byte_for_byte(client: Any, mirror: str, payload: Payload, body: bytes) -> None:
    answer = client.invoke(FunctionName=mirror, Payload=body)
    assert base64.b64decode(payload(answer)) == body


def test_a_call_without_a_payload_arrives_as_an_empty_object(client: Any, mirror: str, payload: Payload) -> None:
    assert base64.b64decode(payload(client.invoke(FunctionName=mirror))) == b"{}"


def test_an_answer_has_its_version_its_request_id_and_its_log(
    client: Any, endpoint_url: str, make: Make, payload: Payload
) -> None:
    name = make(endpoint_url, CONTEXT)
    answer = client.invoke(FunctionName=name, LogType="Tail", Payload=b"{}")
    assert fits("lambda", "Invoke", answer) == []
    told, headers = payload(answer), answer["ResponseMetadata"]["HTTPHeaders"]
    assert answer["StatusCode"] == 200
    assert answer["ExecutedVersion"] == told["version"] == "$LATEST"
    assert answer["ResponseMetadata"]["RequestId"] == told["id"]
    assert headers["content-type"] == "application/json"
    assert headers["x-amzn-remapped-content-length"] == "0"
    assert headers["x-amzn-trace-id"] == told["trace"]
    tail = base64.b64decode(answer["LogResult"]).decode()
    assert tail.startswith(f"START RequestId: {told['id']} Version: $LATEST")
    assert "FunctionError" not in answer


def test_an_error_of_the_function_is_an_answer(client: Any, endpoint_url: str, make: Make, payload: Payload) -> None:
    answer = client.invoke(FunctionName=make(endpoint_url, FAILING))
    assert fits("lambda", "Invoke", answer) == []
    assert (answer["StatusCode"], answer["FunctionError"]) == (200, "Unhandled")
    told = payload(answer)
    assert (told["errorType"], told["errorMessage"]) == ("ValueError", "out of paper")
    assert told["stackTrace"]


def test_a_log_tail_is_of_the_call_it_came_with(client: Any, endpoint_url: str, make: Make) -> None:
    name = make(endpoint_url, ECHO)
    for _ in range(2):
        answer = client.invoke(FunctionName=name, LogType="Tail")
        tail = base64.b64decode(answer["LogResult"]).decode()
        request_id = answer["ResponseMetadata"]["RequestId"]
        assert tail.startswith(f"START RequestId: {request_id}")
        assert tail.count("RequestId: ") == 3
        assert f"REPORT RequestId: {request_id}" in tail
    assert "LogResult" not in client.invoke(FunctionName=name)


def test_a_function_is_invoked_by_name_arn_part_of_it_version_and_alias(
    client: Any, endpoint_url: str, make: Make, payload: Payload
) -> None:
    name = make(endpoint_url, CONTEXT)
    version = client.publish_version(FunctionName=name)["Version"]
    client.create_alias(FunctionName=name, Name="live", FunctionVersion=version)
    arn = f"arn:aws:lambda:eu-west-1:123456789012:function:{name}"
    for reference in (name, arn, f"123456789012:function:{name}"):
        for qualifier, executed in (("$LATEST", "$LATEST"), (version, version), ("live", version)):
            for asked in (
                {"FunctionName": f"{reference}:{qualifier}"},
                {"FunctionName": reference, "Qualifier": qualifier},
            ):
                answer = client.invoke(**asked)
                assert answer["ExecutedVersion"] == executed
                told = payload(answer)
                assert (told["arn"], told["version"]) == (f"{arn}:{qualifier}", executed)
        assert payload(client.invoke(FunctionName=reference))["arn"] == arn


def test_an_alias_with_weights_runs_both_versions(client: Any, endpoint_url: str, make: Make) -> None:
    name = make(endpoint_url, ECHO)
    first = client.publish_version(FunctionName=name)["Version"]
    client.update_function_configuration(FunctionName=name, Description="another")
    client.get_waiter("function_updated_v2").wait(FunctionName=name, WaiterConfig={"Delay": 0.1})
    second = client.publish_version(FunctionName=name)["Version"]
    routing = {"AdditionalVersionWeights": {second: 0.5}}
    client.create_alias(FunctionName=name, Name="live", FunctionVersion=first, RoutingConfig=routing)
    versions = [client.invoke(FunctionName=name, Qualifier="live")["ExecutedVersion"] for _ in range(60)]
    assert set(versions) == {first, second}


def test_a_client_context_reaches_the_function(client: Any, endpoint_url: str, make: Make, payload: Payload) -> None:
    name = make(endpoint_url, CONTEXT)
    context = base64.b64encode(json.dumps({"custom": {"shop": "north"}}).encode()).decode()
    assert payload(client.invoke(FunctionName=name, ClientContext=context))["custom"] == {"shop": "north"}
    for broken in (
        "string",
        base64.b64encode(b"[]").decode(),
        base64.b64encode(b'{"a":"' + b"x" * 3000 + b'"}').decode(),
    ):
        with pytest.raises(client.exceptions.InvalidRequestContentException, match="Base64-encoded JSON object"):
            client.invoke(FunctionName=name, ClientContext=broken)


def test_a_dry_run_runs_nothing(client: Any, endpoint_url: str, make: Make, connect: Connect) -> None:
    name = make(endpoint_url, ECHO)
    answer = client.invoke(FunctionName=name, InvocationType="DryRun")
    assert (answer["StatusCode"], answer["Payload"].read()) == (204, b"")
    groups = connect(endpoint_url, "logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{name}")["logGroups"]
    assert groups == []


def test_an_event_is_accepted_and_then_runs(
    client: Any, endpoint_url: str, make: Make, connect: Connect, eventually: Eventually
) -> None:
    name, logs = make(endpoint_url, "def handler(event, context): print('got', event)"), connect(endpoint_url, "logs")
    answer = client.invoke(FunctionName=name, InvocationType="Event", Payload=b'{"n":7}')
    assert fits("lambda", "Invoke", answer) == []
    assert (answer["StatusCode"], answer["Payload"].read()) == (202, b"")
    retired = client.invoke_async(FunctionName=name, InvokeArgs=b'{"n":8}')
    assert fits("lambda", "InvokeAsync", retired) == []
    assert retired["Status"] == 202
    group = f"/aws/lambda/{name}"

    def printed() -> bool:
        if not logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
            return False
        text = "".join(event["message"] for event in logs.filter_log_events(logGroupName=group)["events"])
        return "got {'n': 7}" in text and "got {'n': 8}" in text

    eventually(printed, within=20)


def test_a_response_stream_is_one_chunk_and_its_end(client: Any, endpoint_url: str, make: Make) -> None:
    answer = client.invoke_with_response_stream(
        FunctionName=make(endpoint_url, ECHO), LogType="Tail", Payload=b'{"n":1}'
    )
    assert fits("lambda", "InvokeWithResponseStream", answer) == []
    chunk, complete = list(answer["EventStream"])
    assert json.loads(chunk["PayloadChunk"]["Payload"]) == {"n": 1}
    assert "ErrorCode" not in complete["InvokeComplete"]
    assert base64.b64decode(complete["InvokeComplete"]["LogResult"]).startswith(b"START RequestId: ")
    assert answer["ExecutedVersion"] == "$LATEST"


def test_a_response_stream_ends_with_the_error_of_the_function(client: Any, endpoint_url: str, make: Make) -> None:
    answer = client.invoke_with_response_stream(FunctionName=make(endpoint_url, FAILING))
    complete = list(answer["EventStream"])[-1]["InvokeComplete"]
    assert complete["ErrorCode"] == "Unhandled"
    assert json.loads(complete["ErrorDetails"])["errorMessage"] == "out of paper"


def test_the_trace_of_the_caller_goes_on_in_the_function(endpoint_url: str, make: Make) -> None:
    root = "Root=1-5759e988-bd862e3fe1be46a994272793"
    path = f"/2015-03-31/functions/{make(endpoint_url, CONTEXT)}/invocations"
    _, headers, body = post(endpoint_url, path, b"{}", X_Amzn_Trace_Id=f"{root};Sampled=1")
    assert json.loads(body)["trace"].startswith(root)
    assert headers["x-amzn-trace-id"].startswith(root)


def test_a_function_that_invokes_itself_is_stopped(
    client: Any, endpoint_url: str, make: Make, payload: Payload
) -> None:
    code = """
import json, os, urllib.request

def handler(depth, context):
    url = f"{os.environ['AWS_ENDPOINT_URL']}/2015-03-31/functions/{context.function_name}/invocations"
    headers = {"X-Amzn-Trace-Id": os.environ["_X_AMZN_TRACE_ID"]}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, str(depth + 1).encode(), headers)) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        return [depth, error.code, error.headers["x-amzn-errortype"]]
"""
    name = make(endpoint_url, code, Timeout=60)
    answer = client.invoke(FunctionName=name, Payload=b"1")
    assert payload(answer) == [16, 400, "RecursiveInvocationException"]


def test_a_client_that_goes_away_does_not_end_the_function(
    endpoint_url: str, make: Make, connect: Connect, eventually: Eventually
) -> None:
    name = make(
        endpoint_url, "import time\ndef handler(event, context):\n    time.sleep(1)\n    print('ran to its end')"
    )
    connection = HTTPConnection(urlsplit(endpoint_url).netloc)
    connection.request("POST", f"/2015-03-31/functions/{name}/invocations", b"{}")
    group, logs = f"/aws/lambda/{name}", connect(endpoint_url, "logs")
    eventually(lambda: logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"], within=20)
    connection.close()

    def messages() -> str:
        return "".join(event["message"] for event in logs.filter_log_events(logGroupName=group)["events"])

    eventually(lambda: "ran to its end" in messages() and "REPORT RequestId" in messages(), within=20)


def test_a_hundred_executions_cannot_be_reserved(endpoint_url: str, connect: Any, make: Any) -> None:
    client = connect(endpoint_url, "lambda")
    name = make(endpoint_url, "def handler(event, context):\n    return event\n")

    with pytest.raises(client.exceptions.InvalidParameterValueException, match=r"minimum value of \[100\]"):
        client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=901)

    assert "ReservedConcurrentExecutions" not in client.get_function_concurrency(FunctionName=name)
    client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=5)
    assert client.get_function_concurrency(FunctionName=name)["ReservedConcurrentExecutions"] == 5
