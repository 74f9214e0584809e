"""`CommandBar`: the line after `:`, in place of the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from lambdatui.ui import command_line
from lambdatui.ui.command_line import CommandError, Verb
from lambdatui.ui.widgets.filter_line import HINTED, FilterInput, FilterLine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual import events
    from textual.widget import Widget
    from textual.widgets import Input

    from lambdatui.model.query import Completion


class CommandInput(FilterInput):
    """The line itself."""

    def __init__(self, complete: Callable[[str, int], Completion]) -> None:
        super().__init__(complete, [])
        self.placeholder = "a command"

    def action_recall(self, back: int) -> None:
        """Go through the commands of before; after what is being typed there is nothing."""
        if self._back + back >= 0:
            super().action_recall(back)


class CommandBar(FilterLine):
    """A command is typed, completed, found in the history; one that cannot be stays to be mended."""

    DEFAULT_CSS = """
    CommandBar {
        & > Horizontal { height: 1; background: $surface; }
        & > Horizontal > Static { width: 2; padding: 0 0 0 1; color: $text-accent; text-style: bold; }
        & > Horizontal > FilterInput { width: 1fr; height: 1; border: none; padding: 0; background: $surface; }
    }
    """

    class Done(Message):
        """The line is closed. `history` is what was typed in it, the last one last."""

        def __init__(self, history: Sequence[str]) -> None:
            super().__init__()
            self.history = history

    class Asked(Message):
        """A person is about to type the argument of a command, whose words may have to be fetched."""

        def __init__(self, bar: CommandBar, verb: Verb) -> None:
            super().__init__()
            self.bar = bar
            self.verb = verb

    def __init__(self, instead: Widget) -> None:
        """It is shown in place of `instead`."""
        super().__init__(CommandInput(self._complete), before=Static(Content(":")))
        self._instead = instead
        self._verbs: Sequence[Verb] = ()
        self._suggestions: Sequence[str] = ()
        self._before: Widget | None = None
        self._asked: Verb | None = None

    def begin(self, verbs: Sequence[Verb], suggestions: Sequence[str], history: Sequence[str]) -> None:
        """Open, with the commands that there are now; `suggestions` are lines that are offered before them.

        It has the focus at once: what is typed next, however fast, is typed here.
        """
        self._verbs, self._suggestions, self._asked = verbs, suggestions, None
        self._before = self.screen.focused
        self.input.history = [*history]
        self.input.value = ""
        self.open()
        # A class of the screen would do it too, but all that is on it would have its styles made anew for that.
        self._instead.display = False
        self.screen.set_focus(self.input, scroll_visible=False)

    def on_descendant_blur(self) -> None:
        """Keep the focus while it is open: what is laid out anew behind it may take it, and no key would close it."""
        self.call_after_refresh(self._keep_focus)

    def _keep_focus(self) -> None:
        if not self.is_attached:
            return
        screen = self.screen
        if self.is_open and screen.is_current and screen.focused is not self.input:
            screen.set_focus(self.input, scroll_visible=False)

    def _complete(self, text: str, at: int) -> Completion:
        return command_line.complete(text, at, self._verbs, self._suggestions)

    def tell(self, wrong: str) -> None:
        """Say what is wrong; else what the command does, and what stands for selection."""
        typed = command_line.parsed(self.input.value)
        verb = command_line.found(typed.word, self._verbs)
        options = self.input.offer.options[:HINTED]
        self.set_class(bool(wrong), "-wrong")
        parts = [f"! {wrong}"] if wrong else []
        if verb is not None and not wrong:
            parts.append(f"{verb.name} {verb.argument}".strip() + f": {verb.help}")
        if options:
            parts.append(f"tab: {'  '.join(options)}")
        self._hint.update(Content("\n".join(parts)))
        if verb is not None and verb is not self._asked and " " in self.input.value:
            self._asked = verb
            self.post_message(self.Asked(self, verb))

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.tell("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            command_line.run(event.value, self._verbs)
        except CommandError as problem:
            self.stay(str(problem))
        else:
            self._leave()

    def on_filter_input_left(self, event: FilterInput.Left) -> None:
        event.stop()
        self._leave()

    async def on_key(self, event: events.Key) -> None:
        """What was pressed behind an enter comes here when it is decided: over a slow line several keys come at once.

        A key that acts before all others (`:`) was taken for typing then, and what is behind it belongs to the line
        that it opens again. All else goes on to whoever has the focus.
        """
        if self.is_open and event.is_printable and event.character:
            event.stop()
            self.input.insert_text_at_cursor(event.character)
            return
        bound = self.screen.active_bindings.get(event.key)
        if bound is not None and (bound.node is self.input if self.is_open else bound.binding.priority):
            event.stop()
            await self.app.run_action(bound.binding.action, bound.node)

    def _leave(self) -> None:
        """Close. What was typed can be found again, whether it was done or not."""
        self.close(self.input.value.strip(": "))
        self._instead.display = True
        self.post_message(self.Done(self.input.history))
        if self.screen.focused is self.input:
            self.screen.set_focus(self._before if self._before is not None and self._before.is_attached else None)
