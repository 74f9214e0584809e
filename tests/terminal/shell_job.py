"""The program as a job of an interactive shell: ctrl+z, fg, bg, kill, a shell that goes away."""

from __future__ import annotations

import os
import random
import re
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.terminal.conftest import TROUBLE
from tests.terminal.processes import Process, alive, descendants
from tests.terminal.screen import ALTERNATE_SCREEN
from tests.terminal.trial import AT_MOST, Trial

Found = tuple[float, list[str]]

PROMPT = "ready> "


class Job(Trial):
    """bash in a terminal, in which the program was started."""

    def __init__(self, *arguments: str) -> None:
        super().__init__("--norc", "--noprofile", "-i", program="/bin/bash")
        self._asked = 0
        self.type(f"PS1='{PROMPT[:3]}''{PROMPT[3:]}'")
        self.wait_for(lambda: self.terminal.text.rstrip().endswith(PROMPT.strip()))
        self.type(f"{sys.executable} -m lambdatui {' '.join(arguments)}")

    def type(self, line: str) -> None:
        """A line, and enter."""
        self.terminal.press(line + "\r")

    def ask(self, words: str) -> str:
        """What the shell says to `echo` of these words, which it echoes and edits as before."""
        self._asked += 1
        self.type(f'echo "{self._asked}"": <{words}>"')
        said = re.compile(rf"^{self._asked}: <(.*)>$", re.MULTILINE)
        self.wait_for(lambda: said.search(self.terminal.text))
        found = said.search(self.terminal.text)
        assert found
        assert f'echo "{self._asked}"": <{words}>"' in self.terminal.text.replace("\n", ""), "it does not echo"
        return found[1]

    def suspend(self, pid: int) -> None:
        """ctrl+z, and the shell is back."""
        self.terminal.press("\x1a")
        self.wait_for("Stopped")
        self.wait_for(lambda: stopped(pid))
        on = [number for number, is_on in self.terminal.modes().items() if is_on and number not in (7, 25, 2004)]
        assert on == [], f"left on while suspended: {on}"
        assert self.terminal.modes()[ALTERNATE_SCREEN] is False

    def leave(self) -> list[str]:
        """End the shell: the terminal is as before it."""
        self.type("exit")
        self.terminal.wait_for_exit()
        try:
            self.terminal.assert_settings_restored()
        except AssertionError:
            return ["the terminal's settings are not as before"]
        return []


def stopped(pid: int) -> bool:
    """Whether the process is stopped."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def ticks(pid: int) -> int:
    """Ticks of the clock that a process has used of the processor."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _arguments(chance: random.Random) -> tuple[tuple[str, ...], str]:
    return (("--demo",), "checkout-api") if chance.random() < 0.3 else ((), TROUBLE)


def suspend_and_resume(chance: random.Random) -> Found:
    """ctrl+z, another size, fg: the whole screen at that size, and keys; then the program ends in order."""
    arguments, sign = _arguments(chance)
    with Job(*arguments) as job:
        job.wait_for(sign)
        program = job.program()
        below = descendants(program.pid)
        size = (120, 36)
        for _ in range(2):
            job.suspend(program.pid)
            # Functions stand still between their calls, and the endpoint does not.
            if any(stopped(it.pid) for it in alive(below) if "lambdatui.local.child" in it.command):
                return 0.0, ["the endpoint is stopped as well"]
            job.ask("present")
            if chance.random() < 0.3:
                job.type("bg")
                job.wait_for(lambda: stopped(program.pid))
            size = chance.choice([size, (120, 36), (140, 40), (80, 24)])
            job.terminal.resize(size)
            before = time.monotonic()
            job.type("fg")
            job.wait_for(lambda: job.terminal.alternate and sign in job.terminal.text)
            # No key was pressed since: nothing else draws it.
            job.wait_for(partial(_spans, job, size))
            took = time.monotonic() - before
            job.terminal.press("?")
            job.wait_for("esc closes")
            job.terminal.press("\x1b")
            job.wait_for(lambda: "esc closes" not in job.terminal.text)
        job.terminal.press("q")
        job.wait_for(lambda: not alive({program}))
        code = job.ask("$?")
        return took, ([] if code == "0" else [f"exit code {code}"]) + job.leave()


def _taken_more_than(job: Job, times: int) -> bool:
    """Whether the program has taken the terminal more often than that, to the last thing that it sets."""
    return job.terminal.written.count(b"\x1b[?7l") > times


def _spans(job: Job, size: tuple[int, int]) -> bool:
    """Whether the whole screen is the program's, from the first line to the last."""
    lines = job.terminal.lines
    drawn = lines[0].startswith(" lambdatui") and "? Help" in lines[-1]
    return len(lines) == size[1] and drawn and PROMPT.strip() not in job.terminal.text


def end_suspended(chance: random.Random) -> Found:
    """SIGTERM or SIGHUP while it is suspended, as a shell sends them: it ends, and leaves the terminal alone."""
    arguments, sign = _arguments(chance)
    name, code = chance.choice([("TERM", "143"), ("HUP", "129")])
    with Job(*arguments) as job:
        job.wait_for(sign)
        program = job.program()
        processes = descendants(program.pid) | {program}
        job.suspend(program.pid)
        job.ask("present")
        written = len(job.terminal.written)
        before = time.monotonic()
        job.type(f"kill -{name} %1")
        took = _gone(job, processes, before)
        found = [] if took <= AT_MOST else [f"{name}: it took {took:.1f} s"]
        said = job.ask("$(wait %1; echo $?)")
        job.type("wait %1")
        if b"\x1b[?1049" in job.terminal.written[written:]:
            found.append("it wrote to the shell's terminal")
        said = job.ask("$?")
        if said not in {code, "127"}:  # a shell that has told of the end of a job forgets it
            found.append(f"{name}: exit code {said}")
        return took, found + job.leave() + _left(job)


def shell_gone_while_suspended(chance: random.Random) -> Found:
    """The window is closed while the program is suspended."""
    arguments, sign = _arguments(chance)
    with Job(*arguments) as job:
        job.wait_for(sign)
        program = job.program()
        processes = descendants(program.pid) | {program}
        job.suspend(program.pid)
        before = time.monotonic()
        job.terminal.hang_up()
        took = _gone(job, processes, before)
        return took, ([] if took <= AT_MOST else [f"it took {took:.1f} s"]) + _left(job)


def stopped_from_outside(chance: random.Random) -> Found:
    """SIGSTOP, which cannot be met, and SIGCONT in the foreground or without a stop: the terminal is restored after."""
    with Job() as job:
        job.wait_for(TROUBLE)
        program = job.program()
        for taken in range(1, 4):
            if chance.random() < 0.5:
                os.kill(program.pid, signal.SIGSTOP)
                job.wait_for(lambda: stopped(program.pid))
                job.wait_for("Stopped")
                job.type("fg")
            else:
                os.kill(program.pid, signal.SIGCONT)
            # What is pressed before it has taken the terminal again is not read.
            job.wait_for(partial(_taken_more_than, job, taken))
            job.wait_for(lambda: _spans(job, (120, 36)))
            job.terminal.press("?")
            job.wait_for("esc closes")
            job.terminal.press("\x1b")
            job.wait_for(lambda: "esc closes" not in job.terminal.text)
        used = ticks(program.pid)
        job.read_for(0.5)
        found = ["it is busy"] if ticks(program.pid) - used > 25 else []
        before = time.monotonic()
        os.kill(program.pid, signal.SIGTERM)
        took = _gone(job, {program}, before)
        code = job.ask("$?")
        return took, found + ([] if code == "143" else [f"exit code {code}"]) + job.leave()


def _gone(job: Job, processes: set[Process], before: float) -> float:
    job.wait_for(lambda: not alive(processes))
    return time.monotonic() - before


def _left(job: Job) -> list[str]:
    return [f"left: {path.name}" for path in (job.home / "tmp").iterdir()]


CASES: dict[str, Callable[[random.Random], Found]] = {
    "ctrl+z, another size, fg": suspend_and_resume,
    "a signal while suspended": end_suspended,
    "a closed terminal while suspended": shell_gone_while_suspended,
    "SIGSTOP and SIGCONT from outside": stopped_from_outside,
}
