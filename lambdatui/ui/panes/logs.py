"""A function's log, followed."""

from __future__ import annotations

from contextlib import aclosing
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from lambdatui.model.logs import LogGroup, TailRequest, kind
from lambdatui.ui.detail import DetailPane
from lambdatui.ui.widgets.log_text import LogLine
from lambdatui.ui.widgets.log_view import LogView

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from textual.app import ComposeResult

    from lambdatui.aws.gateway import Aws
    from lambdatui.aws.tail import Tail
    from lambdatui.model.functions import Function
    from lambdatui.model.logs import LogEvent, TailUpdate


class LogsPane(DetailPane):
    """The function's log group as it grows: polled while the pane is active, at rest when it is not."""

    NAME = "logs"
    TITLE = "Logs"
    KEY = "l"
    LOADING = "Reading the last hour of the log…"

    DEFAULT_CSS = """
    LogsPane {
        & .logs-pane--status {
            height: 1; padding: 0 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis;
        }
        & .logs-pane--note { height: auto; padding: 1 2; display: none; }
        &.-noted .logs-pane--note { display: block; }
    }
    """

    def __init__(self, aws: Aws, function: Function, drafts: MutableMapping[str, str]) -> None:
        super().__init__(aws, function, drafts)
        self.log_view = LogView()
        self._status = Static(classes="logs-pane--status")
        self._note = Static(classes="logs-pane--note")
        self._state = ""
        self._told = ""
        self._noted = ""
        self._cut = False
        self._tail: Tail | None = None

    def content(self) -> ComposeResult:
        yield self._status
        yield self._note
        yield self.log_view

    async def load(self) -> None:
        """Follow the log until cancelled, from where it stopped the last time."""
        if self._tail is None:
            self._tail = self.aws.logs.tail(TailRequest([LogGroup(self.function.log_group)]))
        async with aclosing(self._tail.updates()) as updates:
            async for update in updates:
                self._take(update)
                self.arrived()

    def clear_content(self) -> None:
        """Drop all lines."""
        self.log_view.clear()
        self._tail = None
        self._cut = False

    def _take(self, update: TailUpdate) -> None:
        if update.markers:
            self.log_view.append([LogLine("", marker.text, "note") for marker in update.markers])
        if update.events:
            self.log_view.append([_line(event) for event in update.events])
        self._state = update.state
        self._cut = self._cut or update.cut
        note = update.note
        if update.failed:
            note = f"{note}\nWhat is below is {self.age}." if self.log_view.total else note
        else:
            self.answered()
        if not note and not self.log_view.total:
            note = f"No log events in {self.function.log_group} in the last hour. Waiting for new ones."
        if note != self._noted:
            self._noted = note
            self.set_class(bool(note), "-noted")
            self._note.update(Content(note))
        self._tell()

    def watch_problem(self) -> None:
        super().watch_problem()
        self._tell()

    def on_log_view_changed(self, event: LogView.Changed) -> None:
        event.stop()
        self._tell()

    def _tell(self) -> None:
        view = self.log_view
        parts = ["stopped" if self.problem else self._state]
        if not view.following:
            parts.append(f"paused, {view.unseen} new below (G follows)" if view.unseen else "paused (G follows)")
        parts.append(f"{view.total} lines")
        parts.append(self.function.log_group)
        if self._cut:
            parts.append("the newest of the last hour")
        if view.dropped:
            parts.append(f"{view.dropped} older ones dropped")
        text = "  ·  ".join(parts)
        if text != self._told:
            self._told = text
            self._status.update(Content(text), layout=False)


def _line(event: LogEvent) -> LogLine:
    more = f"\n… and {event.hidden:,} more characters" if event.hidden else ""
    return LogLine(_time(event.timestamp), event.message + more, kind(event.message).value, event.spans)


def _time(milliseconds: int) -> str:
    """A moment of the day here, to the millisecond; dashes where the event has none."""
    if not milliseconds:
        return "--:--:--.---"
    moment = datetime.fromtimestamp(milliseconds / 1000).astimezone()
    return moment.strftime("%H:%M:%S.") + f"{milliseconds % 1000:03d}"
