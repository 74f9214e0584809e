"""What Lambda tells CloudWatch of its functions, each metric as it is meant to be read.

Source: "Types of metrics for Lambda functions", Lambda Developer Guide, 2026.
"""

from __future__ import annotations

from typing import NamedTuple

from lambdatui.model.metrics import Metric, of_function


class Quantity(NamedTuple):
    """A metric with the statistic that it is read by."""

    title: str
    metric: str
    statistic: str
    unit: str = ""
    """ms, or empty for a number of things."""

    @property
    def percentile(self) -> bool:
        """Whether figures of it cannot be put together."""
        return self.statistic.startswith("p")

    def of(self, function: str, qualifier: str = "", executed: str = "") -> Metric:
        """That of a function, of a version or alias of it, or of what an alias executed of a version."""
        return of_function(function, self.metric, self.statistic, qualifier, executed)

    def of_all(self) -> Metric:
        """That of all functions together."""
        return Metric(self.metric, self.statistic)


INVOCATIONS = Quantity("invocations", "Invocations", "Sum")
ERRORS = Quantity("errors", "Errors", "Sum")
THROTTLES = Quantity("throttles", "Throttles", "Sum")
P50 = Quantity("p50", "Duration", "p50", "ms")
P95 = Quantity("p95", "Duration", "p95", "ms")
P99 = Quantity("p99", "Duration", "p99", "ms")
SLOWEST = Quantity("slowest", "Duration", "Maximum", "ms")
CONCURRENCY = Quantity("concurrency", "ConcurrentExecutions", "Maximum")
UNRESERVED = Quantity("unreserved concurrency", "UnreservedConcurrentExecutions", "Maximum")
"""Of functions that have reserved nothing; told of all together only."""
PROVISIONED = Quantity("provisioned concurrency", "ProvisionedConcurrentExecutions", "Maximum")
"""How much of it is in use. Which part that is, CloudWatch tells of versions and aliases only."""
SPILLOVER = Quantity("provisioned spillover", "ProvisionedConcurrencySpilloverInvocations", "Sum")
"""Invocations that found no provisioned concurrency free."""
ITERATOR_AGE = Quantity("iterator age", "IteratorAge", "Maximum", "ms")
ASYNC_AGE = Quantity("async age", "AsyncEventAge", "Maximum", "ms")
ASYNC_RECEIVED = Quantity("async received", "AsyncEventsReceived", "Sum")
ASYNC_DROPPED = Quantity("async dropped", "AsyncEventsDropped", "Sum")
DEAD_LETTER_ERRORS = Quantity("dead-letter errors", "DeadLetterErrors", "Sum")
DESTINATION_FAILURES = Quantity("destination failures", "DestinationDeliveryFailures", "Sum")

ZERO_WHILE_INVOKED = frozenset({ERRORS, THROTTLES})
"""Those that are zero without data while there are invocations."""
