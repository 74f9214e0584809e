"""A line to type in, for the filter, the command bar and the pickers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input

from lambdatui.model.text import one_line
from lambdatui.ui.widgets.in_order import InOrder

if TYPE_CHECKING:
    from textual import events


class TypingLine(InOrder, Input):
    """An input of one line without a border, which takes what is pasted as text that a terminal cannot obey."""

    def __init__(self, *, placeholder: str = "", max_length: int) -> None:
        super().__init__(placeholder=placeholder, compact=True, max_length=max_length)

    def on_mount(self) -> None:
        self.cursor_blink = False  # at rest nothing is written

    def _on_paste(self, event: events.Paste) -> None:
        # Input's own handler, which Textual calls next, inserts the first line as it is: a terminal would obey it.
        event.text = one_line("".join(event.text.splitlines()[:1]).strip())
