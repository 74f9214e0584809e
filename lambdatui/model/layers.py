"""Layers, their versions, and which functions use which: pure functions over what the lists give.

Source of shapes: the Lambda service model, API version 2015-03-31. All text has been through `visible()`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from lambdatui.model.arns import parse_arn
from lambdatui.model.functions import Function


class LayerArn(NamedTuple):
    """`arn:partition:lambda:region:account:layer:name`, or that of a version of it."""

    partition: str
    region: str
    account: str
    name: str
    version: int | None
    """None for the layer itself."""

    @property
    def layer(self) -> str:
        """The ARN of the layer, without a version."""
        return f"arn:{self.partition}:lambda:{self.region}:{self.account}:layer:{self.name}"

    def __str__(self) -> str:
        return self.layer if self.version is None else f"{self.layer}:{self.version}"


_MOST_DIGITS = 18
"""Of a version's number: more than any counter reaches, and few enough to reckon with."""


def parse_layer_arn(text: str) -> LayerArn | None:
    """The ARN of a layer or of a layer version, of any partition and account; None for anything else."""
    arn = parse_arn(text)
    if arn is None or arn.service != "lambda":
        return None
    kind, _, named = arn.resource.partition(":")
    name, colon, number = named.partition(":")
    if kind != "layer" or not name or (colon and not _is_number(number)):
        return None
    return LayerArn(arn.partition, arn.region, arn.account, name, int(number) if colon else None)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS and str(int(text)) == text


@dataclass(frozen=True, slots=True)
class LayerVersion:
    """A LayerVersionsListItem; the lists have no size, GetLayerVersion has it."""

    arn: str
    number: int
    description: str = ""
    created: datetime | None = None
    runtimes: tuple[str, ...] = ()
    """Empty where the publisher did not say."""
    architectures: tuple[str, ...] = ()
    """Empty where the publisher did not say."""
    license: str = ""
    size: int | None = None
    """Bytes, zipped; None while it is not known."""
    sha256: str = ""
    """Empty while it is not known."""
    users: Sequence[Function] | None = None
    """The functions that use it; None while that is not known."""
    deleted: bool = False
    """Whether it is in no list any more: functions that use it keep it, none can take it."""


class Used(NamedTuple):
    """How many functions use a layer."""

    functions: int
    on_older: int
    """Those of them that use another version than the newest."""

    def __str__(self) -> str:
        return f"{self.functions} ({self.on_older} on older)" if self.on_older else str(self.functions)


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of this account, as ListLayers tells of it: with its newest version."""

    name: str
    arn: str
    latest: LayerVersion
    used: Used | None = None
    """Who uses it; None while that is not known."""


class Uses:
    """Which functions use which version of which layer.

    It says what the functions' own configurations ($LATEST) have: published versions are not looked at.
    """

    def __init__(self, functions: Iterable[Function]) -> None:
        self._users: dict[str, dict[int, dict[str, Function]]] = {}
        # 10,000 functions have some hundred layer versions between them: each is taken apart once.
        places: dict[str, dict[str, Function]] = {}
        for function in functions:
            for text in function.layers:
                users = places.get(text)
                if users is None:
                    users = places[text] = self._place(text)
                users[function.arn] = function

    def _place(self, text: str) -> dict[str, Function]:
        """Where the users of a layer version are put; nowhere for what is none."""
        arn = parse_layer_arn(text)
        if arn is None or arn.version is None:
            return {}
        return self._users.setdefault(arn.layer, {}).setdefault(arn.version, {})

    def of(self, layer: str) -> Mapping[int, Sequence[Function]]:
        """The functions that use a layer, given by its ARN, by version."""
        return {version: tuple(users.values()) for version, users in self._users.get(layer, {}).items()}

    def of_version(self, layer: str, version: int) -> tuple[Function, ...]:
        """The functions that use one version of a layer."""
        return tuple(self._users.get(layer, {}).get(version, {}).values())

    def count(self, layer: str, latest: int) -> Used:
        """How many functions use a layer, and how many of them have a version older than `latest`."""
        versions = self._users.get(layer, {})
        older = {arn for version, users in versions.items() if version < latest for arn in users}
        return Used(len({arn for users in versions.values() for arn in users}), len(older))


def unused(versions: Iterable[LayerVersion], users: Mapping[int, Sequence[Function]]) -> list[LayerVersion]:
    """The versions that no function uses, in their order."""
    return [version for version in versions if not users.get(version.number)]


def deleted(layer: str, listed: Iterable[LayerVersion], uses: Uses) -> list[LayerVersion]:
    """The versions of a layer that functions use and a complete list has not: they were deleted."""
    numbers = {version.number for version in listed}
    gone = sorted(uses.of(layer).keys() - numbers, reverse=True)
    return [LayerVersion(f"{layer}:{number}", number, deleted=True) for number in gone]
