"""One fault met by one method of a facade: what comes of it, told in sentences where it is not as it should be."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from time import perf_counter

from lambdatui.aws.gateway import Aws
from lambdatui.aws.guard import Guard
from lambdatui.aws.target import Target
from lambdatui.model.errors import AwsError, Missing, OutcomeUnknown
from lambdatui.model.text import visible
from tests.aws.fault_server import FaultServer
from tests.aws.gateways import REGION, Journal, Writable
from tests.faults.catalogue import ANY, Fault, healthy
from tests.faults.operations import GONE_IS_SKIPPED, NONE_IF_EMPTY, NONE_IF_MISSING, Call, Told, operations
from tests.faults.surroundings import LONGEST, QUICK, Leftovers


def gateway(server: FaultServer, *, https: bool = False) -> Aws:
    """A gateway to the server, with short limits, that may do everything."""
    url = server.url.replace("http:", "https:") if https else server.url
    return Aws(Target(region=REGION, endpoint_url=url), Guard(Journal(), Writable()), QUICK)


async def found_operations() -> list[Call]:
    """What the program calls, as a healthy server has seen it."""
    async with FaultServer() as server, gateway(server) as aws:
        return await operations(aws, server)


def faulty_words(problem: AwsError, call: Call) -> Iterable[str]:
    """What an error lacks to be told to a person."""
    if problem.operation != call.operation:
        yield f"the error is of {problem.operation}"
    for name, text in (("reason", problem.reason), ("remedy", problem.remedy)):
        if not text.strip() or "\n" in text or len(text) > 1000:
            yield f"the {name} is no sentence: {text[:60]!r}"
        elif text.rstrip()[-1] not in ".!?)…":
            yield f"the {name} has no end: {text[-40:]!r}"
        if visible(text) != text:
            yield f"the {name} is not safe: {text!r}"


def _faulty_outcome(outcome: object, call: Call, fault: Fault) -> Iterable[str]:
    if isinstance(outcome, AwsError):
        kinds = fault.expected(mutates=call.mutates)
        if not isinstance(outcome, kinds):
            yield f"{type(outcome).__name__} ({outcome.reason}) is not {' or '.join(kind.__name__ for kind in kinds)}"
        # Before a request, the fault meets whatever a method asks for first.
        yield from faulty_words(outcome, replace(call, operation=outcome.operation) if fault.at_accept else call)
    elif isinstance(outcome, Told):
        if len(outcome.note.split()) < 4 or "\x1b" in outcome.note:
            yield f"the tail says no more than {outcome.note!r}"
    elif isinstance(outcome, Exception):
        yield f"{type(outcome).__name__} came through: {outcome}"
    elif not (fault.harmless or (fault.in_payload and call.mutates) or none_is_right(call, fault)):
        yield f"there was an answer: {str(outcome)[:80]}"


def none_is_right(call: Call, fault: Fault) -> bool:
    """Whether the answer may be that there is none of what was asked for."""
    none = call.operation in NONE_IF_MISSING or (call.facade, call.method) in GONE_IS_SKIPPED
    missing = none and fault.kinds in {(Missing,), ANY}
    return missing or (call.operation in NONE_IF_EMPTY and fault.in_payload)


async def _outcome(call: Call, aws: Aws) -> object:
    try:
        async with asyncio.timeout(LONGEST * 2):
            return await call(aws)
    except Exception as problem:  # noqa: BLE001 (what comes through is what is looked for)
        return problem


async def meet(call: Call, fault: Fault, chance: random.Random) -> list[str]:
    """Have the fault, then a healthy server; what was wrong, a sentence each."""
    said: list[str] = []
    before = Leftovers()
    async with FaultServer() as server:
        async with gateway(server, https=fault.https) as aws:
            await aws.account.place()
            reply = fault.make(call.operation, chance)
            if fault.at_accept:
                server.at_accept = reply
            else:
                server.plan(call.operation, reply)
            began = perf_counter()
            outcome = await _outcome(call, aws)
            if (took := perf_counter() - began) > LONGEST:
                said.append(f"it took {took:.1f} s")
            asked = server.operations.count(call.operation)
            said += _faulty_outcome(outcome, call, fault)
            said += _faulty_count(asked, call, fault, answered=not isinstance(outcome, AwsError | Told))
            said += await _heal(server, call, aws) if not fault.https else []
        gone = asyncio.create_task(server.all_gone())
        await asyncio.wait({gone}, timeout=LONGEST)
        said += [f"{server.open_connections} connections are left"] if server.open_connections else []
        gone.cancel()
    said += await before.found()
    return [f"{call.operation}, {fault.name}: {sentence}" for sentence in said]


def _faulty_count(asked: int, call: Call, fault: Fault, *, answered: bool) -> Sequence[str]:
    if call.mutates or call.live:
        right = asked == 1 or (fault.at_accept and asked == 0)
    else:
        right = asked in fault.requests or (answered and asked >= 1)
    return [] if right else [f"{asked} requests"]


async def _heal(server: FaultServer, call: Call, aws: Aws) -> list[str]:
    """Whether the same gateway has the answer once all is well."""
    server.at_accept = None
    server.plan(call.operation, healthy(call.operation))
    outcome = await _outcome(call, aws)
    if isinstance(outcome, OutcomeUnknown):
        outcome = await _outcome(call, aws)  # what the fault ended with a FIN was still held to be open
    return [f"it did not recover: {outcome}"] if isinstance(outcome, Exception | Told) else []
