"""Answers made from the SDK's own model of an operation: as AWS gives them, and of another form in many ways."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import botocore.loaders
import botocore.model

Change = Callable[[Any, Any, random.Random], Any]
"""Takes a value, its shape and chance; gives what stands in its place."""


@cache
def _service(name: str) -> botocore.model.ServiceModel:
    return botocore.model.ServiceModel(botocore.loaders.create_loader().load_service_model(name, "service-2"), name)


def output(operation: str) -> Any:
    """The output shape of "lambda:GetFunction"."""
    service, _, name = operation.partition(":")
    return _service(service).operation_model(name).output_shape


def is_json(operation: str) -> bool:
    """Whether the whole answer is JSON: not XML, nor a payload that is the function's."""
    service, _, _ = operation.partition(":")
    shape = output(operation)
    return "json" in _service(service).metadata["protocol"] and "payload" not in shape.serialization


def _as_is(value: Any, shape: Any, chance: random.Random) -> Any:
    return value


def example(shape: Any, chance: random.Random, change: Change = _as_is, name: str = "f") -> Any:
    """A value of a shape with every member there, each passed through `change`."""
    value: Any
    if shape.type_name == "structure":
        value = {
            member.serialization.get("name", key): example(member, chance, change, key)
            for key, member in shape.members.items()
            if not key.endswith(("Token", "Marker")) and member.serialization.get("location") is None
        }
    elif shape.type_name == "list":
        value = [example(shape.member, chance, change, name) for _ in range(2)]
    elif shape.type_name == "map":
        value = {"key": example(shape.value, chance, change, name)}
    else:
        enum = getattr(shape, "enum", None)
        plain = {"integer": 7, "long": 1_790_000_000_000, "boolean": True, "double": 1.5, "timestamp": 1.5}
        value = chance.choice(enum) if enum else plain.get(shape.type_name, f"{name}-{chance.randrange(10**6)}")
    return change(value, shape, chance)


def _compound(shape: Any) -> bool:
    return shape.type_name in {"structure", "list", "map"}


STRANGE: tuple[Any, ...] = (None, 7, -1, True, "x", "", [], {}, 1.5, [None], {"a": None}, "NaN", [[]], 10**30)


def _sometimes(value: Any, shape: Any, chance: random.Random) -> Any:
    return chance.choice(STRANGE) if chance.random() < 0.2 else value


def _number(value: Any, shape: Any, chance: random.Random) -> Any:
    numbers = (10**30, -(10**18), 2**63, 10**400, float("nan"), float("inf"), 1e308, 0)
    return chance.choice(numbers) if shape.type_name in {"integer", "long", "double", "timestamp"} else value


def _enum(value: Any, shape: Any, chance: random.Random) -> Any:
    return f"SomethingNew{chance.randrange(100)}\u202e\x1b[2J" if getattr(shape, "enum", None) else value


CHANGES: Mapping[str, Change] = {
    "all fields null": lambda value, shape, chance: value if _compound(shape) else None,
    "lists and objects null": lambda value, shape, chance: (
        None if _compound(shape) and chance.random() < 0.4 else value
    ),
    "fields missing": lambda value, shape, chance: {} if shape.type_name == "structure" else value,
    "lists for objects": lambda value, shape, chance: [value] if shape.type_name == "structure" else value,
    "objects for lists": lambda value, shape, chance: {"0": value} if shape.type_name == "list" else value,
    "texts for objects": lambda value, shape, chance: "text" if shape.type_name == "structure" else value,
    "numbers for texts": lambda value, shape, chance: 7 if shape.type_name == "string" else value,
    "texts for numbers": lambda value, shape, chance: "7" if shape.type_name in {"integer", "long"} else value,
    "objects for texts": lambda value, shape, chance: {"a": [1]} if shape.type_name == "string" else value,
    "some fields of another type": _sometimes,
    "numbers beyond all bounds": _number,
    "enum values that nobody knows": _enum,
    "texts of a megabyte": lambda value, shape, chance: (
        value * 40_000 if shape.type_name == "string" and chance.random() < 0.05 else value
    ),
}
"""Ways in which an answer is of another form."""


def empty(operation: str) -> dict[str, list[Any]]:
    """An answer whose lists, of which one is the page of a list, have nothing in them."""
    return {name: [] for name, member in output(operation).members.items() if member.type_name == "list"}


def body(operation: str, chance: random.Random, change: Change = _as_is) -> bytes:
    """The JSON of an answer."""
    return json.dumps(example(output(operation), chance, change)).encode("utf-8", "surrogatepass")
