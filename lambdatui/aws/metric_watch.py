"""What one pane wants to know of metrics, and hears of; and how metrics are kept up to date."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from lambdatui.aws.slices import Slices
from lambdatui.model.metrics import Need, Reading

if TYPE_CHECKING:
    from lambdatui.aws.metric_reader import Reader

Readings: TypeAlias = Mapping[Need, Reading]


@dataclass
class Habits:
    """How metrics are kept up to date. Seconds."""

    every: float | None = 60.0
    """Between two refreshes; None: only when somebody asks for it."""
    idle: float = 900.0
    """Without a key, after which nothing is refreshed."""


class Watch:
    """What one pane wants to know, and hears of. Ends with its `updates()`."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.visible: Sequence[Need] = ()
        self.later: Sequence[Need] = ()
        self.pending: dict[Need, None] = {}
        """Needs of which there is something new."""
        self.news = asyncio.Event()
        self._asked_anew = False
        self._told: tuple[set[Need], set[Need]] = (set(), set())
        """What was wanted when it was looked at last, visible and later; all of it has been told."""
        self._looked: Sequence[Need] | None = None
        """What was wanted later then."""

    def want(self, visible: Sequence[Need], later: Sequence[Need] = ()) -> None:
        """Want these from now on and no others, in order of importance. `later` comes after what is visible anywhere.

        The same object stands for the same needs: ten thousand of them are not looked through again. What is known of
        them already comes with the next update.
        """
        self.visible, self.later = visible, later
        self._asked_anew = True
        self._reader.wanted(self)

    async def updates(self) -> AsyncGenerator[Readings, None]:
        """What has become known of what is wanted, as it comes, for ever. An empty one: the reader pauses, or goes on.

        To be closed. Errors are parts of the readings.
        """
        self._asked_anew, self._told, self._looked = True, (set(), set()), None
        self._reader.enter(self)
        try:
            while True:
                await self.news.wait()
                self.news.clear()
                self._reader.check()
                if self._asked_anew:
                    await self._look_anew()
                pending, self.pending = self.pending, {}
                yield await self._reader.readings(pending)
        finally:
            self._reader.leave(self)

    async def _look_anew(self) -> None:
        """Find out what is wanted that was not wanted before: a few, or ten thousand."""
        self._asked_anew = False
        told, told_later = self._told
        later = self.later
        visible: set[Need] = set()
        unseen = told_later if later is self._looked else set[Need]()
        pending: dict[Need, None] = {}
        slices = Slices()
        for needs, wanted in ((self.visible, visible), (() if later is self._looked else later, unseen)):
            for need in needs:
                wanted.add(need)
                if need in self.pending or not (need in told or need in told_later):
                    pending[need] = None
                await slices.turn()
        self.pending = pending | {need: None for need in self.pending if need in visible or need in unseen}
        self._told, self._looked = (visible, unseen), later
