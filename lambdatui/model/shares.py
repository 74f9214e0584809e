"""Values as cells of a bar that is exactly full."""

from __future__ import annotations

from collections.abc import Sequence


def shares(values: Sequence[float], cells: int) -> list[int]:
    """How many of the cells each value has: `cells` in sum, each within one of its exact share (largest remainder).

    But what is more than 0 has one cell at least, at the cost of the largest, if there are cells enough. If all are 0,
    none has any. Values below 0 count as 0.
    """
    values = [max(0.0, value) for value in values]
    total = sum(values)
    if not total or cells <= 0:
        return [0] * len(values)
    exact = [value / total * cells for value in values]
    taken = [int(share) for share in exact]
    by_remainder = sorted(range(len(values)), key=lambda at: (taken[at] - exact[at], at))
    for at in by_remainder[: cells - sum(taken)]:
        taken[at] += 1
    if sum(value > 0 for value in values) <= cells:
        for at, value in enumerate(values):
            if value > 0 and not taken[at]:
                taken[taken.index(max(taken))] -= 1
                taken[at] = 1
    return taken
