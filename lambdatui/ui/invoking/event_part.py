"""`EventPart`: the payload as it is typed, and how it will be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from lambdatui.model.text import size
from lambdatui.ui.invoking.options import options
from lambdatui.ui.invoking.payload import fault_in, measured
from lambdatui.ui.widgets.editor import Editor
from lambdatui.ui.widgets.options_bar import OptionsBar

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.timer import Timer
    from textual.widgets import TextArea

    from lambdatui.model.invocations import PayloadFault
    from lambdatui.model.saved_events import SavedEvent
    from lambdatui.ui.invoking.draft import Draft
    from lambdatui.ui.invoking.needed import Needed

CHECK_AFTER = 0.1
"""Seconds without typing after which the payload is checked."""
CHECKED_WHILE_TYPING = 200_000
"""Characters up to which it is: that takes some 10 ms."""


class EventPart(Vertical):
    """An editor on a draft, the options below its title. What is wrong with the payload is said in the title."""

    DEFAULT_CSS = """
    EventPart {
        & > .event-part--title {
            height: 1; padding: 0 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis;
        }
        &:focus-within > .event-part--title { color: $text-accent; text-style: bold; }
        & > .event-part--title.-fault { color: $text-error; }
        & Editor, & Editor:focus { height: 1fr; border: none; padding: 0; }
    }
    """

    class Changed(Message):
        """The draft is another than before."""

    def __init__(self, draft: Draft, needed: Needed) -> None:
        super().__init__(classes="invoke--part")
        self.draft = draft
        self._needed = needed
        self.editor = Editor(draft.text)
        self.editor.language = draft.language
        self.bar = OptionsBar()
        self.fault: PayloadFault | None = None
        """What is wrong with the payload, as far as it was checked."""
        self._title = Static(classes="event-part--title")
        self._settling: Timer | None = None

    def compose(self) -> ComposeResult:
        yield self._title
        yield self.bar
        yield self.editor

    def on_mount(self) -> None:
        self.settle()

    # What is typed ----------------------------------------------------------------------------------------------

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        if self._settling is not None:
            self._settling.stop()
        self._settling = self.set_timer(CHECK_AFTER, self.settle, name="check payload")

    def settle(self) -> None:
        """Keep what is typed, check it, and say what is to be sent and how."""
        self.keep()
        self.check()
        self.bar.options = options(self.draft, self._needed.of(self.draft))
        self.post_message(self.Changed())

    def keep(self) -> None:
        """Have the draft hold what is typed."""
        self.draft.text = self.editor.text

    def check(self, *, sending: bool = False) -> bool:
        """Whether the payload can be sent. A large one is checked only then: it takes up to a second."""
        self.keep()
        large = len(self.draft.text) > CHECKED_WHILE_TYPING
        self.fault = None if large and not sending else fault_in(self.draft)
        self._tell(large=large)
        return self.fault is None

    def _tell(self, *, large: bool) -> None:
        self._title.set_class(self.fault is not None, "-fault")
        if self.fault is not None:
            said = str(self.fault)
        elif large:
            said = f"{size(len(self.draft.text))}, checked when it is sent"
        else:
            said = self._measure()
        self._title.update(Content(f"{self.name_of_event}: {said}"), layout=False)

    def _measure(self) -> str:
        length, limit = measured(self.draft)
        what = "YAML, sent as JSON" if self.draft.language == "yaml" else "JSON"
        return f"{size(length)} of {what}, limit {limit}" if length else "none"

    @property
    def name_of_event(self) -> str:
        """What the editor's text is called: an event's name, with a star where it is not as it was saved."""
        event = self.draft.event
        if event is None:
            return "Payload"
        return f"{event.name}{'*' * self.changed}"

    @property
    def changed(self) -> bool:
        """Whether what is typed is not saved."""
        event = self.draft.event
        return self.draft.text.rstrip("\n") != (event.text.rstrip("\n") if event else "{}")

    # What is put into it ----------------------------------------------------------------------------------------

    def put(self, text: str, language: str) -> None:
        """Have another text in the editor. What was there comes back with ctrl+z."""
        self.draft.language = language
        self.editor.language = language
        if text != self.editor.text:
            self.editor.replace_all(text)
        self.settle()

    def open(self, event: SavedEvent) -> None:
        """Have a saved event in the editor, and its options."""
        from lambdatui.ui.invoking.options import take_options

        self.draft.event = event
        take_options(self.draft, event)
        self.put(event.text, event.language)

    def use(self, draft: Draft) -> None:
        """Have another draft's text and options in the editor; it belongs to no saved event."""
        for name in ("qualifier", "shares", "kind", "log_tail", "client_context", "tenant", "streaming"):
            setattr(self.draft, name, getattr(draft, name))
        self.draft.event = None
        self.put(draft.text, draft.language)

    def go_to_fault(self) -> None:
        """Put the cursor where the payload is wrong."""
        if self.fault is not None and self.fault.line:
            self.editor.go_to(self.fault.line, self.fault.column)
