"""All tabs of a function."""

from __future__ import annotations

from lambdatui.ui.detail import DetailPane
from lambdatui.ui.panes import TABS
from lambdatui.ui.panes.details import pane_of

DETAILS: tuple[type[DetailPane], ...] = tuple(map(pane_of, TABS))
"""In their order."""
