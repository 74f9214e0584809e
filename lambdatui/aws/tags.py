"""The tags of all functions, in pages of a hundred: not one call per function."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing

from lambdatui.aws import shapes
from lambdatui.aws.calls import Calls
from lambdatui.aws.failures import unlike_aws

A_PAGE = 100
"""The most that GetResources gives at once (Resource Groups Tagging API Reference)."""


class Tags:
    """The facade over the Resource Groups Tagging API."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def pages(self) -> AsyncGenerator[Mapping[str, Mapping[str, str]], None]:
        """The tags of functions by ARN, page by page. Functions that never had a tag are not among them.

        Raises AwsError.
        """
        service, operation = "resourcegroupstaggingapi", "GetResources"
        pages = self._calls.pages(
            service, operation, ("PaginationToken", "PaginationToken"),
            ResourceTypeFilters=["lambda:function"], ResourcesPerPage=A_PAGE,
        )  # fmt: skip
        async with aclosing(pages):
            async for page in pages:
                if "ResourceTagMappingList" not in page:
                    raise unlike_aws(f"{service}:{operation}", "list of resources")
                yield {
                    shapes.text(entry, "ResourceARN"): {
                        shapes.text(tag, "Key"): shapes.text(tag, "Value") for tag in entry.get("Tags") or () if tag
                    }
                    for entry in page["ResourceTagMappingList"]
                    if entry
                }
