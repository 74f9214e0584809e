"""The words that the pool, the execution environments and the telemetry share. Plain data, made on any thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

from lambdatui.local.places import Place

RESPONSE_LIMIT = 6_291_556
"""Bytes of a synchronous response, as the Runtime API states it: 6 MiB and 100 bytes."""

INIT_LIMIT = 10.0
"""Seconds of an init phase before its first invocation."""


@dataclass(frozen=True)
class Logging:
    """A function's LoggingConfig."""

    group: str
    json: bool = False
    application_level: str = "INFO"
    """TRACE, DEBUG, INFO, WARN, ERROR or FATAL. It applies to JSON only, as the next one does."""
    system_level: str = "INFO"
    """DEBUG, INFO or WARN."""


def stream_name(function: str, group: str, version: str, at: float, environment: str) -> str:
    """The log stream of an execution environment that began at `at`, in seconds since the epoch.

    In a group of the user's own choice it names the function, which may share the group with others (Developer Guide,
    "Configuring CloudWatch log groups"). `environment` are 32 hexadecimal digits.
    """
    whose = "" if group == f"/aws/lambda/{function}" else function
    return f"{datetime.fromtimestamp(at, UTC):%Y/%m/%d}/{whose}[{version}]{environment}"


@dataclass(frozen=True)
class Program:
    """What an execution environment runs: one version of a function, its code and its configuration."""

    place: Place
    name: str
    version: str
    """"$LATEST" or a number."""
    runtime: str
    """As CreateFunction has it: python3.13, provided.al2023 … Empty for a container image."""
    handler: str
    logging: Logging
    code: bytes = field(repr=False, default=b"")
    """The deployment package, a zip."""
    layers: tuple[bytes, ...] = field(repr=False, default=())
    """The zips of its layers, in the order in which they are unpacked."""
    image: str = ""
    """The URI of a container image; empty for a zip."""
    memory: int = 128
    """MB."""
    timeout: int = 3
    """Seconds."""
    storage: int = 512
    """MB under /tmp."""
    variables: Mapping[str, str] = field(default_factory=dict)
    architecture: str = "x86_64"
    tenant: str = ""
    """The tenant whose calls alone it takes; empty where the function knows none."""
    fingerprint: str = ""
    """Another one for every change of code or configuration: environments with an older one take no more calls."""

    @property
    def arn(self) -> str:
        """The unqualified function ARN."""
        return f"arn:aws:lambda:{self.place.region}:{self.place.account}:function:{self.name}"


class Outlet(Protocol):
    """Takes a response while the function writes it."""

    async def put(self, part: bytes) -> None:
        """The next part. On the pool's event loop; waits while whoever reads is too far behind."""


@dataclass(frozen=True)
class Call:
    """One invocation, as the function gets it."""

    request_id: str
    payload: bytes = field(repr=False)
    arn: str
    """The ARN that was invoked, with the qualifier that the caller gave."""
    client_context: str = ""
    """JSON text, already decoded from base64."""
    cognito_identity: str = ""
    """JSON text."""
    trace: str = ""
    """The value of X-Amzn-Trace-Id for it: Root=…;Parent=…;Sampled=0;Lineage=…"""
    outlet: Outlet | None = field(repr=False, compare=False, default=None)
    """Where a response goes that the function streams; None if it is to be put together."""


class Status(StrEnum):
    """How a phase went, in the words of the platform's log lines."""

    SUCCESS = "success"
    ERROR = "error"
    TIMEOUT = "timeout"


@dataclass(frozen=True)
class Init:
    """An init phase that is over."""

    duration: float
    """Seconds."""
    phase: str = "init"
    """"init" before the first invocation, "invoke" when it had to be done again during one."""
    status: Status = Status.SUCCESS
    error_type: str = ""


@dataclass(frozen=True)
class Result:
    """How an invocation ended."""

    payload: bytes = field(repr=False)
    """What Invoke answers: what the function returned, or the error as JSON. Not what went to the call's outlet."""
    duration: float
    """Seconds, without the init of a cold start."""
    memory: int
    """The most that was used so far in this environment's call, MB; 0 where the system does not tell."""
    status: Status = Status.SUCCESS
    error_type: str = ""
    """Empty when the function returned; else its errorType, or Runtime.ExitError, Sandbox.Timedout …"""
    content_type: str = "application/json"
    init: Init | None = None
    """The init phase of a cold start, in the first result of an environment only. It is billed with the call."""
    streamed: int = 0
    """Bytes that went to the call's outlet."""

    @property
    def failed(self) -> bool:
        """Whether Invoke answers with X-Amz-Function-Error (always "Unhandled")."""
        return self.status is not Status.SUCCESS


@dataclass(frozen=True)
class Line:
    """A log record of a function: a line that it printed, or a whole record of its logging; no newline at the end."""

    at: float
    """Seconds since the epoch."""
    text: str


class Report(Protocol):
    """What an environment tells about itself, in the order in which it happens; called on the pool's event loop.

    One is made for each environment, and writes to its log stream.
    """

    def init_started(self, at: float, runtime: str) -> None:
        """`runtime` is what INIT_START shows as the runtime version, as python:3.13.v1."""

    def printed(self, lines: Sequence[Line]) -> None:
        """Lines that were read together: one or more."""

    def init_ended(self, at: float, init: Init) -> None:
        """After the output of the phase. INIT_REPORT is written for those that failed only (and in JSON always)."""

    def started(self, at: float, call: Call) -> None: ...

    def ended(self, at: float, call: Call, result: Result) -> None:
        """After the last output of the call. Calls that were never started are not ended either."""


class NotRunnable(Exception):
    """This machine cannot run such a function. str() is the sentence for the user: what is missing, what works."""
