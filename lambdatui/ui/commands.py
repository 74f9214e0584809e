"""What can be done now, read off the live bindings: the palette, the key line and the help page all draw from here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.dom import DOMNode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import App
    from textual.binding import Binding
    from textual.screen import Screen


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that can be done where the focus is, with the key that does it."""

    key: str
    """As a person reads it: "f5", "/", "^p"; after the user's keymap."""
    title: str
    help: str
    binding: Binding
    node: DOMNode
    enabled: bool

    async def run(self, app: App[Any]) -> None:
        """Do it, as the key would."""
        await app.run_action(self.binding.action, self.node)


def live_commands(screen: Screen[Any]) -> list[Command]:
    """The commands of the focused widget, then of what it is in, up to the app's; one each, with its first key.

    Help comes last, so that a line of keys that is too short for all can keep it.
    """
    found: dict[tuple[int, str], Command] = {}
    for key, (node, binding, enabled, tooltip) in screen.active_bindings.items():
        if binding.system or not binding.description:
            continue
        shown = binding.key_display or screen.app.get_key_display(binding.with_key(key))
        text = tooltip or binding.tooltip or binding.description
        command = Command(shown, binding.description, text, binding, node, enabled)
        found.setdefault((id(node), binding.action), command)
    return sorted(found.values(), key=lambda command: command.binding.action == HELP_ACTION)


HELP_ACTION = "help"


class LiveCommands(Provider):
    """The command palette's source: every command that has a key where the focus was."""

    async def discover(self) -> Hits:
        """All of them, for an empty input."""
        for command in live_commands(self.screen):
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
