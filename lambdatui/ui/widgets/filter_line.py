"""`FilterLine`: the line in which a filter is typed, and above it what a term may become or why it can't be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from lambdatui.model.text import one_line
from lambdatui.ui.arrangement import remember
from lambdatui.ui.widgets.in_order import InOrder

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.widget import Widget

    from lambdatui.model.query import Completion

LONGEST = 200
"""Characters of a filter: no name is as long, and what is held down or pasted by mistake ends here."""
HINTED = 30
"""Options that are shown: more would not fit the widest terminal."""


@dataclass
class _Offered:
    """The options for a term, one of which has been taken."""

    before: str
    completion: Completion
    taken: int

    @property
    def text(self) -> str:
        """The text with that option in it."""
        start, end, options = self.completion
        return self.before[:start] + options[self.taken] + self.before[end:]

    @property
    def end(self) -> int:
        """Where the option ends in it."""
        return self.completion.start + len(self.completion.options[self.taken])


class FilterInput(InOrder, Input):
    """The line itself: up and down go through the filters of before, tab through what a term may become."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Close", tooltip="Close the filter line", id="filter.close"),
        Binding("tab", "complete(1)", "Complete", tooltip="Complete the term; again: otherwise", id="filter.complete"),
        Binding(
            "shift+tab", "complete(-1)", "Back", tooltip="The completion before", show=False, id="filter.complete_back"
        ),
        Binding("up", "recall(1)", "History", tooltip="The filter used before", id="filter.older"),
        Binding(
            "down", "recall(-1)", "After", tooltip="The filter used after, then the list", show=False, id="filter.down"
        ),
    ]

    class Left(Message):
        """The person has left the line without enter."""

    def __init__(
        self,
        complete: Callable[[str, int], Completion],
        history: list[str],
        value: str = "",
        placeholder: str = "part of the name, or terms",
    ) -> None:
        super().__init__(value, placeholder=placeholder, compact=True, max_length=LONGEST)
        self._complete = complete
        self.history = history
        """Filters that were used, the last one last."""
        self._back = 0
        """How far back in the history; 0: what is being typed."""
        self._draft = ""
        self._offered: _Offered | None = None
        self.over = False
        """Whether enter or escape was pressed, and nobody has decided yet what comes of it."""

    def on_mount(self) -> None:
        self.cursor_blink = False  # at rest nothing is written

    @property
    def offer(self) -> Completion:
        """What the term at the cursor may become, or might have become instead of what was taken last."""
        if self._offered is not None and self._offered.text == self.value:
            return self._offered.completion
        self._offered = None
        return self._complete(self.value, self.cursor_position)

    def remember(self, text: str) -> None:
        """Put a filter that is used at the end of the history."""
        self._back = 0
        remember(self.history, text)

    async def _on_key(self, event: events.Key) -> None:
        # What is pressed after enter, however fast, is for whoever has the focus then: it bubbles behind the enter.
        if self.over:
            event.prevent_default()

    async def action_submit(self) -> None:
        """Use what is typed."""
        self._end(self.Submitted(self, self.value))

    def action_leave(self) -> None:
        """Close the line; the filter stays."""
        self._end(self.Left())

    def _end(self, message: Message) -> None:
        """Tell it to whoever has the line: in its own queue it would be behind keys that were pressed after it."""
        self.over = True
        above = self.parent
        (self if above is None else above).post_message(message)

    def action_recall(self, back: int) -> None:
        """Go through the filters of before; from what is being typed on to the list."""
        at = self._back + back
        if at < 0:
            self.action_leave()
        elif at <= len(self.history):
            if self._back == 0:
                self._draft = self.value
            self._back = at
            self.value = self.history[-at] if at else self._draft
            self.cursor_position = len(self.value)

    def action_complete(self, step: int) -> None:
        """Put the next option in place of the term at the cursor."""
        completion = self.offer
        if not completion.options:
            return
        if self._offered is None:
            self._offered = _Offered(self.value, completion, 0 if step > 0 else -1)
        else:
            self._offered.taken = (self._offered.taken + step) % len(completion.options)
        self.value, self.cursor_position = self._offered.text, self._offered.end
        if len(completion.options) == 1:
            self._offered = None  # it may be completed further

    def _on_paste(self, event: events.Paste) -> None:
        # Input's own handler, which Textual calls next, inserts the first line as it is: a terminal would obey it.
        event.text = one_line("".join(event.text.splitlines()[:1]).strip())


class FilterLine(Vertical):
    """The line and its hint, shown while it is open. Mounted, it can have the focus at once and loses no letter."""

    DEFAULT_CSS = """
    FilterLine {
        display: none; height: auto; background: $surface;
        &.-open { display: block; }
        & > FilterInput { height: 1; border: none; padding: 0 1; background: $surface; }
        & > Static { height: 2; padding: 0 1; color: $text-muted; }
        &.-wrong > Static { height: 3; color: $text-error; }
    }
    """

    def __init__(self, line: FilterInput, *, before: Widget | None = None) -> None:
        """`before` stands on the line before what is typed."""
        hint = Static()
        # Children that are given here are there with the line; of those composed the focus would have to wait.
        super().__init__(hint, line if before is None else Horizontal(before, line))
        self.input = line
        self._hint = hint

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return self.has_class("-open")

    def open(self, wrong: str = "") -> None:
        """Show it; `wrong` is what is the matter with what it says."""
        self.add_class("-open")
        self.stay(wrong)

    def stay(self, wrong: str) -> None:
        """Have what is typed mended, or gone on with."""
        self.input.over = False
        self.tell(wrong)

    def close(self, text: str) -> None:
        """Hide it; `text` is the filter that holds."""
        self.remove_class("-open")
        self.input.remember(text)
        self.input.value = text

    def tell(self, wrong: str) -> None:
        """Say what is wrong, and else what the term at the cursor may become."""
        if bool(wrong) != self.has_class("-wrong"):
            self.set_class(bool(wrong), "-wrong")
        options = self.input.offer.options[:HINTED]
        parts = [f"! {wrong}"] if wrong else []
        if options and not (wrong and "Possible:" in wrong):
            parts.append(f"tab: {'  '.join(options)}")
        self._hint.update(Content("\n".join(parts)), layout=False)
