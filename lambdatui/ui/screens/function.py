"""One function: a tab for each detail pane of the registry."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import TabbedContent, TabPane

from lambdatui.ui.panes import TABS
from lambdatui.ui.panes.details import pane_of
from lambdatui.ui.screens.frame import FrameScreen
from lambdatui.ui.screens.single import SingleScreen
from lambdatui.ui.subject import Subject

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from lambdatui.aws.gateway import Aws
    from lambdatui.model.functions import Function
    from lambdatui.model.log_ranges import Range
    from lambdatui.ui.desk import Desk
    from lambdatui.ui.detail import DetailPane
    from lambdatui.ui.panes.aliases import AliasesPane
    from lambdatui.ui.panes.invoke import InvokePane
    from lambdatui.ui.panes.metrics import MetricsPane
    from lambdatui.ui.panes.overview import OverviewPane
    from lambdatui.ui.panes.versions import VersionsPane


class FunctionScreen(FrameScreen):
    """A function's tabs. Only the one in sight loads."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "back", "Back", tooltip="Back to where this was opened", id="function.back"),
        *(
            Binding(
                tab.key,
                f"tab('{name}')",
                tab.title,
                tooltip=f"{tab.title} of the function",
                id=f"function.{name}",
            )
            for name, tab in TABS.items()
        ),
        Binding("d", "describe", "Describe", tooltip="Describe the function", show=False, id="function.describe"),
        Binding(
            "right_square_bracket",
            "step(1)",
            "Next tab",
            key_display="]",
            tooltip="Next tab",
            show=False,
            id="function.next_tab",
        ),
        Binding(
            "left_square_bracket",
            "step(-1)",
            "Previous tab",
            key_display="[",
            tooltip="Previous tab",
            show=False,
            id="function.previous_tab",
        ),
    ]

    DEFAULT_CSS = """
    FunctionScreen {
        & TabbedContent { height: 1fr; }
        & ContentSwitcher { height: 1fr; }
        & TabPane { height: 1fr; padding: 0; }
    }
    """

    def __init__(self, aws: Aws, function: Function, desk: Desk, *, tab: str = "") -> None:
        super().__init__(aws, place=function.name)
        self._function = function
        self._desk = desk
        self._panes: dict[str, DetailPane] = {}
        """By their names: each is made when it is wanted for the first time."""
        self._led_from = ""
        """The tab in which something was opened that is in another tab: back leads there first."""
        self._first = tab or next(iter(TABS))
        self._tabs = TabbedContent(initial=tab_id(self._first))

    def subject(self) -> Subject:
        """What the cursor of the tab is on, or else the function, and what AWS says of what the tab shows."""
        pane = self._current()
        return pane.at_cursor or Subject(pane.function.name, pane.function.arn, pane.raw)

    def content(self) -> ComposeResult:
        with self._tabs:
            for name, tab in TABS.items():
                with TabPane(Content(tab.title), id=tab_id(name)):
                    if name == self._first:
                        yield self._pane_of(name)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The tab that is in sight needs no key to go there."""
        target = ("overview",) if action == "describe" else parameters
        here = action in {"tab", "describe"} and self.is_mounted and target == (self._in_sight(),)
        return False if here else super().check_action(action, parameters)

    async def action_tab(self, name: str) -> None:
        """Show the tab of that name."""
        self._led_from = ""
        if self._tabs.is_mounted:
            await self._bring(name)
            if not self._pruning:  # the tabs of a screen that is being closed are gone before it
                if name != self._in_sight():
                    self._let_go()
                self._tabs.active = tab_id(name)
        elif not self._pruning:  # the key was pressed before the tabs were there
            self.call_after_refresh(self.action_tab, name)

    def _let_go(self) -> None:
        """Take the focus from the tab in sight: when it hides, Textual gives it to a sibling, whose tab comes back."""
        if self.focused is not None and self._current() in self.focused.ancestors:
            self.set_focus(None)

    def _pane_of(self, name: str) -> DetailPane:
        """The pane of that name."""
        if name not in self._panes:
            self._panes[name] = pane_of(name)(self.aws, self._function, self._desk)
        return self._panes[name]

    async def _bring(self, name: str) -> None:
        """Have the pane of that name on its tab: it is put there when it is wanted for the first time.

        With all of them at once the screen took twice as long to come up, and keys waited for it.
        """
        pane = self._pane_of(name)
        if not pane.is_attached and not self._pruning:
            await self._tabs.get_pane(tab_id(name)).mount(pane)

    async def action_describe(self) -> None:
        """Show the tab that describes the function."""
        await self.action_tab("overview")

    async def action_step(self, step: int) -> None:
        """Show the tab beside, round the corner at the ends."""
        names = [*TABS]
        await self.action_tab(names[(names.index(self._in_sight()) + step) % len(names)])

    def action_back(self) -> None:
        """Go back to the tab that has led to this one, or to the list."""
        if self._led_from:
            self.call_next(self.action_tab, self._led_from)
        else:
            self.dismiss()

    async def _lead(self, name: str) -> None:
        """Show the tab in which there is what was opened in the one in sight."""
        here = self._in_sight()
        await self.action_tab(name)
        self._led_from = here

    def on_overview_pane_described(self, event: OverviewPane.Described) -> None:
        event.stop()
        self._function = event.function
        for pane in self._panes.values():
            pane.function = event.function

    def on_versions_pane_opened(self, event: VersionsPane.Opened) -> None:
        event.stop()
        if self.app.screen is not self:  # a second enter, pressed before the first one's screen was there
            return
        from lambdatui.ui.desk import Desk
        from lambdatui.ui.panes.overview import OverviewPane

        version = event.version
        name, arn = f"{version.configuration.function.name}:{version.name}", version.arn
        pane = OverviewPane(self.aws, version.configuration.function, Desk())
        subject = Subject(name, arn, lambda: self.aws.functions.raw(arn))
        self.app.push_screen(SingleScreen(self.aws, pane, place=name, subject=subject))

    def on_versions_pane_compared(self, event: VersionsPane.Compared) -> None:
        event.stop()
        if self.app.screen is not self:
            return
        from lambdatui.ui.panes.comparison import ComparisonPane

        before, after = event.before, event.after
        place = f"{self.place}: {before.name} → {after.name}"
        self.app.push_screen(SingleScreen(self.aws, ComparisonPane(self.aws, before, after), place=place))

    async def on_aliases_pane_opened(self, event: AliasesPane.Opened) -> None:
        event.stop()
        from lambdatui.ui.panes.versions import VersionsPane

        await self._lead("versions")
        pane = self._pane_of("versions")
        if isinstance(pane, VersionsPane):
            pane.show_version(event.version)

    async def on_invoke_pane_looked_up(self, event: InvokePane.LookedUp) -> None:
        event.stop()
        from lambdatui.ui.invoking.look_up import around

        await self._look_up(around(event.call, datetime.now().astimezone()), event.call.request_id)

    async def on_metrics_pane_logs_wanted(self, event: MetricsPane.LogsWanted) -> None:
        event.stop()
        await self._look_up(event.range, "")

    async def _look_up(self, wanted: Range, text: str) -> None:
        """Show a part of the log, and where a text is in it."""
        from lambdatui.ui.panes.logs import LogsPane

        await self._lead("logs")
        pane = self._pane_of("logs")
        if isinstance(pane, LogsPane):
            pane.look_up(wanted, text)

    async def on_tabbed_content_tab_activated(self, event: TabbedContent.TabActivated) -> None:
        event.stop()
        await self._bring(self._in_sight())
        for pane in self._panes.values():
            pane.reconsider()
        self.refresh_bindings()
        self.call_after_refresh(self._current().focus_content)

    def _in_sight(self) -> str:
        """The name of the tab in sight."""
        active = self._tabs.active  # empty until the tabs are there
        return next((name for name in TABS if tab_id(name) == active), self._first)

    def _current(self) -> DetailPane:
        return self._pane_of(self._in_sight())


def tab_id(name: str) -> str:
    """The widget id of the tab that holds the pane of that name."""
    return f"tab-{name}"
