"""One session of a live tail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from lambdatui.aws.calls import Calls
from lambdatui.aws.failures import unlike_aws
from lambdatui.aws.gaps import Sampling
from lambdatui.aws.log_events import log_events
from lambdatui.aws.polling import Poller, Shared
from lambdatui.aws.streams import Events, streaming
from lambdatui.model.errors import Offline
from lambdatui.model.live import Rate, live_words

NAME = "logs:StartLiveTail"

STREAMS = 10
"""Log streams at most that a session takes by name, and those of one group only."""

SILENCE = 10.0
"""Seconds without an update after which a session is held to be broken: there is one every second, if an empty one."""

WHOLE = 10
"""Updates in a row without sampling after which it is held to be over."""


class LiveSession:
    """A session over the groups of some pollers, from `read()` until that ends, then `over()`."""

    def __init__(self, calls: Calls, pollers: Sequence[Poller], shared: Shared) -> None:
        self.pollers = pollers
        self.began = 0
        """When (ms) it began, or 0."""
        self._calls = calls
        self._shared = shared
        self._last = 0
        """When (ms) the last update came."""
        self._rate = Rate()
        self._sampling: Sampling | None = None
        self._whole = 0
        """Updates since the last one that was sampled."""
        self._of: dict[str, Poller] = {}
        """Pollers by what updates call their groups."""

    @property
    def lasted(self) -> int:
        """ms from its beginning until now."""
        return self._shared.timing.now() - self.began if self.began else 0

    @property
    def minutes(self) -> float:
        """The same in minutes, by which it is paid for."""
        return self.lasted / 60_000

    def words(self, minutes: float) -> str:
        """How it is doing; `minutes` are those of all sessions."""
        sampling = self._sampling
        percent = sampling.percent if sampling is not None else None
        return live_words(self._rate, minutes, sampled=sampling is not None, percent=percent)

    async def read(self, arns: Sequence[str]) -> None:
        """Give what comes, until there is a group that it does not have. Raises AwsError when it breaks or ends."""
        for poller, arn in zip(self.pollers, arns, strict=True):
            self._of |= dict.fromkeys((arn, f"{arn}:*", poller.group.name, arn.split(":", 4)[-1]), poller)
        asked: dict[str, Any] = {"logGroupIdentifiers": list(arns)}
        wanted = self._shared.wanted
        if wanted.pattern:
            asked["logEventFilterPattern"] = wanted.pattern
        if 0 < len(wanted.streams) <= STREAMS and len(arns) == 1:
            asked["logStreamNames"] = list(wanted.streams)
        async with streaming(self._calls, "logs", "StartLiveTail", "responseStream", **asked) as events:
            while not self._shared.appeared.is_set():
                event = await self._next(events)
                if not self.began and event.keys() & {"sessionStart", "sessionUpdate"}:
                    self._begin()
                if "sessionUpdate" in event:
                    await self._take(event["sessionUpdate"])

    def over(self, *, broken: bool) -> None:
        """It has ended: the polls go on alone. `broken`: what came since the last update was missed."""
        if not self.began:
            return
        if self._sampling is not None:
            self._shared.gaps.end(self._sampling)
        if broken:
            newest = max(poller.follower.newest for poller in self.pollers)
            self._shared.gaps.begin("gap", self._last, newest, [poller.name for poller in self.pollers])
        for poller in self.pollers:
            poller.look(covered=False)

    async def _next(self, events: Events) -> Mapping[str, Any]:
        try:
            event = await self._shared.timing.within(SILENCE, anext(events, None))
        except TimeoutError:
            raise Offline(NAME, f"No update came for {SILENCE:.0f} s.", "It is tried again by itself.") from None
        if event is None:
            raise Offline(NAME, "The session ended before its time.", "It is tried again by itself.")
        return event

    def _begin(self) -> None:
        self.began = self._last = self._shared.timing.now()
        for poller in self.pollers:
            poller.follower.begin_session()
            poller.look(covered=True)
        self._shared.outbox.notify()

    async def _take(self, update: Mapping[str, Any]) -> None:
        if "sessionResults" not in update:
            raise unlike_aws(NAME, "list of events")
        self._last = self._shared.timing.now()
        entries: dict[Poller, list[Mapping[str, Any]]] = defaultdict(list)
        for entry in update["sessionResults"]:
            if entry and (poller := self._poller(str(entry.get("logGroupIdentifier") or ""))) is not None:
                entries[poller].append(entry)
        shown = sum(map(len, entries.values()))
        self._rate.add(shown)
        self._sample(bool((update.get("sessionMetadata") or {}).get("sampled")))
        fresh = 0
        for poller, its_entries in entries.items():
            fresh += await poller.give_live(await log_events(its_entries, poller.name, live=True))
        if self._sampling is not None:
            self._sampling.shown += shown
            self._sampling.fresh += fresh
        self._shared.outbox.notify()

    def _poller(self, identifier: str) -> Poller | None:
        """Whose group an event is of: its name or ARN is given, or account and name."""
        if len(self.pollers) == 1:
            return self.pollers[0]
        return self._of.get(identifier) or self._of.get(identifier.rpartition(":")[2])

    def _sample(self, sampled: bool) -> None:
        """Have the polls read all while the session gives a part."""
        self._whole = 0 if sampled else self._whole + 1
        gaps = self._shared.gaps
        if sampled and self._sampling is None:
            newest = max(poller.follower.newest for poller in self.pollers)
            self._sampling = Sampling("sampling", self._last, newest, {poller.name for poller in self.pollers})
            gaps.add(self._sampling)
            for poller in self.pollers:
                poller.look(covered=False)
        elif self._sampling is not None and self._whole >= WHOLE:
            gaps.end(self._sampling)
            self._sampling = None
            for poller in self.pollers:
                poller.look(covered=True)
