"""`Pane`: anything on screen that is fetched."""

from __future__ import annotations

import asyncio
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import var
from textual.widget import Widget

from lambdatui.model.errors import AwsError
from lambdatui.ui.load_state import LoadState
from lambdatui.ui.widgets.notice import Notice
from lambdatui.ui.work import start

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.timer import Timer

    from lambdatui.aws.gateway import Aws
    from lambdatui.ui.command_line import Verb
    from lambdatui.ui.subject import Subject

SLOW = 2.0
"""Seconds of a load without a sign after which that is said."""


class Pane(Vertical):
    """A part of a screen that loads itself while somebody can see it.

    One load is one worker: settle, `load()`, and either what was asked for or a problem. A pane is active while it is
    shown and its screen is on top (or covered by modals only); becoming active loads, ceasing to be cancels. The first
    load covers the pane; later ones refresh in place, and a problem then stands above what was there before.
    """

    NAME: ClassVar[str]
    """What it is called in ids, in the palette and in the registry."""
    ALIASES: ClassVar[Sequence[str]] = ()
    """Other names that the command bar knows it by."""
    TITLE: ClassVar[str]
    KEY: ClassVar[str] = ""
    """The key that goes there from the functions and from a function's other tabs."""
    EVERY: ClassVar[float | None] = None
    """Seconds between loads while active; None: only when asked."""
    SETTLE: ClassVar[float] = 0.0
    """Seconds to wait before a load, so that a moving cursor costs one call."""
    LOADING: ClassVar[str] = "Loading…"
    PUT_AWAY: ClassVar[str] = ""
    """How `put_away()` can be had, to follow what is told of a part that is lacking."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "r,ctrl+r", "refresh_pane", "Refresh", tooltip="Load again; after a failure: try again", id="pane.refresh"
        ),
    ]

    DEFAULT_CSS = """
    Pane {
        & > .pane--body { height: 1fr; }
        &.-covered > .pane--body { display: none; }
    }
    """

    class Recovered(Message):
        """A load has succeeded after one that had not: whoever is shown as asking may be another now."""

    class Answered(Message):
        """What is shown is of now."""

    class Failed(Message):
        """A load has failed for this reason."""

        def __init__(self, problem: AwsError) -> None:
            super().__init__()
            self.problem = problem

    problem: var[AwsError | None] = var(None, init=False)
    """Why the last load gave nothing; None while it is not known or all is well."""
    ready: var[bool] = var(False, init=False)
    """Whether there is something to show: the first load has succeeded."""
    active: var[bool] = var(False, init=False)

    def __init__(self, aws: Aws, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id or self.NAME, classes="-covered")
        self.aws = aws
        self._loads = LoadState(self.LOADING, self.PUT_AWAY)
        self._notice = Notice(self.LOADING)
        self._next: Timer | None = None
        self._slow: Timer | None = None
        self.beside = False
        """Whether it stands beside what the screen is about: then it takes the focus only if somebody goes there."""

    # What a pane writes -----------------------------------------------------------------------------------------

    async def load(self) -> None:
        """Fetch and show. Raises AwsError. A load that goes on for ever calls `arrived()` when there is something."""
        raise NotImplementedError

    def content(self) -> ComposeResult:
        """The widgets that show what was loaded."""
        raise NotImplementedError

    @property
    def at_cursor(self) -> Subject | None:
        """What can be copied of what the cursor is on."""
        return None

    def first_focus(self) -> Widget | None:
        """What gets the focus before anybody has chosen; None: the first that can have it."""
        return None

    def retime(self) -> None:
        """Another stretch of time is looked at from now on."""

    def verbs(self) -> Iterable[Verb]:
        """What can be typed after `:` while the pane is in sight, beside what its keys do."""
        return ()

    # ------------------------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        yield self._notice
        with Vertical(classes="pane--body"):
            yield from self.content()

    def arrived(self) -> None:
        """There is something to show, and no problem any more."""
        self._over()
        if self.problem is not None:
            self.problem = None
            self.post_message(self.Recovered())
        self.ready = True

    def answered(self) -> None:
        """What is shown is of now."""
        self._loads.arrived = datetime.now().astimezone()
        self.post_message(self.Answered())

    def known_since(self, then: float) -> None:
        """There is something to show that is of an earlier time (s since 1970)."""
        self._loads.arrived = datetime.fromtimestamp(then).astimezone()
        self.ready = True

    @property
    def loading_now(self) -> bool:
        """Whether a load is under way that has not shown anything yet."""
        return self._loads.under_way

    @property
    def stale(self) -> str:
        """What is the matter with what is shown since the last load failed ("stale, from 13:12:20"), or empty."""
        return self.age if self.problem is not None and self.ready else ""

    @property
    def age(self) -> str:
        """From when what is shown is, if it is not of now."""
        return self._loads.age

    def lacks(self, what: str, problem: AwsError | None) -> None:
        """What is shown is without a part ("their sizes") for this reason; None: it is not. Nothing else fails."""
        # Until it is ready the notice says something else, and is drawn when it does not any more.
        if self._loads.lack(what, problem) and self.ready:
            self._draw_notice()

    @property
    def lacking(self) -> Mapping[str, AwsError]:
        """The parts of what is shown that are not known, and why."""
        return self._loads.lacking

    @property
    def unread(self) -> list[tuple[str, AwsError]]:
        """Of these, those that nobody has put away yet."""
        return self._loads.unread

    def put_away(self) -> None:
        """Do not tell again of the part that is lacking for now: a permission that is missing is missing every day."""
        self._loads.put_away()
        self._draw_notice()

    def reload(self, *, revive: bool = False) -> None:
        """Start a load in place of one that is under way. With `revive`, reconnect first."""
        self._over()
        self._loads.under_way = True
        self._slow = self.set_timer(SLOW, self._still_waiting, name=f"slow {self.NAME}")
        self._draw_notice()
        start(self, partial(self._load, revive=revive), name=f"load {self.NAME}", group="load")

    async def _load(self, *, revive: bool) -> None:
        if self._next is not None:
            self._next.stop()
        try:
            if revive:
                await self.aws.revive()
            if self.SETTLE:
                await asyncio.sleep(self.SETTLE)
            with self.aws.telling(self._try_again):
                await self.load()
        except AwsError as problem:
            self._over()
            self.problem = problem
            self._draw_notice()
            self.post_message(self.Failed(problem))
        else:
            self.answered()
            self.arrived()
        if self.EVERY is not None and self.active:
            self._next = self.set_timer(self.EVERY, self.reload, name=f"reload {self.NAME}")

    def _over(self) -> None:
        """Whatever was under way is not any more."""
        if self._slow is not None:
            self._slow.stop()
            self._slow = None
        if self._loads.end():
            self._draw_notice()

    def _still_waiting(self) -> None:
        if self._loads.wait():
            self._draw_notice()

    def _try_again(self, attempt: int, most: int, problem: AwsError) -> None:
        if self._loads.try_again(attempt, most, problem):
            self._draw_notice()

    def forget(self) -> None:
        """Show nothing of what was loaded: it belongs to another identity than the one that asks now."""
        self.ready = False
        self.problem = None
        self._loads.lacking.clear()
        self.clear_content()
        if self.active:
            self.reload()

    def clear_content(self) -> None:
        """Empty the widgets that show what was loaded, if anything was."""

    def action_refresh_pane(self) -> None:
        """Load again; after a failure, reconnect first."""
        self.reload(revive=self.problem is not None)

    # Being seen -------------------------------------------------------------------------------------------------

    def on_show(self, event: events.Show) -> None:
        self.reconsider()

    def on_hide(self, event: events.Hide) -> None:
        self.reconsider()

    def reconsider(self) -> None:
        """Become active or cease to be, by what can be seen now. The screen calls it when it or a tab is covered.

        Show and Hide alone do not tell: Textual can lose a Show when what was in sight before had been scrolled.
        """
        self.active = self._displayed and bool(getattr(self.screen, "awake", True))

    @property
    def _displayed(self) -> bool:
        return self.is_attached and all(node.display for node in self.ancestors_with_self)

    def watch_active(self, active: bool) -> None:
        if active:
            # Not before what is there has been painted: the first load imports the SDK, in a thread that takes turns.
            self.call_after_refresh(self._begin)
        else:
            if self._next is not None:
                self._next.stop()
            self.workers.cancel_group(self, "load")
            self._over()

    def _begin(self) -> None:
        if self.active:
            self.reload()

    def watch_ready(self) -> None:
        self._draw_notice()

    def watch_problem(self) -> None:
        self._draw_notice()
        self.refresh_bindings()

    def _draw_notice(self) -> None:
        """The notice covers the pane until there is something to show; a later problem is a line above it."""
        if not self.is_mounted:
            return
        covered = not self.ready
        had_focus = self.has_focus_within
        self._loads.tell(self._notice, self.problem, covered=covered)
        self.set_class(covered, "-covered")
        if had_focus or self.screen.focused is None:
            self.call_after_refresh(self.focus_content)

    def focus_content(self) -> None:
        """Give the focus to what the pane shows: its first focusable widget, or the notice that covers it."""
        # It was asked for after the next refresh: the screen may be closed by now, or not be put together yet.
        # And a list that is out of sight is loaded for its number: keys are not for what nobody sees.
        if not self.is_mounted or self._pruning or not self._displayed:
            return
        if self.beside and not self.has_focus_within:
            return
        focused = self.screen.focused
        covered = self.has_class("-covered")
        inside = focused is not None and focused.display and self in focused.ancestors and focused is not self._notice
        # Somebody has begun to type a command since it was asked for.
        elsewhere = focused is not None and self not in focused.ancestors and focused.check_consume_key("a", "a")
        if (inside and not covered) or elsewhere:
            return
        target: Widget = self._notice
        if not covered:
            # None of them is there any more in a pane that is being closed.
            first = self.first_focus() or next((it for it in self.query(".pane--body *") if it.focusable), None)
            target = first or self._notice
        if target.focusable and target is not focused:
            self.screen.set_focus(target, scroll_visible=False)  # at once: the next key is for it
