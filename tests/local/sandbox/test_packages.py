"""Deployment packages on disk."""

from __future__ import annotations

import asyncio
import io
import os
import stat
import zipfile
from pathlib import Path

import pytest

from lambdatui.local.execution import NotRunnable
from lambdatui.local.sandbox import packages
from lambdatui.local.sandbox.packages import Workspace, unpack
from tests.local.environments import URL, program, until, zipped

UNREADABLE = "Could not unzip uploaded file. Please check your file, then try to upload again."


def member(name: str, content: bytes, mode: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        info = zipfile.ZipInfo(name)
        info.create_system, info.external_attr = 3, mode << 16
        archive.writestr(info, content)
    return packed.getvalue()


def test_files_and_folders_keep_their_modes_but_the_owner_can_always_read(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, mode in (("run", 0o755), ("secret", 0o000), ("plain", 0o644)):
            info = zipfile.ZipInfo(f"deep/{name}")
            info.create_system, info.external_attr = 3, (stat.S_IFREG | mode) << 16
            archive.writestr(info, name)
        archive.writestr("deep/empty/", "")

    unpack([packed.getvalue()], tmp_path / "code")

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "code" / "deep").iterdir()}
    assert modes == {"run": 0o755, "secret": 0o644, "plain": 0o644, "empty": 0o755}


def test_a_link_is_a_link(tmp_path: Path) -> None:
    unpack([zipped({"real.py": "x"}), member("link.py", b"real.py", 0o120777)], tmp_path / "code")

    assert (tmp_path / "code" / "link.py").is_symlink()
    assert (tmp_path / "code" / "link.py").read_text() == "x"


@pytest.mark.parametrize(
    "zips",
    [
        [zipped({"../out": "x"})],
        [zipped({"/out": "x"})],
        [zipped({"a/../../out": "x"})],
        [member("link", b"..", 0o120777), zipped({"link/out": "x"})],
        [member("link", b"../..", 0o120777), member("link/out", b"target", 0o120777)],
    ],
)
def test_nothing_is_written_outside_of_the_folder(zips: list[bytes], tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()

    with pytest.raises(NotRunnable) as refused:
        unpack(zips, inner / "code")

    assert str(refused.value) == UNREADABLE
    assert [path.name for path in tmp_path.rglob("*")] == ["inner"]


def test_a_link_of_an_earlier_layer_is_not_written_through(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")

    unpack([member("link", os.fsencode(victim), 0o120777), zipped({"link": "theirs"})], tmp_path / "code")

    assert victim.read_text() == "mine"
    assert (tmp_path / "code" / "link").read_text() == "theirs"


@pytest.mark.parametrize("content", [b"", b"no zip", zipped({"a": "x" * 100})[:-30], zipped({"a": "x", "a/b": "y"})])
def test_what_cannot_be_unpacked_leaves_nothing(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(NotRunnable):
        unpack([content], tmp_path / "code")

    assert list(tmp_path.iterdir()) == []


def test_a_damaged_member_is_told(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("app.py", "x = 1\n" * 1000)
    damaged = bytearray(packed.getvalue())
    damaged[45:50] = b"\xff\xff\xff\xff\xff"

    with pytest.raises(NotRunnable, match="Could not unzip uploaded file"):
        unpack([bytes(damaged)], tmp_path / "code")


def test_more_than_fits_into_a_function(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "UNPACKED_LIMIT", 1000)

    with pytest.raises(NotRunnable) as refused:
        unpack([zipped({"a": "x" * 600}), zipped({"b": "x" * 600})], tmp_path / "code")

    assert str(refused.value).startswith("Unzipped size must be smaller than ")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path, endpoint_url=URL)


async def test_the_same_code_is_unpacked_once_however_many_ask_for_it(workspace: Workspace) -> None:
    asked = [workspace.get(program("x = 1")) for _ in range(5)]

    got = await asyncio.gather(*asked)

    assert len({package.task for package in got}) == 1
    assert [path.name for path in got[0].task.iterdir()] == ["app.py"]


async def test_code_that_nobody_uses_is_kept_for_a_while_and_then_deleted(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "UNUSED_KEPT", 2)
    used = await workspace.get(program("used"))
    got = [await workspace.get(program(f"x = {number}")) for number in range(4)]

    for package in got:
        workspace.give_back(package)

    await until(lambda: len(list((workspace.folder / "code").iterdir())) == 4)
    there = {path.name for path in (workspace.folder / "code").iterdir()}
    assert there == {used.task.name, used.layers.name, got[2].task.name, got[3].task.name}
    again = await workspace.get(program("x = 0"))
    assert (again.task / "app.py").read_text() == "x = 0"


async def test_code_that_cannot_be_unpacked_is_looked_at_again(workspace: Workspace) -> None:
    for _ in range(2):
        with pytest.raises(NotRunnable):
            await workspace.get(program(b"no zip"))

    assert list((workspace.folder / "code").iterdir()) == []


async def test_giving_up_while_it_is_unpacked_leaves_the_others_theirs(workspace: Workspace) -> None:
    code = program(zipped({f"{number}.py": "x" * 1000 for number in range(500)}))
    hasty, patient = (asyncio.create_task(workspace.get(code)) for _ in range(2))
    await asyncio.sleep(0)

    hasty.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hasty

    package = await patient
    assert len(list(package.task.iterdir())) == 500
