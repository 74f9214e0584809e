"""What CloudWatch tells metrics apart by."""

from __future__ import annotations

import sys
from typing import NamedTuple, TypeAlias

from lambdatui.local.places import Place

Dimensions: TypeAlias = tuple[tuple[str, str], ...]
"""Names and values, sorted."""


class MetricId(NamedTuple):
    """A metric's identity."""

    place: Place
    namespace: str
    name: str
    dimensions: Dimensions

    @property
    def size(self) -> int:
        """Bytes that its texts and the pairs of its dimensions take."""
        texts = [self.namespace, self.name, *(text for dimension in self.dimensions for text in dimension)]
        return sum(map(sys.getsizeof, texts)) + 64 * len(self.dimensions)
