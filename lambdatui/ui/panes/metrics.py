"""A function's metrics as charts over time: the keys, and what leads elsewhere."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from lambdatui.model.errors import AwsError
from lambdatui.model.log_ranges import Range as LogRange
from lambdatui.model.metric_panels import ALL, views
from lambdatui.model.metric_sight import Sight
from lambdatui.model.metric_table import FORMS
from lambdatui.model.metrics import Range
from lambdatui.ui.command_line import CommandError, Verb
from lambdatui.ui.metric_pane import EARLIER, ChartsPane
from lambdatui.ui.reporting import report
from lambdatui.ui.widgets.log_times import Times
from lambdatui.ui.work import start

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lambdatui.aws.gateway import Aws
    from lambdatui.model.functions import Function
    from lambdatui.model.metric_panels import View
    from lambdatui.ui.desk import Desk


class MetricsPane(ChartsPane):
    """The charts with their keys: other times, other days, versions, the log of a moment, a file."""

    KEY = "m"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "logs", "Logs", tooltip="Logs of the period under the cursor, or of all that is shown",
                id="metrics.logs"),
        Binding("plus", "zoom(1)", "Zoom in", key_display="+", tooltip="Show a shorter time, around the cursor",
                id="metrics.nearer"),
        Binding("minus", "zoom(-1)", "Zoom out", key_display="-", tooltip="Show a longer time", id="metrics.farther"),
        Binding("less_than_sign", "pan(-1)", "Earlier", key_display="<", tooltip="Go back by half of what is shown",
                id="metrics.earlier"),
        Binding("greater_than_sign", "pan(1)", "Later", key_display=">", tooltip="Go on by half of what is shown",
                id="metrics.later"),
        Binding("0,escape", "now", "Now", tooltip="Back to now, and to the time that the program looks at",
                show=False, id="metrics.now"),
        Binding("b", "by", "By version", tooltip="All together, by version, or what an alias executed",
                id="metrics.by"),
        Binding("B", "behind", "Before", tooltip="Show the same time yesterday behind it, or a week before",
                id="metrics.behind"),
        Binding("A", "alarms", "Alarms", tooltip="All alarms on its metrics, in full", show=False,
                id="metrics.alarms"),
        Binding("t", "times", "UTC", tooltip="Times in UTC, or in local time", show=False,
                id="metrics.times"),
        Binding("ctrl+s", "save", "Save", tooltip="Save the points that are shown to a file, as CSV or JSON",
                show=False, id="metrics.save"),
    ]  # fmt: skip

    class LogsWanted(Message):
        """A person wants to see the function's log of a stretch of time."""

        def __init__(self, range: LogRange) -> None:  # noqa: A002 (as in LogPane)
            super().__init__()
            self.range = range

    def __init__(self, aws: Aws, function: Function, desk: Desk) -> None:
        super().__init__(aws, function, desk)
        self._views: Sequence[View] = ()

    def clear_content(self) -> None:
        super().clear_content()
        self._views = ()

    # Keys -------------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What would change nothing is not offered, and lets its key go on."""
        if action == "now":
            return self.sight != Sight(Range(self.aws.window).seconds)
        if action == "logs":
            return self.window is not None
        if action == "alarms":
            return bool(self.yardsticks.alarms)
        if action == "save":
            return any(self.charts) and self.desk.logs.folder is not None
        return super().check_action(action, parameters)

    def action_refresh_pane(self) -> None:
        """Ask for everything again."""
        self.aws.metrics.reader.refresh()
        super().action_refresh_pane()

    def action_zoom(self, steps: int) -> None:
        """Show a shorter stretch of time, or a longer one, around the cursor."""
        now = self.aws.metrics.clock()
        self.sight = (self.sight.nearer if steps > 0 else self.sight.farther)(self.cursor, now)
        self.replan()

    def action_pan(self, halves: int) -> None:
        """Show what was before, or after."""
        self.sight = self.sight.moved(halves, self.aws.metrics.clock())
        self.replan()

    def action_now(self) -> None:
        """Show the time that the program looks at, up to now."""
        self.retime()

    def action_behind(self) -> None:
        """Show the same time of another day behind it, or none."""
        days = [it for it, _ in EARLIER]
        self.days = days[(days.index(self.days) + 1) % len(days)]
        self.replan()

    def action_times(self) -> None:
        """Tell times in UTC, or in local time again."""
        self.desk.logs.times = Times.LOCAL if self.desk.logs.times is Times.UTC else Times.UTC
        self.stack.tell_times(self.zone)
        self.replan()

    def action_by(self) -> None:
        """Look at versions, then at aliases, then at all together again."""
        start(self, self._look_by, name="versions with metrics", group="variants")

    async def _look_by(self) -> None:
        if not self._views:
            try:
                self._views = views(await self.aws.metrics.variants(self.function.name))
            except AwsError as problem:
                report(self, problem)
                return
        if len(self._views) < 2:
            self.notify("No version and no alias of it was called by name in the last three hours.", markup=False)
            self._views = ()
            return
        at = self._views.index(self.view) if self.view in self._views else 0
        self.view = self._views[(at + 1) % len(self._views)]
        if self.view is ALL:
            self._views = ()  # there may be others the next time
        self.replan()

    def action_logs(self) -> None:
        """Read the function's log of the period under the cursor, or of all that is shown."""
        window = self.window
        if window is None:
            return
        begin, end = window.start, window.end
        if self.cursor is not None:
            begin = self.cursor - self.cursor % window.period
            end = begin + window.period
        first, last = (datetime.fromtimestamp(it, self.zone) for it in (begin, end))
        until = f"{last:%H:%M}" if first.date() == last.date() else f"{last:%Y-%m-%d %H:%M}"
        words = f"{first:%Y-%m-%d %H:%M}..{until}"
        self.post_message(self.LogsWanted(LogRange(begin * 1000, end * 1000 - 1, words)))

    def action_alarms(self) -> None:
        """Read all alarms on the function's metrics, as they are now."""
        from lambdatui.model.alarms import in_full
        from lambdatui.ui.screens.document import DocumentScreen

        async def load() -> str:
            alarms = await self.yardsticks.read_alarms()
            return in_full(alarms, self._clock) or "There is no alarm on its metrics any more."

        if self.app.screen is self.screen:
            self.app.push_screen(DocumentScreen(self.aws, f"{self.function.name}: alarms", load))

    def _clock(self, moment: datetime | None) -> str:
        return "" if moment is None else f"{moment.astimezone(self.zone):%Y-%m-%d %H:%M:%S}"

    def action_save(self) -> None:
        """Choose a form, and save the points in it."""
        from lambdatui.ui.screens.pick import Choice, PickScreen

        async def forms() -> Sequence[Choice]:
            return [Choice(FORMS[0], "a table, one row a period"), Choice(FORMS[1], "with the limits")]

        def chosen(form: str | None) -> None:
            if form is not None and any(self.charts):
                self._save_as(form)

        self.app.push_screen(PickScreen("Save the points as", forms, current=""), chosen)

    def verbs(self) -> Iterator[Verb]:
        yield Verb(("save",), "save the points that are shown to a file", self._save_as, "[FORM]", lambda: FORMS)

    def _save_as(self, form: str) -> None:
        from lambdatui.ui.metric_saving import save

        form = form or FORMS[0]
        if form not in FORMS:
            raise CommandError(f"'{form}' is no form. Possible: {', '.join(FORMS)}.")
        charts = [it for it in self.charts if it is not None]
        if not charts or self.desk.logs.folder is None:
            raise CommandError("There are no points to save.")
        folder = self.desk.logs.folder.parent / "metrics"
        work = partial(save, self, charts, folder, self.function.name, form, self.view.words)
        start(self, work, name="save metrics", group="save")
