"""Makes the pictures of the README from the demo: python screenshots/make.py (needs the extra `local`).

The program runs without a terminal at 120×36, against its own demo endpoint, and is driven by keys as a person does it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from textual.pilot import Pilot
from textual.widgets import TextArea

from lambdatui.app import LambdaTui
from lambdatui.settings import load
from lambdatui.ui.pane import Pane
from lambdatui.ui.panes.invoke import InvokePane
from lambdatui.ui.panes.logs import LogsPane
from lambdatui.ui.panes.metrics import MetricsPane

HERE = Path(__file__).parent
SIZE = (120, 36)
PATIENCE = 60.0

PAYLOAD = """\
{
  "basketId": "b-4f1c",
  "items": [
    {
      "sku": "SKU-1200",
      "quantity": 2,
      "unitPriceCents": 4900
    },
    {
      "sku": "SKU-3407",
      "quantity": 1,
      "unitPriceCents": 12500
    }
  ]
}
"""


async def until(pilot: Pilot[Any], met: Callable[[], bool]) -> None:
    """Let the program run until something is so, and all that belongs to it is drawn."""
    async with asyncio.timeout(PATIENCE):
        while not met():
            await pilot.pause(0.05)
    await pilot.pause(0.5)


def pane(pilot: Pilot[Any], name: str) -> Pane:
    """The pane of that name on the screen."""
    return pilot.app.screen.query_one(f"#{name}", Pane)


def keep(pilot: Pilot[Any], name: str) -> None:
    """Write the screen down as a picture."""
    svg = pilot.app.export_screenshot(title="lambdatui --demo")
    # Some programs leave out blanks at the start of a text, and with them the columns.
    (HERE / f"{name}.svg").write_text(svg.replace("<text ", '<text xml:space="preserve" '), encoding="utf-8")


async def main() -> None:
    """Go through the demo, a picture at each stop."""
    with TemporaryDirectory() as home:
        settings = load({"demo": True}, {"HOME": home, "XDG_CONFIG_HOME": home})
        async with LambdaTui(settings).run_test(size=SIZE) as pilot:
            await until(pilot, lambda: pane(pilot, "functions").ready)
            await until(
                pilot, lambda: all(it in pilot.app.export_screenshot() for it in ("123456789012", "/1000", "0%"))
            )
            keep(pilot, "functions")

            await pilot.press("enter")
            await until(pilot, lambda: pane(pilot, "overview").ready)
            keep(pilot, "overview")

            await pilot.press("l")
            logs = pilot.app.screen.query_one(LogsPane)
            await until(pilot, lambda: len(logs.log_view.buffer) > 60)
            keep(pilot, "logs")

            await pilot.press("i")
            invoke = pilot.app.screen.query_one(InvokePane)
            await until(pilot, lambda: isinstance(pilot.app.focused, TextArea))
            invoke.editor.replace_all(PAYLOAD)
            await pilot.press("f5")
            await until(pilot, lambda: invoke.result.view.call is not None)
            keep(pilot, "invoke")

            await pilot.press("escape", "m")
            metrics = pilot.app.screen.query_one(MetricsPane)
            await until(pilot, lambda: any(metrics.charts))
            keep(pilot, "metrics")

            await pilot.press("q", "4")
            await until(pilot, lambda: "Traceback" in pilot.app.export_screenshot())
            keep(pilot, "errors")


if __name__ == "__main__":
    asyncio.run(main())
