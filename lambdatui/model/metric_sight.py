"""Which stretch of time the charts of a function show: it follows the time, or stands still at one of before."""

from __future__ import annotations

from typing import NamedTuple

from lambdatui.model.metrics import KEPT, Frame, chart

_MINUTE, _HOUR, _DAY = 60, 3600, 86400

LENGTHS = (
    5 * _MINUTE, 15 * _MINUTE, 30 * _MINUTE, _HOUR, 3 * _HOUR, 6 * _HOUR, 12 * _HOUR, _DAY, 3 * _DAY, 7 * _DAY,
    14 * _DAY, 30 * _DAY, 60 * _DAY,
)  # fmt: skip
"""Seconds that can be shown: the steps of the zoom."""


class Sight(NamedTuple):
    """A stretch of time. Seconds, and seconds since 1970."""

    length: int
    end: int | None = None
    """None: it ends now, and moves with the time."""

    def nearer(self, about: float | None, now: float) -> Sight:
        """The next shorter one, with the moment `about` in its middle; None: with the same end."""
        shorter = [it for it in LENGTHS if it < self.length]
        return self._of(shorter[-1], about, now) if shorter else self

    def farther(self, about: float | None, now: float) -> Sight:
        """The next longer one."""
        longer = [it for it in LENGTHS if it > self.length]
        return self._of(longer[0], about, now) if longer else self

    def moved(self, halves: int, now: float) -> Sight:
        """Later by so many halves of itself, or earlier: up to now, and to where CloudWatch has nothing any more."""
        end = (now if self.end is None else self.end) + halves * self.length / 2
        return self._ending(end, now)

    def frame(self, columns: int, now: float) -> Frame:
        """It with about one point for each of so many columns."""
        return chart(self.length, columns, now, self.end)

    def _of(self, length: int, about: float | None, now: float) -> Sight:
        longer = Sight(length, self.end)
        return longer._ending(about + length / 2, now) if about is not None else longer

    def _ending(self, end: float, now: float) -> Sight:
        first = now - KEPT[-1][0] + self.length
        return self._replace(end=None if end >= now else int(max(end, min(first, now)) // _MINUTE * _MINUTE))


def length_words(seconds: int) -> str:
    """A length of time: 90 s, 15 min, 1 h, 7 d."""
    for unit, size in (("d", _DAY), ("h", _HOUR), ("min", _MINUTE)):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
