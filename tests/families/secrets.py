"""Secrets planted wherever the program meets them, and crashes on every screen: what of them is printed or written.

Another seed plants others. A secret is looked for as it is and as base64, as a URL, JSON and Python write it.
"""

from __future__ import annotations

import base64
import json
import os
import random
import string
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.aws import faults
from tests.aws.fault_server import FaultServer
from tests.families.figures import Figure, Trials
from tests.terminal.serving import serving
from tests.terminal.trial import Trial

CRASHES = 100
AT_ONCE = 2

KEYS = {
    "handler": "f11",
    "worker": "f12",
    "timer": "f2",
    "thread": "f3",
    "drawing": "f4",
    "callback": "f8",
    "task": "f9",
}
"""Where it crashes, and the key of tests.terminal.crashing that does it."""
SENT = {
    "f2": "\x1bOQ",
    "f3": "\x1bOR",
    "f4": "\x1bOS",
    "f8": "\x1b[19~",
    "f9": "\x1b[20~",
    "f11": "\x1b[23~",
    "f12": "\x1b[24~",
}
KINDS = (
    "RuntimeError",
    "KeyError",
    "ValueError",
    "TypeError",
    "JSONDecodeError",
    "chain",
    "group",
    "AttributeError",
    "OSError",
)
SCREENS: Mapping[str, Sequence[str]] = {
    "the list": ("orders-",),
    "the help": ("orders-", "?", "Keys here"),
    "the palette": ("orders-", ":", "Refresh"),
    "the overview": ("orders-", "\r", "Environment"),
    "the log": ("orders-", "l", "a line of the log"),
    "the editor": ("orders-", "i", "Leave the editor"),
}
"""What is seen, what is pressed, what is seen then …"""


def _word(chance: random.Random, length: int, letters: str = string.ascii_letters + string.digits) -> str:
    return "".join(chance.choice(letters) for _ in range(length))


@dataclass
class Planted:
    """The secrets of a run, and where they are."""

    chance: random.Random
    program: dict[str, str] = field(init=False)
    """Variables of the program's own environment."""
    functions: dict[str, str] = field(init=False)
    """Variables of a function."""
    typed: list[str] = field(init=False)
    """In payloads that somebody types: on the screen while the editor is, and nowhere else."""
    said: list[str] = field(init=False)
    """In what a fault says."""

    def __post_init__(self) -> None:
        word = self.chance
        long = string.ascii_letters + string.digits + "+/"
        self.program = {
            "AWS_ACCESS_KEY_ID": "AKIA" + _word(word, 16, string.ascii_uppercase + string.digits),
            "AWS_SECRET_ACCESS_KEY": _word(word, 40, long),
            "AWS_SESSION_TOKEN": "IQoJb3JpZ2luX2Vj" + _word(word, 300, long) + "==",
            "HTTPS_PROXY": f"http://somebody:{_word(word, 12)}@127.0.0.1:9",
            "GITHUB_TOKEN": "ghp_" + _word(word, 36),
            "PGPASSWORD": _word(word, 9) + " $!",
            "API_KEY": _word(word, 24, string.hexdigits),
            "NPM_TOKEN": f"npm_{_word(word, 30)}",
        }
        self.functions = {
            "DATABASE_URL": f"postgres://u:{_word(word, 14)}@db/x",
            "PASSWORD": _word(word, 8),
            "PIN": _word(word, 6, string.digits),
            "PRIVATE_KEY": f"-----BEGIN KEY-----\n{_word(word, 64, long)}\n-----END KEY-----",
            "JSON": json.dumps({"client_secret": _word(word, 20)}),
            "QUOTED": f"'{_word(word, 10)}\"{_word(word, 3)}'",
            "UNICODE": f"pass-{_word(word, 6)}-日本-é",
            "JWT": f"eyJ{_word(word, 20)}.{_word(word, 40)}.{_word(word, 20)}",
            "ACCESS_KEY": "ASIA" + _word(word, 16, string.ascii_uppercase + string.digits),
            "STRIPE": f"sk_live_{_word(word, 24)}",
            "MARKUP": f"[b]{_word(word, 9)}[/b]",
            "LONG": _word(word, 2000),
        }
        self.typed = [_word(word, 12 + number) for number in range(8)]
        self.said = [_word(word, 10 + 3 * number) for number in range(12)]

    def all(self) -> list[str]:
        """Every one of them."""
        return [*self.program.values(), *self.functions.values(), *self.typed, *self.said]


def forms(secret: str) -> set[bytes]:
    """What a secret may look like in a file."""
    data = secret.encode()
    core = max(secret.replace("\n", " ").split(), key=len) if len(secret) > 40 else secret
    return {
        data, base64.b64encode(data), base64.urlsafe_b64encode(data), quote(secret).encode(), data.hex().encode(),
        json.dumps(secret).strip('"').encode(), repr(secret).strip("'\"").encode(), core.encode(), core[:40].encode(),
    }  # fmt: skip


def _answers(planted: Planted) -> Callable[[FaultServer], None]:
    function: dict[str, Any] = {
        "FunctionName": "orders-api", "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:orders-api",
        "Runtime": "python3.13", "MemorySize": 128, "Timeout": 3, "LastModified": "2026-11-23T13:12:20.123+0000",
    }  # fmt: skip
    event = {"eventId": "1", "logStreamName": "s", "message": "a line of the log", "timestamp": 1, "ingestionTime": 1}

    def plan(server: FaultServer) -> None:
        server.plan("lambda:ListFunctions", faults.answer({"Functions": [function]}))
        configuration = {**function, "Environment": {"Variables": planted.functions}}
        server.plan("lambda:GetFunction", faults.answer({"Configuration": configuration}))
        server.plan("logs:FilterLogEvents", faults.answer({"events": [event]}))
        server.plan("lambda:Invoke", faults.answer({"ok": planted.typed[0]}, X_Amz_Executed_Version="1"))

    return plan


def _found(where: str, data: bytes, secrets: Sequence[str]) -> list[str]:
    return [f"{where}: {secret[:40]!r}" for secret in secrets if any(form in data for form in forms(secret))]


def _written(home: Path) -> Iterator[tuple[str, bytes]]:
    """All files that the program has written."""
    for folder, _, names in os.walk(home):
        for name in names:
            path = Path(folder, name)
            if path.is_file() and not path.is_symlink():
                yield str(path.relative_to(home)), path.read_bytes()


def _crash(planted: Planted, url: str, number: int) -> list[str]:
    """Crash the program once; what is found of the secrets, or wrong besides."""
    screen = list(SCREENS)[number % len(SCREENS)]
    place = list(KEYS)[number % len(KEYS)]
    words = planted.said[number % len(planted.said)]
    kind = KINDS[number % len(KINDS)]
    extra = {**planted.program, "CRASH_WORDS": words, "CRASH_KIND": kind}
    arguments = ("--endpoint-url", url, "--region", "eu-west-1", "--log-file", "run.log")
    with Trial(*arguments, module="tests.terminal.crashing", environment=extra, inside=True) as trial:
        seen, *steps = SCREENS[screen]
        trial.wait_for(seen)
        for keys, text in zip(steps[::2], steps[1::2], strict=True):
            trial.terminal.press(keys)
            trial.wait_for(text)
        if screen == "the editor":
            trial.terminal.press("\x1b[3~\x1b[3~")
            trial.wait_for(lambda: "{}" not in trial.terminal.text)
            trial.terminal.paste(json.dumps({"secret": planted.typed[number % len(planted.typed)]}))
            trial.wait_for(planted.typed[number % len(planted.typed)])
            trial.terminal.press("\x1b[15~")
            trial.wait_for("Response")
        trial.cause(lambda: trial.terminal.press(SENT[KEYS[place]]))
        took = trial.duration()
        case = f"{kind} in a {place} on {screen}"
        problems = trial.wrong(1, took=took)
        hidden = [secret for secret in planted.all() if secret not in planted.typed or screen != "the editor"]
        problems += _found("on the terminal", trial.terminal.written, hidden)
        problems += _found("on the last screen", trial.terminal.text.replace("\n", "").encode(), planted.all())
        files = dict(_written(trial.home))
        for name, data in files.items():
            problems += _found(f"in {name}", data, planted.all())
        if not any(name.split("/")[-1].startswith("crash-") for name in files):
            problems.append("there is no report")
        if not any(name.endswith("run.log") and b"lambda:ListFunctions" in data for name, data in files.items()):
            problems.append("there is no log")
        if "lambdatui/crash-" not in trial.terminal.text.replace("\n", ""):
            problems.append(f"the report's place is not told: {trial.terminal.text.strip()[:300]!r}")
        return [f"{case}: {problem}" for problem in problems]


def _tried(planted: Planted, url: str, number: int) -> list[str]:
    try:
        return _crash(planted, url, number)
    except AssertionError as problem:
        return [f"crash {number}: {str(problem)[:600]}"]


def run(trials: Trials) -> Iterator[Figure]:
    """Crashes of all kinds on all screens, with everything planted."""
    planted = Planted(random.Random(trials.seed))
    runs = trials.times(CRASHES, least=len(SCREENS))
    with serving() as served, ThreadPoolExecutor(AT_ONCE) as pool:
        served.do(_answers(planted))
        results = list(pool.map(lambda number: _tried(planted, served.server.url, number), range(runs)))
    failures = tuple(problem for found in results for problem in found)
    secrets = len(planted.all())
    yield Figure(f"crashes on {len(SCREENS)} screens, {secrets} secrets planted", runs, failures)
