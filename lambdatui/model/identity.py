"""Who asks, and where: what the line on top of every screen says, and what everything shown came from."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """What a gateway is opened for, as far as somebody has chosen. None: as the environment and the files say."""

    profile: str | None = None
    region: str | None = None


class Region(NamedTuple):
    """A region: its name, and where it is ("Europe (Ireland)")."""

    name: str
    description: str = ""


class Identity(NamedTuple):
    """One profile in one region, as far as it is known. Empty text means: not known yet.

    `account` is the 12-digit id from STS, `arn` the caller's; `endpoint` is its host and port where not AWS's own.
    """

    profile: str = ""
    region: str = ""
    account: str = ""
    arn: str = ""
    endpoint: str = ""
    demo: bool = False
    read_only: bool = False
    production: bool = False

    def may_be(self, other: Identity) -> bool:
        """Whether both can be the same one, as far as each is known."""
        mine, others = ((it.profile, it.region, it.account, it.endpoint) for it in (self, other))
        # The embedded endpoint comes back at another port.
        pairs = list(zip(mine, others, strict=True))[: 3 if self.demo else 4]
        return all(one == another or not one or not another for one, another in pairs)
