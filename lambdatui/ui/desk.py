"""`Desk`: what a person has laid out in one place, and finds again after having looked at something else."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

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

    drafts: dict[str, str] = field(default_factory=dict)
    """What was typed and not sent, by ARN of the function."""
    logs: LogHabits = field(default_factory=LogHabits)
