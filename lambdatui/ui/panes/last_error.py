"""`LastError`: what is told of the function under the cursor: what else it lost, and the newest error of its log."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from lambdatui.model.errors import AwsError
from lambdatui.model.text import one_line
from lambdatui.ui.widgets.words import Words
from lambdatui.ui.work import start

if TYPE_CHECKING:
    from lambdatui.aws.gateway import Aws
    from lambdatui.model.logs import LogEvent
    from lambdatui.model.metrics import Range

PATTERN = '?ERROR ?Error ?error ?"timed out" ?level ?Exception ?FATAL ?Fatal ?fatal ?CRITICAL ?panic ?Traceback'
"""What the service gives of a log, of which errors are picked here: levels are written in many ways."""
SETTLED = 0.4
"""Seconds that the cursor is on a function before its log is asked for."""
PATIENCE = 5.0
"""Seconds after which the search ends: a log without errors would be read to its beginning."""
LONGEST = 600
"""Characters of a line that are shown."""


class LastError(Vertical):
    """Two texts, each as high as it needs to be."""

    DEFAULT_CSS = """
    LastError {
        height: auto; max-height: 5; padding: 0 1; background: $surface; color: $text-muted;
        & > Words { height: auto; max-height: 4; }
    }
    """

    def __init__(self, aws: Aws) -> None:
        super().__init__()
        self._aws = aws
        self._beside = Words()
        self._line = Words()
        self.name_of = ""
        """The function of which it tells."""

    def compose(self) -> ComposeResult:
        yield self._beside
        yield self._line

    def tell(self, beside: str) -> None:
        """What else is known of the function."""
        self._beside.say(Content(beside))
        self._beside.display = bool(beside)

    def look(self, name: str, group: str, over: Range, *, failed: bool = False) -> None:
        """Find the newest error of another function, once the cursor stays there; of none without a name.

        With `failed` there is one, by its figures.
        """
        self.name_of = name
        self._line.say(Content(""))
        self.workers.cancel_group(self, "last error")
        if name:
            start(self, partial(self._find, group, over, failed), name="find the last error", group="last error")

    async def _find(self, group: str, over: Range, failed: bool) -> None:
        """One call for a cursor that has stopped."""
        await asyncio.sleep(SETTLED)
        try:
            async with asyncio.timeout(PATIENCE):
                found = await self._newest(group, over, PATTERN)
                if found is None and failed:  # written in another way, or an emulator wants all words of a pattern
                    found = await self._newest(group, over, "")
        except AwsError as problem:
            self._say(f"Its last error cannot be read: {problem.reason}")
        except TimeoutError:
            self._say(f"No line of an error was found in its log within {PATIENCE:.0f} s.")
        else:
            self._say(f"No line of an error in its log in {over}." if found is None else _words(found))

    async def _newest(self, group: str, over: Range, pattern: str) -> LogEvent | None:
        """The newest line of an error among those that the service gives by a pattern. Raises AwsError."""
        # Here: what is imported for the registry is imported before the first paint.
        from lambdatui.model.log_levels import Level, level
        from lambdatui.model.logs import LogGroup, TailRequest

        end = int(datetime.now().timestamp() * 1000)
        wanted = TailRequest((LogGroup(group),), pattern=pattern)
        async with aclosing(self._aws.logs.range(wanted, end - over.seconds * 1000, end)) as pages:
            async for events in pages:
                found = [it for it in events if level(it.message) >= Level.ERROR]
                if found:
                    return max(found, key=lambda it: it.timestamp)
        return None

    def _say(self, text: str) -> None:
        self._line.say(Content(text))


def _words(event: LogEvent) -> str:
    at = datetime.fromtimestamp(event.timestamp / 1000).astimezone()
    return f"! {at:%H:%M:%S} {one_line(event.message)[:LONGEST]}"
