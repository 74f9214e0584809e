"""Messages that any part of a screen may send, and that are answered where all screens are known."""

from __future__ import annotations

from textual.message import Message


class ShowResource(Message):
    """Show the registry's resource of that name, on the start screen, from wherever somebody is."""

    def __init__(self, name: str, filter: str | None = None) -> None:  # noqa: A002 (as in TablePane)
        """`filter` is what the list is filtered by then; None leaves it as it is."""
        super().__init__()
        self.name = name
        self.filter = filter


class Used(Message):
    """Something was used that a person may want again: "functions", by their name."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__()
        self.kind = kind
        self.name = name
