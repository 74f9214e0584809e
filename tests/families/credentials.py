"""Credentials that expire or are rotated while calls wait: sessions made, requests sent, codes asked for.

Another seed takes other numbers of calls, codes of errors and moments.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from aiobotocore.session import AioSession

from lambdatui.aws import connection
from lambdatui.aws.gateway import Aws
from lambdatui.aws.guard import Guard
from lambdatui.aws.mfa import Codes
from lambdatui.aws.plain_list import Keys
from lambdatui.aws.target import Target
from lambdatui.model.errors import AwsError
from tests.aws import faults
from tests.aws.exchange import Exchange
from tests.aws.fault_server import FaultServer
from tests.aws.gateways import Journal, Writable, invoke, listed
from tests.families.figures import Figure, Trials
from tests.faults.surroundings import quick_sdk

RUNS = 50
CODES = (
    "ExpiredTokenException",
    "ExpiredToken",
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "RequestExpired",
)


def _keys(home: Path, number: int) -> None:
    folder = home / ".aws"
    folder.mkdir(exist_ok=True)
    key = f"AKID{number:016d}"
    (folder / "credentials").write_text(f"[default]\naws_access_key_id = {key}\naws_secret_access_key = x\n")


async def _expired(home: Path, chance: random.Random, renewed: bool) -> list[str]:
    """What was wrong with calls that met expired credentials, renewed elsewhere or not, and with an invocation."""
    calls = chance.randrange(1, 20)
    error = faults.aws_error(403, chance.choice(CODES))
    made: list[Target] = []
    plainly = connection._load_session

    def load(target: Target, codes: Codes, keys: Keys | None) -> AioSession:
        made.append(target)
        return plainly(target, codes, keys)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(connection, "_load_session", load)
        async with FaultServer() as server, Aws(
            Target(region="eu-west-1", endpoint_url=server.url), Guard(Journal(), Writable())
        ) as aws:  # fmt: skip
            _keys(home, 1)
            await listed(aws)

            async def only_new(exchange: Exchange) -> None:
                good = f"AKID{2:016d}" in exchange.seen.headers["authorization"]
                await asyncio.sleep(chance.uniform(0, 0.01))
                await (faults.functions("orders") if good else error)(exchange)

            server.plan("lambda:ListFunctions", only_new)
            server.plan("lambda:Invoke", error)
            server.journal.clear()
            _keys(home, 2 if renewed else 1)
            found = await asyncio.gather(*(listed(aws) for _ in range(calls)), return_exceptions=True)
            wrong = [
                f"{calls} calls: {problem!r}" for problem in found if isinstance(problem, BaseException) is renewed
            ]
            if len(made) != 2:
                wrong.append(f"{calls} calls: {len(made)} sessions")
            if len(server.journal) != 2 * calls:
                wrong.append(f"{calls} calls: {len(server.journal)} requests")
            server.journal.clear()
            try:
                await invoke(aws)
                wrong.append("an invocation went well that was refused")
            except AwsError:
                pass
            if server.operations != ["lambda:Invoke"]:
                wrong.append(f"an invocation was sent {len(server.journal)} times")
    return wrong


def run(trials: Trials) -> Iterator[Figure]:
    """Renewed elsewhere, and not."""
    chance = random.Random(trials.seed)
    runs = trials.times(RUNS, least=2)
    for renewed, case in (
        (True, "renewed elsewhere: one new session for all"),
        (False, "not renewed: tried once, told"),
    ):
        with quick_sdk(), pytest.MonkeyPatch.context() as patched, TemporaryDirectory() as home:
            for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
                patched.delenv(name, raising=False)
            patched.setitem(os.environ, "HOME", home)
            wrong = [problem for _ in range(runs) for problem in asyncio.run(_expired(Path(home), chance, renewed))]
        yield Figure(case, runs, tuple(wrong))
