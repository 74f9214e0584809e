"""What wins over what: flags, environment, file, defaults; and what a session with these settings may do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from lambdatui.settings import Marks, Settings, SettingsError, load, nearest


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / ".config/lambdatui").mkdir(parents=True)
    return tmp_path


def settings(home: Path, *, file: str | None = None, env: dict[str, str] | None = None, **flags: Any) -> Settings:
    if file is not None:
        (home / ".config/lambdatui/config.yaml").write_text(file, encoding="utf-8")
    return load(flags, {"HOME": str(home), **(env or {})})


def refusal(home: Path, **given: Any) -> str:
    with pytest.raises(SettingsError) as caught:
        settings(home, **given)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_nothing_given_means_nothing_assumed(home: Path) -> None:
    found = settings(home)
    assert (found.profile, found.region, found.endpoint_url, found.filter) == (None, None, None, "")
    assert not found.read_only
    assert not found.demo
    assert found.config_file is None
    assert found.read_only_reason(None, "123456789012") is None


def test_calls_are_kept_unless_the_file_says_otherwise(home: Path) -> None:
    assert settings(home).history
    assert settings(home, file="history: on").history
    assert not settings(home, file="history: off").history
    assert not settings(home, file="history: off", demo=True).history


ORDER = ["flag", "environment", "file"]


@pytest.mark.parametrize(
    ("name", "variable"), [("profile", "AWS_PROFILE"), ("region", "AWS_REGION"), ("region", "AWS_DEFAULT_REGION")]
)
@pytest.mark.parametrize("present", [ORDER[start:] for start in range(3)])
def test_a_flag_wins_over_the_environment_and_that_over_the_file(
    home: Path, name: str, variable: str, present: list[str]
) -> None:
    found = settings(
        home,
        file=f"{name}: file" if "file" in present else None,
        env={variable: "environment"} if "environment" in present else {},
        **({name: "flag"} if "flag" in present else {}),
    )
    assert getattr(found, name) == present[0]


def test_aws_region_wins_over_aws_default_region(home: Path) -> None:
    assert settings(home, env={"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-2"}).region == "eu-west-1"


def test_aws_default_profile_wins_over_aws_profile_as_in_the_aws_cli(home: Path) -> None:
    assert settings(home, env={"AWS_PROFILE": "a", "AWS_DEFAULT_PROFILE": "b"}).profile == "b"


def test_an_empty_variable_counts_as_unset(home: Path) -> None:
    found = settings(
        home, file="region: eu-west-3", env={"AWS_REGION": "", "AWS_DEFAULT_REGION": " ", "AWS_PROFILE": ""}
    )
    assert (found.profile, found.region) == (None, "eu-west-3")


def test_access_keys_in_the_environment_outrank_the_profile_of_the_file_but_not_the_flag(home: Path) -> None:
    keys = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE"}
    assert settings(home, file="profile: prod", env=keys).profile is None
    assert settings(home, file="profile: prod", env=keys, profile="dev").profile == "dev"


def test_only_a_profile_from_a_flag_or_the_file_is_named(home: Path) -> None:
    assert settings(home, profile="prod").profile_named
    assert not settings(home, env={"AWS_PROFILE": "prod"}).profile_named
    assert not settings(home).profile_named
    assert settings(home, file="profile: prod").profile_named


def test_the_defaults_of_the_file_are_taken(home: Path) -> None:
    file = (
        "profile: dev\nregion: eu-west-1\nendpoint_url: http://[::1]:4566\nfilter: pay\nread_only: yes\ntheme: nord\n"
    )
    found = settings(home, file=file)
    assert (found.profile, found.region, found.endpoint_url, found.filter, found.read_only) == (
        "dev", "eu-west-1", "http://[::1]:4566", "pay", True,
    )  # fmt: skip
    assert found.theme is not None
    assert found.theme.value == "nord"
    assert found.theme.where == f"{home}/.config/lambdatui/config.yaml line 6"
    assert found.config_file == home / ".config/lambdatui/config.yaml"


def test_a_flag_wins_over_the_filter_and_the_endpoint_of_the_file(home: Path) -> None:
    found = settings(home, file="filter: a\nendpoint_url: http://a", filter="b", endpoint_url="https://b:1/x")
    assert (found.filter, found.endpoint_url) == ("b", "https://b:1/x")


# ── The demo ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_demo_takes_nothing_from_the_configured_aws(home: Path) -> None:
    file = "profile: prod\nregion: eu-west-1\nendpoint_url: http://x\nread_only: true\nfilter: pay\ntheme: nord\n"
    found = settings(home, file=file, env={"AWS_PROFILE": "prod", "AWS_REGION": "not a region"}, demo=True)
    assert (found.profile, found.region, found.endpoint_url, found.filter) == (None, None, None, "")
    assert found.theme is not None
    assert found.read_only_reason(None, None) is None


def test_the_demo_is_read_only_where_the_flag_says_so(home: Path) -> None:
    found = settings(home, demo=True, read_only=True)
    assert found.read_only
    assert found.read_only_reason(None, "000000000000") == "--read-only was given"


@pytest.mark.parametrize(
    ("flag", "value"), [("profile", "prod"), ("region", "eu-west-1"), ("endpoint_url", "http://localhost:4566")]
)
def test_the_demo_beside_a_flag_that_names_another_aws_is_refused(home: Path, flag: str, value: str) -> None:
    assert refusal(home, demo=True, **{flag: value}) == (
        f"--demo and --{flag.replace('_', '-')} contradict each other: the demo is an AWS of its own."
        " Leave one of them out."
    )


# ── Values that are refused, whoever gives them ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("flag", ["profile", "region", "endpoint_url", "filter", "config"])
@pytest.mark.parametrize("value", ["", "  "])
def test_an_empty_flag_is_refused(home: Path, flag: str, value: str) -> None:
    assert refusal(home, **{flag: value}).startswith(f"--{flag.replace('_', '-')} is empty.")


@pytest.mark.parametrize(
    "region", ["eu west 1", "EU-WEST-1", "eu/west", "12345", "-eu", "eu-", "eu_west_1", "x" * 64, "é"]
)
def test_what_cannot_be_a_region_is_refused_by_the_name_of_who_said_it(home: Path, region: str) -> None:
    assert refusal(home, region=region).startswith("--region: ")
    assert refusal(home, env={"AWS_REGION": region}).startswith("AWS_REGION: ")
    assert refusal(home, env={"AWS_DEFAULT_REGION": region}).startswith("AWS_DEFAULT_REGION: ")
    assert refusal(home, file=f"\nregion: '{region}'").startswith(f"{home}/.config/lambdatui/config.yaml line 2: ")


@pytest.mark.parametrize("region", ["eu-west-1", "us-gov-west-1", "local", "eusc-de-east-1", "cn-north-1"])
def test_a_region_that_may_exist_is_taken(home: Path, region: str) -> None:
    assert settings(home, region=region).region == region


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("localhost:4566", "must begin with http:// or https://"),
        ("ftp://host", "must begin with http:// or https://"),
        ("http://", "has no valid host"),
        ("http://:4566", "has no valid host"),
        ("http:///path", "has no valid host"),
        ("http://under_score", "has no valid host"),
        ("http://-x", "has no valid host"),
        ("http://ho st", "has a space in it"),
        ("http://host:99999", "has a host or port that cannot be read"),
        ("http://host:port", "has a host or port that cannot be read"),
        ("http://[::1", "has a host or port that cannot be read"),
        ("http://[1:2]", "has a host or port that cannot be read"),
        ("http://host:0", "has port 0"),
        ("http://me:hunter2@host", "must not hold a user name or password"),
        ("http://host/?a=b", "must end before '?' or '#'"),
    ],
)
def test_an_endpoint_url_that_no_client_could_use_is_refused(home: Path, url: str, problem: str) -> None:
    said = refusal(home, endpoint_url=url)
    assert said == f"--endpoint-url: the endpoint URL {problem}. Write it as in 'http://localhost:4566'."
    assert "hunter2" not in said
    assert "line 1: the endpoint URL" in refusal(home, file=f"endpoint_url: '{url}'")


@pytest.mark.parametrize(
    "url",
    ["http://localhost:4566", "https://vpce-0a1b.lambda.eu-west-1.vpce.amazonaws.com", "http://[::1]:80/", "http://h."],
)
def test_an_endpoint_url_that_a_client_can_use_is_taken(home: Path, url: str) -> None:
    assert settings(home, endpoint_url=url).endpoint_url == url


@pytest.mark.parametrize("flag", ["profile", "filter", "config", "region", "endpoint_url"])
def test_a_flag_with_characters_that_a_terminal_would_obey_is_refused_and_shown_harmless(home: Path, flag: str) -> None:
    said = refusal(home, **{flag: "http://a\x1b]0;x\x07\udcff\u202e"})
    assert "characters that cannot be shown" in said
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202e\ud800-\udfff]", said)


# ── Marks ────────────────────────────────────────────────────────────────────────────────────────────────────────────

MARKED = """\
profiles:
  prod: {production: true}
  audit: {read_only: true}
  breakglass: {production: true, read_only: false}
  default: {read_only: true}
accounts:
  012345678901: {production: true}
  '999999999999': {read_only: false}
"""


def test_marks_start_a_session_read_only_with_the_reason_and_its_line(home: Path) -> None:
    found = settings(home, file=MARKED)
    file = f"{home}/.config/lambdatui/config.yaml"
    known = "111111111111"
    assert found.read_only_reason("prod", known) == f"profile 'prod' is marked production in {file} line 2"
    assert found.read_only_reason("audit", known) == f"profile 'audit' is marked read_only in {file} line 3"
    assert found.read_only_reason(None, known) == f"profile 'default' is marked read_only in {file} line 5"
    assert (
        found.read_only_reason("dev", "012345678901") == f"account 012345678901 is marked production in {file} line 7"
    )
    assert found.read_only_reason("dev", known) is None


def test_a_production_profile_may_be_marked_writable_but_stays_production(home: Path) -> None:
    found = settings(home, file=MARKED)
    assert found.read_only_reason("breakglass", "111111111111") is None
    assert found.production("breakglass", None)
    assert found.production("dev", "012345678901")
    assert not found.production("dev", "111111111111")


def test_of_two_marks_the_careful_one_counts(home: Path) -> None:
    found = settings(home, file=MARKED)
    assert found.read_only_reason("audit", "999999999999") is not None
    assert found.read_only_reason("breakglass", "012345678901") is not None


def test_an_account_that_is_not_known_may_be_the_marked_one(home: Path) -> None:
    found = settings(home, file=MARKED)
    assert found.read_only_reason("dev", None) == (
        f"the account is not known, and {home}/.config/lambdatui/config.yaml marks accounts"
    )
    only_lifted = settings(home, file="accounts: {999999999999: {read_only: false}}")
    assert only_lifted.read_only_reason("dev", None) is None


def test_a_mark_lifts_the_default_of_the_file_but_never_the_flag(home: Path) -> None:
    file = "read_only: true\nprofiles: {dev: {read_only: false}}"
    assert settings(home, file=file).read_only_reason("dev", None) is None
    assert settings(home, file=file).read_only_reason("other", None) == (
        f"read_only is set in {home}/.config/lambdatui/config.yaml line 1"
    )
    assert settings(home, file=file, read_only=True).read_only_reason("dev", None) == "--read-only was given"


def test_marks_are_read_as_they_are_written(home: Path) -> None:
    found = settings(home, file=MARKED)
    assert set(found.accounts) == {"012345678901", "999999999999"}
    where = f"{home}/.config/lambdatui/config.yaml line 4"
    assert found.profiles["breakglass"] == Marks(read_only=False, production=True, where=where)
    assert found.profiles["prod"].read_only is None


# ── Folders ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_folders_follow_xdg(home: Path, tmp_path: Path) -> None:
    (tmp_path / "c/lambdatui").mkdir(parents=True)
    (tmp_path / "c/lambdatui/config.yaml").write_text("filter: here")
    env = {"XDG_CONFIG_HOME": f"{tmp_path}/c", "XDG_STATE_HOME": f"{tmp_path}/s", "XDG_CACHE_HOME": f"{tmp_path}/k"}
    found = settings(home, env=env)
    assert found.filter == "here"
    assert (found.state_dir, found.cache_dir) == (tmp_path / "s/lambdatui", tmp_path / "k/lambdatui")


def test_relative_and_empty_xdg_folders_are_ignored_as_the_specification_says(home: Path) -> None:
    found = settings(
        home, env={"XDG_CONFIG_HOME": "c", "XDG_STATE_HOME": "./s", "XDG_CACHE_HOME": ""}, file="filter: x"
    )
    assert found.filter == "x"
    assert (found.state_dir, found.cache_dir) == (home / ".local/state/lambdatui", home / ".cache/lambdatui")


def test_without_a_usable_home_the_password_database_says_where_it_is() -> None:
    assert load({"demo": True}, {"HOME": "not/absolute"}).state_dir.is_absolute()


# ── Which file ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_named_file_takes_the_place_of_the_usual_one(home: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text("filter: other")
    found = settings(home, file="filter: usual", config=str(other))
    assert (found.filter, found.config_file) == ("other", other)


def test_a_named_file_that_is_not_there_is_refused(home: Path, tmp_path: Path) -> None:
    assert refusal(home, config=f"{tmp_path}/none") == (
        f"{tmp_path}/none: there is no such configuration file. Check the name after --config."
    )


def test_a_usual_file_that_is_a_link_to_nowhere_is_not_passed_over(home: Path) -> None:
    (home / ".config/lambdatui/config.yaml").symlink_to(home / "gone.yaml")
    assert "config.yaml: there is no such" in refusal(home)


def test_a_file_with_the_other_ending_is_not_passed_over(home: Path) -> None:
    (home / ".config/lambdatui/config.yml").write_text("read_only: true")
    assert refusal(home).endswith("config.yml is not read. Rename it to config.yaml.")


def test_the_whole_file_is_checked_even_where_a_flag_overrides_it(home: Path) -> None:
    assert "line 1" in refusal(home, file="region: No Region", region="eu-west-1")
    assert "line 1" in refusal(home, file="endpoint_url: nowhere", demo=True)


# ── nearest() ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_nearest_names_the_likely_one_else_what_is_possible() -> None:
    assert nearest("regoin", ["region", "profile"]) == " Did you mean 'region'?"
    assert nearest("READ-ONLY", ["read_only", "region"]) == " Did you mean 'read_only'?"
    assert nearest("zzz", ["b", "a"]) == " Possible: a, b."
    assert nearest("zzz", []) == ""
    assert nearest("!", [f"n{number:02}" for number in range(30)]).endswith("n18, n19, ….")
