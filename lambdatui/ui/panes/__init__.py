"""The registry: which panes there are. The lists are in `resources`, the tabs of a function in `details`.

Here is what has to be known of those that are not imported yet: the first paint would wait for all lists, and the first
key that opens a function for all tabs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

NAMES: Mapping[str, str] = {
    "functions": "Functions",
    "layers": "Layers",
    "runtimes": "Runtimes",
    "errors": "Errors",
    "concurrency": "Concurrency",
}
"""The title of each list by its name, in the order of their keys."""


class Tab(NamedTuple):
    """A tab of a function."""

    title: str
    key: str


TABS: Mapping[str, Tab] = {
    "overview": Tab("Overview", "O"),
    "logs": Tab("Logs", "l"),
    "invoke": Tab("Invoke", "i"),
    "metrics": Tab("Metrics", "m"),
    "versions": Tab("Versions", "v"),
    "aliases": Tab("Aliases", "a"),
    "function-layers": Tab("Layers", "L"),
    "triggers": Tab("Triggers", "T"),
}
"""The tabs of a function by their names, in their order."""
