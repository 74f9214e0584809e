"""When Python's garbage collector looks through all there is."""

from __future__ import annotations

import gc
from time import monotonic
from weakref import ref

NEW = 80
"""Passes over what was made just now, 700 objects each, after which Python goes through all of them once more: some
10 ms, and 20 on a busy machine."""
NEVER = 1_000_000_000

PAUSE = 1.0
"""Seconds without a key, after which a short look keeps nobody waiting."""
QUIET = 60.0
"""Seconds without a key, after which nobody waits for anything."""
SETTLED = 1.0
"""Seconds with the first screen alone, after which what was closed is over, and what is there is there to stay."""

SOME = 15
"""Passes over what was made just now, after which it is worth looking through it while the first screen is in sight:
what was open, and is closed, is found before Python counts it among what is old."""
GROWN = 60_000
"""Objects, after which so much has come to stay that it is left out."""
FEW, MANY, MOST = 3, 4, 12
"""Screens that may be among what is old, some MiB each, after which that is looked through: with the first screen
alone, in a pause or at once, and whatever is open."""
ENOUGH, MUCH = 1_000, 20_000
"""Passes after which it is looked through anyway: at rest, and in a pause."""


def _passes(generation: int = 0) -> int:
    """How often Python passed over what was made just now; 1: through all that is new."""
    return int(gc.get_stats()[generation]["collections"])


class Collector:
    """Looks for garbage among what is new in steps of some milliseconds, and among what is old only when it has to.

    A pass over the figures of ten thousand functions takes 100 ms. But they stay, as a rule, and what goes goes without
    the collector, unless it refers to itself, as screens do. So what there is while only the first screen is open is
    left out of later passes, and Python's own go no further than what is new. Screens that were open in one of those
    count as old from then on: they are counted here, and looked for when the first screen is in sight again.
    """

    def __init__(self) -> None:
        self._thresholds = gc.get_threshold()
        self.begun = False
        """Whether it is to be asked to look."""
        self._key = self._alone = monotonic()
        """When a key was pressed last; since when there is only the first screen."""
        self._turns = -1
        self._first: ref[object] | None = None
        """The first screen when something was left out last."""
        self._old = 0
        """Screens that may be among what is old by now."""
        self._open: ref[object] | None = None
        """The one of them that came last."""
        self._steps = 0
        """How often Python had gone through what is new when it was asked to look last."""
        self._whole = self._left = 0
        """Passes until all was looked through last, and until it was counted what there is."""
        self._thaw = False
        """Whether there may be garbage among what was left out."""

    def begin(self) -> None:
        """What there is by now stays, and is never looked through."""
        self._thresholds = gc.get_threshold()
        gc.freeze()
        gc.set_threshold(self._thresholds[0], NEW, NEVER)
        gc.enable()
        self._whole = self._left = _passes()
        self.begun = True

    def end(self) -> None:
        """Leave it as it was."""
        gc.set_threshold(*self._thresholds)

    @property
    def quiet(self) -> bool:
        """Whether no key was pressed for so long that nobody waits for anything."""
        return monotonic() - self._key >= QUIET

    @property
    def enough(self) -> bool:
        """Whether it is worth looking through what is new."""
        return gc.get_count()[1] >= SOME

    def touch(self) -> None:
        """A key was pressed."""
        self._key = monotonic()

    def look(self, first: object, shown: object, turns: int) -> None:
        """Look for garbage, if enough has come.

        `first`: the screen below all others; `shown`: the one in sight; `turns`: how often the first came into sight.
        """
        now = monotonic()
        self._count(first, shown, turns)
        if first is not shown or turns != self._turns:
            self._turns, self._alone = turns, now  # what was closed just now may not be quite over
        stays = first is shown and now - self._alone >= SETTLED
        if stays and (self._first is None or self._first() is not first):
            if self._first is not None:  # another place: all of the one before may go
                self._thaw = True
            self._leave_out(first)
        if self._due(now - self._key, alone=first is shown):
            self._look_through(rest=now - self._key >= QUIET)
            if first is shown and (stays or self._has_grown()):
                self._thaw = self._thaw or not stays
                self._leave_out(first)
        elif first is shown and self.enough:
            gc.collect(1)
            if stays and not self._old and self._has_grown():
                self._leave_out(first)
        self._steps = _passes(1)

    def _count(self, first: object, shown: object, turns: int) -> None:
        """What was open while Python went through what is new counts as old to it."""
        same = turns == self._turns if shown is first else self._open is not None and self._open() is shown
        if _passes(1) != self._steps and not same:
            self._old += 1
            self._open = ref(shown)

    def _due(self, quiet: float, *, alone: bool) -> bool:
        """Whether all that is not left out is to be looked through, after so many seconds without a key.

        `alone`: only the first screen is open, so that what stays after it can be left out.
        """
        passes = _passes() - self._whole
        if quiet >= QUIET:
            return self._old > 0 or self._thaw or passes >= ENOUGH
        if not alone:
            return self._old >= MOST
        return self._old >= (FEW if quiet >= PAUSE else MANY) or (passes >= MUCH and quiet >= PAUSE)

    def _look_through(self, *, rest: bool) -> None:
        if rest and self._thaw:
            gc.unfreeze()
            self._thaw = False
        gc.collect()
        self._old, self._whole = 0, _passes()

    def _leave_out(self, first: object) -> None:
        gc.freeze()
        self._first, self._left = ref(first), _passes()

    def _has_grown(self) -> bool:
        """Whether much is looked through that has come to stay. To count it takes some milliseconds."""
        if (_passes() - self._left) * self._thresholds[0] < GROWN:
            return False
        self._left = _passes()
        return len(gc.get_objects()) >= GROWN
