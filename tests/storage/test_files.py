"""Files that are private and never half written."""

from __future__ import annotations

import contextlib
import os
import resource
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lambdatui.storage.files import private_folder, write_atomic


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(params=[0o000, 0o022, 0o077, 0o777], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".lambdatui-")]


def test_a_file_is_for_its_owner_alone_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    path = tmp_path / "state.json"
    write_atomic(path, b"one")
    assert (mode(path), path.read_bytes()) == (0o600, b"one")
    path.chmod(0o644)
    write_atomic(path, b"two")
    assert (mode(path), path.read_bytes()) == (0o600, b"two")
    assert leftovers(tmp_path) == []


def test_folders_are_made_for_their_owner_alone_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    private_folder(tmp_path / "state" / "lambdatui" / "events")
    assert [mode(tmp_path / name) for name in ("state", "state/lambdatui", "state/lambdatui/events")] == [0o700] * 3


def test_a_folder_that_others_can_read_is_closed_and_those_above_it_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state/lambdatui").mkdir()
    (tmp_path / "state").chmod(0o755)
    (tmp_path / "state/lambdatui").chmod(0o755)
    assert private_folder(tmp_path / "state/lambdatui") == tmp_path / "state/lambdatui"
    assert [mode(tmp_path / name) for name in ("state", "state/lambdatui")] == [0o755, 0o700]


def test_content_of_any_size_is_written_whole(tmp_path: Path) -> None:
    for data in (b"", b"\0", os.urandom(5_000_000)):
        write_atomic(tmp_path / "x", data)
        assert (tmp_path / "x").read_bytes() == data


def test_a_link_in_place_of_the_file_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("untouched")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    write_atomic(tmp_path / "link", b"new")
    assert not (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text() == "untouched"


def test_a_link_in_place_of_the_temporary_file_is_refused_and_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secrets.token_hex", lambda _size: "guessed")
    (tmp_path / "target").write_text("untouched")
    (tmp_path / ".lambdatui-guessed.tmp").symlink_to(tmp_path / "target")
    with pytest.raises(FileExistsError):
        write_atomic(tmp_path / "state", b"new")
    assert (tmp_path / "target").read_text() == "untouched"
    assert not (tmp_path / "state").exists()


def test_without_its_folder_a_file_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_atomic(tmp_path / "none" / "x", b"")
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError):
        write_atomic(tmp_path / "file" / "x", b"")
    with pytest.raises(FileExistsError):
        private_folder(tmp_path / "file" / "x")
    with pytest.raises(FileExistsError):
        private_folder(tmp_path / "file")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_in_a_folder_that_is_read_only_nothing_is_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(PermissionError):
        write_atomic(tmp_path / "x", b"")
    with pytest.raises(PermissionError):
        private_folder(tmp_path / "x")
    tmp_path.chmod(0o700)


def test_where_the_disk_takes_only_a_part_the_old_file_stays_and_nothing_is_left(tmp_path: Path) -> None:
    path = tmp_path / "state"
    write_atomic(path, b"old")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    # A limit on the size of files is met as a full disk is: a short write, then an error.
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            write_atomic(path, b"x" * 5000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert path.read_bytes() == b"old"
    assert leftovers(tmp_path) == []


WRITER = """
import sys
from pathlib import Path
from lambdatui.storage.files import write_atomic
number = 0
while True:
    write_atomic(Path(sys.argv[1]), (b"%d " % number) * 200_000)
    if not number:
        print("running", flush=True)
    number += 1
"""


@pytest.mark.parametrize("microseconds", [0, 700, 1900, 5300, 12000])
def test_a_writer_that_is_killed_leaves_a_whole_file(tmp_path: Path, microseconds: int) -> None:
    path = tmp_path / "state"
    with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"running\n"
        # Killed at some point of its loop, a different one each time: what is asserted holds for every one.
        with contextlib.suppress(subprocess.TimeoutExpired):
            writer.wait(microseconds / 1e6)
        writer.kill()
    words = path.read_bytes().split()
    assert len(words) == 200_000
    assert len(set(words)) == 1
