"""The log lines of calls that are made up, as the functions, their runtime and the platform would have written them."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from random import Random
from typing import TYPE_CHECKING, TypeAlias

from lambdatui.local import platform_lines
from lambdatui.local.demo.acts import Said
from lambdatui.local.demo.catalogue import Sample
from lambdatui.local.demo.past import SAMPLES, Environment, Past
from lambdatui.local.demo.traffic import Caller
from lambdatui.local.execution import Call, Init, Logging, Program, Result, Status
from lambdatui.local.places import HOME
from lambdatui.local.sandbox.faults import OUT_OF_MEMORY, timed_out

if TYPE_CHECKING:
    from lambdatui.local.log_store import LogStore

_RUNTIME = "python:{}.{}.v{}".format(*sys.version_info)
"""As runtimes.PythonRuntime has it."""

_Timed: TypeAlias = tuple[float, str]
"""A message and its time, seconds since the epoch."""


class PastLog:
    """The log of the function that a caller calls."""

    def __init__(self, store: LogStore, caller: Caller, begin: _Timed, chance: Random) -> None:
        """`begin` is a line that stands before all others, in the log stream of the first call."""
        self._store = store
        self._sample = SAMPLES[caller.function]
        self._arn = self._program("").arn + (f":{caller.qualifier}" if caller.qualifier else "")
        self._begin = begin
        self._chance = chance
        self._lines: dict[Environment, platform_lines.Lines] = {}
        self._memory: defaultdict[Environment, int] = defaultdict(int)

    def write(self, calls: Iterable[Past]) -> None:
        """Write what calls left behind, those that were throttled nothing."""
        begun = bool(self._lines)
        events: defaultdict[Environment, list[_Timed]] = defaultdict(list)
        for call in calls:
            if call.environment is not None:
                events[call.environment].extend(self._call(call, call.environment))
        for environment, written in events.items():
            if not begun:
                at, words = self._begin
                said = Said(words, "INFO" if self._sample.json_logs else "")
                self._append(environment.stream, [(at, _record(said, "", at, self._sample))])
                begun = True
            self._append(environment.stream, written)

    def _append(self, stream: str, events: Iterable[_Timed]) -> None:
        self._store.append(HOME, self._sample.group, stream, [(int(at * 1000), message) for at, message in events])

    def _call(self, call: Past, environment: Environment) -> Iterator[_Timed]:
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
            limit = timed_out(self._sample.timeout).message
            yield at, f"{platform_lines.timestamp(at)} {request.request_id} {limit}\n"
        elif act.error_type == OUT_OF_MEMORY.in_report:
            yield at, OUT_OF_MEMORY.line(request.request_id) + "\n"
        most = max(self._memory[environment], act.memory)  # an environment tells of the most that it ever took
        memory = self._memory[environment] = min(most, self._sample.memory)
        result = Result(b"null", act.duration, memory, act.status, act.error_type, init=init)
        yield from _at(at, lines.ended(at, request, result))

    def _say(self, said: tuple[Said, ...], request_id: str, at: float, duration: float) -> Iterator[_Timed]:
        for number, record in enumerate(said):
            when = at + duration * (number + 0.5) / len(said)
            yield when, _record(record, request_id, when, self._sample)

    def _program(self, version: str) -> Program:
        sample = self._sample
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
