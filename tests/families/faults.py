"""Each fault × each operation that the program calls, through the facades and on the screen; each action denied.

Another seed gives other bytes, places, sizes and words of the same faults.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from typing import TypeVar

from tests.families.figures import Figure, Trials
from tests.faults import facades, privileges, screens
from tests.faults.catalogue import KINDS
from tests.faults.surroundings import quick_sdk

Case = TypeVar("Case")


def part(cases: Sequence[Case], trials: Trials, chance: random.Random) -> list[Case]:
    """Some of the cases, all of them at full scale."""
    return chance.sample(cases, trials.times(len(cases)))


def run(trials: Trials) -> Iterator[Figure]:
    """Facades, screens, least privilege."""
    for family in (through_facades, on_screen, least_privilege):
        yield from _figures(family(trials))


def _figures(found: AsyncIterator[Figure]) -> Iterator[Figure]:
    """What comes of an asynchronous family, each as soon as it is known."""
    with asyncio.Runner() as runner, quick_sdk(), suppress(StopAsyncIteration):
        while True:
            yield runner.run(_next(found))


async def _next(found: AsyncIterator[Figure]) -> Figure:
    return await anext(found)


async def through_facades(trials: Trials) -> AsyncIterator[Figure]:
    """Each fault met by each method of a facade that asks AWS."""
    chance = random.Random(trials.seed)
    calls = await facades.found_operations()
    for kind, faults in KINDS.items():
        cases = part([(call, fault) for call in calls for fault in faults], trials, chance)
        failures = [said for call, fault in cases for said in await facades.meet(call, fault, chance)]
        yield Figure(f"facades: {kind}", len(cases), tuple(failures))


async def on_screen(trials: Trials) -> AsyncIterator[Figure]:
    """Each fault met by the pane that needs the operation."""
    chance = random.Random(trials.seed)
    calls = {call.operation: call for call in await facades.found_operations()}
    panes = await screens.panes_by_operation()
    well = {operation: await screens.calibrate(calls[operation], kind) for operation, kind in panes.items()}
    for kind, faults in KINDS.items():
        cases = part([(name, fault) for name in panes for fault in screens.chosen(faults)], trials, chance)
        failures: list[str] = []
        longest = 0.0
        for operation, fault in cases:
            meeting = screens.Meeting(calls[operation], panes[operation], fault, chance)
            failures += await meeting.run()
            beyond = meeting.stall - well[operation]
            longest = max(longest, beyond)
            if beyond > screens.STALL:
                failures.append(f"{operation}, {fault.name}: the event loop stood still for {beyond:.3f} s more")
        yield Figure(f"on screen: {kind}", len(cases), tuple(failures), f"stall {1000 * longest:+.0f} ms")


async def least_privilege(trials: Trials) -> AsyncIterator[Figure]:
    """Each action denied in turn, in both forms of AWS's words."""
    chance = random.Random(trials.seed)
    operations = list(dict.fromkeys(call.operation for call in await facades.found_operations()))
    for name, form in privileges.FORMS.items():
        cases = part(operations, trials, chance)
        failures = [said for operation in cases for said in await privileges.deny(operation, form, chance)]
        yield Figure(f"one action denied, {name}", len(cases), tuple(failures))
