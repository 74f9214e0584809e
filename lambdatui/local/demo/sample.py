"""How a function of the demo is described, with what belongs to it: versions, aliases, layers, queues, permissions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True)
class Release:
    """A published version, and what of the function was another then. `age` is how long ago it was published."""

    description: str
    age: timedelta
    code: str = ""
    """The folder under functions/ that its code is in; empty for the function's own."""
    memory: int | None = None
    environment: Mapping[str, str] | None = None
    layers: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Alias:
    """An alias; `also` sends a share (0 to 1) of its calls to a second version."""

    name: str
    version: str
    description: str = ""
    also: Mapping[str, float] = field(default_factory=dict)
    provisioned: int = 0
    """Its provisioned concurrency."""


@dataclass(frozen=True)
class Layer:
    """A layer, published `versions` times."""

    name: str
    description: str
    versions: int = 1


@dataclass(frozen=True)
class Queue:
    """An SQS queue; what is received from it three times in vain goes to the queue `dead`. Nobody empties those."""

    name: str
    dead: str = ""


@dataclass(frozen=True)
class Permit:
    """A statement of a function's resource policy, or of an alias's: who may invoke it, for what."""

    statement: str
    principal: str
    source: str = ""
    """The ARN of that, without "arn:aws:", where {} stands for region and account; empty for anything."""
    alias: str = ""


@dataclass(frozen=True)
class Sample:
    """One function: the folder functions/<name> and how it is configured. `age` is how long ago it was modified."""

    name: str
    description: str
    runtime: str = "python3.13"
    """Empty for a container image."""
    memory: int = 128
    """MB."""
    timeout: int = 10
    """Seconds."""
    architecture: str = "x86_64"
    storage: int = 512
    """MB under /tmp."""
    environment: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    layers: tuple[str, ...] = ()
    """name:version of the catalogue's, or the ARN of another account's, which is not there when the code runs."""
    versions: tuple[Release, ...] = ()
    """Its published versions, 1 and up."""
    aliases: tuple[Alias, ...] = ()
    tracing: bool = False
    age: timedelta = timedelta(days=1)
    image: str = ""
    """The container image that it is instead of a folder, as repository:tag."""
    log_group: str = ""
    """Empty for /aws/lambda/<name>."""
    json_logs: bool = False
    reserved: int | None = None
    """ReservedConcurrentExecutions."""
    retries: int | None = None
    """MaximumRetryAttempts of asynchronous calls; None for Lambda's own two."""
    on_failure: str = ""
    """The queue that is told of asynchronous calls that failed for good: their destination."""
    dead_letters: str = ""
    """The queue that gets the events of asynchronous calls that failed for good."""
    fed_by: str = ""
    """The queue that it is the consumer of."""
    only: str = ""
    """The filter of what it takes from there: an event pattern."""
    permits: tuple[Permit, ...] = ()
    schedule: str = ""
    """An EventBridge schedule expression."""
    url: bool = False
    """Whether it has a function URL."""
    tenants: bool = False
    """Whether each call is a tenant's, in execution environments of its own."""

    @property
    def group(self) -> str:
        """Its log group."""
        return self.log_group or f"/aws/lambda/{self.name}"
