"""MiniStack's records of functions, versions and aliases, in the words of execution and targets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lambdatui.local.control_plane.contract import takes
from lambdatui.local.execution import Logging, Program
from lambdatui.local.invoke.service_errors import function_not_found, wrong_state
from lambdatui.local.invoke.targets import LATEST, Alias, AsyncSettings, Reference, Target, chosen
from lambdatui.local.places import Place

PROGRAMS_KEPT = 500
"""Programs remembered; each only refers to MiniStack's own bytes. When there are more, all are read again."""


@dataclass(frozen=True)
class _Read:
    """A program, and of what it was read."""

    config: Mapping[str, Any]
    revision: str
    code: bytes | None
    program: Program


class Functions:
    """What the control plane knows of functions. To be made after control_plane.load(); any thread may ask."""

    def __init__(self) -> None:
        from ministack.core.responses import request_scope
        from ministack.services import lambda_svc

        self._records = lambda_svc._functions
        self._layer_zip = lambda_svc._resolve_layer_zip
        self._scope = request_scope
        self._programs: dict[tuple[Place, str, str], _Read] = {}

    def target(self, reference: Reference) -> Target:
        """The version that a call of `reference` runs, drawn anew where its alias has weights. Raises ServiceError."""
        record = self._record(reference)
        alias = record["aliases"].get(reference.qualifier)
        return chosen(reference, record["versions"], {reference.qualifier: _alias(alias)} if alias else {})

    def program(self, target: Target) -> Program:
        """What a target runs. Raises ServiceError if it was deleted. Microseconds, if it has not changed."""
        reference = target.reference
        version = self._version(target)
        config, code = version["config"], version.get("code_zip")
        key = (reference.place, reference.name, target.version)
        read = self._programs.get(key)
        if read and read.config is config and read.revision == config["RevisionId"] and read.code is code:
            return read.program
        program = self._read(reference, target.version, config, code)
        if len(self._programs) >= PROGRAMS_KEPT:
            self._programs.clear()
        self._programs[key] = _Read(config, config["RevisionId"], code, program)
        return program

    def forget(self, place: Place, name: str) -> None:
        """The function was changed or deleted: its code is held no longer."""
        for key in [key for key in list(self._programs) if key[:2] == (place, name)]:
            self._programs.pop(key, None)

    def require_active(self, target: Target) -> None:
        """Raises ServiceError while the function is being created, or if that has failed."""
        state = self._version(target)["config"].get("State") or "Active"
        if state != "Active":
            raise wrong_state(state)

    def reserved(self, reference: Reference) -> int | None:
        """The function's ReservedConcurrentExecutions; None if it has none."""
        reserved: int | None = self._record(reference).get("concurrency")
        return reserved

    def reservations(self, place: Place) -> Mapping[str, int]:
        """What each function of a place has reserved, those without left out."""
        return {
            name: record["concurrency"]
            for (account, region, name), record in list(self._records._data.items())
            if (account, region) == place and record.get("concurrency") is not None
        }

    def provisioned(self, place: Place, name: str) -> list[tuple[Program, int]]:
        """The versions of a function that have provisioned concurrency, and how much; nothing if it is gone.

        An alias with weights has all of it on its first version, where AWS distributes it.
        """
        record = self._records.get_scoped(*place, name)
        return list(self._provisioned(record, place, name)) if record else []

    def _provisioned(self, record: Mapping[str, Any], place: Place, name: str) -> Iterator[tuple[Program, int]]:
        for qualifier, config in list(record["provisioned_concurrency"].items()):
            alias = record["aliases"].get(qualifier)
            version = alias["FunctionVersion"] if alias else qualifier
            if version in record["versions"]:  # $LATEST cannot have any
                target = Target(Reference(place, name, qualifier), version)
                yield self.program(target), config["RequestedProvisionedConcurrentExecutions"]

    def asynchronous(self, target: Target) -> AsyncSettings:
        """What becomes of an asynchronous invocation of the target."""
        record = self._record(target.reference)
        qualifier = target.reference.qualifier
        configs = record.get("event_invoke_configs") or {}
        # A configuration belongs to the qualifier that was invoked; none is the same as $LATEST.
        names = ("", LATEST) if qualifier in ("", LATEST) else (qualifier,)
        found: Mapping[str, Any] = next((configs[name] for name in names if name in configs), {})
        destinations = found.get("DestinationConfig") or {}
        dead_letter = self._version(target)["config"].get("DeadLetterConfig") or {}
        return AsyncSettings(
            retries=found.get("MaximumRetryAttempts", AsyncSettings.retries),
            longest=found.get("MaximumEventAgeInSeconds", AsyncSettings.longest),
            on_success=(destinations.get("OnSuccess") or {}).get("Destination", ""),
            on_failure=(destinations.get("OnFailure") or {}).get("Destination", ""),
            dead_letter=dead_letter.get("TargetArn", ""),
        )

    def may_recurse(self, reference: Reference) -> bool:
        """Whether the function's RecursiveLoop is Allow."""
        return bool(self._record(reference).get("recursive_loop") == "Allow")

    def isolates_tenants(self, target: Target) -> bool:
        """Whether each call has to name a tenant, whose environments serve nobody else."""
        tenancy = self._version(target)["config"].get("TenancyConfig") or {}
        return bool(tenancy.get("TenantIsolationMode") == "PER_TENANT")

    def durable(self, target: Target) -> bool:
        """Whether MiniStack keeps a durable execution for each invocation of the function."""
        return bool((self._record(target.reference)["config"].get("DurableConfig") or {}).get("Enabled"))

    def _record(self, reference: Reference) -> Mapping[str, Any]:
        record: Mapping[str, Any] | None = self._records.get_scoped(*reference.place, reference.name)
        if record is None:
            raise function_not_found(reference.arn)
        return record

    def _version(self, target: Target) -> Mapping[str, Any]:
        record = self._record(target.reference)
        if target.version == LATEST:
            return record
        version: Mapping[str, Any] | None = record["versions"].get(target.version)
        if version is None:
            raise function_not_found(f"{target.reference.function_arn}:{target.version}")
        return version

    def _read(self, reference: Reference, version: str, config: Mapping[str, Any], code: bytes | None) -> Program:
        with self._scope(*reference.place):
            layers = [self._layer_zip(layer) for layer in config.get("Layers") or ()]
        return Program(
            place=reference.place,
            name=reference.name,
            version=version,
            runtime=config.get("Runtime") or "",
            handler=config.get("Handler") or "",
            logging=_logging(reference.name, config.get("LoggingConfig") or {}),
            code=code or b"",
            layers=tuple(layer for layer in layers if layer),
            image=config.get("ImageUri") or "",
            memory=config["MemorySize"],
            timeout=config["Timeout"],
            storage=config["EphemeralStorage"]["Size"],
            variables={name: str(value) for name, value in _variables(config).items()},
            architecture=(config.get("Architectures") or ["x86_64"])[0],
            # AWS too replaces the environments whatever was updated, a description included.
            fingerprint=f"{config['RevisionId']} {config.get('CodeSha256') or config.get('ImageUri')}",
        )


def _alias(record: Mapping[str, Any]) -> Alias:
    weights = (record.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
    return Alias(record["FunctionVersion"], weights)


def _logging(name: str, config: Mapping[str, Any]) -> Logging:
    return Logging(
        group=config.get("LogGroup") or f"/aws/lambda/{name}",
        json=config.get("LogFormat") == "JSON",
        application_level=config.get("ApplicationLogLevel") or "INFO",
        system_level=config.get("SystemLogLevel") or "INFO",
    )


def _variables(config: Mapping[str, Any]) -> Mapping[str, Any]:
    return (config.get("Environment") or {}).get("Variables") or {}


def contract() -> dict[str, bool]:
    """Each private name of MiniStack that is used here, and whether it is as expected."""
    from ministack.core import responses
    from ministack.services import lambda_svc

    records = getattr(lambda_svc, "_functions", None)
    return {
        "lambda_svc._functions": hasattr(records, "get_scoped") and isinstance(getattr(records, "_data", None), dict),
        "lambda_svc._resolve_layer_zip": takes(lambda_svc, "_resolve_layer_zip", "attachment"),
        "responses.request_scope": takes(responses, "request_scope", "account_id", "region"),
    }
