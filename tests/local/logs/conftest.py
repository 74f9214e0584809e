"""CloudWatch Logs as boto3 sees it. Every answer is held to the service model on its way."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from lambdatui.local import identity
from tests.local.shapes import fits


@pytest.fixture(scope="session")
def logs(endpoint_url: str, connect: Any) -> Any:
    client = connect(endpoint_url, "logs")

    def check(http_response: Any, model: Any, **_: Any) -> None:
        assert http_response.headers["x-amzn-RequestId"]
        if http_response.status_code == 200 and not model.has_event_stream_output:
            assert fits("logs", model.name, json.loads(http_response.content or b"{}")) == []

    client.meta.events.register("after-call.cloudwatch-logs", check)
    return client


@pytest.fixture
def group(logs: Any) -> str:
    name = f"/test/{uuid4().hex[:12]}"
    logs.create_log_group(logGroupName=name)
    return name


@pytest.fixture
def write(logs: Any, group: str) -> Callable[..., Any]:
    """write("s", (timestamp, message), …): a batch in a stream, which is made at first."""
    streams: set[str] = set()

    def written(stream: str, *events: tuple[int, str]) -> Any:
        if stream not in streams:
            logs.create_log_stream(logGroupName=group, logStreamName=stream)
            streams.add(stream)
        batch = [{"timestamp": timestamp, "message": message} for timestamp, message in events]
        return logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=batch)

    return written


@pytest.fixture
def ask(endpoint_url: str) -> Callable[..., tuple[int, dict[str, str], Any]]:
    """ask("GetLogEvents", body): status, headers and parsed body of a request that no SDK has looked at."""

    def asked(operation: str, body: bytes, region: str = identity.REGION) -> tuple[int, dict[str, str], Any]:
        there = urlsplit(endpoint_url)
        connection = http.client.HTTPConnection(there.hostname or "", there.port)
        headers = {
            "x-amz-target": f"Logs_20140328.{operation}",
            "content-type": "application/x-amz-json-1.1",
            "authorization": f"AWS4-HMAC-SHA256 Credential={identity.ACCESS_KEY_ID}/20261123/{region}/logs/",
        }
        connection.request("POST", "/", body, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, json.loads(content)

    return asked


@pytest.fixture
def now() -> int:
    return int(time.time() * 1000)
