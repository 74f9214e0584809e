"""The lists that a session can start from. Apart from their names, since the first paint needs one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lambdatui.ui.panes.concurrency import ConcurrencyPane
from lambdatui.ui.panes.errors import ErrorsPane
from lambdatui.ui.panes.functions import FunctionsPane
from lambdatui.ui.panes.layers import LayersPane
from lambdatui.ui.panes.runtimes import RuntimesPane

if TYPE_CHECKING:
    from lambdatui.ui.table import TablePane

RESOURCES: tuple[type[TablePane[Any]], ...] = (
    FunctionsPane,
    LayersPane,
    RuntimesPane,
    ErrorsPane,
    ConcurrencyPane,
)
"""In the order of `NAMES`."""
