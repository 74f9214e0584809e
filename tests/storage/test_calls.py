"""The history of calls: whole files, bounded, private, from several processes, and nothing in it that is obeyed."""

from __future__ import annotations

import json
import os
import re
import resource
import stat
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lambdatui.model.past_calls import CallRecord, PastCall
from lambdatui.model.report import TEXT as TEXT_OF_A_REPORT
from lambdatui.model.report import Report
from lambdatui.model.text import one_line, visible
from lambdatui.storage.call_files import KEPT, LONGEST
from lambdatui.storage.calls import ASIDE, MOST, CallHistory

ARN = "arn:aws:lambda:eu-west-1:123456789012:function:orders-api"
FOLDER = "123456789012_eu-west-1_orders-api"
REPORT = Report("id-1", 2.21, 113.0, 110.05, None, 128, 38, "1-2-3", "error", "Runtime.ExitError")


def record(at: int = 1, payload: bytes = b"{}", response: bytes = b"null", function: str = ARN) -> CallRecord:
    call = PastCall(
        id=f"{at}-{at:08x}", at=at, function=function, qualifier="live", kind="RequestResponse", event="an order",
        outcome="failed", words="KeyError", request_id="id-1", version="7", trace_id="1-2-3", status=200,
        elapsed=113.5, report=REPORT, payload_size=len(payload), response_size=len(response),
    )  # fmt: skip
    return CallRecord(call, payload, response, "START\nREPORT", '{"custom":{}}', "blue", False, True, "text/plain")


@pytest.fixture
def history(tmp_path: Path) -> CallHistory:
    return CallHistory(tmp_path / "calls")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "calls" / FOLDER


def times(history: CallHistory, function: str = ARN) -> list[int]:
    """When the calls were that are listed; fails where something cannot be read."""
    found = history.list(function)
    assert list(found.problems) == []
    return [it.at for it in found.calls]


def test_a_call_comes_back_as_it_was_kept(history: CallHistory) -> None:
    kept = record(response=bytes(range(256)) * 8000)
    history.add(kept)
    (listed,) = history.list(ARN).calls
    assert listed == kept.call
    assert history.read(listed) == kept


@pytest.mark.parametrize("size", [0, 1, 2, 3, 768 * 1024 - 1, 768 * 1024, 768 * 1024 + 1, KEPT])
def test_payload_and_response_of_any_size_come_back_byte_for_byte(history: CallHistory, size: int) -> None:
    kept = record(payload=os.urandom(size), response=os.urandom(size))
    history.add(kept)
    assert history.read(kept.call) == kept


def test_a_response_that_is_too_large_is_counted_and_not_kept(history: CallHistory, folder: Path) -> None:
    kept = record(response=b"x" * (KEPT + 1))
    history.add(kept)
    found = history.read(kept.call)
    assert (found.response, found.not_kept, found.payload) == (b"", KEPT + 1, b"{}")
    assert sum(it.stat().st_size for it in folder.iterdir()) < 10_000


def test_calls_are_listed_by_function_and_the_newest_first(history: CallHistory) -> None:
    others = (ARN + "-2", ARN.replace("eu-west-1", "eu-west-2"), ARN.replace("9012", "9013"), "orders-api", "../../x")
    for at in (9, 100, 20):
        history.add(record(at))
    for number, function in enumerate(others):
        history.add(record(1000 + number, function=function))
    assert times(history) == [100, 20, 9]
    assert [times(history, function) for function in others] == [[1000], [1001], [1002], [1003], [1004]]
    assert times(history, "never called") == []


@pytest.mark.parametrize("name", ["../../etc", "/etc/x", "a/b", "", "x" * 5000, "\x1b[2J", "é", ".", "\ud800"])
def test_a_function_of_any_name_has_a_folder_of_its_own_below_the_history(
    history: CallHistory, tmp_path: Path, name: str
) -> None:
    history.add(record(function=name))
    assert times(history, name) == [1]
    (only,) = (tmp_path / "calls").iterdir()
    assert only.is_dir()
    assert [it.name for it in tmp_path.iterdir()] == ["calls"]


@pytest.mark.parametrize("identity", ["../1-a", "1", "", "x-1", "1-a/b", "1-a\n", "1-" + "a" * 65])
def test_an_id_that_is_none_names_no_file(history: CallHistory, identity: str) -> None:
    bad = record()
    bad = replace(bad, call=replace(bad.call, id=identity))
    with pytest.raises(ValueError, match="id"):
        history.add(bad)
    with pytest.raises(ValueError, match="id"):
        history.read(bad.call)


def test_the_history_is_for_its_owner_alone(history: CallHistory, folder: Path) -> None:
    before = os.umask(0)
    try:
        history.add(record())
    finally:
        os.umask(before)
    assert [stat.S_IMODE(it.stat().st_mode) for it in (folder.parent, folder, *folder.iterdir())] == [
        0o700, 0o700, 0o600
    ]  # fmt: skip


def test_history_that_is_off_writes_nothing_lists_nothing_and_leaves_what_is_there(
    history: CallHistory, folder: Path
) -> None:
    history.add(record())
    off = CallHistory(None)
    off.add(record(2))
    assert list(off.list(ARN).calls) == []
    with pytest.raises(OSError, match="off"):
        off.read(record().call)
    off.clear(ARN)
    assert len(list(folder.iterdir())) == 1
    assert times(history) == [1]


def test_only_the_last_calls_are_kept(history: CallHistory, folder: Path) -> None:
    for at in range(MOST + 5):
        history.add(record(at))
    assert times(history) == list(range(MOST + 4, 4, -1))
    assert len(list(folder.iterdir())) == MOST


def test_the_oldest_make_room_for_large_ones(tmp_path: Path) -> None:
    history = CallHistory(tmp_path, largest=50_000)
    for at in range(10):
        history.add(record(at, response=b"x" * 10_000))
    assert times(history) == [9, 8, 7]
    history.add(record(10, response=b"x" * 100_000))
    assert times(history) == [10]


def test_a_call_is_kept_although_the_clock_went_back(tmp_path: Path) -> None:
    history = CallHistory(tmp_path, most=3)
    for at in (100, 101, 102, 5):
        history.add(record(at))
    assert times(history) == [102, 101, 5]


def test_the_same_call_again_takes_the_place_of_the_first(history: CallHistory) -> None:
    history.add(record())
    history.add(record(response=b"2"))
    assert times(history) == [1]
    assert history.read(record().call).response == b"2"


def test_all_of_a_function_can_be_forgotten(history: CallHistory, folder: Path) -> None:
    history.add(record())
    history.add(record(2, function="other"))
    (folder / "2-b.corrupt").touch()
    (folder / ".lambdatui-0.tmp").touch()
    history.clear(ARN)
    history.clear("never called")
    assert list(folder.iterdir()) == []
    assert times(history, "other") == [2]


def _cut(data: bytes) -> bytes:
    return data[:-1]


def _flipped(data: bytes) -> bytes:
    return data[:-3] + bytes([data[-3] ^ 1]) + data[-2:]


DAMAGE: list[Callable[[bytes], bytes]] = [
    _cut,
    lambda _: b"",
    lambda _: b"\n",
    lambda _: os.urandom(40_000),
    lambda _: b"[" * 30_000 + b"\n",
    lambda _: b"[]\n",
    lambda _: b'{"version":1,"rest":0}\n',
    lambda data: data.replace(b'"at":1', b'"at":true'),
    lambda data: data.replace(b'"elapsed":113.5', b'"elapsed":Infinity'),
    lambda data: data.replace(b'"duration":2.21', b'"duration":"x"'),
    lambda data: data.replace(b'"report":{', b'"report":[],"x":{'),
    lambda data: data.replace(b'"id":"1-', b'"id":"2-'),
    lambda data: data.replace(b"orders-api", b"orders-apu"),
    lambda data: data + b"x",
]


@pytest.mark.parametrize("damage", DAMAGE, ids=range(len(DAMAGE)))
def test_a_damaged_file_is_set_aside_told_once_and_hides_no_other(
    history: CallHistory, folder: Path, damage: Callable[[bytes], bytes]
) -> None:
    for at in (1, 2):
        history.add(record(at))
    path = folder / "1-00000001.call"
    path.write_bytes(bad := damage(path.read_bytes()))
    found = history.list(ARN)
    assert [it.at for it in found.calls] == [2]
    assert list(found.problems) == [
        f"A call in the history could not be read, and is set aside in {folder} as ….corrupt."
    ]
    assert (folder / "1-00000001.corrupt").read_bytes() == bad
    assert times(history) == [2]


@pytest.mark.parametrize("text", [b'"sizes":[2,4]', b'"checksum":', b'"tenant":"blue"', b"\n"])
def test_damage_behind_the_first_line_is_found_when_the_call_is_read(
    history: CallHistory, folder: Path, text: bytes
) -> None:
    history.add(record())
    path = folder / "1-00000001.call"
    head, rest = path.read_bytes().split(b"\n", 1)
    path.write_bytes(head + b"\n" + rest.replace(text, b"?" * len(text)))
    with pytest.raises(ValueError, match="is set aside in"):
        history.read(record().call)
    assert times(history) == []


def test_one_flipped_bit_of_a_response_is_found(history: CallHistory, folder: Path) -> None:
    history.add(record(response=b"x" * 1000))
    path = folder / "1-00000001.call"
    path.write_bytes(_flipped(path.read_bytes()))
    with pytest.raises(ValueError, match="is set aside in"):
        history.read(record().call)


def test_a_call_of_a_time_that_no_calendar_has_is_set_aside(history: CallHistory) -> None:
    history.add(record(at=1))
    history.add(record(at=9_007_199_254_740_991))
    listing = history.list(ARN)
    assert [it.at for it in listing.calls] == [1]
    assert "set aside" in listing.problems[0]


def test_a_number_beyond_all_that_can_be_reckoned_with_is_damage(history: CallHistory, folder: Path) -> None:
    history.add(record(at=1))
    history.add(record(at=2))
    (path,) = folder.rglob("2-*.call")
    path.write_bytes(re.sub(rb'"elapsed":[0-9.]+', b'"elapsed":1' + b"0" * 400, path.read_bytes(), count=1))
    listing = history.list(ARN)
    assert [it.at for it in listing.calls] == [1]
    assert "set aside" in listing.problems[0]


def test_texts_as_long_as_they_may_be_come_back_in_the_widest_letters(history: CallHistory) -> None:
    wide = "😀" * LONGEST
    report = Report(wide[:TEXT_OF_A_REPORT], trace_id=wide[:TEXT_OF_A_REPORT], status=wide[:TEXT_OF_A_REPORT])
    texts = dict.fromkeys(("qualifier", "kind", "event", "outcome", "words", "request_id", "version", "trace_id"), wide)
    history.add(replace(record(), call=replace(record().call, report=report, **texts)))
    listing = history.list(ARN)
    assert not listing.problems
    assert listing.calls[0].words == wide


def test_few_of_the_files_set_aside_are_kept(history: CallHistory, folder: Path) -> None:
    for at in range(8):
        history.add(record(at))
        (folder / f"{at}-{at:08x}.call").write_bytes(b"{")
    (problem,) = history.list(ARN).problems
    assert problem.startswith("8 calls in the history could not be read")
    assert sorted(it.name[0] for it in folder.iterdir()) == ["3", "4", "5", "6", "7"]
    assert len(list(folder.iterdir())) == ASIDE


def test_a_call_of_a_later_version_is_told_and_left_alone(history: CallHistory, folder: Path) -> None:
    history.add(record())
    path = folder / "1-00000001.call"
    path.write_bytes(path.read_bytes().replace(b'"version":1', b'"version":2', 1))
    found = history.list(ARN)
    assert (list(found.calls), len(found.problems)) == ([], 1)
    assert "later version" in found.problems[0]
    with pytest.raises(ValueError, match="later version"):
        history.read(record().call)
    assert path.exists()


def test_a_link_or_a_pipe_in_place_of_a_file_is_not_followed_and_keeps_nobody_waiting(
    history: CallHistory, folder: Path, tmp_path: Path
) -> None:
    history.add(record(3))
    (tmp_path / "secret").write_text("x")
    (folder / "1-a.call").symlink_to(tmp_path / "secret")
    os.mkfifo(folder / "2-b.call")
    found = history.list(ARN)
    assert [it.at for it in found.calls] == [3]
    assert len(found.problems) == 2


def test_a_file_that_another_process_has_just_deleted_is_nothing_to_tell(
    history: CallHistory, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    history.add(record())
    monkeypatch.setattr(os, "listdir", lambda _: ["1-00000001.call", "2-gone.call"])
    assert times(history) == [1]


def test_a_call_that_cannot_be_written_is_an_error_and_costs_nothing_that_is_there(
    history: CallHistory, folder: Path
) -> None:
    history.add(record())
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    # A limit on the size of files is met as a full disk is: a short write, then an error.
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, before[1]))
    try:
        for at in range(2, 10):
            with pytest.raises(OSError, match="File too large"):
                history.add(record(at, response=b"x" * 100_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [it.name for it in folder.iterdir()] == ["1-00000001.call"]
    assert times(history) == [1]


def test_what_a_killed_writer_left_is_swept_once_nobody_can_be_writing_it(history: CallHistory, folder: Path) -> None:
    history.add(record())
    old, young = folder / ".lambdatui-0.tmp", folder / ".lambdatui-1.tmp"
    old.touch()
    young.touch()
    os.utime(old, (0, 0))
    history.add(record(2))
    assert (old.exists(), young.exists()) == (False, True)


WRITER = """
import sys
from pathlib import Path
from tests.storage.test_calls import record
from lambdatui.storage.calls import CallHistory
history, start, count = CallHistory(Path(sys.argv[1])), int(sys.argv[2]), int(sys.argv[3])
for number in range(start, start + count):
    history.add(record(number, response=b"%d " % number * (number % 5000)))
    print(number, flush=True)
"""


def writer(tmp_path: Path, start: int, count: int) -> subprocess.Popen[bytes]:
    arguments = [sys.executable, "-c", WRITER, str(tmp_path / "calls"), str(start), str(count)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE)


def assert_all_whole(history: CallHistory) -> None:
    found = history.list(ARN)
    assert list(found.problems) == []
    for call in found.calls:
        assert history.read(call).response == b"%d " % call.at * (call.at % 5000)


def test_of_1000_writes_with_kills_in_between_no_file_is_damaged(history: CallHistory, tmp_path: Path) -> None:
    seen = 0
    while seen < 1000:
        with writer(tmp_path, seen, 1000) as running:
            assert running.stdout is not None
            for _ in range(100):
                seen = int(running.stdout.readline()) + 1
            running.kill()
        assert_all_whole(history)
    kept = times(history)
    assert len(kept) == MOST
    # At most the one that it was at when it was killed has come after the last that it told of.
    assert kept[0] >= seen - 1


def test_two_instances_at_once_lose_nothing_and_keep_what_may_be_kept(history: CallHistory, tmp_path: Path) -> None:
    with writer(tmp_path, 0, 80) as one, writer(tmp_path, 1000, 80) as other:
        assert one.communicate()[0].count(b"\n") == other.communicate()[0].count(b"\n") == 80
    assert_all_whole(history)
    assert times(history) == [*range(1079, 999, -1), *range(79, 59, -1)]


def test_nothing_in_a_file_would_drive_a_terminal(history: CallHistory, folder: Path) -> None:
    hostile = "\x1b]0;x\x07\u202e\x9b"
    bad = record(payload=hostile.encode(), response=hostile.encode())
    history.add(replace(bad, log=hostile, tenant=hostile, call=replace(bad.call, words=hostile, event=hostile)))
    (path,) = folder.iterdir()
    assert all(32 <= byte < 127 or byte == 10 for byte in path.read_bytes())


def test_what_somebody_wrote_into_a_file_is_safe_to_draw(history: CallHistory, folder: Path) -> None:
    history.add(record())
    (path,) = folder.iterdir()
    head, rest, *encoded = path.read_bytes().split(b"\n")
    rest = json.dumps(json.loads(rest) | {"log": "a\x1b[2J\n", "tenant": "\x07\n"}).encode()
    body = b"\n".join([rest, *encoded])
    whole = json.loads(head) | {"rest": len(body)}
    whole["call"] |= {"words": "a\x1b[2J\n", "qualifier": "\u202e"}
    path.write_bytes(json.dumps(whole).encode() + b"\n" + body)
    (call,) = history.list(ARN).calls
    found = history.read(call)
    assert (call.words, call.qualifier) == ("a␛[2J␊", "\\u202e")
    assert (found.log, found.tenant) == ("a␛[2J\n", "␇␊")


def test_the_list_reads_only_first_lines(history: CallHistory, folder: Path) -> None:
    history.add(record(response=b"x" * 100_000))
    (path,) = folder.iterdir()
    data = path.read_bytes()
    encoded = b64encode(b"x" * 99)
    assert encoded in data
    path.write_bytes(data.replace(encoded, b"-" * len(encoded)))
    assert times(history) == [1]


TEXT = st.text(max_size=30)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=300), st.binary(max_size=300), TEXT, TEXT, TEXT,
    st.builds(Report, request_id=TEXT, duration=st.none() | st.floats(0, 1e9), memory=st.none() | st.integers(0, 9999)),
)  # fmt: skip
def test_any_call_comes_back_but_for_what_is_unsafe(
    tmp_path: Path, payload: bytes, response: bytes, text: str, log: str, function: str, report: Report
) -> None:
    history = CallHistory(tmp_path / os.urandom(6).hex())
    plain = record(payload=payload, response=response, function=function)
    history.add(replace(plain, log=log, client_context=text, call=replace(plain.call, words=text, report=report)))
    (call,) = history.list(function).calls
    safe = replace(report, request_id=one_line(report.request_id))
    assert call == replace(plain.call, function=one_line(function), words=one_line(text), report=safe)
    assert history.read(call) == replace(plain, log=visible(log), client_context=visible(text), call=call)
