"""Versions, aliases and provisioned concurrency, as the facade reads them from AWS's answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from lambdatui.aws.gateway import Aws
from lambdatui.model.errors import Offline
from lambdatui.model.versions import LATEST, Alias, Provisioned, Share, Version
from tests.aws import faults
from tests.aws.exchange import Exchange
from tests.aws.fault_server import FaultServer

ARN = f"arn:aws:lambda:eu-west-1:{faults.ACCOUNT}:function:orders"
PAGE = 50


async def versions(aws: Aws) -> list[Version]:
    return [it async for page in aws.versions.versions("orders") for it in page]


async def aliases(aws: Aws) -> list[Alias]:
    return [it async for page in aws.versions.aliases("orders") for it in page]


async def test_hundreds_of_versions_come_page_by_page(aws: Aws, server: FaultServer) -> None:
    names = [LATEST, *map(str, range(1, 341))]

    async def reply(exchange: Exchange) -> None:
        start = int(exchange.seen.parameters.get("Marker", "0"))
        page = [{"Version": it, "FunctionArn": f"{ARN}:{it}"} for it in names[start : start + PAGE]]
        more = {"NextMarker": str(start + PAGE)} if start + PAGE < len(names) else {}
        await faults.answer({"Versions": page, **more})(exchange)

    server.plan("lambda:ListVersionsByFunction", reply)
    sizes = [len(page) async for page in aws.versions.versions("orders")]
    assert sizes == [50] * 6 + [41]
    assert [it.name for it in await versions(aws)] == names
    assert server.journal[0].path == "/2015-03-31/functions/orders/versions"


async def test_a_version_is_told_with_all_that_the_list_says(aws: Aws, server: FaultServer) -> None:
    entry = {"Version": "7", "FunctionArn": f"{ARN}:7", "CodeSha256": "abc=", "MemorySize": 512,
             "LastModified": "2026-11-23T13:12:20.123+0000", "Description": "VAT\u202e",
             "Environment": {"Variables": {"KEY": "hunter2"}}}  # fmt: skip
    server.plan("lambda:ListVersionsByFunction", faults.answer({"Versions": [entry]}))
    (it,) = await versions(aws)
    assert (it.name, it.arn, it.order, it.configuration.code_sha256) == ("7", f"{ARN}:7", 7, "abc=")
    assert it.configuration.function.memory == 512
    assert it.configuration.function.description == "VAT\\u202e"
    assert it.configuration.environment["KEY"].reveal() == "hunter2"
    assert "hunter2" not in repr(it)


async def test_an_alias_is_told_with_its_weights(aws: Aws, server: FaultServer) -> None:
    entries: list[dict[str, Any]] = [
        {"Name": "live", "AliasArn": f"{ARN}:live", "FunctionVersion": "3", "Description": "all", "RevisionId": "r",
         "RoutingConfig": {"AdditionalVersionWeights": {"4": 0.1}}},
        {"Name": "\x1b[2J", "FunctionVersion": "4"},
    ]  # fmt: skip
    server.plan("lambda:ListAliases", faults.answer({"Aliases": entries}))
    live, other = await aliases(aws)
    assert live == Alias("live", f"{ARN}:live", "3", "all", (Share("4", 0.1),), "r")
    assert live.shares == (Share("3", 0.9), Share("4", 0.1))
    assert (other.name, other.shares) == ("␛[2J", (Share("4", 1),))


@pytest.mark.parametrize("weight", [-1, 1e308, "0.5", True, float("nan")])
async def test_a_weight_that_is_none_is_left_out_or_a_share(weight: Any, aws: Aws, server: FaultServer) -> None:
    entry = {"Name": "a", "FunctionVersion": "1", "RoutingConfig": {"AdditionalVersionWeights": {"2": weight}}}
    server.plan("lambda:ListAliases", faults.answer({"Aliases": [entry]}))
    (alias,) = await aliases(aws)
    assert all(0 <= share.part <= 1 for share in alias.shares)


async def test_an_alias_is_told_raw(aws: Aws, server: FaultServer) -> None:
    answer = {"Name": "live", "FunctionVersion": "3", "RoutingConfig": {"AdditionalVersionWeights": {"4": 0.1}}}
    server.plan("lambda:GetAlias", faults.answer(answer))
    told = await aws.versions.raw("orders", "live")
    assert told.split("\n") == [
        "Name: live", "FunctionVersion: '3'", "RoutingConfig:", "  AdditionalVersionWeights:", "    '4': 0.1"
    ]  # fmt: skip


async def test_provisioned_concurrency_is_by_qualifier(aws: Aws, server: FaultServer) -> None:
    counted = "ProvisionedConcurrentExecutions"
    entry = {"FunctionArn": f"{ARN}:live", f"Requested{counted}": 5, f"Available{counted}": 2, f"Allocated{counted}": 3,
             "Status": "IN_PROGRESS", "LastModified": "2026-11-23T13:12:20+0000"}  # fmt: skip
    server.plan("lambda:ListProvisionedConcurrencyConfigs", faults.answer({"ProvisionedConcurrencyConfigs": [entry]}))
    (it,) = await aws.versions.provisioned("orders")
    assert it.modified is not None
    assert it == Provisioned("live", 5, 2, 3, "IN_PROGRESS", modified=it.modified)
    assert it.words == "2 of 5, IN_PROGRESS"
    assert server.journal[0].parameters == {"List": "ALL"}


async def test_an_endpoint_that_finds_no_provisioned_concurrency_has_none(aws: Aws, server: FaultServer) -> None:
    server.plan(
        "lambda:ListProvisionedConcurrencyConfigs",
        faults.aws_error(404, "ProvisionedConcurrencyConfigNotFoundException"),
    )
    assert await aws.versions.provisioned("orders") == ()


@pytest.mark.parametrize(
    ("operation", "ask"),
    [
        ("ListVersionsByFunction", versions),
        ("ListAliases", aliases),
        ("ListProvisionedConcurrencyConfigs", lambda aws: aws.versions.provisioned("orders")),
    ],
)
async def test_an_answer_without_its_list_is_no_empty_list(
    operation: str, ask: Callable[[Aws], Awaitable[Any]], aws: Aws, server: FaultServer
) -> None:
    server.plan(f"lambda:{operation}", faults.answer({"Other": 1}))
    with pytest.raises(Offline, match="it has no list of"):
        await ask(aws)
