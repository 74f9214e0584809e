"""`lambdatui metrics NAME`: the figures of a function, printed without the UI."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from lambdatui.config_file import shown
from lambdatui.model.errors import AwsError, Missing
from lambdatui.model.function_figures import QUANTITIES, needs_of, value_of
from lambdatui.model.metric_figures import error_rate, percent
from lambdatui.model.metrics import Range, Reading, figure, points
from lambdatui.model.quantities import ERRORS, INVOCATIONS, Quantity
from lambdatui.model.text import clock, duration, one_line, why

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from lambdatui.aws.gateway import Aws
    from lambdatui.settings import Settings

DESCRIPTION = "A function's figures, as the UI has them."

_WINDOWS = ", ".join(Range)

Answers = Mapping[Quantity, Reading]


class Of(NamedTuple):
    """Whose figures they are."""

    name: str
    qualifier: str
    """A version or an alias; empty: the function as a whole."""

    def __str__(self) -> str:
        return one_line(":".join(filter(None, self)))


_KEYS = (
    (re.compile(r"Press R to choose one, or start"), "Start"),
    (re.compile(r"with P \(or (-p PROFILE)\)"), r"with \1"),
    (re.compile(r": then it goes on (?:here )?by itself"), ""),
    (re.compile(r"[,;] then press \w\b[^.]*"), ""),
    (re.compile(r"\b(?:Then press|Press) \w\b[^.]*\."), ""),
)
"""What a remedy says of keys, which are not there without the UI, and what is said instead."""


def add_options(parser: ArgumentParser) -> None:
    """What can be asked for."""
    parser.add_argument(
        "name", metavar="NAME", help="the function's name or ARN, also of a version or an alias of it: NAME:live"
    )
    about = f"the time up to now: {_WINDOWS} (default: 1h)"
    parser.add_argument("--window", type=_window, default=Range.HOUR, metavar="TIME", help=about)
    parser.add_argument("--json", action="store_true", help="with the points over time, as JSON")


def _window(word: str) -> Range:
    from argparse import ArgumentTypeError

    if word not in list(Range):
        raise ArgumentTypeError(f"{shown(word)} is not one of {_WINDOWS}")
    return Range(word)


def run(settings: Settings, flags: Namespace) -> int:
    """Print it; the exit code: 0, or 1 where there is nothing to print."""
    import asyncio  # not for --help

    if sys.stdout is None:  # `>&-`
        print("lambdatui: The figures cannot be written: stdout is closed.", file=sys.stderr)  # noqa: T201
        return 1
    try:
        text = asyncio.run(_report(settings, flags.name, flags.window, as_json=flags.json))
    except AwsError as problem:
        print(f"lambdatui: {sentence(problem, flags.name)}", file=sys.stderr)  # noqa: T201
        return 1
    try:
        print(_in_its_characters(text), flush=True)  # noqa: T201
    except OSError as problem:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python would complain once more when it ends
        if isinstance(problem, BrokenPipeError):  # `| head` has enough
            return 0
        reason = why(problem)
        print(f"lambdatui: The figures cannot be written: {reason}.", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _in_its_characters(text: str) -> str:
    """The text in the characters that stdout has: not everywhere they are those of UTF-8."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.replace("–", "-").encode(encoding, "replace").decode(encoding)
    return text


async def _report(settings: Settings, name: str, over: Range, *, as_json: bool) -> str:
    from lambdatui.aws.gateway import Aws
    from lambdatui.aws.guard import Guard
    from lambdatui.aws.target import Target

    profile = settings.profile if settings.profile_named else None
    target = Target(profile=profile, region=settings.region, endpoint_url=settings.endpoint_url)
    async with Aws(target, Guard(_never, settings), refresh=None) as aws:
        # Of a function that is not there CloudWatch says as much as of one that never ran.
        function = await aws.functions.describe(name)
        of = Of(function.function.name, _qualifier(name))
        figures, series = await _asked(aws, of, over)
    return (_json if as_json else _text)(of, over, figures, series)


def _qualifier(name: str) -> str:
    """The version or alias in what GetFunction takes: NAME, ACCOUNT:function:NAME or the ARN, and `:` with it."""
    parts = name.split(":")
    after = parts[parts.index("function") + 1 :] if "function" in parts[1:-1] else parts
    return after[1] if len(after) == 2 else ""


async def _never(_: Mapping[str, Any]) -> None:
    """The audit journal: nothing is changed here."""


async def _asked(aws: Aws, of: Of, over: Range) -> tuple[Answers, Answers]:
    """What has to be asked for over the whole window, and the series in it."""
    series = needs_of(of.name, points(over), of.qualifier)
    figures = {it: need for it, need in needs_of(of.name, figure(over), of.qualifier).items() if it.percentile}
    known = await aws.metrics.read([*figures.values(), *series.values()])
    return {it: known[need] for it, need in figures.items()}, {it: known[need] for it, need in series.items()}


def _values(figures: Answers, series: Answers) -> Mapping[Quantity, float | None]:
    """Sums and maxima of the series, percentiles as they were asked for over the whole window."""
    invocations = series[INVOCATIONS].series
    return {it: value_of(it, figures.get(it, reading), invocations) for it, reading in series.items()}


def _rate(values: Mapping[Quantity, float | None], missing: Collection[Quantity]) -> float | None:
    return None if ERRORS in missing else error_rate(values[ERRORS], values[INVOCATIONS])


def _missing(figures: Answers, series: Answers) -> Mapping[Quantity, AwsError]:
    """What CloudWatch has not given, or not all of, and why."""
    known = {it: figures.get(it, reading) for it, reading in series.items()}
    return {it: reading.problem for it, reading in known.items() if reading.problem is not None}


def _notes(figures: Answers, series: Answers) -> list[str]:
    """What CloudWatch says of them, each sentence once."""
    return list(dict.fromkeys(note for it in (*figures.values(), *series.values()) for note in it.notes))


def _text(of: Of, over: Range, figures: Answers, series: Answers) -> str:
    window = next(iter(series.values())).series.window
    start, end = (datetime.fromtimestamp(at, UTC).astimezone() for at in (window.start, window.end))
    values, missing = _values(figures, series), _missing(figures, series)
    lines = [f"{of}, {over}: {clock(start)} to {clock(end)}"]
    for it, value in values.items():
        none = "not given" if it in missing else "–"
        shown = none if value is None else duration(value) if it.unit == "ms" else f"{value:,.0f}"
        lines.append(f"{it.title:<22}{shown:>12}")
        if it == ERRORS:
            rate = none if it in missing else percent(_rate(values, missing))
            lines.append(f"{'error rate':<22}{rate:>12}")
    if any(reading.series.partial for reading in (*figures.values(), *series.values())):
        lines.append("CloudWatch gave only part of it.")
    lines += [f"CloudWatch says: {one_line(note)}" for note in _notes(figures, series)]
    lines += dict.fromkeys(sentence(problem, of.name) for problem in missing.values())
    return "\n".join(lines)


def _json(of: Of, over: Range, figures: Answers, series: Answers) -> str:
    window = next(iter(series.values())).series.window
    values, missing = _values(figures, series), _missing(figures, series)
    named = {it.title.replace(" ", "_").replace("-", "_"): it for it in QUANTITIES}
    return json.dumps(
        {
            "function": of.name,
            "qualifier": of.qualifier or None,
            "window": str(over),
            "start": _moment(window.start),
            "end": _moment(window.end),
            "period": window.period,
            "figures": {**{key: values[it] for key, it in named.items()}, "error_rate": _rate(values, missing)},
            "timestamps": [_moment(at) for at in window.grid],
            "series": {key: series[it].series.values for key, it in named.items()},
            "incomplete_points": max(reading.series.incomplete for reading in series.values()),
            "partial": any(reading.series.partial for reading in (*figures.values(), *series.values())),
            "missing": {key: sentence(missing[it], of.name) for key, it in named.items() if it in missing},
            "notes": _notes(figures, series),
        },
        indent=2,
    )


def _moment(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def sentence(problem: AwsError, name: str) -> str:
    """What is said in place of figures."""
    if isinstance(problem, Missing):
        return f"There is no function {one_line(name)}: {problem.reason}"
    remedy = problem.remedy
    for keys, words in _KEYS:
        remedy = keys.sub(words, remedy)
    return " ".join(f"{problem} {remedy}".split())
