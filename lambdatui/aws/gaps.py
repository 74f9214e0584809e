"""Gaps in a tail: told when they open, and again when what was missed has been read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from lambdatui.aws.outbox import Outbox
from lambdatui.aws.timing import Timing, time_of_day
from lambdatui.model.logs import Marker


@dataclass
class Gap:
    """A time in which nothing came, for a reason."""

    what: str
    """How the line begins: "gap"."""
    since: int
    """ms since 1970, by the clock of this machine, as all that is said of it."""
    at: int
    """The time (ms) of the newest event before it, where the line stands; 0 if there is none."""
    waiting: set[str]
    """The groups of which what was missed has not been read."""
    until: int | None = None
    """When (ms) it came to its end: what was missed has been read by the polls that began later."""
    found: int = 0
    """Events that polls gave since it opened."""
    key: str = ""

    @property
    def opening(self) -> str:
        """The line while what was missed is read."""
        return f"{self.what} {time_of_day(self.since)}–: reading what was missed…"

    def closing(self, end: int) -> str:
        """The line when it has been read, up to `end` (ms)."""
        return f"{self.what} {time_of_day(self.since)}–{time_of_day(end)}: {events(self.found)} read"


@dataclass
class Sampling(Gap):
    """A time in which a live tail gave a part of the events only."""

    shown: int = 0
    """Events that the live tail gave since it began."""
    fresh: int = 0
    """Those of them that no poll had given before."""

    @property
    def hidden(self) -> int:
        """Events that the live tail did not give, as far as polls have found them."""
        return max(0, self.fresh + self.found - self.shown)

    @property
    def percent(self) -> int | None:
        """The part that is shown live, or None while nothing is known of the rest."""
        return round(100 * self.shown / (self.shown + self.hidden)) if self.hidden else None

    @property
    def opening(self) -> str:
        return f"{self.what} hides events since {time_of_day(self.since)}: reading them…"

    def closing(self, end: int) -> str:
        until = time_of_day(self.until or end)
        return f"{self.what} hid {events(self.hidden)} between {time_of_day(self.since)} and {until}: read"


@dataclass
class Gaps:
    """The gaps of one tail. Each is a line, by its key: one text while it is read up, another when that is done."""

    outbox: Outbox
    timing: Timing
    _open: list[Gap] = field(default_factory=list)
    _count: int = 0

    def begin(self, what: str, since: int, at: int, groups: Iterable[str]) -> None:
        """Nothing has come from these groups since (ms) until now."""
        self.add(Gap(what, since, at, set(groups), self.timing.now()))

    def add(self, gap: Gap) -> None:
        """A gap has opened; it may last."""
        self._count += 1
        gap.key = f"gap {self._count}"
        self._open.append(gap)
        self._tell(gap, gap.opening)

    def end(self, gap: Gap) -> None:
        """A gap that lasted is over."""
        gap.until = self.timing.now()

    def found(self, group: str, count: int) -> None:
        """A poll gave so many events that were not known."""
        for gap in self._open:
            if group in gap.waiting:
                gap.found += count

    def caught_up(self, group: str, began: int) -> None:
        """A poll that began then (ms) has come to its end."""
        for gap in [gap for gap in self._open if gap.until is not None and gap.until <= began]:
            gap.waiting.discard(group)
            if not gap.waiting:
                self._open.remove(gap)
                self._tell(gap, gap.closing(began))

    def is_open(self, group: str) -> bool:
        """Whether something is missed of the group."""
        return any(group in gap.waiting for gap in self._open)

    def _tell(self, gap: Gap, text: str) -> None:
        self.outbox.mark(Marker(gap.key, gap.at or gap.since, text))


def events(count: int) -> str:
    """A number of events in words."""
    return "1 event" if count == 1 else f"{count:,} events"
