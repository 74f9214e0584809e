"""The cells of the list of functions that say how a function is configured, and the terms that ask for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from lambdatui.model.errors import AwsError, Denied
from lambdatui.model.runtimes import is_deprecated
from lambdatui.model.terms import Field, Flag, Number, Pairs, Texts
from lambdatui.model.text import bare_sequence, day, size
from lambdatui.ui.widgets.columns import Cell, Column, Toned

if TYPE_CHECKING:
    from lambdatui.model.functions import Function

STACK = "aws:cloudformation:stack-name"
"""The tag that CloudFormation gives to what is part of a stack."""


def layer_version(arn: str) -> str:
    """A layer version's name and number, from its ARN."""
    return arn.rpartition(":layer:")[2]


def _deprecated(function: Function) -> bool:
    return is_deprecated(function.runtime, datetime.now().astimezone().date())


def _runtime(function: Function) -> Cell:
    return Toned(f"! {function.runtime}", "warning") if _deprecated(function) else function.runtime_or_package


def _layers(function: Function) -> str:
    return ", ".join(map(layer_version, function.layers))


def _stacks(tags: Mapping[str, str]) -> Sequence[str]:
    """The CloudFormation stack of what bears the tags, if it is of one."""
    return (tags[STACK],) if tags.get(STACK) else ()


def _tags(tags: Mapping[str, str]) -> Sequence[str]:
    """Tags as pairs, without those of AWS itself."""
    return [f"{key}={value}" for key, value in sorted(tags.items()) if not key.startswith("aws:")]


def _sorting(function: Function, part: Callable[[Mapping[str, str]], Sequence[str]]) -> Sequence[str] | None:
    """What to sort by of what is made of tags; None where there are none."""
    return part(function.tags or {}) or None


COLUMNS: Sequence[Column[Function]] = (
    Column("Name", lambda it: it.name, 19, grow=4, sort=lambda it: it.name.lower()),
    Column("Runtime", _runtime, 13, sort=lambda it: it.runtime_or_package),
    Column("Memory", lambda it: f"{it.memory} MB", 8, sort=lambda it: it.memory, align="right"),
    Column("Timeout", lambda it: f"{it.timeout} s", 8, sort=lambda it: it.timeout, align="right"),
    Column("Arch", lambda it: bare_sequence(it.architectures), 6, sort=lambda it: it.architectures),
    Column("Modified", lambda it: day(it.modified, datetime.now().astimezone()), 12, sort=lambda it: it.modified),
    Column(
        "Description",
        lambda it: it.description,
        24,
        grow=6,
        leaves=8,
        sort=lambda it: it.description.lower() or None,
    ),
    Column("Size", lambda it: size(it.code_size), 7, sort=lambda it: it.code_size, align="right", leaves=30),
    Column("State", lambda it: it.state, 8, sort=lambda it: it.state or None, leaves=40),
    Column("Layers", _layers, 16, grow=1, sort=lambda it: it.layers or None, leaves=60),
    Column("Handler", lambda it: it.handler, 16, grow=1, sort=lambda it: it.handler or None, leaves=60),
    Column("Log group", lambda it: it.log_group, 24, grow=1, sort=lambda it: it.log_group, leaves=60),
)

FIELDS: Sequence[Field[Function]] = (
    Texts("runtime", lambda it: (it.runtime_or_package,), "python3.13"),
    Pairs("tag", lambda it: it.tags, "team=payments"),
    Texts("stack", lambda it: None if it.tags is None else _stacks(it.tags), "shop"),
    Texts("layer", lambda it: it.layers, "shop-common:3", layer_version),
    Texts("arch", lambda it: it.architectures, "arm64"),
    Texts("pkg", lambda it: (it.package_type,), "image"),
    Texts("state", lambda it: (it.state,) if it.state else None, "failed"),
    Number("mem", lambda it: it.memory, ">512", {"mb": 1, "gb": 1024}),
    Number("timeout", lambda it: it.timeout, ">=60", {"s": 1, "m": 60, "min": 60}),
    Flag("deprecated", _deprecated),
    Number("size", lambda it: it.code_size, ">10MB", {"b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9}),
)


def columns_of_tags(problem: Callable[[], AwsError | None]) -> Sequence[Column[Function]]:
    """The columns made of tags. `problem` gives why these are not known, if they could not be read."""

    def cell(function: Function, part: Callable[[Mapping[str, str]], Sequence[str]]) -> Cell:
        if function.tags is None:
            why = problem()
            return Toned("…" if why is None else "denied" if isinstance(why, Denied) else "failed", "muted")
        return ", ".join(part(function.tags))

    return (
        Column("Stack", lambda it: cell(it, _stacks), 12, grow=1, sort=lambda it: _sorting(it, _stacks), leaves=60),
        Column("Tags", lambda it: cell(it, _tags), 20, grow=3, sort=lambda it: _sorting(it, _tags), leaves=60),
    )
