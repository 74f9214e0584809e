"""The AWS clients that a function makes: its environment alone tells them where the endpoint is."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

pytestmark = pytest.mark.local


def test_an_operation_whose_host_has_a_prefix_in_aws_finds_the_endpoint_from_a_function(
    endpoint_url: str, connect: Any, make: Any, payload: Callable[[Any], Any]
) -> None:
    code = """
import boto3
def handler(event, context):
    events = boto3.client("logs").start_live_tail(logGroupIdentifiers=[event["group"]])["responseStream"]
    first = next(iter(events))
    events.close()
    return list(first)
"""
    name = make(endpoint_url, code, Timeout=20)
    group = f"/g/{uuid4().hex[:12]}"
    connect(endpoint_url, "logs").create_log_group(logGroupName=group)
    request = json.dumps({"group": f"arn:aws:logs:eu-west-1:123456789012:log-group:{group}"})

    answer = connect(endpoint_url, "lambda").invoke(FunctionName=name, Payload=request)

    assert payload(answer) == ["sessionStart"]
