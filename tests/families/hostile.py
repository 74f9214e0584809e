"""Hostile text in everything that AWS says, through every pane in a real terminal, and in what the program is told.

Another seed takes other strings. What is written is read as a terminal reads it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from base64 import b64decode
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from lambdatui.aws.guard import READS, WRITES
from lambdatui.model.text import one_line
from tests.aws.fault_server import FaultServer
from tests.families.figures import Figure, Trials
from tests.hostile import answers, vt
from tests.hostile.corpus import Hostile, corpus, huge
from tests.hostile.journey import Walk, through_all, through_list, walked
from tests.terminal.serving import Served, serving
from tests.terminal.trial import Trial

AT_ONCE = 5
EARLY = 12
"""Characters before a string's word that leave it in sight in the narrowest column of names."""


@dataclass
class Plan:
    """One way in which the server answers."""

    name: str
    change: Callable[[FaultServer], None]
    strings: Sequence[Hostile] = ()
    """What must be readable in every pane."""
    walk: Callable[[Walk, Sequence[str], Sequence[str]], list[str]] = through_all


def _walk(plan: Plan) -> tuple[list[str], set[str]]:
    """What was wrong with one walk, and the actions that it ran."""
    with serving() as served:
        return _walk_before(served, plan)


def _walk_before(served: Served, plan: Plan) -> tuple[list[str], set[str]]:
    words = [it.word for it in plan.strings]
    early = [it.word for it in plan.strings if 0 <= one_line(it.text).find(it.word) <= EARLY]
    served.do(plan.change)
    arguments = ("--endpoint-url", served.server.url, "--region", "eu-west-1")
    with Trial(*arguments, module="tests.hostile.program") as trial:
        try:
            found, walk = walked(trial, lambda walk: plan.walk(walk, words, early))
            trial.terminal.wait_for_exit()  # with all that was on its way
        except AssertionError as problem:
            return [f"{plan.name}: {str(problem)[:500]}"], set()
        written = vt.read(trial.terminal.written)
        found += written.bad
        found += [f"copied {bad}" for copied in written.copied for bad in vt.read(b64decode(copied)).bad]
        code = (trial.home / "code").read_text().strip()
        if code != "0":
            found.append(f"exit code {code}: {trial.terminal.text.strip()[-400:]}")
        ran = set(walk.actions())
    invoked = served.server.operations.count("lambda:Invoke")
    if invoked > 1:
        found.append(f"{invoked} invocations for one press of f5")
    return [f"{plan.name}: {problem}" for problem in found], ran


def run(trials: Trials) -> Iterator[Figure]:
    """All strings in good answers; in errors; as raw bytes; and as what the program is started with."""
    strings = corpus(trials.seed)
    strings = strings[: trials.times(len(strings), least=30)]
    harmless = [Hostile("harmless", it.word, it.word) for it in strings]
    big = huge(trials.seed)
    seed = trials.seed
    operations = sorted(READS | WRITES)
    calm = Plan("harmless", answers.all_well(harmless, big.word, seed), harmless)
    well = answers.all_well(strings, big.text, seed)
    plans = [Plan("answers", well, strings)]
    others = [name for name in operations if name != "lambda:ListFunctions"]
    for number in range(trials.times(6)):
        plans.append(Plan(f"errors {number}", _then(well, answers.refusing(others, strings, seed + number))))
        plans.append(Plan(f"raw bytes {number}", _then(well, answers.raw(others, strings, seed + number))))
        plans.append(Plan(f"no list, {number}", answers.refusing(operations, strings, seed + number), (), _list))
        plans.append(Plan(f"a raw list, {number}", answers.raw(operations, strings, seed + number), (), _list))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        walks = pool.map(_walk, [calm, *plans])
        started = pool.submit(_started_with, strings)
        failures, actions = next(walks)
        yield Figure("harmless strings, for the actions of the walk", len(strings), tuple(failures))
        for plan, (failures, ran) in zip(plans, walks, strict=True):
            failures += [f"{plan.name}: an action that no key asked for: {action}" for action in ran - actions]
            yield Figure(f"{len(strings)} strings through every pane: {plan.name}", len(strings), tuple(failures))
        yield started.result()


def _then(first: Callable[[FaultServer], None], second: Callable[[FaultServer], None]) -> Callable[[FaultServer], None]:
    def both(server: FaultServer) -> None:
        first(server)
        second(server)

    return both


def _list(walk: Walk, words: Sequence[str], early: Sequence[str]) -> list[str]:
    return through_list(walk)


def _started_with(strings: Sequence[Hostile]) -> Figure:
    """Names of profiles and regions, flags and paths: refused in one sentence or shown, and never obeyed."""
    failures = []
    for number, one in enumerate(strings):
        text = one.text.replace("\x00", "").encode("utf-8", "replace")[:2000]
        flag = (b"-p", b"-r", b"-f", b"--config", b"--endpoint-url", b"--log-file")[number % 6]
        given = flag + (b"=" if flag.startswith(b"--") else b"") + text
        ended = subprocess.run(
            [sys.executable.encode(), b"-m", b"lambdatui", given],
            capture_output=True, timeout=60, check=False, env=dict(os.environ),
        )  # fmt: skip
        bad = vt.read(ended.stderr + ended.stdout).bad
        if ended.returncode != 2 or len(ended.stderr.splitlines()) != 1 or bad:
            said = f"exit code {ended.returncode}, {ended.stderr[-300:]!r} {bad[:2]}"
            failures.append(f"{flag.decode()} {one.text[:60]!r}: {said}")
    return Figure("strings as flags: one sentence, exit code 2", len(strings), tuple(failures))
