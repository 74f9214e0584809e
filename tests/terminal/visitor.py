"""`Visitor`: somebody at 80×24 who opens a function of the embedded endpoint and sends payloads to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lambdatui.local.identity import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY
from tests.terminal.conftest import Start
from tests.terminal.screen import Terminal

F5 = "\x1b[15~"
ESCAPE = "\x1b"
END = "\x1b[F"
RIGHT = "\x1b[C"
CTRL_A, CTRL_E, CTRL_K, CTRL_O, CTRL_S = "\x01", "\x05", "\x0b", "\x0f", "\x13"

KEYS = {"AWS_ACCESS_KEY_ID": ACCESS_KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY}

TELLER = """
import os, time

kept = []

def handler(event, context):
    what = event.get("do")
    if what == "raise":
        raise ValueError(f"out of {event['mark']}")
    if what == "sleep":
        time.sleep(60)
    if what == "hoard":
        while True:
            kept.append(bytearray(b"1") * 20_000_000)
    if what == "wait":
        while not os.path.exists(event["until"]):
            time.sleep(0.005)
        open(event["until"] + ".seen", "w").close()
    if what == "large":
        return "x" * event["bytes"]
    print("heard", event.get("mark"))
    return {"told": event, "version": context.function_version}
"""
"""A function that does what it is told, and returns what it was told."""


class Visitor:
    """The program on a function's invoke pane, and a count of the keys that send."""

    def __init__(
        self, start: Start, url: str, function: str, *, via: str = "", environment: Mapping[str, str] = {}
    ) -> None:
        self.terminal: Terminal = start(
            "--endpoint-url", url, "--region", REGION, size=(80, 24), environment={**KEYS, **environment}, via=via
        )
        self.presses = 0
        """How often a key was pressed that sends something."""
        self._find(function)
        self.terminal.press("i")
        self.sees("1 {}", "Type RequestResponse", "esc Leave the editor")

    def _find(self, function: str) -> None:
        self.sees("metrics of 1h")  # it may be one of many, and out of sight
        self.terminal.press("/")
        self.terminal.press(f'"{function}"')
        self.terminal.press("\r")
        self.sees("(esc clears)", "Open")
        self.terminal.press("\r")
        self.sees("SHA-256")

    def sees(self, *texts: str) -> str:
        """Wait until all of these are on screen at once, however their words are spread over lines; what is there."""
        self.terminal.wait_for(_All(self.terminal, texts))
        return words_of(self.terminal)

    def presses_f5(self) -> None:
        """Send what is in the editor, whatever has the focus."""
        self.presses += 1
        self.terminal.press(F5)

    def types(self, do: str = "", **more: Any) -> None:
        """Put a payload of one line in place of the one in the editor."""
        payload = json.dumps({"do": do, **more})
        self.terminal.press(CTRL_A + CTRL_K)
        self.sees("Payload: none")
        self.terminal.paste(payload)
        self.sees(f"Payload: {len(payload)} B of JSON")

    def sends(self, do: str = "", **more: Any) -> None:
        """Type a payload and send it once; the editor has the focus before."""
        self.types(do, **more)
        self.presses_f5()

    def goes_back_to_the_editor(self) -> None:
        """From the result."""
        self.terminal.press("e")
        self.sees("esc Leave the editor")

    def changes_an_option(self, steps: int, now: str) -> None:
        """From the editor to the options above it, so many to the right; change that one, and come back."""
        self.terminal.press(ESCAPE)
        self.sees("⏎ Change")
        self.terminal.press(RIGHT * steps + " ")
        self.sees(now)
        self.terminal.press("e")
        self.sees("esc Leave the editor")


def words_of(terminal: Terminal) -> str:
    """The words on screen, one blank between two. The line at the edge of a notice is no word."""
    return " ".join(terminal.text.replace("▌", " ").split())


class _All:
    """Whether all of some texts are on screen; its text names those that are not."""

    def __init__(self, terminal: Terminal, texts: tuple[str, ...]) -> None:
        self._terminal, self._texts = terminal, texts

    def __call__(self) -> bool:
        return not self._missing()

    def _missing(self) -> list[str]:
        words = words_of(self._terminal)
        return [text for text in self._texts if text not in words]

    def __str__(self) -> str:
        return f"missing {self._missing()}"


def saved_response(home: Path) -> Path:
    """The one response that was saved."""
    (found,) = (home / ".local/state/lambdatui/responses").iterdir()
    return found
