"""`AccountStrip`: how the account does, below the functions, where there is room for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal

from lambdatui.ui.panes.concurrency import ConcurrencyPane
from lambdatui.ui.panes.errors import ErrorsPane

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from lambdatui.aws.gateway import Aws


class AccountStrip(Horizontal):
    """What fails and who takes the concurrency, side by side. They are the same panes as those with a key."""

    DEFAULT_CSS = """
    AccountStrip {
        border-top: hkey $panel;
        & > Pane { width: 1fr; }
    }
    """

    def __init__(self, aws: Aws, group_of: Callable[[str], str]) -> None:
        """`group_of` gives the log group of a function, by its name."""
        super().__init__()
        self.errors = ErrorsPane(aws, id="errors-beside")
        self.errors.group_of = group_of
        self.concurrency = ConcurrencyPane(aws, id="concurrency-beside")
        self.errors.beside = self.concurrency.beside = True

    def compose(self) -> ComposeResult:
        yield self.errors
        yield self.concurrency

    def reconsider(self) -> None:
        """Have both read, or rest, by whether they can be seen."""
        self.errors.reconsider()
        self.concurrency.reconsider()
