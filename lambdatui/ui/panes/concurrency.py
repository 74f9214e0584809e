"""How much may run at the same time in the account, and who takes it."""

from __future__ import annotations

import asyncio
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar

from textual.content import Content
from textual.message import Message

from lambdatui.model.concurrency import AccountLimits
from lambdatui.model.errors import AwsError
from lambdatui.model.kept import Kept
from lambdatui.model.metrics import of_each
from lambdatui.model.pool import Share, account_needs, beside, concurrent, share
from lambdatui.model.quantities import INVOCATIONS, PROVISIONED, THROTTLES
from lambdatui.model.terms import Number
from lambdatui.ui.command_line import Verb
from lambdatui.ui.figures import FiguresPane
from lambdatui.ui.panes.concurrency_cells import columns
from lambdatui.ui.panes.holdings import Holdings
from lambdatui.ui.reading_words import cost_words, reading_words
from lambdatui.ui.widgets.columns import Column
from lambdatui.ui.widgets.words import Words
from lambdatui.ui.work import start

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection, Iterator, Sequence

    from textual.app import ComposeResult

    from lambdatui.aws.gateway import Aws
    from lambdatui.model.metrics import Need
    from lambdatui.model.terms import Field
    from lambdatui.ui.widgets.table import Table

A_PAGE = 100
"""Rows that are made between two keys."""
LIMITS, LATELY = "the account's limits", "the functions that were invoked lately"
"""Parts that can be lacking, as they are called."""


class ConcurrencyPane(FiguresPane[Share]):
    """The limit as one bar, and the functions that were invoked lately, those that took most of it first."""

    NAME = "concurrency"
    ALIASES = ("conc",)
    TITLE = "Concurrency"
    LOADING = "Asking for the account's limits…"
    EMPTY = "No function was invoked in the last three hours."
    RANKED = True
    FIGURED = ("Now", "Reserved", "Thr", "Provisioned", "Spillover", "thr")
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
        & Bar { height: 3; margin: 0 1; }
    }
    """

    def __init__(self, aws: Aws, **arguments: Any) -> None:
        super().__init__(aws, **arguments)
        if self.table.sorted_by[0] is None:
            self.table.sort_by(2, reverse=True)
        self._names: Sequence[str] = ()
        self._holdings = Holdings(self, self._holdings_came)
        self._limits: AccountLimits | None = None
        self._refused: AwsError | None = None
        """Why the limits were not told the last time."""
        self._throttled: Collection[str] = ()
        """Functions of which calls were throttled lately: nothing may be reserved for them, of all there is."""
        self._shares: dict[str, Share] = {}
        self._ranked: Kept[Sequence[Need]] = Kept()
        """What all are ranked by."""
        self._more: Kept[Sequence[Need]] = Kept()
        """What else is told of all."""
        from lambdatui.ui.widgets.bar import Bar  # with all of the charts: not before the first paint

        self._bar = Bar()
        self._words = Words(classes="concurrency--said")

    def columns(self) -> Sequence[Column[Share]]:
        return columns(self._part_of)

    def _part_of(self, row: Share) -> float | None:
        return None if self._limits is None else row.part_of(self._limits.unreserved)

    def content(self) -> ComposeResult:
        yield self._bar
        yield self._words
        yield from super().content()

    async def load(self) -> None:
        """Ask for the limits and who was invoked lately; what functions have comes after that, as it is found."""
        try:
            self._limits = await self.aws.concurrency.account()
        except AwsError as problem:
            self._refused = problem
        else:
            self._refused = None
        self.figures_came()
        await super().load()
        self.lacks(LIMITS, self._refused)
        self._holdings.look(self._names, self._throttled, self._limits)

    async def pages(self) -> AsyncGenerator[Sequence[Share], None]:
        try:
            had = await self.aws.metrics.active_by([INVOCATIONS.metric, THROTTLES.metric, PROVISIONED.metric])
        except AwsError as problem:
            if self._refused is not None:  # then there is nothing to show
                raise self._refused from problem
            self.lacks(LATELY, problem)
            had = {}
        else:
            self.lacks(LATELY, None)
        self._throttled = had.get(THROTTLES.metric, ())
        self._holdings.using(had.get(PROVISIONED.metric, ()))
        self._names = sorted({*had.get(INVOCATIONS.metric, ()), *self._throttled, *self._holdings.has.reserved})
        self.begin_reading()
        rows = self.known_of(self._names)
        while some := [*islice(rows, A_PAGE)]:
            yield some
            await asyncio.sleep(0)

    def _holdings_came(self, names: Collection[str]) -> None:
        if names:
            self._names = sorted({*self._names, *self._holdings.has.reserved})
            self.table.merge(self.known_of(names))
            self.want()
        self.figures_came()

    def nothing(self) -> str:
        """That nobody takes anything is said where it is known who was invoked."""
        if LATELY in self.lacking:
            return "Which functions were invoked lately is not known."
        if self._limits is None:
            return "No function was invoked in the last three hours; what is reserved is not known."
        return self.EMPTY if self._limits.reserved else f"{self.EMPTY} Nothing is reserved."

    def key(self, item: Share) -> str:
        return item.name

    # What comes -------------------------------------------------------------------------------------------------

    def action_refresh_pane(self) -> None:
        """Ask for everything again, also for what functions have reserved."""
        self.aws.concurrency.look_anew()
        super().action_refresh_pane()

    def watch_active(self, active: bool) -> None:
        super().watch_active(active)
        if not active:
            self._holdings.stop()

    def retime(self) -> None:
        super().retime()
        self.table.merge(self.known_of([it.name for it in self.table.in_sight]))
        self.figures_came()
        start(self, self._retime_all, name="make all rows anew", group="retime")

    async def _retime_all(self) -> None:
        """In slices: of ten thousand it is 80 ms of work."""
        rows = self.known_of(self._names)
        while some := [*islice(rows, A_PAGE)]:
            self.table.merge(some)
            await asyncio.sleep(0)
        self.figures_came()

    def on_resize(self) -> None:
        self._bar.styles.height = 3 if self.size.width >= 60 else 4  # its legend has to tell all that adds up

    def on_table_selected(self, event: Table.Selected) -> None:
        event.stop()
        self.post_message(self.Opened(event.item.name))

    def want(self) -> None:
        """Of all how much ran at the same time, by which they are ranked; of those in sight all else."""
        shown = [it.name for it in self.table.in_sight]
        ranking = self._ranking()
        visible = [*account_needs(self.over), *(need for name in shown for need in self._needs(name))]
        rest = self._rest() if self.by_figures else []
        # Beside the list that somebody looks at, those out of sight are ranked anew more seldom.
        self.watching.want([*visible, *([] if self.beside else ranking)], [*(ranking if self.beside else []), *rest])

    def _ranking(self) -> Sequence[Need]:
        made_of = over, names = self.over, self._names
        return self._ranked.get(made_of, lambda: [*of_each(names, [concurrent("", over)])])

    def _rest(self) -> Sequence[Need]:
        made_of = over, names, provisioned = self.over, self._names, self._holdings.has.provisioned
        like = beside("", over, provisioned=False).values()
        of_some = (need for name in provisioned for need in beside(name, over, provisioned=True).values())
        return self._more.get(made_of, lambda: [*of_each(names, like), *of_some])

    def _needs(self, name: str) -> Iterator[Need]:
        yield concurrent(name, self.over)
        yield from beside(name, self.over, provisioned=name in self._holdings.has.provisioned).values()

    def known_of(self, names: Collection[str]) -> Iterator[Share]:
        wanted = set(names)
        for name in self._names:
            if name in wanted:
                row = share(name, self.over, self.watching.readings, self._holdings.has)
                self._shares[name] = row
                yield row

    def clear_content(self) -> None:
        """Drop all that was read."""
        self.workers.cancel_group(self, "retime")
        self._limits = None
        self._shares.clear()
        self._holdings.clear()
        super().clear_content()
        self.figures_came()

    # What is said -----------------------------------------------------------------------------------------------

    def figures_came(self) -> None:
        """Divide the limit anew, and say in words what the bar is of."""
        limits = self._limits
        self._bar.display = limits is not None
        if limits is None:
            self._bar.data = None
            self._words.say(Content(""))
            return
        from lambdatui.ui.panes.concurrency_bar import bar_and_words

        self._bar.data, said = bar_and_words(limits, self.over, self.watching.readings, self._shares.values())
        self._words.say(Content("\n".join(filter(None, [*said, self._holdings.unknown]))))

    def _said(self) -> Iterator[str]:
        yield from super()._said()
        yield f"ran in the last 3 hours, figures of {self.over}"
        yield from reading_words(self.aws.metrics.reader)
        if not self.beside:
            yield from cost_words(self.aws.metrics.reader)

    def verbs(self) -> Iterator[Verb]:
        yield Verb(("reserve",), "whether so much concurrency can be reserved for a function; nothing is changed",
                   self._may_reserve, "NUMBER [NAME]")  # fmt: skip

    def _may_reserve(self, text: str) -> None:
        from lambdatui.ui.panes.reserving import ask

        ask(self, text)
