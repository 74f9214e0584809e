"""Programs in a pty, and when what is to be seen of them comes."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

SIZE = (120, 36)
PATIENCE = 60.0
SETTLING = 3.0
"""Seconds that a program has to come to rest."""

Seconds = list[float]
Sign = Callable[[bytes], bool]

# Control sequences: CSI, OSC (ended by BEL or ST), and the two- and three-character ones.
_SEQUENCE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-Z\\^-~])")
_UNFINISHED = re.compile(rb"\x1b[^\x07]{0,40}\Z")
_ALTERNATE_SCREEN = b"\x1b[?1049h"


def painted(output: bytes) -> bool:
    """Whether anything has been drawn on the alternate screen: a character, a blank included, and no control."""
    _, entered, drawn = output.partition(_ALTERNATE_SCREEN)
    return bool(entered) and any(byte >= 0x20 for byte in _UNFINISHED.sub(b"", _SEQUENCE.sub(b"", drawn)))


def filled(output: bytes) -> bool:
    """Whether the last line of the screen has been drawn, too."""
    return f"\x1b[{SIZE[1]};1H".encode() in output


@contextmanager
def spawned(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[int]:
    """The descriptor of the terminal of a program, which is ended at the end."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0))
    program = subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True
    )
    os.close(slave)
    try:
        yield master
    finally:
        program.kill()
        program.wait()
        os.close(master)


def until(command: Sequence[str], environment: Mapping[str, str], *signs: Sign) -> Seconds:
    """Seconds from spawn to each sign in the output of a program, which is then ended."""
    start = time.perf_counter()
    with spawned(command, environment) as terminal:
        return [moment - start for moment in _moments(terminal, start + PATIENCE, signs)]


def _moments(terminal: int, end: float, signs: Sequence[Sign]) -> Seconds:
    output, seen = b"", Seconds()
    while len(seen) < len(signs):
        # Now and then without any output: a sign may be in a file.
        if select.select([terminal], [], [], 0.05)[0]:
            output += os.read(terminal, 65536)
        moment = time.perf_counter()
        if moment > end:
            raise SystemExit(f"Nothing of the kind within {PATIENCE:.0f} s: {output[-300:]!r}")
        while len(seen) < len(signs) and signs[len(seen)](output):
            seen.append(moment)
    return seen


def at_rest(command: Sequence[str], environment: Mapping[str, str], sign: Sign, seconds: float) -> int:
    """Bytes that a program writes in so many seconds, some time after the sign."""
    with spawned(command, environment) as terminal:
        _moments(terminal, time.perf_counter() + PATIENCE, [sign])
        _read(terminal, SETTLING)
        return _read(terminal, seconds)


def _read(terminal: int, seconds: float) -> int:
    end, count = time.perf_counter() + seconds, 0
    while (left := end - time.perf_counter()) > 0:
        if select.select([terminal], [], [], left)[0]:
            count += len(os.read(terminal, 65536))
    return count


def to_the_end(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """Seconds from spawn until the program has ended well."""
    start = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start
