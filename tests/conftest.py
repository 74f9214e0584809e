"""What every part of the suite shares."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.embedded import embedded

# An example may take its time on a machine that is busy with the rest of the suite.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Half as many again as there are cores: a third of the suite's time is spent waiting for programs in terminals."""
    return (os.cpu_count() or 1) * 3 // 2


def pytest_collection_finish() -> None:
    """Look for garbage less often: with Python's own threshold a third of the time of the tests of the UI went there.

    What is imported and collected by now stays to the end, and need not be looked through.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


# What the SDK, the program and their children read of whoever runs the tests.
_PERSONAL = ("AWS_", "BOTO_", "XDG_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE")


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment without credentials, configuration, proxies or instance metadata; its home, which is empty."""
    for name in [name for name in os.environ if name.upper().startswith(_PERSONAL)]:
        monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return home


@pytest.fixture(scope="session")
def endpoint_url() -> Iterator[str]:
    """An embedded endpoint without functions; what a test makes there it names itself. Needs the extra `local`."""
    with embedded(demo=False) as url:
        yield url
