"""The whole configuration of a function, in groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from lambdatui.model.overview import describe
from lambdatui.ui.detail import DetailPane
from lambdatui.ui.widgets.facts_view import FactsView

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from textual.app import ComposeResult

    from lambdatui.aws.gateway import Aws
    from lambdatui.model.functions import Function


class OverviewPane(DetailPane):
    """What GetFunction tells. Values of environment variables are masked until they are revealed."""

    NAME = "overview"
    TITLE = "Overview"
    KEY = "O"
    LOADING = "Loading the configuration…"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "reveal", "Reveal", tooltip="Show or mask the environment's values", id="overview.reveal"),
    ]

    class Described(Message):
        """The function as it is now: the list that it was opened from may be old."""

        def __init__(self, function: Function) -> None:
            super().__init__()
            self.function = function

    def __init__(self, aws: Aws, function: Function, drafts: MutableMapping[str, str]) -> None:
        super().__init__(aws, function, drafts)
        self.facts = FactsView()

    def content(self) -> ComposeResult:
        yield self.facts

    async def load(self) -> None:
        configuration = await self.aws.functions.describe(self.function.arn)
        if configuration.function.arn:  # an answer without it must not change what is asked for next
            self.post_message(self.Described(configuration.function))
        self.facts.show_facts(describe(configuration))

    def clear_content(self) -> None:
        """Drop all facts."""
        self.facts.show_facts(())

    def watch_active(self, active: bool) -> None:
        super().watch_active(active)
        if not active:
            self.facts.revealed = False

    def action_reveal(self) -> None:
        """Show the values of environment variables, or mask them again. Leaving the tab masks them."""
        self.facts.revealed = not self.facts.revealed
