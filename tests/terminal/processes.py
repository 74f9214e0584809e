"""Who is alive, as /proc tells it (Linux)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

NEEDS_PROC = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc, which Linux has")

LISTENING = "0A"  # the state TCP_LISTEN in /proc/net/tcp, include/net/tcp_states.h


@dataclass(frozen=True)
class Process:
    """A process that is not a zombie. Equal only to itself: a pid that was given away again started at another time."""

    pid: int
    started: int
    """Clock ticks after boot."""

    @property
    def command(self) -> str:
        """Its command line, empty once it has ended."""
        try:
            return Path(f"/proc/{self.pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            return ""


def _all() -> Iterator[tuple[Process, int]]:
    """Every process, with its parent's pid."""
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                # After the name in brackets: state, parent, … and, as the 20th, the start time. See proc(5).
                fields = Path(entry.path, "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] not in "ZX":
                yield Process(int(entry.name), int(fields[19])), int(fields[1])


def descendants(pid: int) -> set[Process]:
    """The processes below this one, at any depth."""
    children: dict[int, list[Process]] = {}
    for process, parent in _all():
        children.setdefault(parent, []).append(process)
    found: set[Process] = set()
    waiting = [pid]
    while waiting:
        below = children.get(waiting.pop(), [])
        found.update(below)
        waiting += [process.pid for process in below]
    return found


def program_in(session: int) -> Process:
    """The program that a shell has started: the only process right below it."""
    (found,) = [process for process, parent in _all() if parent == session]
    return found


def alive(processes: Iterable[Process]) -> set[Process]:
    """Those that still run."""
    return set(processes) & {process for process, _ in _all()}


def belonging_to(folder: Path) -> set[Process]:
    """The processes that know this folder from their environment or work in it, whoever their parent is now."""
    mark = str(folder).encode()
    found = set()
    for process, _ in _all():
        try:
            environment = Path(f"/proc/{process.pid}/environ").read_bytes()
            place = os.fsencode(Path(f"/proc/{process.pid}/cwd").readlink())
        except OSError:
            continue
        if mark in environment or place.startswith(mark):
            found.add(process)
    return found


def remains(home: Path, processes: Iterable[Process], *, shell: int) -> list[str]:
    """What is left of a program that had this home and these processes; the shell that it was started from is not."""
    left = alive(processes) | {process for process in belonging_to(home) if process.pid != shell}
    return [f"{process.pid} {process.command}" for process in left] + [path.name for path in (home / "tmp").iterdir()]


def listening_ports(pid: int) -> set[int]:
    """The TCP ports of this machine (IPv4) on which the process takes connections; none once it has ended."""
    sockets = set()
    try:
        descriptors = [*Path(f"/proc/{pid}/fd").iterdir()]
        connections = Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]
    except OSError:
        return set()
    for descriptor in descriptors:
        try:
            target = str(descriptor.readlink())
        except OSError:
            continue
        if target.startswith("socket:["):
            sockets.add(target[len("socket:[") : -1])
    ports = set()
    for line in connections:
        fields = line.split()
        if fields[3] == LISTENING and fields[9] in sockets:
            ports.add(int(fields[1].rpartition(":")[2], 16))
    return ports
