"""What is told of a record above its message, and the record as YAML."""

from __future__ import annotations

from datetime import timedelta, timezone, tzinfo

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lambdatui.model.log_chunk import Record
from lambdatui.model.log_facts import _indented, as_yaml, facts, version
from lambdatui.model.text import visible

ID = "8f0a2c5e-0000-4000-8000-1234567890ab"
AT = 1_795_442_400_300
STREAM = "2026/11/23/[7]0123abcd"
CET = timezone(timedelta(hours=1), "CET")
FAR = timezone(timedelta(hours=-10), "HST")


def record(message: str, *, ingestion: int = AT + 50, hidden: int = 0, late: bool = False) -> Record:
    return Record((AT, 0), AT, ingestion, "/aws/lambda/pay", STREAM, message, (), hidden, late, note=False)


def told(of: Record, zone: tzinfo | None = None) -> dict[str, str]:
    return {fact.label: str(fact.value) for fact in facts(of, zone)}


def test_the_facts_of_an_error() -> None:
    assert told(record(f"[ERROR]\t2026-11-23T14:00:00.300Z\t{ID}\tno stock")) == {
        "Time": "2026-11-23 14:00:00.300 UTC",
        "Ingested": "50 ms later",
        "Level": "Error",
        "Log group": "/aws/lambda/pay",
        "Stream": f"{STREAM}  (version 7)",
        "Request": ID,
    }
    assert [fact.label for fact in facts(record("ERROR: no stock"), None) if fact.alert] == ["Level"]


def test_what_is_not_known_is_not_told() -> None:
    bare = Record((0, 0), 0, 0, "", "", "placed", (), 0, late=False, note=False)
    assert told(bare) == {}
    note = record(f"ERROR: RequestId: {ID}")._replace(note=True)
    assert not {"Level", "Request"} & set(told(note))


def test_a_time_is_told_here_and_in_utc_with_its_date_where_that_is_another() -> None:
    assert told(record(""), CET)["Time"] == "2026-11-23 15:00:00.300 CET  ·  14:00:00.300 UTC"
    assert told(record("")._replace(timestamp=AT - 6 * 3_600_000), FAR)["Time"] == (
        "2026-11-22 22:00:00.300 HST  ·  2026-11-23 08:00:00.300 UTC"
    )


def test_late_and_cut_off_records_say_so() -> None:
    assert told(record("", late=True))["Ingested"] == "50 ms later; shown late, after lines that are behind it"
    assert told(record("", ingestion=AT - 2000))["Ingested"] == "2.0 s earlier"
    assert told(record("", hidden=1234))["Cut off"] == "1,234 more characters are not shown"


@pytest.mark.parametrize(
    ("stream", "expected"),
    [(STREAM, "7"), ("2026/11/23/[$LATEST]ab", "$LATEST"), ("2026/11/23/pay[12]ab", "12"), ("mine", ""), ("[]", "")],
)
def test_the_version_stands_in_the_name_of_the_stream(stream: str, expected: str) -> None:
    assert version(stream) == expected


def test_a_record_as_yaml_has_everything() -> None:
    text = as_yaml(record('Event: {"a": 1.10,"a":[]}', hidden=7))
    assert text.splitlines() == [
        "logGroupName: /aws/lambda/pay",
        f"logStreamName: {STREAM}",
        f"timestamp: {AT}  # 2026-11-23 14:00:00.300 UTC",
        f"ingestionTime: {AT + 50}  # 2026-11-23 14:00:00.350 UTC",
        "# 7 more characters of the message are not shown",
        "message: |-",
        "  Event: {",
        '    "a": 1.10,',
        '    "a": []',
        "  }",
    ]


@settings(max_examples=1000)
@given(st.text().map(visible), st.text().map(visible))
@example(" a\n b", "a: b # c")
@example("\n\n a", "[7]")
@example("a \n  \n", "- x")
@example("\t\n", "")
@example("\n0", "")
@example("\n[]", "")
def test_yaml_reads_back(message: str, name: str) -> None:
    found = yaml.safe_load(as_yaml(record(message)._replace(group=name)))
    assert found["message"] == _indented(message).rstrip("\n")
    assert found.get("logGroupName", "") == name
    assert (found["timestamp"], found["ingestionTime"]) == (AT, AT + 50)
