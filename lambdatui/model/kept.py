"""`Kept`: what was made last."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Kept(Generic[Made]):
    """What takes its time to make, and what it was made of the last time."""

    def __init__(self) -> None:
        self._last: tuple[object, Made] | None = None

    def get(self, made_of: object, make: Callable[[], Made]) -> Made:
        """The same object as the last time, if `made_of` equals what it was made of then."""
        last = self._last
        if last is None or last[0] != made_of:
            last = self._last = made_of, make()
        return last[1]
