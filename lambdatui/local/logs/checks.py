"""The form of a request: held to its input shape in botocore's service model, before anything is done with it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from botocore.loaders import Loader
from botocore.model import ServiceModel

from lambdatui.local.logs.errors import LogsError, invalid

_BY_HAND = frozenset({"InputLogEvents"})
"""Shapes whose items are checked where they are used: a batch has 10,000 events."""

_TOKENS = {dict: "START_OBJECT", list: "START_ARRAY", str: "STRING_VALUE", int: "NUMBER_VALUE", float: "DECIMAL_VALUE"}
_LONG = 1 << 63
_NAMES = {"string": "String", "integer": "Integer", "long": "Long", "boolean": "Boolean"}


class Checks:
    """What may be in the requests of CloudWatch Logs. Making it reads the model: some 10 ms."""

    def __init__(self) -> None:
        self._model = ServiceModel(Loader().load_service_model("logs", "service-2"), "logs")

    def request(self, operation: str, body: bytes) -> dict[str, Any]:
        """The members of a request that fits the operation's input shape; null is the same as absent.

        Raises LogsError: SerializationException for what cannot be read, InvalidParameterException with every
        constraint that is not met for what may not be.
        """
        try:
            members = json.loads(body or b"{}")
        except (ValueError, RecursionError) as problem:
            raise LogsError("SerializationException", "The request body is not valid JSON.") from problem
        shape: Any = self._model.operation_model(operation).input_shape
        _deserialized(shape, members)
        violations = list(_violations(shape, members, ""))
        if violations:
            count = f"{len(violations)} validation error{'s' if len(violations) > 1 else ''} detected: "
            raise invalid(count + "; ".join(violations))
        return {name: value for name, value in members.items() if value is not None}


def _deserialized(shape: Any, value: Any) -> None:
    """Raises SerializationException where a value is of another type than its shape. Unknown members are let be."""
    if value is None:
        return
    kind = shape.type_name
    if not _is(kind, value):
        if kind in ("structure", "map", "list") or isinstance(value, dict | list):
            found = "list" if isinstance(value, list) else "structure or map" if isinstance(value, dict) else "field"
            raise LogsError("SerializationException", f"Start of {found} found where not expected.")
        token = f"{str(value).upper()}_VALUE" if isinstance(value, bool) else _TOKENS[type(value)]
        raise LogsError("SerializationException", f"{token} cannot be converted to {_NAMES.get(kind, kind)}")
    if kind == "structure":
        for name, member in shape.members.items():
            _deserialized(member, value.get(name))
    elif kind == "list" and shape.name not in _BY_HAND:
        for item in value:
            _deserialized(shape.member, item)


def _is(kind: str, value: Any) -> bool:
    if kind in ("structure", "map"):
        return isinstance(value, dict)
    if kind in ("integer", "long"):
        return isinstance(value, int) and not isinstance(value, bool) and -_LONG <= value < _LONG
    types: Mapping[str, type] = {"list": list, "string": str, "boolean": bool}
    return kind not in types or isinstance(value, types[kind])


def _violations(shape: Any, value: Any, path: str) -> Iterator[str]:
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            inner = f"{path}.{name}" if path else name
            if value.get(name) is not None:
                yield from _violations(member, value[name], inner)
            elif name in shape.required_members:
                yield f"Value null at '{inner}' failed to satisfy constraint: Member must not be null"
        return
    for constraint in _broken(shape, value):
        yield f"Value {_shown(value)} at '{path}' failed to satisfy constraint: {constraint}"
    if shape.type_name == "list" and shape.name not in _BY_HAND:
        for number, item in enumerate(value, 1):
            yield from _violations(shape.member, item, f"{path}.{number}.member")


def _broken(shape: Any, value: Any) -> Iterator[str]:
    limits = shape.metadata
    sized = isinstance(value, str | list | dict)
    size, what = (len(value), "length") if sized else (value, "value")
    if "min" in limits and size < limits["min"]:
        yield f"Member must have {what} greater than or equal to {limits['min']}"
    if "max" in limits and size > limits["max"]:
        yield f"Member must have {what} less than or equal to {limits['max']}"
    if "enum" in limits and value not in limits["enum"]:
        yield f"Member must satisfy enum value set: [{', '.join(limits['enum'])}]"
    if "pattern" in limits and not re.fullmatch(limits["pattern"], value):
        yield f"Member must satisfy regular expression pattern: {limits['pattern']}"


def _shown(value: Any) -> str:
    return f"'{str(value[:3] if isinstance(value, list) else value)[:200]}'"
