"""Tails of a log group whose events come late, out of order, twice, in pages and over sessions that break.

A million events of 64 streams, up to 110 s late, in an hour of the loop's own time; 200 sessions of live tail that
break in eight ways. Another seed gives other events, orders, faults and breaks.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.aws import virtual_time
from tests.aws.log_service import BREAKS, LogService
from tests.aws.log_traffic import Reader, Traffic, reading, served
from tests.families.figures import Figure, Trials
from tests.faults.surroundings import quick_sdk

EVENTS, SECONDS = 1_000_000, 3600
BROKEN = 200
MOST = 220
"""MB of memory at most beyond what the process had, the server of the test included: 300 of a fresh one."""

QUIET = 200
"""Seconds after the last event in which the last late ones are found."""


def run(trials: Trials) -> Iterator[Figure]:
    """Polls, live tails that last, live tails that break."""
    with quick_sdk(), pytest.MonkeyPatch.context() as patched:
        # Time is the loop's own: nothing of it has to be made short.
        patched.setattr("lambdatui.model.pace.FASTEST", 1.0)
        patched.setattr("lambdatui.aws.live_session.SILENCE", 10.0)
        seconds = trials.times(SECONDS, 60)
        yield virtual_time.run(_followed("polled", trials, seconds, EVENTS / SECONDS, moody=0.02))
        yield virtual_time.run(_followed("live", trials, seconds, EVENTS / SECONDS, live=True))
        broken = trials.times(BROKEN, len(BREAKS))
        yield virtual_time.run(_followed("live, broken", trials, 60 * broken, 5, live=True, broken=broken, moody=0.02))


@dataclass
class _Memory:
    """The most that this process had at a time, in MB; 0 where that cannot be told."""

    most: int = 0
    begun: int = 0
    """What it had at first."""

    async def watch(self) -> None:
        """Look every ten seconds of the loop."""
        while True:
            self.look()
            await asyncio.sleep(10)

    def look(self) -> None:
        """What it has now."""
        with suppress(OSError):
            pages = int(Path("/proc/self/statm").read_text().split()[1])
            now = pages * 4096 // 1_000_000
            self.begun = self.begun or now
            self.most = max(self.most, now)


async def _followed(
    case: str, trials: Trials, seconds: int, rate: float, *, live: bool = False, broken: int = 0, moody: float = 0.0
) -> Figure:
    """Follow that much traffic; what was lost, and what came twice."""
    chance = random.Random(trials.seed)
    kinds = [BREAKS[number % len(BREAKS)] for number in range(broken)]
    chance.shuffle(kinds)
    memory = _Memory()
    watching = asyncio.create_task(memory.watch())
    async with served(chance, breaks=iter(kinds), keeps=600_000) as (service, aws):
        service.moody = moody
        traffic = Traffic(service, chance, seconds, rate)
        async with reading(aws, traffic.ledger, traffic.group, remembers=False, live=live) as reader:
            await traffic.run()
            await asyncio.sleep(QUIET)
            failures = (*_wrong(traffic, reader), *_unfinished(service, reader, broken))
            if live and not broken and reader.tail.minutes * 60 < seconds:
                failures = (*failures, f"the live tail was had for {reader.tail.minutes:.1f} minutes only")
    watching.cancel()
    if memory.most - memory.begun > MOST:
        failures = (*failures, f"{memory.most - memory.begun} MB of memory")
    detail = f"{service.polls:,} polls, {service.sessions} sessions, {memory.most} MB"
    return Figure(f"{case}: events", traffic.count, failures, detail)


def _wrong(traffic: Traffic, reader: Reader) -> Iterator[str]:
    yield from (f"lost: {message}" for message in traffic.ledger.lost)
    yield from (f"given twice: {message}" for message in traffic.ledger.twice)
    if reader.unordered:
        yield f"{reader.unordered} updates were not in order of time"


def _unfinished(service: LogService, reader: Reader, broken: int) -> Iterator[str]:
    """Sessions that did not break, and breaks that leave no line which says that what was missed has been read."""
    if next(service.breaks, None) is not None:
        yield "not all sessions broke that were to"
    said = [marker.text for marker in reader.markers.values()]
    yield from (f"not said to be read: {text}" for text in said if not text.endswith("read"))
    began = broken - broken // len(BREAKS)
    if sum(text.startswith("gap ") for text in said) < began:
        yield f"{len(said)} lines for {began} sessions that broke"
