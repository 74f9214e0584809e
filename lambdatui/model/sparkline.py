"""A series in one line of text, for a cell of a table."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

_EIGHTHS = "▁▂▃▄▅▆▇█"
_ASCII = "_.-=*#"


def sparkline(points: Sequence[float | None], width: int, unicode: bool = True) -> str:
    """The last point on the right, each as high as it is against the highest; exactly `width` cells.

    A gap is a space; the lowest sign is 0 and nothing else. More points than cells: each cell has the highest of an
    equal share of them, so that no peak is lost. Fewer: the left stays empty; none is invented.
    """
    levels = _EIGHTHS if unicode else _ASCII
    shown = _shared(points, width) if len(points) > width else list(points)
    highest = max((point for point in shown if point is not None), default=0.0)
    text = "".join(" " if point is None else levels[_level(point, highest, len(levels))] for point in shown)
    return text.rjust(max(0, width))


def _level(point: float, highest: float, count: int) -> int:
    if point <= 0 or highest <= 0:
        return 0
    return max(1, round(point / highest * (count - 1)))


def _shared(points: Sequence[float | None], width: int) -> list[float | None]:
    total = len(points)
    edges = [cell * total // width for cell in range(width + 1)] if width > 0 else [0]
    return [
        max((point for point in points[start:end] if point is not None), default=None) for start, end in pairwise(edges)
    ]
