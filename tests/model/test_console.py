"""Links to AWS's console, by ARN."""

from __future__ import annotations

import pytest

from lambdatui.model.console import console_url

HOME = "https://eu-west-1.console.aws.amazon.com/lambda/home?region=eu-west-1#"


@pytest.mark.parametrize(
    ("resource", "page"),
    [
        ("function:orders", "/functions/orders"),
        ("function:orders:$LATEST", "/functions/orders"),
        ("function:orders:42", "/functions/orders/versions/42"),
        ("function:orders:live", "/functions/orders/aliases/live"),
        ("layer:common", "/layers/common"),
        ("layer:common:7", "/layers/common/versions/7"),
        ("function:a/b?c#d", "/functions/a%2Fb%3Fc%23d"),
    ],
)
def test_a_thing_has_its_page(resource: str, page: str) -> None:
    assert console_url(f"arn:aws:lambda:eu-west-1:123456789012:{resource}") == HOME + page


@pytest.mark.parametrize(
    ("partition", "region", "host"),
    [
        ("aws", "us-east-1", "us-east-1.console.aws.amazon.com"),
        ("aws-cn", "cn-northwest-1", "cn-northwest-1.console.amazonaws.cn"),
        ("aws-us-gov", "us-gov-west-1", "us-gov-west-1.console.amazonaws-us-gov.com"),
    ],
)
def test_each_partition_has_its_own_console(partition: str, region: str, host: str) -> None:
    url = console_url(f"arn:{partition}:lambda:{region}:123456789012:function:orders")
    assert url == f"https://{host}/lambda/home?region={region}#/functions/orders"


@pytest.mark.parametrize(
    "arn",
    [
        "",
        "orders",
        "arn:aws:lambda:eu-west-1:123456789012:",
        "arn:aws:lambda:eu-west-1:123456789012:function",
        "arn:aws:lambda:eu-west-1:123456789012:function:orders:live:more",
        "arn:aws:lambda:eu-west-1:123456789012:event-source-mapping:1234",
        "arn:aws:sqs:eu-west-1:123456789012:orders",
        "arn:aws-iso:lambda:us-iso-east-1:123456789012:function:orders",
        "arn:aws:lambda::123456789012:function:orders",
        "arn:aws:lambda:evil.example/x?:123456789012:function:orders",
        "arn:aws:lambda:eu-west-1.evil:123456789012:function:orders",
    ],
)
def test_what_has_no_page_has_no_link(arn: str) -> None:
    assert console_url(arn) == ""
