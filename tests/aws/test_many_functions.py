"""Ten thousand functions in two hundred pages over a line that breaks: none is lost, and none comes twice."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from lambdatui.aws.gateway import Aws
from lambdatui.model.errors import Denied, Offline, Throttled
from tests.aws import faults
from tests.aws.fault_server import FaultServer
from tests.aws.gateways import listed
from tests.aws.paging import A_PAGE, Pages, by_chance, named, on_pages

MANY = 10_000


@pytest.mark.parametrize("times", [1, 4])
async def test_every_third_page_fails_and_all_come_once(server: FaultServer, aws: Aws, times: int) -> None:
    chance = random.Random(times)
    faulted = chance.sample(range(MANY // A_PAGE), 60)
    pages = Pages(MANY, on_pages(faulted, times, chance))
    server.plan("lambda:ListFunctions", pages)
    assert [function.name for function in await listed(aws)] == [*map(named, range(MANY))]
    assert Counter(pages.asked) == {page: 1 + times * (page in faulted) for page in range(MANY // A_PAGE)}


@pytest.mark.parametrize("seed", range(3))
async def test_three_of_ten_requests_fail_and_all_come_once(server: FaultServer, aws: Aws, seed: int) -> None:
    server.plan("lambda:ListFunctions", Pages(MANY, by_chance(0.3, random.Random(seed))))
    assert [function.name for function in await listed(aws)] == [*map(named, range(MANY))]


async def test_a_page_in_the_middle_is_asked_for_again_before_all_is_given_up(server: FaultServer, aws: Aws) -> None:
    pages = Pages(150, on_pages([1], 24, random.Random(1)))
    server.plan("lambda:ListFunctions", pages)
    assert len(await listed(aws)) == 150
    assert Counter(pages.asked) == {0: 1, 1: 25, 2: 1}


async def test_a_page_that_never_comes_ends_the_list_with_the_reason(server: FaultServer, aws: Aws) -> None:
    pages = Pages(150, on_pages([1], 99, random.Random(1)))
    server.plan("lambda:ListFunctions", pages)
    with pytest.raises((Offline, Throttled)):
        await listed(aws)
    assert Counter(pages.asked) == {0: 1, 1: 25}


async def test_the_first_page_and_a_refusal_in_the_middle_are_not_asked_for_again(
    server: FaultServer, aws: Aws
) -> None:
    first = Pages(150, on_pages([0], 99, random.Random(1)))
    server.plan("lambda:ListFunctions", first)
    with pytest.raises((Offline, Throttled)):
        await listed(aws)
    assert first.asked == [0] * 5
    denied = faults.aws_error(403, "AccessDeniedException")
    refused = Pages(150, lambda page: denied if page == 1 else None)
    server.plan("lambda:ListFunctions", refused)
    with pytest.raises(Denied):
        await listed(aws)
    assert refused.asked == [0, 1]
