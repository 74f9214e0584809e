"""Every end of the program at every moment: signals, hang-ups, crashes, a killed endpoint; and ctrl+z with fg.

Another seed takes other moments. Two programs run at the same time, so that each end meets a machine that is at work.
"""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.families.figures import Figure, Trials
from tests.terminal import shell_job
from tests.terminal.conftest import TROUBLE
from tests.terminal.crashing import SAID
from tests.terminal.processes import descendants, listening_ports
from tests.terminal.trial import Trial

RUNS = 50
AT_ONCE = 2
LISTED = "checkout-api"
HELP_AND_BACK = "?\x1b"


@dataclass(frozen=True)
class Moment:
    """A state in which the program can be ended."""

    name: str
    arguments: tuple[str, ...]
    reach: Callable[[Trial, random.Random], object]
    stalled: bool = False
    """Whether the terminal takes nothing any more."""
    drawn: bool = True
    """Whether keys are read already."""


def _shortly(least: float, most: float, trial: Trial, chance: random.Random) -> None:
    trial.program()
    trial.read_for(chance.uniform(least, most))


def _sees(*steps: str) -> Callable[[Trial, random.Random], None]:
    """Waits for the first text, then presses the next keys and waits for the next text, and so on."""

    def reach(trial: Trial, _: random.Random) -> None:
        trial.wait_for(steps[0])
        for keys, text in zip(steps[1::2], steps[2::2], strict=True):
            trial.terminal.press(keys)
            trial.wait_for(text)

    return reach


def _invokes(trial: Trial, chance: random.Random) -> None:
    _sees("nightly-report", "i", "esc Leave the editor")(trial, chance)  # it has the focus
    trial.terminal.press("\x1b[15~")
    trial.wait_for(lambda: any(line["phase"] == "before" for line in trial.journal()))
    trial.read_for(chance.uniform(0, 0.3))


def _stalls(text: str, trial: Trial, _: random.Random) -> None:
    trial.wait_for(text)
    trial.terminal.stall(HELP_AND_BACK)


def _starts_endpoint(trial: Trial, chance: random.Random) -> None:
    trial.wait_for("Loading functions…")
    trial.read_for(chance.uniform(0, 1.2))


MOMENTS = (
    Moment("just started", (), partial(_shortly, 0.0, 0.1), drawn=False),
    Moment("importing", (), partial(_shortly, 0.1, 0.7), drawn=False),
    Moment("loading", (), _sees("Loading functions…")),
    Moment("in trouble", (), _sees(TROUBLE)),
    Moment("help", (), _sees(TROUBLE, "?", "esc closes")),
    Moment("commands", (), _sees(TROUBLE, ":", "Quit")),
    Moment("stalled", (), partial(_stalls, TROUBLE), stalled=True),
    Moment("endpoint starting", ("--demo",), _starts_endpoint),
    Moment("functions", ("--demo",), _sees(LISTED)),
    Moment("one function", ("--demo",), _sees(LISTED, "\r", "SHA-256")),
    Moment("a log", ("--demo",), _sees(LISTED, "l", "REPORT RequestId")),
    Moment("help over functions", ("--demo",), _sees(LISTED, "?", "esc closes")),
    Moment("invoking", ("--demo", "--filter", "nightly"), _invokes),
    Moment("demo, stalled", ("--demo",), partial(_stalls, LISTED), stalled=True),
)


@dataclass(frozen=True)
class End:
    """A way to end it."""

    name: str
    code: int
    cause: Callable[[Trial], object]
    via: str = ""
    module: str = "lambdatui"
    moments: tuple[Moment, ...] = MOMENTS
    dark: bool = False
    """Whether the terminal is gone by it."""


def _signals(*numbers: signal.Signals) -> Callable[[Trial], None]:
    return lambda trial: trial.signal(*numbers)


def _close(trial: Trial) -> None:
    trial.cause(trial.terminal.hang_up)


def _press(key: str, trial: Trial) -> None:
    trial.cause(lambda: trial.terminal.press(key))
    trial.duration()
    # Nothing is said here of the words of the message but that there is one.
    if SAID.encode() not in trial.terminal.written and b"lambdatui" not in trial.terminal.written:
        raise AssertionError("nothing is said of the crash")


_KEYED = tuple(moment for moment in MOMENTS if moment.drawn and not moment.stalled)
# With SIGHUP ignored, a program that is just starting may find no terminal, and refuses; SIGQUIT is the shell's there.
ENDS = (
    End("SIGTERM", 143, _signals(signal.SIGTERM)),
    End("SIGHUP", 129, _signals(signal.SIGHUP)),
    End("SIGINT", 130, _signals(signal.SIGINT)),
    End("SIGTERM twice", 143, _signals(signal.SIGTERM, signal.SIGTERM)),
    End("SIGQUIT", 131, _signals(signal.SIGQUIT), moments=MOMENTS[2:]),
    End("a closed terminal", 129, _close, dark=True),
    End("a closed terminal under nohup", 129, _close, via="nohup", dark=True, moments=MOMENTS[2:]),
    End("a crash in a handler", 1, partial(_press, "\x1b[23~"), module="tests.terminal.crashing", moments=_KEYED),
    End("a crash in a worker", 1, partial(_press, "\x1b[24~"), module="tests.terminal.crashing", moments=_KEYED),
)


Case = Callable[[], tuple[float, list[str]]]
"""One start of the program; returns how many seconds its end took, and what was wrong then."""


def run(trials: Trials) -> Iterator[Figure]:
    """The ends, the job control, the endpoint's death, what children inherit."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        running = [(name, [pool.submit(_tried, case) for case in cases]) for name, cases in _cases(trials)]
        for name, futures in running:
            yield _figure(name, [future.result() for future in futures])


def _cases(trials: Trials) -> Iterator[tuple[str, list[Case]]]:
    chance = random.Random(trials.seed)
    runs = trials.times(RUNS)
    for end in ENDS:
        moments = [end.moments[number % len(end.moments)] for number in chance.sample(range(max(runs, 60)), runs)]
        yield end.name, [partial(_end, end, moment, chance.random()) for moment in moments]
    for name, case in shell_job.CASES.items():
        yield name, [partial(case, random.Random(chance.random())) for _ in range(runs)]
    yield "a killed endpoint, and r", [partial(_kill_endpoint, chance.random()) for _ in range(trials.times(20))]
    yield "no child has the terminal", [_children for _ in range(trials.times(5))]


def _figure(name: str, ends: Sequence[tuple[float, list[str]]]) -> Figure:
    failures = tuple(failure for _, found in ends for failure in found)
    return Figure(name, len(ends), failures, f"longest {max(took for took, _ in ends):.1f} s")


def _tried(case: Case) -> tuple[float, list[str]]:
    try:
        return case()
    except (AssertionError, ValueError) as problem:
        return 0.0, [str(problem)[:6000]]


def _end(end: End, moment: Moment, seed: float) -> tuple[float, list[str]]:
    with Trial(*moment.arguments, module=end.module, via=end.via) as trial:
        try:
            moment.reach(trial, random.Random(seed))
            end.cause(trial)
            took = trial.duration()
            found = trial.wrong(end.code, took=took, stays_dark=end.dark)
        except AssertionError as problem:
            took, found = 0.0, [str(problem)[:6000]]
    return took, [f"{moment.name}: {failure}" for failure in found]


def _endpoint(trial: Trial) -> int:
    found: list[int] = []

    def there() -> bool:
        found[:] = [
            process.pid for process in descendants(trial.program().pid)
            if "lambdatui.local.child" in process.command and listening_ports(process.pid)
        ]  # fmt: skip
        return bool(found)

    trial.wait_for(there)
    return found[0]


def _kill_endpoint(seed: float) -> tuple[float, list[str]]:
    """Twice in a row: while it starts or when it runs; and once more when the program is over it."""
    chance = random.Random(seed)
    with Trial("--demo") as trial:
        for number in range(2):
            if chance.random() < 0.5 and not number:
                trial.read_for(chance.uniform(0, 1))
            else:
                trial.wait_for(LISTED)
            os.kill(_endpoint(trial), signal.SIGKILL)
            trial.wait_for("signal 9")
            trial.terminal.press("r")
            trial.wait_for(lambda: LISTED in trial.terminal.text and "(signal 9)" not in trial.terminal.text)
        trial.cause(lambda: trial.terminal.press("q"))
        took = trial.duration()
        return took, trial.wrong(0, took=took)


def _children() -> tuple[float, list[str]]:
    """Every process below the program, while functions run: none has a terminal, as a descriptor or otherwise."""
    found = []
    with Trial("--demo") as trial:
        trial.wait_for(LISTED)
        trial.read_for(2)
        program = trial.program()
        below = descendants(program.pid)
        if len(below) < 3:
            found.append(f"only {len(below)} processes: nothing runs")
        for process in below:
            for descriptor in Path(f"/proc/{process.pid}/fd").glob("*"):
                try:
                    place = str(descriptor.readlink())
                    terminal = int(Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[4])
                except OSError:
                    continue  # it has ended
                if place.startswith(("/dev/pts", "/dev/tty")) or terminal:
                    found.append(f"{process.command} has {place} as {descriptor.name}, terminal {terminal}")
        trial.cause(lambda: trial.terminal.press("q"))
        took = trial.duration()
        return took, found + trial.wrong(0, took=took)
