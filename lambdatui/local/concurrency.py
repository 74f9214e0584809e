"""How many invocations may run at once: the account's limit, what functions have reserved of it, and who runs now."""

from __future__ import annotations

from collections import Counter

ACCOUNT_LIMIT = 1000
"""Concurrent executions of an account in a region: Lambda's default quota."""

UNRESERVED_FLOOR = 100
"""Concurrency that functions cannot reserve: PutFunctionConcurrency refuses what would leave less."""


class Throttled(Exception):
    """An invocation that was not begun. `reason` is the Reason of TooManyRequestsException in the API's model."""

    def __init__(self, reason: str) -> None:
        super().__init__("Rate Exceeded.")
        self.reason = reason


class Concurrency:
    """The count of one account in one region. Not thread-safe: the pool's event loop alone uses it."""

    def __init__(self, limit: int = ACCOUNT_LIMIT) -> None:
        self.limit = limit
        self._running: Counter[str] = Counter()
        self._reserving: Counter[str] = Counter()
        self.unreserved = 0
        """Running invocations of functions without reserved concurrency."""

    @property
    def total(self) -> int:
        """Running invocations of all functions."""
        return self.unreserved + self._reserving.total()

    def of(self, function: str) -> int:
        """Running invocations of a function, all versions together."""
        return self._running[function]

    def running(self) -> list[str]:
        """The functions of which any invocation runs."""
        return list(self._running)

    def claimed(self, allocated: int) -> int:
        """The metric ClaimedAccountConcurrency: what cannot be had any more. `allocated` is what all have reserved."""
        return min(self.limit, self.unreserved + allocated)

    def take(self, function: str, reserved: int | None, allocated: int) -> Taken:
        """Count an invocation that begins. Raises Throttled.

        `reserved` is the function's reserved concurrency, None if it has none; `allocated` the sum of all functions'.
        """
        if reserved is not None:
            # 0 switches a function off.
            if self._running[function] >= reserved:
                raise Throttled("ReservedFunctionConcurrentInvocationLimitExceeded")
        elif self.unreserved >= self.limit - allocated:
            raise Throttled("ConcurrentInvocationLimitExceeded")
        if self.total >= self.limit:
            raise Throttled("ConcurrentInvocationLimitExceeded")
        self._running[function] += 1
        if reserved is None:
            self.unreserved += 1
        else:
            self._reserving[function] += 1
        return Taken(self, function, reserving=reserved is not None)

    def _give(self, function: str, *, reserving: bool) -> None:
        for counter in (self._running, self._reserving) if reserving else (self._running,):
            counter[function] -= 1
            if not counter[function]:
                del counter[function]
        if not reserving:
            self.unreserved -= 1


class Taken:
    """One invocation that is counted, until given back. It remembers as what: reservations change meanwhile."""

    def __init__(self, concurrency: Concurrency, function: str, *, reserving: bool) -> None:
        self._concurrency: Concurrency | None = concurrency
        self._function = function
        self._reserving = reserving

    def give_back(self) -> None:
        """Count it no more. The second time does nothing."""
        if self._concurrency is not None:
            self._concurrency._give(self._function, reserving=self._reserving)
            self._concurrency = None
