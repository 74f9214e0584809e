"""The start screen: the lists that a session can start from, one of them in sight."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import ContentSwitcher

from lambdatui.model.functions import default_log_group
from lambdatui.ui.arrangement import Arrangement
from lambdatui.ui.messages import Used
from lambdatui.ui.panes.functions import FunctionsPane
from lambdatui.ui.recall import Recall
from lambdatui.ui.screens.frame import FrameScreen
from lambdatui.ui.size import KEPT_ROWS, lines_below
from lambdatui.ui.subject import Subject
from lambdatui.ui.widgets.key_bar import KeyBar
from lambdatui.ui.work import start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from textual import events
    from textual.app import ComposeResult

    from lambdatui.aws.gateway import Aws
    from lambdatui.model.functions import Function
    from lambdatui.model.identity import Identity
    from lambdatui.ui.account_strip import AccountStrip
    from lambdatui.ui.desk import Desk
    from lambdatui.ui.panes.concurrency import ConcurrencyPane
    from lambdatui.ui.panes.errors import ErrorsPane
    from lambdatui.ui.panes.layers import LayersPane
    from lambdatui.ui.table import TablePane


class MainScreen(FrameScreen):
    """The registry's resources. Each is made when it is first shown and keeps its place; only the one in sight loads.

    Opening an item goes one screen down.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "app.quit", "Quit", tooltip="Quit lambdatui", id="main.quit"),
    ]

    DEFAULT_CSS = """
    MainScreen > ContentSwitcher { height: 1fr; }
    """

    def __init__(
        self,
        aws: Aws,
        recall: Recall | None = None,
        *,
        filter: str = "",  # noqa: A002 (the flag's name)
        resource: str = "",
        new_desk: Callable[[], Desk] | None = None,
    ) -> None:
        """`resource` is the one to begin with, `filter` what it is filtered by; `new_desk` is called when needed."""
        first = _kind(resource) or FunctionsPane
        super().__init__(aws, place=first.TITLE)
        self._recall = recall or Recall()
        self._made: dict[str, TablePane[Any]] = {}
        self._shown = first.NAME
        self._make(first, filter)
        self._new_desk = new_desk
        self._strip: AccountStrip | None = None
        """How the account does, once there was room for it."""
        self._rows = KEPT_ROWS
        """How many functions there are; until that is known, as many as the list has to have room for."""
        self._listed: Sequence[Function] | None = None
        """A complete list that is not kept yet."""

    def _make(self, kind: type[TablePane[Any]], filter: str) -> TablePane[Any]:  # noqa: A002 (as in TablePane)
        """A resource's list, arranged as it was the last time."""
        pane = kind(self.aws, filter=filter, arrangement=self._recall.arrangement(kind.NAME))
        if isinstance(pane, FunctionsPane) and (listing := self._recall.listing()) is not None:
            pane.recall(listing, self._recall.functions)
            self.loaded_as(listing.identity)
        elif kind.NAME == "errors":
            self._tell_groups(pane)
        self._made[kind.NAME] = pane
        return pane

    def _tell_groups(self, pane: TablePane[Any]) -> None:
        from lambdatui.ui.panes.errors import ErrorsPane

        if isinstance(pane, ErrorsPane):
            pane.group_of = self._group_of

    def content(self) -> ComposeResult:
        with ContentSwitcher(initial=self._shown):
            yield self.resource

    def on_resize(self, event: events.Resize) -> None:
        self.call_after_refresh(self._show_strip)

    def _show_strip(self) -> None:
        """Show how the account does below the functions, where there is room; not before the first paint."""
        if not self.is_attached or self._pruning:
            return
        lines = lines_below(self.size, self._rows) if self._shown == FunctionsPane.NAME else 0
        strip = self._strip
        if strip is None and lines:
            from lambdatui.ui.account_strip import AccountStrip

            self._strip = AccountStrip(self.aws, self._group_of)
            self._strip.styles.height = lines
            self.mount(self._strip, before=self.query_one(KeyBar))
        elif strip is not None:
            had_focus = not lines and any(it.has_focus_within for it in (strip.errors, strip.concurrency))
            strip.display = lines > 0
            if lines:
                strip.styles.height = lines
            strip.reconsider()
            if had_focus:  # else no key would act on anything
                self.set_focus(None)
                self.resource.focus_content()

    @property
    def resource(self) -> TablePane[Any]:
        """The list in sight."""
        return self._made[self._shown]

    def subject(self) -> Subject | None:
        """What the cursor is on."""
        return self.resource.at_cursor if self.is_mounted else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The resource that is in sight needs no key to go there."""
        here = action == "resource" and parameters == (self._shown,)
        return False if here else super().check_action(action, parameters)

    def action_resource(self, name: str) -> None:
        """Show the resource of that name, before the next key acts: over a slow line several come at once."""
        self.show(name)

    def show(self, name: str, filter: str | None = None) -> None:  # noqa: A002 (as in TablePane)
        """Put the resource of that name in sight, filtered by `filter` unless that is None."""
        switcher = self.query_one(ContentSwitcher)
        pane = self._made.get(name)
        if pane is None:
            pane = self._make(_kind(name) or FunctionsPane, filter or "")
            pane.display = False
            switcher.mount(pane)
        elif filter is not None:
            pane.apply_filter(filter)
        if pane is self.resource:
            return
        before, self._shown = self.resource, name
        self.place = pane.TITLE
        switcher.current = pane.id
        before.reconsider()
        pane.reconsider()
        self._show_strip()
        self.refresh_bindings()
        self.call_after_refresh(pane.focus_content)

    def identified(self, identity: Identity) -> None:
        """Remember who is asked for here; lists that nobody has touched yet are arranged as they were for them."""
        before = self._recall.identity
        self._recall.know(identity)
        if before is None or not identity.may_be(before):
            for pane in self._made.values():
                remembered = self._recall.arrangement(pane.NAME)
                if remembered is not None or before is not None:
                    pane.recollect(remembered or Arrangement())
        self._keep()

    def on_table_pane_arranged(self, event: TablePane.Arranged) -> None:
        event.stop()
        self._recall.arrange(event.pane.NAME, event.pane.arrangement)

    def on_functions_pane_listed(self, event: FunctionsPane.Listed) -> None:
        event.stop()
        self._listed = event.functions
        self._keep()
        self._rows = len(event.functions)
        self._show_strip()

    def _keep(self) -> None:
        """Keep the whole list for the next start, once it is known whose it is."""
        if self._listed is not None and self.identity.account:
            functions, self._listed = self._listed, None
            start(self, partial(self._recall.keep, functions), name="keep the list", group="keep")

    def on_functions_pane_opened(self, event: FunctionsPane.Opened) -> None:
        event.stop()
        if self.app.screen is self:  # else a second enter, pressed before the first one's screen was there
            self.open_function(event.function, event.tab)

    def on_functions_pane_logs_wanted(self, event: FunctionsPane.LogsWanted) -> None:
        event.stop()
        if self.app.screen is self:
            self.open_logs(dict.fromkeys(function.log_group for function in event.functions))

    def on_errors_pane_opened(self, event: ErrorsPane.Opened) -> None:
        event.stop()
        if self.app.screen is self:
            self._open_errors(event.name, event.start)

    def on_concurrency_pane_opened(self, event: ConcurrencyPane.Opened) -> None:
        event.stop()
        if self.app.screen is not self:
            return
        function = next((it for it in self._functions() if it.name == event.name), None)
        if function is not None:
            self.open_function(function)
        else:
            self.notify("It is not among the functions that were listed: 1 lists them.", markup=False)

    def _functions(self) -> Iterator[Function]:
        """Those that were listed."""
        for pane in self._made.values():
            if isinstance(pane, FunctionsPane):
                yield from pane.table.everything

    def _group_of(self, name: str) -> str:
        """The log group of the function of that name."""
        return next((it.log_group for it in self._functions() if it.name == name), default_log_group(name))

    def _open_errors(self, name: str, start: int) -> None:
        """The log of a function since a time (s since 1970), errors only."""
        from lambdatui.model.log_ranges import Range
        from lambdatui.model.logs import LogGroup
        from lambdatui.ui.panes.logs import GroupLogsPane
        from lambdatui.ui.screens.single import SingleScreen

        pane = GroupLogsPane(self.aws, [LogGroup(self._group_of(name))], self.desk)
        at = datetime.fromtimestamp(start).astimezone()
        pane.begin_with(Range(start * 1000, None, f"since {at:%m-%d %H:%M}"), "level>=error")
        self.app.push_screen(SingleScreen(self.aws, pane, place=f"{name}: errors"))

    def open_logs(self, groups: Iterable[str]) -> None:
        """Show log groups in one."""
        from lambdatui.model.logs import LogGroup
        from lambdatui.ui.panes.logs import GroupLogsPane
        from lambdatui.ui.screens.single import SingleScreen

        names = [*groups]
        place = names[0] if len(names) == 1 else f"{len(names)} log groups"
        pane = GroupLogsPane(self.aws, [LogGroup(name) for name in names], self.desk)
        self.app.push_screen(SingleScreen(self.aws, pane, place=place))

    def on_layers_pane_opened(self, event: LayersPane.Opened) -> None:
        event.stop()
        if self.app.screen is self:
            from lambdatui.ui.screens.layer import LayerScreen

            self.app.push_screen(LayerScreen(self.aws, event.layer, self.open_function))

    def open_function(self, function: Function, tab: str = "") -> None:
        """Show a function, on the tab of that name ("" for the first)."""
        # Imported now: it brings a quarter of the program, and the first paint would wait for it.
        from lambdatui.ui.screens.function import FunctionScreen

        self.post_message(Used("functions", function.name))
        self.app.push_screen(FunctionScreen(self.aws, function, self.desk, tab=tab))

    @cached_property
    def desk(self) -> Desk:
        """What a person has laid out here."""
        from lambdatui.ui.desk import Desk

        return self._new_desk() if self._new_desk is not None else Desk()


def _kind(name: str) -> type[TablePane[Any]] | None:
    """The resource of that name. The first is there already; the others are imported when one of them is wanted."""
    if name in {"", FunctionsPane.NAME}:
        return FunctionsPane
    from lambdatui.ui.panes.resources import RESOURCES

    return next((it for it in RESOURCES if name == it.NAME), None)
