"""Requests that web pages have the user's browser send to the embedded endpoint."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from contextlib import closing
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import pytest

from lambdatui.local import identity

pytestmark = pytest.mark.local

FUNCTIONS = "/2015-03-31/functions"
TEMPLATE = json.dumps({"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}})

# What browsers send for <img src="http://127.0.0.1:…"> on a page of another site.
IMAGE = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
REFERER = {"Referer": "https://evil.example/"}


def status(url: str, path: str, headers: Mapping[str, str]) -> int:
    connection = http.client.HTTPConnection(identity.HOST, urlsplit(url).port or 0, timeout=30)
    with closing(connection):
        connection.request("GET", path, headers=dict(headers))
        return connection.getresponse().status


@pytest.mark.parametrize(
    ("headers", "expected"),
    [({}, 200), (IMAGE, 403), (REFERER, 403), ({"Host": "evil.example"}, 403), ({**IMAGE, **REFERER}, 403)],
    ids=["no page", "image", "image in an old browser", "name that leads here", "image with referer"],
)
def test_a_page_cannot_create_a_stack_with_an_image(
    endpoint_url: str, connect: Any, headers: dict[str, str], expected: int
) -> None:
    stack = f"s-{uuid4().hex[:12]}"
    query = urlencode({"Action": "CreateStack", "Version": "2010-05-15", "StackName": stack, "TemplateBody": TEMPLATE})

    assert status(endpoint_url, f"/?{query}", headers) == expected

    stacks = connect(endpoint_url, "cloudformation").describe_stacks()["Stacks"]
    assert (stack in {found["StackName"] for found in stacks}) == (expected == 200)


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://[", "https://a.lambda-url.eu-west-1.on.aws"]
)
def test_a_page_of_another_origin_is_refused(endpoint_url: str, origin: str) -> None:
    assert status(endpoint_url, FUNCTIONS, {"Origin": origin}) == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "same-origin", "Referer": "http://localhost:3000/index.html"},
        {"Origin": "http://localhost:3000"},
        {"Origin": "http://site.localhost:3000"},
    ],
)
def test_the_user_and_pages_of_this_machine_are_answered(endpoint_url: str, headers: dict[str, str]) -> None:
    assert status(endpoint_url, FUNCTIONS, headers) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "notlocalhost",
        "0.0.0.0",  # noqa: S104  some browsers let a page ask it
        "a.lambda-url.eu-west-1.on.aws.evil.example",
        "[",
        "",
    ],
)
def test_a_host_that_may_be_a_pages_own_is_refused(endpoint_url: str, host: str) -> None:
    assert status(endpoint_url, FUNCTIONS, {"Host": host}) == 403


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "LOCALHOST:4566", "localhost.", "[::1]:4566", "streaming-127.0.0.1:4566"]
)
def test_the_hosts_of_this_machine_are_answered(endpoint_url: str, host: str) -> None:
    assert status(endpoint_url, FUNCTIONS, {"Host": host}) == 200


@pytest.mark.parametrize("suffix", ["on.aws", "localhost:4566", "127.0.0.1:4566"])
def test_the_url_of_a_function_is_answered_by_it(endpoint_url: str, connect: Any, make: Any, suffix: str) -> None:
    name = make(endpoint_url, "def handler(event, context):\n    return {'statusCode': 418}\n")
    config = connect(endpoint_url, "lambda").create_function_url_config(FunctionName=name, AuthType="NONE")
    host = str(urlsplit(config["FunctionUrl"]).hostname).removesuffix("on.aws") + suffix

    assert status(endpoint_url, "/", {"Host": host}) == 418


@pytest.mark.parametrize("base", ["localhost", "s3.localhost:4566"])
def test_a_bucket_is_found_by_its_host(endpoint_url: str, connect: Any, base: str) -> None:
    bucket = f"b-{uuid4().hex[:12]}"
    s3 = connect(endpoint_url, "s3")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": identity.REGION})
    s3.put_object(Bucket=bucket, Key="key", Body=b"")

    assert status(endpoint_url, "/key", {"Host": f"{bucket}.{base}"}) == 200
    assert status(endpoint_url, "/none", {"Host": f"{bucket}.{base}"}) == 404
