"""Versions in their order, shares of aliases, provisioned concurrency in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatui.model.versions import LATEST, Alias, Provisioned, Share, aliases_by_version, order, percent


def test_versions_are_ordered_by_their_numbers_and_latest_comes_last() -> None:
    assert sorted([LATEST, "10", "9", "", "x", "9" * 30], key=order) == ["", "x", "9" * 30, "9", "10", LATEST]


@given(st.lists(st.floats(0, 1), max_size=3))
def test_the_shares_of_an_alias_are_parts_of_a_whole(parts: list[float]) -> None:
    shares = Alias("live", "", "1", also=tuple(Share(str(at + 2), part) for at, part in enumerate(parts))).shares
    assert shares[0].version == "1"
    assert all(0 <= it.part <= 1 for it in shares)
    if sum(parts) <= 1:
        assert sum(it.part for it in shares) == pytest.approx(1)


def test_aliases_are_found_by_version_with_their_weights() -> None:
    aliases = [Alias("live", "", "3", also=(Share("4", 0.1),)), Alias("staging", "", "4")]
    assert aliases_by_version(aliases) == {"3": "live 90%", "4": "live 10%, staging"}


@pytest.mark.parametrize(("part", "words"), [(0.9, "90%"), (1, "100%"), (0, "0%"), (0.005, "0.5%"), (1 / 3, "33.3%")])
def test_a_share_is_told_in_percent(part: float, words: str) -> None:
    assert percent(part) == words


@pytest.mark.parametrize(
    ("it", "words"),
    [
        (Provisioned("live", 5, 5, 5, "READY"), "5"),
        (Provisioned("live", 5, 2, 3, "IN_PROGRESS"), "2 of 5, IN_PROGRESS"),
        (Provisioned("live", 5, 0, 0, "FAILED", "no capacity"), "0 of 5, FAILED: no capacity"),
        (Provisioned("live", 5, 5, 5, ""), "5 of 5, status unknown"),
    ],
)
def test_provisioned_concurrency_in_words(it: Provisioned, words: str) -> None:
    assert it.words == words
