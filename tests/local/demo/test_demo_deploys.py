"""The deploy of the demo that goes wrong: through the API, and nothing of it piles up."""

from __future__ import annotations

import asyncio
import json
from base64 import b64decode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.request import Request, urlopen

import pytest

from lambdatui.local.control_plane import Receive, Scope, Send
from lambdatui.local.demo import deploys, packages
from lambdatui.local.demo.client import Client
from lambdatui.local.inward import body_of

pytestmark = pytest.mark.local

COLLECTED = {"customerId": "c-1", "lines": [{"sku": "SKU-1", "cents": 1000}]}
SENT = {**COLLECTED, "shipping": {"method": "parcel", "cents": 490}}


@pytest.fixture
def client(endpoint_url: str) -> Client:
    """The demo's own client, to whom the endpoint is an application elsewhere."""

    async def elsewhere(scope: Scope, receive: Receive, send: Send) -> None:
        query = scope["query_string"].decode()
        url = endpoint_url + scope["path"] + (f"?{query}" if query else "")
        headers = {name.decode(): value.decode() for name, value in scope["headers"] if name != b"host"}
        request = Request(url, await body_of(receive) or None, headers, method=scope["method"])  # noqa: S310

        def answer() -> tuple[int, bytes]:
            with urlopen(request, timeout=10) as response:  # noqa: S310
                return response.status, response.read()

        status, body = await asyncio.to_thread(answer)
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": body})

    return Client(elsewhere)


@pytest.fixture
def functions(endpoint_url: str, connect: Callable[..., Any], client: Client) -> Any:
    """An endpoint with orders-create as the demo has it when it begins, and nothing else of the demo."""
    functions = connect(endpoint_url, "lambda")
    layer = functions.publish_layer_version(
        LayerName="shop-common", Content={"ZipFile": b64decode(packages.of_layer("shop-common"))}
    )
    functions.create_function(
        FunctionName=deploys.FUNCTION, Runtime="python3.13", Handler="app.handler", Layers=[layer["LayerVersionArn"]],
        Role="arn:aws:iam::123456789012:role/f", Environment={"Variables": {"ORDERS_TABLE": "t"}},
        Code={"ZipFile": b64decode(packages.of_function(deploys.FUNCTION))},
    )  # fmt: skip
    for description in ("one", "two"):
        functions.get_waiter("function_updated_v2").wait(FunctionName=deploys.FUNCTION, WaiterConfig={"Delay": 0.1})
        functions.update_function_configuration(FunctionName=deploys.FUNCTION, Description=description)
        functions.publish_version(FunctionName=deploys.FUNCTION)
    functions.create_alias(FunctionName=deploys.FUNCTION, Name=deploys.ALIAS, FunctionVersion=deploys.GOOD)
    asyncio.run(deploys.leave_one_behind(client))
    functions.get_waiter("function_updated_v2").wait(FunctionName=deploys.FUNCTION, WaiterConfig={"Delay": 0.1})
    yield functions
    functions.delete_function(FunctionName=deploys.FUNCTION)


def test_a_deploy_fails_for_some_orders_and_is_rolled_back(
    functions: Any, client: Client, payload: Any, eventually: Any
) -> None:
    def live() -> str:
        return str(functions.get_alias(FunctionName=deploys.FUNCTION, Name=deploys.ALIAS)["FunctionVersion"])

    def call(order: Any) -> Any:
        return functions.invoke(FunctionName=deploys.FUNCTION, Qualifier=deploys.ALIAS, Payload=json.dumps(order))

    good = functions.get_function_configuration(FunctionName=deploys.FUNCTION)["CodeSha256"]
    assert live() == deploys.GOOD
    assert _versions(functions) == ["$LATEST", "1", "2", deploys.LEFT_BEHIND]

    with ThreadPoolExecutor(1) as thread:
        deploy = thread.submit(asyncio.run, deploys.go_wrong(client, deploys.LEFT_BEHIND, lasts=4.0))
        eventually(lambda: live() == "4")
        failed, sent = call(COLLECTED), call(SENT)
        assert deploy.result() == "4"

    assert failed["FunctionError"] == "Unhandled"
    assert payload(failed)["errorType"] == "KeyError"
    assert payload(sent)["totalCents"] == 1490
    assert live() == deploys.GOOD
    assert "FunctionError" not in call(COLLECTED)
    assert _versions(functions) == ["$LATEST", "1", "2", "4"], "the one that the last deploy had left is gone"
    assert functions.get_function_configuration(FunctionName=deploys.FUNCTION)["CodeSha256"] == good


def _versions(functions: Any) -> list[str]:
    return [it["Version"] for it in functions.list_versions_by_function(FunctionName=deploys.FUNCTION)["Versions"]]
