"""How much may run at the same time: what the account allows, and what functions have reserved."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from itertools import islice
from time import monotonic

from lambdatui.aws import shapes
from lambdatui.aws.calls import Calls
from lambdatui.aws.failures import unlike_aws
from lambdatui.aws.timing import Timing
from lambdatui.aws.versions import Versions
from lambdatui.model.concurrency import AccountLimits, Reservations
from lambdatui.model.errors import Denied, Missing
from lambdatui.model.versions import Provisioned

AT_ONCE = 4
"""Functions that are asked about at the same time."""
A_SECOND = 10.0
"""Functions that are asked about in a second at most. GetFunction may be called 100 times a second, nearly all else of
Lambda's control plane 15 times by all of an account together ("Lambda quotas", Developer Guide, 2026): so it is
GetFunction that is asked, whose answer has the reservation too."""

ELSE_A_SECOND = 5.0
"""Other calls in a second at most: a third of that quota."""

SLOWLY = 3.0
"""Functions looked at in a second when all that is reserved was found: for those that are stopped, which is 0."""

FRESH = 300.0
"""Seconds for which an answer is good."""
LONG = 1800.0
"""Seconds for which one is, where functions are looked at slowly: else it would never come to an end."""


class Concurrency:
    """The facade over what Lambda says of concurrency."""

    def __init__(self, calls: Calls, timing: Timing | None = None) -> None:
        self._calls = calls
        self._timing = timing or Timing()
        self._known: dict[str, tuple[float, int | None]] = {}
        self._limit: int | Denied | None = None
        """The account's limit, or that it is not told."""
        self._reserved: int | None = None
        """What all functions together had reserved when it was asked last."""

    async def limit(self) -> int:
        """The account's limit, as it was told or refused the first time. Raises AwsError."""
        if isinstance(self._limit, Denied):
            raise self._limit.with_traceback(None)  # raised again and again, it would keep the frames of each time
        if self._limit is not None:
            return self._limit
        known = self._known
        try:
            found = (await self._settings()).concurrent
        except Denied as problem:
            if known is self._known:
                self._limit = problem
            raise
        if known is self._known:
            self._limit = found
        return found

    def forget(self) -> None:
        """Know nothing any more: another account may be asked."""
        self._limit = self._reserved = None
        self._known = {}  # another one: what is under way still goes into that of before

    def look_anew(self) -> None:
        """Let what functions have reserved be asked for anew: somebody wants to see it as it is now."""
        self._known = {}

    async def account(self) -> AccountLimits:
        """What the account allows in the region. Raises AwsError."""
        known = self._known
        limits = await self._settings()
        if known is self._known:
            self._limit = limits.concurrent
            if self._reserved not in (None, limits.reserved):
                known.clear()  # somebody has reserved more, or less
            self._reserved = limits.reserved
        return limits

    async def _settings(self) -> AccountLimits:
        answer = await self._calls.read("lambda", "GetAccountSettings")
        limits = answer.get("AccountLimit") or {}
        concurrent = shapes.number(limits, "ConcurrentExecutions")
        if concurrent is None:
            raise unlike_aws("lambda:GetAccountSettings", "limit of concurrent executions")
        unreserved = shapes.number(limits, "UnreservedConcurrentExecutions")
        return AccountLimits(
            concurrent=concurrent,
            unreserved=concurrent if unreserved is None else unreserved,
        )

    async def reserved(self, name: str, *, within: float = FRESH) -> int | None:
        """What a function has reserved, None for nothing; as it was within so many seconds. Raises AwsError."""
        known = self._known
        if self._knows(name, within):
            return known[name][1]
        answer = await self._calls.read("lambda", "GetFunction", FunctionName=name)
        if "Configuration" not in answer:
            raise unlike_aws("lambda:GetFunction", "configuration")
        variables = shapes.member(answer, "Configuration", "Environment", "Variables") or {}
        self._calls.learn(str(value) for value in variables.values())
        found = shapes.number(answer.get("Concurrency") or {}, "ReservedConcurrentExecutions")
        known[name] = monotonic(), found
        return found

    def _knows(self, name: str, within: float) -> bool:
        return name in self._known and monotonic() - self._known[name][0] < within

    async def reservations(
        self, names: Sequence[str], limits: AccountLimits, least: int = 0, *, every: bool = False
    ) -> AsyncGenerator[Reservations, None]:
        """What functions have reserved, as it is found, in the order of `names`; the most likely ones belong first.

        It ends as soon as what was found is all that the account says is reserved: often with a few of thousands.
        The first `least` are looked at in any case: a reservation of 0 adds nothing to what is reserved. With `every`
        so are all others then, slowly. To be closed. Raises AwsError, but not for a function that is gone.
        """
        found: dict[str, int] = {}
        looked_at, rest = 0, iter(names)
        yield (latest := Reservations({}, 0, len(names), limits.reserved))
        while not latest.complete or looked_at < min(least, len(names)):
            batch = list(islice(rest, AT_ONCE))
            began = self._timing.clock()
            for name, reserved in zip(batch, await self._together(batch), strict=True):
                looked_at += 1
                if reserved is not None:
                    found[name] = reserved
            yield (latest := Reservations(dict(found), looked_at, len(names), limits.reserved))
            if not latest.complete or looked_at < least:
                await self._timing.sleep(max(0.0, len(batch) / A_SECOND - (self._timing.clock() - began)))
        for name in rest if every else ():
            known = self._knows(name, LONG)
            reserved = await self._unless_gone(name, LONG)
            looked_at += 1
            if reserved is not None:
                found[name] = reserved
            if not known or looked_at == len(names):
                yield Reservations(dict(found), looked_at, len(names), limits.reserved)
                await self._timing.sleep(1 / SLOWLY)

    async def provisioned(self, names: Sequence[str]) -> AsyncGenerator[tuple[str, Sequence[Provisioned]], None]:
        """What provisioned concurrency functions have, one after the other; often none. To be closed. Raises AwsError.

        `Metrics.active("ProvisionedConcurrentExecutions")` has those that used theirs lately, which belong first.
        """
        versions = Versions(self._calls)
        for name in names:
            yield name, await versions.provisioned(name)
            await self._timing.sleep(1 / ELSE_A_SECOND)

    async def _together(self, names: Sequence[str]) -> Sequence[int | None]:
        found = await asyncio.gather(*map(self._unless_gone, names), return_exceptions=True)
        for it in found:
            if isinstance(it, BaseException):
                raise it
        return [it for it in found if not isinstance(it, BaseException)]

    async def _unless_gone(self, name: str, within: float = FRESH) -> int | None:
        try:
            return await self.reserved(name, within=within)
        except Missing:
            return None
