"""The log records that the Lambda platform itself writes, in text and in JSON.

Formats: AWS Lambda Developer Guide, "Viewing CloudWatch logs for Lambda functions", "Lambda Telemetry API event schema
reference" and, for which record appears at which system log level, "Configuring JSON and plain text log formats".
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Protocol

from lambdatui.local.execution import Call, Init, Program, Result, Status

_RANK = {"DEBUG": 0, "INFO": 1, "WARN": 2}


class Lines(Protocol):
    """The records of one log format, each with the newline that CloudWatch keeps, if it has one."""

    def init_started(self, at: float, runtime: str) -> list[str]: ...
    def init_ended(self, at: float, init: Init) -> list[str]: ...
    def started(self, at: float, call: Call) -> list[str]: ...
    def ended(self, at: float, call: Call, result: Result) -> list[str]: ...


def of(program: Program, stream: str, kind: str) -> Lines:
    """The records of this program's log format; `kind` is its initialization type."""
    return _Json(program, stream, kind) if program.logging.json else _Text(program)


def billed(result: Result) -> int:
    """Milliseconds that are billed, the init of a cold start among them (Lambda's pricing since August 2025)."""
    init = result.init.duration if result.init else 0.0
    return math.ceil(round((result.duration + init) * 1000, 3))


def timestamp(at: float) -> str:
    """An instant as the platform writes it: UTC, milliseconds."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _runtime_arn(program: Program, runtime: str) -> str:
    """A runtime version's ARN: made up of a digest, as AWS's are."""
    return f"arn:aws:lambda:{program.place.region}::runtime:{sha256(runtime.encode()).hexdigest()}"


class _Text:
    def __init__(self, program: Program) -> None:
        self._program = program

    def init_started(self, at: float, runtime: str) -> list[str]:
        return [f"INIT_START Runtime Version: {runtime}\tRuntime Version ARN: {_runtime_arn(self._program, runtime)}\n"]

    def init_ended(self, at: float, init: Init) -> list[str]:
        if init.status is Status.SUCCESS:
            return []
        kind = f"\tError Type: {init.error_type}" if init.error_type else ""
        return [
            f"INIT_REPORT Init Duration: {init.duration * 1000:.2f} ms\tPhase: {init.phase}"
            f"\tStatus: {init.status}{kind}\n"
        ]

    def started(self, at: float, call: Call) -> list[str]:
        return [f"START RequestId: {call.request_id} Version: {self._program.version}\n"]

    def ended(self, at: float, call: Call, result: Result) -> list[str]:
        parts = [
            f"REPORT RequestId: {call.request_id}",
            f"Duration: {result.duration * 1000:.2f} ms",
            f"Billed Duration: {billed(result)} ms",
            f"Memory Size: {self._program.memory} MB",
            f"Max Memory Used: {result.memory} MB",
        ]
        if result.init is not None and result.init.status is Status.SUCCESS:
            parts.append(f"Init Duration: {result.init.duration * 1000:.2f} ms")
        if result.status is Status.TIMEOUT:
            parts.append("Status: timeout")
        elif result.failed and _is_the_platforms(result.error_type):
            parts.append(f"Status: error\tError Type: {result.error_type}")
        else:
            parts.append("")
        return [f"END RequestId: {call.request_id}\n", "\t".join(parts) + "\n"]


class _Json:
    def __init__(self, program: Program, stream: str, kind: str) -> None:
        self._program = program
        self._stream = stream
        self._kind = kind
        self._least = _RANK.get(program.logging.system_level, 1)
        # Developer Guide, "Monitoring Lambda functions with tenant isolation".
        self._tenant = {"tenantId": program.tenant} if program.tenant else {}

    def init_started(self, at: float, runtime: str) -> list[str]:
        record = {
            "initializationType": self._kind,
            "phase": "init",
            "runtimeVersion": runtime,
            "runtimeVersionArn": _runtime_arn(self._program, runtime),
            "functionName": self._program.name,
            "functionVersion": self._program.version,
            "instanceId": self._stream,
            "instanceMaxMemory": self._program.memory * 1024 * 1024,
        }
        return self._record("INFO", at, "initStart", record)

    def init_ended(self, at: float, init: Init) -> list[str]:
        common = {"initializationType": self._kind, "phase": init.phase, **_status(init.status, init.error_type)}
        good = init.status is Status.SUCCESS
        metrics = {"durationMs": _milliseconds(init.duration)}
        return [
            *self._record("DEBUG" if good else "WARN", at, "initRuntimeDone", common),
            *self._record("INFO" if good else "WARN", at, "initReport", {**common, "metrics": metrics}),
        ]

    def started(self, at: float, call: Call) -> list[str]:
        record = {"requestId": call.request_id, "version": self._program.version, **self._tenant}
        return self._record("INFO", at, "start", record)

    def ended(self, at: float, call: Call, result: Result) -> list[str]:
        # A handler that raised has done so to the platform's satisfaction: its status is success.
        good = not result.failed or not _is_the_platforms(result.error_type)
        status = _status(result.status, result.error_type) if not good else _status(Status.SUCCESS, "")
        metrics: dict[str, Any] = {
            "durationMs": _milliseconds(result.duration),
            "billedDurationMs": billed(result),
            "memorySizeMB": self._program.memory,
            "maxMemoryUsedMB": result.memory,
        }
        if result.init is not None and result.init.status is Status.SUCCESS:
            metrics["initDurationMs"] = _milliseconds(result.init.duration)
        done = {"durationMs": metrics["durationMs"], "producedBytes": result.streamed + len(result.payload)}
        return [
            *self._record(
                "DEBUG" if good else "WARN", at, "runtimeDone",
                {"requestId": call.request_id, **status, "metrics": done},
            ),
            *self._record(
                "INFO" if good else "WARN", at, "report",
                {"requestId": call.request_id, "metrics": metrics, **status, **self._tenant},
            ),
        ]  # fmt: skip

    def _record(self, level: str, at: float, kind: str, record: Mapping[str, Any]) -> list[str]:
        if _RANK[level] < self._least:
            return []
        whole = {"time": timestamp(at), "type": f"platform.{kind}", "record": record}
        return [json.dumps(whole, ensure_ascii=False, separators=(",", ":"))]


def _status(status: Status, error_type: str) -> dict[str, str]:
    return {"status": str(status), **({"errorType": error_type} if error_type else {})}


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 3)


def _is_the_platforms(error_type: str) -> bool:
    """Whether the platform ended the call. Text lines say nothing of what a handler raised: no class has a dot."""
    return error_type.startswith(("Runtime.", "Function.", "Sandbox.", "Extension."))
