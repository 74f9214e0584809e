"""A function's whole configuration, as `GetFunction` gives it, and the facts in which things are described.

Fields carry AWS's own names in snake case; unknown enum values (a new runtime, a new state) stay the text they came as.
Source of shapes: the Lambda service model, API version 2015-03-31. All text has been through `visible()`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lambdatui.model.functions import Function


class Masked:
    """A value that must not be shown, logged or put into a traceback unless somebody asks for it by name."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Masked(…)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Masked) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a described thing: a label and what it is."""

    label: str
    value: str | Masked
    alert: bool = False
    """Whether a person should be told without looking for it (a failed state, an error in place of a value)."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts that belong together, under a title."""

    title: str
    lines: tuple[Fact, ...]


def joined(groups: Iterable[Facts]) -> tuple[Facts, ...]:
    """Groups of one title as one, where the first of them is."""
    found: dict[str, tuple[Fact, ...]] = {}
    for group in groups:
        found[group.title] = found.get(group.title, ()) + group.lines
    return tuple(Facts(title, lines) for title, lines in found.items())


@dataclass(frozen=True, slots=True)
class Trouble:
    """An error that AWS returns in place of a value, inside a successful answer."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class LayerUse:
    """A layer version that a function uses."""

    arn: str
    code_size: int


@dataclass(frozen=True, slots=True)
class Configuration:
    """Everything that GetFunction tells of one function or version."""

    function: Function
    version: str = ""
    code_sha256: str = ""
    revision_id: str = ""
    master_arn: str = ""
    role: str = ""
    state: str = ""
    state_reason: str = ""
    state_reason_code: str = ""
    last_update_status: str = ""
    last_update_status_reason: str = ""
    last_update_status_reason_code: str = ""
    repository_type: str = ""
    image_uri: str = ""
    resolved_image_uri: str = ""
    code_trouble: Trouble | None = None
    image_entry_point: tuple[str, ...] = ()
    image_command: tuple[str, ...] = ()
    image_working_directory: str = ""
    image_trouble: Trouble | None = None
    runtime_version_arn: str = ""
    runtime_trouble: Trouble | None = None
    ephemeral_storage: int | None = None
    """MB of /tmp."""
    environment: Mapping[str, Masked] = field(default_factory=dict)
    environment_trouble: Trouble | None = None
    kms_key_arn: str = ""
    vpc_id: str = ""
    subnet_ids: tuple[str, ...] = ()
    security_group_ids: tuple[str, ...] = ()
    ipv6_for_dual_stack: bool | None = None
    file_systems: tuple[tuple[str, str], ...] = ()
    """(ARN, local mount path)"""
    layers: tuple[LayerUse, ...] = ()
    tracing_mode: str = ""
    dead_letter_arn: str = ""
    log_format: str = ""
    application_log_level: str = ""
    system_log_level: str = ""
    snap_start_apply_on: str = ""
    snap_start_status: str = ""
    reserved_concurrency: int | None = None
    tenant_isolation: str = ""
    capacity_provider_arn: str = ""
    durable_execution_timeout: int | None = None
    """Seconds."""
    durable_retention: int | None = None
    """Days."""
    signing_profile_version_arn: str = ""
    signing_job_arn: str = ""
    config_sha256: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    tags_trouble: Trouble | None = None
    other: Mapping[str, str] = field(default_factory=dict)
    """What this program does not know yet, by AWS's name, as it came."""
