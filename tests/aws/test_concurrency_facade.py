"""What the account allows and what functions have reserved: few calls, none of them in a hurry."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import aclosing
from typing import Any

import pytest

from lambdatui.aws.concurrency import A_SECOND, SLOWLY, Concurrency
from lambdatui.aws.gateway import Aws
from lambdatui.aws.timing import Timing
from lambdatui.model.concurrency import AccountLimits, Reservations
from lambdatui.model.errors import Denied, Offline
from tests.aws import faults
from tests.aws.exchange import Exchange
from tests.aws.fault_server import FaultServer

SETTINGS = {
    "AccountLimit": {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 880, "TotalCodeSize": 9},
    "AccountUsage": {"FunctionCount": 42, "TotalCodeSize": 7},
}


class Clock:
    """Time that passes only by waiting."""

    def __init__(self) -> None:
        self.now = 0.0

    async def sleep(self, seconds: float) -> None:
        self.now += seconds

    @property
    def timing(self) -> Timing:
        return Timing(self.sleep, lambda: self.now)


class Described:
    """GetFunction of functions, of which some have reserved something, and some are gone."""

    def __init__(self, **reserved: int | None) -> None:
        self.reserved = reserved
        self.asked: Counter[str] = Counter()

    async def __call__(self, exchange: Exchange) -> None:
        name = exchange.seen.path.rpartition("/")[2]
        self.asked[name] += 1
        if name not in self.reserved:
            await faults.aws_error(404, "ResourceNotFoundException")(exchange)
            return
        found: dict[str, Any] = {"Configuration": {"FunctionName": name}}
        if (count := self.reserved[name]) is not None:
            found["Concurrency"] = {"ReservedConcurrentExecutions": count}
        await faults.answer(found)(exchange)


async def found(concurrency: Concurrency, names: list[str], limits: AccountLimits) -> list[Reservations]:
    async with aclosing(concurrency.reservations(names, limits)) as steps:
        return [step async for step in steps]


async def test_the_limits_of_the_account_are_told(server: FaultServer, aws: Aws) -> None:
    server.plan("lambda:GetAccountSettings", faults.answer(SETTINGS))
    limits = await aws.concurrency.account()
    assert limits == AccountLimits(1000, 880)
    assert limits.reserved == 120


async def test_an_answer_without_limits_is_not_taken_for_one(server: FaultServer, aws: Aws) -> None:
    server.plan("lambda:GetAccountSettings", faults.answer({}))
    with pytest.raises(Offline):
        await aws.concurrency.account()


async def test_the_search_ends_when_all_that_is_reserved_was_found(server: FaultServer, aws: Aws) -> None:
    described = Described(**{f"f{number}": 60 if number in (1, 5) else None for number in range(200)})
    server.plan("lambda:GetFunction", described)
    steps = await found(aws.concurrency, [f"f{number}" for number in range(200)], AccountLimits(1000, 880))
    assert steps[0] == Reservations({}, 0, 200, 120)
    assert steps[-1].by_function == {"f1": 60, "f5": 60}
    assert sum(described.asked.values()) == 8


async def test_where_nothing_is_reserved_nobody_is_asked(server: FaultServer, aws: Aws) -> None:
    (step,) = await found(aws.concurrency, ["a", "b"], AccountLimits(1000, 1000))
    assert step.complete
    assert server.journal == []


async def test_every_function_is_asked_about_once_and_those_that_are_gone_are_passed_over(
    server: FaultServer, aws: Aws
) -> None:
    described = Described(a=None, c=5)
    server.plan("lambda:GetFunction", described)
    steps = await found(aws.concurrency, ["a", "b", "c", "d", "e"], AccountLimits(1000, 900))
    assert steps[-1] == Reservations({"c": 5}, 5, 5, 100)
    assert described.asked == Counter("abcde")
    again = await found(aws.concurrency, ["a", "c"], AccountLimits(1000, 900))
    assert again[-1].by_function == {"c": 5}
    assert described.asked["a"] == described.asked["c"] == 1
    described.reserved["c"] = 6
    assert (await aws.concurrency.reserved("c"), await aws.concurrency.reserved("c", within=0)) == (5, 6)


async def test_what_was_known_is_asked_anew_when_the_account_has_reserved_something_else(
    server: FaultServer, aws: Aws
) -> None:
    described = Described(a=None)
    server.plan("lambda:GetFunction", described)
    server.plan("lambda:GetAccountSettings", faults.answer(SETTINGS))
    await aws.concurrency.account()
    assert await aws.concurrency.reserved("a") is None
    described.reserved["a"] = 20
    await aws.concurrency.account()
    assert await aws.concurrency.reserved("a") is None  # as it was within five minutes
    more = {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 860}
    server.plan("lambda:GetAccountSettings", faults.answer({**SETTINGS, "AccountLimit": more}))
    await aws.concurrency.account()
    assert await aws.concurrency.reserved("a") == 20


async def test_a_refusal_is_told(server: FaultServer, aws: Aws) -> None:
    server.plan("lambda:GetFunction", faults.aws_error(403, "AccessDeniedException"))
    with pytest.raises(Denied):
        await found(aws.concurrency, ["a", "b"], AccountLimits(1000, 900))


async def test_a_limit_that_was_refused_keeps_no_frames_of_those_who_ask_again(server: FaultServer, aws: Aws) -> None:
    server.plan("lambda:GetAccountSettings", faults.aws_error(403, "AccessDeniedException"))
    depths = []
    for _ in range(4):
        with pytest.raises(Denied) as refusal:
            await aws.concurrency.limit()
        depths.append(len(refusal.traceback))
    assert depths[1] == depths[3]


async def test_what_was_under_way_when_somebody_else_began_to_ask_is_not_theirs(server: FaultServer, aws: Aws) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def held(exchange: Exchange) -> None:
        begun.set()
        await go_on.wait()
        await Described(a=5)(exchange)

    server.plan("lambda:GetFunction", held, Described(a=7))
    asking = asyncio.create_task(aws.concurrency.reserved("a"))
    await begun.wait()
    aws.forget()
    go_on.set()
    assert await asking == 5
    assert await aws.concurrency.reserved("a") == 7


async def test_nobody_asks_faster_than_the_quota_bears(server: FaultServer, aws: Aws) -> None:
    clock = Clock()
    server.plan("lambda:GetFunction", Described(**dict.fromkeys((f"f{number}" for number in range(101)), None)))
    await found(Concurrency(aws._calls, clock.timing), [f"f{number}" for number in range(101)], AccountLimits(9, 1))
    assert clock.now >= 100 / A_SECOND


async def test_a_function_that_is_stopped_is_found_slowly_when_all_that_is_reserved_was(
    server: FaultServer, aws: Aws
) -> None:
    clock, names = Clock(), [f"f{number}" for number in range(31)]
    described = Described(**{**dict.fromkeys(names, None), "f1": 120, "f30": 0})
    server.plan("lambda:GetFunction", described)
    concurrency = Concurrency(aws._calls, clock.timing)
    async with aclosing(concurrency.reservations(names, AccountLimits(1000, 880), every=True)) as found:
        steps = [step async for step in found]
    assert steps[1].words == "Which functions are stopped is known of 4 of 31."
    assert steps[-1].by_function == {"f1": 120, "f30": 0}
    assert steps[-1].words == ""
    assert clock.now >= 26 / SLOWLY
    async with aclosing(concurrency.reservations(names, AccountLimits(1000, 880), every=True)) as found:
        assert [step async for step in found][-1] == steps[-1]
    assert set(described.asked.values()) == {1}
    described.reserved["f30"] = None
    concurrency.look_anew()
    async with aclosing(concurrency.reservations(names, AccountLimits(1000, 880), every=True)) as found:
        assert [step async for step in found][-1].by_function == {"f1": 120}


async def test_provisioned_concurrency_is_told_function_by_function(server: FaultServer, aws: Aws) -> None:
    entry = {
        "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:a:live", "Status": "READY",
        "RequestedProvisionedConcurrentExecutions": 4, "AvailableProvisionedConcurrentExecutions": 4,
    }  # fmt: skip
    server.plan(
        "lambda:ListProvisionedConcurrencyConfigs",
        faults.answer({"ProvisionedConcurrencyConfigs": [entry]}),
        faults.answer({"ProvisionedConcurrencyConfigs": []}),
    )
    concurrency = Concurrency(aws._calls, Clock().timing)
    async with aclosing(concurrency.provisioned(["a", "b"])) as steps:
        told = {name: [it.words for it in configs] async for name, configs in steps}
    assert told == {"a": ["4"], "b": []}
