"""Functions whose calls are tenants'."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.local.conftest import Connect, Eventually, Make

pytestmark = pytest.mark.local

CODE = """
import os
calls = []

def handler(event, context):
    calls.append(context.tenant_id)
    print("call of", context.tenant_id)
    return {"calls": calls, "environment": os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]}
"""
PER_TENANT = {"TenantIsolationMode": "PER_TENANT"}
WITHOUT = "enabled with tenancy configuration. Add a valid tenant ID in your request and try again."


@pytest.fixture
def client(connect: Connect, endpoint_url: str) -> Any:
    return connect(endpoint_url, "lambda")


@pytest.fixture
def shared(endpoint_url: str, make: Make) -> str:
    """The name of a function that isolates its tenants."""
    return make(endpoint_url, CODE, TenancyConfig=PER_TENANT)


def test_tenants_share_no_environment(client: Any, shared: str, payload: Callable[[Any], Any]) -> None:
    blue, green, again = (
        payload(client.invoke(FunctionName=shared, TenantId=tenant, Payload=b"1"))
        for tenant in ("blue", "green", "blue")
    )

    assert (blue["calls"], green["calls"], again["calls"]) == (["blue"], ["green"], ["blue", "blue"])
    assert blue["environment"] == again["environment"] != green["environment"]


@pytest.mark.parametrize("kind", ["RequestResponse", "Event", "DryRun"])
def test_a_call_without_a_tenant_is_refused(client: Any, shared: str, kind: str) -> None:
    with pytest.raises(client.exceptions.InvalidParameterValueException, match=WITHOUT):
        client.invoke(FunctionName=shared, InvocationType=kind)
    if kind != "Event":
        with pytest.raises(client.exceptions.InvalidParameterValueException, match=WITHOUT):
            client.invoke_with_response_stream(FunctionName=shared, InvocationType=kind)


def test_a_tenant_where_there_are_none_is_refused(client: Any, endpoint_url: str, make: Make) -> None:
    with pytest.raises(client.exceptions.InvalidParameterValueException, match="Remove the tenant ID"):
        client.invoke(FunctionName=make(endpoint_url, CODE), TenantId="blue")


def test_a_tenant_id_that_is_malformed_is_refused(client: Any, shared: str) -> None:
    for wrong in ("b#lue", "x" * 257):
        with pytest.raises(client.exceptions.ClientError, match="at 'tenantId' failed to satisfy constraint"):
            client.invoke(FunctionName=shared, TenantId=wrong)


def test_an_event_keeps_its_tenant_which_json_logs_name(
    client: Any, endpoint_url: str, make: Make, connect: Connect, eventually: Eventually
) -> None:
    name = make(endpoint_url, CODE, TenancyConfig=PER_TENANT, LoggingConfig={"LogFormat": "JSON"})
    client.invoke(FunctionName=name, TenantId="blue", InvocationType="Event", Payload=b"1")
    logs = connect(endpoint_url, "logs")

    def records() -> dict[str, Any]:
        if not logs.describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{name}")["logGroups"]:
            return {}
        events = logs.filter_log_events(logGroupName=f"/aws/lambda/{name}")["events"]
        found = [json.loads(event["message"]) for event in events if event["message"].startswith("{")]
        by_type = {record["type"]: record["record"] for record in found if "record" in record}
        return by_type if "platform.report" in by_type else {}

    told = eventually(records, within=20)
    assert told["platform.start"]["tenantId"] == told["platform.report"]["tenantId"] == "blue"
