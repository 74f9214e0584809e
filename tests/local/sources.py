"""What triggers a function in AWS, each set up at an endpoint for one function.

`by_queue(clients, name, unique)` gives a call that triggers the function once, with its text somewhere in the event.
"""

from __future__ import annotations

import contextlib
import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeAlias
from urllib.error import HTTPError
from urllib.request import urlopen

ROLE = "arn:aws:iam::123456789012:role/any"

Clients: TypeAlias = Callable[[str], Any]
"""clients("sqs"): a client of the endpoint."""

Send: TypeAlias = Callable[[str], Any]


def by_queue(clients: Clients, name: str, unique: str) -> Send:
    sqs = clients("sqs")
    queue = sqs.create_queue(QueueName=unique, Attributes={"VisibilityTimeout": "900"})["QueueUrl"]
    _mapped(
        clients, name, sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    )
    return lambda text: sqs.send_message(QueueUrl=queue, MessageBody=text)


def by_topic(clients: Clients, name: str, unique: str) -> Send:
    sns = clients("sns")
    topic = sns.create_topic(Name=unique)["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=_arn(clients, name))
    return lambda text: sns.publish(TopicArn=topic, Message=text)


def by_bucket(clients: Clients, name: str, unique: str) -> Send:
    s3 = clients("s3")
    s3.create_bucket(Bucket=unique, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    functions = [{"LambdaFunctionArn": _arn(clients, name), "Events": ["s3:ObjectCreated:*"]}]
    s3.put_bucket_notification_configuration(
        Bucket=unique, NotificationConfiguration={"LambdaFunctionConfigurations": functions}
    )
    return lambda text: s3.put_object(Bucket=unique, Key=text, Body=b"")


def by_rule(clients: Clients, name: str, unique: str) -> Send:
    events = clients("events")
    events.put_rule(Name=unique, EventPattern=json.dumps({"source": [unique]}))
    events.put_targets(Rule=unique, Targets=[{"Id": "1", "Arn": _arn(clients, name)}])
    entry = {"Source": unique, "DetailType": "order"}
    return lambda text: events.put_events(Entries=[{**entry, "Detail": json.dumps({"text": text})}])


def by_schedule(clients: Clients, name: str, unique: str) -> Send:
    scheduler, arn = clients("scheduler"), _arn(clients, name)

    def send(text: str) -> None:
        scheduler.create_schedule(
            Name=f"{unique}-{text}",
            ScheduleExpression=f"at({datetime.now(UTC):%Y-%m-%dT%H:%M:%S})",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": arn, "RoleArn": ROLE, "Input": json.dumps({"text": text})},
        )

    return send


def by_subscription(clients: Clients, name: str, unique: str) -> Send:
    logs = clients("logs")
    logs.create_log_group(logGroupName=unique)
    logs.create_log_stream(logGroupName=unique, logStreamName="s")
    logs.put_subscription_filter(
        logGroupName=unique, filterName="f", filterPattern="", destinationArn=_arn(clients, name)
    )

    def send(text: str) -> None:
        event = {"timestamp": int(datetime.now(UTC).timestamp() * 1000), "message": text}
        logs.put_log_events(logGroupName=unique, logStreamName="s", logEvents=[event])

    return send


def by_url(clients: Clients, name: str, unique: str) -> Send:
    client = clients("lambda")
    address = client.create_function_url_config(FunctionName=name, AuthType="NONE")["FunctionUrl"]
    identifier = address.split("//")[1].split(".")[0]

    def send(text: str) -> None:
        with contextlib.suppress(HTTPError):  # 502 for a function that failed
            urlopen(f"{client.meta.endpoint_url}/_aws/lambda-url/{identifier}/{text}").close()  # noqa: S310  loopback

    return send


def by_state_machine(clients: Clients, name: str, unique: str) -> Send:
    states = clients("stepfunctions")
    definition = {"StartAt": "a", "States": {"a": {"Type": "Task", "Resource": _arn(clients, name), "End": True}}}
    machine = states.create_state_machine(name=unique, definition=json.dumps(definition), roleArn=ROLE)
    arn = machine["stateMachineArn"]
    return lambda text: states.start_execution(stateMachineArn=arn, input=json.dumps({"text": text}))


def by_destination(clients: Clients, name: str, unique: str) -> Send:
    client = clients("lambda")
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("app.py", "def handler(event, context): return event")
    client.create_function(
        FunctionName=unique,
        Runtime="python3.13",
        Handler="app.handler",
        Role=ROLE,
        Code={"ZipFile": package.getvalue()},
    )
    client.get_waiter("function_active_v2").wait(FunctionName=unique, WaiterConfig={"Delay": 0.1})
    client.put_function_event_invoke_config(
        FunctionName=unique, DestinationConfig={"OnSuccess": {"Destination": _arn(clients, name)}}
    )
    return lambda text: client.invoke(FunctionName=unique, InvocationType="Event", Payload=json.dumps(text))


def by_kinesis(clients: Clients, name: str, unique: str) -> Send:
    kinesis = clients("kinesis")
    kinesis.create_stream(StreamName=unique, ShardCount=1)
    kinesis.get_waiter("stream_exists").wait(StreamName=unique, WaiterConfig={"Delay": 0.1})
    arn = kinesis.describe_stream(StreamName=unique)["StreamDescription"]["StreamARN"]
    _mapped(clients, name, arn, StartingPosition="TRIM_HORIZON")
    return lambda text: kinesis.put_record(StreamName=unique, Data=text.encode(), PartitionKey="k")


def by_table(clients: Clients, name: str, unique: str) -> Send:
    table = clients("dynamodb")
    made = table.create_table(
        TableName=unique,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )
    _mapped(clients, name, made["TableDescription"]["LatestStreamArn"], StartingPosition="TRIM_HORIZON")
    return lambda text: table.put_item(TableName=unique, Item={"id": {"S": text}})


def _arn(clients: Clients, name: str) -> str:
    arn: str = clients("lambda").get_function_configuration(FunctionName=name)["FunctionArn"]
    return arn


def _mapped(clients: Clients, name: str, source: str, **settings: Any) -> None:
    clients("lambda").create_event_source_mapping(FunctionName=name, EventSourceArn=source, BatchSize=1, **settings)
