from __future__ import annotations

import base64
import gzip
import json
from typing import Any
from uuid import uuid4

import pytest

pytestmark = pytest.mark.local

FORWARD = """
import os, boto3

def handler(event, context):
    boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE"], MessageBody=event["awslogs"]["data"])
"""


def test_a_function_gets_what_its_subscription_filter_lets_through(
    endpoint_url: str, connect: Any, make: Any, logs: Any, group: str, write: Any, now: int, eventually: Any
) -> None:
    sqs = connect(endpoint_url, "sqs")
    queue = sqs.create_queue(QueueName=f"q-{uuid4().hex[:12]}")["QueueUrl"]
    name = make(endpoint_url, FORWARD, Timeout=30, Environment={"Variables": {"QUEUE": queue}})
    function = connect(endpoint_url, "lambda").get_function(FunctionName=name)["Configuration"]["FunctionArn"]
    write("s", (now, "ERROR before"))
    logs.put_subscription_filter(
        logGroupName=group, filterName="errors", filterPattern="ERROR -ignored", destinationArn=function
    )

    write("s", (now, "ERROR one"), (now, "fine"), (now + 1, "ERROR ignored"))
    write("s", (now + 2, "ERROR two"))
    messages = eventually(lambda: sqs.receive_message(QueueUrl=queue).get("Messages"), within=30)
    payload = json.loads(gzip.decompress(base64.b64decode(messages[0]["Body"])))

    assert [event["message"] for event in payload["logEvents"]] == ["ERROR one", "ERROR two"]
    assert (payload["logGroup"], payload["logStream"], payload["messageType"]) == (group, "s", "DATA_MESSAGE")
    assert payload["subscriptionFilters"] == ["errors"]
