"""The gateway against the embedded endpoint: a real HTTP server, where code really runs."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import replace
from typing import Any
from uuid import uuid4

import botocore.session
import pytest

from lambdatui.aws.gateway import Aws
from lambdatui.local.identity import ACCESS_KEY_ID, ACCOUNT_ID, REGION, SECRET_ACCESS_KEY
from lambdatui.model.changes import changed
from lambdatui.model.errors import Missing
from lambdatui.model.invocations import InvocationType, Request
from lambdatui.model.versions import LATEST, Provisioned, Share
from tests.aws.gateways import Opener, embedded, followed, listed

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
    return embedded(opened, endpoint_url)


@pytest.fixture
def client(endpoint_url: str) -> Any:
    """The SDK alone."""
    return botocore.session.Session().create_client(
        "lambda",
        endpoint_url=endpoint_url,
        region_name=REGION,
        aws_access_key_id=ACCESS_KEY_ID,
        aws_secret_access_key=SECRET_ACCESS_KEY,
    )


@pytest.fixture
def name(client: Any) -> Iterator[str]:
    """A function of the test's own."""
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


@pytest.fixture
def published(name: str, client: Any) -> str:
    """The function with sixty versions, of which the 42nd is another in more than its description, and two aliases."""
    for number in range(1, 61):
        change: dict[str, Any] = {"Description": f"change {number}"}
        if number == 42:
            change |= {"MemorySize": 512, "Environment": {"Variables": {"DB_PASSWORD": "hunter3", "STAGE": "test"}}}
        client.update_function_configuration(FunctionName=name, **change)
        client.publish_version(FunctionName=name, Description=f"release {number}")
    weights = {"AdditionalVersionWeights": {"60": 0.25}}
    client.create_alias(FunctionName=name, Name="live", FunctionVersion="42", Description="all", RoutingConfig=weights)
    client.create_alias(FunctionName=name, Name="staging", FunctionVersion=LATEST)
    return name


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
    raw = await aws.functions.raw(name)
    assert f"FunctionName: {name}" in raw
    assert "DB_PASSWORD: (masked)" in raw
    assert "hunter2" not in raw
    assert "Location" not in raw


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
    async with aclosing(followed(aws, f"/aws/lambda/{name}")) as updates:
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
    async with aclosing(followed(aws, "/aws/lambda/nothing-of-the-kind")) as updates:
        assert "does not exist" in (await anext(updates)).note


async def test_versions_come_page_by_page_with_what_each_is(aws: Aws, published: str) -> None:
    pages = [list(page) async for page in aws.versions.versions(published)]
    assert [len(page) for page in pages] == [50, 11]
    versions = {it.name: it for page in pages for it in page}
    assert max(versions.values(), key=lambda it: it.order).name == LATEST
    assert versions["42"].configuration.function.description == "release 42"
    told = changed(versions["41"].configuration, versions["42"].configuration)
    assert told == "memory 256 → 512 MB, env DB_PASSWORD changed +STAGE"
    described = await aws.functions.describe(versions["42"].arn)
    assert described.version == "42"
    assert described.code_sha256 == versions["42"].configuration.code_sha256


async def test_aliases_have_their_weights(aws: Aws, published: str) -> None:
    live, staging = [it async for page in aws.versions.aliases(published) for it in page]
    assert live.shares == (Share("42", 0.75), Share("60", 0.25))
    assert live.arn.endswith(f":{published}:live")
    assert (staging.version, staging.also) == (LATEST, ())


async def test_provisioned_concurrency_is_told_once_there_is_some(aws: Aws, published: str, client: Any) -> None:
    assert await aws.versions.provisioned(published) == ()
    its = {"FunctionName": published, "Qualifier": "live", "ProvisionedConcurrentExecutions": 1}
    client.put_provisioned_concurrency_config(**its)
    async with asyncio.timeout(10):
        while (await aws.versions.provisioned(published))[0].status != "READY":
            pass
    (it,) = await aws.versions.provisioned(published)
    assert it == Provisioned("live", 1, 1, 1, "READY", modified=it.modified)


async def test_what_a_function_is_asked_for_beside_its_configuration_is_answered(
    aws: Aws, name: str, client: Any
) -> None:
    assert await aws.functions.code_signing(name) == ""
    assert await aws.functions.recursion(name) == "Terminate"
    client.put_function_recursion_config(FunctionName=name, RecursiveLoop="Allow")
    assert await aws.functions.recursion(name) == "Allow"


async def test_what_is_not_there_has_no_versions(aws: Aws) -> None:
    with pytest.raises(Missing, match="lambda:ListVersionsByFunction"):
        await anext(aiter(aws.versions.versions("nothing-of-the-kind")))


async def test_tags_of_functions_come_from_the_tagging_api(aws: Aws, client: Any, name: str) -> None:
    arn = client.get_function(FunctionName=name)["Configuration"]["FunctionArn"]
    tags = {found: its async for page in aws.tags.pages() for found, its in page.items()}
    assert tags[arn] == {"team": "shop"}


async def test_each_type_of_invocation_is_answered_as_its_own(aws: Aws, name: str, client: Any) -> None:
    client.publish_version(FunctionName=name)
    ask = Request(name, b'{"sku": "tea"}', timeout=10, qualifier="1")
    dry = await aws.invocations.send(replace(ask, kind=InvocationType.DRY_RUN))
    queued = await aws.invocations.send(replace(ask, kind=InvocationType.EVENT))
    assert (dry.verdict, dry.response, queued.verdict) == ("dry run", b"", "accepted")
    parts: list[bytes] = []
    whole = await aws.invocations.send(ask)
    streamed = await aws.invocations.send(replace(ask, streaming=True), arrived=parts.append)
    assert whole.response == streamed.response == b"".join(parts)
    assert json.loads(whole.response)["left"] == 42
    for outcome in (whole, streamed):
        assert (outcome.verdict, outcome.executed_version) == ("succeeded", "1")
        assert outcome.trace_id.startswith("1-")
        assert outcome.report is not None
        assert outcome.report.request_id == outcome.request_id
    failed = await aws.invocations.send(replace(ask, payload=b'{"sku": "none"}', streaming=True))
    assert (failed.verdict, failed.error_type) == ("failed", "KeyError")
