"""What is older than a tail, and ranges: the newest first, nothing twice, nothing left out."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from contextlib import aclosing
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.aws.history import NEWEST_FIRST_SINCE
from lambdatui.aws.logs import Logs
from lambdatui.aws.tail import Tail
from lambdatui.model.errors import Missing
from lambdatui.model.logs import HISTORY, LogEvent, LogGroup, TailRequest
from tests.aws import faults
from tests.aws.log_service import START, Ledger, LogService
from tests.aws.log_traffic import Reader, in_time, logs_of, reading, served

G, H = "/aws/lambda/orders", "/aws/lambda/refunds"


@pytest.fixture(autouse=True)
def _keys(keys: None) -> None:
    """Credentials in the environment."""


def request(*groups: str, **wanted: Any) -> TailRequest:
    return TailRequest([LogGroup(group) for group in groups], **wanted)


async def parts_of(pages: Any, most: int = 1000) -> list[Sequence[LogEvent]]:
    """The parts that are not empty."""
    found = []
    async with aclosing(pages):
        async for part in pages:
            found += [part] if part else []
            if len(found) == most:
                break
    return found


def in_order(parts: Sequence[Sequence[LogEvent]], *, newest_first: bool = True) -> list[str]:
    """The messages of all parts in order of time, if each part is, and if so are the parts."""
    whole = [event for part in (reversed(parts) if newest_first else parts) for event in part]
    assert [event.timestamp for event in whole] == sorted(event.timestamp for event in whole)
    return [event.message for event in whole]


def fill(service: LogService, count: int, *groups: str, step: int = 200) -> list[str]:
    """Events up to now, three in each millisecond that has any; their messages, the oldest first."""
    messages = []
    for number in range(count):
        timestamp = START - (count - number) // 3 * step
        service.write(groups[number % len(groups)], timestamp, f"m{number}", ingestion=START)
        messages.append(f"m{number}")
    return messages


@pytest.mark.parametrize("newest_first_known", [True, False])
@pytest.mark.parametrize("groups", [(G,), (G, H)])
def test_what_is_older_than_the_tail_is_read_back_and_nothing_twice(
    groups: tuple[str, ...], newest_first_known: bool
) -> None:
    async def trial() -> None:
        async with served(random.Random(4), newest_first=newest_first_known) as (service, aws):
            messages = fill(service, 9000, *groups)
            tail = logs_of(aws).tail(request(*groups))
            shown = await _shown(tail)
            assert 500 <= len(shown) < 9000
            oldest = min(event.timestamp for event in shown)
            older = await parts_of(tail.older(oldest), 3)  # left, and taken up again
            older += await parts_of(tail.older(older[-1][0].timestamp))
            assert sorted(in_order(older) + [event.message for event in shown]) == sorted(messages)

    in_time(trial)


async def _shown(tail: Tail) -> list[LogEvent]:
    """What a tail gives at first."""
    shown: list[LogEvent] = []
    async with aclosing(tail.updates()) as updates:
        async for update in updates:
            shown += update.events
            if update.state.startswith("poll 2"):
                break
    return shown


def test_what_is_read_back_while_late_events_come_is_given_once() -> None:
    async def trial() -> None:
        async with served(random.Random(4)) as (service, aws):
            messages = fill(service, 3000, G, step=1)  # all within a second
            ledger = Ledger()
            for message in messages:
                ledger.written(message)
            async with reading(aws, ledger, G) as reader:
                await asyncio.sleep(3)
                for number in range(50):
                    ledger.written(f"late {number}")
                    service.write(G, START - number * 20, f"late {number}")
                for part in await parts_of(reader.tail.older(START)):
                    for event in part:
                        ledger.read(event.message)
                await asyncio.sleep(200)
            assert (ledger.lost, ledger.twice) == ([], [])

    in_time(trial)


def test_of_a_group_that_is_not_there_nothing_is_older() -> None:
    async def trial() -> None:
        async with served(random.Random(4)) as (_, aws):
            with pytest.raises(Missing):
                await parts_of(logs_of(aws).tail(request(G)).older(START))

    in_time(trial)


TIMES = st.lists(st.integers(0, 400).map(lambda at: START - HISTORY + at * at * 20), max_size=60)


@settings(max_examples=25, deadline=None)
@given(
    times=st.lists(TIMES, min_size=1, max_size=3),
    knows=st.booleans(),
    newest_first=st.booleans(),
    bounds=st.tuples(st.integers(0, 3_600_000), st.integers(0, 3_600_000)),
    seed=st.integers(0, 1000),
)
def test_a_range_is_what_lies_in_it_in_either_order(
    times: list[list[int]], knows: bool, newest_first: bool, bounds: tuple[int, int], seed: int
) -> None:
    start, end = (START - HISTORY + bound for bound in sorted(bounds))

    async def trial() -> None:
        async with served(random.Random(seed), newest_first=knows) as (service, aws):
            names = [f"{G}-{number}" for number in range(len(times))]
            expected = []
            for name, its_times in zip(names, times, strict=True):
                service.create(name)
                for number, time in enumerate(its_times):
                    service.write(name, time, f"{name} {number}", ingestion=START)
                    expected += [f"{name} {number}"] if start <= time <= end else []
            service.moody = 0.1
            parts = await parts_of(_range(logs_of(aws), names, start, end, newest_first))
            assert sorted(in_order(parts, newest_first=newest_first)) == sorted(expected)

    in_time(trial)


def _range(logs: Logs, names: Sequence[str], start: int, end: int, newest_first: bool) -> Any:
    return logs.range(request(*names), start, end, newest_first=newest_first)


def test_a_range_from_before_the_newest_could_be_had_first_is_read_by_windows() -> None:
    async def trial() -> None:
        async with served(random.Random(4)) as (service, aws):
            old = NEWEST_FIRST_SINCE - 5_000
            for number, time in enumerate((old, old + 1, NEWEST_FIRST_SINCE, NEWEST_FIRST_SINCE + 1)):
                service.write(G, time, f"m{number}")
            parts = await parts_of(logs_of(aws).range(request(G), old, NEWEST_FIRST_SINCE + 10))
            assert in_order(parts) == ["m0", "m1", "m2", "m3"]
            asked = [seen.parameters for seen in service.server.journal if seen.operation == "logs:FilterLogEvents"]
            assert {it["startTime"] for it in asked if it.get("startFromHead") is False} == {NEWEST_FIRST_SINCE}

    in_time(trial)


def test_a_range_has_the_streams_that_are_wanted_only() -> None:
    async def trial() -> None:
        async with served(random.Random(4)) as (service, aws):
            for version in ("7", "8"):
                service.write(G, START, version, f"2027/01/15/[{version}]0123")
            parts = await parts_of(logs_of(aws).range(request(G, versions=["7"]), START - 1, START + 1))
            assert in_order(parts) == ["7"]

    in_time(trial)


def test_a_tail_that_goes_on_reads_up_what_came_meanwhile_and_says_so() -> None:
    async def trial() -> None:
        async with served(random.Random(4)) as (service, aws):
            service.write(G, START, "before")
            reader = Reader(logs_of(aws).tail(request(G)), Ledger())
            for _ in range(3):
                task = asyncio.create_task(reader.run())
                await asyncio.sleep(5)
                task.cancel()
                await asyncio.sleep(600)
                service.write(G, START + 5000 + service.polls, f"meanwhile {service.polls}")
            assert set(reader.read.values()) == {1}
            assert len(reader.read) == 3
            texts = [marker.text for marker in reader.markers.values()]
            assert len(texts) == 2
            assert all(text.startswith("not followed ") and text.endswith(": 1 event read") for text in texts)

    in_time(trial)


def test_a_tail_that_is_begun_anew_at_once_says_nothing_of_it() -> None:
    async def trial() -> None:
        async with served(random.Random(4)) as (service, aws):
            service.write(G, START, "before")
            reader = Reader(logs_of(aws).tail(request(G)), Ledger())
            for number in range(3):
                task = asyncio.create_task(reader.run())
                await asyncio.sleep(5)
                task.cancel()
                service.write(G, START + 5000 * number, f"meanwhile {number}")
            assert set(reader.read.values()) == {1}
            assert not reader.markers

    in_time(trial)


def test_a_failing_group_does_not_stop_the_others_and_is_told_by_its_name() -> None:
    async def trial() -> None:

        async with served(random.Random(4)) as (service, aws):
            service.create(G)

            async def one_denied(exchange: Any) -> None:
                mine = exchange.seen.parameters["logGroupName"] == G
                reply = service.filter_log_events if mine else faults.aws_error(400, "AccessDeniedException", "no")
                await reply(exchange)

            service.server.plan("logs:FilterLogEvents", one_denied)
            async with reading(aws, Ledger(), G, H) as reader:
                service.write(G, START, "here")
                await asyncio.sleep(10)
                assert reader.read == {"here": 1}
                assert "refunds: not allowed, next try 60 s" in reader.state
                assert "(Asked: logs:FilterLogEvents" in reader.note

    in_time(trial)
