"""The life cycle of runtimes, on a given day."""

from __future__ import annotations

from datetime import date

import pytest

from lambdatui.model.runtime_dates import DATES, READ_ON
from lambdatui.model.runtimes import is_deprecated, lifecycle

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("runtime", "today", "words"),
    [
        (
            "python3.8",
            TODAY,
            "deprecated since 2024-10-14, no new functions from 2027-02-01, no updates from 2027-03-03; "
            "successor python3.14",
        ),
        ("python3.8", date(2024, 10, 13), "until 2024-10-14; successor python3.14"),
        (
            "python3.8",
            date(2027, 3, 3),
            "deprecated since 2024-10-14, no new functions since 2027-02-01, no updates since 2027-03-03; "
            "successor python3.14",
        ),
        ("python3.14", TODAY, "until 2029-06-30"),
        ("dotnet9", TODAY, "deprecated since 2026-11-10; successor dotnet10"),
    ],
)
def test_the_dates_in_words(runtime: str, today: date, words: str) -> None:
    found = lifecycle(runtime)
    assert found is not None
    assert found.words(today) == words


def test_a_runtime_is_deprecated_from_its_day_on() -> None:
    for runtime in DATES:
        found = lifecycle(runtime)
        assert found is not None
        assert found.deprecated is not None
        for today in (date(2000, 1, 1), found.deprecated.replace(year=found.deprecated.year - 1), found.deprecated):
            assert is_deprecated(runtime, today) is found.is_deprecated(today) is (today == found.deprecated)


@pytest.mark.parametrize("runtime", ["", "cobol85", "python4.0"])
def test_of_an_image_and_a_runtime_that_is_newer_than_the_table_nothing_is_known(runtime: str) -> None:
    assert lifecycle(runtime) is None
    assert not is_deprecated(runtime, TODAY)


def test_the_table_is_sound() -> None:
    assert date.fromisoformat(READ_ON) >= TODAY
    assert len(DATES) > 40
    for runtime, (*days, successor) in DATES.items():
        assert all(date.fromisoformat(day) for day in days if day)
        assert successor in {"", *DATES}
        assert successor != runtime
        assert not successor or not is_deprecated(successor, date.fromisoformat(READ_ON))
