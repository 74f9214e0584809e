"""The program around a fake gateway, with everything removed that differs from run to run."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Self

import pytest
from textual.widgets import Input, TextArea

import lambdatui
from lambdatui.settings import Settings
from tests import samples
from tests.fakes import FakeAws
from tests.ui.simulated import SimulatedTime, now


class Today(datetime):
    """A calendar that stands still."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return cls.fromtimestamp(samples.NOW.timestamp(), tz)


PACKAGE = Path(lambdatui.__file__).parent
CALENDARS = [
    ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts)
    for file in sorted((PACKAGE / "ui").rglob("*.py"))
    if "datetime.now()" in file.read_text(encoding="utf-8")
]
"""The modules of the screen that ask which day it is."""


def pytest_asyncio_loop_factories(item: pytest.Item) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Tests that use the fixture `simulated` run in simulated time."""
    names: list[str] = getattr(item, "fixturenames", [])
    return {"simulated": SimulatedTime} if "simulated" in names else {"real": asyncio.new_event_loop}


async def _wait_for_idle(*_: float) -> None:
    await asyncio.sleep(1 / 50)


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Time that passes only when nothing is left to do, a fixed date, time zone and terminal; no blinking."""
    monkeypatch.setenv("TZ", "UTC0")
    time.tzset()
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    for module in CALENDARS:
        monkeypatch.setattr(f"{module}.datetime", Today)
    monkeypatch.setattr("lambdatui.ui.invoking.sending.now_ms", lambda: int(samples.NOW.timestamp() * 1000))
    monkeypatch.setattr("textual._time.get_time", now)
    monkeypatch.setattr("lambdatui.ui.bastion.time.monotonic", now)
    # Textual's own watches the process's CPU time, which says how fast the machine is.
    monkeypatch.setattr("textual.app.wait_for_idle", _wait_for_idle)
    monkeypatch.setattr("textual.pilot.wait_for_idle", _wait_for_idle)
    monkeypatch.setattr(TextArea, "cursor_blink", False)
    monkeypatch.setattr(Input, "cursor_blink", False)
    yield
    monkeypatch.undo()
    time.tzset()
    # The program freezes what it has made by its first paint; hundreds of programs would stay for ever.
    gc.unfreeze()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """What the program is told when it is told nothing."""
    return Settings(state_dir=tmp_path / "state", cache_dir=tmp_path / "cache", data_dir=tmp_path / "data")


@pytest.fixture
def aws(settings: Settings) -> FakeAws:
    """A gateway to a shop's account."""
    return FakeAws(settings)
