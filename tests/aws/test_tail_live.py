"""A live tail: complete over every break, told of in a few words, ended at once, and never in the way of the polls."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest

from lambdatui.aws.live_tail import GROUPS, LIMITED, REFUSED
from lambdatui.local.event_stream import event
from lambdatui.model.logs import LogGroup, TailRequest
from tests.aws import event_streams, faults, virtual_time
from tests.aws.log_service import BREAKS, Ledger, LogService, now
from tests.aws.log_traffic import Reader, Traffic, logs_of, reading, served

G, H = "/aws/lambda/orders", "/aws/lambda/refunds"


@pytest.fixture(autouse=True)
def _keys(keys: None) -> None:
    """Credentials in the environment."""


@asynccontextmanager
async def followed(
    *groups: str, live: bool = True, exist: bool = True, **wanted: Any
) -> AsyncIterator[tuple[LogService, Reader]]:
    """A service with these groups, and a reader of them."""
    async with served(random.Random(4)) as (service, aws):
        for group in groups if exist else ():
            service.create(group)
        async with reading(aws, Ledger(), *groups, live=live, **wanted) as reader:
            yield service, reader


async def until(condition: Callable[[], bool], seconds: int = 1000) -> None:
    """Let time pass until it is so."""
    for _ in range(2 * seconds):
        if condition():
            return
        await asyncio.sleep(0.5)
    raise AssertionError("it never was so")


def in_time(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    virtual_time.run(test())


def said(reader: Reader) -> list[str]:
    return [marker.text for marker in reader.markers.values()]


@pytest.mark.parametrize("kind", BREAKS)
def test_nothing_is_lost_or_given_twice_when_a_session_breaks(kind: str) -> None:
    async def trial() -> None:
        chance = random.Random(4)
        async with served(chance, breaks=iter([kind] * 3)) as (service, aws):
            traffic = Traffic(service, chance, 200, 5)
            async with reading(aws, traffic.ledger, G, live=True) as reader:
                await traffic.run()
                await until(lambda: service.sessions > (0 if kind == "refused" else 3))
                await asyncio.sleep(200)
            assert (traffic.ledger.lost, traffic.ledger.twice, reader.unordered) == ([], [], 0)
            assert traffic.count > 500
            gaps = [text for text in said(reader) if text.startswith("gap ")]
            assert len(gaps) == (0 if kind == "refused" else 3)
            assert all(text.endswith(("event read", "events read")) for text in gaps)

    in_time(trial)


def test_what_is_written_comes_with_the_next_update_and_the_minutes_are_told() -> None:
    async def trial() -> None:
        async with followed(G) as (service, reader):
            await until(lambda: service.open_sessions == 1)
            began = now()
            await asyncio.sleep(3)
            for number in range(41):
                service.write(G, now(), f"m{number}", show=False)
            await asyncio.sleep(1.5)
            assert sum(reader.read.values()) == 41
            await until(lambda: now() - began > 61_000)
            assert reader.tail.minutes == pytest.approx((now() - began) / 60_000, abs=0.05)
            assert reader.state.startswith("live 0/s · 2 min")
            assert any(state.startswith("live 8.2/s") for state in reader.states), reader.states

    in_time(trial)


def test_a_group_under_a_live_tail_is_polled_seldom_for_what_that_may_have_dropped() -> None:
    async def trial() -> None:
        async with followed(G) as (service, reader):
            await until(lambda: service.open_sessions == 1)
            await asyncio.sleep(5)
            polls = service.polls
            service.write(G, now(), "dropped", announce=False)
            await asyncio.sleep(60)
            assert service.polls - polls == 2
            assert reader.read == {"dropped": 1}

    in_time(trial)


def test_a_live_tail_is_switched_on_and_off_at_once() -> None:
    async def trial() -> None:
        async with followed(G, live=False) as (service, reader):
            await asyncio.sleep(20)
            assert service.sessions == 0
            reader.tail.live = True
            await asyncio.sleep(0.1)
            assert (service.open_sessions, reader.tail.live) == (1, True)
            reader.tail.live = False
            await asyncio.sleep(0.1)
            assert service.open_sessions == 0
            polls = service.polls
            await asyncio.sleep(5)
            assert service.polls > polls
            assert reader.state.startswith("poll ")
            assert said(reader) == []

    in_time(trial)


def test_a_tail_that_is_closed_ends_its_session_at_once() -> None:
    async def trial() -> None:
        async with followed(G) as (service, reader):
            await until(lambda: service.open_sessions == 1)
        await asyncio.sleep(0.01)
        assert service.open_sessions == 0
        minutes = reader.tail.minutes
        await asyncio.sleep(100)
        assert reader.tail.minutes == minutes

    in_time(trial)


@pytest.mark.parametrize(
    ("name", "words", "pause"),
    [
        ("AccessDeniedException", "poll 5 s · live denied, next try 5 min", REFUSED),
        ("LimitExceededException", "poll 5 s · live at its limit, next try 60 s", LIMITED),
        ("UnknownOperationException", "poll 5 s · live not supported, next try 5 min", REFUSED),
    ],
)
def test_polls_go_on_where_a_live_tail_is_refused_and_it_is_tried_again(name: str, words: str, pause: float) -> None:
    async def trial() -> None:
        async with served(random.Random(4)) as (service, aws):
            service.create(G)
            refused: list[int] = []

            async def refuse(exchange: Any) -> None:
                refused.append(now())
                await faults.aws_error(400, name)(exchange)

            service.server.plan("logs:StartLiveTail", refuse, refuse, service.start_live_tail)
            async with reading(aws, Ledger(), G, live=True) as reader:
                await until(lambda: len(refused) == 1)
                await asyncio.sleep(30)
                service.write(G, now(), "meanwhile")
                await asyncio.sleep(20)
                assert reader.read == {"meanwhile": 1}
                assert words in reader.states
                await until(lambda: service.open_sessions == 1)
                assert refused[1] - refused[0] == pytest.approx(1000 * pause, abs=100)
                await asyncio.sleep(2)
                assert reader.state.startswith("live ")
                assert said(reader) == []

    in_time(trial)


def test_a_session_whose_time_is_over_is_followed_by_another_and_the_minutes_go_on() -> None:
    async def trial() -> None:
        async with followed(G) as (service, reader):
            service.longest = 300
            await until(lambda: service.sessions == 2)
            await asyncio.sleep(5)
            assert reader.tail.minutes == pytest.approx(5.1, abs=0.1)
            (gap,) = said(reader)
            assert gap.endswith("0 events read")
            assert reader.state == "live 0/s · 6 min"

    in_time(trial)


def test_what_sampling_hides_is_read_by_polls_and_told_with_its_number() -> None:
    async def trial() -> None:
        async with followed(G) as (service, reader):
            await until(lambda: service.open_sessions == 1)
            await asyncio.sleep(3)
            for second in range(20):
                for number in range(1000):
                    service.write(G, now(), f"m{second} {number}")
                await asyncio.sleep(1)
            assert any(text.startswith("sampling hides events since ") for text in said(reader))
            await asyncio.sleep(60)
            assert len(reader.read) == 20_000
            assert set(reader.read.values()) == {1}
            assert {"sampled 50 % · 1 min"} <= reader.states.keys()
            (text,) = said(reader)
            assert text.startswith("sampling hid 10,000 events between ")
            assert text.endswith(": read")
            assert reader.state.startswith("live 0/s")

    in_time(trial)


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
