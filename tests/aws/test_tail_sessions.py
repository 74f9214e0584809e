"""What a live tail asks for, of several groups, streams and versions; streams that break in whatever way."""

from __future__ import annotations

import asyncio
import random

import pytest

from lambdatui.aws.live_tail import GROUPS
from lambdatui.local.event_stream import event
from lambdatui.model.logs import LogGroup, TailRequest
from tests.aws import event_streams
from tests.aws.log_service import Ledger, now
from tests.aws.log_traffic import Reader, followed, in_time, logs_of, reading, said, served, until

G, H = "/aws/lambda/orders", "/aws/lambda/refunds"


@pytest.fixture(autouse=True)
def _keys(keys: None) -> None:
    """Credentials in the environment."""


def test_several_groups_are_followed_in_one_session_and_one_that_appears_joins() -> None:
    async def trial() -> None:
        async with followed(G, H, exist=False) as (service, reader):
            service.create(G)
            await until(lambda: service.open_sessions == 1)
            await asyncio.sleep(3)
            assert "refunds: waiting for the log group" in reader.state
            assert "/aws/lambda/refunds does not exist: never invoked yet" in reader.note
            service.create(H)
            await until(lambda: service.sessions == 2)
            await asyncio.sleep(3)
            service.write(G, now(), "of orders", show=False)
            service.write(H, now(), "of refunds", show=False)
            await asyncio.sleep(2)
            assert reader.read == {"of orders": 1, "of refunds": 1}
            assert (service.open_sessions, reader.note) == (1, "")
            assert said(reader) == []
            asked = [it for it in service.server.journal if it.operation == "logs:StartLiveTail"]
            arn = "arn:aws:logs:eu-west-1:123456789012:log-group:"
            assert asked[-1].parameters == {"logGroupIdentifiers": [arn + G, arn + H]}

    in_time(trial)


def test_more_groups_than_a_session_may_have_are_polled() -> None:
    async def trial() -> None:
        names = [f"{G}-{number}" for number in range(GROUPS + 1)]
        async with followed(*names) as (service, reader):
            service.write(names[-1], now(), "here")
            await asyncio.sleep(10)
            assert reader.read == {"here": 1}
            assert reader.state.endswith(" · live takes 10 groups at most")
            assert service.sessions == 0

    in_time(trial)


def test_a_session_asks_for_the_streams_and_the_pattern_that_are_wanted() -> None:
    async def trial() -> None:
        async with followed(G, streams=["a"], pattern="ERROR") as (service, reader):
            await until(lambda: service.open_sessions == 1)
            (live,) = (it for it in service.server.journal if it.operation == "logs:StartLiveTail")
            assert live.parameters["logStreamNames"] == ["a"]
            assert live.parameters["logEventFilterPattern"] == "ERROR"
            poll = next(it for it in service.server.journal if it.operation == "logs:FilterLogEvents")
            assert (poll.parameters["logStreamNames"], poll.parameters["filterPattern"]) == (["a"], "ERROR")
            service.write(G, now(), "of another stream", "b")
            service.write(G, now(), "of this one", "a")
            await asyncio.sleep(40)
            assert reader.read == {"of this one": 1}

    in_time(trial)


def test_of_versions_only_their_streams_are_followed() -> None:
    async def trial() -> None:
        async with followed(G, versions=["7"]) as (service, reader):
            await until(lambda: service.open_sessions == 1)
            for version in ("$LATEST", "7", "77"):
                service.write(G, now(), version, f"2027/01/15/[{version}]0123", show=False)
                service.write(G, now(), f"{version} polled", f"2027/01/15/[{version}]0123", announce=False)
            await asyncio.sleep(40)
            assert reader.read == {"7": 1, "7 polled": 1}

    in_time(trial)


def test_a_group_is_named_by_the_arn_that_is_given() -> None:
    async def trial() -> None:
        async with served(random.Random(4)) as (service, aws):
            service.create(G)
            arn = "arn:aws-cn:logs:cn-north-1:1:log-group:/aws/lambda/orders"
            tail = logs_of(aws).tail(TailRequest([LogGroup(G, arn + ":*")], live=True))
            task = asyncio.create_task(Reader(tail, Ledger()).run())
            await until(lambda: service.open_sessions == 1)
            task.cancel()
            (live,) = (it for it in service.server.journal if it.operation == "logs:StartLiveTail")
            assert live.parameters["logGroupIdentifiers"] == [arn]

    in_time(trial)


@pytest.mark.parametrize("name", [*event_streams.broken(random.Random(0)), "ended early", "an update without a list"])
def test_whatever_breaks_in_a_stream_is_outlived(name: str) -> None:
    async def trial() -> None:
        replies = {
            **event_streams.broken(random.Random(4)),
            "ended early": event_streams.ENDED_EARLY,
            "an update without a list": event_streams.stream(
                event_streams.START, event_streams.UPDATE, event("sessionUpdate", b"{}"), then="hang"
            ),
        }
        async with served(random.Random(4)) as (service, aws):
            service.create(G)
            service.server.plan("logs:StartLiveTail", replies[name], service.start_live_tail)
            async with reading(aws, Ledger(), G, live=True) as reader:
                await until(lambda: service.open_sessions == 1)
                await asyncio.sleep(2)
                (gap,) = said(reader)
                assert gap.startswith("gap ")
                assert gap.endswith(" read")
                assert reader.state.startswith("live ")

    in_time(trial)


def test_an_event_that_is_not_known_is_passed_over() -> None:
    async def trial() -> None:
        async with served(random.Random(4)) as (service, aws):
            service.create(G)
            unknown = event("somethingNew", b"{}")
            reply = event_streams.stream(event_streams.START, unknown, event_streams.UPDATE, then="hang")
            service.server.plan("logs:StartLiveTail", reply)
            async with reading(aws, Ledger(), G, live=True) as reader:
                await asyncio.sleep(5)
                assert reader.state.startswith("live ")
                assert said(reader) == []

    in_time(trial)
