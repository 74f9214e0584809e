"""What a gateway of a test is made with."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lambdatui.aws.clients import CLASSES
from lambdatui.aws.gateway import Aws
from lambdatui.local import identity
from lambdatui.model.functions import Function
from lambdatui.model.invocations import Outcome, Request
from lambdatui.model.logs import LogGroup, TailRequest, TailUpdate

REGION = "eu-west-1"


class Journal:
    """An audit journal in memory. `full` makes it refuse from that line on, as a full disk does."""

    def __init__(self) -> None:
        self.lines: list[Mapping[str, Any]] = []
        self.full: int | None = None
        self.name = "audit.jsonl"

    async def __call__(self, line: Mapping[str, Any]) -> None:
        if self.full is not None and len(self.lines) >= self.full:
            raise OSError(28, "No space left on device", self.name)
        self.lines.append(line)

    @property
    def results(self) -> list[str]:
        """What each line says: its phase, or how it ended."""
        return [line.get("result", line["phase"]) for line in self.lines]


class Writable:
    """Rules under which everything is allowed."""

    def read_only_reason(self, profile: str | None, account: str | None) -> str | None:
        return None

    def production(self, profile: str | None, account: str | None) -> bool:
        return False


IMPATIENT = {kind: replace(rules, read=0.3) for kind, rules in CLASSES.items()}
"""The rules of the program with short time limits."""

Opener = Callable[..., Aws]
"""Makes gateways that are closed after the test. Arguments: those of Target, `guard` and `rules`."""


async def listed(aws: Aws) -> Sequence[Function]:
    """All functions."""
    return [function async for page in aws.functions.pages() for function in page]


async def invoke(aws: Aws, payload: bytes = b"{}", *, confirmed: bool = False) -> Outcome:
    """One invocation of the function `f`."""
    return await aws.invocations.send(Request("f", payload, timeout=3), confirmed=confirmed)


def followed(aws: Aws, group: str) -> AsyncGenerator[TailUpdate, None]:
    """The updates of a tail of one log group."""
    return aws.logs.tail(TailRequest([LogGroup(group)])).updates()


@dataclass(frozen=True)
class Here:
    """An embedded endpoint that runs, and does not end."""

    address: str

    async def url(self) -> str:
        return self.address

    async def restart(self) -> None:
        """It does not end."""


def embedded(opened: Opener, url: str) -> Aws:
    """A gateway to the embedded endpoint at a URL."""
    return opened(embedded=Here(url), region=identity.REGION, keys=(identity.ACCESS_KEY_ID, identity.SECRET_ACCESS_KEY))
