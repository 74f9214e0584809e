"""Layers and what calls a function, against the embedded endpoint, where all of it was made with the SDK alone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import uuid4

import botocore.session
import pytest

from lambdatui.aws.gateway import Aws
from lambdatui.local.identity import ACCESS_KEY_ID, ACCOUNT_ID, REGION, SECRET_ACCESS_KEY
from lambdatui.model.layers import Used, Uses
from lambdatui.model.policies import Caller
from lambdatui.model.triggers import Cors
from tests.aws.gateways import Opener, embedded, listed

pytestmark = pytest.mark.local


class Made(NamedTuple):
    """A function, and what belongs to it."""

    function: str
    layer: str
    queue: str


def zipped(name: str, text: str) -> bytes:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr(name, text)
    return package.getvalue()


@pytest.fixture
def aws(endpoint_url: str, opened: Opener) -> Aws:
    return embedded(opened, endpoint_url)


def client(service: str, url: str) -> Any:
    return botocore.session.Session().create_client(
        service, endpoint_url=url, region_name=REGION,
        aws_access_key_id=ACCESS_KEY_ID, aws_secret_access_key=SECRET_ACCESS_KEY,
    )  # fmt: skip


@pytest.fixture
def made(endpoint_url: str) -> Iterator[Made]:
    functions, queues = client("lambda", endpoint_url), client("sqs", endpoint_url)
    it = Made(*(f"{kind}-{uuid4().hex[:8]}" for kind in ("stock", "common", "changes")))
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:{it.queue}"
    for number in (1, 2):
        layer = functions.publish_layer_version(
            LayerName=it.layer, Content={"ZipFile": zipped("python/common.py", f"V = {number}")}, LicenseInfo="MIT",
            CompatibleRuntimes=["python3.12"], CompatibleArchitectures=["arm64"], Description=f"number {number}",
        )  # fmt: skip
    functions.create_function(
        FunctionName=it.function, Runtime="python3.12", Role=f"arn:aws:iam::{ACCOUNT_ID}:role/stock",
        Handler="app.handler", Code={"ZipFile": zipped("app.py", "def handler(event, context): pass")},
        Layers=[f"{layer['LayerArn']}:1"],
    )  # fmt: skip
    functions.get_waiter("function_active_v2").wait(FunctionName=it.function, WaiterConfig={"Delay": 0.1})
    version = functions.publish_version(FunctionName=it.function)["Version"]
    functions.create_alias(FunctionName=it.function, Name="live", FunctionVersion=version)
    queues.create_queue(QueueName=it.queue)
    functions.create_event_source_mapping(
        FunctionName=it.function, EventSourceArn=arn, BatchSize=7, Enabled=False,
        FilterCriteria={"Filters": [{"Pattern": '{"body": {"sku": ["A"]}}'}]}, ScalingConfig={"MaximumConcurrency": 3},
    )  # fmt: skip
    functions.add_permission(
        FunctionName=it.function, StatementId="nightly", Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com", SourceArn=f"arn:aws:events:{REGION}:{ACCOUNT_ID}:rule/nightly",
    )  # fmt: skip
    functions.add_permission(
        FunctionName=it.function, Qualifier="live", StatementId="partner", Action="lambda:InvokeFunction",
        Principal="210987654321",
    )  # fmt: skip
    cors = {"AllowOrigins": ["https://shop.example"], "AllowMethods": ["POST"], "MaxAge": 60}
    functions.create_function_url_config(FunctionName=it.function, AuthType="AWS_IAM", Cors=cors)
    failed = {"OnFailure": {"Destination": arn}}
    functions.put_function_event_invoke_config(
        FunctionName=it.function, MaximumRetryAttempts=0, DestinationConfig=failed
    )
    yield it
    functions.delete_function(FunctionName=it.function)
    for number in (1, 2):
        functions.delete_layer_version(LayerName=it.layer, VersionNumber=number)


async def test_a_layer_is_listed_with_its_versions_its_size_and_who_uses_it(aws: Aws, made: Made) -> None:
    (layer,) = [it async for page in aws.layers.pages() for it in page if it.name == made.layer]
    assert (layer.latest.number, layer.latest.license, layer.latest.description) == (2, "MIT", "number 2")
    versions = [it async for page in aws.layers.versions(layer.name) for it in page]
    assert [(it.number, it.runtimes, it.architectures) for it in versions] == [
        (2, ("python3.12",), ("arm64",)), (1, ("python3.12",), ("arm64",)),
    ]  # fmt: skip
    assert (await aws.layers.version(versions[0].arn)).size == len(zipped("python/common.py", "V = 2"))
    uses = Uses(await listed(aws))
    assert uses.count(layer.arn, layer.latest.number) == Used(1, 1)
    assert [it.name for it in uses.of_version(layer.arn, 1)] == [made.function]
    assert f"LayerVersionArn: {layer.latest.arn}" in await aws.layers.raw(layer.latest.arn)


async def test_a_mapping_is_read_as_it_was_made(aws: Aws, made: Made) -> None:
    ((it,),) = [page async for page in aws.triggers.mappings(made.function)]
    assert it.source_arn.endswith(f":{made.queue}")
    assert (it.state, it.batch_size, it.maximum_concurrency) == ("Disabled", 7, 3)
    assert it.filters == ('{"body": {"sku": ["A"]}}',)


async def test_callers_are_told_by_qualifier(aws: Aws, made: Made) -> None:
    own = Caller("Amazon EventBridge may invoke it, for rule nightly of this account", "nightly", alert=False)
    assert await aws.triggers.callers(made.function) == (own,)
    partner = Caller("Account 210987654321 may invoke it", "partner", alert=False)
    assert await aws.triggers.callers(made.function, "live") == (partner,)


async def test_the_url_and_what_becomes_of_asynchronous_calls_are_read(aws: Aws, made: Made) -> None:
    (url,) = await aws.triggers.urls(made.function)
    assert url.auth_type == "AWS_IAM"
    assert url.cors == Cors(("https://shop.example",), ("POST",), max_age=60)
    (config,) = await aws.triggers.async_configs(made.function)
    assert (config.retries, config.qualifier) == (0, "")
    assert config.on_failure.endswith(f":{made.queue}")


async def test_all_of_it_is_there_as_yaml(aws: Aws, made: Made) -> None:
    text = await aws.triggers.raw(made.function)
    for said in ("EventSourceMappings:", "AuthType: AWS_IAM", "MaximumRetryAttempts: 0", "Sid: nightly"):
        assert said in text, said
