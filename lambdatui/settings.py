"""What this start of the program was told: flags, then the environment, then the YAML file, then defaults."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lambdatui.config_file import IDLE, LINES, REFRESH, ConfigFile, Located, Marks, SettingsError, nearest, shown
from lambdatui.model.text import one_line

__all__ = ["Located", "Marks", "Settings", "SettingsError", "is_region", "load", "nearest"]

# botocore.utils.validate_region_name, less the upper case that no region has.
_REGION = r"(?![0-9]+$)(?!-)[a-z0-9-]{1,63}(?<!-)"
# botocore.utils.is_valid_endpoint_url: what it refuses there it would refuse later, with a traceback.
_HOST = r"((?!-)[A-Za-z0-9-]{1,63}(?<!-)\.)*(?!-)[A-Za-z0-9-]{1,63}(?<!-)\.?"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What this start of the program was told. Nothing here has asked AWS or the AWS configuration files."""

    profile: str | None = None
    profile_named: bool = False
    """The profile comes from a flag or the file. Only then may a session be given it: botocore ignores access keys in
    the environment for a profile that it is given, and takes them before AWS_PROFILE, which it reads itself."""
    region: str | None = None
    """Flag, else AWS_REGION, else AWS_DEFAULT_REGION, else the file. None: ask the profile and the instance."""
    endpoint_url: str | None = None
    read_only: bool = False
    read_only_by: str = ""
    """Who said so ("--read-only", "FILE line 3"), where `read_only` is true."""
    filter: str = ""
    demo: bool = False
    theme: Located | None = None
    """Not checked here: the app knows the themes."""
    characters: Located | None = None
    """What the terminal can show: see ui/terminal/characters.py, which checks it."""
    keymap: Mapping[str, Located] = field(default_factory=dict)
    """Binding id to keys ("i,ctrl+i"). Not checked here: the app knows the bindings."""
    profiles: Mapping[str, Marks] = field(default_factory=dict)
    accounts: Mapping[str, Marks] = field(default_factory=dict)
    tail_live: bool = False
    """Whether logs are followed by StartLiveTail from the start."""
    log_lines: int = LINES
    """Lines that a log keeps at most."""
    history: bool = True
    """Whether calls of functions are kept."""
    refresh: int | None = REFRESH
    """Seconds between two refreshes of metrics; None: only when somebody asks for it."""
    refresh_idle: int = IDLE
    """Seconds without a key until they are refreshed no more."""
    views: Mapping[str, Located] = field(default_factory=dict)
    """Filters by the name that a person has given them. Not checked here: the lists know what can be asked for."""
    config_file: Path | None = None
    """The file that was read, if there was one."""
    log_file: Path | None = None
    state_dir: Path
    cache_dir: Path
    data_dir: Path | None = None
    """Where events are that belong to no project; None: nowhere."""

    def production(self, profile: str | None, account: str | None) -> bool:
        """Whether the profile (None: `default`, as in botocore) or the account is marked as production."""
        return any(marks.production for _, marks in self._marks(profile, account))

    def read_only_reason(self, profile: str | None, account: str | None) -> str | None:
        """Why a session with this profile and account starts read-only; None when it may write.

        The flag is final. A mark is stronger than the file's default, and between two marks the careful one counts.
        While the account is not known and the file marks accounts, it might be one of those.
        """
        if self.read_only_by == "--read-only":
            return "--read-only was given"
        if self.demo:
            return None
        marks = self._marks(profile, account)
        for what, mark in marks:
            if mark.read_only:
                return f"{what} is marked read_only in {mark.where}"
            if mark.production and mark.read_only is None:
                return f"{what} is marked production in {mark.where}"
        if account is None and any(mark.read_only or mark.production for mark in self.accounts.values()):
            return f"the account is not known, and {one_line(str(self.config_file))} marks accounts"
        if self.read_only and not any(mark.read_only is False for _, mark in marks):
            return f"read_only is set in {self.read_only_by}"
        return None

    def _marks(self, profile: str | None, account: str | None) -> list[tuple[str, Marks]]:
        if self.demo:
            return []
        name = profile or "default"
        found = []
        if name in self.profiles:
            found.append((f"profile {shown(name)}", self.profiles[name]))
        if account is not None and account in self.accounts:
            found.append((f"account {account}", self.accounts[account]))
        return found


def load(flags: Mapping[str, Any], environ: Mapping[str, str]) -> Settings:
    """The settings of this start. Raises SettingsError.

    `flags`: profile, region, endpoint_url, filter, config (None where not given), read_only and demo (bool).
    With `demo` only the flags, the theme and the keymap count: the profile, the region, the endpoint and the caution
    that a person configured are about their AWS.
    """
    names = ("profile", "region", "endpoint_url", "filter", "config", "log_file")
    given = {name: _given(flags, name) for name in names}
    demo = bool(flags.get("demo"))
    if demo:
        _refuse_beside_demo(given)
    else:
        _check_region(given["region"])
        _check_endpoint(given["endpoint_url"])
    file = _file(given["config"], environ)
    read_only_by = "--read-only" if flags.get("read_only") else "" if demo else file.read_only
    chosen = _demo(given) if demo else _chosen(given, file, environ)
    return Settings(
        **chosen,
        read_only=bool(read_only_by),
        read_only_by=read_only_by,
        demo=demo,
        theme=file.theme,
        characters=file.characters,
        keymap=file.keymap,
        profiles=file.profiles,
        accounts=file.accounts,
        tail_live=file.tail == "live",
        log_lines=file.log_lines,
        history=file.history == "on",
        refresh=file.refresh,
        refresh_idle=file.refresh_idle,
        views=file.views,
        config_file=file.path,
        log_file=Path(given["log_file"].value).expanduser() if given["log_file"] else None,
        state_dir=state_folder(environ),
        cache_dir=_folder(environ, "XDG_CACHE_HOME", ".cache"),
        data_dir=_folder(environ, "XDG_DATA_HOME", ".local/share"),
    )


def state_folder(environ: Mapping[str, str]) -> Path:
    """Where the audit journal and the reports of crashes are."""
    return _folder(environ, "XDG_STATE_HOME", ".local/state")


def _given(flags: Mapping[str, Any], name: str) -> Located | None:
    option = "--" + name.replace("_", "-")
    value = flags.get(name)
    return None if value is None else _checked(Located(str(value), option), "Give it a value, or leave it out.")


def _checked(value: Located, remedy: str) -> Located:
    if not value.value.strip():
        raise SettingsError(f"{value.where} is empty. {remedy}")
    if one_line(value.value) != value.value:
        raise SettingsError(f"{value.where} has characters that cannot be shown: {shown(value.value)}. Remove them.")
    return value


def _refuse_beside_demo(given: Mapping[str, Located | None]) -> None:
    for name in ("profile", "region", "endpoint_url"):
        if found := given[name]:
            raise SettingsError(
                f"--demo and {found.where} contradict each other: the demo is an AWS of its own. Leave one of them out."
            )


def _demo(given: Mapping[str, Located | None]) -> dict[str, Any]:
    return {"filter": given["filter"].value if given["filter"] else ""}


def _chosen(given: Mapping[str, Located | None], file: ConfigFile, environ: Mapping[str, str]) -> dict[str, Any]:
    # botocore.configprovider asks AWS_DEFAULT_PROFILE before AWS_PROFILE, and so does aws-cli.
    from_environment = _variable(environ, "AWS_DEFAULT_PROFILE", "AWS_PROFILE")
    # Access keys in the environment are an identity chosen there (aws-vault, a CI job): a default must not outrank it.
    default = None if environ.get("AWS_ACCESS_KEY_ID") else file.profile
    profile = given["profile"] or from_environment or default
    region = given["region"] or _variable(environ, "AWS_REGION", "AWS_DEFAULT_REGION")
    _check_region(region)
    values = {
        "profile": profile,
        "region": region or file.region,
        "endpoint_url": given["endpoint_url"] or file.endpoint_url,
    }
    chosen: dict[str, Any] = {name: found.value if found else None for name, found in values.items()}
    words = given["filter"] or file.filter
    return {**chosen, "profile_named": profile is not None and profile is not from_environment,
            "filter": words.value if words else ""}  # fmt: skip


def _variable(environ: Mapping[str, str], *names: str) -> Located | None:
    """The first of the variables that is set and not empty."""
    for name in names:
        if value := environ.get(name, "").strip():
            return _checked(Located(value, name), "Unset it.")
    return None


def is_region(name: str) -> bool:
    """Whether a region can be called so."""
    return re.fullmatch(_REGION, name) is not None


def _check_region(region: Located | None) -> None:
    if region and not is_region(region.value):
        raise SettingsError(
            f"{region.where}: {shown(region.value)} is not the name of a region. Write it as in 'eu-west-1'."
        )


def _check_endpoint(endpoint: Located | None) -> None:
    if endpoint and (problem := _endpoint_problem(endpoint.value)):
        # The address itself is not repeated: it may hold a password.
        raise SettingsError(f"{endpoint.where}: the endpoint URL {problem}. Write it as in 'http://localhost:4566'.")


def _endpoint_problem(url: str) -> str | None:
    import ipaddress
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url)
        port = parts.port
        host = parts.hostname or ""
        if ":" in host:
            ipaddress.IPv6Address(host)
    except ValueError:  # an unclosed bracket, a port that is no number or out of range, no address
        return "has a host or port that cannot be read"
    problems = {
        "must begin with http:// or https://": parts.scheme not in {"http", "https"},
        "has a space in it": any(character.isspace() for character in url),
        "must not hold a user name or password": "@" in parts.netloc,
        "has no valid host": len(host) > 255 or not (":" in host or re.fullmatch(_HOST, host)),
        "has port 0": port == 0,
        "must end before '?' or '#'": "?" in url or "#" in url,
    }
    return next((problem for problem, found in problems.items() if found), None)


def _file(named: Located | None, environ: Mapping[str, str]) -> ConfigFile:
    """The file that was named, else the one in its usual place; checked whole, also where something overrides it."""
    file = _read(Path(named.value)) if named else _default_file(_folder(environ, "XDG_CONFIG_HOME", ".config"))
    _check_region(file.region)
    _check_endpoint(file.endpoint_url)
    return file


def _read(path: Path) -> ConfigFile:
    from lambdatui.config_reader import read  # most starts have no file, and none of them waits for YAML

    return read(path)


def _default_file(folder: Path) -> ConfigFile:
    """The file in its usual place, which need not be there; but a link to nowhere or a wrong ending is a mistake.

    A file that is passed over in silence may be the one that marks an account as production.
    """
    path = folder / "config.yaml"
    if os.path.lexists(path):
        return _read(path)
    if (other := folder / "config.yml").exists():
        raise SettingsError(f"{one_line(str(other))} is not read. Rename it to config.yaml.")
    return ConfigFile()


def _folder(environ: Mapping[str, str], variable: str, default: str) -> Path:
    """`lambdatui` in one of the XDG base folders; "all paths must be absolute", and others are ignored."""
    base = environ.get(variable, "")
    if base.startswith("/"):
        return Path(base) / "lambdatui"
    home = environ.get("HOME", "")
    if not home.startswith("/"):
        import pwd  # here, since Windows has none, and is refused with a sentence, not with a traceback

        try:
            home = pwd.getpwuid(os.getuid()).pw_dir
        except KeyError:  # a container started under a user id that has no entry
            raise SettingsError(f"There is no home folder. Set HOME or {variable}.") from None
    return Path(home) / default / "lambdatui"
