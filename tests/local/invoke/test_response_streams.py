"""Responses that a function streams, as boto3 and a raw client see them while the function still runs."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from tests.local.conftest import Connect, Eventually
from tests.local.environments import zipped
from tests.local.shapes import fits

pytestmark = pytest.mark.local

# A custom runtime that does what its event says: {"say": text}, {"await": path of a file}, {"fill": bytes},
# {"hold": bytes}, {"sleep": seconds}, {"exit": code}, {"fail": message}, {"cut": true}.
RUNTIME = f"""#!{sys.executable} -S
import base64, http.client, json, os, time
RESPONSE = "Lambda-Runtime-Function-Response-Mode: streaming"

def parts(steps):
    for step in steps:
        [(what, how)] = step.items()
        if what == "say":
            print("said", how, flush=True)
            yield how.encode()
        elif what == "await":
            while not os.path.exists(how):
                time.sleep(0.005)
        elif what == "fill":
            yield b"x" * how
        elif what == "hold":
            kept.append(bytearray(b"1") * how)
        elif what == "sleep":
            time.sleep(how)
        elif what == "exit":
            os._exit(how)
        elif what == "fail":
            raise ValueError(how)

def answer(api, path, steps):
    api.putrequest("POST", path)
    for name, value in (("Lambda-Runtime-Function-Response-Mode", "streaming"), ("Transfer-Encoding", "chunked"),
                        ("Content-Type", "text/csv"),
                        ("Trailer", "Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body")):
        api.putheader(name, value)
    api.endheaders()
    trailers = b""
    try:
        for part in parts(steps):
            api.send(b"%x\\r\\n%b\\r\\n" % (len(part), part))
    except ValueError as error:
        body = json.dumps({{"errorType": "ValueError", "errorMessage": str(error)}}).encode()
        trailers = (b"Lambda-Runtime-Function-Error-Type: ValueError\\r\\nLambda-Runtime-Function-Error-Body: "
                    + base64.b64encode(body) + b"\\r\\n")
    if steps and "cut" in steps[-1]:
        api.close()
        return
    api.send(b"0\\r\\n" + trailers + b"\\r\\n")
    api.getresponse().read()

kept = []
api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
while True:
    api.request("GET", "/2018-06-01/runtime/invocation/next")
    call = api.getresponse()
    steps = json.loads(call.read())
    answer(api, f"/2018-06-01/runtime/invocation/{{call.headers['Lambda-Runtime-Aws-Request-Id']}}/response", steps)
"""


@pytest.fixture
def client(connect: Connect, endpoint_url: str) -> Any:
    return connect(endpoint_url, "lambda")


@pytest.fixture
def streamer(client: Any) -> str:
    """The name of a function that streams what it is told to."""
    name = f"streamer-{uuid4().hex[:8]}"
    client.create_function(
        FunctionName=name,
        Runtime="provided.al2023",
        Handler="none",
        Role="arn:aws:iam::123456789012:role/any",
        Code={"ZipFile": zipped({"bootstrap": RUNTIME}, executable="bootstrap")},
        Timeout=10,
    )
    client.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 0.1})
    return name


@pytest.fixture
def logged(connect: Connect, endpoint_url: str, streamer: str) -> Callable[[], str]:
    """All that the function has logged."""
    logs = connect(endpoint_url, "logs")

    def all_of_it() -> str:
        try:
            events = logs.filter_log_events(logGroupName=f"/aws/lambda/{streamer}")["events"]
        except logs.exceptions.ResourceNotFoundException:
            return ""
        return "".join(event["message"] for event in events)

    return all_of_it


def streamed(client: Any, name: str, *steps: dict[str, Any], **settings: Any) -> Iterator[dict[str, Any]]:
    """The events of a response stream."""
    answer = client.invoke_with_response_stream(FunctionName=name, Payload=json.dumps(steps), **settings)
    assert fits("lambda", "InvokeWithResponseStream", answer) == []
    return iter(answer["EventStream"])


def body_and_end(events: Iterator[dict[str, Any]]) -> tuple[bytes, dict[str, Any]]:
    *parts, end = list(events)
    return b"".join(part["PayloadChunk"]["Payload"] for part in parts), end["InvokeComplete"]


def test_a_part_arrives_before_the_function_writes_the_next(client: Any, streamer: str, tmp_path: Path) -> None:
    go_on = tmp_path / "go on"
    events = streamed(client, streamer, {"say": "first"}, {"await": str(go_on)}, {"say": "second"}, LogType="Tail")

    assert next(events) == {"PayloadChunk": {"Payload": b"first"}}
    go_on.touch()  # the function waits for it before it writes anything else
    assert next(events) == {"PayloadChunk": {"Payload": b"second"}}
    [complete] = events
    assert "ErrorCode" not in complete["InvokeComplete"]
    tail = base64.b64decode(complete["InvokeComplete"]["LogResult"]).decode()
    assert tail.index("START") < tail.index("said first") < tail.index("said second") < tail.index("REPORT")


def test_a_buffered_invocation_of_what_streams_gets_the_whole(client: Any, streamer: str) -> None:
    answer = client.invoke(FunctionName=streamer, Payload=json.dumps([{"say": "a"}, {"say": "b"}]))

    assert answer["Payload"].read() == b"ab"
    assert answer["ResponseMetadata"]["HTTPHeaders"]["content-type"] == "text/csv"


def test_a_stream_may_be_longer_than_a_response_and_a_response_may_not(client: Any, streamer: str) -> None:
    large = [{"fill": 1_000_000}] * 8

    body, end = body_and_end(streamed(client, streamer, *large))
    answer = client.invoke(FunctionName=streamer, Payload=json.dumps(large))

    assert (len(body), end) == (8_000_000, {})
    assert answer["FunctionError"] == "Unhandled"
    assert json.loads(answer["Payload"].read())["errorType"] == "Function.ResponseSizeTooLarge"


def test_an_error_in_the_middle_ends_the_stream_after_what_was_written(client: Any, streamer: str) -> None:
    body, end = body_and_end(streamed(client, streamer, {"say": "half"}, {"fail": "out of paper"}))

    assert body == b"half"
    assert end["ErrorCode"] == "Unhandled"
    assert json.loads(end["ErrorDetails"]) == {"errorType": "ValueError", "errorMessage": "out of paper"}


@pytest.mark.parametrize(
    ("step", "kind", "message"),
    [
        ({"sleep": 30}, "Sandbox.Timedout", "Task timed out after 1.00 seconds"),
        ({"exit": 3}, "Runtime.ExitError", "Runtime exited with error: exit status 3"),
        ({"hold": 400_000_000}, "Runtime.ExitError", "Runtime exited with error: signal: killed"),
    ],
    ids=["timed out", "exited", "killed"],
)
def test_a_function_that_is_ended_in_the_middle(
    client: Any, streamer: str, step: dict[str, Any], kind: str, message: str
) -> None:
    client.update_function_configuration(FunctionName=streamer, Timeout=1 if "sleep" in step else 20)
    client.get_waiter("function_updated_v2").wait(FunctionName=streamer, WaiterConfig={"Delay": 0.1})

    body, end = body_and_end(streamed(client, streamer, {"say": "half"}, step, {"sleep": 10}))

    told = json.loads(end["ErrorDetails"])
    assert (body, end["ErrorCode"], told["errorType"]) == (b"half", "Unhandled", kind)
    assert told["errorMessage"].endswith(message)
    assert body_and_end(streamed(client, streamer, {"say": "whole"})) == (b"whole", {}), "the next one runs"


def test_a_response_that_breaks_off_is_no_whole_one(client: Any, streamer: str, logged: Callable[[], str]) -> None:
    body, end = body_and_end(streamed(client, streamer, {"say": "half"}, {"cut": True}))

    assert body == b"half"
    assert json.loads(end["ErrorDetails"])["errorType"] == "Runtime.TruncatedResponse"
    assert logged().count("said half") == 1, "the call is not given to the runtime again"


def test_a_client_that_goes_away_does_not_end_what_streams(
    endpoint_url: str, streamer: str, logged: Callable[[], str], eventually: Eventually, tmp_path: Path
) -> None:
    go_on = tmp_path / "go on"
    # More than all that is buffered on the way: it would wait for a client.
    steps = [{"say": "first"}, {"await": str(go_on)}, *[{"fill": 1_000_000}] * 40, {"say": "last"}]
    connection = HTTPConnection(urlsplit(endpoint_url).netloc)
    path = f"/2021-11-15/functions/{streamer}/response-streaming-invocations"
    connection.request("POST", path, json.dumps(steps))
    answer = connection.getresponse()
    assert b"first" in answer.read1()
    answer.close()
    connection.close()
    go_on.touch()

    eventually(lambda: "said last" in logged() and "REPORT RequestId" in logged(), within=20)


def test_a_client_that_does_not_read_holds_up_the_function_and_not_the_memory(
    endpoint_url: str, streamer: str, logged: Callable[[], str], eventually: Eventually
) -> None:
    steps = [{"say": "first"}, *[{"fill": 1_000_000}] * 180, {"say": "last"}]
    connection = HTTPConnection(urlsplit(endpoint_url).netloc)
    path = f"/2021-11-15/functions/{streamer}/response-streaming-invocations"
    connection.request("POST", path, json.dumps(steps))
    answer = connection.getresponse()

    # What lies in buffers, the kernel's among them, is far less than the response.
    half = len(answer.read(90_000_000))
    before = logged()
    rest = len(answer.read())

    assert "said first" in before
    assert "said last" not in before
    assert half + rest > 180_000_000
    eventually(lambda: "said last" in logged(), within=20)
