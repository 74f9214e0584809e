"""Response streams of Node.js functions."""

from __future__ import annotations

import shutil

import pytest

from tests.local.sandbox.node.function import Node

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


def streaming(code: str, kind: str = "async") -> str:
    return f"""
        const {{ pipeline }} = require('node:stream/promises');
        const {{ Readable }} = require('node:stream');
        const pause = () => new Promise((resolve) => setTimeout(resolve, 5));
        exports.handler = awslambda.streamifyResponse({kind} (event, stream, context) => {{ {code} }});
    """


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("stream.write('a'); await pause(); stream.write(Buffer.from('b')); stream.end('c')", b"abc"),
        ("stream.write(new Uint8Array([1, 2])); stream.end()", b"\1\2"),
        ("stream.write({ a: 1 }); stream.end()", b'{"a":1}'),
        ("await pipeline(Readable.from(['x', 'y']), stream)", b"xy"),
        ("stream.end(JSON.stringify([event, context.awsRequestId]))", b'["in","request-1"]'),
        ("stream.end()", b""),
        ("setTimeout(() => stream.end('late'), 20)", b"late"),
        ("for (let i = 0; i < 50; i++) stream.write('z'.repeat(100_000)); stream.end()", b"z" * 5_000_000),
    ],
)
def test_a_stream_is_posted_as_it_was_written(node: Node, code: str, body: bytes) -> None:
    function = node(streaming(code))
    for number in (1, 2):
        post = function.call("in")
        assert post.path == f"/invocation/request-{number}/response"
        assert post.body.replace(b"request-2", b"request-1") == body
        assert post.headers["lambda-runtime-function-response-mode"] == "streaming"
        assert post.headers["transfer-encoding"] == "chunked"
        assert post.headers["content-type"] == "application/octet-stream"
        assert post.trailers == {}


def test_a_stream_has_the_content_type_that_it_is_given(node: Node) -> None:
    function = node(streaming("stream.setContentType('text/html'); stream.write('<p>'); stream.end()"))
    assert function.call().headers["content-type"] == "text/html"


def test_metadata_goes_before_the_body_and_eight_null_bytes(node: Node) -> None:
    code = """
        const metadata = { statusCode: 201, headers: { 'X-A': 'b' }, cookies: ['c\\0=d'] };
        const http = awslambda.HttpResponseStream.from(stream, metadata);
        http.write('body'); http.write(' and more'); http.end();
    """
    post = node(streaming(code)).call()
    metadata, body = post.body.split(b"\0" * 8)
    assert metadata == b'{"statusCode":201,"headers":{"X-A":"b"},"cookies":["c\\u0000=d"]}'
    assert body == b"body and more"
    assert post.headers["content-type"] == "application/vnd.awslambda.http-integration-response"


def test_metadata_without_a_write_is_lost_as_in_aws(node: Node) -> None:
    code = "awslambda.HttpResponseStream.from(stream, { statusCode: 404 }).end()"
    assert node(streaming(code)).call().body == b""


@pytest.mark.parametrize(
    ("code", "kind", "message"),
    [
        ("throw new TypeError('x')", "TypeError", "x"),
        ("throw 'x'", "string", "x"),
        ("stream.destroy(new TypeError('x'))", "TypeError", "x"),
        ("stream.destroy()", "Error", "Response stream is not finished."),
    ],
)
def test_a_stream_that_fails_before_its_first_byte_is_a_failed_invocation(
    node: Node, code: str, kind: str, message: str
) -> None:
    function = node(streaming(f"if (event) {{ {code} }} else stream.end('ok')"))
    error = function.failed(True).json
    assert (error["errorType"], error["errorMessage"]) == (kind, message)
    assert function.call(False).body == b"ok"
    assert any("\tInvoke Error \t" in record for record in function.records())


def test_a_stream_that_fails_later_tells_so_in_its_trailers(node: Node) -> None:
    function = node(streaming("stream.write('a'); stream.write('b'); throw new TypeError('ü')"))
    for _ in range(2):
        post = function.call()
        assert post.path.endswith("/response")
        assert post.headers["trailer"] == "Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body"
        assert post.body == b"ab"
        assert post.trailers["lambda-runtime-function-error-type"] == "TypeError"
        assert (post.trailing_error["errorType"], post.trailing_error["errorMessage"]) == ("TypeError", "ü")
        assert post.trailing_error["trace"][0] == "TypeError: ü"


def test_what_is_thrown_after_the_end_is_logged_only(node: Node) -> None:
    function = node(streaming("stream.end('whole'); await pause(); throw new TypeError('x')"))
    for _ in range(2):
        assert (post := function.call()).body == b"whole"
        assert post.trailers == {}
    assert any('"errorMessage":"x"' in record for record in function.records())


def test_a_content_type_after_the_first_byte_is_too_late(node: Node) -> None:
    function = node(streaming("stream.write('a'); stream.setContentType('text/html')"))
    error = function.call().trailing_error
    assert error["errorType"] == "Runtime.InvalidStreamingOperation"
    assert error["errorMessage"] == "Cannot set content-type, too late."


def test_a_handler_that_streams_must_return_a_promise(node: Node) -> None:
    function = node(streaming("if (event) stream.write(event)", kind=""))
    told = {"errorType": "string", "errorMessage": "Streaming does not support non-async handlers.", "trace": []}
    assert function.failed().json == told
    assert function.call("a").trailing_error == told


def test_a_value_that_is_returned_beside_a_stream_is_warned_of(node: Node) -> None:
    function = node(streaming("stream.end('a'); return 1"))
    assert function.call().body == b"a"
    function.call()
    assert function.records()[0].endswith("\tWARN\tStreaming handlers ignore return values.\n")


def test_a_stream_that_nobody_has_ended_yet_keeps_the_process_running(node: Node) -> None:
    # A timer like this one keeps nothing running.
    assert node(streaming("setTimeout(() => stream.end('late'), 30).unref()")).call().body == b"late"


def test_the_next_invocation_waits_for_the_empty_event_loop(node: Node) -> None:
    code = "stream.end(String(globalThis.late)); setTimeout(() => { globalThis.late = event; }, 20)"
    function = node(streaming(code))
    assert [function.call(event).body for event in (1, 2)] == [b"undefined", b"1"]


def test_the_next_invocation_comes_at_once_if_told_so(node: Node) -> None:
    code = """
        context.callbackWaitsForEmptyEventLoop = false;
        globalThis.forever ??= setInterval(() => {}, 1e8);
        stream.end(event);
    """
    function = node(streaming(code))
    assert [function.call(event).body for event in ("a", "b")] == [b"a", b"b"]


def test_an_exception_beside_a_stream_ends_the_process(node: Node) -> None:
    function = node(streaming("setTimeout(() => { throw new TypeError('x'); }); await new Promise(() => {});"))
    assert function.failed().json["errorType"] == "TypeError"
    assert function.exit_code() == 129
