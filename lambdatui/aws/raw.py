"""An answer of AWS as YAML: everything that it says, for people who want to see it as it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import yaml

from lambdatui.aws import shapes
from lambdatui.model.text import size, visible

MASKED = "(masked)"
"""What stands for the value of an environment variable."""

_VARIABLES = ("Environment", "Variables")

_LEFT_OUT = frozenset({("ResponseMetadata",)})
"""Members of the answer itself that say nothing of what was asked for: how it was sent."""

_LINKS = frozenset({("Code", "Location"), ("Content", "Location")})
"""URLs with which anybody can fetch a package for ten minutes, wherever they stand."""


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as they read, and every thing as often as it is there."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def as_yaml(answer: Mapping[str, Any]) -> str:
    """An answer, safe to draw. Values of environment variables are masked, links to packages left out.

    It takes its time with a long answer: for a thread.
    """
    return yaml.dump(
        _plain(answer, ()), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=float("inf")
    ).rstrip("\n")


def _plain(value: Any, path: tuple[str, ...]) -> Any:
    """What YAML has a form for."""
    if path[-3:-1] == _VARIABLES:
        return MASKED
    if isinstance(value, Mapping):
        members = ((str(name), member) for name, member in value.items())
        return {
            shapes.line(name): _plain(member, (*path, name))
            for name, member in members
            if (*path, name) not in _LEFT_OUT and (*path, name)[-2:] not in _LINKS
        }
    if isinstance(value, list | tuple):
        return [_plain(member, path) for member in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"({size(len(value))})"
    if value is None or isinstance(value, bool | int | float):
        return value
    return visible(shapes.bounded(str(value)))
