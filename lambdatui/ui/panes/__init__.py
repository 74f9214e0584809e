"""The registry: which panes there are. The lists are in `resources`, the tabs of a function in `details`.

Here is what has to be known of lists that are not imported yet: the first paint would wait for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping

NAMES: Mapping[str, str] = {
    "functions": "Functions",
    "layers": "Layers",
    "runtimes": "Runtimes",
    "errors": "Errors",
    "concurrency": "Concurrency",
}
"""The title of each list by its name, in the order of their keys."""
