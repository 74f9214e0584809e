"""The keys that act where the focus was."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.app import ComposeResult
    from textual.dom import DOMNode

    from lambdatui.ui.commands import Command


class HelpScreen(ModalScreen[None]):
    """A page of the live bindings: the focused widget's first, as they are asked, and at the end the keys that move."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark", "dismiss(None)", "Close", id="help.close"),
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
            page.border_title = Content("Keys here (esc closes)")
            yield Static(Content("\n").join(self._lines()))

    def _lines(self) -> Iterator[Content]:
        groups: dict[str, list[Command]] = {}
        # A key that the app takes first stands where the screen's own was.
        for command in sorted(self._commands, key=lambda command: (command.moving, isinstance(command.node, App))):
            groups.setdefault("Moving about" if command.moving else heading(command.node), []).append(command)
        for number, (name, commands) in enumerate(groups.items()):
            if number:
                yield Content("")
            yield Content.styled(name, "bold $text-accent")
            for command in commands:
                style = "bold" if command.enabled else "$foreground-muted"
                yield Content.styled(f"{'  '.join(command.keys):>14}", style) + Content(f"  {command.help}")


def heading(node: DOMNode) -> str:
    """What a node is called to a person: FunctionsPane → Functions, LogView → Log view."""
    if isinstance(node, App):
        return "Everywhere"
    name = type(node).__name__
    parts = "".join(f" {letter}" if letter.isupper() else letter for letter in name).split()
    return " ".join(part for part in parts if part not in {"Pane", "Screen"}).capitalize()
