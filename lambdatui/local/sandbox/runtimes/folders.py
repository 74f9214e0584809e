"""Where things lie for one execution environment."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Folders:
    """Where things lie for one execution environment."""

    task: Path
    """What is /var/task in AWS: the function's code."""
    layers: Path
    """What is /opt."""
    home: Path
    """Its own, and with it its HOME, which in AWS is nothing that a function could use."""

    @property
    def temporary(self) -> Path:
        """What is /tmp."""
        return self.home / "tmp"
