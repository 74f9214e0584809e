"""What is told of a fault of the program's own: what and where, and no value of anything."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from lambdatui import __version__
from lambdatui.crash import KEPT, CrashReport, headline, report
from lambdatui.model.redaction import Redactor

SECRET = "correct horse battery staple"


def caught(function: Callable[[], object]) -> Exception:
    """What it raises."""
    try:
        function()
    except Exception as error:  # noqa: BLE001
        return error
    raise AssertionError("it was to fail")


def key_error() -> None:
    nothing: dict[str, str] = {}
    secret = SECRET
    nothing[secret]


def json_error() -> None:
    json.loads(f'{{"password": {SECRET}')


def value_error() -> None:
    int(SECRET)


def raised() -> None:
    raise TypeError(f"not {SECRET}")


def chained() -> None:
    try:
        key_error()
    except KeyError as error:
        raise RuntimeError(SECRET) from error


def noted() -> None:
    error = RuntimeError("x")
    error.add_note(SECRET)
    raise error


def grouped() -> None:
    raise ExceptionGroup(SECRET, [caught(key_error), caught(value_error)])


def named_so() -> None:
    kind: type[Exception] = type("Odd\x1b]0;x\x07", (Exception,), {})
    raise kind(SECRET)


FAULTS = [key_error, json_error, value_error, raised, chained, noted, grouped, named_so]


@pytest.fixture
def crash_report(tmp_path: Path) -> CrashReport:
    return CrashReport(tmp_path / "state", Redactor())


@pytest.mark.parametrize("fault", FAULTS)
def test_neither_message_nor_report_has_what_an_exception_says_or_a_local_holds(
    crash_report: CrashReport, fault: Callable[[], object], tmp_path: Path
) -> None:
    error = caught(fault)
    crash_report.take(error)
    (file,) = (tmp_path / "state").iterdir()
    for text in (crash_report.message, file.read_text(), headline(error)):
        assert SECRET not in text
        assert "\x1b" not in text
    assert f"({fault.__name__})" in file.read_text()
    assert __version__ in crash_report.message
    assert str(file) in crash_report.message


def test_the_words_of_python_itself_are_told_where_they_are_names_in_code() -> None:
    assert headline(caught(lambda: "".nothing)).endswith("'str' object has no attribute 'nothing'")  # type: ignore[attr-defined]
    assert headline(caught(lambda: undefined)).endswith("name 'undefined' is not defined")  # type: ignore[name-defined] # noqa: F821
    assert "not" not in headline(caught(raised)).rpartition(")")[2]


def test_the_report_names_every_fault_of_the_chain_and_of_a_group() -> None:
    text = report(caught(chained))
    assert text.index("builtins.RuntimeError") < text.index("which came from:") < text.index("builtins.KeyError")
    text = report(caught(grouped))
    assert "builtins.KeyError" in text
    assert "builtins.ValueError" in text


def test_a_report_is_private_and_only_the_newest_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "state"
    for number in range(KEPT + 3):
        monkeypatch.setattr(os, "getpid", lambda number=number: 10_000 + number)
        CrashReport(folder, Redactor()).take(caught(key_error))
    files = sorted(folder.iterdir())
    assert len(files) == KEPT
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_first_fault_is_told_and_not_what_follows_from_it(crash_report: CrashReport) -> None:
    crash_report.take(caught(key_error))
    first = crash_report.message
    crash_report.take(caught(value_error))
    assert crash_report.message == first


def test_a_report_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("no folder")
    crash_report = CrashReport(tmp_path / "state", Redactor())
    crash_report.take(caught(key_error))
    assert "KeyError in " in crash_report.message
    assert "could not be written" in crash_report.message


def test_a_recursion_without_end_is_told_in_a_few_lines() -> None:
    def again() -> None:
        again()

    text = report(caught(again))
    assert len(text.splitlines()) < 200
    assert "more frames" in text


def test_what_was_never_raised_is_told_too(crash_report: CrashReport) -> None:
    crash_report.take(RuntimeError(SECRET))
    assert crash_report.message.startswith(f"lambdatui {__version__} has ended by a fault of its own: RuntimeError.")
