"""A text area for a payload, in which everything is typing but the few keys that are bound here."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.document._document_navigator import DocumentNavigator
from textual.events import Key
from textual.message import Message
from textual.widgets import TextArea
from textual.widgets.text_area import Selection

from lambdatui.model.text import visible
from lambdatui.ui.widgets.highlighting import QUERIES, Colours, Highlights, can_be_read
from lambdatui.ui.widgets.in_order import InOrder
from lambdatui.ui.widgets.large_text import Plain, Unfolded

if TYPE_CHECKING:
    from textual import events
    from textual.document._document import EditResult
    from textual.document._edit import Edit

OWN_KEYS = frozenset({"tab", "enter"})
"""Keys that Textual's text area handles without a binding."""
PATIENCE = 0.5
"""Seconds that the focus may take to go elsewhere: then what was typed meanwhile is for the editor after all."""
SLICE = 200_000
"""Characters of what is pasted that are made safe at once: some milliseconds."""
PANE_KEYS = ("ctrl+e",)
"""Keys of Textual's text area that are the pane's here."""


class Editor(InOrder, TextArea):
    """An editor of JSON or YAML, as `language` says. Tab indents; escape leaves it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave the editor", tooltip="Leave the editor", id="editor.leave"),
    ]

    COMPONENT_CLASSES: ClassVar[set[str]] = {"editor--key", "editor--text", "editor--value", "editor--comment"}

    DEFAULT_CSS = """
    Editor {
        & .editor--key { color: $text-accent; }
        & .editor--value { color: $text-secondary; }
        & .editor--comment { color: $foreground-muted; text-style: italic; }
    }
    """

    class Left(Message):
        """The person has left the editor with escape."""

    def __init__(self, text: str, language: str | None = "json") -> None:
        """`language`: "json", "yaml", or None for no colours; a text that is too large has none either."""
        super().__init__(text, show_line_numbers=True, soft_wrap=False, tab_behavior="indent")
        self.indent_width = 2
        self.cursor_blink = False  # at rest nothing is written
        self.register_theme(Colours("editor"))
        self.theme = "editor"
        for name, query in QUERIES.items():
            self.update_highlight_query(name, query)
        for key in PANE_KEYS:
            self._bindings.key_to_bindings.pop(key, None)
        self.language = language
        self._held: list[Key] | None = None
        """Keys that were pressed since the focus is on its way elsewhere; None: it is not."""

    def replace_all(self, text: str) -> None:
        """Put a text in place of all that is there: ctrl+z takes that back at once. The cursor goes to the start."""
        self.history.checkpoint()
        self.replace(text, (0, 0), self.document.end, maintain_selection_offset=False)
        self.history.checkpoint()
        self.cursor_location = (0, 0)
        self.scroll_home(animate=False)

    def go_to(self, line: int, column: int) -> None:
        """Put the cursor on a character, both counted from 1; where there is none, on the nearest."""
        row = max(0, min(line - 1, self.document.line_count - 1))
        self.move_cursor((row, max(0, min(column - 1, len(self.document.get_line(row))))), center=True)

    def _watch_show_vertical_scrollbar(self) -> None:
        # When many lines are taken back, Textual takes the bar away, and scrolls to a cursor that is on none any more.
        self.selection = Selection(*map(self.clamp_visitable, self.selection))
        super()._watch_show_vertical_scrollbar()

    # Colours ----------------------------------------------------------------------------------------------------

    def _set_document(self, text: str, language: str | None) -> None:
        coloured = can_be_read(language, text)
        super()._set_document(text if coloured else "", language if coloured else None)
        if not coloured:
            self.document = Plain(text)
        self.wrapped_document = Unfolded(self.document, tab_width=self.indent_width)
        self.navigator = DocumentNavigator(self.wrapped_document)
        self._build_highlight_map()
        self._rewrap_and_refresh_virtual_size()

    def edit(self, edit: Edit) -> EditResult:
        """Change the text."""
        if self._highlight_query is not None and not can_be_read(self.language, edit.text):
            self._set_again(None)  # before: to read that much for its colours takes seconds
        result = super().edit(edit)
        if len(edit.text) > 1 or len(result.replaced_text) > 1:
            self._reconsider()
        return result

    def undo(self) -> None:
        """Take back the last step."""
        super().undo()
        self._reconsider()

    def redo(self) -> None:
        """Take the last step again."""
        super().redo()
        self._reconsider()

    def _reconsider(self) -> None:
        """Take the colours off a text that has become too large, or give them to one that is small again."""
        if (self._highlight_query is not None) != can_be_read(self.language, self.document.text):
            self._set_again(self.language)

    def _set_again(self, language: str | None) -> None:
        selection, scrolled = self.selection, self.scroll_offset
        self._set_document(self.document.text, language)
        self.selection = selection
        self.scroll_to(*scrolled, animate=False)

    def _build_highlight_map(self) -> None:
        self._line_cache.clear()
        self._highlights = Highlights(self.document, self._highlight_query)

    # Keys -------------------------------------------------------------------------------------------------------

    def action_leave(self) -> None:
        """Leave the editor."""
        self.hand_over()
        self.post_message(self.Left())

    def hand_over(self) -> None:
        """What is pressed from now on is for what gets the focus next, however fast it is pressed."""
        if self.has_focus and self._held is None:
            self._held = []
            self.set_timer(PATIENCE, self._release, name="keys of the editor")

    def _release(self) -> None:
        held, self._held = self._held or [], None
        for key in held:
            self.app.post_message(Key(key.key, key.character))

    def _on_blur(self, event: events.Blur) -> None:
        self._release()

    async def _on_key(self, event: events.Key) -> None:
        if self._held is not None:
            event.stop()
            event.prevent_default()
            self._held.append(event)
            return
        bound = self.screen.active_bindings.get(event.key)
        if bound is not None and bound.node is self:
            return  # InOrder, which Textual calls next, has it act
        # TextArea's own handler, which Textual calls after that, would move the focus on, past what our binding says.
        if event.key == "escape":
            event.prevent_default()
        # A key of the pane acts before what is typed behind it: by itself it would go up to the app and back first.
        elif (
            bound is not None
            and bound.enabled
            and bound.node in self.ancestors
            and bound.node not in (self.screen, self.app)
            and not event.is_printable
            and event.key not in OWN_KEYS
        ):
            event.stop()
            event.prevent_default()
            await self.app.run_action(bound.binding.action, bound.node)

    async def _on_paste(self, event: events.Paste) -> None:
        # TextArea's own handler, which Textual calls next, inserts the text as it is: a terminal would obey it. Many
        # terminals send a newline as \r.
        text = event.text.replace("\r\n", "\n").replace("\r", "\n")
        done: list[str] = []
        while text:
            cut = text.find("\n", SLICE) + 1 or len(text)
            done.append(visible(text[:cut]))
            text = text[cut:]
            await asyncio.sleep(0)  # keys wait for it, all else goes on
        event.text = "".join(done)
