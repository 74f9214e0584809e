"""The program with keys that crash it: f11 in a handler, f12 in a worker …  `python -m tests.terminal.crashing --demo`

What is raised says `SAID`, or what the variable CRASH_WORDS has; so does a local variable. CRASH_KIND names its type.
"""

from __future__ import annotations

import asyncio
import builtins
import json
import os
import sys
import threading
from typing import NoReturn

from textual import events

from lambdatui.__main__ import main
from lambdatui.app import LambdaTui

SAID = "the drum of the press has come loose"


def fail() -> NoReturn:
    """Raise what was asked for, with a secret in its message, in its key, in its notes and beside it."""
    secret = os.environ.pop("CRASH_WORDS", SAID)
    kind = os.environ.get("CRASH_KIND", "RuntimeError")
    if kind == "KeyError":
        {}[secret]  # type: ignore[index]
    if kind == "JSONDecodeError":
        json.loads(f'{{"password": "{secret}" x')
    if kind == "chain":
        try:
            int(secret)
        except ValueError as problem:
            raise RuntimeError(secret) from problem
    if kind == "group":
        raise ExceptionGroup(secret, [ValueError(secret), KeyError(secret)])
    raised: Exception = getattr(builtins, kind)(secret)
    raised.add_note(secret)
    raise raised


async def _work() -> None:
    fail()


class Crashing(LambdaTui):
    """A key for each place in which a fault can be."""

    async def on_key(self, event: events.Key) -> None:
        match event.key:
            case "f11":
                fail()
            case "f12":
                self.run_worker(_work(), group="crash")
            case "f2":
                self.set_timer(0.01, fail)
            case "f3":
                threading.Thread(target=fail, daemon=True).start()
            case "f4":
                self.screen.render_line = lambda y: fail()  # type: ignore[method-assign]
                self.screen.refresh()
            case "f8":
                self.call_later(fail)
            case "f9":
                self._unattended = asyncio.get_running_loop().create_task(_work())
                self.set_timer(0.2, self._lose)

    def _lose(self) -> None:
        del self._unattended
        self.set_timer(0.2, fail)


if __name__ == "__main__":
    vars(sys.modules[LambdaTui.__module__])["LambdaTui"] = Crashing
    sys.exit(main())
