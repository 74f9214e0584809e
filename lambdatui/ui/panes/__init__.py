"""The registry: which panes there are, in the order of their tabs. All else that names panes reads it here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lambdatui.ui.panes.functions import FunctionsPane
from lambdatui.ui.panes.invoke import InvokePane
from lambdatui.ui.panes.logs import LogsPane
from lambdatui.ui.panes.overview import OverviewPane

if TYPE_CHECKING:
    from lambdatui.ui.detail import DetailPane
    from lambdatui.ui.table import TablePane

RESOURCES: tuple[type[TablePane[Any]], ...] = (FunctionsPane,)
"""Lists that a session can start from."""

DETAILS: tuple[type[DetailPane], ...] = (OverviewPane, LogsPane, InvokePane)
"""Tabs of a function."""
