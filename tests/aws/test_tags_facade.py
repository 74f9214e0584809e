"""Tags of all functions in pages, and the listing that others count over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lambdatui.aws.gateway import Aws
from lambdatui.model.errors import Denied, Offline
from tests.aws import faults
from tests.aws.exchange import Exchange
from tests.aws.fault_server import FaultServer

OPERATION = "resourcegroupstaggingapi:GetResources"
ARN = "arn:aws:lambda:eu-west-1:123456789012:function:{}"


async def test_tags_come_in_pages_by_arn(aws: Aws, server: FaultServer) -> None:
    async def reply(exchange: Exchange) -> None:
        asked = exchange.seen.parameters
        assert asked["ResourceTypeFilters"] == ["lambda:function"]
        number = int(asked.get("PaginationToken") or 0)
        tags = [{"Key": "team", "Value": f"team\x1b[2J{number}"}, {"Key": "empty", "Value": ""}]
        page = {
            "ResourceTagMappingList": [{"ResourceARN": ARN.format(number), "Tags": tags}],
            "PaginationToken": str(number + 1) if number < 2 else "",
        }
        await faults.answer(page)(exchange)

    server.plan(OPERATION, reply)
    pages = [page async for page in aws.tags.pages()]
    assert pages == [{ARN.format(number): {"team": f"team␛[2J{number}", "empty": ""}} for number in range(3)]


async def test_tags_that_are_denied_name_the_action_of_iam(aws: Aws, server: FaultServer) -> None:
    server.plan(OPERATION, faults.aws_error(403, "AccessDeniedException", "No."))
    with pytest.raises(Denied) as told:
        [page async for page in aws.tags.pages()]
    assert told.value.remedy.startswith("Ask for permission to tag:GetResources on *")


async def test_an_answer_without_the_list_is_not_taken_for_no_tags(aws: Aws, server: FaultServer) -> None:
    server.plan(OPERATION, faults.answer({}))
    with pytest.raises(Offline, match="no list of resources"):
        [page async for page in aws.tags.pages()]


def listing(server: FaultServer, *names: str) -> None:
    server.plan("lambda:ListFunctions", faults.answer({"Functions": [{"FunctionName": name} for name in names]}))


async def test_what_was_listed_lately_is_not_listed_again(aws: Aws, server: FaultServer) -> None:
    listing(server, "a", "b")
    assert [function.name async for page in aws.functions.pages() for function in page] == ["a", "b"]
    listing(server, "c")
    assert [function.name for function in await aws.functions.listed()] == ["a", "b"]
    assert [function.name for function in await aws.functions.listed(fresh=0)] == ["c"]
    assert server.operations.count("lambda:ListFunctions") == 2


async def test_a_listing_of_another_identity_is_forgotten(aws: Aws, server: FaultServer) -> None:
    listing(server, "a")
    assert [function.name for function in await aws.functions.listed()] == ["a"]
    listing(server, "b")
    await aws.revive()
    assert [function.name for function in await aws.functions.listed()] == ["b"]


async def test_a_listing_that_broke_is_no_listing(aws: Aws, server: FaultServer) -> None:
    server.plan("lambda:ListFunctions", faults.aws_error(403, "AccessDeniedException"))
    with pytest.raises(Denied):
        await aws.functions.listed()
    listing(server, "a")
    assert [function.name for function in await aws.functions.listed()] == ["a"]


async def test_what_more_is_known_of_the_listed_is_given_to_who_counts_over_them(aws: Aws, server: FaultServer) -> None:
    listing(server, "a")
    aws.functions.completed([])  # of nothing listed there is nothing to complete
    (function,) = await aws.functions.listed()
    aws.functions.completed([replace(function, tags={"team": "shop"})])
    assert [it.tags for it in await aws.functions.listed()] == [{"team": "shop"}]
    assert server.operations.count("lambda:ListFunctions") == 1
