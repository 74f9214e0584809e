"""A function's log, followed."""

from __future__ import annotations

from contextlib import aclosing
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from lambdatui.model.logs import kind
from lambdatui.ui.detail import DetailPane
from lambdatui.ui.widgets.log_text import LogLine
from lambdatui.ui.widgets.log_view import LogView

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from textual.app import ComposeResult

    from lambdatui.aws.gateway import Aws
    from lambdatui.model.functions import Function
    from lambdatui.model.logs import LogEvent, TailUpdate


REMEMBERED = 20_000
"""Ids of events that are remembered: more than there are lines."""


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
        self._shown: dict[str, None] = {}
        """Ids of the events shown last: a start of the tail gives some of them again."""

    def content(self) -> ComposeResult:
        yield self._status
        yield self._note
        yield self.log_view

    async def load(self) -> None:
        """Follow the log until cancelled. A start reads the last hour anew, and adds what is not there yet."""
        anew = bool(self.log_view.total)
        async with aclosing(self.aws.logs.tail(self.function.log_group)) as updates:
            async for update in updates:
                self._take(update, anew=anew)
                anew = anew and not update.events
                self.arrived()

    def clear_content(self) -> None:
        """Drop all lines."""
        self.log_view.clear()
        self._shown.clear()
        self._cut = False

    def _take(self, update: TailUpdate, *, anew: bool) -> None:
        events = [event for event in update.events if event.event_id not in self._shown]
        if anew and events and len(events) == len(update.events):
            self.log_view.append([LogLine("", "Not followed for a while: lines may be missing here.", "note")])
        if events:
            self.log_view.append([_line(event) for event in events])
            self._shown.update(dict.fromkeys(event.event_id for event in events))
            for event_id in list(islice(self._shown, max(0, len(self._shown) - REMEMBERED))):
                del self._shown[event_id]
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
