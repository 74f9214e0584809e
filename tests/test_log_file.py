"""The log file: private, rotated, one line each, and without anything secret, whoever logs."""

from __future__ import annotations

import logging
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lambdatui import log_file
from lambdatui.log_file import LONGEST, LogFileError, _Line, open_log
from lambdatui.model.redaction import Redactor

SECRET = "correct-horse-battery"


class Log:
    """A log that is open."""

    def __init__(self, path: Path) -> None:
        self.path = path
        redactor = Redactor()
        redactor.learn([SECRET])
        self._close: Callable[[], None] | None = open_log(path, redactor)

    def close(self) -> list[str]:
        """Its lines."""
        if self._close is not None:
            self._close()
        self._close = None
        return self.path.read_text().splitlines()


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    root = logging.getLogger()
    level = root.level
    log = Log(tmp_path / "run.log")
    yield log
    log.close()
    root.setLevel(level)


def test_a_line_has_its_time_its_source_and_what_it_says(log: Log) -> None:
    logging.getLogger("lambdatui.aws").info("%s: %d", "lambda:ListFunctions", 200)
    (line,) = log.close()
    assert line[10] == "T"
    assert line.split(" ", 1)[1] == "INFO lambdatui.aws lambda:ListFunctions: 200"


def test_the_file_is_private(log: Log) -> None:
    assert stat.S_IMODE(log.path.stat().st_mode) == 0o600


def test_a_known_secret_is_in_no_line_of_anybody(log: Log) -> None:
    for name in ("lambdatui.aws", "botocore.credentials", "botocore.auth", "asyncio", "somebody"):
        logging.getLogger(name).error("with %s", SECRET)
        logging.getLogger(name).error("with %s".replace("%s", SECRET))
    lines = log.close()
    assert len(lines) == 10
    assert [line for line in lines if SECRET in line] == []


def test_of_strangers_only_place_and_numbers_are_told(log: Log) -> None:
    logging.getLogger("botocore.auth").warning("CanonicalRequest:\n%s\n%d", "unknown-secret", 7)
    logging.getLogger("asyncio").error("Task exception was never retrieved: KeyError('unknown-secret')")
    first, second = log.close()
    assert "unknown-secret" not in first + second
    assert first.endswith(" 7")
    assert "test_log_file.test_of_strangers" in second


def test_an_exception_is_told_without_its_words(log: Log) -> None:
    try:
        int("unknown-secret")
    except ValueError:
        logging.getLogger("lambdatui.aws").exception("failed:")
    (line,) = log.close()
    assert "unknown-secret" not in line
    assert "failed: ValueError in " in line


def test_a_line_is_one_line_of_safe_text_and_not_endless(log: Log) -> None:
    logging.getLogger("lambdatui.aws").info("a\nb\x1b]0;x\x07 %s", "x y " * 5000)
    (line,) = log.close()
    assert "a␊b␛]0;x␇" in line
    assert len(line) == LONGEST


def test_a_message_that_cannot_be_formatted_is_no_trouble() -> None:
    record = logging.LogRecord("lambdatui.aws", logging.INFO, __file__, 1, "%d", ("no number",), None)
    assert _Line(Redactor()).format(record).endswith("(a message that cannot be formatted)")


def test_full_files_are_rotated_and_all_are_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_file, "LIMIT", 2000)
    log = Log(tmp_path / "small.log")
    for number in range(200):
        logging.getLogger("lambdatui.aws").info("line %d of many", number)
    log.close()
    files = sorted(tmp_path.glob("small.log*"))
    assert [file.name for file in files] == ["small.log", *(f"small.log.{number}" for number in range(1, 5))]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


@pytest.mark.parametrize("name", ["", "missing/run.log", "/dev/null", "a\0b"])
def test_what_cannot_be_logged_into_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(LogFileError) as refusal:
        open_log(tmp_path / name, Redactor())
    assert "\n" not in str(refusal.value)
