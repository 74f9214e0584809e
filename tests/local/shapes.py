"""Whether an answer is one that a service could give: held to the output shape in botocore's model of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any

import botocore.session


@cache
def model(service: str) -> Any:
    """botocore's model of a service: `model("logs").operation_model("GetLogEvents").output_shape`."""
    return botocore.session.get_session().get_service_model(service)


def fits(service: str, operation: str, answer: Mapping[str, Any]) -> list[str]:
    """What is wrong with an answer: members that are missing, unknown or of another type, values that no enum has.

    `answer` is what a botocore client returned, or the parsed body of a JSON response. An event stream is not read.
    """
    shape = model(service).operation_model(operation).output_shape
    members = {name: value for name, value in answer.items() if name != "ResponseMetadata"}
    if shape is None:
        return [f"{name}: not in the answer" for name in members]
    return list(_problems(shape, members, operation))


def _problems(shape: Any, value: Any, where: str) -> Iterator[str]:
    kind = shape.type_name
    if not _TYPES[kind](value):
        yield f"{where}: {type(value).__name__}, not {kind}"
    elif kind == "structure":
        yield from _members(shape, value, where)
    elif kind == "list":
        for index, item in enumerate(value):
            yield from _problems(shape.member, item, f"{where}[{index}]")
    elif kind == "map":
        for key, item in value.items():
            yield from _problems(shape.key, key, f"{where} key {key!r}")
            yield from _problems(shape.value, item, f"{where}.{key}")
    elif kind == "string" and shape.enum and value not in shape.enum:
        yield f"{where}: {value!r} is none of {', '.join(shape.enum)}"


def _members(shape: Any, value: Mapping[str, Any], where: str) -> Iterator[str]:
    if getattr(shape, "is_document_type", False) or shape.serialization.get("eventstream"):
        return
    names = {member.serialization.get("name", name): name for name, member in shape.members.items()}
    given = {names.get(name, name): item for name, item in value.items() if item is not None}
    for name in shape.required_members:
        if name not in given:
            yield f"{where}.{name}: missing"
    for name, item in given.items():
        if name not in shape.members:
            yield f"{where}.{name}: not in {shape.name}"
        elif not shape.members[name].serialization.get("eventstream"):
            yield from _problems(shape.members[name], item, f"{where}.{name}")


def _integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "structure": lambda value: isinstance(value, Mapping),
    "map": lambda value: isinstance(value, Mapping),
    "list": lambda value: isinstance(value, list | tuple),
    "string": lambda value: isinstance(value, str),
    "character": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": _integer,
    "long": _integer,
    "float": _number,
    "double": _number,
    "timestamp": lambda value: isinstance(value, datetime | str) or _number(value),
    "blob": lambda value: isinstance(value, bytes | str) or hasattr(value, "read"),
}
