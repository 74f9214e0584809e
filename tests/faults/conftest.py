"""Somebody's keys and an SDK without pauses, for every test of faults."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.surroundings import quick_sdk


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    with quick_sdk():
        yield
