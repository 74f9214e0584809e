"""Copying: through the terminal to the machine that it runs on (OSC 52), or into a file where that cannot be."""

from __future__ import annotations

import asyncio
import os
from base64 import b64encode
from collections.abc import Mapping
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from lambdatui.model.text import one_line, size, visible, why
from lambdatui.storage.files import private_folder, write_atomic
from lambdatui.ui.work import start

if TYPE_CHECKING:
    from pathlib import Path

    from textual.app import App

LIMIT = 74_994
"""Bytes that are copied through the terminal. Some take sequences of up to 100,000 bytes, of which base64 makes four of
three (hterm, "OSC 52"); tmux and xterm take more."""

SCREEN_PIECE = 700
"""Bytes of a sequence that GNU screen passes on at once: it holds 768 (MAXSTR), and prints what is beyond."""

FILE = "clipboard.txt"
EXCERPT = 60
"""Characters of what was copied that are said."""

_WITHOUT = ("linux", "vt", "ansi", "cons", "sun", "wyse")
"""What the names of terminals begin with that have no clipboard."""


class Way(Enum):
    """What stands between the program and the clipboard."""

    TERMINAL = "terminal"
    TMUX = "tmux"
    SCREEN = "screen"
    NONE = "none"


class Copied(NamedTuple):
    """How a text is to be copied: written to the terminal, or, where that is empty, into a file for this reason."""

    sequence: str
    reason: str = ""


def way(environment: Mapping[str, str]) -> Way:
    """By what the multiplexers say of themselves; on another machine than theirs, by the terminal's name."""
    term = environment.get("TERM", "")
    if environment.get("TMUX"):
        return Way.TMUX
    if environment.get("STY"):
        return Way.SCREEN
    if term.startswith("tmux"):
        return Way.TMUX
    if term.startswith("screen"):
        return Way.SCREEN
    return Way.NONE if term.startswith(_WITHOUT) else Way.TERMINAL


def copied(text: str, environment: Mapping[str, str]) -> Copied:
    """The way of a text to the clipboard."""
    data = visible(text).encode()
    through = way(environment)
    if through is Way.NONE:
        return Copied("", f"This terminal ({visible(environment.get('TERM', ''))}) has no clipboard")
    if len(data) > LIMIT:
        return Copied("", f"{size(len(data))} are too much for a terminal's clipboard")
    plain = f"\x1b]52;c;{b64encode(data).decode()}\x07"
    if through is Way.TMUX:
        # Wrapped, tmux hands it on to the terminal that it is shown in, if its option allow-passthrough is on; as it
        # is, tmux takes it itself where set-clipboard is. Both end at the same clipboard.
        inner = plain.replace("\x1b", "\x1b\x1b")
        return Copied(f"\x1bPtmux;{inner}\x1b\\{plain}")
    if through is Way.SCREEN:
        pieces = (plain[start : start + SCREEN_PIECE] for start in range(0, len(plain), SCREEN_PIECE))
        return Copied("".join(f"\x1bP{piece}\x1b\\" for piece in pieces))
    return Copied(plain)


def copy(app: App[Any], text: str, folder: Path) -> None:
    """Copy a text, and say where it went: what takes its place where there is no clipboard is a file in this folder."""
    found = copied(text, os.environ)
    if not found.sequence:
        start(app, partial(_save, app, text, folder, found.reason), name="save a copy", group="copy")
    elif app._driver is not None:
        app._driver.write(found.sequence)
        line = one_line(text)
        app.notify(f"Copied: {line if len(line) <= EXCERPT else line[:EXCERPT] + '…'}", markup=False)


async def _save(app: App[Any], text: str, folder: Path, reason: str) -> None:
    try:
        path = await asyncio.to_thread(_write, text, folder)
    except OSError as problem:
        said = f"{reason}, and {one_line(str(folder / FILE))} cannot be written: {why(problem)}."
        app.notify(said, title="Not copied", severity="error", timeout=10, markup=False)
    else:
        app.notify(f"{reason}. It is in {one_line(str(path))}.", title="Copied to a file", timeout=10, markup=False)


def _write(text: str, folder: Path) -> Path:
    path = private_folder(folder) / FILE
    write_atomic(path, visible(text).encode())
    return path
