"""Terminals of all kinds, locales and sizes: what is written to each, and whether the program can be used in it.

Another seed takes other sizes, and other moments for keys.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from tests.aws import faults
from tests.aws.fault_server import FaultServer
from tests.families.figures import Figure, Trials
from tests.hostile import vt
from tests.terminal.serving import serving
from tests.terminal.trial import Trial

AT_ONCE = 2
RESIZES = 1000
TERMS = (
    "xterm-256color",
    "xterm",
    "screen",
    "screen-256color",
    "tmux-256color",
    "linux",
    "vt100",
    "vt220",
    "alacritty",
    "rxvt",
)
LOCALES = ("C.UTF-8", "en_US.UTF-8", "C", "POSIX", "de_DE.ISO-8859-1", "ja_JP.eucJP", "ru_RU.KOI8-R", "en_US")
SIZES = ((1, 1), (1, 50), (200, 1), (39, 10), (40, 9), (40, 10), (60, 12), (80, 24), (120, 36), (300, 100), (300, 1000))

NAMES = ("orders-api", "größe-日本-→", "plain")
OLD_UNKNOWN = re.compile(rb"\x1b\[[<>=]|\x1b\[\?[0-9]+\$p|\x1b\]|\x1b\[\?(?!25|7)[0-9]+[hl]")
COLOURS = re.compile(rb"\x1b\[(?:[0-9;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[0-9;]*)?m")
WORKFLOW = (
    ("orders-api", "?", "Keys here"), ("Keys here", "\x1b", "!Keys here"), ("orders-api", "\r", "Last modified"),
    ("esc Back", "l", "a line of the log"), ("esc Back", "i", "Leave the editor"), ("f5 Send", "\x1b", "e Edit"),
    ("esc Back", "\x1b", "q Quit"), ("orders-api", ":", "!q Quit"), ("tab: ", "\x1b", "q Quit"),
    ("orders-api", "\x10", "commands"), ("commands", "\x1b", "q Quit"),
)  # fmt: skip
"""What is seen, what is pressed, what is seen then."""


def _plan(server: FaultServer) -> None:
    functions = [
        {
            "FunctionName": name,
            "FunctionArn": f"arn:aws:lambda:eu-west-1:123456789012:function:{number}",
            "MemorySize": 128,
        }
        for number, name in enumerate(NAMES)
    ]
    event = {"eventId": "1", "logStreamName": "s", "message": "a line of the log", "timestamp": 1, "ingestionTime": 1}
    server.plan("lambda:ListFunctions", faults.answer({"Functions": functions}))
    server.plan("lambda:GetFunction", faults.answer({"Configuration": functions[0]}))
    server.plan("logs:FilterLogEvents", faults.answer({"events": [event]}))


def _arguments(url: str) -> tuple[str, ...]:
    return ("--endpoint-url", url, "--region", "eu-west-1")


def _used(url: str, environment: Mapping[str, str], size: tuple[int, int] = (80, 24)) -> list[str]:
    """What was wrong with a program whose workflows were gone through in such a terminal."""
    case = " ".join([*(f"{name}={value}" for name, value in environment.items()), f"{size[0]}×{size[1]}"])
    with Trial(*_arguments(url), environment=environment, size=size) as trial:
        try:
            for seen, keys, then in WORKFLOW:
                trial.wait_for(seen)
                trial.terminal.press(keys)
                _await(trial, then)
            trial.wait_for(lambda: "commands" not in trial.terminal.text)
            if max(map(len, trial.terminal.lines)) > size[0]:
                return [f"{case}: wider than the terminal"]
            trial.cause(lambda: trial.terminal.press("q"))
            problems = trial.wrong(0, took=trial.duration())
        except AssertionError as problem:
            return [f"{case}: {str(problem)[:900]}"]
        return [f"{case}: {problem}" for problem in [*problems, *_misplaced(trial.terminal.written, environment)]]


def _await(trial: Trial, then: str) -> None:
    """Wait for a text, or, with a "!" before it, for it to be gone."""
    trial.wait_for(then if then[0] != "!" else lambda: then[1:] not in trial.terminal.text)


def _misplaced(data: bytes, environment: Mapping[str, str]) -> Iterator[str]:
    """What such a terminal would print, or could not show."""
    term, locale = environment.get("TERM", ""), environment.get("LC_ALL", "C.UTF-8")
    inside = data[data.find(b"\x1b") : data.rfind(b"\x1b")]
    if term.startswith(("linux", "vt")) and (found := OLD_UNKNOWN.search(inside)):
        yield f"{term} is told {found[0]!r}"
    if (term.startswith("vt") or "NO_COLOR" in environment) and (found := COLOURS.search(inside)):
        yield f"colours where there are none: {found[0]!r}"
    if locale in ("C", "POSIX", "en_US") and not inside.isascii():
        yield f"{locale} gets {bytes(byte for byte in inside if byte > 127)[:20]!r}"
    if "UTF-8" in locale:
        yield from vt.read(data).bad
    elif re.search(rb"\xe2[\x80-\x96][\x80-\xbf]", inside):  # dashes, arrows, lines
        yield f"{locale} gets UTF-8"


def _combinations(chance: random.Random, count: int) -> Sequence[Mapping[str, str]]:
    """Every terminal and every locale at least once, and as many in all."""
    found = [{"TERM": term, "LC_ALL": "C.UTF-8"} for term in TERMS]
    found += [{"TERM": "xterm-256color", "LC_ALL": locale} for locale in LOCALES]
    found += [{"TERM": "xterm-256color", "NO_COLOR": "1"}, {"TERM": "xterm-256color", "COLORTERM": "truecolor"}]
    found += [{"TERM": "vt100", "LC_ALL": "C"}, {"TERM": "linux", "LC_ALL": "C", "COLUMNS": "17", "LINES": "3"}]
    while len(found) < count:
        one = {"TERM": chance.choice(TERMS), "LC_ALL": chance.choice(LOCALES)}
        found.append(one | chance.choice([{}, {"NO_COLOR": "1"}, {"COLORTERM": "truecolor"}, {"COLUMNS": "9"}]))
    return chance.sample(found, count) if count < len(found) else found


def _sized(url: str, size: tuple[int, int]) -> list[str]:
    """What was wrong with a program in a window of this size from its start, made 80×24 after that."""
    small = size[0] < 40 or size[1] < 10
    with Trial(*_arguments(url), size=size) as trial:
        try:
            if small:
                trial.wait_for(lambda: trial.terminal.alternate and trial.terminal.text.strip())
                trial.terminal.quiet(1.0)
                word = "Too small"[: min(size[0], 3)]
                if not trial.terminal.text.startswith(word):
                    return [f"{size}: no note but {trial.terminal.text[:200]!r}"]
            else:
                trial.wait_for("orders-api"[: size[0] // 4])
            trial.terminal.resize((80, 24))
            trial.wait_for("orders-api")
            trial.wait_for("q Quit")
            trial.cause(lambda: trial.terminal.press("q"))
            problems = trial.wrong(0, took=trial.duration())
        except AssertionError as problem:
            return [f"{size}: {str(problem)[:600]}"]
        return [f"{size}: {problem}" for problem in problems]


def _resized(url: str, count: int, chance: random.Random) -> list[str]:
    """What was wrong after so many changes of size, with keys pressed meanwhile."""
    with Trial(*_arguments(url), size=(80, 24)) as trial:
        try:
            trial.wait_for("orders-api")
            for _ in range(count):
                widest = chance.choice([3, 45, 90, 200, 300])
                trial.terminal.resize(
                    (chance.randrange(1, widest + 1), chance.randrange(1, chance.choice([4, 12, 40, 120]) + 1))
                )
                if chance.random() < 0.2:
                    trial.terminal.send(chance.choice([b"?", b"\x1b", b"j", b"G", b"\r", b"l", b"W", b"]", b"\x1b[6~"]))
                trial.read_for(chance.choice([0, 0, 0.01, 0.05]))
            trial.terminal.resize((80, 24))
            for _ in range(8):
                trial.terminal.press("\x1b")
                trial.terminal.quiet(0.3)
            trial.wait_for("orders-api")
            trial.wait_for("q Quit")
            trial.wait_for(lambda: "Too small" not in trial.terminal.text)
            trial.cause(lambda: trial.terminal.press("q"))
            problems = trial.wrong(0, took=trial.duration())
        except AssertionError as problem:
            return [f"after {count} sizes: {str(problem)[:900]}"]
        return problems


def run(trials: Trials) -> Iterator[Figure]:
    """Kinds of terminals with locales; sizes; changes of size."""
    chance = random.Random(trials.seed)
    with serving() as served, ThreadPoolExecutor(AT_ONCE) as pool:
        served.do(_plan)
        url = served.server.url
        kinds = _combinations(chance, trials.times(60, least=4))
        found = pool.map(lambda environment: _used(url, environment), kinds)
        yield Figure(
            "kinds of terminals, locales and colours, 80×24", len(kinds), tuple(it for one in found for it in one)
        )
        sizes = SIZES if trials.scale >= 1 else ((1, 1), (39, 10), (40, 10), chance.choice(SIZES))
        found = pool.map(lambda size: _sized(url, size), sizes)
        yield Figure("sizes from 1×1 to 300×1000, then 80×24", len(sizes), tuple(it for one in found for it in one))
        count = trials.times(RESIZES, least=20)
        yield Figure("changes of size in one program, keys meanwhile", count, tuple(_resized(url, count, chance)))
