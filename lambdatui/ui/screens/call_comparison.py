"""Two calls of the history, side by side."""

from __future__ import annotations

import asyncio
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from lambdatui.model.call_comparison import as_facts
from lambdatui.model.comparison import SAME
from lambdatui.ui.pane import Pane
from lambdatui.ui.screens.frame import FrameScreen
from lambdatui.ui.widgets.facts_view import FactsView

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from lambdatui.aws.gateway import Aws
    from lambdatui.model.past_calls import CallRecord

AT_ONCE = 64 * 1024
"""Bytes of both calls up to which they are compared without a thread: some 10 ms. Two of 6 MB take seconds."""


class CallComparisonPane(Pane):
    """What differs between two calls, then in short what does not. Nothing is asked for: both are here."""

    NAME = "call-comparison"
    TITLE = "Comparison"
    LOADING = "Comparing…"

    def __init__(self, aws: Aws, before: CallRecord, after: CallRecord, architecture: str) -> None:
        super().__init__(aws)
        self._calls = before, after
        self._architecture = architecture
        self.facts = FactsView(folded=[SAME])

    def content(self) -> ComposeResult:
        yield self.facts

    async def load(self) -> None:
        before, after = self._calls
        zone = datetime.fromtimestamp(before.call.at / 1000).astimezone().tzinfo
        compare = partial(as_facts, before, after, zone, self._architecture)
        large = sum(len(it.response) + len(it.payload) for it in self._calls) > AT_ONCE
        self.facts.show_facts(await asyncio.to_thread(compare) if large else compare())

    def clear_content(self) -> None:
        """Drop all facts."""
        self.facts.show_facts(())


class CallComparisonScreen(FrameScreen):
    """Shows the comparison, one screen further down."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "back", "Back", tooltip="Back to the calls", id="call_comparison.back"),
    ]

    def __init__(
        self,
        aws: Aws,
        before: CallRecord,
        after: CallRecord,
        *,
        place: str,
        architecture: str,
    ) -> None:
        """`architecture` of the function: by it goes what the calls cost."""
        super().__init__(aws, place=place)
        self._pane = CallComparisonPane(aws, before, after, architecture)

    def content(self) -> ComposeResult:
        yield self._pane

    def action_back(self) -> None:
        """Go back to the calls."""
        self.dismiss()
