"""Workers, started so that one that is cancelled before its turn leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.dom import DOMNode


def start(node: DOMNode, work: Callable[[], Coroutine[Any, Any, None]], *, name: str, group: str) -> None:
    """Run `work` as the only worker of its group, which belongs to `node`.

    It is given as a function: a coroutine whose worker is cancelled before it has begun would never be awaited, and
    Python says so on a terminal that is not its own.
    """
    # Without a description Textual makes one of all that `work` holds, which may be ten thousand functions.
    node.run_worker(work, name=name, group=group, description=name, exclusive=True)  # type: ignore[arg-type]  # their hint lacks Any
