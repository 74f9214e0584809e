"""A function's versions, its aliases, and the provisioned concurrency of either.

Source of shapes: the Lambda service model, API version 2015-03-31. All text has been through `visible()`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from lambdatui.model.configuration import Configuration

LATEST = "$LATEST"
"""The version that can be changed, and that the next published one is made of."""


@dataclass(frozen=True, slots=True)
class Version:
    """A published version of a function, which never changes again, or $LATEST."""

    configuration: Configuration
    """What ListVersionsByFunction gives: no tags, no concurrency, no image URI."""

    @property
    def name(self) -> str:
        """Its number, or $LATEST."""
        return self.configuration.version

    @property
    def arn(self) -> str:
        """With its qualifier."""
        return self.configuration.function.arn

    @property
    def order(self) -> int:
        """See `order()`."""
        return order(self.name)


def order(name: str) -> int:
    """What versions are ordered by: their number; $LATEST is the last of all, what is none of both the first."""
    if name == LATEST:
        return 2**63  # beyond every number of a version, which is a long
    return int(name) if name.isdecimal() and len(name) < 19 else -1


class Share(NamedTuple):
    """A version that an alias sends calls to, and which part of them, 0 to 1."""

    version: str
    part: float


@dataclass(frozen=True, slots=True)
class Alias:
    """A name for a version, or for two with weights."""

    name: str
    arn: str
    version: str
    description: str = ""
    also: tuple[Share, ...] = ()
    """`RoutingConfig.AdditionalVersionWeights`."""
    revision_id: str = ""

    @property
    def shares(self) -> tuple[Share, ...]:
        """All versions that it sends calls to. The first is the one that it is for; it has what the others leave."""
        return (Share(self.version, max(0.0, 1 - sum(share.part for share in self.also))), *self.also)


@dataclass(frozen=True, slots=True)
class Provisioned:
    """The provisioned concurrency of a version or an alias, in execution environments."""

    qualifier: str
    requested: int
    available: int
    """Ready to be invoked, in use or not."""
    allocated: int
    """Made: some of them may not be ready yet."""
    status: str
    reason: str = ""
    modified: datetime | None = None

    @property
    def words(self) -> str:
        """What there is of it: "5", "2 of 5, IN_PROGRESS", "0 of 5, FAILED: reason"."""
        if self.status == "READY" and self.available == self.requested:
            return str(self.requested)
        reason = f": {self.reason}" if self.reason else ""
        return f"{self.available} of {self.requested}, {self.status or 'status unknown'}{reason}"


def percent(part: float) -> str:
    """A share in words: 90%, 0.5%."""
    return f"{part * 100:.3g}%"


def aliases_by_version(aliases: Iterable[Alias]) -> Mapping[str, str]:
    """Which aliases send calls to a version, in words: "live 90%, staging"."""
    found: dict[str, list[str]] = {}
    for alias in aliases:
        for share in alias.shares:
            words = f"{alias.name} {percent(share.part)}" if alias.also else alias.name
            found.setdefault(share.version, []).append(words)
    return {version: ", ".join(words) for version, words in found.items()}
