"""What lambdatui holds MiniStack to: its private names, and how they are called."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from importlib.metadata import version
from types import ModuleType


class ContractBroken(Exception):
    """This MiniStack is not the one that lambdatui was written for. str() is the sentence for the user."""


def takes(module: ModuleType, name: str, *parameters: str) -> bool:
    """Whether `module` has a function of this name with these parameters, in this order, and no others."""
    found = getattr(module, name, None)
    return callable(found) and tuple(inspect.signature(found).parameters) == parameters


def hold(expected: Mapping[str, bool]) -> None:
    """Raises ContractBroken if any name is not what it was."""
    broken = [name for name, holds in expected.items() if not holds]
    if broken:
        raise ContractBroken(
            f"MiniStack {version('ministack')} has changed {', '.join(broken)}, which the embedded endpoint builds on; "
            "pip install 'lambdatui[local]' brings back a version that fits."
        )
