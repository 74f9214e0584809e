"""`EventPart`: the payload as it is typed, and how it will be sent."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from lambdatui.model.invocations import limit_words
from lambdatui.model.text import size
from lambdatui.ui.invoking.draft import EMPTY_EVENT
from lambdatui.ui.invoking.options import options, take_options
from lambdatui.ui.invoking.payload import checked, takes_long
from lambdatui.ui.widgets.editor import Editor
from lambdatui.ui.widgets.options_bar import OptionsBar
from lambdatui.ui.work import start

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.timer import Timer
    from textual.widgets import TextArea

    from lambdatui.model.invocations import PayloadFault
    from lambdatui.model.saved_events import SavedEvent
    from lambdatui.ui.invoking.draft import Draft
    from lambdatui.ui.invoking.needed import Needed
    from lambdatui.ui.invoking.payload import Checked

CHECK_AFTER = 0.1
"""Seconds without typing after which the payload is checked."""
TAKEN_BACK = 10
"""Events opened one over the other to which ctrl+z finds back; each may be of 6 MB."""
CHECKED_WHILE_TYPING = 200_000
"""Characters up to which it is."""


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
        self._checking = False
        self._before: deque[Draft] = deque(maxlen=TAKEN_BACK)
        """What was there before other events were opened over it, the last one at the end."""

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
        self._take_back()

    def _take_back(self) -> None:
        """A text that ctrl+z has brought back is of the event that it was of: else it would be saved over another."""
        before = next((it for it in reversed(self._before) if it.text == self.draft.text), None)
        if before is not None and before.event is not self.draft.event:
            while self._before.pop() is not before:
                pass
            self.draft.become(before)
            self.editor.language = before.language

    def check(self) -> None:
        """Check what is typed: beside the loop if that takes long, and only when it is sent if it is large."""
        if len(self.draft.text) > CHECKED_WHILE_TYPING:
            self.fault = None
            self._say(f"{size(len(self.draft.text))}, checked when it is sent")
        elif not takes_long(self.draft):
            self._tell(checked(self.draft))
        elif not self._checking:
            self._say("checking…")
            start(self, self._check_beside, name="check payload", group="check")

    async def _check_beside(self) -> None:
        # One at a time, however often it was asked for meanwhile: a thread cannot be stopped.
        self._checking = True
        try:
            while takes_long(draft := replace(self.draft)) and len(draft.text) <= CHECKED_WHILE_TYPING:
                found = await asyncio.to_thread(checked, draft)
                if draft == self.draft:
                    self._tell(found)
                    break
        finally:
            self._checking = False

    async def may_be_sent(self, draft: Draft) -> bool:
        """Whether a draft, this one as it was when a key was pressed, can be sent; why not is said."""
        found = await asyncio.to_thread(checked, draft) if takes_long(draft) else checked(draft)
        self._tell(found)
        return found.fault is None

    def _tell(self, found: Checked) -> None:
        self.fault = found.fault
        if found.fault is not None:
            self._say(str(found.fault))
        elif found.length:
            what = "YAML, sent as JSON" if self.draft.language == "yaml" else "JSON"
            self._say(f"{size(found.length)} of {what}, limit {limit_words(self.draft.kind)}")
        else:
            self._say("none")

    def _say(self, said: str) -> None:
        self._title.set_class(self.fault is not None, "-fault")
        self._title.update(Content(f"{self.name_of_event}: {said}"), layout=False)

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
        return self.draft.text.rstrip("\n") != (event.text.rstrip("\n") if event else EMPTY_EVENT)

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
        self.keep()
        if self.draft.text != event.text:
            self._before.append(replace(self.draft))
        self.draft.event = event
        take_options(self.draft, event)
        self.put(event.text, event.language)

    def use(self, draft: Draft) -> None:
        """Have another draft's text and options in the editor."""
        self.keep()
        if self.draft.text != draft.text:
            self._before.append(replace(self.draft))
        self.draft.become(draft)
        self.put(draft.text, draft.language)

    def go_to_fault(self) -> None:
        """Put the cursor where the payload is wrong."""
        if self.fault is not None and self.fault.line:
            self.editor.go_to(self.fault.line, self.fault.column)
