"""What is remembered from one start to the next, as the screens see it."""

from __future__ import annotations

from typing import Any, Protocol

LATELY = 20
"""Names that a list of those used lately keeps."""


class Memory(Protocol):
    """JSON values by section and key. Neither reading nor putting waits for a disk that is slow."""

    def get(self, section: str, key: str) -> Any:
        """The value, or None."""

    def put(self, section: str, key: str, value: Any) -> None:
        """Remember a value."""


class Forgetful:
    """Remembers until the program ends."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, str], Any] = {}

    def get(self, section: str, key: str) -> Any:
        return self._values.get((section, key))

    def put(self, section: str, key: str, value: Any) -> None:
        self._values[section, key] = value


def texts(value: Any) -> list[str]:
    """The texts in what was remembered, which may be anything: a person may have edited it."""
    return [it for it in value if isinstance(it, str)] if isinstance(value, list) else []


def lately(memory: Memory, kind: str) -> list[str]:
    """The names of a kind that were used lately, the last one first."""
    return texts(memory.get("recents", kind))


def note(memory: Memory, kind: str, name: str) -> None:
    """Remember that a name was used now."""
    if name:
        memory.put("recents", kind, [name, *(it for it in lately(memory, kind) if it != name)][:LATELY])
