"""Functions: the list page by page, and the whole configuration of one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from contextlib import aclosing
from time import monotonic
from typing import TYPE_CHECKING, Any

from lambdatui.aws import shapes
from lambdatui.aws.calls import Calls
from lambdatui.aws.failures import unlike_aws
from lambdatui.aws.first_list import FirstList
from lambdatui.model.errors import Missing
from lambdatui.model.functions import Function, default_log_group, shared
from lambdatui.model.text import visible

if TYPE_CHECKING:
    from lambdatui.model.configuration import Configuration


class Functions:
    """The facade over the function operations of Lambda."""

    def __init__(self, calls: Calls, first_list: FirstList | None = None) -> None:
        self._calls = calls
        self._first_list = first_list
        self._last: tuple[float, int, Collection[Function]] | None = None
        self._listing = asyncio.Lock()
        self.states: dict[str, str] = {}
        """The states of those that were described, by ARN: ListFunctions has none."""

    async def listed(self, fresh: float = 300.0) -> Sequence[Function]:
        """All functions, as they were listed within so many seconds, or else by a listing now. Raises AwsError.

        For what is counted over all of them (which use a layer, a runtime); the list itself asks for `pages()`.
        """
        async with self._listing:
            if self._last is not None:
                when, identity, functions = self._last
                if identity == self._calls.guard.forgotten and monotonic() - when < fresh:
                    return list(functions)
            async with aclosing(self.pages()) as pages:
                return [function async for page in pages for function in page]

    def completed(self, functions: Collection[Function]) -> None:
        """Take these in place of those listed last: the same, of which more is known by and by. Two would be 10 MB."""
        if self._last is not None:
            when, identity, _ = self._last
            self._last = when, identity, functions

    async def pages(self) -> AsyncGenerator[Sequence[Function], None]:
        """All functions of the account in the region, up to 50 a page, in AWS's order. Raises AwsError."""
        found: list[Function] = []
        identity = self._calls.guard.forgotten
        async with aclosing(self._pages()) as pages:
            async for functions in pages:
                found += functions
                yield functions
        self._last = monotonic(), identity, found

    async def _pages(self) -> AsyncGenerator[Sequence[Function], None]:
        begun: dict[str, Any] = {}
        first, self._first_list = self._first_list, None
        if first is not None:
            async with aclosing(first.pages()) as early:
                async for functions, marker in early:
                    yield functions
                    if not marker:
                        return
                    begun = {"Marker": marker}
        async with aclosing(self._calls.pages("lambda", "ListFunctions", ("Marker", "NextMarker"), **begun)) as pages:
            async for page in pages:
                if "Functions" not in page:
                    raise unlike_aws("lambda:ListFunctions", "list of functions")
                yield [parse_function(entry) for entry in page["Functions"] if entry]

    async def describe(self, name: str) -> Configuration:
        """What GetFunction tells of a function, by name or ARN. Raises AwsError."""
        configuration = parse_configuration(await self._get(name))
        self._calls.learn(value.reveal() for value in configuration.environment.values())
        self.states[configuration.function.arn] = configuration.state
        return configuration

    async def raw(self, name: str) -> str:
        """All that GetFunction says of a function, as YAML; see `as_yaml()`. Raises AwsError."""
        answer = await self._get(name)
        self._calls.learn(map(str, (shapes.member(answer, "Configuration", "Environment", "Variables") or {}).values()))
        return await asyncio.to_thread(_as_yaml, answer)

    async def _get(self, name: str) -> Mapping[str, Any]:
        answer = await self._calls.read("lambda", "GetFunction", FunctionName=name)
        if "Configuration" not in answer:
            raise unlike_aws("lambda:GetFunction", "configuration")
        return answer

    async def code_signing(self, name: str) -> str:
        """The ARN of a function's code signing configuration; empty where it has none. Raises AwsError.

        Of a function without one AWS says nothing at all, not even its name.
        """
        try:
            return shapes.text(
                await self._calls.read("lambda", "GetFunctionCodeSigningConfig", FunctionName=name),
                "CodeSigningConfigArn",
            )
        except Missing:
            return ""

    async def recursion(self, name: str) -> str:
        """What becomes of a function that calls itself in a loop: "Terminate" or "Allow". Raises AwsError."""
        answer = await self._calls.read("lambda", "GetFunctionRecursionConfig", FunctionName=name)
        if "RecursiveLoop" not in answer:
            raise unlike_aws("lambda:GetFunctionRecursionConfig", "word of loops")
        return shapes.text(answer, "RecursiveLoop")


def _as_yaml(answer: Mapping[str, Any]) -> str:
    from lambdatui.aws.raw import as_yaml  # brings yaml, which takes 30 ms: in the thread as well

    return as_yaml(answer)


def parse_function(entry: Mapping[str, Any]) -> Function:
    """A function from a FunctionConfiguration shape; what is missing from it is empty or zero."""
    name, group = shapes.text(entry, "FunctionName"), shapes.text(entry, "LoggingConfig", "LogGroup")
    return Function(
        name=name,
        arn=shapes.text(entry, "FunctionArn"),
        runtime=shared(shapes.text(entry, "Runtime")),
        memory=shared(shapes.number(entry, "MemorySize") or 128),
        timeout=shared(shapes.number(entry, "Timeout") or 3),
        architectures=shared(shapes.texts(entry, "Architectures") or ("x86_64",)),
        modified=shapes.when(entry, "LastModified"),
        description=shapes.text(entry, "Description"),
        package_type=shared(shapes.text(entry, "PackageType") or "Zip"),
        handler=shared(shapes.text(entry, "Handler")),
        code_size=shapes.number(entry, "CodeSize") or 0,
        own_log_group="" if group == default_log_group(name) else group,
        layers=shared(
            tuple(shared(arn) for layer in entry.get("Layers") or () if layer and (arn := shapes.text(layer, "Arn")))
        ),
        state=shapes.text(entry, "State"),
    )


_KNOWN = shapes.Known(
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
)  # fmt: skip
"""What has its own place in Configuration; members of structures, and of those in lists, by their path."""


def parse_configuration(answer: Mapping[str, Any]) -> Configuration:
    """The configuration from a GetFunctionResponse shape."""
    from lambdatui.model.configuration import Configuration, Masked  # not before the first functions are listed

    it: Mapping[str, Any] = answer.get("Configuration") or {}
    variables: Mapping[str, str] = (it.get("Environment") or {}).get("Variables") or {}
    return Configuration(
        function=parse_function(it),
        **_state(it),
        **_code(it, answer.get("Code") or {}),
        **_surroundings(it),
        **_manner(it),
        version=shapes.text(it, "Version"),
        code_sha256=shapes.text(it, "CodeSha256"),
        revision_id=shapes.text(it, "RevisionId"),
        master_arn=shapes.text(it, "MasterArn"),
        role=shapes.text(it, "Role"),
        runtime_version_arn=shapes.text(it, "RuntimeVersionConfig", "RuntimeVersionArn"),
        runtime_trouble=shapes.trouble(it, "RuntimeVersionConfig", "Error"),
        ephemeral_storage=shapes.number(it.get("EphemeralStorage") or {}, "Size"),
        environment={
            shapes.line(name): Masked(visible(shapes.bounded(str(value)))) for name, value in variables.items()
        },
        environment_trouble=shapes.trouble(it, "Environment", "Error"),
        kms_key_arn=shapes.text(it, "KMSKeyArn"),
        tracing_mode=shapes.text(it, "TracingConfig", "Mode"),
        dead_letter_arn=shapes.text(it, "DeadLetterConfig", "TargetArn"),
        reserved_concurrency=shapes.number(answer.get("Concurrency") or {}, "ReservedConcurrentExecutions"),
        config_sha256=shapes.text(it, "ConfigSha256"),
        tags={shapes.line(name): shapes.line(str(value)) for name, value in (answer.get("Tags") or {}).items()},
        tags_trouble=shapes.trouble(answer, "TagsError"),
        other=_KNOWN.others({**it, "Code": answer.get("Code")}),
    )


def _state(it: Mapping[str, Any]) -> dict[str, Any]:
    """Whether it can run, and how its last update went."""
    return dict(  # noqa: C408 (names of Configuration's members)
        state=shapes.text(it, "State"),
        state_reason=shapes.text(it, "StateReason"),
        state_reason_code=shapes.text(it, "StateReasonCode"),
        last_update_status=shapes.text(it, "LastUpdateStatus"),
        last_update_status_reason=shapes.text(it, "LastUpdateStatusReason"),
        last_update_status_reason_code=shapes.text(it, "LastUpdateStatusReasonCode"),
    )


def _code(it: Mapping[str, Any], code: Mapping[str, Any]) -> dict[str, Any]:
    """What it is made of."""
    from lambdatui.model.configuration import LayerUse

    return dict(  # noqa: C408 (names of Configuration's members)
        repository_type=shapes.text(code, "RepositoryType"),
        image_uri=shapes.text(code, "ImageUri"),
        resolved_image_uri=shapes.text(code, "ResolvedImageUri"),
        code_trouble=shapes.trouble(code, "Error"),
        image_entry_point=shapes.texts(it, "ImageConfigResponse", "ImageConfig", "EntryPoint"),
        image_command=shapes.texts(it, "ImageConfigResponse", "ImageConfig", "Command"),
        image_working_directory=shapes.text(it, "ImageConfigResponse", "ImageConfig", "WorkingDirectory"),
        layers=tuple(
            LayerUse(shapes.text(one, "Arn"), shapes.number(one, "CodeSize") or 0)
            for one in it.get("Layers") or ()
            if one
        ),
        signing_profile_version_arn=shapes.text(it, "SigningProfileVersionArn"),
        signing_job_arn=shapes.text(it, "SigningJobArn"),
        image_trouble=shapes.trouble(it, "ImageConfigResponse", "Error"),
    )


def _surroundings(it: Mapping[str, Any]) -> dict[str, Any]:
    """Its network and its log."""
    return dict(  # noqa: C408 (names of Configuration's members)
        vpc_id=shapes.text(it, "VpcConfig", "VpcId"),
        subnet_ids=shapes.texts(it, "VpcConfig", "SubnetIds"),
        security_group_ids=shapes.texts(it, "VpcConfig", "SecurityGroupIds"),
        ipv6_for_dual_stack=(it.get("VpcConfig") or {}).get("Ipv6AllowedForDualStack"),
        file_systems=tuple(
            (shapes.text(one, "Arn"), shapes.text(one, "LocalMountPath")) for one in it.get("FileSystemConfigs") or ()
        ),
        log_format=shapes.text(it, "LoggingConfig", "LogFormat"),
        application_log_level=shapes.text(it, "LoggingConfig", "ApplicationLogLevel"),
        system_log_level=shapes.text(it, "LoggingConfig", "SystemLogLevel"),
    )


def _manner(it: Mapping[str, Any]) -> dict[str, Any]:
    """What is out of the ordinary in how it is run."""
    return dict(  # noqa: C408 (names of Configuration's members)
        snap_start_apply_on=shapes.text(it, "SnapStart", "ApplyOn"),
        snap_start_status=shapes.text(it, "SnapStart", "OptimizationStatus"),
        tenant_isolation=shapes.text(it, "TenancyConfig", "TenantIsolationMode"),
        capacity_provider_arn=shapes.text(
            it, "CapacityProviderConfig", "LambdaManagedInstancesCapacityProviderConfig", "CapacityProviderArn"
        ),
        durable_execution_timeout=shapes.number(it.get("DurableConfig") or {}, "ExecutionTimeout"),
        durable_retention=shapes.number(it.get("DurableConfig") or {}, "RetentionPeriodInDays"),
    )
