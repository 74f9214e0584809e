"""What gateways are opened with, the first one and those for another profile or region."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lambdatui.aws.gateway import Aws
from lambdatui.aws.guard import Guard
from lambdatui.aws.target import Target
from lambdatui.local import identity as local
from lambdatui.model.identity import Place, Region
from lambdatui.storage.audit import Journal
from lambdatui.storage.listing import ListingCache, place_key
from lambdatui.ui.recall import Recall

if TYPE_CHECKING:
    from lambdatui.aws.mfa import AskCode
    from lambdatui.local.process import EndpointProcess
    from lambdatui.model.redaction import Redactor
    from lambdatui.settings import Settings
    from lambdatui.ui.memory import Memory


class Gateways:
    """Opens gateways. An endpoint that was asked for is the endpoint of all of them."""

    def __init__(self, settings: Settings, redactor: Redactor, ask_code: AskCode) -> None:
        self._settings = settings
        self._learn = redactor.learn
        self._ask_code = ask_code
        self._opened = False
        self.endpoint = demo_endpoint() if settings.demo else None
        """The embedded endpoint, in the demo."""

    @property
    def start(self) -> Place:
        """What the settings ask for."""
        settings = self._settings
        if settings.demo:
            return Place("demo", local.REGION)
        return Place(settings.profile if settings.profile_named else None, settings.region)

    @property
    def only(self) -> str:
        """Why there is no other place to go to; empty where there is."""
        if self.endpoint is None:
            return ""
        return f"The demo is one account in one region, {local.REGION}. Start without --demo for your own."

    def recall(self, place: Place, memory: Memory) -> Recall:
        """What is remembered of a place."""
        settings = self._settings
        if settings.demo:  # its list is not worth keeping
            return Recall(memory, "demo")
        profile = place.profile or (None if settings.profile_named else settings.profile)
        key = place_key(profile, place.region, settings.endpoint_url, os.environ)
        return Recall(memory, key, ListingCache(settings.cache_dir))

    def open(self, place: Place) -> Aws:
        """A gateway to that place; nothing is connected yet."""
        at_start, self._opened = not self._opened, True
        refresh, idle = self._settings.refresh, self._settings.refresh_idle
        guard = Guard(Journal(self._settings.state_dir / "audit.jsonl").record, self._settings)
        if self.endpoint is not None:
            keys = (local.ACCESS_KEY_ID, local.SECRET_ACCESS_KEY)
            return Aws(
                Target(region=local.REGION, embedded=self.endpoint, keys=keys),
                guard,
                learn=self._learn,
                refresh=refresh,
                idle=idle,
            )
        target = Target(profile=place.profile, region=place.region, endpoint_url=self._settings.endpoint_url)
        return Aws(
            target, guard, learn=self._learn, ask_code=self._ask_code, at_start=at_start, refresh=refresh, idle=idle
        )

    async def profiles(self) -> Sequence[str]:
        """The profiles that there are. Raises AwsError."""
        from lambdatui.aws.profiles import known_profiles

        return await known_profiles()

    async def regions(self, like: str) -> Sequence[Region]:
        """The regions of the partition that `like` is in."""
        from lambdatui.aws.profiles import known_regions

        return await known_regions(like)


def demo_endpoint() -> EndpointProcess:
    """The embedded endpoint with the demo; it starts when it is first needed."""
    from lambdatui.local.process import EndpointProcess

    return EndpointProcess(demo=True)
