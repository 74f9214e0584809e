"""How the functions of the list do: their figures as columns, read for the rows in sight.

What figures are made of is imported when the first are asked for: with the first paint there are none.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lambdatui.model.chart_scale import figure
from lambdatui.model.kept import Kept
from lambdatui.model.metric_figures import percent
from lambdatui.model.sparkline import sparkline
from lambdatui.model.terms import Number
from lambdatui.model.text import duration
from lambdatui.ui.reading_words import cost_words, reading_words, refusal_word
from lambdatui.ui.widgets.columns import Cell, Column, Toned

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from lambdatui.model.function_figures import Figures
    from lambdatui.model.functions import Function
    from lambdatui.model.metrics import Need, Range
    from lambdatui.model.terms import Field
    from lambdatui.ui.panes.functions import FunctionsPane

TREND = 12
"""Cells of the sparkline."""
NEAR = 0.8
"""The share of its timeout from which on a duration is a warning."""
PART = "~"
"""Before a figure of which CloudWatch gave only part of the points."""
CHANGES = {
    "errors": "more_errors", "rate": "more_rate", "invocations": "more_invocations", "p95": "more_p95",
    "throttles": "more_throttles",
}  # fmt: skip
"""What is compared with the window before, and where the change of it is."""
MANY = 0.01
"""The part of invocations that fail from which on it is bad, and not only a warning."""


def _of(function: Function, what: str) -> float | None:
    found: float | None = None if function.health is None else getattr(function.health, what)
    return found


def _none(function: Function, need: str) -> Cell:
    """Why there is no figure, which would be made of that need: nothing was reported, or CloudWatch did not answer."""
    state: Figures | None = function.health
    if state is not None and state.asked and need not in state.waiting:
        return Toned("–", "muted")
    problem = None if state is None else state.problem
    if problem is None:
        return Toned("…", "muted")
    return Toned(refusal_word(problem), "muted")  # the whole of it is told above the list


def _said(function: Function, what: str) -> str:
    """A figure, with a sign before what is made of a part of the points only."""
    return f"{PART}{what}" if function.health is not None and function.health.partial else what


def _count(function: Function, what: str, *, alert: bool = False) -> Cell:
    value = _of(function, what)
    if value is None:
        return _none(function, what)
    said = _said(function, figure(value))
    return Toned(f"! {said}", "warning") if alert and value > 0 else said


def _rate(function: Function) -> Cell:
    state = function.health
    rate = None if state is None else state.error_rate
    if state is None or rate is None:
        return _none(function, "errors")
    # A tenth has no room beside the sign of what is partial, nor does it say much then.
    said = _said(function, percent(rate, whole_from=10 if state.partial else 100))
    return Toned(f"! {said}", "bad" if rate >= MANY else "warning") if rate > 0 else said


def _p95(function: Function) -> Cell:
    state = function.health
    if state is None or state.p95 is None:
        return _none(function, "p95")
    share = state.share(function.timeout)
    said = _said(function, f"{duration(state.p95)} {percent(share, whole_from=10)}")
    return Toned(f"! {said}", "warning") if (share or 0) >= NEAR else said


def _growth(function: Function, what: str) -> float | None:
    """How many times it is what it was in the window before."""
    change = None if function.health is None else getattr(function.health, CHANGES[what])
    return None if change is None else change.factor


def _change(function: Function, what: str) -> Cell:
    """How a figure is to that of the window before, and whether that is good."""
    factor = _growth(function, what)
    if factor is None:  # beside a figure that says why it is not there
        return Toned("–", "muted") if getattr(function.health, CHANGES[what], None) is not None else ""
    words = getattr(function.health, CHANGES[what]).words
    if not words:
        return Toned("=" if factor == 1 else "≈", "muted")
    said = _said(function, words)
    return said if what == "invocations" else Toned(said, "bad" if factor > 1 else "good")


def _delta(title: str, what: str, leaves: int = 0) -> Column[Function]:
    return Column(title, lambda it: _change(it, what), 7, sort=lambda it: _growth(it, what), leaves=leaves)


def _trend(function: Function) -> Cell:
    state = function.health
    return "" if state is None or state.series is None else sparkline(state.series.values, TREND)


COLUMNS: Sequence[Column[Function]] = (
    Column("Invoc", lambda it: _count(it, "invocations"), 6, sort=lambda it: _of(it, "invocations"), align="right",
           urgency=4),
    Column("Err%", _rate, 7, sort=lambda it: _of(it, "error_rate"), align="right", urgency=1),
    Column("p95/timeout", _p95, 12, sort=lambda it: _of(it, "p95"), align="right", urgency=3),
    Column("Thr", lambda it: _count(it, "throttles", alert=True), 7, sort=lambda it: _of(it, "throttles"),
           align="right", urgency=2),
    Column("Conc", lambda it: _count(it, "concurrency"), 6, sort=lambda it: _of(it, "concurrency"), align="right"),
    Column("Trend", _trend, TREND),
    _delta("ΔErr", "errors"),
    _delta("ΔErr%", "rate", 8),
    _delta("ΔInv", "invocations", 8),
    _delta("Δp95", "p95", 8),
    _delta("ΔThr", "throttles", 8),
)  # fmt: skip
FIELDS: Sequence[Field[Function]] = (
    Number("inv", lambda it: _of(it, "invocations"), ">1000", {"k": 1e3, "m": 1e6}),
    Number("err", lambda it: None if (rate := _of(it, "error_rate")) is None else rate * 100, ">1", {"%": 1}),
    Number("thr", lambda it: _of(it, "throttles"), ">0"),
    Number("p95", lambda it: _of(it, "p95"), ">500", {"ms": 1, "s": 1000}),
    Number("conc", lambda it: _of(it, "concurrency"), ">10"),
    Number("derr", lambda it: _growth(it, "errors"), ">2", {"x": 1}),
    Number("drate", lambda it: _growth(it, "rate"), ">2", {"x": 1}),
    Number("dinv", lambda it: _growth(it, "invocations"), "<0.5", {"x": 1}),
    Number("dp95", lambda it: _growth(it, "p95"), ">1.5", {"x": 1}),
    Number("dthr", lambda it: _growth(it, "throttles"), ">2", {"x": 1}),
)
_NEEDED: Mapping[str, Sequence[str]] = {
    "Invoc": (), "Err%": ("errors",), "p95/timeout": ("p95",), "Thr": ("throttles",), "Conc": ("concurrency",),
    "Trend": (), "ΔErr": ("errors",), "ΔErr%": ("errors",), "ΔInv": (), "Δp95": ("p95",), "ΔThr": ("throttles",),
    "inv": (), "err": ("errors",), "thr": ("throttles",), "p95": ("p95",), "conc": ("concurrency",),
    "derr": ("errors",), "drate": ("errors",), "dinv": (), "dp95": ("p95",), "dthr": ("throttles",),
}  # fmt: skip
"""What a column or a term is made of, beside invocations: no more is read than what is shown or decides."""


def _parts(names: Sequence[str], parts: Collection[str], over: Range) -> Sequence[Need]:
    from lambdatui.model.function_figures import parts_of_rows

    return tuple(parts_of_rows(names, parts, over))


def _made_of(shown: Sequence[str]) -> Collection[str]:
    """Invocations, without which no other figure means anything, and what else these columns and terms are made of."""
    return dict.fromkeys(["invocations", *(part for it in shown for part in _NEEDED[it])])


class FunctionHealth:
    """Has the figures in sight read; of all functions, while the list is sorted or filtered by them."""

    def __init__(self, pane: FunctionsPane) -> None:
        self._pane = pane
        self.known: dict[str, Figures] = {}
        """By the function's name."""
        self._rest: Kept[Sequence[Need]] = Kept()
        """What is read of all rows."""

    def needs(self) -> tuple[Sequence[Need], Sequence[Need]]:
        """What the rows in sight need for the columns in sight, and what else is needed."""
        deciding, table = self._deciding(), self._pane.table
        shown = [it.title for it in table.columns_in_sight if it.title in _NEEDED]
        visible = [it.name for it in table.in_sight] if shown or deciding else []
        return _parts(visible, _made_of([*shown, *deciding]), self._pane.over), self._of_all(deciding)

    def _deciding(self) -> Sequence[str]:
        """Columns and terms of figures that the list is sorted and filtered by."""
        table = self._pane.table
        by = [] if table.sorted_by[0] is None else [table.columns[table.sorted_by[0]].title]
        return [it for it in [*by, *(it.field.name for it in table.asked.asked)] if it in _NEEDED]

    def _of_all(self, deciding: Sequence[str]) -> Sequence[Need]:
        """What is needed of all rows; the same object while it is the same: with many rows it takes its time."""
        names = [it.name for it in self._pane.table.everything] if deciding else []
        parts = _made_of(deciding)
        over = self._pane.over
        return self._rest.get((names, over, parts), lambda: _parts(names, parts, over))

    def said(self) -> Iterator[str]:
        """What the status line says of metrics."""
        reader = self._pane.aws.metrics.reader
        yield f"metrics of {self._pane.over}"
        if self._deciding():
            total = self._pane.table.total
            known = sum(it.health is not None and it.health.asked for it in self._pane.table.everything)
            if known < total:
                yield f"known of {known:,} of {total:,} functions"
        if any(it.health is not None and it.health.partial for it in self._pane.table.in_sight):
            yield f"{PART} CloudWatch gave only part of it"
        if said := [*reader.asking.notes, *self._notes()]:
            yield f"CloudWatch says: {said[0]}"
        yield from reading_words(reader)
        yield from cost_words(reader, "they")

    def _notes(self) -> Sequence[str]:
        """What is said of the percentile of the first row that has one: it is true of all, or of none."""
        from lambdatui.model.function_figures import row_needs

        for row in self._pane.table.in_sight:
            if row.health is not None and row.health.p95 is not None:
                reading = self._pane.watching.readings.get(row_needs(row.name, self._pane.over).p95)
                return () if reading is None else reading.notes
        return ()

    def known_of(self, names: Collection[str]) -> Iterator[Function | None]:
        """The rows of these functions with what is known by now; None for one of which that is the same as before."""
        from lambdatui.model.function_figures import figures, row_needs

        over, found = self._pane.over, self._pane.watching.readings
        for row in [it for it in self._pane.table.everything if it.name in names]:
            news = figures(row_needs(row.name, over), found, over)
            if news.same(self.known.get(row.name)):
                yield None
            else:
                self.known[row.name] = news
                yield replace(row, health=news)
