"""Gaps in a tail: told when they open, and again when what was missed has been read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lambdatui.aws.outbox import Outbox
from lambdatui.aws.timing import Timing, time_of_day
from lambdatui.model.logs import Marker


@dataclass
class Gap:
    """A time in which nothing came, for a reason."""

    key: str
    what: str
    """How the line begins: "gap"."""
    since: int
    """ms since 1970, by the clock of this machine, as all that is said of it."""
    at: int
    """The time (ms) of the newest event before it, where the line stands."""
    opened: int
    waiting: set[str]
    """The groups of which what was missed has not been read."""
    found: int = 0


class Gaps:
    """The gaps of one tail. Each is a line, by its key: one text while it is read up, another when that is done."""

    def __init__(self, outbox: Outbox, timing: Timing) -> None:
        self._outbox = outbox
        self._timing = timing
        self._open: list[Gap] = []
        self._count = 0

    def begin(self, what: str, since: int, at: int, groups: Iterable[str]) -> None:
        """Nothing has come since (ms) from these groups; `at` (ms) is the time of their newest event."""
        self._count += 1
        gap = Gap(f"gap {self._count}", what, since, at or since, self._timing.now(), set(groups))
        self._open.append(gap)
        self._tell(gap, f"{time_of_day(since)}–: reading what was missed…")

    def found(self, group: str, count: int) -> None:
        """A poll gave so many events that were not known."""
        for gap in self._open:
            if group in gap.waiting:
                gap.found += count

    def caught_up(self, group: str, began: int) -> None:
        """A poll that began then (ms) has come to its end."""
        for gap in [gap for gap in self._open if gap.opened <= began]:
            gap.waiting.discard(group)
            if not gap.waiting:
                self._open.remove(gap)
                events = "1 event" if gap.found == 1 else f"{gap.found:,} events"
                self._tell(gap, f"{time_of_day(gap.since)}–{time_of_day(began)}: {events} read")

    def is_open(self, group: str) -> bool:
        """Whether something is missed of the group."""
        return any(group in gap.waiting for gap in self._open)

    def _tell(self, gap: Gap, text: str) -> None:
        self._outbox.mark(Marker(gap.key, gap.at, f"{gap.what} {text}"))
