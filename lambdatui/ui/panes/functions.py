"""The functions of the account in the region."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from lambdatui.model.text import bare_sequence, day
from lambdatui.ui.subject import Subject
from lambdatui.ui.table import TablePane
from lambdatui.ui.widgets.columns import Column
from lambdatui.ui.widgets.table import Table

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from lambdatui.model.functions import Function


class FunctionsPane(TablePane["Function"]):
    """All functions, streamed page by page; `/` filters on the name."""

    NAME = "functions"
    ALIASES = ("fn",)
    TITLE = "Functions"
    LOADING = "Loading functions…"
    EMPTY = (
        "This account has no functions in this region.\n\n"
        "Another region: start with -r REGION. Another account: start with -p PROFILE."
    )
    COLUMNS: ClassVar[Sequence[Column[Function]]] = (
        Column("Name", lambda it: it.name, 22, grow=2, sort=lambda it: it.name.lower()),
        Column("Runtime", lambda it: it.runtime_or_package, 12, sort=lambda it: it.runtime_or_package),
        Column("Memory", lambda it: f"{it.memory} MB", 8, sort=lambda it: it.memory, align="right"),
        Column("Timeout", lambda it: f"{it.timeout} s", 8, sort=lambda it: it.timeout, align="right"),
        Column("Arch", lambda it: bare_sequence(it.architectures), 6, sort=lambda it: it.architectures),
        Column("Modified", lambda it: day(it.modified, datetime.now().astimezone()), 12, sort=lambda it: it.modified),
        Column("Description", lambda it: it.description, 24, grow=3, sort=lambda it: it.description.lower() or None),
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l", "open('logs')", "Logs", tooltip="Logs of the function", id="functions.logs"),
        Binding("i", "open('invoke')", "Invoke", tooltip="Invoke of the function", id="functions.invoke"),
    ]

    class Opened(Message):
        """A person wants to see a function, on the tab of that name ("" for the first)."""

        def __init__(self, function: Function, tab: str) -> None:
            super().__init__()
            self.function = function
            self.tab = tab

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without a function under the cursor there is none to open."""
        return bool(self.table.shown) if action == "open" else super().check_action(action, parameters)

    def pages(self) -> AsyncGenerator[Sequence[Function], None]:
        return self.aws.functions.pages()

    def key(self, item: Function) -> str:
        return item.arn

    def search_text(self, item: Function) -> str:
        return item.name

    def subject(self, item: Function) -> Subject:
        return Subject(item.name, item.arn)

    def on_table_selected(self, event: Table.Selected) -> None:
        event.stop()
        self.action_open("")

    def action_open(self, tab: str) -> None:
        """Open the function under the cursor on one of its tabs."""
        function = self.table.cursor_item
        if function is not None:
            self.post_message(self.Opened(function, tab))
