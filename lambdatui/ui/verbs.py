"""The commands of the `:` bar: from the registry of panes, the live bindings, and a declaration each for the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from lambdatui.model.fuzzy import folded
from lambdatui.model.metrics import Range
from lambdatui.settings import nearest
from lambdatui.ui import themes
from lambdatui.ui.command_line import CommandError, Verb, found
from lambdatui.ui.commands import Command, live_commands
from lambdatui.ui.memory import lately
from lambdatui.ui.messages import ShowResource
from lambdatui.ui.pane import Pane
from lambdatui.ui.panes import TABS
from lambdatui.ui.panes.functions import FunctionsPane
from lambdatui.ui.panes.resources import RESOURCES
from lambdatui.ui.table import TablePane

if TYPE_CHECKING:
    from lambdatui.model.functions import Function
    from lambdatui.ui.screens.frame import FrameScreen
    from lambdatui.ui.shell import Shell

RECENT = 4
"""Names of a kind that are suggested before anything is typed."""


class Verbs:
    """What can be typed on one screen at one time."""

    def __init__(self, shell: Shell, frame: FrameScreen) -> None:
        self._shell = shell
        self._frame = frame
        self._live = {name: command for command in live_commands(frame) if (name := _name(command))}
        self.places: Mapping[str, Sequence[str]] = {}
        """The profiles and regions that there are, as far as somebody has asked for them."""

    def all(self) -> Sequence[Verb]:
        """All of them: those with an argument first."""
        shown = (pane for pane in self._frame.query(Pane) if pane.active)
        verbs = [*map(self._of_resource, RESOURCES), *self._of_tabs(), *self._others()]
        verbs += [verb for pane in shown for verb in pane.verbs()]
        return [*verbs, *self._bindings(verbs)]

    def suggestions(self) -> Sequence[str]:
        """Lines with what was used lately."""
        memory = self._shell.memory
        kinds = (("fn", self._shell.functions_kind), ("profile", "profiles"), ("region", "regions"))
        here = {self._shell.profile_in_use, self._shell.region_in_use}
        return [f"{verb} {name}" for verb, kind in kinds for name in lately(memory, kind)[:RECENT] if name not in here]

    # From the registry ------------------------------------------------------------------------------------------

    def _of_resource(self, kind: type[TablePane[object]]) -> Verb:
        functions = kind is FunctionsPane
        return Verb(
            (kind.NAME, *kind.ALIASES),
            f"show the {kind.TITLE.lower()}, filtered" + " or open the one of that name" * functions,
            partial(self._show, kind),
            "[NAME or FILTER]" if functions else "[FILTER]",
            self._function_names if functions else tuple,
        )

    def _show(self, kind: type[TablePane[object]], argument: str) -> None:
        function = self._function(argument) if kind is FunctionsPane else None
        if function is not None:
            self._shell.show_function(function)
        else:
            self._frame.post_message(ShowResource(kind.NAME, argument or None))

    def _of_tabs(self) -> Iterator[Verb]:
        for name, tab in TABS.items():
            help_ = f"{tab.title.lower()} of a function"
            yield Verb((name,), help_, partial(self._open, name), self._tab_argument(name), self._function_names)

    def _tab_argument(self, name: str) -> str:
        return "[FUNCTION]" if name in self._live else "FUNCTION"

    def _open(self, name: str, argument: str) -> None:
        if not argument:
            self._press(self._live[name])
            return
        function = self._function(argument)
        if function is None and name == "logs" and "/" in argument:
            self._shell.show_logs(argument)
            return
        if function is None:
            names = nearest(argument, self._function_names())
            raise CommandError(f"No function or log group '{argument}' has been listed.{names}")
        self._shell.show_function(function, name)

    def _listed(self) -> Iterable[Function]:
        found_ = self._shell.main_screen.query(FunctionsPane)
        return found_.first().table.everything if found_ else ()

    def _function_names(self) -> Iterable[str]:
        names = dict.fromkeys(function.name for function in self._listed())
        recent = [name for name in lately(self._shell.memory, self._shell.functions_kind) if name in names]
        return dict.fromkeys([*recent, *names])

    def _function(self, name: str) -> Function | None:
        """The function of that name, ARN or log group."""
        return next((it for it in self._listed() if name in (it.name, it.arn, it.log_group)), None)

    # Declared ---------------------------------------------------------------------------------------------------

    def _others(self) -> Iterator[Verb]:
        shell = self._shell
        yield Verb(("profile",), "go to another profile", self._profile, "[NAME]", partial(self._places, "profiles"))
        yield Verb(("region",), "go to another region", self._region, "[NAME]", partial(self._places, "regions"))
        if (pane := self._list()) is not None:
            yield Verb(("sort",), "sort the list", partial(_sort, pane), "COLUMN [desc]", partial(_titles, pane))
        yield Verb(("view",), "filter the functions by a view of the configuration", self._view, "NAME",
                   lambda: shell.views)  # fmt: skip
        yield Verb(("window",), "the stretch of time of which metrics are shown, everywhere", self._window, "WINDOW",
                   lambda: [str(it) for it in Range])  # fmt: skip
        yield Verb(("theme",), "use other colours, and remember it", self._theme, "NAME", themes.names)
        yield Verb(("q", "quit"), "quit lambdatui", lambda _: shell.exit(return_code=0))

    def _list(self) -> TablePane[object] | None:
        return next((pane for pane in self._frame.query(TablePane) if pane.active), None)

    def _places(self, kind: str) -> Iterable[str]:
        return dict.fromkeys([*lately(self._shell.memory, kind), *self.places.get(kind, ())])

    def _profile(self, name: str) -> None:
        shell = self._shell
        self._go(name, "profiles", shell.action_pick_profile, shell.go_to_profile)

    def _region(self, name: str) -> None:
        shell = self._shell
        self._go(name, "regions", shell.action_pick_region, shell.go_to_region)

    def _go(self, name: str, kind: str, pick: Callable[[], None], go: Callable[[str], None]) -> None:
        if only := self._shell.gateways.only:
            raise CommandError(only)
        if not name:
            self._shell.call_later(pick)
            return
        known = self.places.get(kind, ())
        if known and name not in known and not self._shell.may_be(kind, name):
            raise CommandError(f"There is no {kind[:-1]} '{name}'.{nearest(name, known)}")
        self._shell.call_later(go, name)

    def _view(self, name: str) -> None:
        view = self._shell.views.get(name)
        if view is None:
            remedy = nearest(name, self._shell.views) or " Write views into the configuration file, under 'views'."
            raise CommandError(f"There is no view '{name}'.{remedy}")
        self._frame.post_message(ShowResource(FunctionsPane.NAME, view.value))

    def _window(self, name: str) -> None:
        if name not in [*Range]:
            raise CommandError(f"There is no window '{name}'. Possible: {', '.join(Range)}.")
        self._shell.look_at_window(name)

    def _theme(self, name: str) -> None:
        if name not in themes.names():
            raise CommandError(f"There is no theme '{name}'.{nearest(name, themes.names())}")
        self._shell.use_theme(name)

    # From the live bindings -------------------------------------------------------------------------------------

    def _bindings(self, declared: Sequence[Verb]) -> Iterator[Verb]:
        for name, command in self._live.items():
            if found(name, declared) is None and command.enabled:
                yield Verb((name,), f"{command.help} (key {command.key})", partial(self._press_bound, command))

    def _press_bound(self, command: Command, _: str) -> None:
        self._press(command)

    def _press(self, command: Command) -> None:
        self._shell.call_later(command.run, self._shell)


def _name(command: Command) -> str:
    """What a binding is called when it is typed: the end of its id. Empty for moving about, which nobody types."""
    return "" if command.moving else (command.binding.id or "").rpartition(".")[2].replace("_", "-")


def _titles(pane: TablePane[object]) -> Iterable[str]:
    titles = [column.title.lower() for column in pane.table.columns if column.sort is not None]
    return [*titles, *(f"{title} desc" for title in titles)]


def _sort(pane: TablePane[object], argument: str) -> None:
    title, _, order = argument.rpartition(" ")
    reverse = bool(title) and folded(order) == "desc"
    try:
        pane.sort(title if reverse else argument, reverse)
    except ValueError as problem:
        raise CommandError(str(problem)) from None
