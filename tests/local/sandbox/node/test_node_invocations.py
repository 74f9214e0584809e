"""How a Node.js handler answers, fails and dies, and what is posted and logged of it."""

from __future__ import annotations

import json
import re
import shutil

import pytest

from tests.local.sandbox.node.function import Node

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")

UNSETTLED = (
    "The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise "
    "that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes"
)


@pytest.mark.parametrize(
    ("code", "result"),
    [
        ("exports.handler = async (event) => ({ got: event })", '{"got":{"a":["ä",1]}}'),
        ("exports.handler = (event) => Promise.resolve(event.a)", '["ä",1]'),
        ("exports.handler = (event) => ({ then: (resolve) => resolve(1) })", "1"),
        ("exports.handler = (event, context, callback) => callback(null, event.a[0])", '"ä"'),
        ("exports.handler = (event, context, callback) => setTimeout(callback, 1, undefined, 2)", "2"),
        ("exports.handler = (event, context) => context.succeed(3)", "3"),
        ("exports.handler = (event, context) => context.done(null, 4)", "4"),
        ("exports.handler = async () => {}", "null"),
        ("exports.handler = async () => () => {}", "null"),
        ("exports.handler = async () => ({ at: new Date(0), not: undefined })", '{"at":"1970-01-01T00:00:00.000Z"}'),
        # Neither a promise nor a callback: what is merely returned is ignored, in AWS too.
        ("exports.handler = () => 5", "null"),
        ("exports.handler = () => new Promise(() => {})", "null"),
    ],
)
def test_a_function_returns_what_its_handler_answers(node: Node, code: str, result: str) -> None:
    post = node(code).call({"a": ["ä", 1]})
    assert post.path == "/invocation/request-1/response"
    assert post.body.decode() == result
    assert post.headers["content-type"] == "application/json"


@pytest.mark.parametrize(("waits", "result"), [("true", 1), ("false", 0)])
def test_a_callback_waits_for_the_empty_event_loop_if_told_so(node: Node, waits: str, result: int) -> None:
    function = node(f"""
        exports.handler = (event, context, callback) => {{
            let done = 0;
            setTimeout(() => {{ done = 1; }}, 20);
            context.callbackWaitsForEmptyEventLoop = {waits};
            callback(null, {{ toJSON: () => done }});
        }}
    """)
    assert function.returned() == result


def test_others_who_wait_for_the_empty_event_loop_come_before_the_answer(node: Node) -> None:
    function = node("""
        exports.handler = (event, context, callback) => {
            let done = 0;
            process.once('beforeExit', () => process.nextTick(() => { done = 1; }));
            callback(null, { toJSON: () => done });
        }
    """)
    assert function.returned() == 1


def test_the_first_answer_is_the_one_that_counts(node: Node) -> None:
    function = node("""
        exports.handler = (event, context, callback) => {
            context.succeed(event);
            context.fail(new Error("late"));
            callback(null, "later");
            return Promise.resolve("too late");
        }
    """)
    assert [function.returned(1), function.returned(2)] == [1, 2]


@pytest.mark.parametrize(
    ("code", "kind", "message", "first"),
    [
        ('throw new TypeError("no")', "TypeError", "no", "TypeError: no"),
        ('throw "no"', "string", "no", None),
        ("throw 42", "number", "42", None),
        ("throw { code: 1 }", "object", "[object Object]", None),
        ("throw Object.create(null)", "object", "[Object: null prototype] {}", None),
        ("throw undefined", "string", "handled", None),
        ("return 10n", "Error", "Unable to stringify response body", "Error: Unable to stringify response body"),
        ("const a = {}; a.a = a; return a", "Error", "Unable to stringify response body", "Error: Unable to stringify"),
        ("return await new Promise(() => {})", "Runtime.NodeJsExit", UNSETTLED, f"Runtime.NodeJsExit: {UNSETTLED}"),
        (
            'class Mine extends Error { name = "Shop.Sold out" }; throw new Mine("one\\ntwo")',
            "Shop.Sold out",
            "one\ntwo",
            "Shop.Sold out: one",
        ),
        (
            'throw Object.defineProperty(new Error("no"), "name", { get() { throw 1; } })',
            "handled",
            "callback called with Error argument, but there was a problem while retrieving one or more of its message, "
            "name, and stack",
            None,
        ),
    ],
)
def test_a_function_fails_with_what_its_handler_throws(
    node: Node, code: str, kind: str, message: str, first: str | None
) -> None:
    function = node(f"exports.handler = async (event) => {{ if (event) {{ {code} }} return 1; }}")
    post = function.failed(True)
    assert post.path == "/invocation/request-1/error"
    assert list(post.json) == ["errorType", "errorMessage", "trace"]
    assert (post.json["errorType"], post.json["errorMessage"]) == (kind, message)
    if first is None:
        assert post.json["trace"] == []
    else:
        assert post.json["trace"][0].startswith(first)
    assert function.returned(False) == 1, "it lives on"


@pytest.mark.parametrize(
    "handler",
    [
        "() => { throw new RangeError('x'); }",
        "async () => { throw new RangeError('x'); }",
        "() => Promise.reject(new RangeError('x'))",
        "(event, context, callback) => callback(new RangeError('x'))",
        "(event, context) => context.fail(new RangeError('x'))",
        "(event, context) => context.done(new RangeError('x'), 1)",
        "(event, context, callback) => { setTimeout(() => {}, 1e8); callback(new RangeError('x')); }",
    ],
)
def test_every_style_of_handler_fails_alike(node: Node, handler: str) -> None:
    function = node(f"exports.handler = {handler}")
    for _ in range(2):
        error = function.failed().json
        assert (error["errorType"], error["errorMessage"]) == ("RangeError", "x")
    assert re.fullmatch(
        r"\S+Z\trequest-2\tERROR\tInvoke Error \t"
        r'\{"errorType":"RangeError","errorMessage":"x","stack":\["RangeError: x","    at .*"\]\}\n',
        function.records()[-1],
    )


def test_a_trace_shows_the_handler_as_aws_does_and_none_of_our_own_paths(node: Node) -> None:
    function = node({"index.mjs": "export const handler = async () => {\n  throw new Error('x');\n}"})
    trace = function.failed().json["trace"]
    assert re.fullmatch(r"    at Runtime\.handler \(file://.*/task/index\.mjs:2:9\)", trace[1])
    assert "(file:///var/runtime/" in trace[2]
    assert "lambdatui" not in json.dumps(trace) + "".join(function.records())


def test_an_error_type_that_no_header_can_hold_is_encoded_there(node: Node) -> None:
    function = node(
        "exports.handler = async () => { throw Object.assign(new Error(), { name: 'Schlüssel\\n\\ud800' }); }"
    )
    post = function.call()
    assert post.headers["lambda-runtime-function-error-type"] == "Schl%C3%BCssel%0A%EF%BF%BD"
    assert post.json["errorType"] == "Schlüssel\n\ud800"


@pytest.mark.parametrize(
    ("code", "kind", "message", "title", "exit_code"),
    [
        ("setTimeout(() => { throw new TypeError('x'); })", "TypeError", "x", "Uncaught Exception", 129),
        ("setTimeout(() => { throw 'x'; })", "string", "x", "Uncaught Exception", 129),
        (
            "Promise.reject(new TypeError('x'))",
            "Runtime.UnhandledPromiseRejection",
            "TypeError: x",
            "Unhandled Promise Rejection",
            128,
        ),
        ("Promise.reject()", "Runtime.UnhandledPromiseRejection", "", "Unhandled Promise Rejection", 128),
    ],
)
@pytest.mark.parametrize("within", ["init", "invocation"])
def test_what_nobody_catches_is_told_and_ends_the_process(
    node: Node, code: str, kind: str, message: str, title: str, exit_code: int, within: str
) -> None:
    wait = "await new Promise((resolve) => setTimeout(resolve, 1e8))"
    if within == "init":
        function = node({"index.mjs": f"{code}; {wait}; export const handler = async () => 1"})
        post = function.posted()
        assert post.path == "/init/error"
    else:
        function = node(f"exports.handler = async () => {{ {code}; {wait}; }}")
        post = function.failed()
    assert (post.json["errorType"], post.json["errorMessage"]) == (kind, message)
    assert post.headers["lambda-runtime-function-error-type"] == kind
    assert function.exit_code() == exit_code
    [record] = function.records()
    _, request, level, text = record.split("\t", 3)
    assert (request, level) == ("undefined" if within == "init" else "request-1", "ERROR")
    assert text.startswith(f"{title} \t{{")
    assert json.loads(text.partition("\t")[2])["errorMessage"] == message


def test_the_record_of_an_unhandled_rejection_has_its_reason(node: Node) -> None:
    function = node("exports.handler = async () => { Promise.reject(Object.assign(new Error('x'), { code: 'E1' })); }")
    function.call()
    function.exit_code()
    [record] = function.records()
    error = json.loads(record.split("\t")[4])
    assert list(error) == ["errorType", "errorMessage", "reason", "promise", "stack"]
    assert list(error["reason"]) == ["errorType", "errorMessage", "code", "stack"]
    assert error["stack"][0] == "Runtime.UnhandledPromiseRejection: Error: x"


def test_a_rejection_that_is_seen_after_the_answer_does_not_undo_the_answer(node: Node) -> None:
    function = node("exports.handler = async () => { Promise.reject(new Error('x')); return 'fine'; }")
    function.server.waits_for_second = True
    assert function.returned() == "fine"
    assert function.posted().path == "/invocation/request-1/error"
    assert function.exit_code() == 128
    assert not function.server.second.is_set(), "the answer was taken first"


def test_a_callback_with_what_is_no_json_dies_if_it_waited(node: Node) -> None:
    function = node("exports.handler = (event, context, callback) => callback(null, 10n)")
    error = function.failed().json
    assert (error["errorType"], error["errorMessage"]) == ("Error", "Unable to stringify response body")
    assert function.exit_code() == 129


def test_a_function_may_end_its_process(node: Node) -> None:
    function = node("exports.handler = async () => process.exit(7)")
    function.invoke()
    assert function.exit_code() == 7
    assert function.server.posts.empty()
