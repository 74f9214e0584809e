"""What a gateway is opened for. Apart from the rest, of which the first paint needs nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


class Embedded(Protocol):
    """The endpoint on this machine, as a gateway sees it."""

    async def url(self) -> str:
        """Its address, once it runs; raises EndpointGone when it has ended."""

    async def restart(self) -> None:
        """Let the next `url()` start it again, if it has ended."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a gateway is opened for. None: as botocore's own chain finds it."""

    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None
    embedded: Embedded | None = None
    keys: tuple[str, str] | None = field(default=None, repr=False)
    """Access key id and secret of the embedded endpoint; with them nothing of the user's configuration is read."""
