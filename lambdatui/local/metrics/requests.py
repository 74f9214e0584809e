"""A request's parameters, held to their shapes."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from lambdatui.local.metrics import faults
from lambdatui.local.metrics.pace import Pace
from lambdatui.local.metrics.shapes import Flag, Many, Moment, Operation, Record, Shape, Text, Whole

_LAST = 253_402_300_799  # the end of the year 9999
_SURROGATE = re.compile(r"[\ud800-\udfff]")


class _Checking:
    """One request, while it is checked: what is wrong with it, in the order in which it is found."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self.missing: list[str] = []
        self.invalid: list[str] = []

    async def record(self, shape: Record, raw: Any, where: str) -> dict[str, Any]:
        if not isinstance(raw, Mapping):
            raise _wrong(where, "a structure")
        given = {}
        for name, member in shape.members.items():
            value = raw.get(name)
            path = f"{where}.{name}" if where else name
            if value is not None:
                given[name] = await self.value(member, value, path)
            elif name in shape.required:
                self.missing.append(f"The parameter {path} is required.")
        return given

    async def value(self, shape: Shape, raw: Any, where: str) -> Any:
        if isinstance(shape, Record):
            await self.pace.rest()
            return await self.record(shape, raw, where)
        if isinstance(shape, Many):
            return await self._many(shape, raw, where)
        if isinstance(shape, Text):
            return self._text(shape, raw, where)
        if isinstance(shape, Flag):
            return _flag(raw, where)
        if isinstance(shape, Moment):
            return _moment(raw, where)
        if isinstance(shape, Whole):
            return self._whole(shape, raw, where)
        return _real(raw, where)

    async def _many(self, shape: Many, raw: Any, where: str) -> list[Any]:
        if not isinstance(raw, list | tuple):
            raise _wrong(where, "a list")
        if len(raw) > shape.most:
            self.invalid.append(f"The collection {where} must not have a size greater than {shape.most}.")
        if len(raw) < shape.least:
            self.invalid.append(f"The collection {where} must have a size of at least {shape.least}.")
        return [
            await self.value(shape.of, item, f"{where}.member.{number}")
            for number, item in enumerate(raw[: shape.most], 1)
            if item is not None
        ]

    def _text(self, shape: Text, raw: Any, where: str) -> str:
        if not isinstance(raw, str) or _SURROGATE.search(raw):
            raise _wrong(where, "a string")
        if shape.values and raw not in shape.values:
            self.invalid.append(f"The parameter {where} must be a value in the set [ {', '.join(shape.values)} ].")
        elif not shape.least <= len(raw) <= shape.most:
            self.invalid.append(f"The parameter {where} must have a length from {shape.least} to {shape.most}.")
        return raw

    def _whole(self, shape: Whole, raw: Any, where: str) -> int:
        if isinstance(raw, str) and re.fullmatch(r"[+-]?\d{1,10}", raw):
            raw = int(raw)
        if isinstance(raw, float) and raw.is_integer():
            raw = int(raw)
        if not isinstance(raw, int) or isinstance(raw, bool) or abs(raw) >= 1 << 31:
            raise _wrong(where, "an integer")
        if raw < shape.least:
            self.invalid.append(f"The parameter {where} must be greater than or equal to {shape.least}.")
        return raw


async def checked(operation: Operation, raw: Any, pace: Pace) -> dict[str, Any]:
    """The parameters by their names, with Python's types; those not in the shape are left out.

    `raw` is what a protocol has read: numbers and booleans may be strings, timestamps datetimes. Raises Fault.
    """
    checking = _Checking(pace)
    given = await checking.record(operation.takes, raw, "")
    if operation.one_code and checking.missing + checking.invalid:
        raise faults.validation(checking.missing + checking.invalid)
    if checking.missing:
        raise faults.missing("\n".join(checking.missing))
    if checking.invalid:
        raise faults.invalid_value(*checking.invalid)
    return given


def _wrong(where: str, kind: str) -> faults.Fault:
    return faults.unreadable(f"{where or 'The body'} is not {kind}.")


def _flag(raw: Any, where: str) -> bool:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.lower() in ("true", "false"):
        return raw.lower() == "true"
    raise _wrong(where, "a boolean")


def _real(raw: Any, where: str) -> float:
    """NaN and the infinities too: operations say more of what is wrong with them."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise _wrong(where, "a number")
    try:
        return float(raw)
    except (ValueError, OverflowError):
        raise _wrong(where, "a number") from None


def _moment(raw: Any, where: str) -> float:
    try:
        if isinstance(raw, str):
            raw = float(raw) if re.fullmatch(r"\d+(\.\d+)?", raw) else datetime.fromisoformat(raw)
        if isinstance(raw, datetime):
            raw = (raw if raw.tzinfo else raw.replace(tzinfo=UTC)).timestamp()
        seconds = _real(raw, where)
    except (ValueError, OverflowError):
        raise _wrong(where, "a timestamp") from None
    if not (math.isfinite(seconds) and 0 <= seconds <= _LAST):
        raise _wrong(where, "a timestamp")
    return seconds
