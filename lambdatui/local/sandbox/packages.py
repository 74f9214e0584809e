"""Where code lies and environments live, below the run folder."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import TypeVar

from lambdatui.local.execution import NotRunnable, Program
from lambdatui.local.sandbox.runtimes import Runtimes
from lambdatui.local.sandbox.stragglers import Stragglers
from lambdatui.local.warden import Warden

UNPACKED_LIMIT = 262_144_000
"""Bytes of a function's code with its layers, unpacked (AWS Lambda quotas: 250 MB)."""

UNUSED_KEPT = 16
"""Unpacked packages that no environment uses any more, kept for the next cold start."""

_UNREADABLE = "Could not unzip uploaded file. Please check your file, then try to upload again."
_TOO_LARGE = f"Unzipped size must be smaller than {UNPACKED_LIMIT} bytes"

_T = TypeVar("_T")


@dataclass(eq=False)
class _Unpacked:
    """A folder with the contents of some zips, one over the other."""

    folder: Path
    ready: asyncio.Future[None]
    users: int = 0


@dataclass(frozen=True)
class Package:
    """A function's code and its layers, unpacked; to be given back."""

    task: Path
    layers: Path
    keys: tuple[str, ...]


class Workspace:
    """Where code lies and environments live, shared by all environments. It belongs to one event loop once in use."""

    def __init__(self, folder: Path, *, endpoint_url: str, warden: Warden | None = None) -> None:
        """`folder` is the run folder. `endpoint_url` is what functions find AWS at."""
        self.folder = folder.resolve() / "functions"
        self.endpoint_url = endpoint_url
        self.warden = warden
        self.stragglers = Stragglers()
        self.runtimes = Runtimes(self.folder / "runtime")
        self._unpacked: dict[str, _Unpacked] = {}
        self._threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="workspace")

    async def run(self, work: Callable[[], _T]) -> _T:
        """Do something with the disk, off the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def get(self, program: Program) -> Package:
        """The program's code and layers, unpacked if nobody has yet. Raises NotRunnable for a zip that cannot be."""
        keys = await self.run(lambda: (_key([program.code]), _key(program.layers)))
        task = await self._get(keys[0], [program.code])
        try:
            layers = await self._get(keys[1], program.layers)
        except BaseException:
            self._give_back(keys[0])
            raise
        return Package(task, layers, keys)

    def give_back(self, package: Package) -> None:
        """The package is no longer used by whoever got it."""
        for key in package.keys:
            self._give_back(key)

    async def home(self) -> Path:
        """A new folder for an environment's HOME and, in it as `tmp`, its temporary files."""
        return await self.run(self._make_home)

    async def remove(self, folder: Path) -> None:
        """Delete a folder with all that is in it."""
        await self.run(lambda: shutil.rmtree(folder, ignore_errors=True))

    def _make_home(self) -> Path:
        homes = self.folder / "homes"
        homes.mkdir(mode=0o700, parents=True, exist_ok=True)
        home = Path(tempfile.mkdtemp(prefix="", dir=homes))
        (home / "tmp").mkdir(mode=0o700)
        return home

    async def _get(self, key: str, zips: Sequence[bytes]) -> Path:
        unpacked = self._unpacked.pop(key, None)
        if unpacked is None:
            folder = self.folder / "code" / key
            ready = asyncio.ensure_future(self.run(lambda: unpack(zips, folder)))
            ready.add_done_callback(lambda done: done.cancelled() or done.exception())  # who waits may have gone
            unpacked = _Unpacked(folder, ready)
        self._unpacked[key] = unpacked  # the one that was last used is the last
        unpacked.users += 1
        try:
            await asyncio.shield(unpacked.ready)
        except BaseException:
            self._give_back(key)
            raise
        return unpacked.folder

    def _give_back(self, key: str) -> None:
        unpacked = self._unpacked[key]
        unpacked.users -= 1
        unused = [key for key, each in self._unpacked.items() if not each.users and each.ready.done()]
        broken = [key for key in unused if self._unpacked[key].ready.exception() is not None]
        for old in {*unused[: max(0, len(unused) - UNUSED_KEPT)], *broken}:
            folder = self._unpacked.pop(old).folder
            # At once out of the way of whoever unpacks it again.
            trash = folder.with_name(f"{folder.name}.{os.urandom(4).hex()}")
            if folder.exists():
                folder.rename(trash)
                self._threads.submit(shutil.rmtree, trash, ignore_errors=True)


def unpack(zips: Sequence[bytes], folder: Path) -> None:
    """Unpack zips one over the other into a new folder. Raises NotRunnable, and leaves nothing then."""
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix="new-", dir=folder.parent)).resolve()
    room = UNPACKED_LIMIT
    try:
        for content in zips:
            room = _unpack_into(unfinished, content, room)
        unfinished.rename(folder)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError) as problem:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise NotRunnable(_UNREADABLE) from problem
    except OSError as problem:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise NotRunnable(f"The code could not be unpacked: {problem.strerror}.") from problem
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def _unpack_into(root: Path, content: bytes, room: int) -> int:
    links: list[tuple[Path, str]] = []
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for member in archive.infolist():
            target = _target(root, member.filename)
            mode = member.external_attr >> 16 if member.create_system == 3 else 0  # 3: Unix; else no mode is in it
            if member.is_dir():
                target.mkdir(mode=0o755, parents=True, exist_ok=True)
                continue
            if stat.S_ISLNK(mode):
                links.append((target, os.fsdecode(archive.read(member))))
                continue
            _make_way(root, target)
            with archive.open(member) as source, target.open("wb") as copy:
                while piece := source.read(1 << 20):
                    room -= len(piece)
                    if room < 0:
                        raise NotRunnable(_TOO_LARGE)
                    copy.write(piece)
            target.chmod((stat.S_IMODE(mode) & 0o777 or 0o644) | 0o600)
    for link, text in links:  # after the files: none is written through them
        _make_way(root, link)
        link.symlink_to(text)
    return room


def _target(root: Path, name: str) -> Path:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise zipfile.BadZipFile(f"a member outside of the folder: {name!r}")
    return root / path


def _make_way(root: Path, target: Path) -> None:
    """Have the folder there, and nothing in the place. A link of an earlier layer may lead elsewhere."""
    target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    if not target.parent.resolve().is_relative_to(root):
        raise zipfile.BadZipFile(f"a member behind a link: {target.name!r}")
    if target.is_symlink() or target.is_file():
        target.unlink()


def _key(zips: Sequence[bytes]) -> str:
    digest = hashlib.sha256()
    for content in zips:
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()[:24]
