"""What can be done now, read off the live bindings: the palette, the key line and the help page all draw from here."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.dom import DOMNode
from textual.keys import key_to_character

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import App
    from textual.binding import Binding
    from textual.screen import Screen


MOVING = {"move", "page", "jump", "sideways", "app.focus_next", "app.focus_previous"}
"""Actions that are moving about."""


class Command(NamedTuple):
    """One thing that can be done where the focus is, with the key that does it."""

    keys: tuple[str, ...]
    """As a person reads them: "f5", "/", "^p"; after the user's keymap. The first one is the one to show."""
    title: str
    help: str
    binding: Binding
    node: DOMNode
    enabled: bool

    @property
    def key(self) -> str:
        """The key to show where there is room for one."""
        return self.keys[0]

    @property
    def moving(self) -> bool:
        """Whether it is moving about, which everybody knows, and nobody types."""
        return self.binding.action.partition("(")[0] in MOVING

    async def run(self, app: App[Any]) -> None:
        """Do it, as the key would."""
        await app.run_action(self.binding.action, self.node)


def live_commands(screen: Screen[Any]) -> list[Command]:
    """The commands of the focused widget, then of what it is in, up to the app's; one each, with all its keys.

    Help comes last, so that a line of keys that is too short for all can keep it.
    """
    found: dict[tuple[int, str], Command] = {}
    focused = screen.focused
    for key, (node, binding, enabled, tooltip) in screen.active_bindings.items():
        # Textual has no character for "slash", so it takes it for a key that an input does not type.
        character = "/" if key == "slash" else key_to_character(key)
        typed = focused is not None and focused.check_consume_key(key, character)
        if binding.system or not binding.description or typed:
            continue
        shown = binding.key_display or screen.app.get_key_display(binding.with_key(key))
        text = tooltip or binding.tooltip or binding.description
        known = found.get((id(node), binding.action))
        keys = (*known.keys, shown) if known else (shown,)
        found[id(node), binding.action] = Command(keys, binding.description, text, binding, node, enabled)
    return sorted(found.values(), key=lambda command: command.binding.action == HELP_ACTION)


HELP_ACTION = "help"


class LiveCommands(Provider):
    """The command palette's source: every command that has a key where the focus was."""

    async def discover(self) -> Hits:
        """All of them, for an empty input."""
        # Moving about is known to everybody: it comes last.
        for command in sorted(live_commands(self.screen), key=lambda command: not command.binding.show):
            if command.enabled:
                yield DiscoveryHit(
                    Content(command.help), partial(command.run, self.app), text=command.help, help=_key(command)
                )

    async def search(self, query: str) -> Hits:
        """Those whose text fits the query."""
        matcher = self.matcher(query)
        for command in live_commands(self.screen):
            score = matcher.match(command.help)
            if score > 0 and command.enabled:
                run = partial(command.run, self.app)
                yield Hit(score, matcher.highlight(command.help), run, text=command.help, help=_key(command))


def _key(command: Command) -> str:
    return f"key {command.key}"


def binding_ids() -> set[str]:
    """The ids of all bindings that this program declares: what a keymap may name."""
    from pkgutil import walk_packages

    from lambdatui import ui

    # What every module declares counts, and most are imported only when they are needed.
    for module in walk_packages(ui.__path__, f"{ui.__name__}."):
        import_module(module.name)

    def classes(base: type[DOMNode]) -> Iterator[type[DOMNode]]:
        for each in base.__subclasses__():
            yield each
            yield from classes(each)

    return {
        binding.id
        for each in classes(DOMNode)
        if each.__module__.startswith("lambdatui.")
        for binding in each.__dict__.get("BINDINGS", ())
        if getattr(binding, "id", None)
    }
