"""A text area for a payload, in which everything is typing but the few keys that are bound here."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea

from lambdatui.model.text import visible
from lambdatui.ui.widgets.in_order import InOrder

if TYPE_CHECKING:
    from textual import events


class Editor(InOrder, TextArea):
    """An editor of JSON. Tab indents; escape leaves it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave the editor", tooltip="Leave the editor", id="editor.leave"),
    ]

    class Left(Message):
        """The person has left the editor with escape."""

    def __init__(self, text: str) -> None:
        super().__init__(text, show_line_numbers=True, soft_wrap=False, tab_behavior="indent", theme="css")
        self.indent_width = 2
        self.cursor_blink = False  # at rest nothing is written

    def action_leave(self) -> None:
        """Leave the editor."""
        self.post_message(self.Left())

    async def _on_key(self, event: events.Key) -> None:
        # TextArea's own handler, which Textual calls next, would move the focus on, past what our binding says.
        if event.key == "escape":
            event.prevent_default()

    async def _on_paste(self, event: events.Paste) -> None:
        # TextArea's own handler, which Textual calls next, inserts the text as it is: a terminal would obey it. Many
        # terminals send a newline as \r.
        event.text = visible(event.text.replace("\r\n", "\n").replace("\r", "\n"))
