"""Other people's clients, functions made on the spot, and who is alive."""

from __future__ import annotations

import io
import json
import os
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias
from uuid import uuid4

import boto3
import pytest
from botocore.config import Config

from lambdatui.local import identity

Connect: TypeAlias = Callable[..., Any]
Make: TypeAlias = Callable[..., str]
Eventually: TypeAlias = Callable[..., Any]


@pytest.fixture(scope="session")
def connect() -> Connect:
    """connect(url, "lambda"): a plain boto3 client of an endpoint, which reads nothing of this machine's own."""

    def connected(url: str, service: str) -> Any:
        session = boto3.Session(identity.ACCESS_KEY_ID, identity.SECRET_ACCESS_KEY, region_name=identity.REGION)
        config = Config(retries={"total_max_attempts": 1}, inject_host_prefix=False)
        return session.client(service, endpoint_url=url, config=config)

    return connected


@pytest.fixture
def make(connect: Connect) -> Make:
    """make(url, code): a new function with this app.py; returns its name once it is Active."""

    def made(url: str, code: str, **settings: Any) -> str:
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w") as archive:
            archive.writestr("app.py", code)
        client, name = connect(url, "lambda"), f"f-{uuid4().hex[:12]}"
        defaults = {"Runtime": "python3.13", "Handler": "app.handler", "Role": "arn:aws:iam::123456789012:role/f"}
        client.create_function(FunctionName=name, Code={"ZipFile": package.getvalue()}, **{**defaults, **settings})
        client.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 0.1})
        return name

    return made


@pytest.fixture(scope="session")
def eventually() -> Eventually:
    """eventually(f, within=30): the first true result of f, asked again and again; fails after `within` seconds."""

    def asked(condition: Callable[[], Any], within: float = 30.0) -> Any:
        deadline = time.monotonic() + within
        while True:
            if result := condition():
                return result
            assert time.monotonic() < deadline, f"not within {within} s"
            time.sleep(0.01)

    return asked


def _alive(session: int) -> Iterator[int]:
    for entry in os.scandir("/proc"):
        try:
            # After the name in brackets: state, parent, process group, session.
            fields = Path(entry.path, "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] not in "ZX" and int(fields[3]) == session:
            yield int(entry.name)


@pytest.fixture(scope="session")
def alive() -> Callable[[int], set[int]]:
    """alive(session): the processes of a session that still run (nobody may be there to reap the others)."""
    if not Path("/proc/self/stat").exists():
        pytest.skip("only /proc tells the processes of a session")
    return lambda session: set(_alive(session))


@pytest.fixture
def payload() -> Callable[[Any], Any]:
    """payload(answer of Invoke): what the function returned."""
    return lambda answer: json.loads(answer["Payload"].read())
