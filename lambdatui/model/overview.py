"""A function's configuration in readable groups: what the Overview tab shows, in its order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from lambdatui.model.configuration import Configuration, Fact, Facts, Trouble
from lambdatui.model.runtimes import lifecycle
from lambdatui.model.text import bare_sequence, clock, size
from lambdatui.model.versions import Provisioned

HEALTHY_STATES = frozenset({"", "Active", "ActiveNonInvocable", "Inactive"})


CODE = "Code"
CONCURRENCY = "Concurrency and failure"
"""Groups that facts of other calls join."""


def describe(configuration: Configuration, today: date | None = None) -> tuple[Facts, ...]:
    """The groups of the Overview tab; with `today`, the life cycle of the runtime on that day is among them.

    A fact that is not set and whose absence says nothing is left out.
    """
    groups = (
        Facts("Function", tuple(_identity(configuration))),
        Facts("State", tuple(_state(configuration))),
        Facts(CODE, tuple(_code(configuration))),
        Facts("Runtime", tuple(_runtime(configuration, today))),
        Facts("Environment", tuple(_environment(configuration))),
        Facts("Layers", tuple(Fact(layer.arn, size(layer.code_size)) for layer in configuration.layers)),
        Facts("Permissions and network", tuple(_access(configuration))),
        Facts("Logging and tracing", tuple(_logging(configuration))),
        Facts(CONCURRENCY, tuple(_concurrency(configuration))),
        Facts("Tags", tuple(_tags(configuration))),
        Facts("Other", tuple(Fact(name, value) for name, value in configuration.other.items())),
    )
    return tuple(group for group in groups if group.lines)


def _set(label: str, value: str) -> Iterator[Fact]:
    if value:
        yield Fact(label, value)


def _trouble(label: str, trouble: Trouble | None) -> Iterator[Fact]:
    if trouble is not None:
        yield Fact(label, f"{trouble.code}: {trouble.message}", alert=True)


def _identity(it: Configuration) -> Iterator[Fact]:
    yield Fact("Name", it.function.name)
    yield from _set("Description", it.function.description)
    yield Fact("ARN", it.function.arn)
    yield from _set("Version", it.version)
    yield Fact("Last modified", clock(it.function.modified))
    yield from _set("Edge master", it.master_arn)
    yield from _set("Revision", it.revision_id)


def _state(it: Configuration) -> Iterator[Fact]:
    yield Fact("State", it.state or "not reported", alert=it.state not in HEALTHY_STATES)
    yield from _set("Reason", _with_code(it.state_reason, it.state_reason_code))
    yield Fact("Last update", it.last_update_status or "not reported", alert=it.last_update_status == "Failed")
    yield from _set("Update reason", _with_code(it.last_update_status_reason, it.last_update_status_reason_code))


def _with_code(reason: str, code: str) -> str:
    return f"{reason} ({code})" if reason and code else reason or code


def _code(it: Configuration) -> Iterator[Fact]:
    yield Fact("Package type", it.function.package_type)
    yield from _set("Size", size(it.function.code_size) if it.function.code_size else "")
    yield from _set("SHA-256", it.code_sha256)
    yield from _set("Repository", it.repository_type)
    yield from _set("Image", it.image_uri)
    yield from _set("Image, resolved", it.resolved_image_uri)
    yield from _set("Entry point", " ".join(it.image_entry_point))
    yield from _set("Command", " ".join(it.image_command))
    yield from _set("Working directory", it.image_working_directory)
    yield from _set("Signing profile", it.signing_profile_version_arn)
    yield from _set("Signing job", it.signing_job_arn)
    yield from _set("Configuration SHA-256", it.config_sha256)
    yield from _trouble("Code error", it.code_trouble)
    yield from _trouble("Image error", it.image_trouble)


def _runtime(it: Configuration, today: date | None) -> Iterator[Fact]:
    yield Fact("Runtime", it.function.runtime_or_package)
    cycle = lifecycle(it.function.runtime)
    if cycle is not None and today is not None:
        yield Fact("Support", cycle.words(today), alert=cycle.is_deprecated(today))
    yield from _set("Handler", it.function.handler)
    yield Fact("Architecture", bare_sequence(it.function.architectures))
    yield Fact("Memory", f"{it.function.memory} MB")
    yield Fact("Timeout", f"{it.function.timeout} s")
    if it.ephemeral_storage is not None:
        yield Fact("Ephemeral storage", f"{it.ephemeral_storage} MB")
    yield from _set("Runtime version", it.runtime_version_arn)
    yield from _trouble("Runtime error", it.runtime_trouble)
    if it.snap_start_apply_on:
        applied = f"{it.snap_start_apply_on}, optimisation {it.snap_start_status or 'not reported'}"
        yield Fact("SnapStart", "off" if it.snap_start_apply_on == "None" else applied)


def _environment(it: Configuration) -> Iterator[Fact]:
    for name, value in sorted(it.environment.items()):
        yield Fact(name, value)
    yield from _trouble("Environment error", it.environment_trouble)


def _access(it: Configuration) -> Iterator[Fact]:
    yield Fact("Role", it.role or "–")
    yield from _set("KMS key", it.kms_key_arn)
    yield from _set("VPC", it.vpc_id)
    yield from _set("Subnets", ", ".join(it.subnet_ids))
    yield from _set("Security groups", ", ".join(it.security_group_ids))
    if it.ipv6_for_dual_stack:
        yield Fact("IPv6", "allowed for dual-stack subnets")
    for arn, path in it.file_systems:
        yield Fact(f"File system {path}", arn)


def _logging(it: Configuration) -> Iterator[Fact]:
    yield Fact("Log group", it.function.log_group)
    yield from _set("Log format", it.log_format)
    yield from _set("Application level", it.application_log_level)
    yield from _set("System level", it.system_log_level)
    yield Fact("Tracing", it.tracing_mode or "–")


def _concurrency(it: Configuration) -> Iterator[Fact]:
    if it.reserved_concurrency is None:
        yield Fact("Reserved concurrency", "none: uses the account's unreserved pool")
    else:
        stopped = it.reserved_concurrency == 0
        yield Fact("Reserved concurrency", f"{it.reserved_concurrency}{' (stopped)' if stopped else ''}", alert=stopped)
    yield from _set("Dead letter target", it.dead_letter_arn)
    yield from _set("Tenant isolation", it.tenant_isolation)
    yield from _set("Capacity provider", it.capacity_provider_arn)
    if it.durable_execution_timeout is not None:
        yield Fact("Durable execution timeout", f"{it.durable_execution_timeout} s")
    if it.durable_retention is not None:
        yield Fact("Durable history kept", f"{it.durable_retention} days")


def _tags(it: Configuration) -> Iterator[Fact]:
    for name, value in sorted(it.tags.items()):
        yield Fact(name, value)
    yield from _trouble("Tags error", it.tags_trouble)


# What GetFunction does not tell ---------------------------------------------------------------------------------------


def describe_code_signing(arn: str) -> Facts:
    """Whether packages must be signed."""
    return Facts(CODE, (Fact("Code signing", arn or "none: whatever is uploaded is accepted"),))


def describe_provisioned(provisioned: Sequence[Provisioned]) -> Facts:
    """What is kept ready, by version and alias."""
    facts = (Fact(f"Provisioned, {it.qualifier}", it.words, alert=it.status == "FAILED") for it in provisioned)
    return Facts(CONCURRENCY, tuple(facts) or (Fact("Provisioned concurrency", "none"),))


def describe_recursion(loop: str) -> Facts:
    """What becomes of a function that calls itself by way of a queue, a topic or a bucket."""
    words = {"Terminate": "Lambda ends them after some 16 rounds", "Allow": "Lambda lets them go on"}
    return Facts(CONCURRENCY, (Fact("Recursive loops", f"{words[loop]} ({loop})" if loop in words else loop),))
