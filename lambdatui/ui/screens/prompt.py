"""Asks for some texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from lambdatui.ui.widgets.typing_line import TypingLine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual.app import App, ComposeResult

LONGEST = 4000
"""Characters of one answer."""


class Field(NamedTuple):
    """What is asked for."""

    name: str
    value: str = ""
    note: str = ""


class PromptScreen(ModalScreen["Mapping[str, str] | None"]):
    """Closes with what was typed, by name, or with None. What cannot be is told, and stays to be mended."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Cancel", tooltip="Close without an answer", id="prompt.cancel"),
        Binding("down", "app.focus_next", "Next", show=False, id="prompt.next"),
        Binding("up", "app.focus_previous", "Before", show=False, id="prompt.previous"),
        Binding("f5,ctrl+enter", "accept", "Go on", tooltip="Go on with what is typed", id="prompt.accept"),
    ]

    DEFAULT_CSS = """
    PromptScreen {
        align: center middle;
        & > VerticalScroll {
            width: 72; max-width: 96%; height: auto; max-height: 90%; padding: 0 1;
            background: $surface; border: round $accent; border-title-color: $text-accent;
        }
        & Static { height: auto; }
        & .prompt--note { color: $text-muted; }
        & .prompt--wrong { color: $text-error; text-style: bold; display: none; }
        & .prompt--wrong.-shown { display: block; }
        & TypingLine { background: $boost; }
    }
    """

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        *,
        said: str = "",
        go_on: str = "go on",
        check: Callable[[Mapping[str, str]], str] = lambda _: "",
    ) -> None:
        """`check` says what is wrong with the answers, or nothing; `go_on` is what enter does on the last of them."""
        super().__init__()
        self._title = title
        self._said = said
        self._go_on = go_on
        self._check = check
        self._fields = fields
        self._lines = {field.name: TypingLine(max_length=LONGEST) for field in fields}
        self._wrong = Static(classes="prompt--wrong")

    def compose(self) -> ComposeResult:
        with VerticalScroll(can_focus=False) as box:
            box.border_title = Content(self._title)
            if self._said:
                yield Static(Content(self._said))
            for field in self._fields:
                label = Content(field.name)
                yield Static(label + Content.styled(f"  {field.note}", "$text-muted") if field.note else label)
                yield self._lines[field.name]
            yield self._wrong
            yield Static(Content(f"enter: {self._go_on}   esc: cancel"), classes="prompt--note")

    def on_mount(self) -> None:
        for field in self._fields:
            line = self._lines[field.name]
            line.value = field.value
            line.cursor_position = len(field.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to the next line, or on from the last."""
        event.stop()
        lines = [*self._lines.values()]
        following = lines[lines.index(event.input) + 1 :] if event.input in lines else []
        if following:
            following[0].focus()
        else:
            self.action_accept()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._wrong.remove_class("-shown")

    def action_accept(self) -> None:
        """Close with what was typed, if it can be."""
        answers = {name: line.value for name, line in self._lines.items()}
        wrong = self._check(answers)
        if wrong:
            self._wrong.update(Content(f"! {wrong}"))
            self._wrong.add_class("-shown")
        elif self.is_current:  # else a second enter, pressed before the first one had closed it
            self.dismiss(answers)


async def ask(
    app: App[Any], title: str, field: Field, *, check: Callable[[str], str], said: str = "", go_on: str
) -> str | None:
    """One text, without the blanks around it; None: it was cancelled. To be awaited in a worker."""
    name = field.name
    screen = PromptScreen(title, [field], said=said, go_on=go_on, check=lambda answers: check(answers[name].strip()))
    answers = await app.push_screen_wait(screen)
    return None if answers is None else answers[name].strip()
