"""`EventStore`: saved events as files that people can read, share and edit by hand."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

from lambdatui.model.invocations import InvocationType, check_context, check_payload
from lambdatui.model.saved_events import EventError, Events, SavedEvent, Variable, check_function, check_name
from lambdatui.model.text import one_line, visible, why
from lambdatui.model.variables import check_variable, masked
from lambdatui.storage.event_files import LARGEST, parsed
from lambdatui.storage.event_parts import lines, safe_json
from lambdatui.storage.event_places import Folder, folders_of, inside
from lambdatui.storage.event_text import TextFault, as_json
from lambdatui.storage.event_writing import changed_content, new_content, plain_content
from lambdatui.storage.files import locked_folder, private_folder, sweep, sync_folder, write_atomic

__all__ = ["EventError", "EventStore", "Events"]

MOST = 1_000
"""Files of one folder that are listed."""

_Stamp: TypeAlias = tuple[int, int, int, int]
_Sentences: TypeAlias = list[str]


class EventStore:
    """The events of functions, from the project and from the user's own folder. Methods block: call them in a thread.

    What a person wrote is never moved or deleted by itself: a file that cannot be read is listed with what is wrong.
    """

    def __init__(self, working_directory: Path, data_dir: Path) -> None:
        self._start = working_directory
        self._data = data_dir
        self._known: dict[Path, tuple[_Stamp, SavedEvent]] = {}
        self._paths: dict[str, Path] = {}
        """Paths by how they are shown."""
        self._roots: dict[Path, Path] = {}
        """What a path may not lie outside of, however it is linked."""

    def list(self, function: str) -> Events:
        """All events of a function, broken ones too. Raises EventError for what is no function's name."""
        if wrong := check_function(function):
            raise EventError(wrong)
        folders, problems = folders_of(function, self._start, self._data)
        saved: list[SavedEvent] = []
        for folder in folders:
            saved += self._in(folder, problems)
        # What was read of other functions may be gigabytes.
        paths = [self._path(event) for event in saved]
        self._known = {path: it for path in paths if (it := self._known.get(path)) is not None}
        return Events(saved, [folder.place for folder in folders], problems)

    def save(self, function: str, event: SavedEvent, *, over: SavedEvent | None) -> SavedEvent:
        """The event as it is in its file now. Over the one that it was read from, or, without one, as a new file.

        Where nothing is different, nothing is written. Raises EventError or OSError; then no file has changed.
        """
        event = _tidy(event)
        _check(event)
        if over is not None and over.file and over.name == event.name and (event.plain or not self._only_payload(over)):
            return self._save_over(event, over)
        if wrong := check_function(function) or check_name(event.name):
            raise EventError(wrong)
        return self._save_new(self._writable(function), event)

    def delete(self, event: SavedEvent) -> None:
        """Delete the event's file. Raises EventError where somebody changed it since it was read, or OSError."""
        path = self._path(event)
        with locked_folder(path.parent):
            self._unchanged(path, event)
            path.unlink()
            sync_folder(path.parent)

    # Reading ----------------------------------------------------------------------------------------------------

    def _in(self, folder: Folder, problems: _Sentences) -> Sequence[SavedEvent]:
        try:
            paths = sorted(
                path for path in folder.path.iterdir() if path.suffix.lower() in folder.endings and path.name[0] != "."
            )
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as problem:
            problems.append(f"{folder.place.folder} cannot be read: {why(problem)}.")
            return []
        if len(paths) > MOST:
            problems.append(f"{folder.place.folder} has {len(paths):,} files: the first {MOST:,} are listed.")
        return [self._read(folder, path) for path in paths[:MOST]]

    def _read(self, folder: Folder, path: Path) -> SavedEvent:
        shown = one_line(str(path))
        self._paths[shown], self._roots[path] = path, folder.root
        try:
            stamp = _stamp(path)
            known = self._known.get(path)
            if known and known[0] == stamp:
                return replace(known[1], place=folder.place)
            event = _event(path, _content(path, folder.root))
        except TextFault as fault:
            return SavedEvent(one_line(path.stem), "", place=folder.place, file=shown, problem=str(fault))
        except OSError as problem:
            return SavedEvent(one_line(path.stem), "", place=folder.place, file=shown, problem=why(problem))
        event = replace(event, place=folder.place, file=shown)
        self._known[path] = (stamp, event)
        return event

    def _path(self, event: SavedEvent) -> Path:
        return self._paths.get(event.file, Path(event.file))

    # Writing ----------------------------------------------------------------------------------------------------

    def _only_payload(self, over: SavedEvent) -> bool:
        return self._path(over).suffix.lower() == ".json"

    def _writable(self, function: str) -> Folder:
        folders, _ = folders_of(function, self._start, self._data)
        return next(it for it in folders if it.place.title in ("project", "yours"))

    def _save_new(self, folder: Folder, event: SavedEvent) -> SavedEvent:
        content = plain_content(event) if event.plain and event.language == "json" else new_content(event)
        _fits(content)
        if folder.place.title == "yours":
            private_folder(folder.path)
        else:
            folder.path.mkdir(parents=True, exist_ok=True)
        path = folder.path / f"{event.name}{'.json' if event.plain and event.language == 'json' else '.yaml'}"
        with locked_folder(folder.path):
            sweep(folder.path)
            for ending in folder.endings:
                if os.path.lexists(folder.path / f"{event.name}{ending}"):
                    raise EventError(f"There is an event {event.name} already, in {folder.place.folder}.")
            write_atomic(path, content)
        return self._saved(path, content, replace(event, place=folder.place))

    def _save_over(self, event: SavedEvent, over: SavedEvent) -> SavedEvent:
        path = self._path(over)
        written = self._written(path, over)
        with locked_folder(written.parent):
            data = self._unchanged(path, over)
            try:
                was = parsed(over.name, data, yaml=path.suffix.lower() != ".json")
            except TextFault as fault:
                raise EventError(f"{over.file} cannot be read ({fault}): save it under another name.") from None
            if replace(was.event, place=None, file="", language="") == replace(
                event, place=None, file="", language="", problem="", digest=was.event.digest
            ):
                return over
            whole = path.suffix.lower() == ".json"
            content = plain_content(event) if whole else changed_content(was, event, data)
            _fits(content)
            sweep(written.parent)
            write_atomic(written, content)
        return self._saved(path, content, replace(event, place=over.place))

    def _written(self, path: Path, event: SavedEvent) -> Path:
        """The file that a path leads to. Raises EventError where that is not below the folder that it is of."""
        if not path.is_symlink():
            return path
        root = self._roots.get(path)
        if root is None or not inside(path, root):
            raise EventError(f"{event.file} is a link that leads elsewhere: save it under another name.")
        return path.resolve()

    def _unchanged(self, path: Path, event: SavedEvent) -> bytes:
        """The content of a file as it was when it was read. Raises EventError, OSError."""
        try:
            data = _content(path)
        except FileNotFoundError:
            raise EventError(f"Somebody deleted {event.file} meanwhile: save it under another name.") from None
        except TextFault as fault:
            if event.problem:
                return b""
            raise EventError(f"{event.file} cannot be read any more: {fault}.") from None
        if not event.problem and sha256(data).hexdigest() != event.digest:
            raise EventError(f"Somebody changed {event.file} meanwhile: open it again, or save under another name.")
        return data

    def _saved(self, path: Path, content: bytes, event: SavedEvent) -> SavedEvent:
        shown = one_line(str(path))
        self._paths[shown] = path
        self._known.pop(path, None)
        return replace(_event(path, content), place=event.place, file=shown)


def _event(path: Path, data: bytes) -> SavedEvent:
    return parsed(one_line(path.stem), data, yaml=path.suffix.lower() != ".json").event


def _content(path: Path, root: Path | None = None) -> bytes:
    """A file's bytes, at most one more than are allowed. Raises TextFault where it is no file below `root`, OSError."""
    if root is not None and not inside(path, root):
        raise TextFault("a link that leads out of its project")
    # Not blocking: opening a named pipe would wait for somebody to write to it.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise TextFault("not a regular file")
        return file.read(LARGEST + 1)


def _stamp(path: Path) -> _Stamp:
    """What changes with a file. Raises TextFault where it is no file, OSError."""
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise TextFault("not a regular file")
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _tidy(event: SavedEvent) -> SavedEvent:
    """The event as it will be read: lines end with a newline, and nothing is in it that cannot be seen."""
    text = lines(event.text)
    text = safe_json(text) if event.language == "json" else visible(text)
    return replace(
        event,
        text=text if text.strip() else "",
        description=visible(lines(event.description)).strip("\n"),
        qualifier=one_line(event.qualifier),
        client_context=safe_json(lines(event.client_context)).strip(),
        variables=tuple(
            Variable(it.name, it.default and visible(lines(it.default)).removesuffix("\n")) for it in event.variables
        ),
    )


def _check(event: SavedEvent) -> None:
    """Raise EventError for what could not be read again."""
    try:
        text = masked(event.text, event.declared)
        fault = check_payload(as_json(text) if event.language == "yaml" else text)
    except TextFault as wrong:
        raise EventError(f"The payload is no {event.language.upper()}: {wrong}.") from None
    if fault:
        raise EventError(f"The payload is no {event.language.upper()}: {fault}.")
    if event.kind and event.kind not in set(InvocationType):
        raise EventError(f"There is no invocation type {one_line(event.kind)}.")
    if fault := check_context(masked(event.client_context, event.declared)):
        raise EventError(f"The client context is no JSON: {fault}.")
    for variable in event.variables:
        if refused := check_variable(variable.name):
            raise EventError(f"{one_line(variable.name)}: {refused}.")


def _fits(content: bytes) -> None:
    if len(content) > LARGEST:
        raise EventError("The file would have more than 6 MB.")
