"""Log events, what is asked of a tail and what it tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from lambdatui.model.log_levels import Level, level
from lambdatui.model.sgr import Span

HISTORY = 60 * 60 * 1000
"""Milliseconds that a tail looks back when it starts."""


class Kind(Enum):
    """What a log line is to a reader."""

    LOG = "log"
    PLATFORM = "platform"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class LogEvent:
    """One event of a log stream, as FilterLogEvents gives it. Times are milliseconds since 1970 UTC."""

    event_id: str
    """Empty for an event of a live tail, which has none."""
    timestamp: int
    ingestion: int
    stream: str
    message: str
    spans: tuple[Span, ...] = ()
    """The colours and styles that the function gave parts of the message."""
    hidden: int = 0
    """Characters of the message that were left out at its end."""
    group: str = ""
    """Name of the log group that it is from."""


@dataclass(frozen=True, slots=True)
class Marker:
    """A line of ours between events, at a time (ms since 1970 UTC). A later one with the same key takes its place."""

    key: str
    timestamp: int
    text: str


@dataclass(frozen=True, slots=True)
class TailUpdate:
    """What a tail has to say: new events in order (perhaps none), and in `state` how it is doing, in a few words."""

    events: tuple[LogEvent, ...]
    state: str
    note: str = ""
    """A sentence for a person when there is nothing to show for a reason."""
    cut: bool = False
    """Whether older events of the time asked for were left out, because there were too many."""
    failed: bool = False
    """Whether the last poll gave nothing, for the reason in the note: what was shown before is as old as it is."""
    markers: tuple[Marker, ...] = ()
    """Lines of ours: where something was missed, hidden or left out, and what became of it."""


@dataclass(frozen=True, slots=True)
class LogGroup:
    """A log group to read."""

    name: str
    arn: str = ""
    """Without a trailing `:*`; empty: it is reckoned from the name when a live tail needs it."""


@dataclass(frozen=True, slots=True)
class TailRequest:
    """What is to be read of which groups."""

    groups: Sequence[LogGroup]
    start: int | None = None
    """The time (ms since 1970) of the first event wanted; None: `HISTORY` before now."""
    streams: Sequence[str] = ()
    """Names of the log streams wanted; none: all."""
    versions: Sequence[str] = ()
    """The versions of the function whose streams are wanted ("7", "$LATEST"); none: all."""
    pattern: str = ""
    """A filter pattern of CloudWatch Logs, which the service applies."""
    live: bool = False
    """Whether StartLiveTail is wanted, which is billed by the minute, where it can be had."""

    def wants(self, stream: str) -> bool:
        """Whether the events of the stream are wanted."""
        # Lambda's streams are named like 2026/11/23/[7]0123…: date, version, environment.
        of_version = not self.versions or any(f"[{version}]" in stream for version in self.versions)
        return of_version and (not self.streams or stream in self.streams)


def kind(message: str) -> Kind:
    """What a message is, told by its level."""
    found = level(message)
    if found >= Level.ERROR:
        return Kind.ERROR
    return Kind.PLATFORM if found is Level.PLATFORM else Kind.LOG
