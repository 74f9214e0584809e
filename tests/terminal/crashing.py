"""The program with keys that crash it: f11 in a handler, f12 in a worker. `python -m tests.terminal.crashing --demo`"""

from __future__ import annotations

import sys

from textual import events

from lambdatui.__main__ import main
from lambdatui.app import LambdaTui

SAID = "the drum of the press has come loose"


async def _crash(self: LambdaTui, event: events.Key) -> None:
    if event.key == "f11":
        raise RuntimeError(SAID)
    if event.key == "f12":
        self.run_worker(_work(), group="crash")


async def _work() -> None:
    raise RuntimeError(SAID)


if __name__ == "__main__":
    vars(sys.modules[LambdaTui.__module__])["LambdaTui"] = type("LambdaTui", (LambdaTui,), {"on_key": _crash})
    sys.exit(main())
