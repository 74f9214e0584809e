"""`Shell`: what can be done from every screen: commands, help, and the way to a resource."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from lambdatui.model.errors import AwsError
from lambdatui.ui.commands import HELP_ACTION, LiveCommands, live_commands
from lambdatui.ui.memory import note, texts
from lambdatui.ui.screens.frame import FrameScreen
from lambdatui.ui.where import PlacedApp
from lambdatui.ui.work import start

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from pathlib import Path

    from textual.actions import ActionParseResult
    from textual.dom import DOMNode

    from lambdatui.crash import CrashReport
    from lambdatui.model.functions import Function
    from lambdatui.settings import Located
    from lambdatui.ui.memory import Memory
    from lambdatui.ui.messages import ShowResource, Used
    from lambdatui.ui.screens.main import MainScreen
    from lambdatui.ui.screens.pick import Choice
    from lambdatui.ui.terminal.watchdog import Watchdog
    from lambdatui.ui.verbs import Verbs
    from lambdatui.ui.widgets.command_bar import CommandBar


class Shell(PlacedApp):
    """What can be done from everywhere, beside going elsewhere."""

    _verbs: Verbs

    COMMANDS = {LiveCommands}  # noqa: RUF012 (Textual's form)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "colon",
            "command",
            "Command",
            key_display=":",
            tooltip="Type a command",
            priority=True,  # it acts before the next key has come, which is to be typed in the bar
            id="app.command",
        ),
        Binding("ctrl+p", "command_palette", "Commands", tooltip="All commands", show=False, id="app.palette"),
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
        self.views: Mapping[str, Located] = {}
        """Filters that a person has given names to."""

    def on_show_resource(self, event: ShowResource) -> None:
        event.stop()
        self._back_to_start().show(event.name, event.filter)

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Run an action, unless it is one of something that is out of sight: that has the focus for a moment longer."""
        if default_namespace is not None and not all(it.display for it in default_namespace.ancestors_with_self):
            return False
        return await super().run_action(action, default_namespace, namespaces)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where something is typed a colon is a colon."""
        if action == "command":
            return self.focused is None or not self.focused.check_consume_key("colon", ":")
        return super().check_action(action, parameters)

    def show_function(self, function: Function, tab: str = "") -> None:
        """Show a function, on the tab of that name ("" for the first), from wherever somebody is."""
        self._back_to_start().open_function(function, tab)

    def show_logs(self, group: str) -> None:
        """Show a log group, from wherever somebody is."""
        self._back_to_start().open_logs([group])

    def _back_to_start(self) -> MainScreen:
        main = self.main_screen
        while self.screen is not main:
            self.screen.dismiss(None)
        return main

    def on_used(self, event: Used) -> None:
        event.stop()
        note(self.memory, self.functions_kind if event.kind == "functions" else event.kind, event.name)

    @property
    def functions_kind(self) -> str:
        """What the functions of this place are called among what was used lately."""
        identity = self.main_screen.identity
        return f"functions of {identity.account or identity.profile} in {identity.region}"

    def look_at_window(self, window: str) -> None:
        """Show metrics of another stretch of time, on all screens."""
        self.aws.window = window
        for screen in self.screen_stack:
            if isinstance(screen, FrameScreen):
                screen.retime()

    def use_theme(self, name: str) -> None:
        """Use a theme, and remember it."""
        self.theme = name
        self.memory.put("app", "theme", name)

    # The command bar --------------------------------------------------------------------------------------------

    def action_command(self) -> None:
        """Open the command bar on the screen in sight."""
        from lambdatui.ui.verbs import Verbs

        frame = self.screen
        if isinstance(frame, FrameScreen):
            self._verbs = Verbs(self, frame)
            history = texts(self.memory.get("commands", "history"))
            frame.begin_command(self._verbs.all(), self._verbs.suggestions(), history)

    def on_command_bar_asked(self, event: CommandBar.Asked) -> None:
        """Find the profiles or regions there are, to offer them."""
        event.stop()
        load = {"profile": self.profile_choices, "region": self.region_choices}.get(event.verb.name)
        if load is not None and not self.gateways.only:
            start(event.bar, partial(self._offer, event.bar, f"{event.verb.name}s", load), name="offer", group="offer")

    async def _offer(self, bar: CommandBar, kind: str, load: Callable[[], Awaitable[Sequence[Choice]]]) -> None:
        with suppress(AwsError):  # the picker says what is wrong
            self._verbs.places = {**self._verbs.places, kind: [choice.name for choice in await load()]}
            bar.tell("")

    def on_command_bar_done(self, event: CommandBar.Done) -> None:
        event.stop()
        self.memory.put("commands", "history", [*event.history])

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
