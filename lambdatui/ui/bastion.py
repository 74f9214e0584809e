"""`BastionApp`: what makes a Textual app bear a terminal of any size, faults of its own, and ctrl+c."""

from __future__ import annotations

import asyncio
import os
import time
from typing import TYPE_CHECKING

from textual._context import active_message_pump
from textual.app import App
from textual.css.query import NoMatches
from textual.dom import DOMNode
from textual.widget import MountError

from lambdatui.ui.size import too_small
from lambdatui.ui.terminal.changed_lines import patch_compositor
from lambdatui.ui.terminal.dialect import colourless
from lambdatui.ui.terminal.driver import TWICE, TerminalDriver, is_gone
from lambdatui.ui.terminal.sizes import patch_sizes
from lambdatui.ui.terminal.strips import patch_strips

if TYPE_CHECKING:
    from pathlib import Path

    from textual import events

    from lambdatui.crash import CrashReport
    from lambdatui.ui.terminal.watchdog import Watchdog


def _is_going(pump: object) -> bool:
    """Whether this is a widget that is being removed, or in one that is."""
    return isinstance(pump, DOMNode) and any(node._pruning for node in pump.ancestors_with_self)


class BastionApp(App[None]):
    """An app on a terminal somewhere: ends in time, tells of its faults without values, copies to where one sits."""

    # What is chosen is told by its colour alone in Textual's tabs and lists.
    CSS = "Tab.-active:nocolor, OptionList > .option-list--option-highlighted:nocolor { text-style: bold reverse; }"

    def __init__(self, crash_report: CrashReport, watchdog: Watchdog | None, state_dir: Path) -> None:
        """`state_dir` is where what is copied goes, if there is no clipboard."""
        if colourless(os.environ):
            os.environ["NO_COLOR"] = "1"  # Textual reads it now
        patch_strips()
        patch_sizes()
        patch_compositor()
        super().__init__(driver_class=TerminalDriver)
        self.crash_report = crash_report
        self.watchdog = watchdog
        self._state_dir = state_dir
        self._interrupted = float("-inf")

    def on_load(self) -> None:
        loop = asyncio.get_running_loop()
        if self.watchdog is not None:
            self.watchdog.attach(lambda code: loop.call_soon_threadsafe(self._end, code))

    def _end(self, code: int) -> None:
        self.exit(return_code=code)

    def on_resize(self, event: events.Resize) -> None:
        if too_small(event.size):
            from lambdatui.ui.screens.too_small import TooSmallScreen

            if not isinstance(self.screen, TooSmallScreen):
                self.push_screen(TooSmallScreen(event.size))

    def _handle_exception(self, error: Exception) -> None:
        # In what is about to go Textual composes nothing any more (Widget._on_compose, Widget.mount), and mounts it all
        # the same: what is not there is not found. Once the program ends, it refuses to mount.
        if (self._exit and isinstance(error, NoMatches | MountError)) or _is_going(active_message_pump.get(None)):
            return
        self.crash_report.take(error)
        if self.watchdog is not None:
            self.watchdog.last_words = self.crash_report.message
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        # Textual's own prints local variables, and among those may be payloads and environment values.
        self.bell()
        self._close_messages_no_wait()

    def panic(self, *_: object) -> None:
        """End, as after any other fault: what it would print may have anything in it."""
        self._return_code = 1
        self._close_messages_no_wait()

    def fail(self, error: BaseException) -> None:
        """End because of this. Any thread may call it."""
        ending = self.watchdog is not None and self.watchdog.ending
        if self._loop is not None and isinstance(error, Exception) and not ending and not is_gone(error):
            self._loop.call_soon_threadsafe(self._handle_exception, error)

    def action_interrupt(self) -> None:
        """Quit at the second press; copy a selection at the first, if there is one."""
        from textual.widgets import Input, TextArea

        now = time.monotonic()
        if now - self._interrupted < TWICE:
            self.exit(return_code=0)
        self._interrupted = now
        focused = self.focused
        if isinstance(focused, Input | TextArea) and focused.selected_text:
            focused.action_copy()
        elif selected := self.screen.get_selected_text():
            self.copy_to_clipboard(selected)
            self.screen.clear_selection()
        self.notify("Press ctrl+c again to quit.", timeout=TWICE)

    async def ask_code(self, device: str, wrong: bool) -> str | None:
        """Ask for a code of an MFA device; None where nobody gives one."""
        from lambdatui.ui.screens.mfa import ask

        return await ask(self, device, wrong=wrong)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy a text, and say where it went."""
        from lambdatui.ui.terminal.clipboard import copy

        self._clipboard = text  # what ctrl+v inserts
        copy(self, text, self._state_dir)
