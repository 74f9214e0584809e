"""The words of the past that is made up: what an invocation did and said, and pieces of what the functions say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

from lambdatui.local.execution import Status

_TASK = "/var/task/app.py"


class Said(NamedTuple):
    """A log record of a function."""

    text: str
    level: str = ""
    """As Python's logging names it; empty for what is printed."""
    fields: Mapping[str, object] = {}
    """The fields of a JSON record beside its message."""
    logger: str = "root"


class Act(NamedTuple):
    """One invocation."""

    duration: float
    """Seconds, without an init."""
    said: tuple[Said, ...] = ()
    memory: int = 15
    """The most that was used, MB."""
    status: Status = Status.SUCCESS
    error_type: str = ""


def sku(chance: Random) -> str:
    """An article number. Few are asked for often."""
    return f"SKU-{1000 + int(chance.paretovariate(0.4)) % 9000}"


def order_number(chance: Random) -> str:
    """As orders-create makes them."""
    return f"{datetime.now(UTC):%y%m%d}-{chance.randrange(10_000, 99_999)}"


def payment(chance: Random) -> str:
    """A payment's id."""
    return f"{chance.randrange(16**12):012x}"


def money(cents: int) -> str:
    """As the layer shop-common writes it."""
    return f"{cents // 100}.{cents % 100:02d} EUR"


@cache
def trace(folder: str, *frames: tuple[str, str]) -> str:
    """A traceback through these lines of functions/<folder>/app.py, each with the name of what it stands in."""
    code = Path(__file__).with_name("functions").joinpath(folder, "app.py").read_text("utf-8").splitlines()
    stripped = [line.strip() for line in code]
    lines = [f'  File "{_TASK}", line {stripped.index(line) + 1}, in {name}\n    {line}' for line, name in frames]
    return "\n".join(("Traceback (most recent call last):", *lines))
