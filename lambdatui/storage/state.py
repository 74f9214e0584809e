"""What the program remembers from one session to the next: filters, pins, recents, the theme. One small JSON file."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from lambdatui.model.json_text import visible_json
from lambdatui.model.text import one_line, why
from lambdatui.storage.files import locked_folder, private_folder, write_atomic

LARGEST = 2_000_000
"""Bytes of a file that is read: what is larger is not ours."""
MOST_KEYS = 200
"""Keys of one section: those that were put last."""
LARGEST_VALUE = 100_000
"""Characters of one value as JSON."""
SOON = 0.3
"""Seconds in which what is put is written together."""


class State:
    """Values by section and key. Reading costs one small file; writing happens in a thread, a moment later.

    Two instances lose nothing of each other: what is written is the file as it is by then, with this one's changes.
    A file that cannot be read is set aside, and `problem` says so.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values: dict[str, dict[str, Any]] | None = None
        self._changes: dict[tuple[str, str], Any] = {}
        self._writing: asyncio.Task[None] | None = None
        self._ending = asyncio.Event()
        self.problem = ""
        """What to tell a person once, in a sentence: what was remembered is lost, or cannot be written."""

    def get(self, section: str, key: str) -> Any:
        """The value (of JSON's types, texts made safe), or None."""
        return self._known().get(section, {}).get(key)

    def put(self, section: str, key: str, value: Any) -> None:
        """Remember a value; None forgets it. Only within a running event loop; ValueError where it is too large."""
        if len(json.dumps(value)) > LARGEST_VALUE:
            raise ValueError(f"{section} {key}: that is too much to remember")
        if self.get(section, key) == value:
            return
        _apply(self._known(), {(section, key): value})
        self._changes.pop((section, key), None)  # so that it comes last, as the newest
        self._changes[section, key] = value
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_soon(), name="remember")

    def _known(self) -> dict[str, dict[str, Any]]:
        if self._values is None:
            self._values = self._read()
        return self._values

    async def aclose(self) -> None:
        """Write what is not written yet."""
        self._ending.set()
        if self._writing is not None:
            # Not cancelled: its thread would go on, and might put older values over those that are written after it.
            await asyncio.wait([self._writing])
        await self._write()

    async def _write_soon(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(SOON):
                await self._ending.wait()
        await self._write()

    async def _write(self) -> None:
        while self._changes:
            changes, self._changes = self._changes, {}
            try:
                await asyncio.to_thread(self._merge, changes)
            except OSError as problem:
                self.problem = f"What is remembered cannot be written to {_named(self._path)}: {why(problem)}."

    def _merge(self, changes: Mapping[tuple[str, str], Any]) -> None:
        private_folder(self._path.parent)
        with locked_folder(self._path.parent):
            values = self._read()
            _apply(values, changes)
            write_atomic(self._path, json.dumps({"version": 1, "sections": values}).encode())

    def _read(self) -> dict[str, dict[str, Any]]:
        """What the file has; nothing where there is none, or one that is not ours."""
        try:
            with self._path.open("rb") as file:
                data = file.read(LARGEST + 1)
        except FileNotFoundError:
            return {}
        except OSError as problem:
            self.problem = f"What is remembered cannot be read from {_named(self._path)}: {why(problem)}."
            return {}
        try:
            return _parsed(data)
        except (ValueError, RecursionError):
            self._set_aside()
            return {}

    def _set_aside(self) -> None:
        aside = self._path.with_name(f"{self._path.stem}.corrupt.json")
        with contextlib.suppress(OSError):
            self._path.replace(aside)
        self.problem = f"What was remembered could not be read. The file is set aside as {_named(aside)}."


def _parsed(data: bytes) -> dict[str, dict[str, Any]]:
    """The sections of a file's content. Raises ValueError."""
    if len(data) > LARGEST:
        raise ValueError("too large")
    whole = json.loads(data)
    sections = whole.get("sections") if isinstance(whole, dict) else None
    if not isinstance(sections, dict) or not all(isinstance(values, dict) for values in sections.values()):
        raise ValueError("no sections")
    safe: dict[str, dict[str, Any]] = visible_json(sections)
    return safe


def _apply(values: dict[str, dict[str, Any]], changes: Mapping[tuple[str, str], Any]) -> None:
    for (section, key), value in changes.items():
        found = values.setdefault(section, {})
        found.pop(key, None)  # so that it comes last, as the newest
        if value is not None:
            found[key] = value
        while len(found) > MOST_KEYS:
            del found[next(iter(found))]


def _named(path: Path) -> str:
    return one_line(str(path))
