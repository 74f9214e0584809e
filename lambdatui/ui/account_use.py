"""`AccountUse`: how much runs at the same time in the account, for the line on top of a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lambdatui.model.concurrency import Use
from lambdatui.model.errors import AwsError
from lambdatui.model.metric_figures import lately
from lambdatui.model.metrics import Range
from lambdatui.model.pool import use_need
from lambdatui.ui.watching import Watching
from lambdatui.ui.work import start

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.widget import Widget

    from lambdatui.aws.gateway import Aws
    from lambdatui.aws.metric_watch import Readings


class AccountUse:
    """What is in use, and the limit, kept up to date from `begin()` to `end()`. What is refused is not told of."""

    def __init__(self, screen: Widget, aws: Aws, told: Callable[[Use | None], object]) -> None:
        """`told` is called with what is known; None where it is not, or not of now."""
        self._screen = screen
        self._aws = aws
        self._told = told
        self._watching = Watching(screen, aws, self._take)
        self._limit: int | None = None
        self._begun = False

    def begin(self) -> None:
        """Read, until `end()`."""
        if not self._begun:
            self._begun = True
            self.want()
            self._watching.begin()  # in one call with the first rows: not when the limit has come
            start(self._screen, self._find_limit, name="find the account's limit", group="limit")

    def end(self) -> None:
        """Read no more."""
        self._begun = False
        self._watching.end()
        self._screen.workers.cancel_group(self._screen, "limit")

    def forget(self) -> None:
        """Read no more, and know nothing: another account may be asked from now on."""
        self.end()
        self._limit = None
        self._watching.forget()
        self._tell()

    def want(self) -> None:
        """Want it in the periods of the stretch of time that is looked at."""
        self._watching.want([use_need(self._over)])

    @property
    def _over(self) -> Range:
        return Range(self._aws.window)

    async def _find_limit(self) -> None:
        try:
            self._limit = await self._aws.concurrency.limit()
        except AwsError:
            self._limit = None
            self._watching.end()
        self._tell()

    async def _take(self, readings: Readings) -> None:
        self._tell()

    def _tell(self) -> None:
        reading = self._watching.readings.get(use_need(self._over))
        known = reading is not None and reading.series.asked and not self._aws.metrics.reader.paused
        in_use = lately(reading.series) if reading is not None and known else None
        self._told(None if in_use is None or self._limit is None else Use(in_use, self._limit))
