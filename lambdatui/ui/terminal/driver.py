"""`TerminalDriver`: Textual's driver, for terminals that send and take something else than it expects."""

from __future__ import annotations

from lambdatui.ui.terminal.job_control import JobControl
from lambdatui.ui.terminal.patches import PASTE_LIMIT, patch_input

LARGEST = 1000
"""Columns, and rows. A terminal can claim 65,535 of each, and the screen of that would not fit into memory."""


class TerminalDriver(JobControl):
    """Reads keys and draws, whatever bytes come in and whatever size the terminal claims to have."""

    def run_input_thread(self) -> None:
        """Until the driver stops."""
        patch_input(lambda: self._loop.call_soon_threadsafe(self._say_cut))
        super().run_input_thread()

    def _say_cut(self) -> None:
        self._app.notify(
            f"Only the first {PASTE_LIMIT:,} characters were taken.",
            title="Too much to paste", severity="warning", timeout=10, markup=False,
        )  # fmt: skip

    def _get_terminal_size(self) -> tuple[int, int]:
        width, height = super()._get_terminal_size()
        return min(width, LARGEST), min(height, LARGEST)
