"""Said in place of everything where the terminal is too small for anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from lambdatui.ui.size import COLUMNS, ROWS, too_small

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.geometry import Size


class TooSmallScreen(ModalScreen[None]):
    """Covers whatever there is, until there is room for it."""

    DEFAULT_CSS = """
    TooSmallScreen { background: $background; align: left top; }
    TooSmallScreen ToastRack { display: none; }
    TooSmallScreen > Static { width: 100%; height: 100%; background: $background; color: $foreground; }
    """

    def __init__(self, size: Size) -> None:
        super().__init__()
        self._said = Static(_note(size))

    def compose(self) -> ComposeResult:
        yield self._said

    def on_resize(self, event: events.Resize) -> None:
        size = self.app.size  # that of the event may be one of before
        self._said.update(_note(size))
        self._leave_if_it_fits(size)

    def on_screen_resume(self) -> None:
        self._leave_if_it_fits(self.app.size)

    def _leave_if_it_fits(self, size: Size) -> None:
        """Go away when there is room, and nothing above."""
        if not too_small(size) and self.app.screen is self:
            self.dismiss()


def _note(size: Size) -> Content:
    return Content(f"Too small: {size.width}×{size.height}. Needs {COLUMNS}×{ROWS}. ctrl+c twice quits.")
