"""What is failing in the account: functions ranked by their errors."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.content import Content
from textual.message import Message

from lambdatui.model.chart_scale import figure
from lambdatui.model.errors import AwsError
from lambdatui.model.failing import BESIDE, COUNTED, Beside, Failing, beside, errors_of, failing, ranking
from lambdatui.model.functions import default_log_group
from lambdatui.model.log_levels import Level, level
from lambdatui.model.logs import LogEvent, LogGroup, TailRequest
from lambdatui.model.metric_figures import percent, summed
from lambdatui.model.metrics import Range
from lambdatui.model.sparkline import sparkline
from lambdatui.model.terms import Number
from lambdatui.model.text import duration, one_line
from lambdatui.ui.table import TablePane
from lambdatui.ui.watching import Watching
from lambdatui.ui.widgets.columns import Cell, Column, Toned
from lambdatui.ui.widgets.words import Words
from lambdatui.ui.work import start

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Collection, Iterator, Mapping, Sequence

    from textual.app import ComposeResult

    from lambdatui.aws.gateway import Aws
    from lambdatui.aws.metric_watch import Readings
    from lambdatui.model.metrics import Need
    from lambdatui.model.terms import Field
    from lambdatui.ui.widgets.table import Table

PATTERN = '?ERROR ?Error ?error ?"timed out" ?level'
"""What the service gives of a log, of which errors are picked here: levels are written in many ways."""
SETTLED = 0.4
"""Seconds that the cursor is on a function before its log is asked for."""
PATIENCE = 5.0
"""Seconds after which the search ends: a log without errors would be read to its beginning."""
LONGEST = 600
"""Characters of a line that are shown."""
TREND = 12
"""Cells of the sparkline."""
MANY = 0.01
"""The part of invocations that fail from which on it is bad, and not only a warning."""


def _count(value: float | None, *, alert: bool = True) -> Cell:
    if value is None:
        return Toned("–", "muted")
    return Toned(f"! {figure(value)}", "warning") if alert and value > 0 else figure(value)


def _rate(row: Failing) -> Cell:
    if row.rate is None or not row.errors:
        return Toned(percent(row.rate), "muted")
    return Toned(f"! {percent(row.rate)}", "bad" if row.rate >= MANY else "warning")


def _change(row: Failing) -> Cell:
    words = row.change.words
    return Toned(words, "bad" if row.change.order > 0 else "good") if words else ""


def _since(row: Failing) -> str:
    """The time where it was today, else the day and the time."""
    if row.since is None:
        return ""
    at = datetime.fromtimestamp(row.since).astimezone()
    return f"{at:%H:%M}" if at.date() == datetime.now().astimezone().date() else f"{at:%m-%d %H:%M}"


def _beside(it: Beside) -> Column[Failing]:
    def cell(row: Failing) -> Cell:
        value = row.more.get(it.metric)
        return _count(value) if not it.unit or value is None else duration(value)

    return Column(it.title, cell, max(7, len(it.title) + 1), sort=lambda row: row.more.get(it.metric), align="right")


class ErrorsPane(TablePane[Failing]):
    """The functions that were called lately and failed, or were throttled, or lost events; most errors first."""

    NAME = "errors"
    ALIASES = ("err",)
    TITLE = "Errors"
    LOADING = "Looking for functions that were invoked…"
    EMPTY = "No function that was invoked in the last three hours has failed, was throttled or lost events."
    COLUMNS: ClassVar[Sequence[Column[Failing]]] = (
        Column("Function", lambda it: it.name, 20, grow=3, sort=lambda it: it.name.lower()),
        Column("Errors", lambda it: _count(it.errors), 8, sort=lambda it: it.errors, align="right"),
        Column("Err%", _rate, 7, sort=lambda it: it.rate, align="right"),
        Column("Change", _change, 8, sort=lambda it: it.change.order),
        Column("Since", _since, 11, sort=lambda it: it.since),
        Column("Trend", lambda it: sparkline(it.points, TREND), TREND),
        *map(_beside, BESIDE),
    )
    FIELDS: ClassVar[Sequence[Field[Failing]]] = (
        Number("errors", lambda it: it.errors, ">10"),
        Number("err", lambda it: None if it.rate is None else it.rate * 100, ">1", {"%": 1}),
        Number("thr", lambda it: it.more.get("Throttles"), ">0"),
    )

    DEFAULT_CSS = """
    ErrorsPane .errors--last {
        height: auto; max-height: 4; padding: 0 1; background: $surface; color: $text-muted;
    }
    """

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
        self._watching = Watching(self, aws, self._take)
        self._ran: Collection[str] = ()
        """Functions that were invoked lately."""
        self._names: Sequence[str] = ()
        """These, and those whose calls were throttled or whose events were lost: such a call is no invocation."""
        self._had: Mapping[str, frozenset[str]] = {}
        """By metric, the functions that had it lately."""
        self._rows: dict[str, Failing] = {}
        self.group_of: Callable[[str], str] = default_log_group
        """The log group of a function, by its name."""
        self._newest = Words(classes="errors--last")
        self._newest_of = ""
        """The function whose last error is told."""

    def content(self) -> ComposeResult:
        yield from super().content()
        yield self._newest

    @property
    def over(self) -> Range:
        """The stretch of time that is looked at."""
        return Range(self.aws.window)

    async def pages(self) -> AsyncGenerator[Sequence[Failing], None]:
        self._had = await self.aws.metrics.active_by(["Invocations", *(it.metric for it in COUNTED)])
        self._ran = self._had["Invocations"]
        self._names = sorted(frozenset().union(*self._had.values()))
        self._rows = {name: row for name, row in self._rows.items() if name in self._names}
        self.want()
        self._watching.begin()
        yield self._shown()

    def key(self, item: Failing) -> str:
        return item.name

    def action_refresh_pane(self) -> None:
        """Ask for all figures again."""
        self._watching.refresh()
        self._look_for_last(self._newest_of)
        super().action_refresh_pane()

    def watch_active(self, active: bool) -> None:
        super().watch_active(active)
        if not active:
            self._watching.end()
            self.workers.cancel_group(self, "last error")
            self._newest_of = ""
        elif (item := self.table.cursor_item) is not None:
            self._look_for_last(item.name)

    def retime(self) -> None:
        self._look_for_last("")  # its row comes anew, and is announced then
        self._rows.clear()
        self._watching.forget()
        self.table.retain(())
        self.want()
        self.tell()

    def on_table_sighted(self, event: Table.Sighted) -> None:
        event.stop()
        self.want()

    def want(self) -> None:
        """What decides of all that were called whether they are told of; of those in sight all else."""
        shown = [it.name for it in self.table.in_sight]
        visible = [need for name in shown for need in (errors_of(name, self.over), *beside(name, self.over).values())]
        in_sight = set(shown)
        others = [need for name in self._names if name not in in_sight for need in self._ranking(name)]
        self._watching.want([*visible, *others])

    def _ranking(self, name: str) -> Sequence[Need]:
        return ranking(name, self.over, self._had)

    async def _take(self, readings: Readings) -> None:
        for name in dict.fromkeys(need.metric.dimensions[0][1] for need in readings):
            row = failing(name, self.over, self._watching.readings)
            if row is not None:
                self._rows[name] = row
        rows = self._shown()
        self.table.merge(rows)
        self.table.retain({row.name for row in rows})
        self.tell()

    def _shown(self) -> Sequence[Failing]:
        return [row for row in self._rows.values() if not row.quiet]

    def _said(self) -> Iterator[str]:
        yield from super()._said()
        functions = f"{len(self._ran):,} function{'s' * (len(self._ran) != 1)}"
        known = [self._rows[name].errors if name in self._rows else None for name in self._ran]
        yield f"{summed(known).words} errors in {self.over}, of {functions} that ran lately"

    def nothing(self) -> str:
        """That nothing fails is said of functions whose figures are known."""
        known = self._watching.readings
        needs = [(name, known.get(need)) for name in self._names for need in self._ranking(name)]
        unknown = {name for name, reading in needs if reading is None or not reading.series.asked}
        if not unknown:
            return self.EMPTY
        if any(reading is None for _, reading in needs):
            return f"Reading the figures of {len(self._names):,} functions…"
        return f"Of {len(unknown):,} of {len(self._names):,} functions it is not known whether they fail."

    def clear_content(self) -> None:
        """Drop all rows, and what was read."""
        self._rows.clear()
        self._watching.forget()
        super().clear_content()

    # The last error of the function under the cursor -----------------------------------------------------------

    def on_table_highlighted(self, event: Table.Highlighted) -> None:
        event.stop()
        name = "" if event.item is None else event.item.name
        if name != self._newest_of:
            self._look_for_last(name)

    def _look_for_last(self, name: str) -> None:
        self._newest_of = name
        self._newest.say(Content(""))
        self.workers.cancel_group(self, "last error")
        if name:
            start(self, partial(self._find_last, name), name="find the last error", group="last error")

    async def _find_last(self, name: str) -> None:
        """Read its newest error line: one call for a cursor that has stopped."""
        await asyncio.sleep(SETTLED)
        end = int(datetime.now().timestamp() * 1000)
        wanted = TailRequest((LogGroup(self.group_of(name)),), pattern=PATTERN)
        try:
            async with (
                asyncio.timeout(PATIENCE),
                aclosing(self.aws.logs.range(wanted, end - self.over.seconds * 1000, end)) as pages,
            ):
                async for events in pages:
                    found = [it for it in events if level(it.message) >= Level.ERROR]
                    if found:
                        self._tell_last(max(found, key=lambda it: it.timestamp))
                        return
        except AwsError as problem:
            self._newest.say(Content(f"Its last error cannot be read: {problem.reason}"))
            return
        except TimeoutError:
            self._newest.say(Content(f"No line of an error was found in its log within {PATIENCE:.0f} s."))
            return
        self._newest.say(Content(f"No line of an error in its log in {self.over}."))

    def _tell_last(self, event: LogEvent) -> None:
        at = datetime.fromtimestamp(event.timestamp / 1000).astimezone()
        self._newest.say(Content(f"! {at:%H:%M:%S} {one_line(event.message)[:LONGEST]}"))

    def on_table_selected(self, event: Table.Selected) -> None:
        event.stop()
        row: Failing = event.item
        start = int(datetime.now().timestamp()) - self.over.seconds
        self.post_message(self.Opened(row.name, start if row.since is None else max(start, row.since)))
