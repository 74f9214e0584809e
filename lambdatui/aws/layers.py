"""Layers and their versions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any

from lambdatui.aws import shapes
from lambdatui.aws.calls import Calls
from lambdatui.aws.failures import unlike_aws
from lambdatui.model.layers import Layer, LayerVersion

_MARKERS = ("Marker", "NextMarker")


class Layers:
    """The facade over the layer operations of Lambda."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def pages(self) -> AsyncGenerator[Sequence[Layer], None]:
        """The layers of the account in the region with the newest version of each, up to 50 a page. Raises AwsError."""
        async with aclosing(self._calls.pages("lambda", "ListLayers", _MARKERS)) as pages:
            async for page in pages:
                if "Layers" not in page:
                    raise unlike_aws("lambda:ListLayers", "list of layers")
                yield [parse_layer(entry) for entry in page["Layers"] if entry]

    async def versions(self, layer: str) -> AsyncGenerator[Sequence[LayerVersion], None]:
        """The versions of a layer, by name or ARN, newest first, up to 50 a page. Raises AwsError."""
        async with aclosing(self._calls.pages("lambda", "ListLayerVersions", _MARKERS, LayerName=layer)) as pages:
            async for page in pages:
                if "LayerVersions" not in page:
                    raise unlike_aws("lambda:ListLayerVersions", "list of versions")
                yield [parse_version(entry) for entry in page["LayerVersions"] if entry]

    async def version(self, arn: str) -> LayerVersion:
        """A layer version with its size, of any account that lets this one have it. Raises AwsError."""
        return parse_version(await self._described(arn))

    async def raw(self, arn: str) -> str:
        """All that AWS says of a layer version, as YAML; see `as_yaml()`. Raises AwsError."""
        from lambdatui.aws.raw import as_yaml

        return await asyncio.to_thread(as_yaml, await self._described(arn))

    async def _described(self, arn: str) -> Mapping[str, Any]:
        answer = await self._calls.read("lambda", "GetLayerVersionByArn", Arn=arn)
        if "LayerVersionArn" not in answer:
            raise unlike_aws("lambda:GetLayerVersionByArn", "layer version")
        return answer


def parse_layer(entry: Mapping[str, Any]) -> Layer:
    """A layer from a LayersListItem shape."""
    return Layer(
        name=shapes.text(entry, "LayerName"),
        arn=shapes.text(entry, "LayerArn"),
        latest=parse_version(entry.get("LatestMatchingVersion") or {}),
    )


def parse_version(entry: Mapping[str, Any]) -> LayerVersion:
    """A version from a LayerVersionsListItem or a GetLayerVersionResponse shape."""
    return LayerVersion(
        arn=shapes.text(entry, "LayerVersionArn"),
        number=shapes.number(entry, "Version") or 0,
        description=shapes.text(entry, "Description"),
        created=shapes.when(entry, "CreatedDate"),
        runtimes=shapes.texts(entry, "CompatibleRuntimes"),
        architectures=shapes.texts(entry, "CompatibleArchitectures"),
        license=shapes.text(entry, "LicenseInfo"),
        size=shapes.number(entry, "Content", "CodeSize"),
        sha256=shapes.text(entry, "Content", "CodeSha256"),
    )
