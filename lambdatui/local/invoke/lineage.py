"""The trace header of an invocation, and in it the count by which Lambda stops functions that call themselves.

AWS's SDKs in a function send the header of its invocation with every request (X-Amzn-Trace-Id), so that a chain of
calls is known as one: `Lineage=1:a87bd80c:3|68fd508a:1` says how often each function was invoked in it before.
Source: AWS Compute Blog, "Detecting and stopping recursive loops in AWS Lambda functions".
"""

from __future__ import annotations

import re
import secrets
import time
import zlib
from typing import NamedTuple

MOST = 16
"""Invocations of a function in one chain that run; the next is stopped. AWS says "approximately 16 times"."""

_ROOT = re.compile(r"(?:^|;)\s*Root=(1-[0-9a-f]{8}-[0-9a-f]{24})", re.IGNORECASE)
_SAMPLED = re.compile(r"(?:^|;)\s*Sampled=([01])", re.IGNORECASE)
_LINEAGE = re.compile(r"(?:^|;)\s*Lineage=(?:\d+:)?([0-9a-f]{8}:\d{1,9}(?:\|[0-9a-f]{8}:\d{1,9})*)", re.IGNORECASE)
_LONGEST = 2048
_REMEMBERED = 32
"""Functions of a chain that are counted; the longest since are forgotten."""


class Step(NamedTuple):
    """One invocation in a chain."""

    trace: str
    """Its own header."""
    before: int
    """How often its function was invoked in the chain before."""

    @property
    def loops(self) -> bool:
        """Whether Lambda stops it, unless the function's RecursiveLoop is Allow."""
        return self.before >= MOST


def step(inbound: str, function_arn: str) -> Step:
    """The invocation of a function by a request that carried `inbound` as its X-Amzn-Trace-Id; empty for none."""
    inbound = inbound[:_LONGEST]
    root = _ROOT.search(inbound)
    sampled = _SAMPLED.search(inbound)
    counts = _counts(inbound)
    function = f"{zlib.crc32(function_arn.encode()):08x}"
    before = counts.pop(function, -1) + 1
    counts[function] = before  # the last: forgotten last
    lineage = "|".join(f"{name}:{count}" for name, count in list(counts.items())[-_REMEMBERED:])
    trace = (
        f"Root={root[1] if root else f'1-{int(time.time()):08x}-{secrets.token_hex(12)}'};"
        f"Parent={secrets.token_hex(8)};Sampled={sampled[1] if sampled else 0};Lineage=1:{lineage}"
    )
    return Step(trace, before)


def _counts(inbound: str) -> dict[str, int]:
    found = _LINEAGE.search(inbound)
    if not found:
        return {}
    pairs = (part.split(":") for part in found[1].split("|"))
    return {name.lower(): int(count) for name, count in pairs}
