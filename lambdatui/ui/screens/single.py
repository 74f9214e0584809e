"""A screen for one pane: what is looked at for a moment, and left with escape."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from lambdatui.ui.screens.frame import FrameScreen

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from lambdatui.aws.gateway import Aws
    from lambdatui.ui.pane import Pane
    from lambdatui.ui.subject import Subject


class SingleScreen(FrameScreen):
    """Shows a pane, one screen further down."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "back", "Back", tooltip="Back to where this was opened", id="single.back"),
    ]

    def __init__(self, aws: Aws, pane: Pane, *, place: str, subject: Subject | None = None) -> None:
        """`subject` is what can be copied here."""
        super().__init__(aws, place=place)
        self._pane = pane
        self._subject = subject

    def subject(self) -> Subject | None:
        """What the screen is about."""
        return self._subject

    def content(self) -> ComposeResult:
        yield self._pane

    def action_back(self) -> None:
        """Go back to where this was opened."""
        self.dismiss()
