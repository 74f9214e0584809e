"""What the tests of CloudWatch Logs do with answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import pytest
from botocore.exceptions import ClientError

Ask: TypeAlias = Callable[..., tuple[int, dict[str, str], Any]]


def pages(call: Callable[..., Any], **request: Any) -> Iterator[list[Any]]:
    """The events of each page, until there is no token."""
    while True:
        page = call(**request)
        yield page["events"]
        if "nextToken" not in page:
            return
        request["nextToken"] = page["nextToken"]


def texts(events: list[dict[str, Any]]) -> list[str]:
    """The messages of some events."""
    return [event["message"] for event in events]


def code_and_message(call: Callable[..., Any], **request: Any) -> tuple[str, str]:
    """The error with which a call is refused; its status is 400."""
    with pytest.raises(ClientError) as refused:
        call(**request)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    return refused.value.response["Error"]["Code"], refused.value.response["Error"]["Message"]
