"""What is failing in the account: functions ranked by their errors."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from textual.message import Message

from lambdatui.model.chart_scale import figure
from lambdatui.model.errors import AwsError
from lambdatui.model.failing import BESIDE, COUNTED, Beside, Failing, beside, errors_of, failing, rankings
from lambdatui.model.functions import default_log_group
from lambdatui.model.kept import Kept
from lambdatui.model.metric_figures import percent, summed
from lambdatui.model.metrics import of_each
from lambdatui.model.quantities import INVOCATIONS, THROTTLES
from lambdatui.model.sparkline import sparkline
from lambdatui.model.terms import Number
from lambdatui.model.text import duration
from lambdatui.ui.figures import FiguresPane
from lambdatui.ui.panes.last_error import LastError
from lambdatui.ui.reading_words import cost_words, reading_words
from lambdatui.ui.widgets.columns import Cell, Column, Toned

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Collection, Iterator, Mapping, Sequence

    from textual.app import ComposeResult

    from lambdatui.aws.gateway import Aws
    from lambdatui.model.metrics import Need
    from lambdatui.model.terms import Field
    from lambdatui.ui.widgets.table import Table

TREND = 12
"""Cells of the sparkline."""
MANY = 0.01
"""The part of invocations that fail from which on it is bad, and not only a warning."""


def _functions(names: Collection[str]) -> str:
    return f"{len(names):,} function{'s' * (len(names) != 1)}"


def _count(value: float | None, *, alert: bool = True) -> Cell:
    if value is None:
        return Toned("–", "muted")
    return Toned(f"! {figure(value)}", "warning") if alert and value > 0 else figure(value)


def _errors(row: Failing) -> Cell:
    return _count(row.errors if row.reported else None)


def _rate(row: Failing) -> Cell:
    if row.rate is None or not row.errors:
        return Toned(percent(row.rate), "muted")
    return Toned(f"! {percent(row.rate)}", "bad" if row.rate >= MANY else "warning")


def _change(row: Failing) -> Cell:
    words = row.change.words
    return Toned(words, "bad" if row.change.order > 0 else "good") if words else ""


def _since(row: Failing) -> str:
    """The time where it was today, else the day; with a sign where it may have begun before."""
    if row.since is None:
        return ""
    at = datetime.fromtimestamp(row.since).astimezone()
    today = at.date() == datetime.now().astimezone().date()
    return f"{'<' * row.longer}{at:%H:%M}" if today else f"{'<' * row.longer}{at:%b %d}"


def _beside(it: Beside) -> Column[Failing]:
    def cell(row: Failing) -> Cell:
        value = row.more.get(it.metric)
        return _count(value) if not it.quantity.unit or value is None else duration(value)

    return Column(it.title, cell, max(6, len(it.title) + 1), sort=lambda row: row.more.get(it.metric), align="right")


class ErrorsPane(FiguresPane[Failing]):
    """The functions that were called lately and failed, or were throttled, or lost events; most errors first."""

    NAME = "errors"
    ALIASES = ("err",)
    TITLE = "Errors"
    LOADING = "Looking for functions that were invoked…"
    EMPTY = "No function that was invoked in the last three hours has failed, was throttled or lost events."
    COLUMNS: ClassVar[Sequence[Column[Failing]]] = (
        Column("Function", lambda it: it.name, 19, grow=3, sort=lambda it: it.name.lower()),
        Column("Errors", _errors, 7, sort=lambda it: it.errors, align="right"),
        Column("Err%", _rate, 7, sort=lambda it: it.rate, align="right"),
        Column("Change", _change, 7, sort=lambda it: it.change.order),
        Column("Since", _since, 7, sort=lambda it: it.since),
        Column("Trend", lambda it: sparkline(it.points, TREND), TREND),
        *map(_beside, BESIDE),
    )
    RANKED = True
    FIGURED = ("Err%", "err", "thr", *(it.title for it in BESIDE))
    FIELDS: ClassVar[Sequence[Field[Failing]]] = (
        Number("errors", lambda it: it.errors, ">10"),
        Number("err", lambda it: None if it.rate is None else it.rate * 100, ">1", {"%": 1}),
        Number("thr", lambda it: it.more.get(THROTTLES.metric), ">0"),
    )

    class Opened(Message):
        """A person wants to see the errors of a function in its log, since that time (s since 1970)."""

        def __init__(self, name: str, start: int) -> None:
            super().__init__()
            self.name = name
            self.start = start

    def __init__(self, aws: Aws, **arguments: Any) -> None:
        super().__init__(aws, **arguments)
        if self.table.sorted_by[0] is None:
            self.table.sort_by(1, reverse=True)
        self._ran: Collection[str] = ()
        """Functions that were invoked lately."""
        self._names: Sequence[str] = ()
        """These, and those whose calls were throttled or whose events were lost: such a call is no invocation."""
        self._had: Mapping[str, frozenset[str]] = {}
        """By metric, the functions that had it lately."""
        self._deciding: Kept[Mapping[str, Sequence[Need]]] = Kept()
        """What decides whether they are told of, by name."""
        self._more: Kept[Sequence[Need]] = Kept()
        """What else is told of those that fail."""
        self._rows: dict[str, Failing] = {}
        self.group_of: Callable[[str], str] = default_log_group
        """The log group of a function, by its name."""
        self._newest = LastError(aws)

    def content(self) -> ComposeResult:
        yield from super().content()
        yield self._newest

    async def pages(self) -> AsyncGenerator[Sequence[Failing], None]:
        try:
            self._had = await self.aws.metrics.active_by([INVOCATIONS.metric, *(it.metric for it in COUNTED)])
        except AwsError:
            if self._names:  # the figures of those that are known may be had all the same
                self.begin_reading()
            raise
        self._ran = self._had[INVOCATIONS.metric]
        names = frozenset[str]().union(*self._had.values())
        self._names = sorted(names)
        self._rows = {name: row for name, row in self._rows.items() if name in names}
        self.begin_reading()
        await asyncio.sleep(0)  # with ten thousand functions both have their milliseconds
        yield self._shown()

    def key(self, item: Failing) -> str:
        return item.name

    def action_refresh_pane(self) -> None:
        """Ask for all figures again."""
        self._look_for_last(self._newest.name_of)
        super().action_refresh_pane()

    def watch_active(self, active: bool) -> None:
        super().watch_active(active)
        item = self.table.cursor_item if active else None
        self._look_for_last("" if item is None else item.name)

    def retime(self) -> None:
        self._look_for_last("")  # its row comes anew, and is announced then
        self._rows.clear()
        self.rank_anew()
        super().retime()
        self.table.retain(())
        self.tell()

    def want(self) -> None:
        """What decides of all that were called whether they are told of; of those in sight all else."""
        over, shown = self.over, [it.name for it in self.table.in_sight]
        visible = [need for name in shown for need in (errors_of(name, over), *beside(name, over).values())]
        in_sight = set(shown)
        others = [need for name, needs in self._ranking().items() if name not in in_sight for need in needs]
        rest = self._rest() if self.by_figures else []
        # Beside the list that somebody looks at, those out of sight are ranked anew more seldom.
        self.watching.want([*visible, *([] if self.beside else others)], [*(others if self.beside else []), *rest])

    def _rest(self) -> Sequence[Need]:
        made_of = over, names = self.over, [*self._rows]
        return self._more.get(made_of, lambda: [*of_each(names, beside("", over).values())])

    def _ranking(self) -> Mapping[str, Sequence[Need]]:
        made_of = over, had, names = self.over, self._had, self._names
        return self._deciding.get(made_of, lambda: rankings(names, over, had))

    def known_of(self, names: Collection[str]) -> Iterator[Failing | None]:
        over = self.over
        for name in names:
            row = failing(name, over, self.watching.readings)
            if row is not None:
                self._rows[name] = row
            yield None if row is None or row.quiet else row

    def figures_came(self) -> None:
        """Leave out those of which there is nothing to tell any more."""
        self.table.retain({row.name for row in self._shown()})
        item = self.table.cursor_item
        self._newest.tell("" if item is None else item.beside)

    def _shown(self) -> Sequence[Failing]:
        return [row for row in self._rows.values() if not row.quiet]

    def _said(self) -> Iterator[str]:
        yield from super()._said()
        known = [self._rows[name].errors if name in self._rows else None for name in self._ran]
        total = summed(known)
        count = f"{total.value:,.0f}" if total.counted or not total.left_out else "–"
        ran = _functions(self._ran)
        # Half of a screen has room for it: what the sum leaves out must not be cut off.
        of = f" without {total.left_out:,} of {ran}" if total.left_out else f", {ran} ran lately"
        yield f"{count} errors in {self.over}{of}"
        yield from reading_words(self.aws.metrics.reader)
        if not self.beside:
            yield from cost_words(self.aws.metrics.reader)

    def nothing(self) -> str:
        """That nothing fails is said of functions whose figures are known."""
        known = self.watching.readings
        reading = f"Reading the figures of {_functions(self._names)}…"
        if self._names and not known:
            return reading
        needs = [(name, known.get(need)) for name, needs in self._ranking().items() for need in needs]
        unknown = {name for name, it in needs if it is None or not it.series.asked}
        if not unknown:
            return self.EMPTY
        if any(it is None for _, it in needs):
            return reading
        return f"Of {len(unknown):,} of {_functions(self._names)} it is not known whether they fail."

    def clear_content(self) -> None:
        """Drop all rows, and what was read."""
        self._rows.clear()
        super().clear_content()

    def on_table_highlighted(self, event: Table.Highlighted) -> None:
        event.stop()
        self._newest.tell("" if event.item is None else event.item.beside)
        name = "" if event.item is None else event.item.name
        if name != self._newest.name_of:
            self._look_for_last(name)

    def _look_for_last(self, name: str) -> None:
        row = self._rows.get(name)
        failed = row is not None and bool(row.errors)
        self._newest.look(name, self.group_of(name) if name else "", self.over, failed=failed)

    def on_table_selected(self, event: Table.Selected) -> None:
        event.stop()
        row: Failing = event.item
        start = int(datetime.now().timestamp()) - self.over.seconds
        self.post_message(self.Opened(row.name, start if row.since is None else max(start, row.since)))
