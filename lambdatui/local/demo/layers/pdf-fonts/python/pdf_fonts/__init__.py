"""Where the fonts of printed invoices lie."""

from __future__ import annotations

from pathlib import Path

__version__ = "0.3.0"

FONTS = {"regular": "SourceSans3-Regular.otf", "bold": "SourceSans3-Semibold.otf"}


def font(weight: str = "regular") -> Path:
    """The file of a weight, below /opt as Lambda unpacks a layer."""
    return Path("/opt/fonts", FONTS[weight])
