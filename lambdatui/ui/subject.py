"""What can be copied, shown raw, and found in the console, of the thing that a screen is about or the cursor is on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple


class Subject(NamedTuple):
    """A resource's name and its ARN."""

    name: str
    arn: str
    raw: Callable[[], Awaitable[str]] | None = None
    """Asks for everything that AWS says of it, as YAML. Raises AwsError."""
