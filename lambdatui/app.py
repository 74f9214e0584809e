"""`LambdaTui`: the composition root. Opens the gateway, pushes the main screen, holds theme and keymap."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual import events
from textual.constants import DEFAULT_THEME
from textual.reactive import Initialize, Reactive

from lambdatui.collector import PAUSE, QUIET, Collector
from lambdatui.crash import CrashReport
from lambdatui.footprint import keep_small
from lambdatui.gateways import Gateways
from lambdatui.model.redaction import Redactor
from lambdatui.settings import Settings
from lambdatui.silence import unattended
from lambdatui.storage.state import State
from lambdatui.ui import themes
from lambdatui.ui.choices import checked_keymap, chosen_theme
from lambdatui.ui.screens.frame import base_of
from lambdatui.ui.shell import Shell
from lambdatui.ui.terminal.dialect import colourless

if TYPE_CHECKING:
    from textual.theme import Theme

    from lambdatui.aws.gateway import Aws
    from lambdatui.local.process import EndpointProcess
    from lambdatui.ui import where as ui
    from lambdatui.ui.desk import Desk
    from lambdatui.ui.terminal.watchdog import Watchdog

QUICK_START = 2.0
"""Seconds without garbage collection."""


class LambdaTui(Shell):
    """The program on screen. Made from settings; raises SettingsError for a theme or keymap that is not usable."""

    TITLE = "lambdatui"

    # Textual makes the style sheet when the app is made: with a theme that is chosen later it would do so twice.
    theme: Reactive[str] = Reactive(Initialize(lambda app: app._theme_at_start))  # type: ignore[attr-defined]

    def __init__(
        self,
        settings: Settings,
        aws: Aws | None = None,
        watchdog: Watchdog | None = None,
        crash_report: CrashReport | None = None,
        gateways: ui.Gateways | None = None,
    ) -> None:
        """`aws` in place of the gateway that the settings ask for, `gateways` in place of what opens gateways."""
        state = State(settings.state_dir / "state.json")
        theme = chosen_theme(state.get("app", "theme"), settings.theme, os.environ)
        # Without colours Textual shows the greys of a theme that has more than sixteen, and nothing of another.
        self._theme_at_start = DEFAULT_THEME if colourless(os.environ) else theme
        crash_report = crash_report or CrashReport(settings.state_dir, Redactor())
        super().__init__(crash_report, watchdog, settings.state_dir, state)
        self._state = state
        self._collector = Collector()
        own = Gateways(settings, self.crash_report.redactor, self.ask_code)
        self._endpoint = own.endpoint
        self._gateways = gateways or own
        self.begin_at(self.gateways.start, aws or self.gateways.open(self.gateways.start), settings.filter)
        self.views = settings.views
        self.new_desk = partial(_desk, settings)
        # A page of the overview scrolled smoothly is 97 kB on the wire at 120x36, and 12 kB at once.
        self.animation_level = "none"
        self.theme = theme
        self.set_keymap(checked_keymap(settings.keymap))

    @cached_property  # Textual looks there fifty times for each update of the screen
    def available_themes(self) -> dict[str, Theme]:
        return {**super().available_themes, **{theme.name: theme for theme in themes.THEMES}}

    @property
    def gateways(self) -> ui.Gateways:
        return self._gateways

    def on_load(self) -> None:
        asyncio.get_running_loop().set_exception_handler(unattended)

    def on_mount(self) -> None:
        self.call_after_refresh(keep_small)
        self._often = self.set_interval(PAUSE, self._look_for_garbage, pause=True, name="garbage")
        self._seldom = self.set_interval(QUIET, self._look_for_garbage, pause=True, name="garbage at rest")
        self.set_timer(QUICK_START, self._started)
        if self._endpoint is not None:
            self.run_worker(self._watch_endpoint(self._endpoint), name="watch endpoint", group="endpoint")

    def _started(self) -> None:
        # The command line turned the collector off: what is made and imported until the first rows stays.
        if not self._closing:  # it may come in the middle of the end
            self._collector.begin()
            self._often.resume()
            self._seldom.resume()

    def _look_for_garbage(self) -> None:
        if stack := self.screen_stack:  # none in the middle of the end
            self._collector.look(stack[0], stack[-1], stack[0].stack_updates)
        if self._collector.quiet:
            self._often.pause()  # nobody wakes a program that nobody uses each second

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key):
            self._collector.touch()
            if self._collector.begun:
                self._often.resume()
                if self._collector.enough:
                    self._look_for_garbage()
        await super().on_event(event)

    async def on_unmount(self) -> None:
        self._collector.end()
        if self.watchdog is not None:
            self.watchdog.begin(1 if self.return_code is None else self.return_code)
        stopping = None if self._endpoint is None else asyncio.create_task(self._endpoint.stop(grace=0))
        try:
            with suppress(asyncio.CancelledError):
                await asyncio.gather(self.close_gateways(), self._state.aclose())
        finally:
            if stopping is not None:
                await stopping

    async def _watch_endpoint(self, endpoint: EndpointProcess) -> None:
        """Say so when the endpoint ends by itself, and let the panes in sight find out."""
        while True:
            reason = await endpoint.ended()
            self.notify(
                f"It ended with {reason}. Press r to start it again.",
                title="The demo endpoint has ended", severity="error", timeout=10, markup=False,
            )  # fmt: skip
            frame = base_of(self.screen)
            if frame is not None:
                frame.reload()


def _desk(settings: Settings) -> Desk:
    """What each place lays its work on, as it is configured."""
    from lambdatui.storage.calls import CallHistory
    from lambdatui.storage.events import EventStore
    from lambdatui.ui.desk import Desk, LogHabits
    from lambdatui.ui.invoking.shelf import Shelf

    logs = LogHabits(lines=settings.log_lines, live=settings.tail_live, folder=settings.state_dir / "logs")
    events = None if settings.data_dir is None else EventStore(_working_directory(), settings.data_dir)
    shelf = Shelf(events, CallHistory(settings.state_dir / "calls" if settings.history else None))
    return Desk(logs=logs, shelf=shelf, responses=settings.state_dir / "responses")


def _working_directory() -> Path:
    """Where the program was started, or the root of all folders where that is gone."""
    try:
        return Path.cwd()
    except OSError:
        return Path("/")
