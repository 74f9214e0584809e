"""`ResultPart`: what came back of a call, or what is known while nothing has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from lambdatui.ui.widgets.outcome_view import OutcomeView

if TYPE_CHECKING:
    from textual.app import ComposeResult


class ResultPart(Vertical):
    """A title that says how it is, and below it the call."""

    DEFAULT_CSS = """
    ResultPart {
        & > .result-part--title {
            height: 1; padding: 0 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis;
        }
        &:focus-within > .result-part--title { color: $text-accent; text-style: bold; }
    }
    """

    def __init__(self) -> None:
        super().__init__(classes="invoke--part")
        self.view = OutcomeView()
        self.said = ""
        """What the title says."""
        self._title = Static(Content("Result"), classes="result-part--title")

    def compose(self) -> ComposeResult:
        yield self._title
        yield self.view

    def say(self, text: str) -> None:
        """Say how it is."""
        if text != self.said:
            self.said = text
            self._title.update(Content(f"Result: {text}" if text else "Result"), layout=False)
