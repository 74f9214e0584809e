"""What functions have reserved and what is provisioned for them, looked for while the pane of concurrency is shown."""

from __future__ import annotations

from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING

from lambdatui.model.errors import AwsError
from lambdatui.model.pool import Has
from lambdatui.ui.work import start

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from lambdatui.model.concurrency import AccountLimits
    from lambdatui.ui.pane import Pane

RESERVED, PROVISIONED = "what functions have reserved", "what is provisioned"
"""Parts that can be lacking, as they are called."""


class Holdings:
    """What is known by now of what functions have; what cannot be read the pane lacks."""

    def __init__(self, pane: Pane, came: Callable[[Collection[str]], None]) -> None:
        """`came` is told with each answer of which functions something else is known now, which may be none."""
        self._pane = pane
        self._came = came
        self.has = Has({}, {})
        self.unknown = ""
        """What is not known yet of what functions have reserved, in a sentence."""

    def clear(self) -> None:
        """Drop all that was found."""
        self.has = Has({}, {})

    def using(self, names: Collection[str]) -> None:
        """These have used provisioned concurrency lately, and no others."""
        self.has = self.has._replace(provisioned={name: self.has.provisioned.get(name, 0) for name in names})

    def look(self, names: Sequence[str], throttled: Collection[str], limits: AccountLimits | None) -> None:
        """Begin to look, at what these functions have reserved if it is known how much that can be.

        Those that were throttled are looked at in any case: one that is stopped adds nothing to what is reserved. All
        others are looked at slowly, for those that are stopped and that nobody calls; not for a list beside another,
        which is there for as long as the program runs.
        """
        if limits is not None:
            work = partial(self._reserved, names, throttled, limits)
            start(self._pane, work, name="find reservations", group="reservations")
        start(self._pane, self._provisioned, name="find what is provisioned", group="provisioned")

    def stop(self) -> None:
        """Look no further."""
        self._pane.workers.cancel_group(self._pane, "reservations")
        self._pane.workers.cancel_group(self._pane, "provisioned")

    async def _reserved(self, lately: Sequence[str], throttled: Collection[str], limits: AccountLimits) -> None:
        pane = self._pane
        names = dict.fromkeys(name for name in lately if name in throttled)
        least, latest = len(names), self.has.reserved
        names.update(dict.fromkeys(lately))
        try:
            if limits.reserved or not pane.beside:
                names.update({it.name: None for it in await pane.aws.functions.listed()})
            looking = pane.aws.concurrency.reservations([*names], limits, least, every=not pane.beside)
            async with aclosing(looking) as found:
                async for known in found:
                    self.unknown = known.words if not (pane.beside and known.complete) else ""
                    # Where all that is reserved was found nobody else has any; whoever was stopped may be so still.
                    before = {it: count for it, count in self.has.reserved.items() if not (known.complete and count)}
                    self._take(self.has._replace(reserved={**before, **known.by_function}))
                    latest = known.by_function
            self._take(self.has._replace(reserved=dict(latest)))  # what was reserved may not be any more
            pane.lacks(RESERVED, None)
        except AwsError as problem:
            pane.lacks(RESERVED, problem)

    async def _provisioned(self) -> None:
        try:
            async with aclosing(self._pane.aws.concurrency.provisioned([*self.has.provisioned])) as found:
                async for name, parts in found:
                    allocated = sum(it.allocated for it in parts)
                    self._take(self.has._replace(provisioned={**self.has.provisioned, name: allocated}))
            self._pane.lacks(PROVISIONED, None)
        except AwsError as problem:
            self._pane.lacks(PROVISIONED, problem)

    def _take(self, has: Has) -> None:
        before, self.has = self.has, has
        changed = {*before.reserved.items()} ^ {*has.reserved.items()}
        changed |= {*before.provisioned.items()} ^ {*has.provisioned.items()}
        self._came({name for name, _ in changed})
