"""A function's versions, its aliases, and the provisioned concurrency of either."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any

from lambdatui.aws import shapes
from lambdatui.aws.calls import Calls
from lambdatui.aws.failures import unlike_aws
from lambdatui.aws.functions import parse_configuration
from lambdatui.model.errors import Missing
from lambdatui.model.versions import Alias, Provisioned, Share, Version

_MARKERS = ("Marker", "NextMarker")


class Versions:
    """The facade over the operations of Lambda that tell of versions and aliases."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def versions(self, name: str) -> AsyncGenerator[Sequence[Version], None]:
        """All versions of a function, up to 50 a page, $LATEST among them, in AWS's order. Raises AwsError."""
        async with aclosing(self._pages("ListVersionsByFunction", "Versions", name)) as pages:
            async for entries in pages:
                versions = [Version(parse_configuration({"Configuration": entry})) for entry in entries]
                self._calls.learn(
                    value.reveal() for version in versions for value in version.configuration.environment.values()
                )
                yield versions

    async def aliases(self, name: str) -> AsyncGenerator[Sequence[Alias], None]:
        """All aliases of a function, page by page, in AWS's order. Raises AwsError."""
        async with aclosing(self._pages("ListAliases", "Aliases", name)) as pages:
            async for entries in pages:
                yield [parse_alias(entry) for entry in entries]

    async def provisioned(self, name: str) -> Sequence[Provisioned]:
        """What provisioned concurrency the versions and aliases of a function have; often none. Raises AwsError."""
        found: list[Provisioned] = []
        try:
            operation = "ListProvisionedConcurrencyConfigs"
            async with aclosing(self._pages(operation, "ProvisionedConcurrencyConfigs", name)) as pages:
                async for entries in pages:
                    found += map(parse_provisioned, entries)
        except Missing:  # so an endpoint may say that there are none
            return ()
        return tuple(found)

    async def raw(self, name: str, alias: str) -> str:
        """All that GetAlias says of an alias of a function, as YAML; see `as_yaml()`. Raises AwsError."""
        from lambdatui.aws.raw import as_yaml

        answer = await self._calls.read("lambda", "GetAlias", FunctionName=name, Name=alias)
        if "Name" not in answer:
            raise unlike_aws("lambda:GetAlias", "name")
        return await asyncio.to_thread(as_yaml, answer)

    async def _pages(
        self, operation: str, members: str, name: str
    ) -> AsyncGenerator[Sequence[Mapping[str, Any]], None]:
        """What a list of a function holds, page by page."""
        async with aclosing(self._calls.pages("lambda", operation, _MARKERS, FunctionName=name)) as pages:
            async for page in pages:
                if members not in page:
                    raise unlike_aws(f"lambda:{operation}", f"list of {members}")
                yield [entry for entry in page[members] if entry]


def parse_alias(entry: Mapping[str, Any]) -> Alias:
    """An alias from an AliasConfiguration shape. A weight that is none of 0 to 1 is left out."""
    weights: Mapping[str, Any] = shapes.member(entry, "RoutingConfig", "AdditionalVersionWeights") or {}
    return Alias(
        name=shapes.text(entry, "Name"),
        arn=shapes.text(entry, "AliasArn"),
        version=shapes.text(entry, "FunctionVersion"),
        description=shapes.text(entry, "Description"),
        also=tuple(
            Share(shapes.line(version), float(part))
            for version, part in weights.items()
            if isinstance(part, int | float) and 0 <= part <= 1
        ),
        revision_id=shapes.text(entry, "RevisionId"),
    )


def parse_provisioned(entry: Mapping[str, Any]) -> Provisioned:
    """From a ProvisionedConcurrencyConfigListItem shape, whose ARN ends with the version or alias that it is of."""
    counted = "ProvisionedConcurrentExecutions"
    return Provisioned(
        qualifier=shapes.text(entry, "FunctionArn").rpartition(":")[2],
        requested=shapes.number(entry, f"Requested{counted}") or 0,
        available=shapes.number(entry, f"Available{counted}") or 0,
        allocated=shapes.number(entry, f"Allocated{counted}") or 0,
        status=shapes.text(entry, "Status"),
        reason=shapes.text(entry, "StatusReason"),
        modified=shapes.when(entry, "LastModified"),
    )
