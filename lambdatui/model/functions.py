"""Functions as `ListFunctions` gives them; what else there is to know of one is in `configuration`.

Fields carry AWS's own names in snake case; unknown enum values (a new runtime, a new state) stay the text they came as.
Source of shapes: the Lambda service model, API version 2015-03-31. All text has been through `visible()`.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from lambdatui.model.function_figures import Figures

NO_TAGS: Mapping[str, str] = {}
"""One for all functions without tags."""

_Value = TypeVar("_Value", bound=Hashable)


@lru_cache(maxsize=4096)
def _first(value: Hashable) -> Hashable:
    return value


def shared(value: _Value) -> _Value:
    """An equal value of before, if there was one lately: what ten thousand functions have in common is kept once."""
    return cast("_Value", _first(value))


def default_log_group(name: str) -> str:
    """Where the function of that name logs to unless it is told otherwise."""
    return f"/aws/lambda/{name}"


@dataclass(frozen=True, slots=True)
class Function:
    """A function as the list shows it. ListFunctions has no state and no last update status; GetFunction has them."""

    name: str
    arn: str
    runtime: str
    """Empty for a container image."""
    memory: int
    """MB."""
    timeout: int
    """Seconds."""
    architectures: tuple[str, ...]
    modified: datetime | None
    description: str
    package_type: str
    handler: str
    code_size: int
    """Bytes, of the package as uploaded."""
    own_log_group: str = ""
    """`LoggingConfig.LogGroup` where it is not the default one, which nobody has to keep ten thousand times."""
    layers: tuple[str, ...] = ()
    """ARNs of the layer versions that it uses, in their order."""
    tags: Mapping[str, str] | None = None
    """None while they are not known: ListFunctions has none."""
    state: str = ""
    """Empty while it is not known: it is of GetFunction."""
    health: Figures | None = None
    """None while nothing was read."""

    @property
    def log_group(self) -> str:
        """Where it logs to."""
        return self.own_log_group or default_log_group(self.name)

    @property
    def runtime_or_package(self) -> str:
        """What runs it: the runtime's identifier, or that it is an image."""
        return self.runtime or ("image" if self.package_type == "Image" else "–")
