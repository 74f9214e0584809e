"""`ChartsPane`: a function's metrics as charts over time, kept up to date while they can be seen."""

from __future__ import annotations

from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from lambdatui.model.metric_charts import Behind, Situation, chart_of, common_window, not_given
from lambdatui.model.metric_panels import ALL, compared, metrics_of, panels
from lambdatui.model.metric_sight import Sight
from lambdatui.model.metrics import Frame, Need, Range
from lambdatui.ui.detail import DetailPane
from lambdatui.ui.metric_status import alarm_lines, nothing_line, status, time_words
from lambdatui.ui.metric_yardsticks import Yardsticks
from lambdatui.ui.widgets.chart_stack import ChartStack
from lambdatui.ui.widgets.log_times import Times
from lambdatui.ui.work import start

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from textual.app import ComposeResult

    from lambdatui.aws.gateway import Aws
    from lambdatui.aws.metric_watch import Watch
    from lambdatui.model.alarms import Alarm
    from lambdatui.model.chart import Chart
    from lambdatui.model.errors import AwsError
    from lambdatui.model.functions import Function
    from lambdatui.model.metric_panels import View
    from lambdatui.model.metrics import Reading, Window
    from lambdatui.ui.desk import Desk

MOST = 9
"""Charts of one view at most."""
MARGIN = 8
"""Cells of a chart that are none of its plot, about."""
EARLIER = ((0, ""), (1, "yesterday"), (7, "a week before"))
"""What can stand behind the lines: days before, and what they are called."""


class ChartsPane(DetailPane):
    """Charts of all that CloudWatch has of the function, over the stretch of time that is in sight.

    One load follows the reader until the pane is out of sight. What the charts are held against (alarms, limits) is
    asked for beside it, and may fail by itself.
    """

    NAME = "metrics"
    TITLE = "Metrics"
    LOADING = "Reading the metrics…"

    DEFAULT_CSS = """
    ChartsPane {
        & .metrics-pane--status {
            height: 1; padding: 0 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis;
        }
        & .metrics-pane--alarms, & .metrics-pane--nothing { height: auto; max-height: 2; padding: 0 1; }
        & .metrics-pane--alarms { text-wrap: nowrap; }
        & .metrics-pane--nothing { color: $text-muted; }
        & ChartStack { padding: 0 0 0 1; }
        &.-empty .metrics-pane--nothing { height: 1fr; max-height: 100%; padding: 1 2; }
        &.-empty ChartStack { height: 1; }
    }
    """

    def __init__(self, aws: Aws, function: Function, desk: Desk) -> None:
        super().__init__(aws, function, desk)
        self.sight = Sight(Range(aws.window).seconds)
        self.view: View = ALL
        self.cursor: int | None = None
        """When the period begins that the cursor is on, in seconds since 1970."""
        self.charts: Sequence[Chart | None] = ()
        """What is drawn, a place for each panel."""
        self.yardsticks = Yardsticks(aws, function, self.lacks)
        self.behind: Behind | None = None
        self.partial = False
        """Whether CloudWatch said that there is more than it gave."""
        self.notes: Sequence[str] = ()
        """What it said of single metrics."""
        self.reading_anew = False
        """Whether what is shown is not yet what was asked for last."""
        self.stack = ChartStack(MOST)
        self.days = 0
        """How many days before what is behind it was; 0: nothing is."""
        self._frame = Frame(60, 60)
        self._needs: tuple[Sequence[Need], Sequence[Need]] = (), ()
        self._readings: dict[Need, Reading] = {}
        self.window: Window | None = None
        self._watch: Watch | None = None
        self._status = Static(classes="metrics-pane--status")
        self._alarms = Static(classes="metrics-pane--alarms")
        self._told: tuple[Sequence[Alarm], int] | None = None
        """What the line of alarms was made of: those, and its width."""
        self._nothing = Static(classes="metrics-pane--nothing")

    def content(self) -> ComposeResult:
        yield self._status
        yield self._alarms
        yield self.stack
        yield self._nothing

    # What is asked for ------------------------------------------------------------------------------------------

    async def load(self) -> None:
        """Follow the metrics, and ask beside it for what they are held against, now and then again."""
        self._ask_beside()
        self._plan()
        watch = self._watch = self.aws.metrics.watch()
        watch.want([*self._needs[0], *self._needs[1]])
        try:
            async with aclosing(watch.updates()) as updates:
                async for readings in updates:
                    self._readings.update(readings)
                    self._take()
                    if self.yardsticks.due:
                        self._ask_beside()
        finally:
            if self._watch is watch:
                self._watch = None

    def _ask_beside(self) -> None:
        start(self, self._load_beside, name="limits and alarms", group="beside")

    async def _load_beside(self) -> None:
        await self.yardsticks.load()
        self.refresh_bindings()
        self._draw()

    def _plan(self) -> None:
        """Say what is needed for what is to be shown."""
        now = self.aws.metrics.clock()
        width = self.size.width // self.stack.columns_in(self.size.width) - MARGIN
        self._frame = self.sight.frame(max(width, 20), now)
        shown = panels(self.function.name, self.view)
        self.behind = self._before(now)
        behind = [] if self.behind is None else [Need(it, self.behind.frame) for it in compared(shown)]
        needs = [Need(it, self._frame) for it in metrics_of(shown)], behind
        if needs == self._needs:
            return
        self._needs = needs
        wanted = {*needs[0], *needs[1]}
        self._readings = {need: it for need, it in self._readings.items() if need in wanted}
        self.reading_anew = not any(need in self._readings for need in needs[0])
        if self._watch is not None:
            self._watch.want([*needs[0], *needs[1]])

    def _before(self, now: float) -> Behind | None:
        """The same time by the clock, some days before: read by stretches that do not move with each period."""
        days = self.days
        if not days:
            return None
        window = self._frame.at(now)
        then = datetime.fromtimestamp(window.end, self.zone) - timedelta(days=days)
        shift = window.end - int(then.timestamp())
        step = max(3600, self._frame.period)
        end = -(-(window.end - shift) // step) * step
        frame = Frame(self._frame.length + step, self._frame.period, end=end)
        return Behind(frame, shift, dict(EARLIER)[days])

    def replan(self) -> None:
        """Something else is to be shown from now on."""
        self._plan()
        self._tell()
        self.refresh_bindings()
        if not self.reading_anew:
            self._draw()

    # What comes -------------------------------------------------------------------------------------------------

    def _take(self) -> None:
        found = [self._readings[it] for it in self._needs[0] if it in self._readings]
        if not found:
            self._tell()
            return
        problems = [it.problem for it in found if it.problem is not None]
        known = any(it.series.asked for it in found)
        whole = problems[0] if len(problems) == len(found) else None
        self.lacks("some of the metrics", problems[0] if problems and whole is None else None)
        if whole is None:
            self.answered()
            self.arrived()
        else:
            if known and not self.ready:  # it was read for another pane, before
                self.known_since(max(it.series.asked for it in found))
            self._refused(whole)
        if known:
            self.reading_anew = False
            self._draw()

    def _refused(self, problem: AwsError) -> None:
        """Nothing new has come, for this reason; the reader tries again by itself."""
        self._over()
        if self.problem != problem:
            self.problem = problem
            self.post_message(self.Failed(problem))

    def _draw(self) -> None:
        main = {it: self._readings[it] for it in self._needs[0] if it in self._readings}
        window = common_window(main.values())
        if window is None:
            self._tell()
            return
        if window != self.window:
            self.window = window
            self._plan()  # what is behind it may be of another stretch now
        asked = max(it.series.asked for it in main.values())
        self.partial = any(it.series.partial for it in main.values())
        self.notes = list(dict.fromkeys(note for it in main.values() for note in it.notes))
        sticks = self.yardsticks
        limits = sticks.limits if self.view is ALL else ()  # those are of the function as a whole
        now = Situation(self._readings, self._frame, window, asked, limits, sticks.alarms, self.behind)
        shown = panels(self.function.name, self.view)
        self.charts = [chart_of(it, now) for it in shown]
        if self.cursor is not None and not window.start <= self.cursor < window.end:
            self.cursor = None
        at = None if self.cursor is None else (self.cursor - window.start) // window.period
        self.stack.show(self.charts, at)
        lacking = [panel.nothing for panel, chart in zip(shown, self.charts, strict=True) if chart is None]
        self.set_class(len(lacking) == len(shown), "-empty")
        when = time_words(self.sight, self.aws.metrics.clock(), self.zone)
        said = nothing_line(lacking, not_given(shown, now), len(shown), when, now=self.sight.end is None)
        self._nothing.update(Content(said))
        self._nothing.display = bool(lacking)
        self._tell()
        if self.screen.focused is None or not self.screen.focused.display:
            self.call_after_refresh(self.focus_content)

    def _tell(self) -> None:
        self._status.update(Content(status(self, self.window)), layout=False)
        told = self.yardsticks.alarms, self.size.width - 2
        if told != self._told:  # most of the times there is nothing new in it
            self._told = told
            self._alarms.update(alarm_lines(*told))
            self._alarms.display = bool(told[0])

    def clear_content(self) -> None:
        """Drop all that was read."""
        self._readings, self.charts, self.window = {}, (), None
        self.yardsticks.clear()
        self.stack.show((), None)
        self._tell()

    # Being seen -------------------------------------------------------------------------------------------------

    @property
    def zone(self) -> tzinfo | None:
        """The zone of the times: that of the logs, so that both say the same. None: this machine's."""
        return UTC if self.desk.logs.times is Times.UTC else None

    def watch_problem(self) -> None:
        super().watch_problem()
        self._tell()

    def watch_active(self, active: bool) -> None:
        super().watch_active(active)
        if active:
            self.stack.tell_times(self.zone)
        else:
            for group in ("beside", "variants"):
                self.workers.cancel_group(self, group)

    def on_resize(self) -> None:
        if self.active and self._needs[0]:
            self.replan()

    def retime(self) -> None:
        self.sight, self.cursor = Sight(Range(self.aws.window).seconds), None
        if self._needs[0]:
            self.replan()

    def on_chart_stack_moved(self, event: ChartStack.Moved) -> None:
        event.stop()
        window = self.window
        self.cursor = None if event.cursor is None or window is None else window.grid[event.cursor]
        self.refresh_bindings()
