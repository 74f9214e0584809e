"""The audit journal: whole lines, from several processes, on the disk before `record()` returns."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import resource
import stat
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from lambdatui.storage import audit
from lambdatui.storage.audit import Journal


def lines(path: Path) -> list[dict[str, Any]]:
    """The entries; fails on a torn line."""
    content = path.read_text()
    assert content.endswith("\n")
    return [json.loads(line) for line in content.splitlines()]


def record(journal: Journal, entry: dict[str, Any]) -> None:
    asyncio.run(journal.record(entry))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "audit.jsonl"


def test_entries_are_appended_one_line_each_in_their_order(path: Path) -> None:
    journal = Journal(path)
    for number in range(3):
        record(journal, {"n": number, "operation": "lambda:Invoke"})
    record(Journal(path), {"n": 3})
    assert [entry["n"] for entry in lines(path)] == [0, 1, 2, 3]
    assert path.read_text().count("\n") == 4


def test_the_journal_is_for_its_owner_alone_whatever_the_umask(path: Path) -> None:
    before = os.umask(0o777)
    try:
        record(Journal(path), {})
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.chmod(0o644)
    record(Journal(path), {})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_a_terminal_would_obey_is_escaped_and_comes_back_as_it_was(path: Path) -> None:
    entry = {"reason": "a\x1b]0;x\x07\n\u202e\x9b é", "lone": "\ud800"}
    record(Journal(path), entry)
    assert all(32 <= byte < 127 for byte in path.read_bytes()[:-1])
    assert lines(path) == [entry]


def test_an_entry_that_is_no_json_is_refused_before_anything_is_written(path: Path) -> None:
    with pytest.raises(TypeError):
        record(Journal(path), {"x": object()})
    with pytest.raises(ValueError, match="JSON"):
        record(Journal(path), {"x": float("nan")})
    assert not path.exists()


def test_where_the_journal_cannot_be_written_the_error_says_where(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        record(Journal(tmp_path / "file" / "audit.jsonl"), {})
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError):
        record(Journal(tmp_path / "folder"), {})


@pytest.mark.parametrize("kind", ["device", "fifo"])
def test_what_keeps_nothing_is_no_journal(path: Path, kind: str) -> None:
    path.parent.mkdir()
    if kind == "device":
        path.symlink_to(os.devnull)
    else:
        os.mkfifo(path)
    with pytest.raises(OSError, match="Not a regular file"):
        record(Journal(path), {})


def test_a_full_disk_is_an_error_and_leaves_no_part_of_a_line(path: Path) -> None:
    journal = Journal(path)
    record(journal, {"n": 0})
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    # A limit on the size of files is met as a full disk is: a short write, then an error.
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 5, before[1]))
    try:
        with pytest.raises(OSError, match=r"No space left on device: '.*audit\.jsonl'"):
            record(journal, {"n": 1, "details": "longer than what is left"})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    record(journal, {"n": 2})
    assert [entry["n"] for entry in lines(path)] == [0, 2]


def test_a_line_that_a_killed_process_left_unfinished_stays_a_line_of_its_own(path: Path) -> None:
    journal = Journal(path)
    record(journal, {"n": 0})
    with path.open("ab") as file:
        file.write(b'{"n":1,"oper')
    record(journal, {"n": 2})
    assert path.read_text().splitlines() == ['{"n":0}', '{"n":1,"oper', '{"n":2}']


def test_the_journal_is_rotated_into_one_earlier_file_of_the_same_size(path: Path) -> None:
    journal = Journal(path, limit=100)
    for number in range(50):
        record(journal, {"n": number})
        assert path.stat().st_size <= 100
    earlier = path.with_name("audit.jsonl.1")
    numbers = [entry["n"] for entry in lines(earlier) + lines(path)]
    assert numbers == list(range(numbers[0], 50))
    assert len(lines(earlier)) > 5
    assert sorted(file.name for file in path.parent.iterdir()) == ["audit.jsonl", "audit.jsonl.1"]


def test_an_entry_larger_than_the_limit_is_still_written(path: Path) -> None:
    journal = Journal(path, limit=10)
    for number in range(2):
        record(journal, {"n": number, "details": "x" * 100})
    assert [entry["n"] for entry in lines(path)] == [1]


def test_a_journal_that_is_a_link_is_rotated_where_it_points(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir()
    target = tmp_path / "elsewhere.jsonl"
    path.symlink_to(target)
    journal = Journal(path, limit=10)
    record(journal, {"n": 0})
    record(journal, {"n": 1})
    assert path.is_symlink()
    assert (lines(target), lines(tmp_path / "elsewhere.jsonl.1")) == ([{"n": 1}], [{"n": 0}])


def test_many_records_at_once_are_all_kept(path: Path) -> None:
    async def many() -> None:
        journal = Journal(path)
        await asyncio.gather(*(journal.record({"n": number}) for number in range(100)))

    asyncio.run(many())
    assert sorted(entry["n"] for entry in lines(path)) == list(range(100))


WRITER = """
import asyncio, sys
from pathlib import Path
from lambdatui.storage.audit import Journal

async def write(path, limit, name):
    journal = Journal(Path(path), limit=int(limit))
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(150):
        await journal.record({"writer": name, "n": number, "details": name * (number % 50)})

asyncio.run(write(*sys.argv[1:]))
"""


def started(path: Path, limit: int, name: str) -> subprocess.Popen[bytes]:
    arguments = [sys.executable, "-c", WRITER, str(path), str(limit), name]
    return subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


@pytest.mark.parametrize(("limit", "kept"), [(10_000_000, 300), (4_000, None)], ids=["plain", "while rotating"])
def test_two_processes_append_to_one_journal_without_a_torn_or_lost_line(
    path: Path, limit: int, kept: int | None
) -> None:
    with ExitStack() as stack:
        writers = [stack.enter_context(started(path, limit, name)) for name in "ab"]
        for writer in writers:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"ready\n"
        for writer in writers:
            assert writer.stdin is not None
            writer.stdin.write(b"go\n")
            writer.stdin.flush()
        for writer in writers:
            writer.communicate(timeout=60)
        assert [writer.returncode for writer in writers] == [0, 0]

    earlier = path.with_name("audit.jsonl.1")
    entries = (lines(earlier) if earlier.exists() else []) + lines(path)
    for name in "ab":
        numbers = [entry["n"] for entry in entries if entry["writer"] == name]
        assert numbers == list(range(150))[150 - len(numbers) :]
    assert all(entry["details"] == entry["writer"] * (entry["n"] % 50) for entry in entries)
    assert kept in (None, len(entries))


def test_a_journal_that_another_process_holds_for_long_is_an_error(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "PATIENCE", 0.0)
    record(Journal(path), {})
    with path.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(OSError, match=r"Another process holds it: '.*audit\.jsonl'"):
            record(Journal(path), {})
    record(Journal(path), {})
    assert len(lines(path)) == 2
