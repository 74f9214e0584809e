"""How often a log group is polled."""

from __future__ import annotations

from dataclasses import dataclass, field

FASTEST, SLOWEST, GIVING_ROOM = 1.0, 5.0, 30.0
"""Seconds between polls: while events come, when none do or each poll has many pages, and at most after failures."""

PAGES_A_SECOND = 2.0
"""FilterLogEvents may be called 5 times a second in most regions, by all of an account (AWS's quotas, 2026)."""


@dataclass
class Pace:
    """The pause between polls, widened and narrowed by what each poll gave."""

    seconds: float = field(default_factory=lambda: FASTEST)
    """Until the next poll."""

    def found(self, pages: int) -> None:
        """A poll of so many pages gave events."""
        self.seconds = min(max(FASTEST, pages / PAGES_A_SECOND), SLOWEST)

    def quiet(self) -> None:
        """A poll gave none."""
        self.seconds = min(self.seconds * 1.25, SLOWEST)

    def missing(self) -> None:
        """There is no such group."""
        self.seconds = SLOWEST

    def failed(self) -> None:
        """A poll was refused for now, or broke off."""
        self.seconds = min(self.seconds * 2, GIVING_ROOM)
