"""What the platform reports, in all forms in which it is written, and whatever else may be in a log."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.model.cost import cost, words
from lambdatui.model.report import Report, parse_report
from lambdatui.model.text import one_line

ID = "8f507cfc-xmpl-4697-b07a-ac58fc914c95"
COLD = Report(request_id=ID, duration=2.21, billed=113.0, init=110.05, memory=128, max_memory=38)


def test_a_cold_start_in_text() -> None:
    log = (
        "INIT_START Runtime Version: python:3.13.v1\tRuntime Version ARN: arn:aws:lambda:eu-west-1::runtime:0\n"
        f"START RequestId: {ID} Version: 7\n"
        "Duration: 9 ms is what the function says\n"
        f"END RequestId: {ID}\n"
        f"REPORT RequestId: {ID}\tDuration: 2.21 ms\tBilled Duration: 113 ms\tMemory Size: 128 MB\t"
        "Max Memory Used: 38 MB\tInit Duration: 110.05 ms\t\n"
    )
    assert parse_report(log) == COLD


@pytest.mark.parametrize("between", ["\t", " ", "", "\t\t", "  "])
def test_other_orders_and_separators_say_the_same(between: str) -> None:
    parts = (
        f"REPORT RequestId: {ID}", "Init Duration: 110.05 ms", "Duration: 2.21 ms", "Billed Duration: 113 ms",
        "Memory Size: 128 MB", "Max Memory Used: 38 MB",
    )  # fmt: skip
    assert parse_report(between.join(parts)) == COLD


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("Status: timeout", {"status": "timeout"}),
        ("Status: error\tError Type: Runtime.ExitError", {"status": "error", "error_type": "Runtime.ExitError"}),
        ("Restore Duration: 512.3 ms\tBilled Restore Duration: 12 ms\t", {"restore": 512.3}),
        ("\nXRAY TraceId: 1-5e34\tSegmentId: 43a1\tSampled: true\t\n", {"trace_id": "1-5e34"}),
        ("XRAY TraceId: 1-5e34\tSegmentId: 43a1\tSampled: true\t", {"trace_id": "1-5e34"}),
        ("\nan extension says: XRAY TraceId: 2\n", {}),
    ],
)
def test_what_is_told_only_now_and_then(more: str, expected: dict[str, Any]) -> None:
    found = parse_report(f"REPORT RequestId: {ID}\tDuration: 3000.00 ms\tBilled Duration: 3000 ms\t{more}")
    assert found == Report(request_id=ID, duration=3000.0, billed=3000.0, **expected)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("REPORT RequestId: x\tDuration: 2.21 ms\tBilled Duration: 1", Report("x", 2.21)),
        ("REPORT RequestId: x\tDuration: 2.21 ms\tBilled Duration: 11 m", Report("x", 2.21)),
        ("REPORT RequestId: x\tDuration: 2.21 ms\tBilled Dur", Report("x", 2.21)),
        ("REPORT RequestId: x\tDuration: fast\tMemory Size: 128 GB\tMax Memory Used: -1 MB", Report("x")),
        ("REPORT RequestId: x\tDuration: 1e5 ms\tMemory Size: ١٢ MB", Report("x")),
        ("REPORT RequestId: x\tDuration: 1 ms\tDuration: 2 ms", Report("x", 1.0)),
        ("T RequestId: x\tDuration: 1 ms", None),
        ("my REPORT RequestId: x\tDuration: 1 ms", None),
        ("REPORT of the day", None),
        ("INIT_REPORTS", None),
        ("", None),
    ],
)
def test_what_was_cut_off_or_makes_no_sense_was_not_told(line: str, expected: Report | None) -> None:
    assert parse_report(line) == expected


def test_how_an_init_failed_is_told_beside_the_report_and_without_one() -> None:
    init = "INIT_REPORT Init Duration: 137.69 ms\tPhase: init\tStatus: error\tError Type: Runtime.ImportModuleError\n"
    again = init.replace("137.69", "900.5").replace("Phase: init", "Phase: invoke")
    alone = Report(init=137.69, status="error", error_type="Runtime.ImportModuleError")
    assert parse_report(init) == parse_report(init + again) == alone
    found = parse_report(init + again + f"REPORT RequestId: {ID}\tDuration: 900.5 ms\tStatus: timeout")
    # The init that is a part of the call is not one before it.
    assert found == Report(ID, 900.5, init=137.69, status="timeout", error_type="Runtime.ImportModuleError")


def test_the_last_report_counts_in_whatever_form() -> None:
    text = "REPORT RequestId: a\tDuration: 1 ms\n"
    record = json.dumps({"type": "platform.report", "record": {"requestId": "b", "metrics": {"durationMs": 2}}}) + "\n"
    assert parse_report(text + record) == Report("b", 2.0)
    assert parse_report(record + text) == Report("a", 1.0)
    assert parse_report(text + text.replace(" a", " c")) == Report("c", 1.0)


REPORTED = {
    "requestId": ID,
    "status": "success",
    "metrics": {
        "durationMs": 2.21, "billedDurationMs": 113, "memorySizeMB": 128, "maxMemoryUsedMB": 38,
        "initDurationMs": 110.05,
    },
}  # fmt: skip


def logged(kind: str, record: Any) -> str:
    return json.dumps({"time": "2026-11-23T12:00:00.000Z", "type": f"platform.{kind}", "record": record})


@pytest.mark.parametrize("before", ["", '{"level":"INFO","message":"\\"platform.report\\""}\n', "print without end"])
def test_a_cold_start_in_json(before: str) -> None:
    assert parse_report(f"{before}{logged('start', {'requestId': ID})}{logged('report', REPORTED)}") == COLD
    assert parse_report(f"{before}{logged('start', {'requestId': ID})}\n{logged('report', REPORTED)}\n") == COLD


def test_traces_failures_and_restores_in_json() -> None:
    record = {
        "requestId": ID, "status": "timeout", "errorType": "Sandbox.Timedout",
        "metrics": {"durationMs": 3000, "restoreDurationMs": 90.5, "billedRestoreDurationMs": 91},
        "tracing": {"type": "X-Amzn-Trace-Id", "value": "Root=1-5e34;Parent=43a1;Sampled=1"},
    }  # fmt: skip
    init = {"initializationType": "on-demand", "phase": "init", "status": "error", "metrics": {"durationMs": 137.69}}
    found = parse_report(logged("initReport", init) + "\n" + logged("report", record))
    assert found == Report(
        ID, 3000.0, init=137.69, restore=90.5, trace_id="1-5e34", status="timeout", error_type="Sandbox.Timedout"
    )
    assert parse_report(logged("initReport", init)) == Report(init=137.69, status="error")


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NAMES = ["requestId", "status", "errorType", "metrics", "tracing", "phase"]


@settings(max_examples=300)
@given(
    st.dictionaries(st.sampled_from(NAMES), ANY) | ANY, st.dictionaries(st.sampled_from(list(REPORTED["metrics"])), ANY)
)
def test_records_of_anything_at_all_are_reports_of_safe_values_or_none(record: Any, metrics: Any) -> None:
    if isinstance(record, dict) and "metrics" not in record:
        record["metrics"] = metrics
    assert_safe(parse_report(logged("report", record)))
    assert_safe(parse_report(json.dumps(record)))


def assert_safe(found: Report | None) -> None:
    for it in fields(Report) if found is not None else ():
        value = getattr(found, it.name)
        if isinstance(value, str):
            assert one_line(value) == value
            assert len(value) <= 200
        else:
            assert value is None or 0 <= value < 10**12


PIECES = [
    "REPORT RequestId: ", "INIT_REPORT ", "Duration: ", "Billed Duration: ", "Status: ", "Error Type: ", "\t", "\n",
    "1.5", " ms", " MB", "Memory Size: ", "XRAY TraceId: ", "\x1b[2J", "\u202e", '{"time"', '"platform.report"',
    "}", ":", "{",
]  # fmt: skip


@settings(max_examples=500)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=40))
def test_a_log_of_anything_at_all_gives_safe_values(pieces: list[str]) -> None:
    assert_safe(parse_report("".join(pieces)))


@settings(max_examples=200)
@given(st.integers(0, 400), st.integers(0, 400))
def test_a_log_cut_anywhere_tells_nothing_that_it_did_not_say(start: int, end: int) -> None:
    whole = (
        f"START RequestId: {ID} Version: 7\nREPORT RequestId: {ID}\tDuration: 2.21 ms\tBilled Duration: 113 ms\t"
        "Memory Size: 128 MB\tMax Memory Used: 38 MB\tInit Duration: 110.05 ms\t\n"
    )
    found = parse_report(whole[start : max(start, len(whole) - end)])
    if found is not None:
        for it in fields(Report):
            value, true = getattr(found, it.name), getattr(COLD, it.name)
            assert value in (None, "", true) or (it.name == "request_id" and ID.startswith(value))


@pytest.mark.parametrize(
    "text",
    [
        "REPORT " * 1_000_000, "REPORT RequestId: " * 300_000, "\nREPORT \t" * 500_000, '"platform.report"' * 300_000,
        '{"time"' * 500_000 + '"platform.report"', "[" * 1_000_000 + '"platform.report"', "Duration: " * 500_000,
        "REPORT RequestId: x\tDuration: " + "1" * 5_000_000, '{"type":"platform.report","record":' + "9" * 60_000 + "}",
        '"platform.report"\n' * 300_000 + "{" * 60_000,
    ],
    ids=range(10),
)  # fmt: skip
def test_what_is_made_to_be_slow_ends_soon(text: str) -> None:
    # A bound on the work, not on time: what is tried is the end of it, and few places there.
    assert_safe(parse_report(text))


def test_a_call_costs_its_request_and_its_billed_time_by_memory_and_architecture() -> None:
    second = Report(billed=1000.0, memory=1024)
    assert cost(second, 128, "x86_64") == pytest.approx(0.0000002 + 0.0000166667)
    assert cost(second, 128, "arm64") == pytest.approx(0.0000002 + 0.0000133334)
    assert cost(second, 128, "riscv") == cost(second, 128, "")
    # What it had counts, and what the function has now only where that was not told.
    assert cost(Report(billed=1000.0), 512, "x86_64") == pytest.approx(0.0000002 + 0.0000166667 / 2)
    assert cost(Report(billed=0.0), 512, "x86_64") == pytest.approx(0.0000002)
    assert cost(Report(duration=5.0, memory=128), 128, "arm64") is None
    assert cost(Report(billed=5.0), 0, "arm64") is None


@pytest.mark.parametrize(
    ("dollars", "shown"),
    [
        (0.0000002 + 0.0000166667, "$0.000017, ≈ $16.87 a million"),
        (0.0000004, "$0.00000040, ≈ $0.40 a million"),
        (0.0025, "$0.0025, ≈ $2,500.00 a million"),
        (0.0, "$0.00, ≈ $0.00 a million"),
        (1.5, "$1.50"),
    ],
)
def test_small_prices_are_readable(dollars: float, shown: str) -> None:
    assert words(dollars) == shown
