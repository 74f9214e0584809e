"""The folders that events are in, and whether what is in them may be trusted.

Of the project: the nearest folder called `.lambdatui`, and the nearest folder called `events` beside one of the files
that SAM makes (or beside `.lambdatui`), each from the working directory upwards to the root of the file system, as git
looks for its own. On a machine with other people on it a folder above may be anybody's (`/tmp/.lambdatui`): one that
everybody may write to, or that belongs neither to this user nor to root nor to whom the working directory belongs, is
left out, and that is said.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from lambdatui.model.saved_events import EventPlace
from lambdatui.model.text import one_line

FOLDER = ".lambdatui"
ENDINGS = (".yaml", ".yml", ".json")
_MARKERS = ("template.yaml", "template.yml", "samconfig.toml", FOLDER)


class Folder(NamedTuple):
    """A folder of events."""

    place: EventPlace
    path: Path
    root: Path
    """What its files may not lie outside of, however they are linked."""
    endings: tuple[str, ...] = ENDINGS


class Folders(NamedTuple):
    """Where the events of a function may be, the first one first; and sentences about those that are left out."""

    folders: list[Folder]
    problems: list[str]


def folders_of(function: str, working_directory: Path, data_dir: Path) -> Folders:
    """The folders of a function whose name was checked; they need not exist, but for SAM's. Raises OSError."""
    start = Path(os.path.abspath(working_directory))  # noqa: PTH100 -- without following links: `..` is where one came from
    owner = _owner(start)
    folders, problems = [], []
    for title, base, root in _of_project(start):
        path = base / "events" / function if title == "project" else base
        if why := _untrusted(path, root, owner):
            problems.append(why)
        else:
            endings = (".json",) if title == "events" else ENDINGS
            folders.append(Folder(EventPlace(title, one_line(str(path))), path, root, endings))
    path = data_dir / "events" / function
    folders.append(Folder(EventPlace("yours", one_line(str(path))), path, data_dir))
    return Folders(folders, problems)


def _of_project(start: Path) -> Iterator[tuple[str, Path, Path]]:
    """Title, folder and the project's root."""
    above = [start, *start.parents]
    for root in above:
        if _is_folder(root / FOLDER):
            yield "project", root / FOLDER, root
            break
    for root in above:
        if _is_folder(root / "events") and any(os.path.lexists(root / name) for name in _MARKERS):
            yield "events", root / "events", root
            break


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _owner(path: Path) -> int:
    try:
        return path.stat().st_uid
    except OSError:
        return os.geteuid()


def _untrusted(path: Path, root: Path, owner: int) -> str:
    """A sentence that says why a folder below a project's root is left out, or ""."""
    if not inside(path, root):
        return f"{one_line(str(path))} leads out of {one_line(str(root))}: the events in it are left out."
    for folder in (path, *path.parents):
        if folder == root:
            break
        try:
            found = folder.stat()
        except OSError:
            continue
        if stat.S_IMODE(found.st_mode) & stat.S_IWOTH:
            return f"Everybody may write to {one_line(str(folder))}: the events in it are left out."
        if found.st_uid not in {0, os.geteuid(), owner}:
            return f"{one_line(str(folder))} belongs to another user: the events in it are left out."
    return ""


def inside(path: Path, root: Path) -> bool:
    """Whether a path, its links followed, is below a folder."""
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))
