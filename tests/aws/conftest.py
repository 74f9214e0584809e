"""A gateway to a fault server, opened and closed with the test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any, ClassVar

import aiobotocore.httpsession
import botocore.loaders
import botocore.session
import pytest
from botocore.retries.standard import ExponentialBackoff

from lambdatui.aws.clients import CLASSES
from lambdatui.aws.gateway import Aws
from lambdatui.aws.guard import WRITES, Guard
from lambdatui.aws.target import Target
from tests.aws.fault_server import FaultServer
from tests.aws.gateways import IMPATIENT, REGION, Journal, Opener, Writable


@pytest.fixture
async def server() -> AsyncIterator[FaultServer]:
    async with FaultServer() as server:
        yield server


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials in the environment."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")


@pytest.fixture(autouse=True)
def no_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pauses between attempts, up to 20 s each, are none."""
    monkeypatch.setattr(ExponentialBackoff, "delay_amount", lambda *_: 0.0)
    monkeypatch.setattr("lambdatui.aws.calls.PAUSE", 0.0)


class SharingLoader(botocore.loaders.Loader):
    """A loader that has what others have read in the same way: whole models, or those of this program."""

    read: ClassVar[dict[type, dict[Any, Any]]] = {}

    @property
    def _cache(self) -> dict[Any, Any]:
        return self.read.setdefault(type(self.file_loader), {})

    @_cache.setter
    def _cache(self, nothing: object) -> None: ...


@pytest.fixture(scope="session", autouse=True)
def read_once() -> Iterator[None]:
    """The SDK's service models are read once for all tests, and its 140 CA certificates not at all.

    Each session reads the ones anew, which takes 200 ms, and each client the others, 36 ms. No test speaks TLS.
    """
    with pytest.MonkeyPatch.context() as patched:
        # Each session has a loader of its own, for what it is told of files, and all of them what was read.
        patched.setattr(botocore.session, "create_loader", lambda *_: SharingLoader())
        patched.setattr(aiobotocore.httpsession, "get_cert_path", lambda verify: None if verify is True else verify)
        yield


@pytest.fixture
def deleting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients have DeleteFunction, too: of what the guard does not know the program's models have nothing."""
    monkeypatch.setattr("lambdatui.aws.models.WRITES", WRITES | {"lambda:DeleteFunction"})
    monkeypatch.setattr(botocore.session, "create_loader", botocore.loaders.create_loader)


@pytest.fixture
def journal() -> Journal:
    return Journal()


@pytest.fixture
def guard(journal: Journal) -> Guard:
    """A guard that allows everything."""
    return Guard(journal, Writable())


@pytest.fixture
async def opened(guard: Guard) -> AsyncIterator[Opener]:
    """Makes gateways, and closes them after the test. Arguments: those of Target, `guard` and `rules`."""
    made: list[Aws] = []

    def make(*, guard: Guard = guard, rules: Any = CLASSES, **target: Any) -> Aws:
        made.append(Aws(Target(**{"region": REGION, **target}), guard, rules))
        return made[-1]

    yield make
    for aws in made:
        await aws.aclose()


@pytest.fixture
def aws(server: FaultServer, opened: Opener, keys: None) -> Aws:
    """A gateway to the fault server, with the program's own time limits."""
    return opened(endpoint_url=server.url)


@pytest.fixture
def impatient(server: FaultServer, opened: Opener, keys: None) -> Aws:
    """A gateway to the fault server that gives up soon: for what does not answer."""
    return opened(endpoint_url=server.url, rules=IMPATIENT)
