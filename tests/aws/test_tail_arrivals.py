"""Whatever the order in which events become visible, to polls and to live sessions: each comes once."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lambdatui.model.following import RECONCILE
from tests.aws.log_service import BREAKS, START, Ledger, now
from tests.aws.log_traffic import in_time, reading, served

G = "/aws/lambda/orders"


@pytest.fixture(autouse=True)
def _keys(keys: None) -> None:
    """Credentials in the environment."""


ARRIVALS = st.lists(
    st.tuples(
        st.integers(0, 20),  # seconds until it is written
        st.integers(0, RECONCILE - 10_000),  # ms that its time is back then
        st.sampled_from((0, 0, 0, 1, 7)),  # seconds until polls see it
        st.sampled_from((0, 0, 0, 1, 7, None)),  # seconds until a live session gives it, if any does
        st.integers(0, 2),  # its text: some have the same time and text
    ),
    max_size=25,
)


async def after(seconds: int | None, act: Callable[[], None]) -> None:
    """Do it then, or not at all."""
    if seconds is not None:
        await asyncio.sleep(seconds)
        act()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    arrivals=ARRIVALS,
    live=st.booleans(),
    breaks=st.lists(st.sampled_from(BREAKS), max_size=3),
    moody=st.sampled_from((0.0, 0.1)),
    seed=st.integers(0, 1000),
)
def test_each_event_comes_once_in_whatever_order_they_become_visible(
    arrivals: list[tuple[int, int, int, int | None, int]], live: bool, breaks: list[str], moody: float, seed: int
) -> None:
    async def trial() -> None:
        async with served(random.Random(seed), breaks=iter(breaks), lasts=(1, 5)) as (service, aws):
            service.create(G)
            service.moody = moody
            ledger = Ledger()

            async def arrive(wait: int, back: int, shown: int, announced: int | None, text: int) -> None:
                await asyncio.sleep(wait)
                time = max(START, now() - back // 1000 * 1000)
                ledger.written(f"m{text}")
                event = service.write(G, time, f"m{text}", show=False, announce=False)
                entry = service.entry(G, event)
                await asyncio.gather(
                    after(shown, lambda: service.show(G, event)), after(announced, lambda: service.announce(G, entry))
                )

            async with reading(aws, ledger, G, live=live) as reader:
                await asyncio.sleep(3)
                await asyncio.gather(*(arrive(*arrival) for arrival in arrivals))
                await asyncio.sleep(RECONCILE / 1000 + 80)
            assert (ledger.lost, ledger.twice, reader.unordered) == ([], [], 0)

    in_time(trial)
