"""How long a list by figures holds the event loop: python -m tests.benchmarks.sorting [COUNT]

Against `tests.benchmarks.account`, in a process of its own. Keys are pressed as somebody does who looks for what fails:
sorted by errors, moved through while the figures come, filtered by figures key by key, another window and back, a
function's charts, the panes of the account and back. Prints the longest stall of each step, and as a share of the
longest turn of the SDK's own parser for one answer of 500 queries. Time in which others had the processor is not
counted, where Linux tells.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from textual.pilot import Pilot

from lambdatui.app import LambdaTui
from lambdatui.aws.gateway import Aws
from lambdatui.aws.guard import Guard
from lambdatui.aws.target import Target
from lambdatui.settings import Settings
from lambdatui.ui.panes.functions import FunctionsPane
from tests.aws.gateways import Journal, Writable
from tests.benchmarks.metrics import by_the_sdk
from tests.faults.event_loop import Stalls

BETWEEN = 0.05
"""Seconds between two keys that are held down."""


class Trial:
    """The program in front of an account, and how long its event loop was kept in each step."""

    def __init__(self, app: LambdaTui, pilot: Pilot[None], sdk: float) -> None:
        self.app = app
        self.pilot = pilot
        self.sdk = sdk

    @property
    def pane(self) -> FunctionsPane:
        """The list."""
        return self.app.screen_stack[-1].query_one(FunctionsPane)

    async def press(self, *keys: str, every: float = BETWEEN) -> None:
        """Press keys, one after the other."""
        for key in keys:
            await self.pilot.press(key)
            await asyncio.sleep(every)

    async def hold(self, key: str, seconds: float) -> None:
        """Hold a key down."""
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            await self.press(key)

    async def step(self, name: str, act: Callable[[], Awaitable[None]]) -> None:
        """Do something, and print how long the loop was kept."""
        with Stalls(freeze=False) as stalls:
            await act()
        print(f"{name:<44} {stalls.longest * 1000:6.1f} ms {stalls.longest / self.sdk:6.2f}", flush=True)

    async def sort_by(self, title: str) -> None:
        """Press the key that sorts by the next column until it is that one."""
        for _ in range(len(self.pane.table.columns)):
            index, _ = self.pane.table.sorted_by
            if index is not None and self.pane.table.columns[index].title == title:
                return
            await self.press("s")

    async def filter(self, text: str) -> None:
        """Type a filter, and take it away again."""
        await self.press("slash", *text, "enter")
        await asyncio.sleep(1)
        await self.press("escape")

    async def window(self, *windows: str) -> None:
        """Look at other windows, one after the other."""
        for window in windows:
            await self.press("colon", *"window", "space", *window, "enter")
            await self.hold("j", 3)

    async def run(self, seconds: float) -> None:
        """All steps."""
        await self.step("the list comes", lambda: asyncio.sleep(5))
        await self.step("s until sorted by err%", lambda: self.sort_by("Err%"))
        await self.step("j while figures come", lambda: self.hold("j", seconds))
        await self.step("S, and j", self._reversed)
        for text in ("err>1", "thr>0"):
            await self.step(f"/{text}, key by key", lambda text=text: self.filter(text))  # type: ignore[misc]
        await self.step(":window 24h and 1h", lambda: self.window("24h", "1h"))
        await self.step("4 5 1", lambda: self.press("4", "5", "1", "4", "1", every=1.5))
        await self.step("m, and back", lambda: self.press("m", "escape", every=1.5))
        await self.step("r", self._again)

    async def _reversed(self) -> None:
        await self.press("S")
        await self.hold("j", 2)
        await self.press("S")

    async def _again(self) -> None:
        await self.press("r")
        await self.hold("j", 5)


async def _try(url: str, refresh: float, seconds: float, sdk: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(state_dir=Path(folder) / "state", cache_dir=Path(folder) / "cache")
        aws = Aws(Target(region="eu-west-1", endpoint_url=url), Guard(Journal(), Writable()))
        aws.metrics.reader.habits.every = refresh
        app = LambdaTui(settings, aws)
        async with app.run_test(size=(170, 52)) as pilot:
            await Trial(app, pilot, sdk).run(seconds)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the measures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("count", nargs="?", type=int, default=2_000)
    parser.add_argument("--refresh", type=float, default=60.0)
    parser.add_argument("--seconds", type=float, default=30.0)
    asked = parser.parse_args(arguments)
    os.environ |= {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "not-a-secret"}
    sdk = by_the_sdk()
    print(f"{asked.count:,} functions, refresh {asked.refresh:g} s; the SDK's parser: {sdk * 1000:.0f} ms")
    command = [sys.executable, "-m", "tests.benchmarks.account", str(asked.count)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            asyncio.run(_try(server.stdout.readline().strip(), asked.refresh, asked.seconds, sdk))
        finally:
            server.stdin.close()


if __name__ == "__main__":
    main()
