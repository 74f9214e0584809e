"""How much may run at the same time in the account, and who takes it."""

from __future__ import annotations

from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.content import Content
from textual.message import Message

from lambdatui.model.chart_scale import figure
from lambdatui.model.concurrency import SCALING_PER_TEN_SECONDS, UNRESERVED_FLOOR, AccountLimits
from lambdatui.model.errors import AwsError
from lambdatui.model.metric_figures import latest, peak, percent
from lambdatui.model.metrics import Range
from lambdatui.model.pool import Share, account_need, beside, concurrent, pool, share
from lambdatui.model.sparkline import sparkline
from lambdatui.model.terms import Number
from lambdatui.model.text import one_line
from lambdatui.ui.command_line import CommandError, Verb
from lambdatui.ui.reporting import SECONDS, report
from lambdatui.ui.table import TablePane
from lambdatui.ui.watching import Watching
from lambdatui.ui.widgets.bar import Bar, BarData, BarPart
from lambdatui.ui.widgets.columns import Cell, Column, Toned
from lambdatui.ui.widgets.words import Words
from lambdatui.ui.work import start

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence

    from textual.app import ComposeResult

    from lambdatui.aws.gateway import Aws
    from lambdatui.aws.metric_watch import Readings
    from lambdatui.model.terms import Field
    from lambdatui.ui.widgets.table import Table

TREND = 12
"""Cells of the sparkline."""
LIMITS, LATELY = "the account's limits", "the functions that were invoked lately"
RESERVED = "what functions have reserved"
"""Parts that can be lacking, as they are called."""


def _number(value: float | None, *, alert: bool = False) -> Cell:
    if value is None:
        return Toned("–", "muted")
    return Toned(f"! {figure(value)}", "warning") if alert and value > 0 else figure(value)


class ConcurrencyPane(TablePane[Share]):
    """The limit as one bar, and the functions that were invoked lately, those that took most of it first."""

    NAME = "concurrency"
    ALIASES = ("conc",)
    TITLE = "Concurrency"
    LOADING = "Asking for the account's limits…"
    EMPTY = "No function was invoked in the last three hours, and none has reserved anything."
    FIELDS: ClassVar[Sequence[Field[Share]]] = (
        Number("peak", lambda it: it.peak, ">10"),
        Number("reserved", lambda it: it.reserved, ">0"),
        Number("thr", lambda it: it.throttles, ">0"),
    )

    class Opened(Message):
        """A person wants to see the function of that name."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    DEFAULT_CSS = """
    ConcurrencyPane {
        & .concurrency--said { height: auto; padding: 0 1; }
        & Bar { height: 4; margin: 0 1; }
    }
    """

    def __init__(self, aws: Aws, **arguments: Any) -> None:
        super().__init__(aws, **arguments)
        if self.table.sorted_by[0] is None:
            self.table.sort_by(2, reverse=True)
        self._watching = Watching(self, aws, self._take)
        self._names: Sequence[str] = ()
        self._reserved: dict[str, int] = {}
        self._looked_at = ""
        """Of how many functions it is known what they have reserved, where that is not all."""
        self._limits: AccountLimits | None = None
        self._refused: AwsError | None = None
        """Why the limits were not told the last time."""
        self._shares: dict[str, Share] = {}
        self._bar = Bar()
        self._words = Words(classes="concurrency--said")

    def columns(self) -> Sequence[Column[Share]]:
        return (
            Column("Function", lambda it: it.name, 20, grow=3, sort=lambda it: it.name.lower()),
            Column("Now", lambda it: _number(it.now), 6, sort=lambda it: it.now, align="right"),
            Column("Peak", lambda it: _number(it.peak), 6, sort=lambda it: it.peak, align="right"),
            Column("Of limit", self._part, 8, sort=lambda it: it.peak, align="right"),
            Column("Reserved", lambda it: _number(it.reserved), 9, sort=lambda it: it.reserved, align="right"),
            Column("Thr", lambda it: _number(it.throttles, alert=True), 7, sort=lambda it: it.throttles, align="right"),
            Column("Trend", lambda it: sparkline(it.points, TREND), TREND),
            Column("Prov. used", lambda it: percent(it.utilization), 11, sort=lambda it: it.utilization, align="right"),
            Column("Spillover", lambda it: _number(it.spillover, alert=True), 10, sort=lambda it: it.spillover,
                   align="right"),
        )  # fmt: skip

    def _part(self, row: Share) -> str:
        return percent(None if self._limits is None else row.part_of(self._limits.concurrent))

    def content(self) -> ComposeResult:
        yield self._bar
        yield self._words
        yield from super().content()

    @property
    def over(self) -> Range:
        """The stretch of time that is looked at."""
        return Range(self.aws.window)

    async def load(self) -> None:
        """Ask for the limits and who was invoked lately; what is reserved comes after that, as it is found."""
        try:
            self._limits = await self.aws.concurrency.account()
        except AwsError as problem:
            self._refused = problem
        else:
            self._refused = None
        self._tell_pool()
        await super().load()
        self.lacks(LIMITS, self._refused)
        if self._limits is not None and self._limits.reserved:
            start(self, self._find_reservations, name="find reservations", group="reservations")
        elif self._limits is not None:  # what was reserved is not any more
            self._take_reserved({}, "")
            self.lacks(RESERVED, None)

    async def pages(self) -> AsyncGenerator[Sequence[Share], None]:
        try:
            names = await self.aws.metrics.active()
        except AwsError as problem:
            if self._refused is not None:  # then there is nothing to show
                raise self._refused from problem
            self.lacks(LATELY, problem)
            names = frozenset()
        else:
            self.lacks(LATELY, None)
        self._names = sorted(names | self._reserved.keys())
        self.want()
        self._watching.begin()
        yield self._rows(self._names)

    async def _find_reservations(self) -> None:
        limits = self._limits
        if limits is None:
            return
        names = list(self._names)
        try:
            names += [it.name for it in await self.aws.functions.listed()]
            async with aclosing(self.aws.concurrency.reservations(list(dict.fromkeys(names)), limits)) as found:
                async for known in found:
                    more = "" if known.complete else f"looked at {known.looked_at:,} of {known.of:,} functions for it"
                    self._take_reserved(known.by_function, more)
            self.lacks(RESERVED, None)
        except AwsError as problem:
            self.lacks(RESERVED, problem)

    def _take_reserved(self, by_function: Mapping[str, int], looked_at: str) -> None:
        self._reserved, self._looked_at = dict(by_function), looked_at
        self._names = sorted({*self._names, *self._reserved})
        self.table.merge(self._rows(self._names))
        self._tell_pool()

    def nothing(self) -> str:
        """That nobody takes anything is said where it is known who was invoked."""
        return "Which functions were invoked lately is not known." if LATELY in self.lacking else self.EMPTY

    def key(self, item: Share) -> str:
        return item.name

    # What comes -------------------------------------------------------------------------------------------------

    def action_refresh_pane(self) -> None:
        """Ask for all figures again."""
        self._watching.refresh()
        super().action_refresh_pane()

    def watch_active(self, active: bool) -> None:
        super().watch_active(active)
        if not active:
            self._watching.end()
            self.workers.cancel_group(self, "reservations")

    def retime(self) -> None:
        self._watching.forget()
        self.table.merge(self._rows(self._names))
        self._tell_pool()
        self.want()

    def on_table_sighted(self, event: Table.Sighted) -> None:
        event.stop()
        self.want()

    def on_table_selected(self, event: Table.Selected) -> None:
        event.stop()
        self.post_message(self.Opened(event.item.name))

    def want(self) -> None:
        """Of all how much ran at the same time, by which they are ranked; of those in sight all else."""
        over = self.over
        shown = [it.name for it in self.table.in_sight]
        visible = [need for name in shown for need in (concurrent(name, over), *beside(name, over).values())]
        in_sight = set(shown)
        ranking = [concurrent(name, over) for name in self._names if name not in in_sight]
        self._watching.want([account_need(over), *visible, *ranking])

    async def _take(self, readings: Readings) -> None:
        names = {dict(need.metric.dimensions).get("FunctionName") for need in readings}
        self.table.merge(self._rows([name for name in self._names if name in names]))
        self._tell_pool()
        self.tell()

    def _rows(self, names: Sequence[str]) -> Sequence[Share]:
        over, known = self.over, self._watching.readings
        rows = [share(name, over, known, self._reserved.get(name)) for name in names]
        self._shares |= {row.name: row for row in rows}
        return rows

    def clear_content(self) -> None:
        """Drop all that was read."""
        self._limits = None
        self._shares.clear()
        self._reserved.clear()
        self._watching.forget()
        super().clear_content()
        self._tell_pool()

    # What is said -----------------------------------------------------------------------------------------------

    def _tell_pool(self) -> None:
        limits = self._limits
        if limits is None:
            self._bar.data = None
            self._words.say(Content(""))
            return
        reading = self._watching.readings.get(account_need(self.over))
        series = None if reading is None or not reading.series.asked else reading.series
        in_use = (latest(series) if series is not None else None) or 0.0
        parts = pool(limits, in_use, self._shares.values())
        pieces = [BarPart("reserved", parts.reserved), BarPart("in use", parts.used)]
        if parts.over:
            pieces.append(BarPart("over", parts.over, "over"))
        floor = min(parts.free, float(UNRESERVED_FLOOR))
        pieces.append(BarPart("kept unreserved", floor))
        self._bar.data = BarData("Concurrency", tuple(pieces), limits.concurrent, "free", "limit")
        highest = None if series is None else peak(series)
        used = "–" if series is None else f"{in_use:,.0f}"
        top = "–" if highest is None else f"{highest:,.0f}"
        said = [
            f"In use {used} of {limits.concurrent:,}, at most {top} in {self.over}; "
            f"reserved {limits.reserved:,}, unreserved {limits.unreserved:,}, of which {UNRESERVED_FLOOR} stay so.",
            f"A function can gain {SCALING_PER_TEN_SECONDS:,} every 10 s. :reserve 50 NAME tells whether that can be.",
        ]
        if self._looked_at:
            said.append(f"What is reserved by whom: {self._looked_at}.")
        self._words.say(Content("\n".join(said)))

    def _said(self) -> Iterator[str]:
        yield from super()._said()
        yield f"invoked in the last three hours; figures of {self.over}"

    def verbs(self) -> Iterator[Verb]:
        yield Verb(("reserve",), "whether so much concurrency can be reserved for a function; nothing is changed",
                   self._may_reserve, "NUMBER [NAME]")  # fmt: skip

    def _may_reserve(self, text: str) -> None:
        number, _, name = text.partition(" ")
        if not number.isdecimal() or len(number) > 9:
            raise CommandError("'reserve' wants a number of executions, then a function's name: reserve 50 orders.")
        if self._limits is None:
            raise CommandError("The account's limits are not known.")
        answer = partial(self._answer, self._limits, int(number), one_line(name.strip()))
        start(self, answer, name="ask whether it can be reserved", group="reserve")

    async def _answer(self, limits: AccountLimits, number: int, name: str) -> None:
        """What the function itself has reserved counts; it is asked for, also of one that nobody has invoked."""
        try:
            has = await self.aws.concurrency.reserved(name) if name else 0
        except AwsError as problem:
            report(self, problem)
            return
        whom = f"{number:,} for {name}" if name else f"{number:,}"
        title = f"Reserve {whom}?"
        self.notify(limits.may_reserve(number, has or 0), title=title, timeout=SECONDS, markup=False)
