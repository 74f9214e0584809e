"""The person's own editor on a text, with the terminal to itself."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import signal
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lambdatui.model.text import one_line, visible, why
from lambdatui.storage.files import private_folder, write_atomic

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from textual.app import App

    from lambdatui.ui.terminal.watchdog import Watchdog

EDITORS = ("vi", "nano", "ed")
"""What is looked for where neither VISUAL nor EDITOR says anything."""
LARGEST = 20_000_000
"""Bytes of a file that is read back."""


class EditorError(Exception):
    """The editor could not be used. `str()` is a sentence for people."""


def command(environ: Mapping[str, str]) -> list[str]:
    """The editor and its arguments, as VISUAL or EDITOR has them. No shell reads it. Raises EditorError."""
    for name in ("VISUAL", "EDITOR"):
        if chosen := environ.get(name, "").strip():
            try:
                words = shlex.split(chosen)
            except ValueError as problem:
                raise EditorError(f"{name} cannot be read: {one_line(str(problem))}. Write a program there.") from None
            if shutil.which(words[0], path=environ.get("PATH")) is None:
                raise EditorError(f"{name} names “{one_line(words[0])}”, which is not there. Set it to an editor.")
            return words
    found = next((it for it in EDITORS if shutil.which(it, path=environ.get("PATH"))), None)
    if found is None:
        raise EditorError("There is no editor: set EDITOR to one.")
    return [found]


def can_leave(app: App[Any]) -> bool:
    """Whether the terminal can be given to another program."""
    driver = app._driver
    return driver is not None and driver.can_suspend


async def edited(app: App[Any], text: str, folder: Path, suffix: str) -> str:
    """What the editor leaves of a text, which it gets as a file in a folder of its own (0700) inside `folder`.

    What is under way goes on meanwhile. Raises EditorError, and OSError where the file cannot be written.
    """
    words = command(os.environ)
    place = Path(tempfile.mkdtemp(prefix="edit-", dir=private_folder(folder)))
    try:
        file = place / f"event.{suffix}"
        write_atomic(file, text.encode("utf-8", "replace"))
        problem = ""
        with app.suspend(), _deaf(getattr(app, "watchdog", None)):
            # Textual takes the terminal again only if nothing is raised in here.
            try:
                problem = await _run([*words, str(file)])
            except OSError as refused:
                problem = f"{one_line(words[0])} could not be started: {why(refused)}."
        if problem:
            raise EditorError(problem)
        return _read(file)
    finally:
        shutil.rmtree(place, ignore_errors=True)


async def _run(words: list[str]) -> str:
    """Run the editor to its end; what went wrong, in a sentence, or nothing. Raises OSError."""
    process = await asyncio.create_subprocess_exec(*words)
    try:
        code = await process.wait()
    except asyncio.CancelledError:  # the program ends
        with suppress(ProcessLookupError):
            process.terminate()
        raise
    return f"{one_line(words[0])} ended with {code}: what is in the editor here stays as it was." if code else ""


def _read(file: Path) -> str:
    """The text of a file, safe to draw. Raises EditorError, OSError."""
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise EditorError("The file has become larger than 20 MB: it was not read.")
        return visible(data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n"))
    except UnicodeDecodeError:
        raise EditorError("The file is not UTF-8 any more: it was not read.") from None


@contextmanager
def _deaf(watchdog: Watchdog | None) -> Iterator[None]:
    """Keys that the terminal makes signals of are the editor's: it is in the same job. SIGTERM and SIGHUP still end."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGQUIT)}
    for number in before:
        signal.signal(number, _nothing)  # not SIG_IGN, which the editor would inherit
    if watchdog is not None:
        watchdog.deaf = watchdog.aside = True
    try:
        yield
    finally:
        if watchdog is not None:
            watchdog.deaf = watchdog.aside = False
        for number, handler in before.items():
            signal.signal(number, handler)


def _nothing(*_: object) -> None:
    """Take a signal."""
