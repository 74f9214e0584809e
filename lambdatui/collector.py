"""When Python's garbage collector looks through all there is."""

from __future__ import annotations

import gc
from time import monotonic
from weakref import ref

QUIET = 60.0
"""Seconds without a key, after which nobody waits for anything."""
ENOUGH = 100
"""Passes over what is new, some thousand objects each, after which there may be something among what is old."""
PAUSE, SOME = 1.0, 10
"""Seconds without a key, and passes, after which it is worth looking while keys are pressed: by then a screen may have
been closed, up to 5 MiB that refer to one another."""
MUCH = 25
"""Passes after which it cannot wait: without an end to the keys it would be hundreds of MiB."""
SETTLED = 1.0
"""Seconds with the first screen alone, after which what was closed is over, and what is there is there to stay."""
NEVER = 1_000_000_000


class Collector:
    """Passes over what is new whenever they are due, some milliseconds; over what is old only when it is asked to look.

    With the figures of two thousand functions a pass over all takes more than 50 ms, and one was due with every quarter
    that was added. So what there is while only the first screen is open is left out of later ones. It stays, as a rule;
    what goes goes without the collector, unless it refers to itself, as screens do.
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

    def begin(self) -> None:
        """What there is by now stays, and is never looked through."""
        self._thresholds = gc.get_threshold()
        gc.freeze()
        gc.set_threshold(*self._thresholds[:2], NEVER)
        gc.enable()
        self.begun = True

    def end(self) -> None:
        """Leave it as it was."""
        gc.set_threshold(*self._thresholds)

    @property
    def quiet(self) -> bool:
        """Whether no key was pressed for so long that nobody waits for anything."""
        return monotonic() - self._key >= QUIET

    def touch(self) -> None:
        """A key was pressed."""
        self._key = monotonic()

    def look(self, first: object, shown: object, turns: int) -> None:
        """Look for garbage, if enough has come.

        `first`: the screen below all others; `shown`: the one in sight; `turns`: how often the first came into sight.
        """
        now = monotonic()
        if first is not shown or turns != self._turns:
            self._turns, self._alone = turns, now  # what was closed just now may not be quite over
        stays = first is shown and now - self._alone >= SETTLED
        if stays and self._first is None:
            self._leave_out(first)
        quiet = now - self._key
        enough = ENOUGH if quiet >= QUIET else SOME if quiet >= PAUSE else MUCH
        if gc.get_count()[2] < enough:
            return
        if self._first is not None and self._first() is not first:
            gc.unfreeze()  # another place: all of the one before may go
            self._first = None
        gc.collect()
        if stays:
            self._leave_out(first)

    def _leave_out(self, first: object) -> None:
        gc.freeze()
        self._first = ref(first)
