"""The program on a screen that tests can read, and the keys that people press."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from textual import events
from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot

from lambdatui.app import LambdaTui
from lambdatui.model.functions import Function
from lambdatui.settings import Settings
from lambdatui.ui.messages import ShowResource
from lambdatui.ui.pane import Pane
from lambdatui.ui.panes.resources import RESOURCES
from lambdatui.ui.screens.function import FunctionScreen
from tests import samples
from tests.fakes import FakeAws, FakeGateways
from tests.ui.tabs import DETAILS

AnyPane = TypeVar("AnyPane", bound=Pane)

PANES: tuple[type[Pane], ...] = (*RESOURCES, *DETAILS)

TURN = 0.2
"""Simulated seconds in which everything that is under way comes to its end: repaints, checks while typing."""


async def settled(pilot: Pilot[Any]) -> None:
    """Wait until no pane is loading and no message is queued. For simulated time."""
    async with asyncio.timeout(600):
        while True:
            await asyncio.sleep(TURN)
            if not any(pane.loading_now for screen in pilot.app.screen_stack for pane in screen.query(Pane)):
                return


class Terminal(HeadlessDriver):
    """A terminal that keeps what is written to it."""

    written = ""

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        self.written += data


class Stage:
    """A running program, seen as its user sees it."""

    def __init__(self, app: LambdaTui, aws: FakeAws, pilot: Pilot[None]) -> None:
        self.app = app
        self.aws = aws
        self.pilot = pilot

    async def press(self, *keys: str) -> None:
        """Press keys, and wait until what they cause has happened."""
        await self.pilot.press(*keys)
        await settled(self.pilot)

    async def tap(self, *keys: str) -> None:
        """Press keys, and wait for what happens at once, but not for what is being loaded."""
        await self.pilot.press(*keys)
        await self.wait()

    async def paste(self, text: str) -> None:
        """Paste a text where the focus is."""
        self.app.post_message(events.Paste(text))
        await self.wait()

    async def wait(self, seconds: float = TURN) -> None:
        """Let simulated time pass, and what happens in it."""
        await asyncio.sleep(seconds)

    async def resize(self, width: int, height: int) -> None:
        """Give the terminal another size."""
        await self.pilot.resize_terminal(width, height)
        await self.wait()

    async def open(self, pane: type[Pane], function: Function | None = None) -> None:
        """Put a pane on screen, a tab with a function, without waiting for more than the first paint."""
        if pane in RESOURCES:
            self.app.post_message(ShowResource(pane.NAME))
        else:
            await self._open_tab(pane, function)
        await self.wait()

    async def _open_tab(self, pane: type[Pane], function: Function | None) -> None:
        desk = self.app.main_screen.desk
        await self.app.push_screen(FunctionScreen(self.aws, function or samples.functions()[0], desk, tab=pane.NAME))

    def leaving(self) -> bool:
        """Whether the program has been told to end."""
        return self.app._exit

    def pane(self, kind: type[AnyPane]) -> AnyPane:
        """The pane of that kind on the topmost screen that has one."""
        panes: list[AnyPane] = [it for screen in self.app.screen_stack for it in screen.query(kind)]
        return panes[-1]

    @property
    def lines(self) -> list[str]:
        """The topmost screen's rows."""
        return [strip.text for strip in self.app.screen._compositor.render_strips()]

    @property
    def text(self) -> str:
        """The topmost screen, without the spaces at the ends of its rows."""
        return "\n".join(line.rstrip() for line in self.lines)

    @property
    def words(self) -> str:
        """The topmost screen as one line with single spaces: what it says, wherever it is folded."""
        return " ".join(self.text.split())

    @property
    def keys(self) -> str:
        """The line of keys at the bottom."""
        return self.lines[-1]

    @property
    def toasts(self) -> list[str]:
        """Title and text of the messages that are being shown."""
        return [f"{it.title}: {it.message}" if it.title else it.message for it in self.app._notifications]

    @property
    def terminal(self) -> Terminal:
        """What the program draws on."""
        driver = self.app._driver
        assert isinstance(driver, Terminal)
        return driver


@asynccontextmanager
async def showing(
    aws: FakeAws,
    settings: Settings,
    pane: type[Pane] | None = None,
    *,
    prepare: Callable[[FakeAws], object] | None = None,
    function: Function | None = None,
    size: tuple[int, int] = (100, 30),
    gateways: FakeGateways | None = None,
) -> AsyncIterator[Stage]:
    """The program with a pane on screen (None: as it starts), `prepare` called just before that pane first loads."""
    first = pane is None or pane is RESOURCES[0]
    if prepare is not None and first:
        prepare(aws)
    app = LambdaTui(settings, aws, gateways=gateways)
    app.driver_class = Terminal
    async with app.run_test(size=size, headless=False, notifications=True) as pilot:
        stage = Stage(app, aws, pilot)
        await stage.wait()
        if pane is not None and not first:
            await settled(pilot)
            aws.wire.asked.clear()
            if prepare is not None:
                prepare(aws)
            await stage.open(pane, function)
        yield stage
