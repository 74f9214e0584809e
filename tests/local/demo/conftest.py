"""The endpoint of `lambdatui --demo`, for the tests of what happens in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.embedded import embedded


@pytest.fixture(scope="module")
def demo_url() -> Iterator[str]:
    """An embedded endpoint with the functions of the demo, called now and then. Needs the extra `local`.

    It ends with the tests of a file: its traffic and figures would take a tenth of a core from all that come after.
    """
    with embedded(demo=True) as url:
        yield url
