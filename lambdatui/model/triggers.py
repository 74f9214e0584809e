"""What calls a function by itself: event source mappings, its URL, and what becomes of asynchronous calls.

Source of shapes: the Lambda service model, API version 2015-03-31. All text has been through `visible()`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from lambdatui.model.arns import parse_arn
from lambdatui.model.configuration import Trouble


@dataclass(frozen=True, slots=True)
class EventSourceMapping:
    """An EventSourceMappingConfiguration: Lambda reads the source, and calls the function with what it finds.

    None is what the answer does not say: which settings there are depends on the kind of the source.
    """

    uuid: str
    arn: str = ""
    source_arn: str = ""
    """Empty for a self-managed source."""
    function_arn: str = ""
    """With the version or alias that is called, if it is not the function itself."""
    state: str = ""
    state_reason: str = ""
    last_result: str = ""
    """LastProcessingResult."""
    modified: datetime | None = None
    batch_size: int | None = None
    window: int | None = None
    """MaximumBatchingWindowInSeconds."""
    filters: tuple[str, ...] = ()
    """Patterns, JSON each; a record is taken that fits one of them."""
    filters_trouble: Trouble | None = None
    maximum_concurrency: int | None = None
    parallelization: int | None = None
    bisect: bool | None = None
    """BisectBatchOnFunctionError."""
    retries: int | None = None
    """MaximumRetryAttempts; -1 is until the record expires."""
    record_age: int | None = None
    """MaximumRecordAgeInSeconds; -1 is for ever."""
    on_success: str = ""
    on_failure: str = ""
    starting_position: str = ""
    starting_at: datetime | None = None
    tumbling_window: int | None = None
    """Seconds."""
    response_types: tuple[str, ...] = ()
    pollers: tuple[int | None, int | None] = (None, None)
    """Provisioned pollers, at least and at most."""
    topics: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    endpoints: tuple[str, ...] = ()
    """Servers of a self-managed Kafka."""
    consumer_group: str = ""
    database: str = ""
    collection: str = ""
    access: tuple[tuple[str, str], ...] = ()
    """(kind, URI) of SourceAccessConfigurations: secrets by ARN, subnets, security groups."""
    kms_key_arn: str = ""
    other: Mapping[str, str] = field(default_factory=dict)
    """What this program does not know yet, by AWS's name, as it came."""

    @property
    def qualifier(self) -> str:
        """The version or alias that is called; empty for the function itself."""
        return qualifier_of(self.function_arn)


@dataclass(frozen=True, slots=True)
class Cors:
    """What browsers are told of a function URL."""

    origins: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    exposed: tuple[str, ...] = ()
    credentials: bool | None = None
    max_age: int | None = None
    """Seconds."""


@dataclass(frozen=True, slots=True)
class FunctionUrl:
    """A FunctionUrlConfig."""

    url: str
    function_arn: str = ""
    auth_type: str = ""
    """NONE: whoever knows the URL, if the policy says so too. AWS_IAM: whoever signs, and may."""
    invoke_mode: str = ""
    cors: Cors | None = None
    created: datetime | None = None
    modified: datetime | None = None

    @property
    def qualifier(self) -> str:
        """The alias that it calls; empty for the function itself."""
        return qualifier_of(self.function_arn)


@dataclass(frozen=True, slots=True)
class AsyncConfig:
    """A FunctionEventInvokeConfig: what becomes of asynchronous calls of a function, version or alias."""

    function_arn: str
    retries: int | None = None
    """MaximumRetryAttempts; AWS takes 2 where it is not set."""
    event_age: int | None = None
    """MaximumEventAgeInSeconds; AWS takes 6 hours where it is not set."""
    on_success: str = ""
    on_failure: str = ""
    modified: datetime | None = None

    @property
    def qualifier(self) -> str:
        """The version or alias; empty for the function itself."""
        return qualifier_of(self.function_arn)


def qualifier_of(function_arn: str) -> str:
    """The version or alias in a function's ARN; empty where there is none, and for $LATEST."""
    arn = parse_arn(function_arn)
    parts = arn.resource.split(":") if arn is not None else []
    return parts[2] if len(parts) > 2 and parts[2] != "$LATEST" else ""
