"""What differs between two versions of a function."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from lambdatui.model.comparison import SAME, as_facts
from lambdatui.ui.pane import Pane
from lambdatui.ui.widgets.facts_view import FactsView

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from lambdatui.aws.gateway import Aws
    from lambdatui.model.versions import Version


class ComparisonPane(Pane):
    """The facts of two versions that are not the same, before and after, then in short those that are.

    Both are asked for anew: GetFunction tells more of them than the list, and $LATEST may be another by now.
    """

    NAME = "comparison"
    TITLE = "Comparison"
    LOADING = "Loading both versions…"

    def __init__(self, aws: Aws, before: Version, after: Version) -> None:
        super().__init__(aws)
        self._arns = before.arn, after.arn
        self.facts = FactsView(folded=[SAME])

    def content(self) -> ComposeResult:
        yield self.facts

    async def load(self) -> None:
        before, after = await asyncio.gather(*map(self.aws.functions.describe, self._arns))
        self.facts.show_facts(as_facts(before, after))

    def clear_content(self) -> None:
        """Drop all facts."""
        self.facts.show_facts(())
