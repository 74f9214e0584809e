"""What a family of trials is given, and what it finds: `report.py` prints them all in one table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trials:
    """How much to try, and with which random numbers."""

    scale: float = 1.0
    """1: the numbers that the report prints; CI takes a small part of them."""
    seed: int = 4

    def times(self, full: int, least: int = 1) -> int:
        """The number of runs at this scale of what the report runs `full` times."""
        return max(least, round(full * self.scale))


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report."""

    case: str
    """What was tried, in a few words."""
    runs: int
    failures: tuple[str, ...] = ()
    """A sentence for each run that was not as it should be; the first few are printed."""
    detail: str = ""
    """What was measured besides, such as the longest end: `max 0.7 s`."""
