"""`PlacedApp`: an app that shows one place, a profile in a region, and can go to another."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, ClassVar, Protocol

from textual import events
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.binding import Binding, BindingType
from textual.worker import WorkerError

from lambdatui.model.identity import Place, Region
from lambdatui.settings import is_region
from lambdatui.ui.bastion import BastionApp
from lambdatui.ui.memory import Forgetful, Memory, lately, note
from lambdatui.ui.screens.main import MainScreen
from lambdatui.ui.terminal.spans import Spans

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    from rich.console import RenderableType
    from textual.screen import Screen

    from lambdatui.aws.gateway import Aws
    from lambdatui.crash import CrashReport
    from lambdatui.ui.desk import Desk
    from lambdatui.ui.recall import Recall
    from lambdatui.ui.screens.pick import Choice
    from lambdatui.ui.terminal.watchdog import Watchdog

TOGETHER = 5.0
"""Seconds that a screen may take at most to be put together."""

AS_STARTED = "(as started)"
"""What the place without a named profile is called in the list of profiles."""


def _may_be_region(name: str) -> bool:
    """Whether it is written as regions are: "eu-west-1", "us-gov-east-1"."""
    return is_region(name) and name.count("-") > 1 and name[-1].isdigit()


class Gateways(Protocol):
    """Opens gateways, and knows where they can be opened to."""

    @property
    def start(self) -> Place:
        """Where the program starts."""

    @property
    def only(self) -> str:
        """Why there is no other place; empty where there is."""

    def recall(self, place: Place, memory: Memory) -> Recall:
        """What is remembered of a place."""

    def open(self, place: Place) -> Aws:
        """A gateway to that place; nothing is connected yet."""

    async def profiles(self) -> Sequence[str]:
        """The profiles that there are. Raises AwsError."""

    async def regions(self, like: str) -> Sequence[Region]:
        """The regions of the partition that `like` is in. Raises AwsError."""


class PlacedApp(BastionApp, inherit_bindings=False):
    """An app with a stack of screens for each gateway, of which there is one, and for a moment two.

    Each place is a mode of its own in Textual's sense: its screens are made for its gateway and never for another, so
    that the change from one to the other is a single step, and nothing has to know how to be pointed elsewhere.
    """

    DEFAULT_MODE = "place 0"

    new_desk: Callable[[], Desk] | None = None
    """Makes what each place lays its work on; None: one as it is without a configuration."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("P", "pick_profile", "Profile", tooltip="Go to another profile", id="app.profile"),
        Binding("R", "pick_region", "Region", tooltip="Go to another region", id="app.region"),
    ]

    def __init__(
        self, crash_report: CrashReport, watchdog: Watchdog | None, state_dir: Path, memory: Memory | None = None
    ) -> None:
        super().__init__(crash_report, watchdog, state_dir)
        self.memory = memory or Forgetful()
        self.place = Place()
        """What was chosen of where this is."""
        self._modes_made = count(1)
        self._drawn = ""
        """The place that is on the terminal."""
        self._open: list[Aws] = []
        """Gateways that are not closed, the one in use last."""

    @property
    def gateways(self) -> Gateways:
        """What opens gateways."""
        raise NotImplementedError

    async def on_event(self, event: events.Event) -> None:
        """Nothing is refreshed for somebody who has gone: every key says that one is there."""
        if isinstance(event, events.Key | events.MouseDown) and self._open:
            self.aws.touch()
        await super().on_event(event)

    @property
    def aws(self) -> Aws:
        """The gateway in use."""
        return self._open[-1]

    def begin_at(self, place: Place, aws: Aws, filter: str = "") -> None:  # noqa: A002 (the flag's name)
        """Start there, with a list that is filtered."""
        self.place = place
        self._open.append(aws)
        recall = self.gateways.recall(place, self.memory)
        self._add_place(self.DEFAULT_MODE, lambda: MainScreen(aws, recall, filter=filter, new_desk=self.new_desk))

    def go(self, place: Place) -> None:
        """Show another place, or the same one anew: a gateway and a start screen of its own, nothing of the old one."""
        left, leaving = self.current_mode, self.aws
        kept = self.main_screen.resource.NAME
        aws = self.gateways.open(place)
        aws.window = leaving.window
        self.place = place
        self._open.append(aws)
        mode = f"place {next(self._modes_made)}"
        recall = self.gateways.recall(place, self.memory)
        self._add_place(mode, lambda: MainScreen(aws, recall, resource=kept, new_desk=self.new_desk))
        stack = list(self.screen_stack)
        self.switch_mode(mode)
        self.clear_notifications()
        leave = partial(self._leave, left, stack, leaving)
        self.run_worker(leave, name=f"leave {left}", group=f"leave {left}")  # type: ignore[arg-type]  # see work.py

    def _add_place(self, mode: str, make: Callable[[], MainScreen]) -> None:
        def made() -> MainScreen:
            screen = make()
            # It comes after the style sheet. Textual would take it for older, and parse the sheet anew, twice: 100 ms.
            screen._css_update_count = self._css_update_count
            return screen

        self.add_mode(mode, made)

    def on_ready(self) -> None:
        # Textual would draw at its next tick, up to 17 ms later.
        self.screen._on_timer_update()

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        # Textual may begin a screen with a part of it, and draw the rest a moment later: over another place's rows.
        if renderable is not None and not self._batch_count and self._drawn != self.current_mode:
            self._drawn = self.current_mode
            if not isinstance(renderable, LayoutUpdate):
                renderable = screen._compositor.render_update(full=True, screen_stack=self._background_screens)
        super()._display(screen, Spans.of(renderable) if isinstance(renderable, ChopsUpdate) else renderable)

    async def _leave(self, mode: str, stack: Sequence[Screen[object]], aws: Aws) -> None:
        """End what the screens of a place have under way, then close its gateway."""
        theirs = set(stack)
        workers = [it for it in self.workers if not theirs.isdisjoint(it.node.ancestors_with_self)]
        # What is removed while it is being put together leaves parts behind that nobody ends.
        with suppress(TimeoutError):
            async with asyncio.timeout(TOGETHER):
                for screen in stack:
                    await screen._mounted_event.wait()
        await self.remove_mode(mode)
        for worker in workers:
            worker.cancel()
            with suppress(WorkerError):
                await worker.wait()
        await aws.aclose()
        self._open.remove(aws)

    async def close_gateways(self) -> None:
        """Close every gateway, for the end of the program."""
        await asyncio.gather(*(aws.aclose() for aws in self._open))

    @property
    def main_screen(self) -> MainScreen:
        """The start screen of the place."""
        return next(screen for screen in self.screen_stack if isinstance(screen, MainScreen))

    # Choosing ---------------------------------------------------------------------------------------------------

    @property
    def profile_in_use(self) -> str:
        """The profile that was chosen, or what stands for none."""
        return self.place.profile or AS_STARTED

    @property
    def region_in_use(self) -> str:
        """The region that was chosen, or else found; empty while it is not known."""
        return self.place.region or self.main_screen.identity.region

    def go_to_profile(self, name: str) -> None:
        """Go to a profile: in the region that was chosen or set, else in its own."""
        note(self.memory, "profiles", self.profile_in_use)
        note(self.memory, "profiles", name)
        self.go(Place(None if name == AS_STARTED else name, self.place.region))

    def go_to_region(self, name: str) -> None:
        """Go to a region with the same profile."""
        note(self.memory, "regions", self.region_in_use)
        note(self.memory, "regions", name)
        self.go(Place(self.place.profile, name))

    def may_be(self, kind: str, name: str) -> bool:
        """Whether a name that is not known may be one all the same: a region that is newer than the SDK."""
        return kind == "regions" and _may_be_region(name)

    def action_pick_profile(self) -> None:
        """Choose a profile."""
        self._pick("profiles", self.profile_choices, self.profile_in_use, self.go_to_profile)

    def action_pick_region(self) -> None:
        """Choose a region. One that the SDK does not know yet can be typed."""
        self._pick("regions", self.region_choices, self.region_in_use, self.go_to_region, free=_may_be_region)

    def _pick(
        self,
        kind: str,
        load: Callable[[], Awaitable[Sequence[Choice]]],
        current: str,
        then: Callable[[str], None],
        free: Callable[[str], bool] = lambda _: False,
    ) -> None:
        if self.gateways.only:
            self.notify(self.gateways.only, markup=False)
            return
        from lambdatui.ui.screens.pick import PickScreen

        def chosen(name: str | None) -> None:
            if name is not None:
                self.call_later(then, name)  # the picker is still on top

        picker = PickScreen(kind.capitalize(), load, current=current, lately=lately(self.memory, kind), free=free)
        self.push_screen(picker, chosen)

    async def profile_choices(self) -> Sequence[Choice]:
        """The profiles to choose from. Raises AwsError."""
        from lambdatui.ui.screens.pick import Choice

        names = await self.gateways.profiles()
        unnamed = self.gateways.start.profile is None
        start = [Choice(AS_STARTED, "what the environment and the files say")] if unnamed else []
        return [*start, *map(Choice, names)]

    async def region_choices(self) -> Sequence[Choice]:
        """The regions to choose from. Raises AwsError."""
        from lambdatui.ui.screens.pick import Choice

        return [Choice(*region) for region in await self.gateways.regions(self.region_in_use)]
