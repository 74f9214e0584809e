"""The platform's own log records, letter by letter."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lambdatui.local import platform_lines
from lambdatui.local.execution import Call, Init, Logging, Program, Result, Status, stream_name
from lambdatui.local.places import HOME

AT = 1_763_891_100.5
STREAM = "2025/11/23/[7]0123456789abcdef0123456789abcdef"
CALL = Call("8f5d", b"{}", "arn:aws:lambda:eu-west-1:123456789012:function:f:7")


def lines(*, level: str | None = None) -> platform_lines.Lines:
    logging = Logging("/aws/lambda/f", json=level is not None, system_level=level or "INFO")
    program = Program(HOME, "f", "7", "python3.13", "app.handler", logging, memory=512)
    return platform_lines.of(program, STREAM, "on-demand")


def records(written: list[str]) -> list[Any]:
    return [json.loads(line) for line in written]


def test_a_warm_call_in_text() -> None:
    written = lines().started(AT, CALL) + lines().ended(AT, CALL, Result(b"1", 0.0022149, 38))

    assert written == [
        "START RequestId: 8f5d Version: 7\n",
        "END RequestId: 8f5d\n",
        "REPORT RequestId: 8f5d\tDuration: 2.21 ms\tBilled Duration: 3 ms\tMemory Size: 512 MB\t"
        "Max Memory Used: 38 MB\t\n",
    ]


def test_the_init_of_a_cold_start_is_shown_and_billed() -> None:
    result = Result(b"1", 1.23396, 90, init=Init(0.463512))  # the figures of AWS's own example

    report = lines().ended(AT, CALL, result)[1]

    assert "\tBilled Duration: 1698 ms\t" in report
    assert report.endswith("\tMax Memory Used: 90 MB\tInit Duration: 463.51 ms\t\n")


def test_a_time_out_says_so_at_the_end_of_its_report() -> None:
    result = Result(b"", 3.0, 30, Status.TIMEOUT, "Sandbox.Timedout")

    assert lines().ended(AT, CALL, result)[1].endswith("Max Memory Used: 30 MB\tStatus: timeout\n")


def test_what_the_platform_ended_has_its_error_type_in_the_report() -> None:
    result = Result(b"", 0.2, 129, Status.ERROR, "Runtime.OutOfMemory")

    assert lines().ended(AT, CALL, result)[1].endswith("\tStatus: error\tError Type: Runtime.OutOfMemory\n")


def test_what_a_handler_raised_is_not_in_the_report() -> None:
    result = Result(b"", 0.2, 40, Status.ERROR, "ValueError")

    assert lines().ended(AT, CALL, result)[1].endswith("\tMax Memory Used: 40 MB\t\n")


def test_only_an_init_that_failed_has_a_report_in_text() -> None:
    failed = Init(0.13769, "init", Status.ERROR, "Runtime.ImportModuleError")

    assert lines().init_ended(AT, Init(0.1)) == []
    assert lines().init_ended(AT, failed) == [
        "INIT_REPORT Init Duration: 137.69 ms\tPhase: init\tStatus: error\tError Type: Runtime.ImportModuleError\n"
    ]
    assert lines().init_ended(AT, Init(10.0, "init", Status.TIMEOUT)) == [
        "INIT_REPORT Init Duration: 10000.00 ms\tPhase: init\tStatus: timeout\n"
    ]


def test_an_init_begins_with_the_runtime_version() -> None:
    [line] = lines().init_started(AT, "python:3.13.v1")

    assert line.startswith(
        "INIT_START Runtime Version: python:3.13.v1\tRuntime Version ARN: arn:aws:lambda:eu-west-1::"
    )


def test_a_call_in_json() -> None:
    result = Result(b"12", 0.0022149, 38, init=Init(0.1))

    start, report = records(lines(level="INFO").started(AT, CALL) + lines(level="INFO").ended(AT, CALL, result))

    assert start == {
        "time": "2025-11-23T09:45:00.500Z",
        "type": "platform.start",
        "record": {"requestId": "8f5d", "version": "7"},
    }
    assert report["type"] == "platform.report"
    assert report["record"] == {
        "requestId": "8f5d",
        "metrics": {
            "durationMs": 2.215,
            "billedDurationMs": 103,
            "memorySizeMB": 512,
            "maxMemoryUsedMB": 38,
            "initDurationMs": 100.0,
        },
        "status": "success",
    }


@pytest.mark.parametrize(
    ("level", "good", "bad"),
    [
        ("DEBUG", ["initStart", "initRuntimeDone", "initReport", "start", "runtimeDone", "report"], None),
        ("INFO", ["initStart", "initReport", "start", "report"], None),
        ("WARN", [], ["initRuntimeDone", "initReport", "runtimeDone", "report"]),
    ],
)
def test_the_system_log_level_says_which_records_appear(level: str, good: list[str], bad: list[str] | None) -> None:
    def written(init: Init, result: Result) -> list[str]:
        made = lines(level=level)
        all_of_it = made.init_started(AT, "x") + made.init_ended(AT, init)
        all_of_it += made.started(AT, CALL) + made.ended(AT, CALL, result)
        return [record["type"].removeprefix("platform.") for record in records(all_of_it)]

    failed = Result(b"", 0.1, 1, Status.ERROR, "Runtime.ExitError")

    assert written(Init(0.1), Result(b"", 0.1, 1)) == good
    if bad is not None:
        assert written(Init(0.1, status=Status.ERROR), failed) == bad


def test_what_a_handler_raised_is_a_success_to_the_platform_in_json_too() -> None:
    [report] = records(lines(level="INFO").ended(AT, CALL, Result(b"", 0.1, 1, Status.ERROR, "ValueError")))

    assert report["record"]["status"] == "success"
    assert "errorType" not in report["record"]


def test_a_record_is_one_line_of_json_without_its_newline() -> None:
    [line] = lines(level="INFO").started(AT, CALL)

    assert "\n" not in line


def test_a_stream_in_a_group_of_ones_own_choice_names_its_function() -> None:
    digits = "0123456789abcdef0123456789abcdef"

    assert stream_name("f", "/aws/lambda/f", "7", AT, digits) == STREAM
    assert stream_name("f", "/shop/payments", "$LATEST", AT, digits) == f"2025/11/23/f[$LATEST]{digits}"
