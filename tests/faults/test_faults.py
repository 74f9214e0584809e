"""Faults × operations, a part of what `python -m tests.families.report faults` runs, with another seed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from lambdatui.aws.guard import READS, WRITES
from tests.families import faults
from tests.families.figures import Figure, Trials
from tests.faults import facades

SEED = 11

# Some fifty, a dozen and a handful of cases: all of them take hours.
PARTS: dict[str, tuple[Callable[[Trials], AsyncIterator[Figure]], float]] = {
    "through the facades": (faults.through_facades, 0.04),
    "on screen": (faults.on_screen, 0.008),
    "least privilege": (faults.least_privilege, 0.12),
}


@pytest.mark.parametrize("name", PARTS)
async def test_what_goes_wrong_is_told_and_passes(name: str) -> None:
    family, scale = PARTS[name]
    figures = [figure async for figure in family(Trials(scale, SEED))]
    assert [failure for figure in figures for failure in figure.failures] == []
    assert figures
    assert all(figure.runs for figure in figures)


async def test_every_operation_that_may_be_called_is_called_by_a_facade_and_tried_with_faults() -> None:
    assert {call.operation for call in await facades.found_operations()} == READS | WRITES
