"""Which version of which function a caller means: name, ARN, partial ARN, qualifier, alias with weights."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field

from lambdatui.local.invoke.service_errors import (
    ServiceError,
    constraint,
    denied,
    elsewhere,
    function_not_found,
    invalid_parameter,
)
from lambdatui.local.places import Place
from lambdatui.model.limits import LONGEST_TENANT, TENANT

LATEST = "$LATEST"

# Shapes NamespacedFunctionName and NumericLatestPublishedOrAliasQualifier of the service model, word for word: AWS
# quotes them in its errors.
_NAME = re.compile(
    r"(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?"
    r"([a-zA-Z0-9-_\.]+)(:(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]+))?"
)
_REGION_GROUP, _ACCOUNT_GROUP, _NAME_GROUP, _QUALIFIER_GROUP = 3, 9, 11, 13
_QUALIFIER = re.compile(r"\$(LATEST(\.PUBLISHED)?)|[a-zA-Z0-9-_$]+")
_TENANT = re.compile(f"[{TENANT}]+")
_LONGEST_NAME = 256
_LONGEST_QUALIFIER = 128


@dataclass(frozen=True)
class Reference:
    """A function as a caller names it."""

    place: Place
    name: str
    qualifier: str = ""
    """A version, an alias or $LATEST; empty for none, which is $LATEST too."""

    @property
    def function_arn(self) -> str:
        """The ARN without the qualifier."""
        return f"arn:aws:lambda:{self.place.region}:{self.place.account}:function:{self.name}"

    @property
    def arn(self) -> str:
        """The ARN as it was invoked."""
        return f"{self.function_arn}:{self.qualifier}" if self.qualifier else self.function_arn


@dataclass(frozen=True)
class Alias:
    """Where an alias points."""

    version: str
    weights: Mapping[str, float] = field(default_factory=dict)
    """RoutingConfig.AdditionalVersionWeights: the share of another version, 0 to 1."""


@dataclass(frozen=True)
class Target:
    """The version that an invocation runs."""

    reference: Reference
    version: str
    weighted: bool = False
    """Whether an alias with a second version was invoked."""


@dataclass(frozen=True)
class AsyncSettings:
    """What becomes of an asynchronous invocation: EventInvokeConfig and DeadLetterConfig. Destinations are ARNs."""

    retries: int = 2
    longest: float = 21_600.0
    """MaximumEventAgeInSeconds."""
    on_success: str = ""
    on_failure: str = ""
    dead_letter: str = ""


def referred(text: str, qualifier: str, here: Place) -> Reference:
    """The reference that a request makes in its path (`text`) and its query (`qualifier`), sent to `here`.

    Raises ServiceError: malformed, of another account or region, or two different qualifiers.
    """
    found = _NAME.fullmatch(text)
    problems = [
        *_violations(text, "functionName", _NAME, _LONGEST_NAME),
        *(_violations(qualifier, "qualifier", _QUALIFIER, _LONGEST_QUALIFIER) if qualifier else ()),
    ]
    if found is None or problems:
        raise constraint(*problems)
    region = (found[_REGION_GROUP] or here.region).rstrip(":")
    account = (found[_ACCOUNT_GROUP] or here.account).rstrip(":")
    theirs = found[_QUALIFIER_GROUP] or ""
    if theirs and qualifier and theirs != qualifier:
        raise invalid_parameter("The derived qualifier from the function name does not match the specified qualifier.")
    reference = Reference(Place(account, region), found[_NAME_GROUP], theirs or qualifier)
    if region != here.region:
        raise elsewhere(region, here.region)
    if account != here.account:
        raise denied(here.account, reference.arn)
    return reference


def tenant(value: str) -> str:
    """The tenant id of a request, empty for none. Raises ServiceError: malformed (TenantId of the service model)."""
    problems = list(_violations(value, "tenantId", _TENANT, LONGEST_TENANT)) if value else []
    if problems:
        raise constraint(*problems)
    return value


def chosen(
    reference: Reference,
    versions: Container[str],
    aliases: Mapping[str, Alias],
    draw: Callable[[], float] = random.random,
) -> Target:
    """The version that this call runs; `draw` gives 0 ≤ x < 1. Raises ServiceError if there is no such version."""
    qualifier = reference.qualifier
    if qualifier in ("", LATEST):
        return Target(reference, LATEST)
    if alias := aliases.get(qualifier):
        version = _drawn(alias, draw)
        if version != LATEST and version not in versions:
            raise function_not_found(f"{reference.function_arn}:{version}")
        return Target(reference, version, weighted=bool(alias.weights))
    if qualifier not in versions:
        raise function_not_found(reference.arn)
    return Target(reference, qualifier)


def _drawn(alias: Alias, draw: Callable[[], float]) -> str:
    if not alias.weights:
        return alias.version
    left = draw()
    for version, weight in alias.weights.items():
        left -= weight
        if left < 0:
            return version
    return alias.version


def _violations(value: str, member: str, pattern: re.Pattern[str], longest: int) -> Iterator[str]:
    if len(value) > longest:
        yield _violation(value, member, f"have length less than or equal to {longest}")
    if not pattern.fullmatch(value):
        yield _violation(value, member, f"satisfy regular expression pattern: {pattern.pattern}")


def _violation(value: str, member: str, must: str) -> str:
    return f"Value '{value}' at '{member}' failed to satisfy constraint: Member must {must}"


def one_of(value: str, member: str, allowed: tuple[str, ...]) -> ServiceError:
    """The error for a value that an enumeration of the service model does not have."""
    return constraint(_violation(value, member, f"satisfy enum value set: [{', '.join(allowed)}]"))
