"""Sizes and formats of the shop's product pictures."""

from __future__ import annotations

__version__ = "1.0.3"

SIZES = ((64, 64), (240, 240), (960, 720))


def fitted(width: int, height: int, within: tuple[int, int]) -> tuple[int, int]:
    """The largest size with the picture's own proportions that fits."""
    scale = min(within[0] / width, within[1] / height, 1.0)
    return max(1, round(width * scale)), max(1, round(height * scale))
