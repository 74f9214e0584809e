"""`Tail`: log groups followed, all of them in one stream of updates."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from lambdatui.aws.calls import Calls
from lambdatui.aws.gaps import Gaps
from lambdatui.aws.history import merging, newest_first
from lambdatui.aws.live_tail import LiveTail
from lambdatui.aws.log_pages import LogPages
from lambdatui.aws.outbox import Outbox
from lambdatui.aws.polling import Poller, Shared
from lambdatui.aws.timing import Timing
from lambdatui.model.errors import AwsError, Denied, KeysRefused, Rejected
from lambdatui.model.logs import HISTORY, LogEvent, TailRequest, TailUpdate

EARLIEST = 1_262_304_000_000
"""2010-01-01 (ms): before there were log groups."""

A_MOMENT = 1000
"""Milliseconds without a run of which nothing is said: it was begun anew at once."""


class Tail:
    """One tail over one or several groups. It keeps its place between runs."""

    def __init__(self, calls: Calls, wanted: TailRequest, timing: Timing) -> None:
        outbox = Outbox()
        self._shared = Shared(wanted, timing, LogPages(calls, wanted), outbox, Gaps(outbox, timing))
        start = timing.now() - HISTORY if wanted.start is None else wanted.start
        self._pollers = [Poller(group, start, self._shared, self._bears) for group in wanted.groups]
        self._live = LiveTail(calls, self._pollers, self._shared)
        self._stopped = 0
        """When (ms) the last run ended, or 0."""
        self._one_run = asyncio.Lock()
        """A run that is being closed ends before the next begins."""

    @property
    def live(self) -> bool:
        """Whether StartLiveTail is wanted. Setting it takes effect at once: a session ends, or is begun."""
        return self._live.on

    @live.setter
    def live(self, on: bool) -> None:
        self._live.on = on

    @property
    def minutes(self) -> float:
        """Minutes of live tail sessions so far, which AWS bills."""
        return self._live.minutes

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
            tasks.append(asyncio.create_task(self._live.run(), name="live tail"))
            for task in tasks:
                task.add_done_callback(lambda _: self._shared.outbox.notify())
            try:
                while True:
                    await self._shared.outbox.news()
                    update, ended = self._update(), [task for task in tasks if task.done()]
                    if update.events or update.markers or not ended:
                        yield update
                    for task in ended:
                        task.result()
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                self._stopped = self._shared.timing.now()

    def _go_on(self) -> None:
        """Read up what came since the last run, if there was one."""
        for poller in self._pollers:
            poller.look(covered=False)
        groups = [poller.name for poller in self._pollers if not poller.first]
        if self._stopped and groups and self._shared.timing.now() - self._stopped > A_MOMENT:
            self._shared.gaps.begin("not followed", self._stopped, self._newest, groups)

    @property
    def _newest(self) -> int:
        return max(poller.follower.newest for poller in self._pollers)

    def _update(self) -> TailUpdate:
        events, markers = self._shared.outbox.take()
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
        well = [poller.state for poller in self._pollers if not poller.note]
        ill = [f"{poller.name.rpartition('/')[2]}: {poller.state}" for poller in self._pollers if poller.note]
        if self._live.state:
            return ", ".join([self._live.state, *ill])
        polls = states[0] if len(states) == 1 else ", ".join(well[:1] + ill)
        return f"{polls} · {self._live.trouble}" if self._live.trouble else polls

    def _bears(self, poller: Poller, problem: AwsError) -> bool:
        """Whether the other groups go on: one may not be allowed, or may be wrong, by itself."""
        return _refused(problem) and any(not _refused(other.problem) for other in self._pollers if other is not poller)

    async def older(self, until: int) -> AsyncGenerator[Sequence[LogEvent], None]:
        """What is older than `until` (ms, not included), the newest first: parts in order of time, some empty.

        `until` is the time of the oldest event that is still shown. It goes back over the beginning of the tail, as far
        as there is anything, and gives nothing that the updates give. Raises AwsError, also for a missing group.
        """
        shared, followers = self._shared, {poller.name: poller.follower for poller in self._pollers}
        parts = {
            poller.name: newest_first(shared.pages, poller.group.name, EARLIEST, max(until, poller.follower.start) - 1)
            for poller in self._pollers
        }
        async with aclosing(merging(parts)) as merged:
            async for part in merged:
                given = list[LogEvent]()
                for name, follower in followers.items():
                    given += follower.read_back(part.since, [it for it in part.events if it.group == name])
                yield sorted((it for it in given if shared.wanted.wants(it.stream)), key=lambda it: it.timestamp)


def _refused(problem: AwsError | None) -> bool:
    """Whether it is about one group, and no waiting helps."""
    return isinstance(problem, Denied | Rejected) and not isinstance(problem, KeysRefused)
