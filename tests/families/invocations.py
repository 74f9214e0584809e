"""Invocations whose answer, or request, breaks at any byte: one request each, and unknown where nobody can know.

Of what AWS says whole nothing is called unknown. The server counts, not the program.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator

from lambdatui.aws.gateway import Aws
from lambdatui.model.errors import AwsError, OutcomeUnknown
from lambdatui.model.invocations import Request
from tests.aws.cuts import WAYS, Answer, answer, broken
from tests.aws.fault_server import FaultServer
from tests.aws.gateways import Journal
from tests.families.figures import Figure, Trials
from tests.faults.facades import gateway
from tests.faults.surroundings import quick_sdk

AT_A_TIME = 8
FULL = 500
"""Invocations with each of the two operations."""
PATIENT = 60
"""Seconds of a function's timeout where an answer comes; where none does, there are only those of `GRACE`."""


def run(trials: Trials) -> Iterator[Figure]:
    """Invoke, then InvokeWithResponseStream."""
    for streaming in (False, True):
        runs = trials.times(FULL, least=len(WAYS) + 1)
        with quick_sdk():
            failures, unknown = asyncio.run(_all(runs, trials.seed, streaming=streaming))
        name = "InvokeWithResponseStream" if streaming else "Invoke"
        yield Figure(f"{name}, broken at any byte", runs, tuple(failures), f"{unknown} unknown, seed {trials.seed}")


async def _all(runs: int, seed: int, *, streaming: bool) -> tuple[list[str], int]:
    failures: list[str] = []
    unknown = 0

    async def some(first: int) -> None:
        nonlocal unknown
        async with FaultServer() as server, gateway(server) as aws:
            await aws.account.place()
            for number in range(first, runs, AT_A_TIME):
                trial = _Trial(server, aws, random.Random(f"{seed} {streaming} {number}"), streaming)
                word = await trial.sent(("torn", *WAYS)[number % (len(WAYS) + 1)])
                unknown += word == "unknown"
                failures.extend(f"{number} (seed {seed}): {said}" for said in trial.wrong)

    async with asyncio.TaskGroup() as group:
        for first in range(AT_A_TIME):
            group.create_task(some(first))
    return failures, unknown


class _Trial:
    """One invocation."""

    def __init__(self, server: FaultServer, aws: Aws, chance: random.Random, streaming: bool) -> None:
        self._server = server
        self._aws = aws
        self._chance = chance
        self._streaming = streaming
        self.wrong: list[str] = []

    async def sent(self, way: str) -> str:
        """How it ended, in the program's word."""
        chance, server = self._chance, self._server
        wanted = answer(chance, streaming=self._streaming)
        at = chance.randrange(len(wanted.data))
        payload = b'"%b"' % (b"x" * chance.choice((0, 10, 5000, 300_000)))
        server.torn = chance.randrange(1, 400 + len(payload)) if way == "torn" else None
        if way != "torn":
            operation = "lambda:InvokeWithResponseStream" if self._streaming else "lambda:Invoke"
            server.plan(operation, broken(wanted.data, at, way, chance))
        before = server.connections
        word = await self._word(payload, PATIENT if way != "silence" else 0)
        if (requests := server.connections - before) != 1:
            self.wrong.append(f"{way} at {at}: {requests} requests")
        if word not in _right(wanted, at, way):
            self.wrong.append(f"{way} at {at} of {len(wanted.data)}, which says {wanted.says}: {word}")
        return word

    async def _word(self, payload: bytes, patience: int) -> str:
        request = Request("f", payload, patience, streaming=self._streaming)
        try:
            word = (await self._aws.invocations.send(request)).verdict
        except OutcomeUnknown:
            word = "unknown"
        except AwsError:
            word = "refused"
        journal = self._aws._calls.guard.audit
        assert isinstance(journal, Journal)
        if (written := journal.lines[-1]["outcome"]) != word:
            self.wrong.append(f"the journal says {written}, and it is {word}")
        return word


def _right(wanted: Answer, at: int, way: str) -> set[str]:
    """The words that are right for an answer of which the first `at` bytes came."""
    if way == "torn":
        return {"unknown"}
    if way == "whole":
        return {wanted.says}
    if at < (wanted.checked if way == "noise" else wanted.needed):
        return {"unknown"}
    return {wanted.says, "unknown", "refused"} if wanted.says == "refused" else {wanted.says, "unknown"}
