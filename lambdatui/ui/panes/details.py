"""The tabs of a function, in their order. Apart from the lists, since nothing here is needed before one is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lambdatui.ui.panes.aliases import AliasesPane
from lambdatui.ui.panes.function_layers import FunctionLayersPane
from lambdatui.ui.panes.invoke import InvokePane
from lambdatui.ui.panes.logs import LogsPane
from lambdatui.ui.panes.metrics import MetricsPane
from lambdatui.ui.panes.overview import OverviewPane
from lambdatui.ui.panes.triggers import TriggersPane
from lambdatui.ui.panes.versions import VersionsPane

if TYPE_CHECKING:
    from lambdatui.ui.detail import DetailPane

DETAILS: tuple[type[DetailPane], ...] = (
    OverviewPane,
    LogsPane,
    InvokePane,
    MetricsPane,
    VersionsPane,
    AliasesPane,
    FunctionLayersPane,
    TriggersPane,
)
"""Tabs of a function."""
