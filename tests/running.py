"""Functions that really run, made by a test in the embedded endpoint; and the endpoint's own count of what ran."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import botocore.session
import pytest

from lambdatui.local.identity import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY

HANDLER = """
import os, time

kept = []

def handler(event, context):
    what = event.get("do")
    if what == "raise":
        raise ValueError("out of paper")
    if what == "sleep":
        time.sleep(60)
    if what == "hoard":
        while True:
            kept.append(bytearray(b"1") * 20_000_000)
    if what == "exit":
        os._exit(7)
    if what == "large":
        return "x" * event["bytes"]
    return {"version": context.function_version, "tenant": context.tenant_id}
"""

# A custom runtime that streams: a part, then, once there is a file of that name, the rest, which is no text.
BOOTSTRAP = f"""#!{sys.executable} -S
import http.client, json, os, time
api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])

def parts(go_on):
    yield b"first"
    while not os.path.exists(go_on):
        time.sleep(0.005)
    yield bytes(range(256))

while True:
    api.request("GET", "/2018-06-01/runtime/invocation/next")
    call = api.getresponse()
    event = json.loads(call.read())
    api.request("POST", f"/2018-06-01/runtime/invocation/{{call.headers['Lambda-Runtime-Aws-Request-Id']}}/response",
                parts(event["until"]), {{"Lambda-Runtime-Function-Response-Mode": "streaming",
                "Content-Type": "application/octet-stream", "Transfer-Encoding": "chunked"}}, encode_chunked=True)
    api.getresponse().read()
"""


@pytest.fixture
def connected(endpoint_url: str) -> Callable[[str], Any]:
    """The SDK alone, for a service."""
    keys: dict[str, Any] = {"aws_access_key_id": ACCESS_KEY_ID, "aws_secret_access_key": SECRET_ACCESS_KEY}
    session = botocore.session.Session()
    return lambda service: session.create_client(service, endpoint_url=endpoint_url, region_name=REGION, **keys)


@pytest.fixture
def make(connected: Callable[[str], Any]) -> Iterator[Callable[..., str]]:
    """make(**settings): a new function; returns its name once it is active."""
    client, made = connected("lambda"), []

    def making(file: str = "app.py", code: str = HANDLER, **settings: Any) -> str:
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w") as archive:
            entry = zipfile.ZipInfo(file)
            entry.external_attr = 0o755 << 16
            archive.writestr(entry, code)
        name = f"run-{uuid4().hex[:8]}"
        order: dict[str, Any] = {
            "Runtime": "python3.13",
            "Role": "arn:aws:iam::123456789012:role/run",
            "Handler": "app.handler",
        }
        order |= {"FunctionName": name, "Code": {"ZipFile": package.getvalue()}, "MemorySize": 256, "Timeout": 20}
        client.create_function(**{**order, **settings})
        client.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 0.1})
        made.append(name)
        return name

    yield making
    for name in made:
        client.delete_function(FunctionName=name)


@pytest.fixture
def counted(connected: Callable[[str], Any]) -> Callable[[str], dict[str, int]]:
    """counted(name): how often the endpoint has run a function, and how often that failed, by its metrics."""
    metrics = connected("cloudwatch")

    def counting(name: str) -> dict[str, int]:
        now = datetime.now(UTC)
        queries = [
            {
                "Id": metric.lower(),
                "MetricStat": {
                    "Metric": {
                        "Namespace": "AWS/Lambda",
                        "MetricName": metric,
                        "Dimensions": [{"Name": "FunctionName", "Value": name}],
                    },
                    "Period": 60,
                    "Stat": "Sum",
                },
            }
            for metric in ("Invocations", "Errors")
        ]
        window = {"StartTime": now - timedelta(hours=1), "EndTime": now + timedelta(minutes=2)}
        results = metrics.get_metric_data(MetricDataQueries=queries, **window)["MetricDataResults"]
        return {result["Id"]: int(sum(result["Values"])) for result in results}

    return counting
