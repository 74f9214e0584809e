"""What a function needs of those who invoke it, by its configuration."""

from __future__ import annotations

from typing import NamedTuple

from lambdatui.model.configuration import Configuration
from lambdatui.model.limits import LONGEST_DURABLE_WAIT


class Needs(NamedTuple):
    """What has to be, and what cannot be, in an invocation of one function."""

    tenant: bool = False
    """Whether each needs a tenant's identifier."""
    qualifier: bool = False
    """Whether it needs a version, an alias or "$LATEST"."""
    log_tail: bool = True
    """Whether there is a log tail to be had."""
    timeout: int = 3
    """Seconds that an answer may take."""
    sentences: tuple[str, ...] = ()
    """The same for people, where it is not as of most functions."""


def needs(configuration: Configuration) -> Needs:
    """What a function of this configuration needs.

    Sources: the developer guide on tenant isolation, Lambda Managed Instances (which have no log tails) and durable
    functions, which are invoked qualified, and of which a caller waits for the end of the whole execution.
    """
    tenant = bool(configuration.tenant_isolation)
    durable = configuration.durable_execution_timeout is not None
    managed = bool(configuration.capacity_provider_arn)
    sentences = []
    if tenant:
        sentences.append("It has tenants: each invocation names one.")
    if durable:
        sentences.append("It is durable: it is invoked by a version, an alias or $LATEST.")
    if managed:
        sentences.append("It runs on Managed Instances: no log tail comes back.")
    timeout = min(configuration.durable_execution_timeout or 0, LONGEST_DURABLE_WAIT)
    return Needs(tenant, durable, not managed, max(configuration.function.timeout, timeout), tuple(sentences))
