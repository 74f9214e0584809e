"""How a live tail is doing, in a few words."""

from __future__ import annotations

from collections import deque
from math import ceil

UPDATES = 10
"""The updates, one a second, that a rate is reckoned from."""


class Rate:
    """Events a second, lately."""

    def __init__(self) -> None:
        self._counts: deque[int] = deque(maxlen=UPDATES)

    def add(self, count: int) -> None:
        """So many events came in a second."""
        self._counts.append(count)

    def __str__(self) -> str:
        rate = sum(self._counts) / max(1, len(self._counts))
        return f"{rate:.0f}/s" if rate >= 9.95 or rate == int(rate) else f"{rate:.1f}/s"


def live_words(rate: Rate, minutes: float, *, sampled: bool, percent: int | None) -> str:
    """The state of a session: `live 41/s · 3 min`, `sampled 40 % · 3 min`, with the minutes that are paid for."""
    how = f"live {rate}"
    if sampled:
        how = "sampled" if percent is None else f"sampled {percent} %"
    return f"{how} · {max(1, ceil(minutes))} min"
