"""What every full screen has: the identity on top, the keys below, and panes that rest while it is covered."""

from __future__ import annotations

import asyncio
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType
from textual.reactive import var
from textual.screen import ModalScreen, Screen

from lambdatui.model.console import console_url
from lambdatui.model.errors import AwsError, Denied, Expired, KeysRefused, NoCredentials
from lambdatui.model.identity import Identity
from lambdatui.ui.messages import ShowResource
from lambdatui.ui.pane import Pane
from lambdatui.ui.panes import NAMES
from lambdatui.ui.reporting import report
from lambdatui.ui.widgets.identity_bar import IdentityBar
from lambdatui.ui.widgets.key_bar import KeyBar
from lambdatui.ui.work import start

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.widget import Widget

    from lambdatui.aws.gateway import Aws
    from lambdatui.model.concurrency import Use
    from lambdatui.ui.account_use import AccountUse
    from lambdatui.ui.command_line import Verb
    from lambdatui.ui.subject import Subject


class FrameScreen(Screen[None]):
    """A screen made for one gateway: whatever it shows, the identity above it is where the data came from."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", "Next pane", show=False, id="screen.focus_next"),
        Binding("shift+tab", "app.focus_previous", "Previous pane", show=False, id="screen.focus_previous"),
        Binding("c", "copy('name')", "Copy", tooltip="Copy the name", show=False, id="screen.copy_name"),
        Binding("C", "copy('arn')", "Copy ARN", tooltip="Copy the ARN", show=False, id="screen.copy_arn"),
        Binding("y", "raw", "YAML", tooltip="All that AWS says of it, as YAML", show=False, id="screen.raw"),
        Binding("o", "console", "Console", tooltip="Link to AWS's console", show=False, id="screen.console"),
        *(
            Binding(
                str(number),
                f"resource('{name}')",
                title,
                tooltip=f"Show the {title.lower()}",
                show=False,
                id=f"resource.{name}",
            )
            for number, (name, title) in enumerate([*NAMES.items()][:9], 1)
        ),
    ]

    DEFAULT_CSS = """
    FrameScreen { layout: vertical; }
    """

    awake: var[bool] = var(True, init=False)
    """Whether it is on top, or covered by modals only. Textual sends no Hide to what a pushed screen covers."""

    def __init__(self, aws: Aws, *, place: str = "") -> None:
        super().__init__()
        self.aws = aws
        self._bar = IdentityBar()
        self._loaded = False
        """Whether a pane was."""
        self._loaded_as: Identity | None = None
        """The last identity that was known with its account."""
        self.place = place
        self.refused = False
        """Whether AWS did not say who is asking, and that was told."""

    @property
    def identity(self) -> Identity:
        """Who asks, as far as that is known."""
        return self._bar.identity or Identity()

    @property
    def place(self) -> str:
        """Where on the way down this screen is: a resource's title, a function's name."""
        return self._bar.place

    @place.setter
    def place(self, place: str) -> None:
        self._bar.place = place

    def content(self) -> ComposeResult:
        """What stands between the identity and the keys."""
        raise NotImplementedError

    def subject(self) -> Subject | None:
        """What the screen is about, or the cursor is on."""
        return None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without a subject there is nothing to copy or to show; not everything has a page in the console."""
        if action not in {"copy", "raw", "console"}:
            return super().check_action(action, parameters)
        subject = self.subject()
        if subject is None or action == "copy":
            return subject is not None
        return subject.raw is not None if action == "raw" else bool(console_url(subject.arn))

    def action_copy(self, what: str) -> None:
        """Copy the subject's name, or its ARN."""
        subject = self.subject()
        if subject is not None:
            self.app.copy_to_clipboard(subject.arn if what == "arn" else subject.name)

    def action_raw(self) -> None:
        """Show all that AWS says of the subject."""
        from lambdatui.ui.screens.document import DocumentScreen

        subject = self.subject()
        if subject is not None and subject.raw is not None and self.app.screen is self:
            self.app.push_screen(DocumentScreen(self.aws, f"{subject.name} as YAML", subject.raw, subject))

    def action_console(self) -> None:
        """Show and copy the link to the subject in AWS's console."""
        from lambdatui.ui.screens.link import LinkScreen

        subject = self.subject()
        url = console_url(subject.arn) if subject is not None else ""
        if subject is not None and url:
            self.app.copy_to_clipboard(url)
            self.app.push_screen(LinkScreen(subject.name, url, self.identity))

    def action_resource(self, name: str) -> None:
        """Show the resource of that name."""
        self.post_message(ShowResource(name))

    def compose(self) -> ComposeResult:
        yield self._bar
        yield from self.content()
        yield KeyBar()

    def begin_command(self, verbs: Sequence[Verb], suggestions: Sequence[str], history: Sequence[str]) -> None:
        """Open the command bar, which has the focus at once. It is made when it is opened for the first time."""
        from lambdatui.ui.widgets.command_bar import CommandBar

        if not self.is_mounted:  # the key came before the screen was made up
            self.call_after_refresh(self.begin_command, verbs, suggestions, history)
            return
        bar = next(iter(self.query(CommandBar)), None)
        if bar is None:
            keys = self.query_one(KeyBar)
            bar = CommandBar(keys)
            self.mount(bar, before=keys)
        bar.begin(verbs, suggestions, history)

    # How much runs at the same time in the account ----------------------------------------------------------------

    @cached_property
    def _use(self) -> AccountUse:
        from lambdatui.ui.account_use import AccountUse

        return AccountUse(self, self.aws, self._tell_use)

    def _tell_use(self, use: Use | None) -> None:
        self._bar.use = use

    def on_pane_answered(self, event: Pane.Answered) -> None:
        """Ask after the first list how much runs: nothing waits for it. What had failed beside it loads again, too."""
        event.stop()
        self._loaded = True
        if self.awake:
            self._use.begin()
        for pane in self.query(Pane):
            if pane.active and pane.problem is not None and not pane.loading_now:
                pane.reload()

    def retime(self) -> None:
        """Another stretch of time is looked at from now on."""
        start(self, self._retime, name="look at another window", group="retime")
        if self._loaded:
            self._use.want()

    async def _retime(self) -> None:
        """One pane after the other: all at once would keep a key waiting."""
        for pane in self.query(Pane):
            if pane.is_attached:
                pane.retime()
            await asyncio.sleep(0)

    # Until the app is mounted Textual draws into the void, and takes what waits for a refresh as refreshed: the first
    # load would begin before the first paint. Nor have styles changed since they were made.

    def _compositor_refresh(self) -> None:
        if not self.app._is_mounted:
            return
        if self.awake:
            super()._compositor_refresh()
            if self.app.screen is not self:
                # The screen above draws what has changed here. Textual would have it draw all of this one once more,
                # at whatever message comes next.
                self._repaint_required = False
        else:
            # Textual would draw all of the screen above anew, for what nobody sees: see `on_screen_resume`.
            self._compositor._dirty_regions.clear()
            self._dirty_widgets.clear()

    def update_node_styles(self, animate: bool = True) -> None:
        if self.app._is_mounted:
            super().update_node_styles(animate)

    async def _on_idle(self, event: events.Idle) -> None:
        if not self.app._is_mounted:
            event.prevent_default()

    def _reset_focus(self, widget: Widget, avoiding: list[Widget] | None = None) -> None:
        """Give the focus of what is hidden to what its pane shows in its place: no key in between gets lost."""
        pane = next((it for it in widget.ancestors if isinstance(it, Pane)), None)
        if pane is not None and not avoiding and self.focused is widget:
            pane.focus_content()
        super()._reset_focus(widget, avoiding)  # which does nothing where another one has the focus now

    def on_screen_suspend(self) -> None:
        top = self.app.screen_stack[-1:]  # none where the program ends while a place is being left
        self.awake = bool(top) and (isinstance(top[0], ModalScreen) or top[0] is self)

    def on_screen_resume(self) -> None:
        self.awake = True
        self.call_after_refresh(self.identify)

    def watch_awake(self) -> None:
        for pane in self.query(Pane):
            pane.reconsider()
        if self._loaded:
            self._use.begin() if self.awake else self._use.end()

    def identify(self) -> None:
        """Bring the identity line up to date: first what is known here, then what STS says."""
        start(self, self._identify, name="identify", group="identity")

    async def _identify(self) -> None:
        try:
            self._take(await self.aws.account.place())
            self._take(await self.aws.account.identity())
        except AwsError as problem:
            # The pane that asks for data says what is wrong, and where; the line keeps what is known.
            self._bar.identity = self._bar.identity or Identity()
            if isinstance(problem, Denied) and problem.operation.startswith("sts:"):
                self._tell_refusal(problem)

    def _tell_refusal(self, problem: Denied) -> None:
        """Say, once for all screens of the gateway, that nobody may know who is asking: no pane asks for it."""
        frames = [it for it in self.app.screen_stack if isinstance(it, FrameScreen) and it.aws is self.aws]
        if not any(it.refused for it in frames):
            report(self, problem)
        self.refused = True

    def _take(self, identity: Identity) -> None:
        """Show who asks. What was loaded as somebody else goes: the line must not say B over A's data."""
        self._bar.identity = identity
        if self._loaded_as is not None and not identity.may_be(self._loaded_as):
            self.aws.forget()
            for pane in self.query(Pane):
                pane.forget()
            if self._loaded:
                self._use.forget()
        if identity.account:
            self._loaded_as = identity
            self.identified(identity)

    def loaded_as(self, identity: Identity) -> None:
        """What is shown from the start is this identity's: it goes if another one asks."""
        self._loaded_as = identity

    def identified(self, identity: Identity) -> None:
        """Who asks is known now."""

    def on_pane_recovered(self, event: Pane.Recovered) -> None:
        event.stop()
        self.workers.cancel_group(self, "credentials")
        self.identify()

    def on_pane_failed(self, event: Pane.Failed) -> None:
        """Where credentials are missing, go on as soon as somebody has renewed them elsewhere."""
        event.stop()
        if isinstance(event.problem, Expired | KeysRefused | NoCredentials):
            start(self, self._go_on, name="wait for credentials", group="credentials")

    async def _go_on(self) -> None:
        await self.aws.credentials_changed()
        await self.aws.revive()
        self.reload()

    def reload(self) -> None:
        """Have the panes in sight load again, because something that they stand on has changed."""
        for pane in self.query(Pane):
            if pane.active:
                pane.reload()


def base_of(screen: Screen[Any]) -> FrameScreen | None:
    """The full screen that is in sight: the topmost of the stack that is not a modal."""
    return next((it for it in reversed(screen.app.screen_stack) if isinstance(it, FrameScreen)), None)
