"""The keys that act where the focus was."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.app import ComposeResult

    from lambdatui.ui.commands import Command


class HelpScreen(ModalScreen[None]):
    """A page of the live bindings, in the order in which they are asked: the focused widget's first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark", "dismiss(None)", "Close", id="help.close"),
        Binding("down,j", "page.scroll_down", "Down", show=False, id="help.down"),
    ]

    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        & > VerticalScroll {
            width: 66; max-width: 96%; height: auto; max-height: 90%; padding: 1 2;
            background: $surface; border: round $accent; border-title-color: $text-accent;
        }
    }
    """

    def __init__(self, commands: Sequence[Command]) -> None:
        super().__init__()
        self._commands = commands

    def compose(self) -> ComposeResult:
        with VerticalScroll() as page:
            page.border_title = "Keys here (esc closes)"
            yield Static(Content("\n").join(self._lines()))

    def _lines(self) -> Iterator[Content]:
        for number, (node, commands) in enumerate(groupby(self._commands, key=lambda command: command.node)):
            if number:
                yield Content("")
            yield Content.styled(words(type(node).__name__), "bold $text-accent")
            for command in commands:
                key = Content.styled(f"{command.key:>14}", "bold" if command.enabled else "$text-muted")
                yield key + Content(f"  {command.help}")


def words(name: str) -> str:
    """A class name as a heading: FunctionsPane → Functions, LogView → Log view."""
    parts = "".join(f" {letter}" if letter.isupper() else letter for letter in name).split()
    kept = [part for part in parts if part not in {"Pane", "Screen", "Tui"}] or parts
    return " ".join(kept).capitalize()
