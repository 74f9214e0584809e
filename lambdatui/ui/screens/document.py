"""A text to read: what AWS says of a thing, as YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from lambdatui.ui.pane import Pane
from lambdatui.ui.screens.frame import FrameScreen
from lambdatui.ui.widgets.text_view import TextView

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.app import ComposeResult

    from lambdatui.aws.gateway import Aws
    from lambdatui.ui.subject import Subject


class DocumentPane(Pane):
    """A text that is fetched."""

    NAME = "document"
    TITLE = "Document"

    def __init__(self, aws: Aws, load: Callable[[], Awaitable[str]]) -> None:
        super().__init__(aws)
        self._load_text = load
        self.view = TextView()

    def content(self) -> ComposeResult:
        yield self.view

    async def load(self) -> None:
        self.view.show_text(await self._load_text())

    def clear_content(self) -> None:
        """Drop the text."""
        self.view.show_text("")


class DocumentScreen(FrameScreen):
    """Shows a text, one screen further down."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "back", "Back", tooltip="Back to where this was opened", id="document.back"),
    ]

    def __init__(
        self, aws: Aws, title: str, load: Callable[[], Awaitable[str]], subject: Subject | None = None
    ) -> None:
        """`load` gives the text, safe to draw, and raises AwsError; `subject` is what can be copied here."""
        super().__init__(aws, place=title)
        self._pane = DocumentPane(aws, load)
        self._subject = subject

    def subject(self) -> Subject | None:
        """What the text is about; it is shown raw already."""
        return None if self._subject is None else self._subject._replace(raw=None)

    def content(self) -> ComposeResult:
        yield self._pane

    def action_back(self) -> None:
        """Go back to where this was opened."""
        self.dismiss()
