"""One fault met by the real program on a screen: what it says, what it keeps, and what it does after."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from textual.pilot import Pilot

from lambdatui.app import LambdaTui
from lambdatui.model.errors import AwsError
from lambdatui.settings import Settings
from lambdatui.ui.desk import Desk
from lambdatui.ui.messages import ShowResource
from lambdatui.ui.pane import Pane
from lambdatui.ui.panes.invoke import InvokePane
from lambdatui.ui.panes.logs import LogsPane
from lambdatui.ui.panes.metrics import MetricsPane
from lambdatui.ui.panes.resources import RESOURCES
from lambdatui.ui.screens.function import FunctionScreen
from lambdatui.ui.size import STRIP_COLUMNS
from lambdatui.ui.widgets.drawing import BAR
from tests import samples
from tests.aws.fault_server import FaultServer
from tests.faults.catalogue import HEALTHY, Fault, healthy
from tests.faults.event_loop import Stalls
from tests.faults.facades import faulty_words, gateway, none_is_right
from tests.faults.operations import ASKED_ONCE, Call
from tests.faults.surroundings import LONGEST, Leftovers
from tests.ui.stage import PANES
from tests.ui.tabs import DETAILS

SIZE = (STRIP_COLUMNS - 1, 45)
"""Too narrow for two more panes below the functions: one pane meets one fault."""

STALL = 0.1
"""Seconds that the event loop may be kept longer than in a run without a fault."""

OF_THE_FRAME = {"sts:GetCallerIdentity", "lambda:GetAccountSettings"}
AT_START = OF_THE_FRAME | {"cloudwatch:GetMetricData"}
"""What the start screen asks for beside its list."""


class Slow(Exception):
    """What was waited for did not come."""


class Show:
    """The program on a screen, in front of a server."""

    def __init__(self, app: LambdaTui, server: FaultServer, pilot: Pilot[None]) -> None:
        self.app = app
        self.server = server
        self.pilot = pilot
        self.sent = 0
        """How often the key was pressed that invokes."""

    @property
    def letters(self) -> str:
        """The screen and its toasts without spaces and scroll bars: what it says, wherever it is folded."""
        rows = "".join(strip.text for strip in self.app.screen._compositor.render_strips())
        toasts = "".join(f"{it.title}{it.message}" for it in self.app._notifications)
        return "".join((rows + toasts).replace(BAR, "").split())

    def says(self, text: str) -> bool:
        """Whether that is on screen, or the first 300 characters of it."""
        return "".join(text.split())[:300] in self.letters

    async def until(self, what: str, condition: Callable[[], bool], within: float = LONGEST) -> None:
        """Wait for something. Raises Slow."""
        end = perf_counter() + within
        while not condition():
            if perf_counter() > end:
                raise Slow(f"not seen within {within:.0f} s: {what}; what is seen: {self.letters}")
            await asyncio.sleep(0.01)

    async def press(self, key: str) -> None:
        """Press a key."""
        self.sent += key == "f5"
        await self.pilot.press(key)

    async def open(self, kind: type[Pane]) -> Pane:
        """The pane, shown for the first time; of the start screen it is there already."""
        if kind in RESOURCES[1:]:
            self.app.post_message(ShowResource(kind.NAME))
        elif kind in DETAILS:
            await self.app.push_screen(
                FunctionScreen(self.app.aws, samples.function("orders", timeout=1), Desk(), tab=kind.NAME)
            )
        await self.until(f"the {kind.NAME} pane", lambda: bool(self._panes(kind)))
        pane = self._panes(kind)[-1]
        await self.until("the focus", lambda: pane.has_focus_within)  # a key before that acts on something else
        return pane

    def _panes(self, kind: type[Pane]) -> list[Pane]:
        return list(self.app.screen.query(kind))


@asynccontextmanager
async def showing(server: FaultServer) -> AsyncIterator[Show]:
    """The program, started against the server."""
    with TemporaryDirectory() as folder:
        settings = Settings(state_dir=Path(folder) / "state", cache_dir=Path(folder) / "cache")
        app = LambdaTui(settings, gateway(server))
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            yield Show(app, server, pilot)


async def panes_by_operation() -> dict[str, type[Pane]]:
    """Which pane asks for an operation first, as a healthy server has seen it; the frame's own are with no pane."""
    found: dict[str, type[Pane]] = {}
    for kind in PANES:
        async with FaultServer() as server:
            everywhere(server)
            async with showing(server) as show:
                # What the line on top and the list ask for comes later, and is not another pane's.
                await show.until("the list", lambda: show.says("orders") and set(server.operations) >= AT_START)
                if kind is not RESOURCES[0]:
                    server.journal.clear()
                pane = await show.open(kind)
                await show.until("something", lambda pane=pane: pane.ready)  # type: ignore[misc]
                await show.until("all of it", lambda pane=pane: at_rest(pane))  # type: ignore[misc]
                if isinstance(pane, InvokePane):
                    await show.until("the editor", lambda pane=pane: pane.editor.has_focus)  # type: ignore[misc]
                    await show.press("f5")
                    await show.until("a request", lambda: "lambda:Invoke" in server.operations)
                for operation in server.operations:
                    if not (operation.startswith("sts:") or (operation in OF_THE_FRAME and kind is RESOURCES[0])):
                        found.setdefault(operation, kind)
    return found


def everywhere(server: FaultServer) -> None:
    """Have the server answer as AWS does when all is well."""
    for operation in HEALTHY:
        server.plan(operation, healthy(operation))


NONE = Fault("none", lambda operation, chance: healthy(operation), harmless=True)
"""All is well: with it the journey is made to know how long the event loop is kept anyway."""


class Meeting:
    """One fault and one operation, on the pane that needs it."""

    def __init__(self, call: Call, kind: type[Pane], fault: Fault, chance: random.Random) -> None:
        self.call = call
        self.kind = kind
        self.fault = fault
        self.may_pass = fault.harmless or none_is_right(call, fault)
        """Whether there may be nothing to say."""
        self.chance = chance
        self.said: list[str] = []
        self.stall = 0.0

    async def run(self) -> list[str]:
        """What was wrong, a sentence each."""
        before = Leftovers()
        async with FaultServer() as server:
            everywhere(server)
            try:
                async with showing(server) as show:
                    await show.until("the list", lambda: show.says("orders"))
                    with Stalls() as stalls:
                        await (self._invoke(show) if self.call.mutates else self._read(show))
                self.stall = stalls.longest
            except Slow as slow:
                self.said.append(str(slow))
            self._count(server, show)
            # What the program has left open the server would see: it has ended.
            await asyncio.wait({gone := asyncio.create_task(server.all_gone())}, timeout=LONGEST)
            gone.cancel()
            self._say(not server.open_connections, f"{server.open_connections} connections are left")
        self.said += await before.found()
        return [f"{self.call.operation}, {self.fault.name}: {sentence}" for sentence in self.said]

    def _say(self, right: bool, sentence: str) -> None:
        if not right:
            self.said.append(sentence)

    async def _break(self, server: FaultServer) -> None:
        reply = self.fault.make(self.call.operation, self.chance)
        if self.fault.at_accept:
            server.at_accept = reply
            await server.drop()
        else:
            server.plan(self.call.operation, reply)

    def _heal(self, server: FaultServer) -> None:
        server.at_accept = None
        server.plan(self.call.operation, healthy(self.call.operation))

    async def _read(self, show: Show) -> None:
        """The fault at the first load, then none, then at a refresh, then none."""
        await self._break(show.server)
        if self.kind is RESOURCES[0]:
            await show.press("r")
        pane = await show.open(self.kind)
        await show.until("the end of the first load", lambda: over(pane))
        await self._check_words(show, pane, stale=pane.ready)
        self._heal(show.server)
        if self.fault is NONE:
            pane.reload(revive=True)  # as r does after a failure
        await show.press("r")
        await show.until("data after the first failure", lambda: fine(pane, show))
        if self.call.operation in ASKED_ONCE:
            await show.until("all of it", lambda: at_rest(pane))
            return
        await self._break(show.server)
        await show.press("r")
        await show.until("the end of the refresh", lambda: over(pane) and not pane.loading_now)
        await show.until("what the refresh met", lambda: troubled(pane, show) or self.may_pass)
        await self._check_words(show, pane, stale=True)
        self._heal(show.server)
        await show.press("r")
        await show.until("data after the second failure", lambda: fine(pane, show))

    async def _check_words(self, show: Show, pane: Pane, *, stale: bool) -> None:
        if pane.problem is not None:
            await self._problem(show, pane.problem, *(["what is below is stale, from"] if stale else []))
        else:
            with suppress(Slow):
                await show.until("what is wrong", lambda: self.may_pass or self._is_told(show, pane))
            self._say(self.may_pass or self._is_told(show, pane), f"nothing is said: {show.letters}")

    def _is_told(self, show: Show, pane: Pane) -> bool:
        named = show.says(f"Asked: {self.call.operation}") or show.says("does not exist")  # a group is waited for
        return troubled(pane, show) and named

    async def _problem(self, show: Show, problem: AwsError, *more: str) -> None:
        # What meets the connection meets whatever is asked for; the pane tells of the first.
        call = replace(self.call, operation=problem.operation) if self.fault.at_accept else self.call
        self.said += faulty_words(problem, call)
        wanted = [problem.operation, problem.reason, problem.remedy, *more]
        with suppress(Slow):
            await show.until("words", lambda: all(map(show.says, wanted)))
        self.said += [f"not on screen: {text}" for text in wanted if not show.says(text)]

    async def _invoke(self, show: Show) -> None:
        pane = await show.open(self.kind)
        assert isinstance(pane, InvokePane)
        await show.until("the editor", lambda: pane.ready and pane.editor.has_focus)
        await self._break(show.server)
        await show.press("f5")
        await show.until("an outcome", lambda: not pane.waiting and pane._sending is None)
        if pane._failed is not None:
            await self._problem(show, pane._failed)
        else:
            self._say(self.fault.harmless or self.fault.in_payload, "it is told as a success")
        self._heal(show.server)
        await show.press("f5")
        await show.until("an outcome", lambda: not pane.waiting and pane._sending is None)

    def _count(self, server: FaultServer, show: Show) -> None:
        invoked = server.operations.count("lambda:Invoke")
        reached = show.sent - (self.fault.at_accept and self.call.mutates)
        self._say(reached <= invoked <= show.sent, f"{invoked} invocations of {show.sent} key presses")
        others = {seen.operation for seen in server.journal if seen.method in {"PUT", "DELETE", "PATCH"}}
        self._say(not others, f"changes that nobody asked for: {others}")


def over(pane: Pane) -> bool:
    """Whether a load has come to something: data, a refusal, or word of a tail."""
    return pane.problem is not None or (pane.ready and not pane.loading_now)


def at_rest(pane: Pane) -> bool:
    """Whether the pane asks for nothing more; a tail always does, and what keeps figures up to date."""
    workers = [it for it in pane.workers if it.node is pane and it.group != "metrics" and not it.is_finished]
    return isinstance(pane, LogsPane | MetricsPane) or not workers


def troubled(pane: Pane, show: Show) -> bool:
    """Whether the pane says that something is wrong."""
    return (
        pane.problem is not None
        or bool(pane.lacking)
        or show.says("It is tried again by itself")
        or show.says("does not exist")
    )


def fine(pane: Pane, show: Show) -> bool:
    """Whether the pane shows what there is, and says of nothing that it is wrong."""
    return pane.ready and not pane.loading_now and not troubled(pane, show) and not show.says("what is below is")


async def calibrate(call: Call, kind: type[Pane], runs: int = 2) -> float:
    """The longest stall of runs in which all is well."""
    meetings = [Meeting(call, kind, NONE, random.Random(0)) for _ in range(runs)]
    said = [sentence for meeting in meetings for sentence in await meeting.run()]
    assert not said, said
    return max(meeting.stall for meeting in meetings)


def chosen(faults: Iterable[Fault]) -> list[Fault]:
    """Those that a screen can be shown: its gateway is opened before the fault, so none of TLS."""
    return [fault for fault in faults if not fault.https]
