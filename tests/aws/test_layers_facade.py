"""Layers and their versions, as the facade reads them from AWS's answers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lambdatui.aws.gateway import Aws
from lambdatui.model.errors import Denied, Offline
from lambdatui.model.layers import Layer, LayerVersion
from tests.aws import faults
from tests.aws.fault_server import FaultServer

ARN = "arn:aws:lambda:eu-west-1:123456789012:layer:shop"


def version(number: int, **more: object) -> dict[str, object]:
    return {"LayerVersionArn": f"{ARN}:{number}", "Version": number, **more}


async def test_layers_are_listed_page_by_page_with_their_newest_version(aws: Aws, server: FaultServer) -> None:
    newest = version(
        3, Description="x\x1b[2J", CreatedDate="2026-11-23T13:12:20.123+0000", CompatibleRuntimes=["python3.12"],
        CompatibleArchitectures=["arm64"], LicenseInfo="MIT\u202e",
    )  # fmt: skip
    server.plan(
        "lambda:ListLayers",
        faults.answer({"Layers": [{"LayerName": "shop", "LayerArn": ARN, "LatestMatchingVersion": newest}, None],
                       "NextMarker": "m"}),
        faults.answer({"Layers": [{"LayerName": "bare", "LatestMatchingVersion": None}]}),
    )  # fmt: skip
    (first,), (second,) = [page async for page in aws.layers.pages()]
    created = datetime(2026, 11, 23, 13, 12, 20, 123_000, tzinfo=UTC)
    latest = LayerVersion(f"{ARN}:3", 3, "x␛[2J", created, ("python3.12",), ("arm64",), "MIT\\u202e")
    assert first == Layer("shop", ARN, latest)
    assert second == Layer("bare", "", LayerVersion("", 0))
    assert [seen.parameters.get("Marker") for seen in server.journal] == [None, "m"]


async def test_versions_are_listed_page_by_page(aws: Aws, server: FaultServer) -> None:
    server.plan(
        "lambda:ListLayerVersions",
        faults.answer({"LayerVersions": [version(3), version(2)], "NextMarker": "2"}),
        faults.answer({"LayerVersions": []}),
    )
    pages = [[it.number for it in page] async for page in aws.layers.versions(ARN)]
    assert pages == [[3, 2], []]
    assert server.journal[0].path.startswith("/2018-10-31/layers/arn%3Aaws%3Alambda")


async def test_a_version_has_its_size(aws: Aws, server: FaultServer) -> None:
    content = {"CodeSize": 77_000, "CodeSha256": "abc=", "Location": "https://secret.example/zip"}
    server.plan("lambda:GetLayerVersionByArn", faults.answer(version(3, Content=content)))
    it = await aws.layers.version(f"{ARN}:3")
    assert (it.number, it.size, it.sha256) == (3, 77_000, "abc=")
    assert "secret" not in repr(it)
    assert server.journal[0].parameters == {"find": "LayerVersion", "Arn": f"{ARN}:3"}


async def test_a_refusal_names_the_action_of_iam(aws: Aws, server: FaultServer) -> None:
    server.plan("lambda:GetLayerVersionByArn", faults.aws_error(403, "AccessDeniedException", "No."))
    with pytest.raises(Denied) as told:
        await aws.layers.version(f"{ARN}:3")
    assert "permission to lambda:GetLayerVersion " in told.value.remedy


@pytest.mark.parametrize("operation", ["ListLayers", "ListLayerVersions", "GetLayerVersionByArn"])
async def test_an_answer_without_what_was_asked_for_is_no_answer(operation: str, aws: Aws, server: FaultServer) -> None:
    server.plan(f"lambda:{operation}", faults.answer({"NextMarker": "x", "Description": "y"}))

    async def ask() -> None:
        if operation == "GetLayerVersionByArn":
            await aws.layers.version(f"{ARN}:3")
        async for _ in aws.layers.pages() if operation == "ListLayers" else aws.layers.versions("shop"):
            pass

    with pytest.raises(Offline, match="The answer is not one that AWS gives"):
        await ask()
