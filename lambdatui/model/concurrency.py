"""How much may run at the same time: of an account in a region, and of its functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

UNRESERVED_FLOOR = 100
"""What PutFunctionConcurrency leaves for the functions without a reservation ("Configuring reserved concurrency for a
function", Lambda Developer Guide, 2026)."""

SCALING_PER_TEN_SECONDS = 1_000
"""Execution environments that a function can gain every ten seconds, each by itself ("Lambda scaling behavior",
Lambda Developer Guide, 2026)."""


class AccountLimits(NamedTuple):
    """What GetAccountSettings says. In executions."""

    concurrent: int
    """Executions at the same time, of all functions together."""
    unreserved: int
    """What of it no function has reserved."""

    @property
    def reserved(self) -> int:
        """What functions have reserved, all together."""
        return max(0, self.concurrent - self.unreserved)

    def may_reserve(self, wanted: int, has: int = 0, provisioned: int = 0) -> str:
        """Whether a function that has reserved `has` can reserve `wanted`, in a sentence.

        Not less than what is provisioned for its versions and aliases together, and taking less is always allowed.
        """
        if wanted < provisioned:
            return f"No: {provisioned:,} at least, for so many are provisioned for it."
        most = max(has, self.unreserved + has - UNRESERVED_FLOOR)
        if wanted <= most:
            rest = self.unreserved + has - wanted
            floor = f", and {UNRESERVED_FLOOR} have to" if rest >= UNRESERVED_FLOOR else ""
            return f"Yes{'' if wanted else ', and 0 stops it'}: {rest:,} stay unreserved{floor}."
        if not most:
            return f"No: only {self.unreserved:,} are unreserved, and {UNRESERVED_FLOOR} have to stay so."
        return f"No: {most:,} at most, for {UNRESERVED_FLOOR} have to stay unreserved."


class Use(NamedTuple):
    """How much runs at the same time in the account."""

    in_use: float
    """Executions of all functions together."""
    limit: int

    @property
    def near(self) -> float:
        """Which part of the limit that is, 0 to 1."""
        return self.in_use / self.limit if self.limit > 0 else 1.0


class Reservations(NamedTuple):
    """What is known of the reservations of functions."""

    by_function: Mapping[str, int]
    """By name; those that have reserved none are not in it."""
    looked_at: int
    of: int
    """Functions that were looked at, and all."""
    total: int
    """What is reserved in all, as the account says."""

    @property
    def found(self) -> int:
        """The sum of what was found."""
        return sum(self.by_function.values())

    @property
    def complete(self) -> bool:
        """Whether nobody else can have reserved anything."""
        return self.looked_at >= self.of or self.found >= self.total

    @property
    def words(self) -> str:
        """What is not known yet, in a sentence; empty if all is."""
        if self.looked_at >= self.of:
            return ""
        what = "Which functions are stopped" if self.found >= self.total else "What is reserved by whom"
        return f"{what} is known of {self.looked_at:,} of {self.of:,}."
