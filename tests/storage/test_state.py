"""What is remembered stays, whoever else writes, and whatever the file has become."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from lambdatui.model.text import one_line
from lambdatui.storage.state import LARGEST_VALUE, MOST_KEYS, State


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "state.json"


def modes(folder: Path) -> dict[str, int]:
    """The files there, and who may do what with them."""
    return {it.name: it.stat().st_mode & 0o777 for it in folder.iterdir()}


def content(path: Path) -> Any:
    """What the file has of the section `s`."""
    return json.loads(path.read_bytes())["sections"]["s"]


def written(path: Path, data: bytes) -> None:
    """A file that somebody else wrote."""
    path.parent.mkdir()
    path.write_bytes(data)


async def saved(path: Path, **values: Any) -> None:
    """Another instance that remembers these, and ends."""
    state = State(path)
    for key, value in values.items():
        state.put("s", key, value)
    await state.aclose()


async def test_what_is_put_is_there_at_once_and_in_the_next_session(path: Path) -> None:
    state = State(path)
    assert state.get("list", "filter") is None
    state.put("list", "filter", "pay")
    assert state.get("list", "filter") == "pay"
    await state.aclose()
    assert State(path).get("list", "filter") == "pay"
    assert modes(path.parent) == {"state.json": 0o600}


async def test_what_is_put_is_written_without_being_closed(path: Path) -> None:
    state = State(path)
    state.put("s", "a", 1)
    state.put("s", "b", 2)
    assert state._writing is not None
    await state._writing
    assert (State(path).get("s", "a"), State(path).get("s", "b")) == (1, 2)


async def test_none_forgets(path: Path) -> None:
    await saved(path, a=1)
    await saved(path, a=None)
    assert State(path).get("s", "a") is None


async def test_two_instances_lose_nothing_of_each_other(path: Path) -> None:
    one, other = State(path), State(path)
    assert one.get("s", "a") is other.get("s", "a") is None
    one.put("s", "a", 1)
    other.put("s", "b", 2)
    await asyncio.gather(one.aclose(), other.aclose())
    assert (State(path).get("s", "a"), State(path).get("s", "b")) == (1, 2)


async def test_what_was_put_last_stays_however_long_a_write_of_before_takes(path: Path) -> None:
    begun, go_on = threading.Event(), threading.Event()

    class SlowOnce(State):
        def _merge(self, changes: Mapping[tuple[str, str], Any]) -> None:
            if not begun.is_set():
                begun.set()
                go_on.wait()
            super()._merge(changes)

    state = SlowOnce(path)
    state.put("s", "a", "before")
    await asyncio.to_thread(begun.wait)
    state.put("s", "a", "last")
    closing = asyncio.create_task(state.aclose())
    try:
        assert await asyncio.wait([closing], timeout=0.3) == (set(), {closing})
    finally:
        go_on.set()
    await closing
    assert content(path) == {"a": "last"}


def test_many_processes_at_once_lose_nothing(path: Path) -> None:
    program = (
        "import asyncio, sys, pathlib; from lambdatui.storage.state import State\n"
        "async def main():\n"
        "    for number in range(15):\n"
        "        state = State(pathlib.Path(sys.argv[1])); state.put('s', f'{sys.argv[2]}.{number}', number)\n"
        "        await state.aclose()\n"
        "asyncio.run(main())"
    )
    running = [subprocess.Popen([sys.executable, "-c", program, str(path), str(number)]) for number in range(4)]
    assert [it.wait() for it in running] == [0] * 4
    state = State(path)
    assert [key for one in range(4) for it in range(15) if state.get("s", key := f"{one}.{it}") != it] == []


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b'{"sections": []}', b'{"sections": {"s": 1}}', b"\xff\xfe", b"[" * 100_000]
)
async def test_a_file_that_is_not_ours_is_set_aside_and_said(path: Path, data: bytes) -> None:
    written(path, data)
    state = State(path)
    assert state.get("s", "a") is None
    assert state.problem == (
        f"What was remembered could not be read. The file is set aside as {path.parent / 'state.corrupt.json'}."
    )
    assert (path.parent / "state.corrupt.json").read_bytes() == data
    state.put("s", "a", 1)
    await state.aclose()
    assert State(path).get("s", "a") == 1


async def test_a_file_that_cannot_be_written_costs_nothing_but_the_memory(path: Path) -> None:
    path.parent.write_text("a file where the folder should be")
    state = State(path)
    state.put("s", "a", 1)
    await state.aclose()
    assert state.get("s", "a") == 1
    assert state.problem.startswith("What is remembered cannot be")


async def test_a_section_keeps_what_was_put_last(path: Path) -> None:
    state = State(path)
    for number in range(MOST_KEYS + 5):
        state.put("s", str(number), number)
    state.put("s", "5", "again")
    state.put("s", "new", 1)
    await state.aclose()
    found = list(content(path))
    assert len(found) == MOST_KEYS
    assert found[-2:] == ["5", "new"]
    assert found[0] == "7"


def test_too_much_is_refused(path: Path) -> None:
    with pytest.raises(ValueError, match="too much"):
        State(path).put("s", "a", "x" * LARGEST_VALUE)


async def test_texts_of_the_file_are_made_safe(path: Path) -> None:
    await saved(path, a=["\x1b[2J", {"\x07": "\u202e"}])
    found = State(path).get("s", "a")
    assert found == ["␛[2J", {"␇": "\\u202e"}]


def test_a_write_that_is_killed_leaves_the_old_file_or_the_new_one(path: Path) -> None:
    program = (
        "import asyncio, sys, pathlib; from lambdatui.storage.state import State\n"
        "async def main():\n"
        "    number = 0\n"
        "    while True:\n"
        "        state = State(pathlib.Path(sys.argv[1])); state.put('s', 'a', 'x' * (number % 5000)); number += 1\n"
        "        await state.aclose(); print(number, flush=True)\n"
        "asyncio.run(main())"
    )
    for _ in range(3):
        with subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE) as running:
            assert running.stdout is not None
            for _ in range(20):
                assert running.stdout.readline()
            running.kill()
        state = State(path)
        state.get("s", "a")
        assert state.problem == ""
        assert content(path)["a"] is not None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**50), 2**50) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


def safe(value: Any) -> Any:
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, list):
        return [safe(it) for it in value]
    return {one_line(name): safe(it) for name, it in value.items()} if isinstance(value, dict) else value


@given(JSON)
@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_value_comes_back_as_it_was_but_for_what_is_unsafe(tmp_path: Path, value: Any) -> None:
    file = tmp_path / f"{os.urandom(6).hex()}.json"
    asyncio.run(saved(file, a=value))
    assert State(file).get("s", "a") == safe(value)
