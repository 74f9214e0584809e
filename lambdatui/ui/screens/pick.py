"""One of many, found by typing a part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.fuzzy import Matcher
from textual.screen import ModalScreen
from textual.style import Style
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from lambdatui.model.errors import AwsError
from lambdatui.ui.widgets.typing_line import TypingLine
from lambdatui.ui.work import start

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from textual.app import ComposeResult

LONGEST = 64
"""Characters that are looked for: no profile or region that a person types is as long."""


class Choice(NamedTuple):
    """What can be chosen: its name, and what is said of it."""

    name: str
    note: str = ""


class PickScreen(ModalScreen[str | None]):
    """Closes with the name of a choice, or with None. Those used lately come first, the one in use is marked."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Close", tooltip="Choose nothing", id="pick.close"),
        Binding("down", "move(1)", "Down", show=False, id="pick.down"),
        Binding("up", "move(-1)", "Up", show=False, id="pick.up"),
        Binding("pagedown", "move(10)", "Page down", show=False, id="pick.page_down"),
        Binding("pageup", "move(-10)", "Page up", show=False, id="pick.page_up"),
    ]

    DEFAULT_CSS = """
    PickScreen {
        align: center middle;
        & > Vertical {
            width: 64; max-width: 96%; height: auto; max-height: 90%; padding: 0 1;
            background: $surface; border: round $accent; border-title-color: $text-accent;
        }
        & OptionList { height: auto; max-height: 16; border: none; padding: 0; background: $surface; }
        & OptionList > .option-list--option-highlighted {
            background: $block-cursor-background; color: $block-cursor-foreground;
            text-style: $block-cursor-text-style;
        }
        & Static { color: $text-muted; }
        & .-problem { color: $text-error; }
    }
    """

    def __init__(
        self,
        title: str,
        load: Callable[[], Awaitable[Sequence[Choice]]],
        *,
        current: str,
        lately: Sequence[str] = (),
        free: Callable[[str], bool] = lambda _: False,
    ) -> None:
        """`free` says of a typed name that is not among the choices whether it may be one all the same."""
        super().__init__()
        self._title = title
        self._load = load
        self._current = current
        self._lately = lately
        self._free = free
        self._choices: Sequence[Choice] = ()
        self._said = Static(Content("Looking…"))
        self._input = TypingLine(placeholder="part of the name", max_length=LONGEST)
        self._list = OptionList()
        self._list.can_focus = False  # keys are typed

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = Content(self._title)
            yield self._input
            yield self._list
            yield self._said

    def on_mount(self) -> None:
        start(self, self._find, name="find choices", group="choices")

    async def _find(self) -> None:
        said = Content("enter chooses, esc closes")
        try:
            choices = list(await self._load())
        except AwsError as problem:
            choices = []
            said = Content(f"{problem.reason} {problem.remedy}".strip())
            self._said.add_class("-problem")
        order = {name: number for number, name in enumerate(it for it in self._lately if it != self._current)}
        self._choices = sorted(choices, key=lambda it: (order.get(it.name, len(order)), it.name))
        self._said.update(said)
        self._fill()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._fill()

    def _fill(self) -> None:
        """Show what fits, the best first."""
        self._list.clear_options()
        self._list.add_options(self._fitting(self._input.value.strip()))
        if self._list.option_count:
            self._list.highlighted = 0

    def _fitting(self, typed: str) -> Iterator[Option]:
        matcher = Matcher(typed, match_style=Style(bold=True, underline=True))
        found = [(self._score(matcher, choice) if typed else 1.0, choice) for choice in self._choices]
        # Stable: of those that fit as well, the one used lately is the first.
        for score, choice in sorted(found, key=lambda it: -it[0]):
            if score > 0:
                name = matcher.highlight(choice.name) if typed else Content(choice.name)
                yield Option(name + self._note(choice), id=choice.name)
        if self._free(typed) and all(choice.name != typed for choice in self._choices):
            yield Option(Content(typed) + Content.styled("  as typed", "dim"), id=typed)

    def _score(self, matcher: Matcher, choice: Choice) -> float:
        whole = float(choice.name.lower() == matcher.query.lower()) * 1000
        return whole + max(matcher.match(choice.name) * 1.5, matcher.match(choice.note))

    def _note(self, choice: Choice) -> Content:
        said = [choice.note] if choice.note else []
        if choice.name == self._current:
            said.append("in use")
        elif choice.name in self._lately:
            said.append("lately")
        return Content.styled(f"  {', '.join(said)}" if said else "", "dim")

    def action_move(self, rows: int) -> None:
        """Move the highlight."""
        if self._list.option_count:
            at = self._list.highlighted or 0
            self._list.highlighted = max(0, min(at + rows, self._list.option_count - 1))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        option = self._list.highlighted_option
        if option is not None:
            self._choose(option.id)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._choose(event.option.id)

    def _choose(self, name: str | None) -> None:
        if self.is_current:  # else a second enter, pressed before the first one had closed it
            self.dismiss(name)
