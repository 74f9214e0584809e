"""`Yardsticks`: what a function's metrics are held against."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from lambdatui.model.alarms import alarms_of
from lambdatui.model.errors import AwsError
from lambdatui.model.metric_charts import Limit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lambdatui.aws.gateway import Aws
    from lambdatui.model.alarms import Alarm
    from lambdatui.model.concurrency import AccountLimits
    from lambdatui.model.functions import Function

EVERY = 60.0
"""Seconds after which alarms may be in another state: with the next figures they are asked for again, at no cost."""
ALARMS, CONCURRENCY = "alarms", "limits of concurrency"
"""What may be lacking, each by itself."""


class Yardsticks:
    """The alarms on a function's metrics, its timeout, and the concurrency that it and its account may have."""

    def __init__(self, aws: Aws, function: Function, lacks: Callable[[str, AwsError | None], object]) -> None:
        """`lacks` is told of what could not be read, and why; None: of what could."""
        self._aws = aws
        self._function = function
        self._lacks = lacks
        self.alarms: Sequence[Alarm] = ()
        self.lacking: dict[str, AwsError] = {}
        """What could not be read, and why."""
        self._asked = 0.0
        """When they were asked for, in seconds since 1970."""
        self._account: AccountLimits | None = None
        self._reserved: int | None = None

    @property
    def due(self) -> bool:
        """Whether they are old."""
        return self._aws.metrics.clock() - self._asked >= EVERY

    def clear(self) -> None:
        """Drop all that was read."""
        self.alarms, self._account, self._reserved = (), None, None

    async def load(self) -> None:
        """Read them. What cannot be read is told of, and what is known of it stays."""
        self._asked = self._aws.metrics.clock()
        self._tell(ALARMS, await self._load_alarms())
        self._tell(CONCURRENCY, await self._load_concurrency())

    def _tell(self, what: str, problem: AwsError | None) -> None:
        if problem is None:
            self.lacking.pop(what, None)
        else:
            self.lacking[what] = problem
        self._lacks(what, problem)

    async def read_alarms(self) -> Sequence[Alarm]:
        """The alarms as they are now. Raises AwsError."""
        async with aclosing(self._aws.alarms.pages()) as pages:
            self.alarms = alarms_of([it async for page in pages for it in page], self._function.name)
        return self.alarms

    async def _load_alarms(self) -> AwsError | None:
        try:
            await self.read_alarms()
        except AwsError as problem:
            return problem
        return None

    async def _load_concurrency(self) -> AwsError | None:
        try:
            self._account = await self._aws.concurrency.account()
            self._reserved = await self._aws.concurrency.reserved(self._function.name)
        except AwsError as problem:
            return problem
        return None

    @property
    def limits(self) -> Sequence[Limit]:
        """Those that are known, of the function as a whole."""
        found = [Limit("Duration", "timeout", self._function.timeout * 1000, "ms")]
        if self._reserved is not None:
            found.append(Limit("Concurrency", "reserved", self._reserved))
        if self._account is not None:
            found.append(Limit("Concurrency", "account", self._account.concurrent))
        return found
