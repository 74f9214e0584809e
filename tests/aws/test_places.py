"""Where a gateway can be opened to: the profiles of this machine, the regions that the SDK knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambdatui.aws.profiles import known_profiles, known_regions
from lambdatui.gateways import Gateways
from lambdatui.model.errors import AwsError, Misconfigured
from lambdatui.model.identity import Place
from lambdatui.model.redaction import Redactor
from lambdatui.settings import Settings
from tests.aws import faults
from tests.aws.fault_server import FaultServer


async def nobody_asks(device: str, wrong: bool) -> str | None:
    return None


@pytest.fixture
def files(nobody: Path) -> Path:
    folder = nobody / ".aws"
    folder.mkdir()
    return folder


async def test_profiles_are_those_of_both_files(files: Path) -> None:
    (files / "config").write_text("[default]\nregion = eu-west-1\n[profile dev]\n[profile 'a b']\n[sso-session s]\n")
    (files / "credentials").write_text("[prod]\naws_access_key_id = AKIDEXAMPLE\n[dev]\n")
    assert await known_profiles() == ["a b", "default", "dev", "prod"]


async def test_without_files_there_are_no_profiles(nobody: Path) -> None:
    assert await known_profiles() == []


async def test_a_profile_whose_name_cannot_be_shown_cannot_be_chosen(files: Path) -> None:
    (files / "config").write_text("[profile ok]\n[profile \u202eevil]\n")
    assert await known_profiles() == ["ok"]


async def test_a_file_that_cannot_be_read_is_told_of(files: Path) -> None:
    (files / "config").write_text("[profile x\nfoo")
    with pytest.raises(Misconfigured) as told:
        await known_profiles()
    assert "config" in told.value.reason


@pytest.mark.parametrize(
    ("like", "known", "unknown"),
    [
        ("eu-west-1", "us-east-1", "cn-north-1"),
        ("cn-north-1", "cn-northwest-1", "eu-west-1"),
        ("us-gov-west-1", "us-gov-east-1", "us-east-1"),
        ("", "eu-central-1", "cn-north-1"),
        ("mars-north-1", "eu-central-1", "cn-north-1"),
        ("not a region", "eu-central-1", "cn-north-1"),
    ],
)
async def test_regions_are_those_of_the_partition(like: str, known: str, unknown: str) -> None:
    names = [region.name for region in await known_regions(like)]
    assert known in names
    assert unknown not in names
    assert names == sorted(names)


async def test_a_region_says_where_it_is(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (files / "config").write_text("[profile x\nfoo")
    monkeypatch.setenv("AWS_PROFILE", "that is not there")
    regions = dict(await known_regions("eu-west-1"))
    assert regions["eu-central-1"] == "Europe (Frankfurt)"


async def test_an_endpoint_that_was_asked_for_stays_in_another_region_and_profile(
    files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (files / "config").write_text("[profile dev]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = none\n")
    async with FaultServer() as server:
        server.plan("lambda:ListFunctions", faults.functions("a"))
        settings = Settings(
            region="eu-west-1", endpoint_url=server.url, state_dir=tmp_path / "s", cache_dir=tmp_path / "c"
        )
        gateways = Gateways(settings, Redactor(), nobody_asks)
        assert (gateways.start, gateways.only) == (Place(None, "eu-west-1"), "")
        async with gateways.open(Place("dev", "ap-south-1")) as aws:
            assert [it.name async for page in aws.functions.pages() for it in page] == ["a"]
            place = await aws.account.place()
        assert (place.profile, place.region, place.endpoint) == ("dev", "ap-south-1", f"127.0.0.1:{server.port}")
        (seen,) = server.journal
        assert "/ap-south-1/lambda/" in seen.headers["authorization"]


async def test_a_gateway_to_a_profile_that_is_not_there_says_so_at_its_first_call(tmp_path: Path) -> None:
    settings = Settings(region="eu-west-1", state_dir=tmp_path / "s", cache_dir=tmp_path / "c")
    async with Gateways(settings, Redactor(), nobody_asks).open(Place("nowhere", None)) as aws:
        with pytest.raises(AwsError, match="nowhere"):
            await aws.account.place()
