"""What triggers a function finds it as Invoke does: alias, request id, new code; and MiniStack is held to its word."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from tests.local.conftest import Connect, Eventually, Make
from tests.local.ledger import CODE, Ledger

pytestmark = pytest.mark.local

ROLE = "arn:aws:iam::123456789012:role/any"
TELLING = """
def handler(event, context):
    print("arn", context.invoked_function_arn, "version", context.function_version)
    return {"statusCode": 200, "body": context.aws_request_id}
"""


@pytest.fixture
def clients(connect: Connect, endpoint_url: str) -> Callable[[str], Any]:
    """clients("sqs"): a client of the endpoint."""
    return lambda service: connect(endpoint_url, service)


def test_a_topic_that_names_an_alias_invokes_it_as_such(
    clients: Callable[[str], Any], connect: Connect, endpoint_url: str, make: Make, eventually: Eventually
) -> None:
    name, client, sns = make(endpoint_url, TELLING), clients("lambda"), clients("sns")
    version = client.publish_version(FunctionName=name)["Version"]
    routing = {"AdditionalVersionWeights": {version: 1.0}}
    alias = client.create_alias(FunctionName=name, Name="live", FunctionVersion="$LATEST", RoutingConfig=routing)
    topic = sns.create_topic(Name=name)["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=alias["AliasArn"])
    sns.publish(TopicArn=topic, Message="one")
    ledger = Ledger(connect, endpoint_url, name)
    eventually(lambda: ledger.counts()["Invocations"] == 1, within=20)
    eventually(lambda: f"arn {alias['AliasArn']} version {version}" in "".join(ledger.messages()), within=20)
    resource = {"FunctionName": name, "Resource": f"{name}:live"}
    assert ledger.metrics("Invocations", "AsyncEventsReceived", **resource) == {
        "Invocations": 1,
        "AsyncEventsReceived": 1,
    }
    assert ledger.metrics("Invocations", **resource, ExecutedVersion=version) == {"Invocations": 1}


def test_a_function_url_tells_the_request_id_that_is_in_the_log(
    clients: Callable[[str], Any], connect: Connect, endpoint_url: str, make: Make, eventually: Eventually
) -> None:
    name = make(endpoint_url, TELLING)
    address = clients("lambda").create_function_url_config(FunctionName=name, AuthType="NONE")["FunctionUrl"]
    identifier = address.split("//")[1].split(".")[0]
    with urlopen(f"{endpoint_url}/_aws/lambda-url/{identifier}/") as answer:  # noqa: S310  loopback
        told, header = answer.read().decode(), answer.headers["x-amzn-RequestId"]
    assert told == header
    ledger = Ledger(connect, endpoint_url, name)
    eventually(lambda: ledger.lines()["REPORT"] == [told], within=20)


def test_a_state_machine_learns_what_went_wrong_in_a_function(
    clients: Callable[[str], Any], endpoint_url: str, make: Make, eventually: Eventually
) -> None:
    states = clients("stepfunctions")
    causes = {}
    for name in (make(endpoint_url, CODE), make(endpoint_url, CODE, Runtime="java21", Handler="Shop::run")):
        arn = f"arn:aws:lambda:eu-west-1:123456789012:function:{name}"
        definition = {"StartAt": "a", "States": {"a": {"Type": "Task", "Resource": arn, "End": True}}}
        machine = states.create_state_machine(name=name, definition=json.dumps(definition), roleArn=ROLE)
        run = states.start_execution(stateMachineArn=machine["stateMachineArn"], input='"boom"')["executionArn"]
        eventually(lambda run=run: states.describe_execution(executionArn=run)["status"] == "FAILED", within=20)
        told = states.describe_execution(executionArn=run)
        causes[told["error"]] = json.loads(told["cause"])
    assert causes["ValueError"]["errorMessage"] == "out of paper"
    assert "java21" in causes["InvalidRuntimeException"]["errorMessage"]


def test_a_function_that_is_updated_stays_active_and_runs_its_new_code(
    clients: Callable[[str], Any], endpoint_url: str, make: Make
) -> None:
    client = clients("lambda")
    name = make(
        endpoint_url, "import os\ndef handler(event, context): return os.environ['WORD']", Environment=_word("old")
    )
    assert client.invoke(FunctionName=name)["Payload"].read() == b'"old"'
    client.publish_version(FunctionName=name)
    told = client.update_function_configuration(FunctionName=name, Environment=_word("new"))
    assert told["State"] == "Active"
    assert told["LastUpdateStatus"] in {"InProgress", "Successful"}  # MiniStack's timer may be faster than the answer
    assert client.invoke(FunctionName=name)["Payload"].read() == b'"new"'
    assert client.invoke(FunctionName=name, Qualifier="1")["Payload"].read() == b'"old"'
    client.delete_function(FunctionName=name)
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.invoke(FunctionName=name)


def test_a_function_made_anew_under_its_old_name_runs_its_new_code(
    clients: Callable[[str], Any], endpoint_url: str, make: Make
) -> None:
    client = clients("lambda")
    name = make(endpoint_url, "def handler(event, context): return 1")
    assert client.invoke(FunctionName=name)["Payload"].read() == b"1"
    with urlopen(client.get_function(FunctionName=name)["Code"]["Location"]) as package:  # noqa: S310  loopback
        code = {"ZipFile": package.read()}
    client.delete_function(FunctionName=name)
    client.create_function(FunctionName=name, Runtime="python3.13", Handler="app.other", Role=ROLE, Code=code)
    client.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 0.1})
    assert json.loads(client.invoke(FunctionName=name)["Payload"].read())["errorType"] == "Runtime.HandlerNotFound"


def test_a_version_with_a_snapshot_becomes_active_and_runs(
    clients: Callable[[str], Any], endpoint_url: str, make: Make
) -> None:
    client = clients("lambda")
    name = make(endpoint_url, "def handler(event, context): return 1", SnapStart={"ApplyOn": "PublishedVersions"})
    version = client.publish_version(FunctionName=name)["Version"]
    waiter = client.get_waiter("published_version_active")
    waiter.wait(FunctionName=name, Qualifier=version, WaiterConfig={"Delay": 0.1})
    assert client.invoke(FunctionName=name, Qualifier=version)["Payload"].read() == b"1"


def test_provisioned_concurrency_takes_the_calls_of_its_version(
    clients: Callable[[str], Any], endpoint_url: str, make: Make, eventually: Eventually
) -> None:
    client = clients("lambda")
    code = "import os\ndef handler(event, context): return os.environ['AWS_LAMBDA_INITIALIZATION_TYPE']"
    name = make(endpoint_url, code)
    version = client.publish_version(FunctionName=name)["Version"]
    its = {"FunctionName": name, "Qualifier": version}

    def kind(qualifier: str) -> bytes:
        answered: bytes = client.invoke(FunctionName=name, Qualifier=qualifier)["Payload"].read()
        return answered

    def figures(config: dict[str, Any]) -> list[Any]:
        return [config[f"{kind}ProvisionedConcurrentExecutions"] for kind in ("Requested", "Allocated", "Available")]

    assert kind(version) == b'"on-demand"'
    put = client.put_provisioned_concurrency_config(**its, ProvisionedConcurrentExecutions=2)
    assert (put["Status"], figures(put)) == ("IN_PROGRESS", [2, 0, 0])
    ready = eventually(lambda: (it := client.get_provisioned_concurrency_config(**its))["Status"] == "READY" and it)
    assert figures(ready) == [2, 2, 2]
    assert kind(version) == b'"provisioned-concurrency"'
    assert kind("$LATEST") == b'"on-demand"'
    (listed,) = client.list_provisioned_concurrency_configs(FunctionName=name)["ProvisionedConcurrencyConfigs"]
    assert (listed["FunctionArn"].rpartition(":")[2], listed["Status"], figures(listed)) == (version, "READY", [2] * 3)
    client.delete_provisioned_concurrency_config(**its)
    eventually(lambda: kind(version) == b'"on-demand"')
    assert client.list_provisioned_concurrency_configs(FunctionName=name)["ProvisionedConcurrencyConfigs"] == []


_SENDING_ON = """
import json, os, urllib.parse, urllib.request

def handler(event, context):
    service, body = json.loads(os.environ["SENDING"])
    headers = {
        "X-Amzn-Trace-Id": os.environ["_X_AMZN_TRACE_ID"],
        "Authorization": f"AWS4-HMAC-SHA256 Credential=k/20260101/eu-west-1/{service}/aws4_request, Signature=0",
    }
    url = os.environ["AWS_ENDPOINT_URL"] + "/"
    urllib.request.urlopen(urllib.request.Request(url, urllib.parse.urlencode(body).encode(), headers)).close()
"""


@pytest.mark.parametrize("service", ["sns", "sqs"])
def test_a_function_that_feeds_itself_through_another_service_is_stopped(
    service: str,
    clients: Callable[[str], Any],
    connect: Connect,
    endpoint_url: str,
    make: Make,
    eventually: Eventually,
) -> None:
    name, client = make(endpoint_url, _SENDING_ON), clients("lambda")
    arn = client.get_function_configuration(FunctionName=name)["FunctionArn"]
    if service == "sns":
        target = clients("sns").create_topic(Name=name)["TopicArn"]
        clients("sns").subscribe(TopicArn=target, Protocol="lambda", Endpoint=arn)
        body = {"Action": "Publish", "TopicArn": target, "Message": "again"}
    else:
        target = clients("sqs").create_queue(QueueName=name, Attributes={"VisibilityTimeout": "900"})["QueueUrl"]
        source = f"arn:aws:sqs:eu-west-1:123456789012:{name}"
        client.create_event_source_mapping(FunctionName=name, EventSourceArn=source)
        body = {"Action": "SendMessage", "QueueUrl": target, "MessageBody": "again"}
    variables = {"Variables": {"SENDING": json.dumps([service, body])}}
    client.update_function_configuration(FunctionName=name, Environment=variables)
    client.invoke(FunctionName=name, Payload=b"{}")
    ledger = Ledger(connect, endpoint_url, name)
    eventually(lambda: ledger.counts()["Invocations"] == 16, within=40)
    dropped = {"AsyncEventsDropped": 1} if service == "sns" else {}
    eventually(lambda: ledger.metrics("AsyncEventsDropped") == dropped, within=20)
    assert ledger.counts()["Errors"] == 0


def _word(word: str) -> dict[str, dict[str, str]]:
    return {"Variables": {"WORD": word}}


_CHANGED = """
import os, sys
from pathlib import Path
from lambdatui.local import control_plane

folder = Path(sys.argv[1])
os.environ.update(control_plane.settings(0, folder))
import ministack.app
from ministack.services import lambda_svc, sns
del lambda_svc._execute_function
sns._deliver_to_lambda = lambda endpoint, message: None
try:
    control_plane.load(0, folder)
except control_plane.ContractBroken as broken:
    print(broken)
"""


def test_a_ministack_that_has_changed_is_told_of_by_name_and_version(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(_CHANGED), str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert ran.stdout.startswith("MiniStack 1.")
    assert "has changed lambda_svc._execute_function, sns._deliver_to_lambda, which the embedded endpoint" in ran.stdout


def test_a_dead_letter_queue_gets_the_event_and_the_destination_its_record(
    clients: Callable[[str], Any], endpoint_url: str, make: Make, eventually: Eventually
) -> None:
    name, client, sqs = make(endpoint_url, CODE), clients("lambda"), clients("sqs")
    queues = {}
    for kind in ("letters", "failures"):
        url = sqs.create_queue(QueueName=f"{kind}-{name}")["QueueUrl"]
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
        queues[kind] = (url, attributes["QueueArn"])
    client.update_function_configuration(FunctionName=name, DeadLetterConfig={"TargetArn": queues["letters"][1]})
    client.put_function_event_invoke_config(
        FunctionName=name,
        MaximumRetryAttempts=0,
        DestinationConfig={"OnFailure": {"Destination": queues["failures"][1]}},
    )
    answer = client.invoke(FunctionName=name, InvocationType="Event", Payload=b'{"boom":1.10}')
    request_id = answer["ResponseMetadata"]["RequestId"]

    def received(kind: str) -> Any:
        return sqs.receive_message(QueueUrl=queues[kind][0], MessageAttributeNames=["All"]).get("Messages")

    [letter] = eventually(lambda: received("letters"), within=20)
    assert letter["Body"] == '{"boom":1.10}'
    assert {key: value["StringValue"] for key, value in letter["MessageAttributes"].items()} == {
        "RequestID": request_id,
        "ErrorCode": "200",
        "ErrorMessage": "out of paper",
    }
    [failure] = eventually(lambda: received("failures"), within=20)
    record = json.loads(failure["Body"])
    assert record["requestContext"]["requestId"] == request_id
    assert record["requestContext"]["condition"] == "RetriesExhausted"
    assert record["requestPayload"] == {"boom": 1.1}
    assert record["responsePayload"]["errorType"] == "ValueError"
