"""What an invocation leaves behind: the platform's log lines, in text or JSON, and the metrics of AWS/Lambda."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from lambdatui.local import platform_lines
from lambdatui.local.execution import Call, Init, Line, Program, Result
from lambdatui.local.places import Place

if TYPE_CHECKING:
    from lambdatui.local.log_store import LogStore
    from lambdatui.local.metric_store import MetricStore

TAIL = 4096
"""Bytes of an invocation's log that Invoke gives with LogType=Tail (X-Amz-Log-Result)."""

NAMESPACE = "AWS/Lambda"


class StreamReport:
    """An execution environment's log stream, written as the environment tells what happens (execution.Report)."""

    def __init__(self, program: Program, stream: str, store: LogStore, *, kind: str = "on-demand") -> None:
        self._program = program
        self._stream = stream
        self._store = store
        self._lines = platform_lines.of(program, stream, kind)
        self._last = 0
        self._tail: deque[bytes] = deque()
        self._tail_size = 0

    def init_started(self, at: float, runtime: str) -> None:
        self._write((at, text) for text in self._lines.init_started(at, runtime))

    def printed(self, lines: Sequence[Line]) -> None:
        self._write((line.at, line.text + "\n") for line in lines)

    def init_ended(self, at: float, init: Init) -> None:
        self._write((at, text) for text in self._lines.init_ended(at, init))

    def started(self, at: float, call: Call) -> None:
        self._tail.clear()  # INIT_START and what came before are no part of it
        self._tail_size = 0
        self._write((at, text) for text in self._lines.started(at, call))

    def ended(self, at: float, call: Call, result: Result) -> None:
        self._write((at, text) for text in self._lines.ended(at, call, result))

    def tail(self) -> bytes:
        """The last TAIL bytes of what the last invocation logged."""
        return b"".join(self._tail)[-TAIL:]

    def _write(self, messages: Iterable[tuple[float, str]]) -> None:
        events: list[tuple[int, str]] = []
        for at, message in messages:
            # A stream's events are in order of time, whatever the clock does.
            self._last = max(self._last, int(at * 1000))
            events.append((self._last, message))
        if not events:
            return
        self._store.append(self._program.place, self._program.logging.group, self._stream, events)
        end, size = len(self._tail), 0
        for _, message in reversed(events):
            if size >= TAIL:
                break
            # There each record is a line, JSON's too: who reads its duration there takes the lines apart.
            encoded = (message.removesuffix("\n") + "\n").encode("utf-8", "replace")[-TAIL:]
            self._tail.insert(end, encoded)
            size += len(encoded)
        self._tail_size += size
        while self._tail_size - len(self._tail[0]) >= TAIL:
            self._tail_size -= len(self._tail.popleft())


class Resource(NamedTuple):
    """What was invoked, as the metrics' dimensions name it."""

    name: str
    qualifier: str = ""
    """The version or alias that the caller named; empty for none."""
    executed_version: str = ""
    """For aliases with a second version only."""

    def dimensions(self) -> list[dict[str, str]]:
        """The dimension sets of a datapoint: the region's, the function's, the resource's, the version's."""
        function = {"FunctionName": self.name}
        resource = {**function, "Resource": f"{self.name}:{self.qualifier}" if self.qualifier else self.name}
        sets: list[dict[str, str]] = [{}, function, resource]
        if self.executed_version:
            sets.append({**resource, "ExecutedVersion": self.executed_version})
        return sets


class Load(NamedTuple):
    """How much runs at a moment, this invocation included."""

    total: int
    function: int
    unreserved: int
    claimed: int


class LambdaMetrics:
    """The metrics that Lambda itself emits. Any thread; `at` is in seconds since the epoch."""

    def __init__(self, store: MetricStore) -> None:
        self._store = store

    def finished(self, place: Place, resource: Resource, result: Result, at: float) -> None:
        """An invocation that ran, whatever it returned. The datapoints lie at its start, as AWS's do."""
        self._count(place, resource, at, {"Invocations": 1, "Errors": int(result.failed), "Throttles": 0})
        for dimensions in resource.dimensions():
            self._add(place, "Duration", dimensions, result.duration * 1000, at, "Milliseconds")

    def throttled(self, place: Place, resource: Resource, at: float) -> None:
        """An invocation that was not begun: it is not among Invocations."""
        self._count(place, resource, at, {"Throttles": 1})

    def load(self, place: Place, name: str, load: Load, at: float) -> None:
        """How much ran when an invocation began, and once a minute while any runs."""
        self._add(place, "ConcurrentExecutions", {}, load.total, at)
        self._add(place, "ConcurrentExecutions", {"FunctionName": name}, load.function, at)
        self._add(place, "UnreservedConcurrentExecutions", {}, load.unreserved, at)
        self._add(place, "ClaimedAccountConcurrency", {}, load.claimed, at)

    def provisioned(
        self, place: Place, resource: Resource, used: int, allocated: int, *, spilled: bool, at: float
    ) -> None:
        """An invocation of what has provisioned concurrency; `spilled` when all of it was in use."""
        name = "ProvisionedConcurrencySpilloverInvocations" if spilled else "ProvisionedConcurrencyInvocations"
        self._count(place, resource, at, {name: 1})
        for dimensions in resource.dimensions():
            self._add(place, "ProvisionedConcurrentExecutions", dimensions, used, at)
            if "Resource" in dimensions:
                share = used / allocated if allocated else 0.0
                self._add(place, "ProvisionedConcurrencyUtilization", dimensions, share, at)

    def async_received(self, place: Place, resource: Resource, at: float) -> None:
        """An event that was put into a function's queue."""
        self._count(place, resource, at, {"AsyncEventsReceived": 1})

    def async_age(self, place: Place, resource: Resource, seconds: float, at: float) -> None:
        """How long an event had waited when it was handed to the function."""
        for dimensions in resource.dimensions():
            self._add(place, "AsyncEventAge", dimensions, seconds * 1000, at, "Milliseconds")

    def async_dropped(self, place: Place, resource: Resource, at: float) -> None:
        """An event that was given up: too old, out of attempts, or the queue was full."""
        self._count(place, resource, at, {"AsyncEventsDropped": 1})

    def dead_letter_error(self, place: Place, resource: Resource, at: float) -> None:
        """An event that could not be sent to its dead-letter queue."""
        self._count(place, resource, at, {"DeadLetterErrors": 1})

    def destination_delivery_failure(self, place: Place, resource: Resource, at: float) -> None:
        """A record that could not be sent to its destination."""
        self._count(place, resource, at, {"DestinationDeliveryFailures": 1})

    def recursion_stopped(self, place: Place, resource: Resource, at: float) -> None:
        """An invocation that was not begun, because its function had called itself too often."""
        self._count(place, resource, at, {"RecursiveInvocationsDropped": 1})

    def iterator_age(self, place: Place, resource: Resource, seconds: float, at: float) -> None:
        """How old the last record of a stream's batch was when the function had processed it."""
        for dimensions in resource.dimensions():
            self._add(place, "IteratorAge", dimensions, max(0.0, seconds) * 1000, at, "Milliseconds")

    def _count(self, place: Place, resource: Resource, at: float, values: Mapping[str, int]) -> None:
        for dimensions in resource.dimensions():
            for name, value in values.items():
                self._add(place, name, dimensions, value, at)

    def _add(
        self, place: Place, name: str, dimensions: Mapping[str, str], value: float, at: float, unit: str = "Count"
    ) -> None:
        self._store.add(place, NAMESPACE, name, dimensions, value, at=at, unit=unit)
