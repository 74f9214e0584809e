"""A link, to be followed on the machine that the terminal is on."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.style import Style
from textual.widgets import Static

from lambdatui.ui.terminal.clipboard import Way, way

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult

    from lambdatui.model.identity import Identity


class LinkScreen(ModalScreen[None]):
    """Shows a link as text and, where the terminal can have such, as one that can be clicked (OSC 8)."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,o,enter", "dismiss(None)", "Close", id="link.close"),
    ]

    DEFAULT_CSS = """
    LinkScreen {
        align: center middle;
        & > Vertical {
            width: 100; max-width: 96%; height: auto; max-height: 90%; padding: 1 2;
            background: $surface; border: round $accent; border-title-color: $text-accent;
        }
        & .-note { color: $text-muted; margin-top: 1; }
    }
    """

    def __init__(self, name: str, url: str, identity: Identity) -> None:
        """The link to a thing of that name, which `identity` has found."""
        super().__init__()
        self._name = name
        self._url = url
        self._identity = identity

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = Content(f"{self._name} in the console (esc closes)")
            yield Static(self._link())
            yield Static(Content(" ".join(self._notes())), classes="-note")

    def _link(self) -> Content:
        """The address. Terminals that do not know OSC 8 pass over it; consoles do not, and GNU screen holds it back."""
        can = way(os.environ) in {Way.TERMINAL, Way.TMUX}
        return Content(self._url).stylize(Style(link=self._url)) if can else Content(self._url)

    def _notes(self) -> Iterator[str]:
        identity = self._identity
        if identity.demo or identity.endpoint:
            what = "the demo on this machine" if identity.demo else identity.endpoint
            yield f"What is shown here came from {what}, of which AWS's console knows nothing."
        elif identity.account:
            yield f"It opens in the account that the browser is signed in to; here it is {identity.account}."
