"""What Node.js functions are told, and how the runtime gets on with the Runtime API."""

from __future__ import annotations

import shutil
import time

import pytest

from tests.local.sandbox.node.function import ARN, Node

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


def test_the_context_tells_about_the_invocation(node: Node) -> None:
    function = node("""
        exports.handler = async (event, context) => {
            const left = context.getRemainingTimeInMillis();
            return { context, keys: Object.keys(context), left };
        }
    """)
    result = function.returned(
        headers={
            "Lambda-Runtime-Client-Context": '{"client":{"app_title":"Läden"}}',
            "Lambda-Runtime-Cognito-Identity": '{"cognitoIdentityId":"i","cognitoIdentityPoolId":"p"}',
        }
    )
    assert result["context"] == {
        "callbackWaitsForEmptyEventLoop": True,
        "functionVersion": "7",
        "functionName": "shop",
        "memoryLimitInMB": "128",
        "logGroupName": "/aws/lambda/shop",
        "logStreamName": "2026/11/23/[7]0123456789abcdef0123456789abcdef",
        "clientContext": {"client": {"app_title": "Läden"}},
        "identity": {"cognitoIdentityId": "i", "cognitoIdentityPoolId": "p"},
        "invokedFunctionArn": ARN,
        "awsRequestId": "request-1",
    }
    assert {"succeed", "fail", "done", "getRemainingTimeInMillis"} < set(result["keys"])
    assert 0 < result["left"] <= 3000


def test_a_client_context_that_is_no_json_fails_the_invocation(node: Node) -> None:
    function = node("exports.handler = async (event, context) => context.clientContext ?? null")
    error = function.call(headers={"Lambda-Runtime-Client-Context": "{"}).json
    assert error["errorMessage"].startswith("Cannot parse ClientContext as json: SyntaxError")
    assert function.returned() is None


def test_the_trace_header_is_that_of_the_invocation(node: Node) -> None:
    function = node("exports.handler = async () => process.env._X_AMZN_TRACE_ID ?? 'none'")
    got = [
        function.returned(headers=headers)
        for headers in ({"Lambda-Runtime-Trace-Id": "Root=1"}, {"Lambda-Runtime-Trace-Id": "Root=2"}, {})
    ]
    assert got == ["Root=1", "Root=2", "none"]


def test_state_and_large_events_survive_from_call_to_call(node: Node) -> None:
    function = node("let n = 0; exports.handler = async (event) => [++n, event]")
    large = "ä😀" * 400_000
    assert [function.returned(event) for event in (large, "b")] == [[1, large], [2, "b"]]


def test_an_answer_that_the_api_refuses_is_not_the_end(node: Node) -> None:
    function = node("exports.handler = async (event) => event")
    function.server.status = 413
    assert [function.returned(1), function.returned(2)] == [1, 2]


def test_a_connection_that_was_closed_meanwhile_is_opened_again(node: Node) -> None:
    # The handler holds the event loop, so that the answer goes to a connection that it takes for open.
    function = node(
        "exports.handler = async (event) => { for (const end = Date.now() + 50; Date.now() < end; ); return event; }"
    )
    function.server.hangs_up = True
    assert [function.returned(1), function.returned(2)] == [1, 2]


def test_the_process_ends_when_the_api_does(node: Node) -> None:
    function = node("exports.handler = async (event) => event")
    assert function.returned(1) == 1
    function.server.invocations.put(None)  # answers 500
    assert function.exit_code() == 1
    assert function.errors() == "The Runtime API answers 500 to next: \n"


@pytest.mark.parametrize(
    ("code", "exit_code"),
    [
        ("exports.handler = async (event) => event", 1),
        ("exports.handler = async () => { throw 1; }", 1),
        ("exports.handler = awslambda.streamifyResponse(async (event, stream) => { stream.end('a'); })", 1),
        ("setTimeout(() => { throw 1; })", 129),
    ],
)
def test_an_api_that_answers_nothing_ends_the_process(node: Node, code: str, exit_code: int) -> None:
    function = node(f"setTimeout(() => {{}}, 1e8); {code}")
    function.server.status = 0
    function.invoke()
    assert function.exit_code() == exit_code


def test_the_remaining_time_goes_down_to_the_deadline(node: Node) -> None:
    function = node("exports.handler = async (event, context) => context.getRemainingTimeInMillis() + Date.now()")
    before = time.time() * 1000
    function.invoke(timeout=60)
    deadline = function.posted().json
    assert before + 59_999 <= deadline <= time.time() * 1000 + 60_000


def test_handlers_with_a_callback_are_warned_of(node: Node) -> None:
    code = "exports.handler = (event, context, callback) => callback()"
    old, quiet, new = (
        node(code),
        node(code, AWS_LAMBDA_NODEJS_DISABLE_CALLBACK_WARNING="1"),
        node(code, AWS_EXECUTION_ENV="AWS_Lambda_nodejs24.x"),
    )
    assert old.returned() is None
    assert quiet.returned() is None
    post = new.posted()
    assert post.path == "/init/error"
    assert post.json["errorType"] == "Runtime.CallbackHandlerDeprecated"
    [warning] = old.records()
    assert "\tundefined\tWARN\tAWS Lambda plans to remove support for callback-based function handlers" in warning
    assert quiet.records() == []
