"""The keys of the list that open a function's tabs are the tabs' own."""

from __future__ import annotations

from textual.binding import Binding

from lambdatui.ui.panes import TABS, Tab
from lambdatui.ui.panes.functions import FunctionsPane
from tests.ui.tabs import DETAILS


def test_the_list_opens_each_tab_by_the_key_that_shows_it() -> None:
    """They are written down twice, so that the first paint need not import the tabs."""
    bindings = [it for it in FunctionsPane.BINDINGS if isinstance(it, Binding)]
    opening = {it.action: (it.key, it.description) for it in bindings if it.action.startswith("open(")}
    tabs = {f"open('{pane.NAME}')": (pane.KEY, pane.TITLE) for pane in DETAILS}
    assert opening
    assert opening.items() <= tabs.items()


def test_a_tab_is_called_as_its_pane_which_is_imported_when_it_is_opened() -> None:
    assert {pane.NAME: Tab(pane.TITLE, pane.KEY) for pane in DETAILS} == TABS
