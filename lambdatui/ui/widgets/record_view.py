"""One log record: what is known of it, and its message, as a tree where that is JSON."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from lambdatui.model.json_value import told
from lambdatui.model.log_facts import facts
from lambdatui.model.sgr import Styled
from lambdatui.ui.widgets.json_tree import JsonTree
from lambdatui.ui.widgets.text_view import TextView

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from textual.app import ComposeResult

    from lambdatui.model.log_chunk import Record

LABEL = 11
"""Cells of the labels above the message."""


class RecordView(Vertical):
    """Shows a record, and copies from it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "copy_value", "Copy", tooltip="Copy the value under the cursor", id="record.copy"),
        Binding("C", "copy_message", "Copy all", tooltip="Copy the whole message", id="record.copy_message"),
        Binding("y", "whole", "YAML", tooltip="The whole record, as YAML", id="record.whole"),
    ]

    DEFAULT_CSS = """
    RecordView {
        height: 1fr;
        & > .record--facts { height: auto; max-height: 50%; padding: 0 1; background: $surface; }
    }
    """

    class Whole(Message):
        """Somebody wants to see all that is known of the record."""

    def __init__(self, record: Record) -> None:
        super().__init__()
        self.record = record
        found = None if record.note else told(record.message, cut=bool(record.hidden))
        self._before = "" if found is None else found[0].strip()
        """Text before the JSON."""
        self.json = None if found is None else JsonTree(found[1])
        """None where the message is no JSON."""
        self._text = TextView()

    def compose(self) -> ComposeResult:
        yield Static(Content("\n").join(self._facts()), classes="record--facts")
        yield self.json or self._text

    def on_mount(self) -> None:
        if self.json is None:
            self._text.show_text(Styled(self.record.message, self.record.spans))

    def _facts(self) -> Iterator[Content]:
        for fact in facts(self.record, _zone(self.record.timestamp)):
            label = Content.styled(f"{fact.label:<{LABEL}}", "$foreground-muted")
            value = str(fact.value)
            yield label + (Content.styled(f"! {value}", "bold $text-error") if fact.alert else Content(value))
        if self._before:
            yield Content.styled(f"{'Text':<{LABEL}}", "$foreground-muted") + Content(self._before)

    def action_copy_value(self) -> None:
        """Copy the value under the cursor, or the message where it is text."""
        self.app.copy_to_clipboard(self.record.message if self.json is None else self.json.cursor.text)

    def action_copy_message(self) -> None:
        """Copy the whole message."""
        self.app.copy_to_clipboard(self.record.message)

    def action_whole(self) -> None:
        """Show all that is known of the record."""
        self.post_message(self.Whole())


def _zone(milliseconds: int) -> tzinfo | None:
    """The time zone here at that time."""
    return datetime.fromtimestamp(milliseconds / 1000).astimezone().tzinfo
