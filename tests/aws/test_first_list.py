"""The first list of a start: by plain requests where all is plain, through the clients from where that ends."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path

import pytest
from botocore.exceptions import ProfileNotFound
from botocore.session import Session

from lambdatui.aws.gateway import Aws
from lambdatui.aws.guard import Guard
from lambdatui.aws.plain_list import ELSEWHERE, PATH, PlainList, UnusualError, Wanted
from lambdatui.aws.target import Target
from lambdatui.model.errors import Denied
from tests.aws import faults
from tests.aws.exchange import Exchange, Reply
from tests.aws.fault_server import FaultServer
from tests.aws.gateways import REGION, Opener, listed
from tests.aws.paging import A_PAGE, FAULTS, Pages, named

KEY = "AKIDEXAMPLE"


@pytest.fixture(autouse=True)
def over() -> Iterator[None]:
    """What asks ends with its test: it logs what it hears."""
    yield
    for thread in threading.enumerate():
        if thread.name == "first list":
            thread.join(10)


@pytest.fixture
async def starting(server: FaultServer, guard: Guard, keys: None) -> AsyncIterator[Aws]:
    """The first gateway of a start."""
    async with Aws(Target(region=REGION, endpoint_url=server.url), guard, at_start=True) as aws:
        yield aws


def wanted(profile: str | None = None, region: str | None = REGION, url: str | None = None) -> Wanted:
    return Wanted(profile, region, url, 5)


def agents(server: FaultServer) -> list[bool]:
    """Of each request for a list whether it came from one of the SDK's clients."""
    asked = (seen for seen in server.journal if seen.operation == "lambda:ListFunctions")
    return ["aiobotocore" in seen.headers["user-agent"].lower() for seen in asked]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with keys in a file, and nothing in the environment."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/credentials").write_text(f"[default]\naws_access_key_id = {KEY}\naws_secret_access_key = x\n")
    return tmp_path


async def test_it_is_what_the_clients_would_list_without_any_of_them(
    server: FaultServer, starting: Aws, opened: Opener
) -> None:
    pages = Pages(2 * A_PAGE + 7)
    server.plan("lambda:ListFunctions", pages)
    early = await listed(starting)
    assert pages.asked == [0, 1, 2]
    assert agents(server) == [False] * 3
    assert early == await listed(opened(endpoint_url=server.url))
    assert agents(server)[3:] == [True] * 3


async def test_a_later_list_is_asked_for_through_the_clients(server: FaultServer, starting: Aws) -> None:
    server.plan("lambda:ListFunctions", Pages(3))
    assert await listed(starting) == await listed(starting)
    assert agents(server) == [False, True]


@pytest.mark.parametrize("fault", FAULTS, ids=range(len(FAULTS)))
@pytest.mark.parametrize("page", [0, 1, 2])
async def test_after_a_fault_the_clients_go_on_from_that_page(
    server: FaultServer, starting: Aws, fault: Reply, page: int
) -> None:
    left = [page]
    pages = Pages(3 * A_PAGE, lambda asked: fault if asked in left and not left.remove(asked) else None)  # type: ignore[func-returns-value]
    server.plan("lambda:ListFunctions", pages)
    assert [it.name for it in await listed(starting)] == [*map(named, range(3 * A_PAGE))]
    assert Counter(pages.asked) == {it: 1 + (it == page) for it in range(3)}
    assert agents(server) == [False] * (page + 1) + [True] * (3 - page)


@pytest.mark.parametrize(
    "body",
    [b"[]", b"{}", b"<html>", b'{"Functions": {}}', b'{"Functions": [7]}', b'{"Functions": [], "NextMarker": 7}',
     b'{"Functions": [{"LoggingConfig": 7}]}', b"[" * 100_000],
    ids=range(8),
)  # fmt: skip
async def test_an_answer_of_another_form_is_for_the_clients_to_tell(
    server: FaultServer, starting: Aws, body: bytes
) -> None:
    server.plan("lambda:ListFunctions", faults.status(200, body), faults.functions("orders"))
    assert [it.name for it in await listed(starting)] == ["orders"]
    assert agents(server) == [False, True]


async def test_a_refusal_is_told_by_the_clients(server: FaultServer, starting: Aws) -> None:
    server.plan("lambda:ListFunctions", faults.aws_error(403, "AccessDeniedException"))
    with pytest.raises(Denied):
        await listed(starting)
    assert agents(server) == [False, True]


async def test_a_marker_that_comes_again_does_not_make_it_endless(server: FaultServer, starting: Aws) -> None:
    again = faults.functions("orders", marker="again")
    server.plan("lambda:ListFunctions", again, again, faults.functions("the last"))
    assert [it.name for it in await listed(starting)] == ["orders", "orders", "the last"]


async def test_who_is_shown_is_who_was_asked_as(
    server: FaultServer, starting: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.plan("lambda:ListFunctions", faults.functions("orders"))
    server.plan("sts:GetCallerIdentity", faults.caller())
    await listed(starting)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDANOTHER")
    identity = await starting.account.identity()
    assert identity.profile == "environment"
    assert f"Credential={KEY}/" in server.journal[-1].headers["authorization"]
    await starting.revive()
    await starting.account.identity()
    assert "Credential=AKIDANOTHER/" in server.journal[-1].headers["authorization"]


async def test_what_the_clients_are_asked_for_first_waits_for_the_first_page_and_no_longer(
    server: FaultServer, starting: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lambdatui.aws.first_list.TURN", 0.01)
    server.plan("sts:GetCallerIdentity", faults.caller())
    server.plan("lambda:ListFunctions", faults.hang)
    assert (await starting.account.identity()).account == faults.ACCOUNT


async def test_it_is_not_asked_for_further_once_nobody_looks(server: FaultServer, starting: Aws) -> None:
    told: list[int] = []

    async def hold(exchange: Exchange) -> None:
        told.append(len(told))
        await (faults.functions(f"f{len(told)}", marker=f"m{len(told)}") if len(told) < 3 else faults.hang)(exchange)

    server.plan("lambda:ListFunctions", hold)
    async with aclosing(starting.functions.pages()) as pages:
        assert [it.name for it in await anext(pages)] == ["f1"]
    assert starting._first_list is not None
    assert [page async for page in starting._first_list.pages()] == []


async def test_the_log_has_a_line_for_each_answer_and_one_for_what_gives_way(
    server: FaultServer, starting: Aws, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "lambdatui.aws")
    left = [1]
    fault = faults.aws_error(500, "ServiceException")
    server.plan(
        "lambda:ListFunctions",
        Pages(2 * A_PAGE, lambda page: fault if page in left and not left.remove(page) else None),  # type: ignore[func-returns-value]
    )
    await listed(starting)
    said = [record.getMessage() for record in caplog.records if "ListFunctions" in record.getMessage()]
    assert said[0].startswith("lambda:ListFunctions: 200, request ")
    assert said[1] == "lambda:ListFunctions gives way to the clients: UnusualError"


# What is plain ------------------------------------------------------------------------------------------------------


def test_keys_of_a_file_are_plain_and_those_of_the_environment_come_first(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert PlainList(wanted()).keys[::3] == (KEY, "shared-credentials-file")
    (home / ".aws/config").write_text("[profile there]\naws_access_key_id = AKIDTHERE\naws_secret_access_key = x\n")
    assert PlainList(wanted("there")).keys[::3] == ("AKIDTHERE", "config-file")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDNEARER")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "y")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "z")
    assert PlainList(wanted()).keys == ("AKIDNEARER", "y", "z", "env")
    assert PlainList(wanted("there")).keys.access_key == "AKIDTHERE"
    assert "AKID" not in repr(PlainList(wanted()).keys)


@pytest.mark.parametrize("line", [*(f"{name} = x" for name in ELSEWHERE), "use_fips_endpoint = true",
                                  "use_dualstack_endpoint = true"])  # fmt: skip
def test_a_profile_that_asks_others_or_for_another_endpoint_is_not(home: Path, line: str) -> None:
    (home / ".aws/config").write_text(f"[default]\n{line}\n")
    with pytest.raises(UnusualError):
        PlainList(wanted())


def test_nor_are_keys_with_an_end_a_token_of_the_web_no_keys_and_no_region(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UnusualError):
        PlainList(wanted(region=None))
    with pytest.raises(ProfileNotFound):
        PlainList(wanted("nobody's"))
    with pytest.raises(UnusualError):
        PlainList(wanted(url="http://localhost:4566/prefix"))
    with monkeypatch.context() as changed:
        changed.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", "/token")
        with pytest.raises(UnusualError):
            PlainList(wanted())
    with monkeypatch.context() as changed:
        for name, value in (("ACCESS_KEY_ID", "a"), ("SECRET_ACCESS_KEY", "b"), ("SESSION_TOKEN", "c")):
            changed.setenv(f"AWS_{name}", value)
        changed.setenv("AWS_CREDENTIAL_EXPIRATION", "2099-01-01T00:00:00Z")
        with pytest.raises(UnusualError):
            PlainList(wanted())
    (home / ".aws/credentials").unlink()
    with pytest.raises(UnusualError):
        PlainList(wanted())


@pytest.mark.parametrize("region", ["eu-west-1", "us-gov-west-1", "cn-north-1", "us-iso-east-1", "xx-new-7"])
@pytest.mark.parametrize("configured", ["", "global", "service", "in the file", "ignored"])
def test_it_is_sent_where_the_clients_send_it(
    home: Path, monkeypatch: pytest.MonkeyPatch, region: str, configured: str
) -> None:
    if configured in ("global", "ignored"):
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://localhost:4566")
    if configured == "ignored":
        monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
    if configured == "service":
        monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", "http://localhost:4567/")
    if configured == "in the file":
        text = "[default]\nservices = mine\n[services mine]\nlambda =\n  endpoint_url = http://localhost:4568\n"
        (home / ".aws/config").write_text(text)
    client = Session().create_client("lambda", region_name=region)
    assert PlainList(wanted(region=region)).url == client.meta.endpoint_url.rstrip("/") + PATH
