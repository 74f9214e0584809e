"""The keys of the list that open a function's tabs are the tabs' own."""

from __future__ import annotations

from textual.binding import Binding

from lambdatui.ui.panes.details import DETAILS
from lambdatui.ui.panes.functions import FunctionsPane


def test_the_list_opens_each_tab_by_the_key_that_shows_it() -> None:
    """They are written down twice, so that the first paint need not import the tabs."""
    bindings = [it for it in FunctionsPane.BINDINGS if isinstance(it, Binding)]
    opening = {it.action: (it.key, it.description) for it in bindings if it.action.startswith("open(")}
    tabs = {f"open('{pane.NAME}')": (pane.KEY, pane.TITLE) for pane in DETAILS}
    assert opening
    assert opening.items() <= tabs.items()
