"""One log record, looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from lambdatui.model.log_facts import as_yaml
from lambdatui.ui.screens.document import DocumentScreen
from lambdatui.ui.screens.frame import FrameScreen
from lambdatui.ui.widgets.record_view import RecordView

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from lambdatui.aws.gateway import Aws
    from lambdatui.model.log_chunk import Record


class RecordScreen(FrameScreen):
    """Shows a record, one screen further down. It stays, whatever becomes of the log that it is from."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "back", "Back", tooltip="Back to the log", id="record.back"),
    ]

    def __init__(self, aws: Aws, record: Record, *, place: str = "Log record") -> None:
        super().__init__(aws, place=place)
        self._view = RecordView(record)

    def content(self) -> ComposeResult:
        yield self._view

    def action_back(self) -> None:
        """Go back to the log."""
        self.dismiss()

    def on_record_view_whole(self, event: RecordView.Whole) -> None:
        event.stop()
        if self.app.screen is self:
            self.app.push_screen(record_document(self.aws, self._view.record))


def record_document(aws: Aws, record: Record) -> DocumentScreen:
    """A screen with all that is known of a record, as YAML."""

    async def load() -> str:
        return as_yaml(record)

    return DocumentScreen(aws, "Log record as YAML", load)
