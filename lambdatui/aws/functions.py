"""Functions: the list page by page, and the whole configuration of one."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Any

from lambdatui.aws.calls import Calls
from lambdatui.aws.failures import unlike_aws
from lambdatui.model.functions import Configuration, Function, LayerUse, Masked, Trouble
from lambdatui.model.text import one_line, visible


class Functions:
    """The facade over the function operations of Lambda."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def pages(self) -> AsyncGenerator[Sequence[Function], None]:
        """All functions of the account in the region, up to 50 a page, in AWS's order. Raises AwsError."""
        async with aclosing(self._calls.pages("lambda", "ListFunctions", ("Marker", "NextMarker"))) as pages:
            async for page in pages:
                if "Functions" not in page:
                    raise unlike_aws("lambda:ListFunctions", "list of functions")
                yield [parse_function(entry) for entry in page["Functions"] if entry]

    async def describe(self, name: str) -> Configuration:
        """What GetFunction tells of a function, by name or ARN. Raises AwsError."""
        answer = await self._calls.read("lambda", "GetFunction", FunctionName=name)
        if "Configuration" not in answer:
            raise unlike_aws("lambda:GetFunction", "configuration")
        configuration = parse_configuration(answer)
        self._calls.learn(value.reveal() for value in configuration.environment.values())
        return configuration


_LONGEST = 20_000
"""Characters of one value that are kept: Lambda allows some 4 kB, and a megabyte takes a second to draw."""


def _bounded(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _line(text: str) -> str:
    return one_line(_bounded(text))


def _text(source: Mapping[str, Any], *path: str) -> str:
    """The one-line text at `path`, or empty."""
    value: Any = source
    for name in path:
        value = (value or {}).get(name)
    return "" if value is None else _line(str(value))


def _texts(source: Mapping[str, Any], *path: str) -> tuple[str, ...]:
    value: Any = source
    for name in path:
        value = (value or {}).get(name)
    return tuple(_line(str(entry)) for entry in value or ())


_BEYOND = 2**63
"""No number of Lambda's is as large, and arithmetic on one that is (to words, to a float) may fail."""


def _number(source: Mapping[str, Any], name: str) -> int | None:
    value = source.get(name)
    return value if isinstance(value, int) and abs(value) < _BEYOND else None


def _trouble(source: Mapping[str, Any], *path: str) -> Trouble | None:
    code, message = _text(source, *path, "ErrorCode"), _text(source, *path, "Message")
    return Trouble(code or "Error", message) if code or message else None


def moment(text: str) -> datetime | None:
    """The time that Lambda writes as 2026-11-23T13:12:20.123+0000, or None for what is not one."""
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return None
    return parsed if parsed.tzinfo else None


def parse_function(entry: Mapping[str, Any]) -> Function:
    """A function from a FunctionConfiguration shape; what is missing from it is empty or zero."""
    name = _text(entry, "FunctionName")
    return Function(
        name=name,
        arn=_text(entry, "FunctionArn"),
        runtime=_text(entry, "Runtime"),
        memory=_number(entry, "MemorySize") or 128,
        timeout=_number(entry, "Timeout") or 3,
        architectures=_texts(entry, "Architectures") or ("x86_64",),
        modified=moment(_text(entry, "LastModified")),
        description=_text(entry, "Description"),
        package_type=_text(entry, "PackageType") or "Zip",
        handler=_text(entry, "Handler"),
        code_size=_number(entry, "CodeSize") or 0,
        log_group=_text(entry, "LoggingConfig", "LogGroup") or f"/aws/lambda/{name}",
        layers=tuple(arn for layer in entry.get("Layers") or () if layer and (arn := _text(layer, "Arn"))),
        state=_text(entry, "State"),
    )


_KNOWN = frozenset(
    {
        "FunctionName", "FunctionArn", "Runtime", "Role", "Handler", "CodeSize", "Description", "Timeout", "MemorySize",
        "LastModified", "CodeSha256", "Version", "VpcConfig.SubnetIds", "VpcConfig.SecurityGroupIds", "VpcConfig.VpcId",
        "VpcConfig.Ipv6AllowedForDualStack", "DeadLetterConfig.TargetArn", "Environment.Variables", "Environment.Error",
        "KMSKeyArn", "TracingConfig.Mode", "MasterArn", "RevisionId", "Layers.Arn", "Layers.CodeSize", "State",
        "StateReason", "StateReasonCode", "LastUpdateStatus", "LastUpdateStatusReason", "LastUpdateStatusReasonCode",
        "FileSystemConfigs.Arn", "FileSystemConfigs.LocalMountPath", "SigningProfileVersionArn", "SigningJobArn",
        "PackageType", "ImageConfigResponse.ImageConfig.EntryPoint", "ImageConfigResponse.ImageConfig.Command",
        "ImageConfigResponse.ImageConfig.WorkingDirectory", "ImageConfigResponse.Error", "Architectures",
        "EphemeralStorage.Size", "SnapStart.ApplyOn", "SnapStart.OptimizationStatus",
        "RuntimeVersionConfig.RuntimeVersionArn", "RuntimeVersionConfig.Error", "LoggingConfig.LogFormat",
        "LoggingConfig.ApplicationLogLevel", "LoggingConfig.SystemLogLevel", "LoggingConfig.LogGroup",
        "TenancyConfig.TenantIsolationMode",
        "CapacityProviderConfig.LambdaManagedInstancesCapacityProviderConfig.CapacityProviderArn", "ConfigSha256",
        "DurableConfig.RetentionPeriodInDays", "DurableConfig.ExecutionTimeout",
        "Code.RepositoryType", "Code.ImageUri", "Code.ResolvedImageUri", "Code.Error",
        "Code.Location",  # a URL with which anybody can fetch the package for ten minutes: not to be shown
    }
)  # fmt: skip
"""What has its own place in Configuration; members of structures, and of those in lists, by their path."""

_BRANCHES = frozenset(path[:at] for path in _KNOWN for at, letter in enumerate(path) if letter == ".")


def _rest(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """What is not known, by its path, so that a field which AWS adds tomorrow, however deep, is shown."""
    if path in _KNOWN or value is None:
        return
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield from _rest(one, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and path in _BRANCHES:
        for one in value:
            yield from _rest(one, path)
    else:
        yield _line(path), _line(", ".join(map(str, value)) if isinstance(value, list) else str(value))


def _other(answer: Mapping[str, Any]) -> Mapping[str, str]:
    """What is not known, with the values of several list entries together."""
    found: dict[str, list[str]] = {}
    for path, text in _rest({**(answer.get("Configuration") or {}), "Code": answer.get("Code")}):
        found.setdefault(path, []).append(text)
    return {path: ", ".join(texts) for path, texts in found.items()}


def parse_configuration(answer: Mapping[str, Any]) -> Configuration:
    """The configuration from a GetFunctionResponse shape."""
    it: Mapping[str, Any] = answer.get("Configuration") or {}
    variables: Mapping[str, str] = (it.get("Environment") or {}).get("Variables") or {}
    code: Mapping[str, Any] = answer.get("Code") or {}
    return Configuration(
        function=parse_function(it),
        version=_text(it, "Version"),
        code_sha256=_text(it, "CodeSha256"),
        revision_id=_text(it, "RevisionId"),
        master_arn=_text(it, "MasterArn"),
        role=_text(it, "Role"),
        state=_text(it, "State"),
        state_reason=_text(it, "StateReason"),
        state_reason_code=_text(it, "StateReasonCode"),
        last_update_status=_text(it, "LastUpdateStatus"),
        last_update_status_reason=_text(it, "LastUpdateStatusReason"),
        last_update_status_reason_code=_text(it, "LastUpdateStatusReasonCode"),
        repository_type=_text(code, "RepositoryType"),
        image_uri=_text(code, "ImageUri"),
        resolved_image_uri=_text(code, "ResolvedImageUri"),
        code_trouble=_trouble(code, "Error"),
        image_entry_point=_texts(it, "ImageConfigResponse", "ImageConfig", "EntryPoint"),
        image_command=_texts(it, "ImageConfigResponse", "ImageConfig", "Command"),
        image_working_directory=_text(it, "ImageConfigResponse", "ImageConfig", "WorkingDirectory"),
        image_trouble=_trouble(it, "ImageConfigResponse", "Error"),
        runtime_version_arn=_text(it, "RuntimeVersionConfig", "RuntimeVersionArn"),
        runtime_trouble=_trouble(it, "RuntimeVersionConfig", "Error"),
        ephemeral_storage=_number(it.get("EphemeralStorage") or {}, "Size"),
        environment={_line(name): Masked(visible(_bounded(str(value)))) for name, value in variables.items()},
        environment_trouble=_trouble(it, "Environment", "Error"),
        kms_key_arn=_text(it, "KMSKeyArn"),
        vpc_id=_text(it, "VpcConfig", "VpcId"),
        subnet_ids=_texts(it, "VpcConfig", "SubnetIds"),
        security_group_ids=_texts(it, "VpcConfig", "SecurityGroupIds"),
        ipv6_for_dual_stack=(it.get("VpcConfig") or {}).get("Ipv6AllowedForDualStack"),
        file_systems=tuple(
            (_text(one, "Arn"), _text(one, "LocalMountPath")) for one in it.get("FileSystemConfigs") or ()
        ),
        layers=tuple(
            LayerUse(_text(one, "Arn"), _number(one, "CodeSize") or 0) for one in it.get("Layers") or () if one
        ),
        tracing_mode=_text(it, "TracingConfig", "Mode"),
        dead_letter_arn=_text(it, "DeadLetterConfig", "TargetArn"),
        log_format=_text(it, "LoggingConfig", "LogFormat"),
        application_log_level=_text(it, "LoggingConfig", "ApplicationLogLevel"),
        system_log_level=_text(it, "LoggingConfig", "SystemLogLevel"),
        snap_start_apply_on=_text(it, "SnapStart", "ApplyOn"),
        snap_start_status=_text(it, "SnapStart", "OptimizationStatus"),
        reserved_concurrency=_number(answer.get("Concurrency") or {}, "ReservedConcurrentExecutions"),
        tenant_isolation=_text(it, "TenancyConfig", "TenantIsolationMode"),
        capacity_provider_arn=_text(
            it, "CapacityProviderConfig", "LambdaManagedInstancesCapacityProviderConfig", "CapacityProviderArn"
        ),
        durable_execution_timeout=_number(it.get("DurableConfig") or {}, "ExecutionTimeout"),
        durable_retention=_number(it.get("DurableConfig") or {}, "RetentionPeriodInDays"),
        signing_profile_version_arn=_text(it, "SigningProfileVersionArn"),
        signing_job_arn=_text(it, "SigningJobArn"),
        config_sha256=_text(it, "ConfigSha256"),
        tags={_line(name): _line(str(value)) for name, value in (answer.get("Tags") or {}).items()},
        tags_trouble=_trouble(answer, "TagsError"),
        other=_other(answer),
    )
