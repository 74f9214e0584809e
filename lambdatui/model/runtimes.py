"""The life cycle of Lambda's runtimes: until when they are supported, and what takes their place.

From the day on which a runtime is deprecated it gets no security patches; functions go on running. Later AWS lets
nobody create functions with it, and later still nobody update them. AWS moves the dates: see `READ_ON`.
Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from lambdatui.model.functions import Function
from lambdatui.model.runtime_dates import DATES, READ_ON

__all__ = ["READ_ON", "Lifecycle", "RuntimeUse", "is_deprecated", "lifecycle", "runtimes_in_use"]


class Lifecycle(NamedTuple):
    """The dates of one runtime; None where there is none, or none is known."""

    runtime: str
    deprecated: date | None
    create_block: date | None
    """From then on no function can be created with it."""
    update_block: date | None
    """From then on no function that has it can be updated."""
    successor: str
    """The newest runtime of its kind; empty where it is that itself."""

    def is_deprecated(self, today: date) -> bool:
        """Whether it is, on that day."""
        return self.deprecated is not None and self.deprecated <= today

    def words(self, today: date) -> str:
        """In words: "deprecated since 2024-10-14, no updates from 2027-03-03; successor python3.14"."""
        successor = f"; successor {self.successor}" if self.successor else ""
        return (", ".join(self._dates(today)) or "no end is known") + successor

    def _dates(self, today: date) -> Iterator[str]:
        if self.deprecated is not None:
            yield f"deprecated since {self.deprecated}" if self.is_deprecated(today) else f"until {self.deprecated}"
        if self.is_deprecated(today):
            for what, day in (("no new functions", self.create_block), ("no updates", self.update_block)):
                if day is not None:
                    yield f"{what} {'since' if day <= today else 'from'} {day}"


def lifecycle(runtime: str) -> Lifecycle | None:
    """What is known of a runtime by its identifier; None of one that is newer than the table, and of an image."""
    if (dates := DATES.get(runtime)) is None:
        return None
    deprecated, create_block, update_block, successor = dates
    return Lifecycle(runtime, _day(deprecated), _day(create_block), _day(update_block), successor)


def is_deprecated(runtime: str, today: date) -> bool:
    """Whether a runtime is deprecated on that day, as far as that is known."""
    return (dates := DATES.get(runtime)) is not None and "" < dates[0] <= today.isoformat()


class RuntimeUse(NamedTuple):
    """A runtime, or container images, and how many functions have it."""

    name: str
    functions: int
    lifecycle: Lifecycle | None
    """None where nothing is known: of images, and of runtimes that are newer than the table."""


def runtimes_in_use(functions: Iterable[Function]) -> Sequence[RuntimeUse]:
    """What the functions run on, the most used first. What their published versions run on does not count."""
    counts = Counter(function.runtime_or_package for function in functions)
    return [RuntimeUse(name, count, lifecycle(name)) for name, count in counts.most_common()]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
