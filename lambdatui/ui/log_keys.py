"""`KeyedLogPane`: what can be pressed and typed over a log."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from lambdatui.model import log_ranges
from lambdatui.model.log_ranges import WINDOWS, RangeError
from lambdatui.ui.command_line import CommandError, Verb
from lambdatui.ui.log_pane import LogPane
from lambdatui.ui.reporting import report_not_saved, report_saved
from lambdatui.ui.widgets.log_times import Times, moments
from lambdatui.ui.work import start

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from textual import events

    from lambdatui.aws.gateway import Aws
    from lambdatui.model.log_ranges import Range
    from lambdatui.model.logs import TailRequest
    from lambdatui.ui.desk import LogHabits
    from lambdatui.ui.widgets.log_view import LogView

_VERSION = re.compile(r"\[([^\]]+)\]")
"""Where in the name of a stream the version of the function is: 2026/11/23/[7]0123…"""

COPIED = 2_000
"""Lines of a range that are copied: what is longer no clipboard of a terminal takes, and making it takes its time."""


class KeyedLogPane(LogPane):
    """The keys of a log, and the commands that say what of it is read."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", tooltip="Show only the lines that fit", key_display="/", priority=True,
                id="logs.filter"),
        Binding("backslash", "search", "Search", tooltip="Find and mark, between other lines", key_display="\\",
                priority=True, id="logs.search"),
        Binding("w", "choose", "Range", tooltip="With a digit: how far back is read", id="logs.window"),
        *(
            Binding(str(number), f"window({number})", name, id=f"logs.window_{name}",
                    tooltip=f"Read the last {name}" if number else "Read what comes from now on")
            for number, (name, _) in enumerate(WINDOWS)
        ),
        Binding("c", "copy_lines", "Copy", tooltip="Copy the line, or the marked range", show=False, id="logs.copy"),
        Binding("y", "whole", "Whole", tooltip="Show the record whole", show=False, id="logs.whole"),
        Binding("ctrl+s", "save", "Save", tooltip="Save the marked range, or all lines that are shown, to a file",
                show=False, id="logs.save"),
        Binding("escape", "clear", "All", tooltip="Clear mark, search and filter", show=False, id="logs.clear"),
    ]  # fmt: skip

    def __init__(self, habits: LogHabits, aws: Aws, *arguments: Any) -> None:
        super().__init__(habits, aws, *arguments)
        self._pattern = self._stream = ""
        self._versions: Sequence[str] = ()
        self._alias = ""
        self._first_filter = ""

    # Keys -------------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A digit chooses a window after `w` alone; what would do nothing lets the key go on to the screen."""
        if action == "window":
            return self.choosing
        if action == "clear":
            return self.choosing or self._clearable
        if action in {"filter", "search"}:
            typed = self.lines.filter.input, self.lines.search.input
            return self.ready and self.screen.focused not in typed
        if action == "save":
            return bool(len(self.log_view.rows)) and self.habits.folder is not None
        if action in {"copy_lines", "whole"}:
            return bool(len(self.log_view.buffer))
        return super().check_action(action, parameters)

    @property
    def _clearable(self) -> bool:
        view = self.log_view
        return bool(view.reader.anchor or view.finder.sought or view.finder.missed or view.finder.query)

    def action_filter(self) -> None:
        """Type a filter."""
        self.lines.open(self.lines.filter)

    def action_search(self) -> None:
        """Type what is to be searched for."""
        self.lines.open(self.lines.search)

    def action_clear(self) -> None:
        """Put away one thing after the other: the choice of a window, the mark, the search, the filter."""
        view = self.log_view
        if self.choosing:
            self._choose(False)
        elif view.reader.anchor is not None:
            view.action_mark()
        elif view.finder.sought is not None or view.finder.missed:
            self.lines.clear_search()
        else:
            self.lines.clear_filter()

    def action_choose(self) -> None:
        """Await a digit."""
        self._choose(not self.choosing)

    def _choose(self, choosing: bool) -> None:
        self.choosing = choosing
        self.tell()
        self.refresh_bindings()

    def on_key(self, event: events.Key) -> None:
        """Any other key chooses no window, and does what it does."""
        if self.choosing and not event.key.isdigit() and event.key not in {"w", "escape"}:
            self._choose(False)

    def action_window(self, number: int) -> None:
        """Read so far back."""
        self._choose(False)
        self._read_from(log_ranges.window(number, datetime.now().astimezone()))

    def action_copy_lines(self) -> None:
        """Copy the line under the cursor, or the marked range with its times."""
        if self.log_view.count_marked > COPIED:
            self.notify(f"More than {COPIED:,} lines are too many for a clipboard: they are saved.", markup=False)
            self.action_save()
            return
        records = self.log_view.marked
        if len(records) == 1:
            self.app.copy_to_clipboard(records[0].message)
            return
        times = Times.UTC if self.log_view.times is Times.UTC else Times.LOCAL
        told = moments(times, datetime.fromtimestamp(0).astimezone())  # each with its day
        self.app.copy_to_clipboard("\n".join(f"{told(it) if told else ''} {it.message}" for it in records))

    def action_save(self) -> None:
        """Save the marked range, or all lines that the filter lets through, to a file."""
        start(self, self._save, name="save log lines", group="save")

    async def _save(self) -> None:
        from lambdatui.ui.log_saving import save

        folder = self.habits.folder
        if folder is None or not len(self.log_view.rows):
            return
        name = "-".join(group.name.rpartition("/")[2] for group in self.groups[:3])
        try:
            path, count = await save(self.log_view, folder, name, self._saving)
        except OSError as problem:
            report_not_saved(self, folder, problem)
        else:
            report_saved(self, f"{count:,} line{'s' * (count != 1)}", path)
        finally:
            self._saving(None)

    def _saving(self, part: float | None) -> None:
        self.saved = part
        if self.is_attached:
            self.tell()

    def action_whole(self) -> None:
        """Show all that is known of the record under the cursor."""
        from lambdatui.ui.screens.record import record_document

        record = self.log_view.record
        if record is not None and self.app.screen is self.screen:
            self.app.push_screen(record_document(self.aws, record))

    def on_log_view_opened(self, event: LogView.Opened) -> None:
        from lambdatui.ui.screens.record import RecordScreen

        event.stop()
        if self.app.screen is self.screen:
            self.app.push_screen(RecordScreen(self.aws, event.record))

    def on_log_view_changed(self, event: LogView.Changed) -> None:
        super().on_log_view_changed(event)
        self.refresh_bindings()

    def begin_with(self, wanted: Range, text: str) -> None:
        """Read a part of the log, filtered, from the start on. To be called before it is mounted."""
        self.range = wanted
        self._first_filter = text
        self.older.hunt()

    def on_mount(self) -> None:
        super().on_mount()
        if self._first_filter:
            self.lines.narrow(self._first_filter)

    def look_up(self, wanted: Range, text: str) -> None:
        """Show a part of the log in which a text is marked, if there is one, and go there when it comes."""
        self.lines.clear_filter()
        self.lines.clear_search()
        self._pattern = self._stream = self._alias = ""
        self._versions = ()
        if text:
            self.lines.seek(f'"{text}"')
        self.older.seek(text)
        self._read_from(wanted)
        if text:
            self.older.hunt()

    # Commands ---------------------------------------------------------------------------------------------------

    def verbs(self) -> Iterator[Verb]:
        yield Verb(("range",), "read a part of the log: 2h, 2026-11-22 14:00..15:30", self._type_range, "RANGE",
                   lambda: ("15m", "1h", "6h", "24h", "7d"))  # fmt: skip
        yield Verb(("live",), "follow by StartLiveTail, which is billed by the minute", lambda _: self._go_live(True))
        yield Verb(("poll",), "follow by polling, which is free", lambda _: self._go_live(False))
        yield Verb(("server",), "have the service filter by a pattern; without one, not any more", self._serve,
                   "[PATTERN]", lambda: ('"ERROR"', '{ $.level = "error" }'))  # fmt: skip
        yield Verb(
            ("stream",), "read one log stream; without a name, all", self._narrow_stream, "[STREAM]", self._streams
        )
        yield Verb(("version",), "read the streams of one version; without one, all", self._narrow_version,
                   "[VERSION]", self._known_versions)  # fmt: skip

    def request(self) -> TailRequest:
        streams = (self._stream,) if self._stream else ()
        return replace(super().request(), pattern=self._pattern, streams=streams, versions=self._versions)

    def narrowed(self) -> Iterator[str]:
        if self._pattern:
            yield f"the service gives {self._pattern} only"
        if self._stream:
            yield f"stream {self._stream}"
        if self._versions:
            yield f"alias {self._alias}" * bool(self._alias) or f"version {self._versions[0]}"

    def _type_range(self, text: str) -> None:
        try:
            wanted = log_ranges.parse(text, datetime.now().astimezone(), datetime.astimezone)
        except RangeError as wrong:
            raise CommandError(str(wrong)) from None
        self._read_from(wanted)

    def _read_from(self, wanted: log_ranges.Range) -> None:
        self.range = wanted
        self.restart()

    def _go_live(self, live: bool) -> None:
        if self.range is not None and self.range.end is not None:
            raise CommandError("A range that is over cannot be followed. Press w and 0 to read from now on.")
        self.live = live
        if self.tail is not None:
            self.tail.live = live

    def _serve(self, pattern: str) -> None:
        self._pattern = pattern
        self.restart()

    def _narrow_stream(self, name: str) -> None:
        self._stream, self._versions, self._alias = name, (), ""
        self.restart()

    def _narrow_version(self, version: str) -> None:
        self.narrow_versions([version] if version else (), "")

    def narrow_versions(self, versions: Sequence[str], alias: str) -> None:
        """Read the streams of these versions alone, which are those of an alias if that has a name."""
        self._stream, self._versions, self._alias = "", versions, alias
        self.restart()

    def _streams(self) -> Iterable[str]:
        """Those of the lines that are there, the newest first."""
        chunks = self.log_view.buffer.chunks
        return dict.fromkeys(stream for chunk in reversed(chunks) for _, stream in reversed(chunk.places) if stream)

    def _known_versions(self) -> Iterable[str]:
        found = (_VERSION.search(stream) for stream in self._streams())
        return dict.fromkeys(match[1] for match in found if match)
