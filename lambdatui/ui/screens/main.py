"""The start screen: a resource's list."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from lambdatui.ui.panes import RESOURCES
from lambdatui.ui.panes.functions import FunctionsPane
from lambdatui.ui.screens.frame import FrameScreen, Subject

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from lambdatui.aws.gateway import Aws


class MainScreen(FrameScreen):
    """The first of the registry's resources. Opening an item goes one screen down."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "app.quit", "Quit", tooltip="Quit lambdatui", id="main.quit"),
    ]

    def __init__(self, aws: Aws, *, filter: str = "") -> None:  # noqa: A002 (the flag's name)
        super().__init__(aws)
        self._filter = filter
        self._drafts: dict[str, str] = {}

    def content(self) -> ComposeResult:
        first, *_ = RESOURCES
        yield first(self.aws, filter=self._filter)

    def subject(self) -> Subject | None:
        """The function under the cursor."""
        function = self.query_one(FunctionsPane).table.cursor_item if self.is_mounted else None
        return None if function is None else Subject(function.name, function.arn)

    def on_functions_pane_opened(self, event: FunctionsPane.Opened) -> None:
        event.stop()
        if self.app.screen is not self:
            return  # a second enter, pressed before the first one's screen was there
        # Imported now: it brings a quarter of the program, and the first paint would wait for it.
        from lambdatui.ui.screens.function import FunctionScreen

        self.app.push_screen(FunctionScreen(self.aws, event.function, self._drafts, tab=event.tab))
