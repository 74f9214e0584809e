"""The line below: the keys of what is focused, as many as fit, from the live bindings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from lambdatui.ui.commands import Command, live_commands

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.screen import Screen


class KeyBar(Widget):
    """One line of keys, the help key last and always. A click on a key does what the key does."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES = {"key-bar--key", "key-bar--text"}  # noqa: RUF012 (Textual's form)
    DEFAULT_CSS = """
    KeyBar {
        height: 1;
        background: $panel;
        & > .key-bar--key { color: $text-accent; background: $panel; text-style: bold; }
        & > .key-bar--text { color: $foreground; background: $panel; }
    }
    """

    commands: reactive[Sequence[Command]] = reactive(())

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._take)
        self.call_after_refresh(self._take, self.screen)

    def on_unmount(self) -> None:
        self.screen.bindings_updated_signal.unsubscribe(self)

    def _take(self, screen: Screen[object]) -> None:
        if self.is_attached and screen.app.screen is screen:
            shown = [command for command in live_commands(screen) if command.binding.show and command.enabled]
            self.commands = tuple(shown)

    def render_line(self, y: int) -> Strip:
        key_style, text_style = (
            self.get_component_rich_style("key-bar--key"),
            self.get_component_rich_style("key-bar--text"),
        )
        segments: list[Segment] = []
        for _, command, _ in self._placed():
            segments += [Segment(f" {command.key}", key_style), Segment(f" {command.title} ", text_style)]
        return Strip(segments).adjust_cell_length(self.size.width, text_style)

    def _placed(self) -> list[tuple[int, Command, int]]:
        """(first cell, command, cells) of those that fit; the last one, which is help, is kept room for."""
        if not self.commands:
            return []
        *others, last = self.commands
        placed, x, room = [], 0, self.size.width - _cells(last)
        for command in others:
            if x + _cells(command) <= room:
                placed.append((x, command, _cells(command)))
                x += _cells(command)
        return [*placed, (x, last, _cells(last))]

    async def on_click(self, event: events.Click) -> None:
        for x, command, cells in self._placed():
            if x <= event.x < x + cells:
                await command.run(self.app)


def _cells(command: Command) -> int:
    return len(command.key) + len(command.title) + 3
