"""The operations that the program calls, found by calling every method of every facade."""

from __future__ import annotations

import inspect
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from lambdatui.aws.gateway import Aws
from lambdatui.aws.guard import WRITES
from lambdatui.aws.tail import Tail
from lambdatui.model.concurrency import AccountLimits
from lambdatui.model.errors import AwsError
from lambdatui.model.invocations import Request
from lambdatui.model.logs import LogGroup, TailRequest, TailUpdate
from lambdatui.model.metrics import Need, Range, figure, of_function
from tests.aws.fault_server import FaultServer

ARGUMENTS: Mapping[str, Any] = {
    "name": "orders",
    "alias": "live",
    "layer": "shop",
    "arn": "arn:aws:lambda:eu-west-1:123456789012:layer:shop:3",
    "start": 1_790_000_000_000,
    "end": 1_790_000_060_000,
    "wanted": TailRequest([LogGroup("/aws/lambda/orders")]),
    "request": Request("orders", b"{}", timeout=1),
    "function": "orders",
    "needs": [Need(of_function("orders", "Invocations", "Sum"), figure(Range.HOUR))],
    "names": ["orders"],
    "metrics": ["Throttles"],
    "limits": AccountLimits(1000, 900),
}
"""What the facades' methods are called with, by the names of their parameters."""

ASKED_ONCE = frozenset({"lambda:GetLayerVersionByArn"})
"""Operations of what never changes: a refresh does not ask for it again."""

NONE_IF_MISSING = frozenset(
    {"lambda:GetFunctionCodeSigningConfig", "lambda:GetPolicy", "lambda:ListProvisionedConcurrencyConfigs"}
)
"""Operations to which "not found" is the answer that there is none."""

GONE_IS_SKIPPED = frozenset({("concurrency", "reservations")})
"""Methods of facades that go on without a function that is no longer there."""

NONE_IF_EMPTY = frozenset({"lambda:GetFunctionCodeSigningConfig"})
"""Operations to which an answer with nothing in it is the answer that there is none."""


_BEFORE = frozenset({"logs:FilterLogEvents", "sts:GetCallerIdentity"})
"""What a live tail asks for before it begins; it is tried by itself."""


@dataclass(frozen=True)
class Told:
    """What a tail says of a failure that it outlives."""

    note: str


@dataclass(frozen=True)
class Call:
    """One method of a facade, and the operation that it calls."""

    facade: str
    method: str
    operation: str = ""
    live: bool = False
    """Whether it is a tail that wants StartLiveTail: how that goes is what it gives."""
    streaming: bool = False
    """Whether it is an invocation whose response is streamed."""

    @property
    def mutates(self) -> bool:
        """Whether it may change something."""
        return self.operation in WRITES

    async def __call__(self, aws: Aws) -> Any:
        """Its answer, all pages of it; of a tail the first update. Raises AwsError."""
        method = getattr(getattr(aws, self.facade), self.method)
        required = [it for it in inspect.signature(method).parameters.values() if it.default is it.empty]
        given = {it.name: ARGUMENTS[it.name] for it in required}
        if self.streaming:
            given["request"] = replace(given["request"], streaming=True)
        result = method(**given)
        if isinstance(result, Tail):
            result.live = self.live
        pages: Any = result.updates() if isinstance(result, Tail) else result
        if self.live:
            return await _live(pages)
        return await (pages if inspect.isawaitable(pages) else _read(pages))


async def _read(pages: AsyncGenerator[Any, None]) -> Any:
    read = []
    async with aclosing(pages):
        async for page in pages:
            if isinstance(page, TailUpdate):
                return Told(page.note) if page.failed or page.note else page
            read.append(page)
    return read


async def _live(updates: AsyncGenerator[TailUpdate, None]) -> TailUpdate | Told:
    async with aclosing(updates):
        async for update in updates:
            polls, _, trouble = update.state.partition(" · ")
            if update.failed:
                return Told(update.note)
            if polls.startswith("live "):
                return update
            if trouble and trouble != "live connecting":
                return Told(update.state)
    raise AssertionError("a tail has no end")


def methods() -> list[Call]:
    """Every public method of every facade that waits for something."""
    found = []
    for facade, attribute in vars(Aws).items():
        if isinstance(attribute, cached_property) and not facade.startswith("_"):
            kind = inspect.signature(attribute.func, eval_str=False).return_annotation
            for name, member in vars(_facade(facade, kind)).items():
                waits = inspect.iscoroutinefunction(member) or inspect.isasyncgenfunction(member)
                follows = inspect.isfunction(member) and inspect.signature(member).return_annotation == "Tail"
                if (waits or follows) and not name.startswith("_"):
                    found.append(Call(facade, name))
                if follows:
                    found.append(Call(facade, name, live=True))
                if waits and "request" in inspect.signature(member).parameters:
                    found.append(Call(facade, name, streaming=True))
    return found


def _facade(module: str, name: str) -> type:
    import importlib

    return getattr(importlib.import_module(f"lambdatui.aws.{module}"), name)  # type: ignore[no-any-return]


async def operations(aws: Aws, server: FaultServer) -> list[Call]:
    """The methods that ask AWS for something, by what a server has seen of them. What it answers is of no matter."""
    found = []
    for call in methods():
        server.journal.clear()
        with suppress(AwsError):
            await call(aws)
        asked = dict.fromkeys(server.operations)
        found += [replace(call, operation=it) for it in asked if it not in _BEFORE or not call.live]
    return found
