"""Who asks, and where: what the line on top of every screen says, and what everything shown came from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
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
