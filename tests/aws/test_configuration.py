"""Credentials, profiles and regions as this machine has them, and as it should not have them."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest
from botocore.exceptions import EndpointConnectionError

from lambdatui.aws.failures import translating
from lambdatui.aws.gateway import Aws
from lambdatui.aws.target import Target
from lambdatui.model.errors import AwsError, Misconfigured, NoCredentials, Offline
from tests.aws import faults
from tests.aws.fault_server import FaultServer
from tests.aws.gateways import Journal, Opener, invoke, listed


class Here:
    """An embedded endpoint that is at `address`."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.restarts = 0

    async def url(self) -> str:
        return self.address

    async def restart(self) -> None:
        self.restarts += 1


def write(home: Path, name: str, text: str) -> None:
    """A file in ~/.aws."""
    (home / ".aws").mkdir(exist_ok=True)
    (home / ".aws" / name).write_text(text)


KEYS = "aws_access_key_id = AKIDFILE\naws_secret_access_key = not-a-secret\n"


async def test_without_credentials_the_sources_that_were_tried_are_named(server: FaultServer, opened: Opener) -> None:
    with pytest.raises(NoCredentials) as told:
        await listed(opened(endpoint_url=server.url))
    assert told.value.operation == "lambda:ListFunctions"
    for source in ("environment variables", "SSO", "shared credentials", "credential_process", "instance's role"):
        assert source in told.value.reason
    for way in ("-p PROFILE", "aws sso login", "AWS_ACCESS_KEY_ID", "lambdatui --demo"):
        assert way in told.value.remedy
    assert server.journal == []


async def test_an_invocation_without_credentials_has_not_left(server: FaultServer, opened: Opener) -> None:
    with pytest.raises(NoCredentials):
        await invoke(opened(endpoint_url=server.url))
    assert server.journal == []


async def test_half_of_a_key_pair_is_named(
    server: FaultServer, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    with pytest.raises(NoCredentials, match="missing: AWS_SECRET_ACCESS_KEY"):
        await listed(opened(endpoint_url=server.url))


async def test_a_credential_process_that_fails_is_no_credentials(
    server: FaultServer, opened: Opener, nobody: Path
) -> None:
    write(nobody, "config", "[profile ops]\ncredential_process = false\n")
    with pytest.raises(NoCredentials, match="custom-process"):
        await listed(opened(endpoint_url=server.url, profile="ops"))


ALONE = """
import json, os
alone = os.path.samestat(os.fstat(0), os.stat(os.devnull)) and os.getsid(0) == os.getpid()
print(json.dumps({"Version": 1, "AccessKeyId": "AKIDALONE" if alone else "AKIDNOT", "SecretAccessKey": "s"}))
"""


async def test_a_credential_process_has_no_terminal(server: FaultServer, opened: Opener, nobody: Path) -> None:
    (nobody / "alone.py").write_text(ALONE)
    write(nobody, "config", f"[profile ops]\ncredential_process = {sys.executable} {nobody / 'alone.py'}\n")
    read, written = os.pipe()
    kept = os.dup(0)
    os.dup2(read, 0)  # not /dev/null, as under most test runners
    try:
        await listed(opened(endpoint_url=server.url, profile="ops"))
    finally:
        os.dup2(kept, 0)
        for one in (read, written, kept):
            os.close(one)
    assert "Credential=AKIDALONE/" in server.journal[0].headers["authorization"]


ASSUMED = "role_arn = arn:aws:iam::123456789012:role/admin\nsource_profile = base\n[profile base]\n"


@pytest.mark.parametrize("source", ["", ASSUMED])
async def test_a_credential_process_ends_with_all_it_has_started_when_nobody_waits_for_it(
    source: str, server: FaultServer, opened: Opener, nobody: Path
) -> None:
    fifo = nobody / "fifo"
    os.mkfifo(fifo)
    (nobody / "hang.sh").write_text(f"exec 3>'{fifo}'\nsleep 20 &\necho begun >&3\nwait\n")
    write(nobody, "config", f"[profile ops]\n{source}credential_process = sh {nobody / 'hang.sh'}\n")
    call = asyncio.create_task(listed(opened(endpoint_url=server.url, profile="ops")))
    with await asyncio.to_thread(fifo.open) as told:
        assert await asyncio.to_thread(told.readline) == "begun\n"
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        async with asyncio.timeout(5):
            assert await asyncio.to_thread(told.read) == ""  # the end: nobody has it open


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_LAMBDA"])
async def test_a_password_in_an_endpoint_is_neither_used_nor_shown(
    name: str, server: FaultServer, opened: Opener, keys: None, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, server.url.replace("//", "//ada:hunter2@"))
    for call in (listed, invoke):
        with pytest.raises(Misconfigured, match="name or password in the address") as told:
            await call(opened())
        assert server.url in told.value.reason
        assert "hunter2" not in str(told.value) + told.value.remedy
    assert server.connections == 0
    assert journal.lines == []


async def test_no_address_in_what_is_told_of_a_failure_has_a_password() -> None:
    with pytest.raises(Offline) as told, translating("lambda:Invoke"):
        raise EndpointConnectionError(endpoint_url="https://ada:hunter2@h:1/x", error=None)
    assert '"https://h:1/x"' in told.value.reason


@pytest.mark.parametrize("url", ["ada:hunter2@nowhere", "https://ada:hunter2@no where", "http://ada:hunter2@h:port"])
async def test_a_password_in_an_endpoint_that_cannot_be_one_is_not_shown(url: str, opened: Opener, keys: None) -> None:
    with pytest.raises(AwsError) as told:
        await listed(opened(endpoint_url=url))
    assert "hunter2" not in str(told.value) + told.value.remedy


async def test_an_unknown_profile_is_named(server: FaultServer, opened: Opener) -> None:
    with pytest.raises(Misconfigured, match=r"profile \(prod-\\u202eeu\) could not be found") as told:
        await listed(opened(endpoint_url=server.url, profile="prod-\u202eeu"))
    assert told.value.remedy


async def test_an_unknown_profile_in_the_environment_is_named(
    server: FaultServer, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "missing")
    with pytest.raises(Misconfigured, match=r"profile \(missing\) could not be found"):
        await listed(opened(endpoint_url=server.url))


@pytest.mark.parametrize("text", ["[profile a\nregion = x\n", "region\n= = [\n", "\x00\xff[a]\nx\n", "[a]\n[a]\n"])
async def test_a_broken_configuration_file_is_told_with_its_path(
    text: str, server: FaultServer, opened: Opener, keys: None, nobody: Path
) -> None:
    write(nobody, "config", text)
    with pytest.raises(Misconfigured) as told:
        await listed(opened(endpoint_url=server.url))
    assert ".aws/config" in told.value.reason


async def test_a_file_that_was_repaired_is_read_after_revive(
    server: FaultServer, opened: Opener, keys: None, nobody: Path
) -> None:
    write(nobody, "config", "[broken")
    aws = opened(endpoint_url=server.url)
    with pytest.raises(Misconfigured):
        await listed(aws)
    write(nobody, "config", "[default]\nregion = eu-west-1\n")
    await aws.revive()
    assert await listed(aws) == []


async def test_credentials_that_were_changed_are_read_after_revive(
    server: FaultServer, opened: Opener, nobody: Path
) -> None:
    write(nobody, "credentials", "[ops]\n" + KEYS)
    aws = opened(endpoint_url=server.url, profile="ops")
    await listed(aws)
    write(nobody, "credentials", "[ops]\n" + KEYS.replace("AKIDFILE", "AKIDNEW"))
    await aws.revive()
    await listed(aws)
    used = [seen.headers["authorization"].split("Credential=")[1].partition("/")[0] for seen in server.journal]
    assert used == ["AKIDFILE", "AKIDNEW"]


async def test_no_region_is_told_with_the_places_where_it_was_looked_for(
    server: FaultServer, opened: Opener, keys: None
) -> None:
    with pytest.raises(Misconfigured, match="No region is known") as told:
        await listed(opened(endpoint_url=server.url, region=None))
    assert "profile default" in told.value.reason
    assert "-r" in told.value.remedy


@pytest.mark.parametrize(
    ("wanted", "environment", "file", "expected"),
    [
        ("eu-north-1", "us-east-2", "[default]\nregion = us-west-1\n", "eu-north-1"),
        (None, "us-east-2", "[default]\nregion = us-west-1\n", "us-east-2"),
        (None, None, "[default]\nregion = us-west-1\n", "us-west-1"),
    ],
)
async def test_the_region_is_the_targets_then_the_environments_then_the_profiles(
    wanted: str | None,
    environment: str | None,
    file: str,
    expected: str,
    server: FaultServer,
    opened: Opener,
    keys: None,
    nobody: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if environment:
        monkeypatch.setenv("AWS_DEFAULT_REGION", environment)
    write(nobody, "config", file)
    aws = opened(endpoint_url=server.url, region=wanted)
    assert (await aws.account.place()).region == expected
    await listed(aws)
    assert f"/{expected}/lambda/aws4_request" in server.journal[0].headers["authorization"]


async def test_a_named_profile_has_its_own_region_or_none(
    server: FaultServer, opened: Opener, keys: None, nobody: Path
) -> None:
    write(nobody, "config", f"[default]\nregion = us-west-1\n[profile ops]\n{KEYS}")
    with pytest.raises(Misconfigured, match="profile ops in the AWS configuration"):
        await listed(opened(endpoint_url=server.url, region=None, profile="ops"))


@pytest.mark.parametrize("region", ["eu west", "-", "a" * 64, "eu/../x"])
async def test_a_region_that_cannot_be_one_is_told(
    region: str, server: FaultServer, opened: Opener, keys: None
) -> None:
    with pytest.raises(Misconfigured):
        await listed(opened(endpoint_url=server.url, region=region))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWS_ENDPOINT_URL", "not a url"),
        ("AWS_ENDPOINT_URL_LAMBDA", "ftp//"),
        ("AWS_MAX_ATTEMPTS", "many"),
        ("AWS_RETRY_MODE", "often"),
        ("AWS_DEFAULTS_MODE", "odd"),
        ("AWS_STS_REGIONAL_ENDPOINTS", "odd"),
        ("AWS_REQUEST_CHECKSUM_CALCULATION", "odd"),
        ("AWS_CA_BUNDLE", "/nonexistent/ca.pem"),
        ("AWS_CONFIG_FILE", "/nonexistent/config"),
        ("AWS_METADATA_SERVICE_TIMEOUT", "soon"),
        ("HTTPS_PROXY", "no proxy\x01"),
        ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "::::"),
    ],
)
@pytest.mark.parametrize("region", ["eu-west-1", None])
async def test_nonsense_in_the_environment_is_told_and_never_a_crash(
    name: str, value: str, region: str | None, opened: Opener, keys: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Through AWS's own address, which is not reached: what is wrong is found before, or the proxy cannot be used.
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv(name, value)
    with pytest.raises(AwsError) as told:
        await listed(opened(region=region))
    assert told.value.reason
    assert told.value.remedy


async def test_the_label_is_the_profile_where_one_was_named(opened: Opener, keys: None, nobody: Path) -> None:
    write(nobody, "credentials", f"[ops]\n{KEYS}")
    assert (await opened(profile="ops").account.place()).profile == "ops"


async def test_a_profile_that_gives_way_to_keys_in_the_environment_is_not_the_label(
    opened: Opener, keys: None, nobody: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(nobody, "credentials", f"[ops]\n{KEYS}")
    monkeypatch.setenv("AWS_PROFILE", "ops")
    aws = opened()
    assert (await aws.account.place()).profile == "environment"
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    await aws.revive()
    assert (await aws.account.place()).profile == "ops"


async def test_the_label_is_where_the_keys_come_from_where_no_profile_was_named(opened: Opener, keys: None) -> None:
    assert (await opened().account.place()).profile == "environment"


async def test_the_identity_says_who_and_where(server: FaultServer, aws: Aws) -> None:
    identity = await aws.account.identity()
    assert (identity.account, identity.arn) == (faults.ACCOUNT, f"arn:aws:iam::{faults.ACCOUNT}:user/me")
    assert (identity.region, identity.endpoint) == ("eu-west-1", server.url.removeprefix("http://"))
    assert not identity.demo


async def test_the_place_asks_nothing_of_aws(server: FaultServer, opened: Opener) -> None:
    place = await opened(endpoint_url=server.url).account.place()
    assert (place.region, place.account, place.profile) == ("eu-west-1", "", "default")
    assert server.connections == 0


OTHERS = {
    "AWS_PROFILE": "missing",
    "AWS_DEFAULT_PROFILE": "missing",
    "AWS_DEFAULT_REGION": "not a region",
    "AWS_CONFIG_FILE": "/dev/null/config",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
    "AWS_ENDPOINT_URL_LAMBDA": "nonsense",
    "AWS_ENDPOINT_URL_STS": "http://127.0.0.1:1",
    "AWS_CA_BUNDLE": "/nonexistent/ca.pem",
    "REQUESTS_CA_BUNDLE": "/nonexistent/ca.pem",
    "HTTP_PROXY": "http://127.0.0.1:1",
    "http_proxy": "http://127.0.0.1:1",
    "ALL_PROXY": "http://127.0.0.1:1",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "AWS_USE_DUALSTACK_ENDPOINT": "true",
    "AWS_MAX_ATTEMPTS": "many",
    "AWS_RETRY_MODE": "often",
    "AWS_DEFAULTS_MODE": "odd",
    "AWS_STS_REGIONAL_ENDPOINTS": "odd",
    "AWS_REQUEST_CHECKSUM_CALCULATION": "odd",
    "AWS_SESSION_TOKEN": "of somebody",
    "AWS_ACCESS_KEY_ID": "AKIDPERSON",
    "AWS_SECRET_ACCESS_KEY": "of-somebody",
}


@pytest.mark.parametrize("name", [*OTHERS, "all of them"])
async def test_nothing_of_the_users_environment_reaches_the_embedded_endpoint(
    name: str, server: FaultServer, opened: Opener, nobody: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(nobody, "config", "[broken")
    write(nobody, "credentials", "[broken")
    for variable in OTHERS if name == "all of them" else [name]:
        monkeypatch.setenv(variable, OTHERS[variable])
    aws = opened(embedded=Here(server.url), keys=("test", "test"))
    identity = await aws.account.identity()
    assert (identity.profile, identity.region, identity.demo) == ("demo", "eu-west-1", True)
    assert (await invoke(aws)).succeeded
    assert server.operations == ["sts:GetCallerIdentity", "lambda:Invoke"]
    for seen in server.journal:
        assert "Credential=test/" in seen.headers["authorization"]
        assert "x-amz-security-token" not in seen.headers


def test_a_target_shows_no_secret_to_nobody_by_accident() -> None:
    assert "hunter2" not in repr(Target(keys=("a", "hunter2")))
