"""What a runtime's process does, as an execution environment is told of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Ready:
    """The runtime has asked for the next call."""


@dataclass(frozen=True)
class Answer:
    """What the runtime posted for a call."""

    body: bytes
    failed: bool = False
    error_type: str = ""
    content_type: str = "application/json"
    streamed: int = 0
    """Bytes that went to the call's outlet, and are not in `body`."""


@dataclass(frozen=True)
class InitError:
    """What the runtime posted instead of becoming ready."""

    body: bytes
    error_type: str
    """As it stands in INIT_REPORT: what is no type of the platform's is Runtime.Unknown."""


@dataclass(frozen=True)
class Exited:
    """The process has ended."""

    code: int
    """A signal is negative, as subprocess has it."""


Event: TypeAlias = Ready | Answer | InitError | Exited
