"""What operations give back, before a protocol makes a response of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Reply:
    """The items of the operation's list, and its other members."""

    items: Sequence[Mapping[str, Any]] = ()
    rest: Mapping[str, Any] = field(default_factory=dict)
