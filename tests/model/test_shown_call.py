"""Calls as they are shown, whether they have just come back or are of the history."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lambdatui.model.invocations import SHOWN
from lambdatui.model.past_calls import CallRecord, PastCall
from lambdatui.model.report import Report, parse_report
from lambdatui.model.shown_call import ShownCall, figures, headline, of_outcome, of_record, words
from tests import samples

TRACE = "1-67890abc-0123456789abcdef01234567"
REPORT = (
    "REPORT RequestId: c0ffee00-1111\tDuration: 212.40 ms\tBilled Duration: 213 ms\tMemory Size: 512 MB\t"
    f"Max Memory Used: 88 MB\tInit Duration: 110.05 ms\t\nXRAY TraceId: {TRACE}\t"
)
PAST = PastCall(
    id="1", at=0, function="arn", qualifier="", kind="RequestResponse", outcome="failed", words="CardDeclined",
    request_id="r-1", version="7", status=200, elapsed=12.0, report=Report(duration=2.0), response_size=60,
)  # fmt: skip
RECORD = CallRecord(PAST, b"{}", b'{"errorType": "CardDeclined", "errorMessage": "no funds"}', log="\x1b[31mred")


def test_a_fresh_call_has_its_figures_from_the_report_line() -> None:
    outcome = replace(samples.outcome(), trace_id=TRACE, report=parse_report(f"START\n{REPORT}"))
    told = {it.label: it.text for it in figures(of_outcome(outcome, cost=0.0000027))}
    assert told == {
        "status": "200", "version": "$LATEST", "took": "184 ms", "duration": "212 ms", "billed": "213 ms",
        "init": "110 ms", "memory": "88 of 512 MB", "cost": "$0.0000027, ≈ $2.70 a million", "request": "c0ffee00-1111",
        "trace": TRACE,
    }  # fmt: skip


def test_a_failure_under_status_200_is_a_failure_with_its_error() -> None:
    call = of_outcome(samples.failed_outcome())
    assert call.status == 200
    assert headline(call) == ("bad", "The function failed (CardDeclined)")
    assert call.failure.message == "insufficient funds"


def test_a_call_of_the_history_is_read_from_its_bytes() -> None:
    call = of_record(RECORD)
    assert headline(call) == ("bad", "The function failed (CardDeclined)")
    assert call.failure.message == "no funds"
    assert call.pretty.startswith('{\n  "errorType"')
    assert call.raw == RECORD.response.decode()
    assert call.log.text == "red"
    assert [it.label for it in figures(call)] == ["status", "version", "took", "duration", "request"]


def test_what_was_not_kept_of_a_response_is_counted_as_hidden() -> None:
    call = of_record(replace(RECORD, response=b"", call=replace(PAST, response_size=7_000_000)))
    assert (call.size, call.hidden) == (7_000_000, 7_000_000)
    assert ShownCall("succeeded", response=b"x" * (SHOWN + 5), not_kept=2).hidden == 7


@pytest.mark.parametrize("response", [b"", b"{}", b"[]", b"1", b'"{"', b"{", b"\xff{", b'{"a": NaN'])
def test_what_is_no_object_or_list_with_something_in_it_is_no_tree(response: bytes) -> None:
    assert ShownCall("succeeded", response=response).tree() is None


def test_a_call_without_an_answer_has_no_figures() -> None:
    assert list(figures(ShownCall("unknown"))) == []
    assert headline(ShownCall("unknown", "The line was cut."))[0] == "doubt"


@pytest.mark.parametrize(("amount", "unit", "said"), [(12.3, "ms", "12 ms"), (1234, "MB", "1,234 MB"), (5, "B", "5 B")])
def test_amounts_are_told_in_their_units(amount: float, unit: str, said: str) -> None:
    assert words(amount, unit) == said
