"""What is drawn of a function's metrics: which lines are in which chart, of all of it or by its versions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from lambdatui.model.metrics import Metric, of_function

MOST_VERSIONS = 6
"""Lines of versions in one chart, the newest: there are as many colours."""


class Line(NamedTuple):
    """One series of a chart."""

    name: str
    metric: Metric
    unit: str = ""
    """As a chart's: "" for counts, "ms", "%"."""
    ran: Metric | None = None
    """The invocations: while there are some, it is zero without a point of its own. A rate is a part of them."""

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """What it is made of."""
        return (self.metric,) if self.ran is None else (self.metric, self.ran)


class Panel(NamedTuple):
    """One chart."""

    title: str
    lines: tuple[Line, ...]
    nothing: str
    """What is said to have no data where it has none."""
    leading: int = 0
    """The number of the line of which what was at another time is shown."""

    @property
    def lead(self) -> Line:
        """That line."""
        return self.lines[self.leading]


class View(NamedTuple):
    """What of a function is looked at: all, its versions, or what an alias executed of them."""

    kind: str = "all"
    """"all", "versions", "alias"."""
    alias: str = ""
    versions: tuple[str, ...] = ()
    """The newest first; none: the alias as a whole."""
    left_out: int = 0
    """Versions that have metrics too."""

    @property
    def words(self) -> str:
        """What it is called where it is shown."""
        if self.kind == "all":
            return "all versions together"
        if not self.versions:
            return f"alias {self.alias}"
        without = f", {self.left_out} older not shown" if self.left_out else ""
        return f"by version{without}" if not self.alias else f"alias {self.alias} by executed version{without}"


ALL = View()


def views(variants: Iterable[tuple[str, str]]) -> Sequence[View]:
    """What can be looked at, all first. `variants`: qualifiers that have metrics, with the executed version or "".

    Where an alias has one version, CloudWatch may have no executed version of it: then it is looked at as a whole.
    """
    versions: set[str] = set()
    aliases: dict[str, set[str]] = {}
    for qualifier, executed in variants:
        if _is_version(qualifier):
            versions.add(qualifier)
        else:
            aliases.setdefault(qualifier, set()).update(filter(None, [executed]))
    found = [ALL]
    if versions:
        found.append(_view("versions", "", versions))
    found += [_view("alias", name, executed) for name, executed in sorted(aliases.items())]
    return found


def _view(kind: str, alias: str, versions: Iterable[str]) -> View:
    newest = sorted(versions, key=lambda it: (not it.isdecimal(), len(it), it), reverse=True)
    return View(kind, alias, tuple(newest[:MOST_VERSIONS]), max(0, len(newest) - MOST_VERSIONS))


def _is_version(qualifier: str) -> bool:
    return qualifier.isdecimal() or qualifier == "$LATEST"


def panels(function: str, view: View = ALL) -> Sequence[Panel]:
    """The charts of a function by its name, in their order."""
    return list(_of_all(function) if view.kind == "all" else _by_version(function, view))


def _of_all(function: str) -> Iterator[Panel]:
    def line(name: str, metric: str, statistic: str = "Sum", unit: str = "", ran: Metric | None = None) -> Line:
        return Line(name, of_function(function, metric, statistic), unit, ran)

    ran = of_function(function, "Invocations", "Sum")
    yield Panel("Invocations", (line("invocations", "Invocations"),), "invocations")
    errors = line("errors", "Errors", ran=ran), line("error rate", "Errors", unit="%", ran=ran)
    yield Panel("Errors", errors, "errors")
    durations = tuple(line(it, "Duration", it, "ms") for it in ("p50", "p95", "p99"))
    yield Panel("Duration", durations, "durations", leading=1)
    yield Panel("Throttles", (line("throttles", "Throttles", ran=ran),), "throttles")
    together = line("at the same time", "ConcurrentExecutions", "Maximum")
    yield Panel("Concurrency", (together,), "concurrent executions")
    yield Panel("Iterator age", (line("oldest record", "IteratorAge", "Maximum", "ms"),), "iterator age")
    received = (
        line("received", "AsyncEventsReceived"), line("dropped", "AsyncEventsDropped"),
        line("age", "AsyncEventAge", "Maximum", "ms"),
    )  # fmt: skip
    yield Panel("Asynchronous events", received, "async events")
    lost = line("dead-letter errors", "DeadLetterErrors"), line("to destinations", "DestinationDeliveryFailures")
    yield Panel("Failed deliveries", lost, "failed deliveries")
    spill = line("beyond provisioned", "ProvisionedConcurrencySpilloverInvocations")
    yield Panel("Provisioned spillover", (spill,), "provisioned spillover")


def _by_version(function: str, view: View) -> Iterator[Panel]:
    def lines(metric: str, statistic: str = "Sum", unit: str = "", *, ran: bool = False) -> tuple[Line, ...]:
        return tuple(
            Line(f"v{version}" if version.isdecimal() else version or view.alias, of(version, metric, statistic), unit,
                 of(version, "Invocations", "Sum") if ran else None)
            for version in view.versions or ("",)
        )  # fmt: skip

    def of(version: str, metric: str, statistic: str) -> Metric:
        qualified = (view.alias, version) if view.alias else (version, "")
        return of_function(function, metric, statistic, *qualified)

    yield Panel("Invocations", lines("Invocations"), "invocations")
    yield Panel("Errors", lines("Errors", ran=True), "errors")
    yield Panel("Error rate", lines("Errors", unit="%", ran=True), "error rate")
    yield Panel("Duration p95", lines("Duration", "p95", "ms"), "durations")
    yield Panel("Throttles", lines("Throttles", ran=True), "throttles")
    yield Panel("Concurrency", lines("ConcurrentExecutions", "Maximum"), "concurrent executions")


def metrics_of(panels: Iterable[Panel]) -> Sequence[Metric]:
    """What they are made of, each once, in their order."""
    return list(dict.fromkeys(metric for panel in panels for line in panel.lines for metric in line.metrics))


def compared(panels: Iterable[Panel]) -> Sequence[Metric]:
    """What of it is compared with another time."""
    return list(dict.fromkeys(metric for panel in panels for metric in panel.lead.metrics))
