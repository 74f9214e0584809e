"""What is drawn of a function's metrics: which lines are in which chart, of all of it or by its versions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from lambdatui.model.metrics import Metric
from lambdatui.model.quantities import (
    ASYNC_AGE,
    ASYNC_DROPPED,
    ASYNC_RECEIVED,
    CONCURRENCY,
    DEAD_LETTER_ERRORS,
    DESTINATION_FAILURES,
    ERRORS,
    INVOCATIONS,
    ITERATOR_AGE,
    P50,
    P95,
    P99,
    SPILLOVER,
    THROTTLES,
    ZERO_WHILE_INVOKED,
    Quantity,
)

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
    def line(name: str, quantity: Quantity, unit: str = "") -> Line:
        ran = INVOCATIONS.of(function) if quantity in ZERO_WHILE_INVOKED else None
        return Line(name, quantity.of(function), unit or quantity.unit, ran)

    yield Panel("Invocations", (line("invocations", INVOCATIONS),), "invocations")
    yield Panel("Errors", (line("errors", ERRORS), line("error rate", ERRORS, "%")), "errors")
    yield Panel("Duration", tuple(line(it.title, it) for it in (P50, P95, P99)), "durations", leading=1)
    yield Panel("Throttles", (line("throttles", THROTTLES),), "throttles")
    yield Panel("Concurrency", (line("at the same time", CONCURRENCY),), "concurrent executions")
    yield Panel("Iterator age", (line("oldest record", ITERATOR_AGE),), "iterator age")
    received = line("received", ASYNC_RECEIVED), line("dropped", ASYNC_DROPPED), line("age", ASYNC_AGE)
    yield Panel("Asynchronous events", received, "async events")
    lost = line("dead-letter errors", DEAD_LETTER_ERRORS), line("to destinations", DESTINATION_FAILURES)
    yield Panel("Failed deliveries", lost, "failed deliveries")
    yield Panel("Provisioned spillover", (line("beyond provisioned", SPILLOVER),), "provisioned spillover")


def _by_version(function: str, view: View) -> Iterator[Panel]:
    def lines(quantity: Quantity, unit: str = "") -> tuple[Line, ...]:
        return tuple(line(version, quantity, unit or quantity.unit) for version in view.versions or ("",))

    def line(version: str, quantity: Quantity, unit: str) -> Line:
        qualified = (view.alias, version) if view.alias else (version, "")
        ran = INVOCATIONS.of(function, *qualified) if quantity in ZERO_WHILE_INVOKED else None
        name = f"v{version}" if version.isdecimal() else version or view.alias
        return Line(name, quantity.of(function, *qualified), unit, ran)

    yield Panel("Invocations", lines(INVOCATIONS), "invocations")
    yield Panel("Errors", lines(ERRORS), "errors")
    yield Panel("Error rate", lines(ERRORS, "%"), "error rate")
    yield Panel("Duration p95", lines(P95), "durations")
    yield Panel("Throttles", lines(THROTTLES), "throttles")
    yield Panel("Concurrency", lines(CONCURRENCY), "concurrent executions")


def metrics_of(panels: Iterable[Panel]) -> Sequence[Metric]:
    """What they are made of, each once, in their order."""
    return list(dict.fromkeys(metric for panel in panels for line in panel.lines for metric in line.metrics))


def compared(panels: Iterable[Panel]) -> Sequence[Metric]:
    """What of it is compared with another time."""
    return list(dict.fromkeys(metric for panel in panels for metric in panel.lead.metrics))
