"""The gateway against the embedded endpoint: a real HTTP server, where code really runs."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import aclosing
from typing import Any
from uuid import uuid4

import botocore.session
import pytest

from lambdatui.aws.gateway import Aws
from lambdatui.local.identity import ACCESS_KEY_ID, ACCOUNT_ID, REGION, SECRET_ACCESS_KEY
from lambdatui.model.errors import Missing
from lambdatui.model.invocations import Request
from tests.aws.gateways import Opener, listed

pytestmark = pytest.mark.local

HANDLER = """
import os

def handler(event, context):
    print("stock of", event["sku"])
    if event["sku"] == "none":
        raise KeyError("no stock")
    return {"sku": event["sku"], "left": 7 * 6, "memory": os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]}
"""


@pytest.fixture
def aws(endpoint_url: str, opened: Opener) -> Aws:
    class Here:
        async def url(self) -> str:
            return endpoint_url

        async def restart(self) -> None:
            """It does not end."""

    return opened(embedded=Here(), region=REGION, keys=(ACCESS_KEY_ID, SECRET_ACCESS_KEY))


@pytest.fixture
def name(endpoint_url: str) -> Iterator[str]:
    """A function of the test's own, made with the SDK alone."""
    client: Any = botocore.session.Session().create_client(
        "lambda",
        endpoint_url=endpoint_url,
        region_name=REGION,
        aws_access_key_id=ACCESS_KEY_ID,
        aws_secret_access_key=SECRET_ACCESS_KEY,
    )
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("app.py", HANDLER)
    name = f"stock-{uuid4().hex[:8]}"
    client.create_function(
        FunctionName=name,
        Runtime="python3.12",
        Role=f"arn:aws:iam::{ACCOUNT_ID}:role/stock",
        Handler="app.handler",
        Code={"ZipFile": package.getvalue()},
        Description="What is left",
        MemorySize=256,
        Timeout=10,
        Environment={"Variables": {"DB_PASSWORD": "hunter2"}},
        Tags={"team": "shop"},
    )
    client.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 0.1})
    yield name
    client.delete_function(FunctionName=name)


async def test_the_identity_is_the_endpoints(aws: Aws, endpoint_url: str) -> None:
    identity = await aws.account.identity()
    assert (identity.account, identity.region, identity.profile) == (ACCOUNT_ID, REGION, "demo")
    assert identity.endpoint == endpoint_url.removeprefix("http://")


async def test_a_function_is_listed_and_described(aws: Aws, name: str) -> None:
    (function,) = [function for function in await listed(aws) if function.name == name]
    assert (function.runtime, function.memory, function.timeout) == ("python3.12", 256, 10)
    assert function.description == "What is left"
    assert function.modified is not None
    it = await aws.functions.describe(name)
    assert it.function == function
    assert dict(it.tags) == {"team": "shop"}
    assert it.environment["DB_PASSWORD"].reveal() == "hunter2"
    assert "hunter2" not in repr(it)


async def test_a_function_that_is_not_there_is_missing(aws: Aws) -> None:
    with pytest.raises(Missing, match="lambda:GetFunction"):
        await aws.functions.describe("nothing-of-the-kind")
    with pytest.raises(Missing, match="lambda:Invoke"):
        await aws.invocations.send(Request("nothing-of-the-kind", b"{}", 3))


async def test_the_code_of_a_function_runs_and_its_log_is_followed(aws: Aws, name: str) -> None:
    outcome = await aws.invocations.send(Request(name, b'{"sku": "A-1"}', 10))
    assert outcome.succeeded
    assert json.loads(outcome.payload) == {"sku": "A-1", "left": 42, "memory": "256"}
    assert "stock of A-1" in outcome.log_tail.text
    async with aclosing(aws.logs.tail(f"/aws/lambda/{name}")) as updates:
        messages: list[str] = []
        async for update in updates:
            messages += [event.message for event in update.events]
            if any("stock of A-1" in message for message in messages):
                break
    assert any(message.startswith("START RequestId: ") for message in messages)


async def test_a_function_that_raises_is_an_outcome_with_its_type(aws: Aws, name: str) -> None:
    outcome = await aws.invocations.send(Request(name, b'{"sku": "none"}', 10))
    assert (outcome.status, outcome.succeeded) == (200, False)
    assert outcome.function_error
    assert "no stock" in outcome.error_message


async def test_a_log_group_that_is_not_there_is_waited_for(aws: Aws) -> None:
    async with aclosing(aws.logs.tail("/aws/lambda/nothing-of-the-kind")) as updates:
        assert "does not exist" in (await anext(updates)).note
