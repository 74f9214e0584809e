"""`InvokeParts`: lists, editor and result at once where there is room, and one at a time where not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual._context import active_message_pump
from textual.containers import Container, Vertical
from textual.events import Key

from lambdatui.ui.widgets.editor import PATIENCE
from lambdatui.ui.widgets.parts_bar import PartsBar, PartTab

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.widget import Widget

    from lambdatui.ui.invoking.call_list import CallList
    from lambdatui.ui.invoking.event_list import EventList
    from lambdatui.ui.invoking.event_part import EventPart
    from lambdatui.ui.invoking.result_part import ResultPart

NARROW, WIDE = 100, 150
"""Columns below which there is one part at a time; from which on editor and result stand side by side."""
PARTS = ("events", "history", "event", "result")
"""Their order."""


class InvokeParts(Container):
    """Which parts are in sight, by the room that there is, and which one has the focus."""

    DEFAULT_CSS = """
    InvokeParts {
        height: 1fr;
        & > PartsBar { display: none; }
        & > .invoke--parts { height: 1fr; layout: horizontal; }
        & .invoke--lists { width: 32; height: 1fr; border-right: vkey $panel; }
        & .invoke--work { width: 1fr; height: 1fr; layout: vertical; }
        & .invoke--part { width: 1fr; height: 1fr; }
        &.-wide .invoke--lists { width: 40; }
        &.-wide .invoke--work { layout: horizontal; }
        &.-narrow > PartsBar { display: block; }
        &.-narrow .invoke--lists, &.-narrow .invoke--work { display: none; }
        &.-narrow .invoke--lists { width: 1fr; border-right: none; }
        &.-narrow .-hidden-part { display: none; }
        &.-narrow .-shown-side { display: block; }
    }
    """

    def __init__(self, events: EventList, calls: CallList, event: EventPart, result: ResultPart) -> None:
        super().__init__()
        self.events, self.calls, self.event, self.result = events, calls, event, result
        # While the pane's own notice goes out of sight, nothing has the focus: it is the editor's, not the list's that
        # begins to load then.
        events.beside = calls.beside = True
        self.bar = PartsBar()
        self.shown = "event"
        """The part that is in sight where there is room for one."""
        self._counts = (0, 0)
        """How many events and calls there are."""
        self._mark = ""
        """How the result is, in a sign."""
        self._held: list[Key] | None = None
        """Keys that were pressed since the focus is on its way to another part; None: it is not."""
        self._lists = Vertical(events, calls, classes="invoke--lists")
        self._work = Container(event, result, classes="invoke--work")

    def compose(self) -> ComposeResult:
        yield self.bar
        yield Container(self._lists, self._work, classes="invoke--parts")

    def on_mount(self) -> None:
        self.tell()
        self._put()

    @property
    def narrow(self) -> bool:
        """Whether there is one part at a time."""
        return self.size.width < NARROW

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width < NARROW, "-narrow")
        self.set_class(event.size.width >= WIDE, "-wide")
        focused = self._focused_part()
        if focused and self.has_class("-narrow"):
            self.shown = focused
        self._put()

    def tell(self, *, events: int | None = None, calls: int | None = None, mark: str | None = None) -> None:
        """Bring the line of parts up to date: how many there are of what, and how the result is; None: as before."""
        before = self._counts
        self._counts = before[0] if events is None else events, before[1] if calls is None else calls
        self._mark = self._mark if mark is None else mark
        titles = (f"Events {self._counts[0]}", f"History {self._counts[1]}", "Payload", f"Result {self._mark}".rstrip())
        self.bar.parts = tuple(PartTab(name, title) for name, title in zip(PARTS, titles, strict=True))

    def _part(self, name: str) -> Widget:
        found: dict[str, Widget] = dict(zip(PARTS, (self.events, self.calls, self.event, self.result), strict=True))
        return found[name]

    def _focused_part(self) -> str:
        return next((name for name in PARTS if self._part(name).has_focus_within), "")

    def _put(self) -> None:
        """Have the part that is wanted in sight, where there is room for one."""
        self.bar.shown = self.shown
        for name in PARTS:
            self._part(name).set_class(name != self.shown, "-hidden-part")
        self._lists.set_class(self.shown in PARTS[:2], "-shown-side")
        self._work.set_class(self.shown in PARTS[2:], "-shown-side")
        for pane in (self.events, self.calls):
            self.call_after_refresh(pane.reconsider)

    def reveal(self, name: str) -> None:
        """Have a part in sight; the focus stays where it is unless that goes out of sight."""
        if self.shown != name:
            had_focus = self.has_focus_within
            self.shown = name
            self._put()
            if self.narrow and had_focus:
                self._hand_over(name)
                self.call_after_refresh(self.go, name)

    def go(self, name: str) -> None:
        """Give a part the focus."""
        if not self.is_attached:
            return
        self._hand_over(name)
        if self.shown != name:
            self.shown = name
            self._put()
            self.call_after_refresh(self.go, name)
            return
        self._focus(self._target(name))

    def _focus(self, target: Widget) -> None:
        target.focus(scroll_visible=False)
        self.app.call_later(self._release)  # after the focus, which Textual has the app do later, too

    def _hand_over(self, name: str) -> None:
        """A part that comes into sight can have the focus after the next refresh only: Textual's styles count then."""
        if name != "event":
            self.event.editor.hand_over()
        if self._held is None:
            self._held = []
            self.set_timer(PATIENCE, self._release, name="keys of the parts")

    def _release(self) -> None:
        held, self._held = self._held or [], None
        for key in held:
            self.app.post_message(Key(key.key, key.character))

    async def on_key(self, event: Key) -> None:
        """Have keys act here, in their order: by themselves they would go up to the app and back, past the focus."""
        if self._held is not None:
            event.stop()
            self._held.append(event)
            return
        bound = self.screen.active_bindings.get(event.key)
        if bound is not None and bound.enabled and bound.node not in (self.screen, self.app):
            event.stop()
            # As if the app did it: Textual has a message go no further up than to whoever is at work when it is made.
            token = active_message_pump.set(self.app)
            try:
                await self.app.run_action(bound.binding.action, bound.node)
            finally:
                active_message_pump.reset(token)

    def _target(self, name: str) -> Widget:
        if name == "event":
            return self.event.editor
        if name == "result":
            return self.result.view.reading
        return (self.events if name == "events" else self.calls).table

    def step(self, step: int) -> None:
        """Give the part beside the focus, round the corner at the ends. The options are a part of their own."""
        stops = ("events", "history", "options", "event", "result")
        at = self._focused_part() or self.shown
        if at == "event" and not self.event.editor.has_focus:
            at = "options"
        following = stops[(stops.index(at) + step) % len(stops)]
        if following != "options":
            self.go(following)
            return
        self._hand_over(following)
        if self.shown != "event":
            self.shown = "event"
            self._put()
        self.call_after_refresh(self._focus, self.event.bar)

    def on_parts_bar_wanted(self, event: PartsBar.Wanted) -> None:
        event.stop()
        self.go(event.name)
