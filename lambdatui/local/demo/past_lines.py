"""The log lines of calls that are made up, as the functions, their runtime and the platform would have written them."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from random import Random
from typing import TypeAlias

from lambdatui.local import platform_lines
from lambdatui.local.demo.acts import Said
from lambdatui.local.demo.past import SAMPLES, Past, Span
from lambdatui.local.demo.past_calls import Called, Environment, calls, first_environment
from lambdatui.local.demo.sample import Sample
from lambdatui.local.demo.traffic import Caller
from lambdatui.local.execution import Call, Init, Logging, Program, Result, Status
from lambdatui.local.places import HOME
from lambdatui.local.sandbox.faults import OUT_OF_MEMORY, timed_out

_RUNTIME = "python:{}.{}.v{}".format(*sys.version_info)
"""As runtimes.PythonRuntime has it."""

_Timed: TypeAlias = tuple[float, str]
"""A time, seconds since the epoch, and a message."""

_Written: TypeAlias = tuple[float, str, str]
"""Its time, log stream and message."""


def lines(past: Past, caller: Caller, at: float) -> list[_Written]:
    """What a caller's calls in the minute that begins at `at` left in the log of the function, in order."""
    writing = _Writing(caller, past.chance(caller.function, at, "lines"))
    written: list[_Written] = []
    for minute in past.called(caller, at):
        for call in calls(past, caller, minute):
            written += ((when, call.environment.stream, said) for when, said in writing.call(call))
    written.sort(key=lambda it: it[0])  # stable: of one instant, as they were written
    span = next((it for it in past.spans if it.start == at), None)
    if span is not None:
        written.insert(0, _begin(past, span, writing.sample))
    return written


def _begin(past: Past, span: Span, sample: Sample) -> _Written:
    """The line that stands before all others of a span."""
    said = Said(_words(past, span), "INFO" if sample.json_logs else "")
    version = next((alias.version for alias in sample.aliases), "$LATEST")
    stream = first_environment(past, sample, version, span.start).stream
    return span.start, stream, _record(said, "", span.start, sample)


def _words(past: Past, span: Span) -> str:
    since, until = (platform_lines.timestamp(at)[11:19] for at in span)
    older = ""
    if span == past.recent:
        older = " There are older ones around the same time a day and a week ago only."
    return f"Demo history: the lines from {since} to {until} UTC are made up, and the metrics with them.{older}"


class _Writing:
    """Writes the lines of a function's calls in one minute."""

    def __init__(self, caller: Caller, chance: Random) -> None:
        self.sample = SAMPLES[caller.function]
        self._arn = self._program("").arn + (f":{caller.qualifier}" if caller.qualifier else "")
        self._chance = chance
        self._lines: dict[Environment, platform_lines.Lines] = {}
        self._memory: defaultdict[Environment, int] = defaultdict(int)

    def call(self, call: Called) -> Iterator[_Timed]:
        """The lines of one call."""
        environment = call.environment
        lines = self._lines.get(environment)
        if lines is None:
            program = self._program(environment.version)
            lines = self._lines[environment] = platform_lines.of(program, environment.stream, "on-demand")
        act, at, init = call.act, call.at, None
        if call.cold is not None:
            init = Init(call.cold.duration)
            yield from _at(at, lines.init_started(at, _RUNTIME))
            yield from self._say(call.cold.said, "", at, init.duration)
            at += init.duration
            yield from _at(at, lines.init_ended(at, init))
        request = Call(_request_id(self._chance), b"", self._arn)
        yield from _at(at, lines.started(at, request))
        yield from self._say(act.said, request.request_id, at, act.duration)
        at += act.duration
        if act.status is Status.TIMEOUT:
            limit = timed_out(self.sample.timeout).message
            yield at, f"{platform_lines.timestamp(at)} {request.request_id} {limit}\n"
        elif act.error_type == OUT_OF_MEMORY.in_report:
            yield at, OUT_OF_MEMORY.line(request.request_id) + "\n"
        most = max(self._memory[environment], act.memory)  # an environment tells of the most that it ever took
        memory = self._memory[environment] = min(most, self.sample.memory)
        result = Result(b"null", act.duration, memory, act.status, act.error_type, init=init)
        yield from _at(at, lines.ended(at, request, result))

    def _say(self, said: tuple[Said, ...], request_id: str, at: float, duration: float) -> Iterator[_Timed]:
        for number, record in enumerate(said):
            when = at + duration * (number + 0.5) / len(said)
            yield when, _record(record, request_id, when, self.sample)

    def _program(self, version: str) -> Program:
        sample = self.sample
        logging = Logging(sample.group, sample.json_logs)
        return Program(HOME, sample.name, version, sample.runtime, "app.handler", logging, memory=sample.memory)


def _at(at: float, messages: Iterable[str]) -> Iterator[_Timed]:
    return ((at, message) for message in messages)


def _record(said: Said, request_id: str, at: float, sample: Sample) -> str:
    """A log record as the runtime writes it, awslambdaric's formats."""
    if sample.json_logs:
        head = {
            "timestamp": platform_lines.timestamp(at)[:19] + "Z",
            "level": said.level,
            "message": said.text,
            "logger": said.logger,
        }
        identity = {"requestId": request_id} if request_id else {}
        return json.dumps({**head, **identity, **said.fields}, ensure_ascii=False) + "\n"
    if said.level:
        return f"[{said.level}]\t{platform_lines.timestamp(at)}\t{request_id}\t{said.text}\n"
    return said.text + "\n"


def _request_id(chance: Random) -> str:
    """A random UUID, version 4, without the making of a UUID object."""
    digits = f"{chance.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"
