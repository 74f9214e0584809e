"""A live tail: complete over every break, told of in a few words, ended at once, and never in the way of the polls."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest

from lambdatui.aws.live_tail import LIMITED, REFUSED
from tests.aws import faults
from tests.aws.log_service import BREAKS, Ledger, now
from tests.aws.log_traffic import Traffic, followed, in_time, reading, said, served, until

G, H = "/aws/lambda/orders", "/aws/lambda/refunds"


@pytest.fixture(autouse=True)
def _keys(keys: None) -> None:
    """Credentials in the environment."""


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
