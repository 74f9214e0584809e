"""`Recall`: what is remembered of one place: who was asked for there, how its lists were arranged, its functions."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lambdatui.model.identity import Identity
from lambdatui.ui.arrangement import Arrangement
from lambdatui.ui.memory import Forgetful

if TYPE_CHECKING:
    from lambdatui.model.functions import Function
    from lambdatui.storage.listing import Listing, ListingCache
    from lambdatui.ui.memory import Memory

_KEPT = ("profile", "region", "account", "endpoint")

PINS = 400
"""Pins of one list that are remembered."""


class Recall:
    """The memory of a place, which stands for a profile and region as far as they were chosen (`key`).

    Who that was the last time is a guess until somebody was asked; what is recalled belongs to that identity, and who
    shows it has to take it away when it turns out to be another.
    """

    def __init__(self, memory: Memory | None = None, key: str = "", listings: ListingCache | None = None) -> None:
        """Without `listings`, functions are not remembered."""
        self._memory = memory or Forgetful()
        self._key = key
        self._listings = listings
        self.identity = _identity(self._memory.get("places", key))
        """Who it was the last time; None where it was never known."""

    def know(self, identity: Identity) -> None:
        """This is who it is, by STS's word."""
        # The embedded endpoint comes back at another port.
        self.identity = identity._replace(endpoint="demo") if identity.demo else identity
        self._memory.put("places", self._key, {name: getattr(self.identity, name) for name in _KEPT})

    def arrangement(self, pane: str) -> Arrangement | None:
        """How the list of that name was arranged in this account and region."""
        found = self._memory.get("arranged", self._of(pane)) if self.identity is not None else None
        return _arrangement(found) if isinstance(found, Mapping) else None

    def arrange(self, pane: str, arrangement: Arrangement) -> None:
        """Remember how it is arranged."""
        if self.identity is not None:
            values = {
                "filter": arrangement.filter, "sort": arrangement.sort, "reverse": arrangement.reverse,
                "pins": sorted(arrangement.pins)[:PINS], "history": list(arrangement.history),
            }  # fmt: skip
            self._memory.put("arranged", self._of(pane), values)

    def listing(self) -> Listing | None:
        """The first functions of the last listing. Reads one small piece of a file."""
        if self._listings is None or self.identity is None:
            return None
        found = self._listings.head(self._key, self.identity.account)
        return found if found is not None and found.identity.may_be(self.identity) else None

    async def functions(self) -> AsyncGenerator[Sequence[Function], None]:
        """All functions of the last listing, in slices."""
        if self._listings is not None and self.identity is not None:
            async for part in self._listings.rest(self._key, self.identity.account):
                yield part

    async def keep(self, functions: Sequence[Function]) -> None:
        """Remember these as the last listing, in the order in which they are shown."""
        if self._listings is not None and self.identity is not None:
            await self._listings.save(self._key, self.identity, functions)

    def _of(self, pane: str) -> str:
        it = self.identity or Identity()
        return " ".join(filter(None, [pane, it.account, it.region, it.endpoint]))


def _identity(found: Any) -> Identity | None:
    if not isinstance(found, Mapping) or not all(isinstance(value, str) for value in found.values()):
        return None
    known = {name: found.get(name, "") for name in _KEPT}
    return Identity(**known) if known["account"] else None


def _arrangement(found: Mapping[str, Any]) -> Arrangement:
    """What was remembered, as far as it is of the right form: people may edit the file."""

    def text(name: str) -> str:
        value = found.get(name)
        return value if isinstance(value, str) else ""

    def texts(name: str) -> list[str]:
        value = found.get(name)
        return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []

    return Arrangement(
        text("filter"), text("sort"), found.get("reverse") is True, frozenset(texts("pins")), tuple(texts("history"))
    )
