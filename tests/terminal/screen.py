"""`Terminal`: the real program in a real pty, with a screen that is read as a person reads it."""

from __future__ import annotations

import copy
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import pyte

Size = tuple[int, int]
"""Columns and rows."""

PATIENCE = 30.0
"""Seconds after which a test gives up on something that is to happen; on a busy machine a start takes a few."""

ALTERNATE_SCREEN = 1049
# What a program may switch on and has to switch off again (xterm's control sequences, "DEC Private Mode Set").
REPORTING = {1000: "mouse", 1002: "mouse drags", 1003: "mouse moves", 1004: "focus", 1006: "mouse", 1015: "mouse",
             2004: "bracketed paste", 2048: "sizes"}  # fmt: skip
CURSOR, WRAP = 25, 7

# The leader of the session stays, as the shell from which the program was started does: when a leader ends, the kernel
# resets the terminal, and nobody could tell what the program had left behind.
_SHELL = 'trap : INT; printf "%s\\n" "\\$ started"; "$@"; printf "[exit %d]\\n" $?; read -r _'


class _Screen(pyte.Screen):
    """pyte's screen, and the alternate one that it lacks."""

    main: tuple[Any, Any] | None = None

    def __init__(self, columns: int, lines: int) -> None:
        super().__init__(columns, lines)
        for name in set(pyte.Stream.csi.values()):
            setattr(self, name, _bearing(getattr(self, name)))

    def set_mode(self, *modes: int, **how: Any) -> None:
        if how.get("private") and ALTERNATE_SCREEN in modes and self.main is None:
            self.main = (copy.deepcopy(self.buffer), copy.copy(self.cursor))
            self.erase_in_display(2)
        super().set_mode(*modes, **how)

    def reset_mode(self, *modes: int, **how: Any) -> None:
        super().reset_mode(*modes, **how)
        if how.get("private") and ALTERNATE_SCREEN in modes and self.main is not None:
            self.buffer, self.cursor = self.main
            self.main = None


def _bearing(act: Callable[..., None]) -> Callable[..., None]:
    """What a terminal does for an order; nothing where it has other numbers than it may have.

    A program that was killed in the middle of an order leaves it to the first letter of what is written next.
    """

    def act_if_possible(*numbers: int, **how: Any) -> None:
        with suppress(TypeError, UnboundLocalError):
            act(*numbers, **how)

    return act_if_possible


class Terminal:
    """A program started from a shell in a pty, and the screen that it draws."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], size: Size = (120, 36)) -> None:
        self.written = b""
        """All that came out so far."""
        self.stalled = False
        """Whether nobody reads what the program writes."""
        self._screen = _Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self.master, self._slave = os.openpty()
        self.resize(size)
        self._settings_before = termios.tcgetattr(self._slave)
        self._shell = subprocess.Popen(
            ["/bin/sh", "-c", _SHELL, "sh", *command],
            stdin=self._slave, stdout=self._slave, stderr=self._slave,
            env=dict(environment), start_new_session=True, preexec_fn=_take_the_terminal,
        )  # fmt: skip

    # What a person sees -----------------------------------------------------------------------------------------

    @property
    def lines(self) -> list[str]:
        """The screen, line by line, without blanks at the ends."""
        rows = (self._screen.buffer[number] for number in range(self._screen.lines))
        # The second half of a wide character is empty; pyte's own `display` fails where that has lost its first one.
        return ["".join(row[column].data for column in range(self._screen.columns)).rstrip() for row in rows]

    @property
    def text(self) -> str:
        """The screen."""
        return "\n".join(self.lines)

    @property
    def alternate(self) -> bool:
        """Whether the alternate screen is shown."""
        return self._screen.main is not None

    def modes(self) -> dict[int, bool]:
        """The private modes that were ever switched, and whether they are on now."""
        found = {}
        for numbers, letter in re.findall(rb"\x1b\[\?([\d;]+)([hl])", self.written):
            found.update(dict.fromkeys(map(int, numbers.split(b";")), letter == b"h"))
        return found

    def assert_settings_restored(self) -> None:
        """The terminal echoes again, edits lines, and makes signals of ctrl+c."""
        assert termios.tcgetattr(self._slave) == self._settings_before

    def assert_restored(self) -> None:
        """Nothing but the prompt tells that a full-screen program has run."""
        self.assert_settings_restored()
        modes = self.modes()
        assert modes[ALTERNATE_SCREEN] is False
        assert [name for number, name in REPORTING.items() if modes.get(number)] == []
        assert (modes[CURSOR], modes.get(WRAP, True)) == (True, True)
        assert self.lines[0] == "$ started"
        assert self.lines[1].startswith("[exit "), self.text
        assert not any(self.lines[2:]), self.text

    # What a person does -----------------------------------------------------------------------------------------

    def press(self, keys: str | bytes) -> None:
        """Send what the keys send."""
        data = keys.encode() if isinstance(keys, str) else keys
        assert os.write(self.master, data) == len(data)

    def send(self, data: bytes, within: float = PATIENCE) -> None:
        """Send bytes as fast as the program takes them, and read what it writes meanwhile."""
        deadline = time.monotonic() + within
        while data:
            assert time.monotonic() < deadline, f"not taken within {within:.0f} s: {data[:100]!r}"
            self._read(0)
            # A raw terminal takes 4,095 bytes that are not read yet, and loses or blocks what is more.
            if select.select([], [self.master], [], 0.05)[1]:
                data = data[os.write(self.master, data[:256]) :]

    def resize(self, size: Size) -> None:
        """Give the window other columns and rows; the kernel tells the program."""
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self._screen.resize(size[1], size[0])

    def paste(self, text: str | bytes) -> None:
        """Send what a terminal sends for a paste, bracketed as the program has asked for."""
        assert self.modes()[2004]
        self.press(b"\x1b[200~" + (text.encode() if isinstance(text, str) else text) + b"\x1b[201~")

    def stall(self, keys: str) -> None:
        """Read no more, as a line that is dead; press keys until nothing more goes in, and as often again."""
        self.stalled = True
        pressed = 0
        while select.select([], [self._slave], [], 0.01)[1]:
            self.press(keys)
            pressed += 1
        for _ in range(max(pressed, 100)):
            self.press(keys)

    def hang_up(self) -> None:
        """Close the window: the kernel sends SIGHUP to what runs in it."""
        os.close(self._slave)
        os.close(self.master)
        self.master = self._slave = -1

    # Waiting ----------------------------------------------------------------------------------------------------

    def wait_for(self, what: str | Callable[[], object], within: float = PATIENCE) -> str:
        """Read until the screen has this text, or this is true; returns the screen. Fails with what is on it."""
        met = what if callable(what) else lambda: what in self.text
        deadline = time.monotonic() + within
        while not met():
            left = deadline - time.monotonic()
            assert left > 0, f"not within {within:.0f} s: {what}; on the screen was:\n{self.text}"
            self._read(min(left, 0.05))
        return self.text

    def wait_for_exit(self, within: float = PATIENCE) -> int:
        """Read until the shell is back; returns the exit code that it saw."""
        self.wait_for(lambda: re.search(rb"\[exit \d+\]\r\n", self.written), within)
        return int(re.findall(rb"\[exit (\d+)\]\r\n", self.written)[-1])

    def quiet(self, seconds: float, within: float = PATIENCE) -> None:
        """Read until nothing has come for so long."""
        deadline = time.monotonic() + within
        while self._read(seconds):
            assert time.monotonic() < deadline, f"still writing after {within:.0f} s: {self.written[-500:]!r}"

    def _read(self, seconds: float) -> bytes:
        """What comes within that time, at once when it comes."""
        ready, _, _ = select.select([self.master] if self.master >= 0 and not self.stalled else [], [], [], seconds)
        data = os.read(self.master, 65536) if ready else b""
        self.written += data
        self._stream.feed(data)
        return data

    # ------------------------------------------------------------------------------------------------------------

    @property
    def shell(self) -> int:
        """The pid of the shell, which leads the session."""
        return self._shell.pid

    def close(self) -> None:
        """End whatever is left of the session."""
        if self.master >= 0:
            self.hang_up()
        try:
            self._shell.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self._shell.pid, signal.SIGKILL)
            self._shell.wait()


def _take_the_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # the suite itself may run under nohup
