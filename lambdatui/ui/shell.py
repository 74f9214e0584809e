"""`Shell`: what can be done from every screen: commands, help, and the way to a resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from lambdatui.ui.commands import HELP_ACTION, LiveCommands, live_commands
from lambdatui.ui.where import PlacedApp

if TYPE_CHECKING:
    from pathlib import Path

    from textual.dom import DOMNode

    from lambdatui.crash import CrashReport
    from lambdatui.ui.memory import Memory
    from lambdatui.ui.messages import ShowResource
    from lambdatui.ui.terminal.watchdog import Watchdog


class Shell(PlacedApp):
    """What can be done from everywhere, beside going elsewhere."""

    COMMANDS = {LiveCommands}  # noqa: RUF012 (Textual's form)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+p,colon",
            "command_palette",
            "Commands",
            tooltip="All commands",
            show=False,
            id="app.palette",
        ),
        Binding(
            "ctrl+c", "interrupt", "Quit", tooltip="Pressed twice: quit", show=False, priority=True, id="app.interrupt"
        ),
        Binding("ctrl+z", "suspend_process", "Suspend", tooltip="Suspend to the shell", show=False, id="app.suspend"),
        Binding("question_mark", HELP_ACTION, "Help", key_display="?", tooltip="The keys that act here", id="app.help"),
    ]

    def __init__(
        self, crash_report: CrashReport, watchdog: Watchdog | None, state_dir: Path, memory: Memory | None = None
    ) -> None:
        super().__init__(crash_report, watchdog, state_dir, memory)
        self._clashes: set[Binding] = set()

    def on_show_resource(self, event: ShowResource) -> None:
        event.stop()
        main = self.main_screen
        while self.screen is not main:
            self.screen.dismiss(None)
        main.show(event.name, event.filter)

    def handle_bindings_clash(self, clashed_bindings: set[Binding], node: DOMNode) -> None:
        """Say once of every key that the keymap gives away which binding it no longer reaches."""
        # Textual calls this for every key that is pressed, and while bindings are collected: too early to draw.
        lost = clashed_bindings - self._clashes
        self._clashes |= lost
        for binding in lost:
            said = f"{binding.key} no longer reaches {binding.id or binding.action}: the keymap gives it to another."
            self.call_later(self.notify, said, title="Keymap", severity="warning", timeout=10, markup=False)

    def action_command_palette(self) -> None:
        """Show the commands, unless they are shown already: under a screen that came later, say."""
        from lambdatui.ui.widgets.palette import Palette

        if not any(isinstance(screen, Palette) for screen in self.screen_stack):
            self.push_screen(Palette(id="--command-palette"))

    def action_help(self) -> None:
        """Show the keys that act here."""
        from lambdatui.ui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(live_commands(self.screen)))
