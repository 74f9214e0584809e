"""What can be copied of the thing that a screen is about, or the cursor is on."""

from __future__ import annotations

from typing import NamedTuple


class Subject(NamedTuple):
    """A resource's name and its ARN."""

    name: str
    arn: str
