"""The log records of Node.js functions, in text and in JSON."""

from __future__ import annotations

import json
import re
import shutil
import time
from typing import Any

import pytest

from tests.local.sandbox.node.function import Node, NodeFunction, frames

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")

TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
LEVELS = ["TRACE", "DEBUG", "INFO", "INFO", "WARN", "ERROR", "FATAL"]
EACH_LEVEL = "for (const f of ['trace', 'debug', 'log', 'info', 'warn', 'error', 'fatal']) console[f](f);"


def handling(code: str) -> str:
    return f"exports.handler = async () => {{ {code} }}"


def in_json(function: NodeFunction) -> list[dict[str, Any]]:
    function.returned()
    return [json.loads(record) for record in function.records()]


def test_a_text_record_has_time_request_level_and_message(node: Node) -> None:
    function = node("console.log('init');" + handling(EACH_LEVEL))
    function.returned()
    first, *records = function.records()
    assert re.fullmatch(rf"{TIME}\tundefined\tINFO\tinit\n", first)
    for method, level, record in zip(
        ["trace", "debug", "log", "info", "warn", "error", "fatal"], LEVELS, records, strict=True
    ):
        assert re.fullmatch(rf"{TIME}\trequest-1\t{level}\t{method}\n", record)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("console.log()", ""),
        ("console.log('%s is %d', 'a', 1, { b: [2] })", "a is 1 { b: [ 2 ] }"),
        ("console.log({ a: 1 })", "{ a: 1 }"),
        ("console.log('one\\ntwo\\n')", "one\ntwo\n"),
        ("console.log('😀\\ud800')", "😀\ufffd"),
        ("console.table([[1]])", "┌─"),
    ],
)
def test_a_message_is_what_nodejs_would_print_in_one_record(node: Node, call: str, message: str) -> None:
    function = node(handling(call))
    function.returned()
    [record] = function.records()
    got = record.removesuffix("\n").split("\t", 3)[3]
    assert got.startswith(message) if "table" in call else got == message


def test_each_frame_has_the_time_of_its_record(node: Node) -> None:
    before = time.time()
    function = node(handling("console.log('a'); console.log('b')"))
    function.returned()
    times = [at / 1e6 for at, _ in frames(function.log())]
    assert before - 0.002 <= times[0] <= times[1] <= time.time() + 0.002


def test_what_is_written_to_the_standard_streams_stays_as_it_is(node: Node) -> None:
    function = node(handling("process.stdout.write('raw\\nlines'); process.stderr.write('error\\n')"))
    function.returned()
    assert function.records() == []
    assert function.output() == b"raw\nlines"
    assert function.errors() == "error\n"


def test_without_a_descriptor_a_record_is_one_line_of_standard_output(node: Node) -> None:
    function = node(
        handling("console.log('one\\ntwo'); process.stdout.write('raw\\n'); console.error('x')"), framed=False
    )
    function.returned()
    assert re.fullmatch(
        rf"{TIME}\trequest-1\tINFO\tone\rtwo\nraw\n{TIME}\trequest-1\tERROR\tx\n", function.output().decode()
    )


def test_the_descriptor_is_nothing_that_the_function_sees(node: Node) -> None:
    assert node(handling("return process.env._LAMBDA_TELEMETRY_LOG_FD ?? 'none'")).returned() == "none"


def test_a_record_larger_than_the_pipe_arrives_whole_also_if_writing_does_not_block(node: Node) -> None:
    function = node(handling("for (const c of 'abc') console.log(c.repeat(700_000))"), blocking=False)
    function.returned()
    assert [record.split("\t")[3] for record in function.records()] == [c * 700_000 + "\n" for c in "abc"]


def test_a_descriptor_that_is_closed_is_no_reason_to_fail(node: Node) -> None:
    function = node(handling("console.log('lost'); return 1"), framed=False, _LAMBDA_TELEMETRY_LOG_FD="99")
    assert function.returned() == 1


def test_a_json_record_has_time_level_request_and_message(node: Node) -> None:
    function = node("console.log('init');" + handling(EACH_LEVEL), AWS_LAMBDA_LOG_FORMAT="JSON")
    first, *records = in_json(function)
    assert list(first) == ["timestamp", "level", "message"]
    assert [list(record) for record in records] == [["timestamp", "level", "requestId", "message"]] * 7
    assert [record["level"] for record in records] == LEVELS
    assert {record["requestId"] for record in records} == {"request-1"}
    assert all(re.fullmatch(TIME, record["timestamp"]) for record in records)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("console.log()", ""),
        ("console.log('a\\nb')", "a\nb"),
        ("console.log({ a: [1, null] })", {"a": [1, None]}),
        ("console.log(12.5)", 12.5),
        ("console.log('a', { b: 1 })", "a { b: 1 }"),
        ("console.log({ toJSON: () => 'mine' })", "mine"),
        ("const a = {}; a.a = a; console.log(a)", "<ref *1> { a: [Circular *1] }"),
        ("console.log(1n)", "1n"),
    ],
)
def test_a_json_record_keeps_a_single_value_as_it_is(node: Node, call: str, message: object) -> None:
    [record] = in_json(node(handling(call), AWS_LAMBDA_LOG_FORMAT="JSON"))
    assert record["message"] == message


def test_a_json_record_of_an_error_has_its_parts(node: Node) -> None:
    make = "class Late extends TypeError {}; const e = Object.assign(new Late('x'), { code: 7 });"
    alone, nested, with_text = in_json(
        node(
            handling(f"{make} console.error(e); console.warn({{ e }}); console.error('no:', e)"),
            AWS_LAMBDA_LOG_FORMAT="JSON",
        )
    )
    assert list(alone["message"]) == ["errorType", "errorMessage", "stackTrace", "code"]
    assert (alone["message"]["errorType"], alone["message"]["errorMessage"]) == ("Late", "x")
    assert alone["message"]["stackTrace"][0] == "TypeError: x"
    assert nested["message"] == {"e": alone["message"]}
    assert (with_text["errorType"], with_text["errorMessage"]) == ("Late", "x")
    assert with_text["stackTrace"] == alone["message"]["stackTrace"]
    assert with_text["message"].startswith("no: Late [TypeError]: x\n    at ")


def test_json_records_of_failed_invocations_have_the_error_as_message(node: Node) -> None:
    function = node("exports.handler = async () => { throw new TypeError('x') }", AWS_LAMBDA_LOG_FORMAT="json")
    function.failed()
    [record] = map(json.loads, function.records())
    assert (record["level"], record["requestId"]) == ("ERROR", "request-1")
    assert list(record["message"]) == ["errorType", "errorMessage", "stackTrace"]


@pytest.mark.parametrize(
    ("settings", "shown"),
    [
        ({"AWS_LAMBDA_LOG_FORMAT": "JSON"}, LEVELS),
        ({"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": "TRACE"}, LEVELS),
        ({"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": "info"}, LEVELS[2:]),
        ({"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": "WARN"}, LEVELS[4:]),
        ({"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": "FATAL"}, LEVELS[6:]),
        ({"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": "LOUD"}, LEVELS),
        ({"AWS_LAMBDA_LOG_FORMAT": "Text", "AWS_LAMBDA_LOG_LEVEL": "FATAL"}, LEVELS),
    ],
)
def test_the_log_level_hides_what_is_below_it_in_json_only(
    node: Node, settings: dict[str, str], shown: list[str]
) -> None:
    function = node(handling(EACH_LEVEL), **settings)
    function.returned()
    records = function.records()
    if settings["AWS_LAMBDA_LOG_FORMAT"] == "JSON":
        assert [json.loads(record)["level"] for record in records] == shown
    else:
        assert [record.split("\t")[2] for record in records] == shown
