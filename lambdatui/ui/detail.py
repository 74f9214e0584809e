"""`DetailPane`: a tab of one function, and `DetailTable`: one that is a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from lambdatui.ui.pane import Pane
from lambdatui.ui.table import TablePane
from lambdatui.ui.widgets.columns import Item
from lambdatui.ui.widgets.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult

    from lambdatui.aws.gateway import Aws
    from lambdatui.model.functions import Function
    from lambdatui.ui.desk import Desk


class DetailPane(Pane):
    """A pane about one function. All of them are made alike, so that the registry can make any."""

    def __init__(self, aws: Aws, function: Function, desk: Desk) -> None:
        """`desk` keeps what was typed and not sent, and how things are looked at, when something else is looked at."""
        super().__init__(aws)
        self.function = function
        self.desk = desk

    async def raw(self) -> str:
        """All that AWS says of what is shown, as YAML: of the function, unless a tab is about something else."""
        return await self.aws.functions.raw(self.function.arn)


class DetailTable(DetailPane, TablePane[Item]):
    """A list about one function. Below it stands in full what its columns cut of the item under the cursor."""

    # Textual takes styles from the first base alone.
    DEFAULT_CSS = (
        TablePane.DEFAULT_CSS.replace("TablePane", "DetailTable")
        + """
    DetailTable {
        & .detail-table--about { height: auto; max-height: 40%; padding: 0 1; background: $surface; }
        &.-empty .detail-table--about { display: none; }
    }
    """
    )

    def __init__(self, aws: Aws, function: Function, desk: Desk) -> None:
        super().__init__(aws, function, desk)
        self._about = Static(classes="detail-table--about")

    def in_full(self, item: Item) -> Iterator[Content]:
        """What is told of an item, line by line."""
        raise NotImplementedError

    def content(self) -> ComposeResult:
        yield from super().content()
        yield self._about

    def on_table_highlighted(self, event: Table.Highlighted) -> None:
        event.stop()
        self._about.update(Content("\n").join(self.in_full(event.item)) if event.item else Content(""))
