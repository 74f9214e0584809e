"""One layer: its versions, and the functions that use them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from lambdatui.ui.panes.layer_versions import LayerVersionsPane
from lambdatui.ui.screens.frame import FrameScreen

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from lambdatui.aws.gateway import Aws
    from lambdatui.model.functions import Function
    from lambdatui.model.layers import Layer
    from lambdatui.ui.subject import Subject


class LayerScreen(FrameScreen):
    """The layer's versions. Opening a function goes one screen further down."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "back", "Back", tooltip="Back to the list", id="layer.back"),
    ]

    DEFAULT_CSS = """
    LayerScreen > LayerVersionsPane { height: 1fr; }
    """

    def __init__(self, aws: Aws, layer: Layer, open_function: Callable[[Function], None]) -> None:
        super().__init__(aws, place=f"Layer {layer.name}")
        self._open_function = open_function
        self._versions = LayerVersionsPane(aws, layer)

    def content(self) -> ComposeResult:
        yield self._versions

    def subject(self) -> Subject:
        """The function or the version that the cursor is on, else the layer."""
        return self._versions.chosen

    def action_back(self) -> None:
        """Go back to the list."""
        self.dismiss()

    def on_layer_versions_pane_opened_function(self, event: LayerVersionsPane.OpenedFunction) -> None:
        event.stop()
        if self.app.screen is self:  # else a second enter, pressed before the first one's screen was there
            self._open_function(event.function)
