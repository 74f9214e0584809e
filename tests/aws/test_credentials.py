"""Credentials that expire, are rotated or want an MFA code in mid-session."""

from __future__ import annotations

import asyncio
import getpass
import hashlib
import json
import stat
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from aiobotocore.session import AioSession

from lambdatui.aws import connection, credential_files
from lambdatui.aws.gateway import Aws
from lambdatui.aws.guard import Guard
from lambdatui.aws.mfa import AskCode, Codes
from lambdatui.aws.plain_list import Keys
from lambdatui.aws.target import Target
from lambdatui.model.errors import Denied, Expired, KeysRefused, NoCredentials
from tests.aws import faults
from tests.aws.exchange import Exchange
from tests.aws.fault_server import FaultServer
from tests.aws.gateways import Journal, Opener, Writable, invoke, listed
from tests.families import credentials
from tests.families.figures import Trials

OLD, NEW = "AKIDOLDEXAMPLE000000", "AKIDNEWEXAMPLE000000"
EXPIRED = faults.aws_error(403, "ExpiredTokenException", "The security token included in the request is expired")
DEVICE = "arn:aws:iam::123456789012:mfa/ada"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with a credentials file, and nothing in the environment."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    (tmp_path / ".aws").mkdir()
    have(tmp_path, OLD)
    return tmp_path


def have(home: Path, key: str) -> None:
    """What another program has written."""
    (home / ".aws/credentials").write_text(f"[default]\naws_access_key_id = {key}\naws_secret_access_key = x\n")


async def only_new(exchange: Exchange) -> None:
    """An AWS that takes nothing but the new key."""
    reply = faults.functions("orders") if NEW in exchange.seen.headers["authorization"] else EXPIRED
    await reply(exchange)


@pytest.fixture
def sessions(monkeypatch: pytest.MonkeyPatch) -> list[Target]:
    """A target for each session that was made."""
    made: list[Target] = []
    plainly = connection._load_session

    def load(target: Target, codes: Codes, keys: Keys | None) -> AioSession:
        made.append(target)
        return plainly(target, codes, keys)

    monkeypatch.setattr(connection, "_load_session", load)
    return made


async def test_calls_that_find_them_expired_share_one_new_session_and_are_repeated(
    server: FaultServer, opened: Opener, home: Path, sessions: list[Target]
) -> None:
    server.plan("lambda:ListFunctions", faults.functions("orders"))
    aws = opened(endpoint_url=server.url)
    await listed(aws)
    server.plan("lambda:ListFunctions", only_new)
    have(home, NEW)
    found = await asyncio.gather(*(listed(aws) for _ in range(10)))
    assert [[function.name for function in each] for each in found] == [["orders"]] * 10
    assert len(sessions) == 2
    assert len(server.journal) == 1 + 10 + 10


@pytest.mark.parametrize("code", ["UnrecognizedClientException", "InvalidClientTokenId", "InvalidSignatureException"])
async def test_keys_that_were_rotated_are_read_anew(
    code: str, server: FaultServer, opened: Opener, home: Path, sessions: list[Target]
) -> None:
    server.plan("lambda:ListFunctions", faults.aws_error(403, code), faults.functions("orders"))
    assert [function.name for function in await listed(opened(endpoint_url=server.url))] == ["orders"]
    assert len(sessions) == 2


async def test_where_there_are_no_others_that_is_tried_once_and_then_told(
    server: FaultServer, opened: Opener, home: Path, sessions: list[Target]
) -> None:
    server.plan("lambda:ListFunctions", only_new)
    aws = opened(endpoint_url=server.url)
    for _ in range(3):
        with pytest.raises(Expired):
            await listed(aws)
    assert len(sessions) == 2
    assert len(server.journal) == 2 + 1 + 1
    have(home, NEW)
    await aws.revive()
    assert [function.name for function in await listed(aws)] == ["orders"]


async def test_a_clock_that_is_wrong_is_not_made_right_by_other_keys(
    server: FaultServer, opened: Opener, home: Path, sessions: list[Target]
) -> None:
    server.plan("lambda:ListFunctions", faults.aws_error(403, "RequestTimeTooSkewed"))
    with pytest.raises(Denied) as told:
        await listed(opened(endpoint_url=server.url))
    assert not isinstance(told.value, KeysRefused)
    assert len(sessions) == 1


async def test_an_invocation_is_not_repeated(server: FaultServer, opened: Opener, home: Path) -> None:
    server.plan("lambda:Invoke", EXPIRED)
    with pytest.raises(Expired):
        await invoke(opened(endpoint_url=server.url))
    assert server.operations == ["lambda:Invoke"]


async def test_a_change_of_the_files_is_noticed(
    server: FaultServer, opened: Opener, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credential_files, "LOOK", 0.01)
    server.plan("lambda:ListFunctions", faults.functions("orders"))
    aws = opened(endpoint_url=server.url)
    await listed(aws)
    waiting = asyncio.create_task(aws.credentials_changed())
    await asyncio.sleep(0)
    assert not waiting.done()
    (home / ".aws/sso/cache").mkdir(parents=True)
    (home / ".aws/sso/cache/0123.json").write_text("{}")
    async with asyncio.timeout(10):
        await waiting


# MFA ----------------------------------------------------------------------------------------------------------------


class Person:
    """Somebody who is asked for codes."""

    def __init__(self, *codes: str | None) -> None:
        self.codes = list(codes)
        self.asked: list[tuple[str, bool]] = []

    async def __call__(self, device: str, wrong: bool) -> str | None:
        self.asked.append((device, wrong))
        await asyncio.sleep(0)
        return self.codes.pop(0)


def asking(server: FaultServer, ask_code: AskCode) -> Aws:
    return Aws(Target(profile="admin", endpoint_url=server.url), Guard(Journal(), Writable()), ask_code=ask_code)


@pytest.fixture
def admin(home: Path, server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A profile that wants a code, which only 123456 is."""
    (home / ".aws/config").write_text(
        "[profile admin]\nregion = eu-west-1\nrole_arn = arn:aws:iam::123456789012:role/admin\n"
        f"source_profile = default\nmfa_serial = {DEVICE}\n"
    )
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", server.url)
    monkeypatch.setattr(getpass, "getpass", lambda *_: pytest.fail("somebody was asked on the terminal"))

    async def assume(exchange: Exchange) -> None:
        code = parse_qs(exchange.seen.body.decode())["TokenCode"][0]
        if code != "123456":
            words = "MultiFactorAuthentication failed with invalid MFA one time pass code."
            await faults.aws_error(403, "AccessDenied", words)(exchange)
            return
        xml = (
            "<AssumeRoleResponse><AssumeRoleResult><Credentials>"
            f"<AccessKeyId>{NEW}</AccessKeyId><SecretAccessKey>y</SecretAccessKey><SessionToken>t</SessionToken>"
            "<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"
            "<AssumedRoleUser><Arn>a</Arn><AssumedRoleId>i</AssumedRoleId></AssumedRoleUser>"
            "</AssumeRoleResult></AssumeRoleResponse>"
        )
        await faults.status(200, xml, content_type="text/xml")(exchange)

    server.plan("sts:AssumeRole", assume)
    server.plan("lambda:ListFunctions", only_new)
    return home


async def test_a_code_is_asked_for_once_however_many_calls_wait(server: FaultServer, admin: Path) -> None:
    person = Person("123456")
    async with asking(server, person) as aws:
        found = await asyncio.gather(*(listed(aws) for _ in range(5)), aws.account.place())
    lists = [each for each in found if isinstance(each, list)]
    assert [each[0].name for each in lists] == ["orders"] * 5
    assert person.asked == [(DEVICE, False)]
    assert server.operations.count("sts:AssumeRole") == 1
    (cached,) = (admin / ".aws/cli/cache").iterdir()
    assert stat.S_IMODE(cached.stat().st_mode) == 0o600


async def test_what_aws_cli_has_asked_for_is_not_asked_again(server: FaultServer, admin: Path) -> None:
    async with asking(server, Person("123456")) as aws:
        await listed(aws)
    person = Person()
    async with asking(server, person) as aws:
        assert [function.name for function in await listed(aws)] == ["orders"]
    assert person.asked == []


async def test_a_wrong_code_is_said_and_another_asked_for(server: FaultServer, admin: Path) -> None:
    person = Person("111111", "222222", "123456")
    async with asking(server, person) as aws:
        assert [function.name for function in await listed(aws)] == ["orders"]
    assert person.asked == [(DEVICE, False), (DEVICE, True), (DEVICE, True)]


async def test_without_a_code_that_is_told_and_asked_again_on_r(server: FaultServer, admin: Path) -> None:
    person = Person(None, "123456")
    async with asking(server, person) as aws:
        with pytest.raises(NoCredentials, match=r"The profile wants an MFA code \(arn:aws:iam::123456789012:mfa/ada\)"):
            await listed(aws)
        await aws.revive()
        assert [function.name for function in await listed(aws)] == ["orders"]


async def test_when_the_session_of_a_code_expires_another_is_asked_for(server: FaultServer, admin: Path) -> None:
    person = Person("123456", "123456")
    async with asking(server, person) as aws:
        await listed(aws)
        (cached,) = (admin / ".aws/cli/cache").iterdir()
        cached.unlink()
        server.plan("lambda:ListFunctions", EXPIRED, only_new)
        assert [function.name for function in await listed(aws)] == ["orders"]
    assert len(person.asked) == 2


# SSO ----------------------------------------------------------------------------------------------------------------


def log_in(home: Path, *, expires: str) -> None:
    """What `aws sso login` writes."""
    folder = home / ".aws/sso/cache"
    folder.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha1(b"corp", usedforsecurity=False).hexdigest()
    token = {
        "accessToken": "t",
        "expiresAt": expires,
        "region": "eu-west-1",
        "startUrl": "https://corp.awsapps.com/start",
    }
    (folder / f"{name}.json").write_text(json.dumps(token))


@pytest.mark.parametrize("before", [None, "2020-01-01T00:00:00Z"], ids=["never logged in", "expired"])
async def test_a_login_that_has_expired_is_named_and_the_next_one_is_taken(
    before: str | None, server: FaultServer, opened: Opener, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / ".aws/config").write_text(
        "[profile dev]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = admin\nregion = eu-west-1\n"
        "[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n"
    )
    monkeypatch.setenv("AWS_ENDPOINT_URL_SSO", server.url)
    monkeypatch.setenv("AWS_ENDPOINT_URL_SSO_OIDC", server.url)
    monkeypatch.setattr(credential_files, "LOOK", 0.01)
    # The SDK looks for the home when it is imported.
    monkeypatch.setattr("botocore.tokens.SSOTokenProvider._SSO_TOKEN_CACHE_DIR", str(home / ".aws/sso/cache"))
    given = {"accessKeyId": NEW, "secretAccessKey": "y", "sessionToken": "t", "expiration": 4_000_000_000_000}
    asked = "GET /federation/credentials?role_name=admin&account_id=123456789012"
    server.plan(asked, faults.answer({"roleCredentials": given}))
    server.plan("lambda:ListFunctions", only_new)
    if before is not None:
        log_in(home, expires=before)
    aws = opened(endpoint_url=server.url, profile="dev")
    with pytest.raises(Expired) as told:
        await listed(aws)
    assert "`aws sso login --profile dev`" in told.value.remedy
    waiting = asyncio.create_task(aws.credentials_changed())
    log_in(home, expires="2099-01-01T00:00:00Z")
    async with asyncio.timeout(10):
        await waiting
    await aws.revive()
    assert [function.name for function in await listed(aws)] == ["orders"]
    assert asked in server.operations


# Many of them -------------------------------------------------------------------------------------------------------


def test_a_part_of_the_family_of_credentials() -> None:
    figures = list(credentials.run(Trials(scale=0.06, seed=16)))
    assert all(figure.runs for figure in figures)
    assert [f"{figure.case}: {failure}" for figure in figures for failure in figure.failures] == []
