"""`Tail`: log groups followed, all of them in one stream of updates."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from lambdatui.aws.calls import Calls
from lambdatui.aws.gaps import Gaps
from lambdatui.aws.log_pages import LogPages
from lambdatui.aws.outbox import Outbox
from lambdatui.aws.polling import Poller
from lambdatui.aws.timing import Timing
from lambdatui.model.errors import AwsError, Denied, KeysRefused, Rejected
from lambdatui.model.logs import HISTORY, TailRequest, TailUpdate


class Tail:
    """One tail over one or several groups. It keeps its place between runs."""

    def __init__(self, calls: Calls, wanted: TailRequest, timing: Timing) -> None:
        self._timing = timing
        self._outbox = Outbox()
        self._gaps = Gaps(self._outbox, timing)
        start = timing.now() - HISTORY if wanted.start is None else wanted.start
        pages = LogPages(calls, wanted)
        self._pollers = [
            Poller(group, start, wanted, pages, timing, self._outbox, self._gaps, self._bears)
            for group in wanted.groups
        ]
        self._stopped = 0
        """When (ms) the last run ended, or 0."""
        self._one_run = asyncio.Lock()
        """A run that is being closed ends before the next begins."""

    async def updates(self) -> AsyncGenerator[TailUpdate, None]:
        """What there is to tell, until closed; another call goes on where this one stopped.

        Every event once, late ones too, those of an update in order of time. Of a busy group's past only the newest
        thousand come, where the endpoint can give those first. Throttling, a connection that breaks and a group that is
        not there are told in `state` and tried again; of several groups each by itself. Anything else is raised as an
        AwsError.
        """
        async with self._one_run:
            self._go_on()
            tasks = [asyncio.create_task(poller.run(), name=f"tail of {poller.name}") for poller in self._pollers]
            for task in tasks:
                task.add_done_callback(lambda _: self._outbox.notify())
            try:
                while True:
                    await self._outbox.news()
                    update, ended = self._update(), [task for task in tasks if task.done()]
                    if update.events or update.markers or not ended:
                        yield update
                    for task in ended:
                        task.result()
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                self._stopped = self._timing.now()

    def _go_on(self) -> None:
        """Read up what came since the last run, if there was one."""
        for poller in self._pollers:
            poller.far = True
        groups = [poller.name for poller in self._pollers if not poller.first]
        if self._stopped and groups:
            self._gaps.begin("not followed", self._stopped, self._newest, groups)

    @property
    def _newest(self) -> int:
        return max(poller.follower.newest for poller in self._pollers)

    def _update(self) -> TailUpdate:
        events, markers = self._outbox.take()
        pollers = self._pollers
        notes = dict.fromkeys(poller.note for poller in pollers if poller.note)
        return TailUpdate(
            events,
            self._state(),
            "\n".join(notes),
            cut=any(poller.follower.cut for poller in pollers),
            failed=all(poller.problem for poller in pollers),
            markers=markers,
        )

    def _state(self) -> str:
        """How it is doing: the polls that go well, then each group that does not."""
        states = list(dict.fromkeys(poller.state for poller in self._pollers))
        if len(states) == 1:
            return states[0]
        well = [poller.state for poller in self._pollers if not poller.note]
        ill = [f"{poller.name.rpartition('/')[2]}: {poller.state}" for poller in self._pollers if poller.note]
        return ", ".join(well[:1] + ill)

    def _bears(self, problem: AwsError) -> bool:
        """Whether the other groups go on: one may not be allowed, or may be wrong, by itself."""
        mine = isinstance(problem, Denied | Rejected) and not isinstance(problem, KeysRefused)
        return mine and sum(not poller.problem for poller in self._pollers) > 1
