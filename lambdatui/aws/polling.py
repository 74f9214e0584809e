"""One log group, polled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from lambdatui.aws.gaps import Gaps
from lambdatui.aws.log_events import event_time, log_events
from lambdatui.aws.log_pages import EVENTS_A_PAGE, MOST_A_PAGE, Entries, LogPages, descends
from lambdatui.aws.outbox import Outbox
from lambdatui.aws.timing import Timing
from lambdatui.model.errors import AwsError, EndpointGone, Missing, Offline, Throttled
from lambdatui.model.following import Follower
from lambdatui.model.logs import LogEvent, LogGroup, TailRequest
from lambdatui.model.pace import Pace
from lambdatui.model.text import visible

NEVER_INVOKED = (
    "The log group {group} does not exist: never invoked yet, or no permission to create it. Waiting for it."
)

REFUSED = 60.0
"""Seconds until a group is asked for again whose reading was refused, while others of the tail can be read."""


class Poller:
    """The polls of one log group, one after the other, for ever."""

    def __init__(
        self, group: LogGroup, start: int, wanted: TailRequest, pages: LogPages, timing: Timing, outbox: Outbox,
        gaps: Gaps, bears: Callable[[AwsError], bool],
    ) -> None:  # fmt: skip
        """`start` is in ms since 1970. `bears` says whether the tail goes on although this group cannot be read."""
        self.name = visible(group.name)
        self.group = group
        self.follower = Follower(start)
        self.state = "reading"
        """How it is doing, in a few words."""
        self.note = ""
        self.problem: AwsError | None = None
        """Why the last poll gave nothing."""
        self.hurry = asyncio.Event()
        """Set to have the next poll at once."""
        self.far = False
        """Whether the next poll has to look far back."""
        self.first = True
        """Whether no poll has come to its end yet."""
        self._wanted = wanted
        self._pages = pages
        self._timing = timing
        self._outbox = outbox
        self._gaps = gaps
        self._bears = bears
        self._pace = Pace()
        self._well = 0
        """When (ms) the last poll began that came to its end."""

    async def run(self) -> None:
        """Poll. Raises AwsError for what waiting does not mend."""
        while True:
            try:
                await self._poll()
            except Missing:
                self._pace.missing()
                self._is("waiting for the log group", None, NEVER_INVOKED.format(group=self.name))
            except EndpointGone:
                raise
            except (Throttled, Offline) as problem:
                self._pace.failed()
                if isinstance(problem, Offline) and self._well and not self._gaps.is_open(self.name):
                    self._gaps.begin("gap", self._well, self.follower.newest, [self.name])
                what = "throttled" if isinstance(problem, Throttled) else "reconnecting"
                self._is(f"{what}, next try {self._pace.seconds:.0f} s", problem, _goes_on(problem))
            except AwsError as problem:
                if not self._bears(problem):
                    raise
                self._pace.seconds = REFUSED
                self._is(f"{problem.title.lower()}, next try {REFUSED:.0f} s", problem, _goes_on(problem))
            self._outbox.notify()
            await self._outbox.taken()
            await self._timing.pause(self._pace.seconds, self.hurry)

    def _is(self, state: str, problem: AwsError | None = None, note: str = "") -> None:
        self.state, self.problem, self.note = state, problem, note

    async def _poll(self) -> None:
        began, count, pages = self._timing.now(), 0, 0
        far, self.far = self.far, False
        looking = self._first_look() if self.first else self._look(far=far)
        async with aclosing(looking) as batches:
            async for events in batches:
                pages += 1
                count += len(events)
                self._gaps.found(self.name, len(events))
                await self._give(events)
        self.follower.finished()
        self.first, self._well = False, began
        self._gaps.caught_up(self.name, began)
        if count:
            self._pace.found(pages)
        else:
            self._pace.quiet()
        self._is(f"poll {self._pace.seconds:.0f} s")

    async def _give(self, events: list[LogEvent]) -> None:
        wants = self._wanted.wants
        await self._outbox.put([event for event in events if wants(event.stream)])

    async def _first_look(self) -> AsyncGenerator[list[LogEvent], None]:
        """What is new, the newest thousand at once where the endpoint gives the newest first.

        An endpoint that does not know `startFromHead` gives the oldest first: then all, page by page.
        """
        follower, held, ascending = self.follower, list[LogEvent](), False
        pages = self._pages.read(
            self.group.name, follower.ask_from(), limit=EVENTS_A_PAGE, again=0, startFromHead=False
        )
        async with aclosing(pages):
            async for page in pages:
                held += await log_events(page, self.name)  # pages may be short before the last
                if ascending or len(held) >= EVENTS_A_PAGE:
                    if not ascending and descends(held):
                        break
                    ascending = True
                    yield follower.accept(held, self._timing.now())
                    held = []
        if held:
            if descends(held):
                held.reverse()  # events of the same millisecond as well
                if len(held) >= EVENTS_A_PAGE:
                    follower.begin_at(held[0].timestamp + 1)  # there may be more of that millisecond, cut off
            yield follower.accept(held, self._timing.now())

    async def _look(self, *, far: bool) -> AsyncGenerator[list[LogEvent], None]:
        follower = self.follower
        pages = self._pages.read(self.group.name, follower.ask_from(far=far), limit=MOST_A_PAGE, again=0)
        async with aclosing(pages):
            async for page in pages:
                events = await log_events(self._unknown(page), self.name)
                yield follower.accept(events, self._timing.now())

    def _unknown(self, entries: Entries) -> Entries:
        """The entries that no poll gave before: most of a page are known, and need not be made into events."""
        knows = self.follower.knows
        return [it for it in entries if not knows(str(it.get("eventId")), event_time(it.get("timestamp")))]


def _goes_on(problem: AwsError) -> str:
    """A failure that the tail outlives, in a person's words."""
    request = f", request {problem.request_id}" if problem.request_id else ""
    asked = f"(Asked: {problem.operation}{request})"
    return f"{problem.title}: {problem.reason} It is tried again by itself, and at once with r. {asked}"
