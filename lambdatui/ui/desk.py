"""`Desk`: what a person has laid out in one place, and finds again after having looked at something else."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from lambdatui.ui.invoking.draft import Draft
from lambdatui.ui.invoking.shelf import Shelf
from lambdatui.ui.widgets.log_times import Times


@dataclass
class LogHabits:
    """How logs are looked at."""

    lines: int = 200_000
    """Lines that a log keeps at most."""
    live: bool = False
    """Whether a log is followed by StartLiveTail from the start."""
    wrap: bool = True
    times: Times = Times.LOCAL
    folder: Path | None = None
    """Where lines go that are saved; None: nowhere."""


@dataclass
class Desk:
    """Of one profile in one region; lives as long as its screens."""

    drafts: dict[str, Draft] = field(default_factory=dict)
    """What is laid out to be sent, by ARN of the function."""
    logs: LogHabits = field(default_factory=LogHabits)
    shelf: Shelf = field(default_factory=Shelf)
    """Saved events, and the calls of before."""
    responses: Path | None = None
    """Where responses go that are saved; None: nowhere."""
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    """What was typed for the variables of events, by ARN of the function and name."""
    environment_allowed: set[str] = field(default_factory=set)
    """Variables of this machine's environment that may be put into payloads."""

    def draft(self, function: str) -> Draft:
        """What is laid out to be sent to the function of that ARN."""
        return self.drafts.setdefault(function, Draft())
