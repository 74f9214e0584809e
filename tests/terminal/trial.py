"""`Trial`: the real program in a home of its own, ended at some moment by some means, and what is wrong after that."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

from tests.terminal.conftest import surroundings_in
from tests.terminal.processes import Process, alive, belonging_to, descendants
from tests.terminal.screen import ALTERNATE_SCREEN, CURSOR, REPORTING, WRAP, Size, Terminal

AT_MOST = 3.0
"""Seconds from the end's cause to nothing being left."""
PATIENCE = 60.0
"""Seconds for everything before that: a machine may be busy."""

# A wrapper outlives the hang-up, so that the program's code can be asked; nohup's program inherits that it is ignored.
_CODE_OF = {
    "": "trap : HUP TERM INT QUIT; \"$@\"; echo $? >\"$HOME/code\"",
    "nohup": "trap '' HUP; trap : TERM INT QUIT; \"$@\"; echo $? >\"$HOME/code\"",
}  # fmt: skip


class Trial:
    """One start of the program. As a context it leaves nothing behind, whatever failed in it."""

    def __init__(
        self,
        *arguments: str,
        module: str = "lambdatui",
        via: str = "",
        program: str = "",
        size: Size = (120, 36),
        environment: Mapping[str, str] = {},
        inside: bool = False,
    ) -> None:
        """`via`: "nohup", or nothing. `program`: another than ours, a shell in which ours is started.

        `environment` comes on top of the usual one; `inside`: the program is started in its home.
        """
        self.home = Path(tempfile.mkdtemp(prefix="trial-"))
        for name in ("tmp", "runtime"):
            (self.home / name).mkdir(mode=0o700)
        surroundings = surroundings_in(self.home) | {"XDG_RUNTIME_DIR": str(self.home / "runtime")} | dict(environment)
        started = [program] if program else [sys.executable, "-m", module]
        command = [*started, *arguments] if program else ["/bin/sh", "-c", _CODE_OF[via], "sh", *started, *arguments]
        self._module = module
        if inside:
            command = ["/bin/sh", "-c", 'cd "$HOME" && exec "$@"', "sh", *command]
        self.terminal = Terminal(command, surroundings, size)
        self.processes: set[Process] = set()
        self._caused = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.processes |= belonging_to(self.home) | descendants(self.terminal.shell)
        self.terminal.close()
        for process in alive(self.processes | belonging_to(self.home)):
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
        shutil.rmtree(self.home, ignore_errors=True)

    def program(self) -> Process:
        """Its process, as soon as Python has been started in it."""
        found: list[Process] = []

        def there() -> bool:
            found[:] = [
                process
                for process in descendants(self.terminal.shell)
                if process.command.startswith(f"{sys.executable} -m {self._module}")
            ]
            return bool(found)

        self.terminal.wait_for(there, PATIENCE)
        return found[0]

    def wait_for(self, what: str | Callable[[], object]) -> None:
        """Until this is on screen, or true."""
        self.terminal.wait_for(what, PATIENCE)

    def read_for(self, seconds: float) -> None:
        """Go on reading for a while."""
        until = time.monotonic() + seconds
        self.wait_for(lambda: time.monotonic() >= until)

    def journal(self) -> list[dict[str, str]]:
        """The lines of the audit journal; raises ValueError where one is not whole."""
        file = self.home / ".local/state/lambdatui/audit.jsonl"
        text = file.read_text() if file.exists() else ""
        if text and not text.endswith("\n"):
            raise ValueError(f"a line without an end: {text[-80:]!r}")
        return [json.loads(line) for line in text.splitlines()]

    def cause(self, end: Callable[[], object]) -> None:
        """What ends the program, from which the time counts."""
        self.processes |= descendants(self.terminal.shell)
        self._caused = time.monotonic()
        end()

    def signal(self, *numbers: int) -> None:
        """End it with these, one right after the other."""
        pid = self.program().pid
        self.cause(lambda: _kill(pid, numbers))

    def duration(self) -> float:
        """Seconds until nothing was left of it."""
        shell = self.terminal.shell

        def gone() -> bool:
            left = belonging_to(self.home) | alive(self.processes)
            return not [process for process in left if process.pid != shell] and (self.home / "code").exists()

        self.wait_for(gone)
        return time.monotonic() - self._caused

    def wrong(self, code: int, *, took: float, stays_dark: bool = False) -> list[str]:
        """What is not as it should be now that it has ended; `stays_dark`: there is no terminal any more."""
        found = []
        if took > AT_MOST:
            found.append(f"it took {took:.1f} s")
        if (said := (self.home / "code").read_text().strip()) != str(code):
            found.append(f"exit code {said}, not {code}: {self.terminal.text.strip()[-1500:]}")
        found += [
            f"left in {name}: {path.name}" for name in ("tmp", "runtime") for path in (self.home / name).iterdir()
        ]
        state = self.home / ".local/state/lambdatui"
        found += [f"left in the state folder: {path.name}" for path in state.glob("*") if not _kept(path.name)]
        if code != 1:
            found += [f"a report of a crash: {path.read_text()[:300]}" for path in state.glob("crash-*")]
        try:
            lines = self.journal()
        except ValueError as problem:
            found.append(f"audit journal: {problem}")
        else:
            if {line["id"] for line in lines if line["phase"] == "before"} != {
                line["id"] for line in lines if line["phase"] == "after"
            }:
                found.append(f"audit journal: an intent without its outcome: {lines}")
        if not stays_dark:
            self.terminal.stalled = False
            self.terminal.wait_for_exit(PATIENCE)
            found += self._terminal_is_not_restored()
        return found

    def _terminal_is_not_restored(self) -> list[str]:
        found = []
        try:
            self.terminal.assert_settings_restored()
        except AssertionError:
            found.append("the terminal's settings are not as before")
        modes = self.terminal.modes()
        on = {ALTERNATE_SCREEN: "alternate screen", **REPORTING}
        found += [f"{name} is left on ({number})" for number, name in on.items() if modes.get(number)]
        found += [f"{number} is left off" for number in (CURSOR, WRAP) if not modes.get(number, True)]
        if self.terminal.written.count(b"\x1b[>") > self.terminal.written.count(b"\x1b[<u"):
            found.append("the keyboard's protocol is left on")
        # On the screen itself a function's own may be shown.
        if b"Traceback (most" in self.terminal.written.rpartition(b"\x1b[?1049l")[2]:
            found.append("a traceback is printed")
        return found


def _kill(pid: int, numbers: Sequence[int]) -> None:
    for number in numbers:
        os.kill(pid, number)


FOLDERS = frozenset({"calls", "edit", "logs", "metrics", "responses"})
"""What a person has saved, and the calls of before."""


def _kept(name: str) -> bool:
    return name in FOLDERS or name.endswith((".json", ".jsonl", ".jsonl.1", ".log", ".txt", ".yaml")) or "crash" in name
