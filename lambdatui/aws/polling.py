"""One log group, polled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field

from lambdatui.aws.gaps import Gaps
from lambdatui.aws.history import newest_first
from lambdatui.aws.log_events import event_time, log_events
from lambdatui.aws.log_pages import MOST_A_PAGE, Entries, LogPages
from lambdatui.aws.outbox import Outbox
from lambdatui.aws.slices import Slices
from lambdatui.aws.timing import Timing
from lambdatui.model.errors import AwsError, EndpointGone, Missing, Offline, Throttled
from lambdatui.model.following import Follower
from lambdatui.model.logs import LogEvent, LogGroup, TailRequest
from lambdatui.model.pace import Pace
from lambdatui.model.text import visible

NEVER_INVOKED = (
    "The log group {group} does not exist: never invoked yet, or no permission to create it. Waiting for it."
)

COVERED = 30.0
"""Seconds between polls while a live tail gives the events: what it drops for a slow reader it does not tell of."""

ENOUGH = 500
"""Events with which a tail begins, if there are as many: what is older is read when it is wanted."""

FUTURE = 7_200_000
"""ms that an event may be ahead of CloudWatch's clock, and so of ours (PutLogEvents refuses what is later)."""

TOGETHER = 1000
"""Events of a page that are looked at without giving the event loop a turn."""

REFUSED = 60.0
"""Seconds until a group is asked for again whose reading was refused, while others of the tail can be read."""


@dataclass
class Shared:
    """What the readers of one tail have in common."""

    wanted: TailRequest
    timing: Timing
    pages: LogPages
    outbox: Outbox
    gaps: Gaps
    appeared: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a group is found to exist that was not there before."""


class Poller:
    """The polls of one log group, one after the other, for ever."""

    def __init__(self, group: LogGroup, start: int, shared: Shared, bears: Callable[[Poller, AwsError], bool]) -> None:
        """`start` is in ms since 1970. `bears` says whether the tail goes on although this group cannot be read."""
        self.name = visible(group.name)
        self.group = group
        self.follower = Follower(start)
        self.state = "reading"
        """How it is doing, in a few words."""
        self.note = ""
        self.problem: AwsError | None = None
        """Why the last poll gave nothing."""
        self.first = True
        """Whether no poll has come to its end yet."""
        self.exists = False
        """Whether it did at the last poll."""
        self._shared = shared
        self._bears = bears
        self._pace = Pace()
        self._covered = False
        """Whether a live tail has the group: polls only look for what that may have missed."""
        self._hurry = asyncio.Event()
        self._far = False
        """Whether the next poll has to look far back."""
        self._well = 0
        """When (ms) the last poll began that came to its end."""
        self._asked = 0
        """Pages that the poll under way has had."""

    async def run(self) -> None:
        """Poll. Raises AwsError for what waiting does not mend."""
        while True:
            try:
                await self._poll()
            except Missing:
                self.exists = False
                self._pace.missing()
                self._is("waiting for the log group", None, NEVER_INVOKED.format(group=self.name))
            except EndpointGone:
                raise
            except (Throttled, Offline) as problem:
                self._pace.failed()
                if isinstance(problem, Offline) and self._well and not self._shared.gaps.is_open(self.name):
                    self._shared.gaps.begin("gap", self._well, self.follower.newest, [self.name])
                what = "throttled" if isinstance(problem, Throttled) else "reconnecting"
                self._is(f"{what}, next try {self._pace.seconds:.0f} s", problem, _goes_on(problem))
            except AwsError as problem:
                if not self._bears(self, problem):
                    raise
                self._pace.seconds = REFUSED
                self._is(f"{problem.title.lower()}, next try {REFUSED:.0f} s", problem, _goes_on(problem))
            self._shared.outbox.notify()
            await self._shared.outbox.taken()
            well = self._covered and not self.problem
            await self._shared.timing.pause(COVERED if well else self._pace.seconds, self._hurry)

    def look(self, *, covered: bool) -> None:
        """Look far back at once: a live tail has begun to cover the group, or does no more."""
        self._covered, self._far = covered, True
        self._hurry.set()

    def _is(self, state: str, problem: AwsError | None = None, note: str = "") -> None:
        self.state, self.problem, self.note = state, problem, note

    async def _poll(self) -> None:
        began, count, self._asked = self._shared.timing.now(), 0, 0
        far, self._far = self._far or self._covered, False
        looking = self._first_look() if self.first else self._look(far=far)
        async with aclosing(looking) as batches:
            async for events in batches:
                count += len(events)
                self._shared.gaps.found(self.name, len(events))
                await self._give(events)
        self.follower.finished()
        self.first, self._well = False, began
        if not self.exists:
            self.exists = True
            self._shared.appeared.set()
        self._shared.gaps.caught_up(self.name, began)
        if count:
            self._pace.found(self._asked)
        else:
            self._pace.quiet()
        self._is(f"poll {self._pace.seconds:.0f} s")

    async def give_live(self, events: list[LogEvent]) -> int:
        """Give those events of a live tail on that were not given before; how many they are."""
        fresh = self.follower.accept_live(events, self._shared.timing.now())
        await self._give(fresh)
        return len(fresh)

    async def _give(self, events: list[LogEvent]) -> None:
        wants = self._shared.wanted.wants
        await self._shared.outbox.put([event for event in events if wants(event.stream)])

    async def _first_look(self) -> AsyncGenerator[list[LogEvent], None]:
        """The newest events, some hundreds at least; a page of a thousand where the endpoint gives those first."""
        follower, found = self.follower, list[LogEvent]()
        end = self._shared.timing.now() + FUTURE
        parts = newest_first(self._shared.pages, self.group.name, follower.ask_from(), end, ahead=FUTURE, again=0)
        async with aclosing(parts):
            async for part in parts:
                self._asked += 1
                found = part.events + found
                if len(found) >= ENOUGH and part.since > follower.start:
                    follower.begin_at(part.since)
                    break
        yield follower.accept(found, self._shared.timing.now())

    async def _look(self, *, far: bool) -> AsyncGenerator[list[LogEvent], None]:
        follower = self.follower
        pages = self._shared.pages.read(self.group.name, follower.ask_from(far=far), limit=MOST_A_PAGE, again=0)
        async with aclosing(pages):
            async for page in pages:
                self._asked += 1
                slices = Slices()
                for at in range(0, len(page), TOGETHER):
                    events = await log_events(self._unknown(page[at : at + TOGETHER]), self.name)
                    yield follower.accept(events, self._shared.timing.now())
                    await slices.turn()

    def _unknown(self, entries: Entries) -> Entries:
        """The entries that no poll gave before: most of a page are known, and need not be made into events."""
        knows = self.follower.knows
        return [it for it in entries if not knows(str(it.get("eventId")), event_time(it.get("timestamp")))]


def _goes_on(problem: AwsError) -> str:
    """A failure that the tail outlives, in a person's words."""
    request = f", request {problem.request_id}" if problem.request_id else ""
    asked = f"(Asked: {problem.operation}{request})"
    return f"{problem.title}: {problem.reason} It is tried again by itself, and at once with r. {asked}"
