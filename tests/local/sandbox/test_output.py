"""What a runtime writes, taken apart."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatui.local.execution import Line
from lambdatui.local.sandbox.masks import Masks
from lambdatui.local.sandbox.output import LINE_LIMIT, Decoder, Output, Times
from tests.local.environments import until

TEXT, JSON = b"\xa5\x5a\x00\x03", b"\xa5\x5a\x00\x0e"


def frame(message: bytes, *, at: float = 1.5, kind: bytes = TEXT) -> bytes:
    return kind + len(message).to_bytes(4, "big") + int(at * 1e6).to_bytes(8, "big") + message


def decoded(*pieces: bytes) -> list[tuple[float | None, bytes]]:
    decoder = Decoder()
    return [record for piece in pieces for record in decoder.feed(piece)] + list(decoder.flush())


def test_a_line_ends_with_its_newline_and_the_last_with_the_flush() -> None:
    assert decoded(b"one\n\ntw", b"o\nthree") == [(None, b"one"), (None, b""), (None, b"two"), (None, b"three")]


def test_a_record_is_one_whatever_newlines_are_in_it() -> None:
    assert decoded(frame(b"a\nb\n", at=2.25) + frame(b"{}", kind=JSON)) == [(2.25, b"a\nb"), (1.5, b"{}")]


def test_a_record_in_the_middle_of_a_line_does_not_break_it() -> None:
    assert decoded(b"par" + frame(b"record") + b"tial\n") == [(1.5, b"record"), (None, b"partial")]


def test_an_empty_record_and_an_unknown_type() -> None:
    assert decoded(frame(b"") + b"\xa5\x5a\x00\xff\n") == [(1.5, b""), (None, b"\xa5\x5a\x00\xff")]


def test_what_looks_like_the_beginning_of_a_record_is_text_after_all() -> None:
    assert decoded("5 ¥".encode(), b"Z\n", "¥".encode()) == [(None, "5 ¥Z".encode()), (None, "¥".encode())]


@pytest.mark.parametrize("size", [LINE_LIMIT, LINE_LIMIT + 1, 3 * LINE_LIMIT])
def test_a_line_that_is_longer_than_an_event_may_be_becomes_several(size: int) -> None:
    for whole in (b"x" * size + b"\n", frame(b"x" * size)):
        pieces = [data for _, data in decoded(*(whole[at : at + 4096] for at in range(0, len(whole), 4096)))]

        assert b"".join(pieces) == b"x" * size
        assert {len(piece) for piece in pieces[:-1]} <= {LINE_LIMIT}


def test_a_long_line_is_cut_between_characters() -> None:
    text = "x" + "ä" * LINE_LIMIT

    pieces = [data.decode() for _, data in decoded(text.encode() + b"\n")]

    assert "".join(pieces) == text


PRINTED = st.binary(max_size=6).map(lambda data: (None, data.replace(b"\n", b"").replace(b"\xa5", b"")))
FRAMED = st.tuples(st.integers(1, 10**9).map(float), st.binary(max_size=40).map(lambda data: data.rstrip(b"\n")))
PIECES = st.lists(st.one_of(PRINTED, FRAMED), max_size=12)


@given(PIECES, st.lists(st.integers(1, 30), min_size=1))
def test_it_does_not_matter_in_which_pieces_it_comes(
    records: list[tuple[float | None, bytes]], sizes: list[int]
) -> None:
    whole = b"".join(data + b"\n" if at is None else frame(data, at=at) for at, data in records)
    pieces, at, turn = [], 0, 0
    while at < len(whole):
        size = sizes[turn % len(sizes)]
        pieces.append(whole[at : at + size])
        at, turn = at + size, turn + 1

    assert decoded(*pieces) == records


@given(st.lists(st.binary(max_size=50), max_size=10))
def test_nothing_that_a_function_writes_breaks_it(pieces: list[bytes]) -> None:
    decoder = Decoder()
    for piece in pieces:
        list(decoder.feed(piece))
    list(decoder.flush())
    list(decoder.feed(b"x" * 20))


@pytest.fixture
def times() -> Times:
    return Times()


class Pipe:
    """An output, and what came out of it."""

    def __init__(self, times: Times) -> None:
        self.lines: list[Line] = []
        self.output = Output(self.lines.extend, Masks([(Path("/run/code/ab"), "/var/task")]), times)
        self._write_end = os.dup(self.output.write_end)

    def write(self, data: bytes) -> None:
        os.write(self._write_end, data)

    @property
    def texts(self) -> list[str]:
        return [line.text for line in self.lines]

    def close(self) -> None:
        os.close(self._write_end)
        self.output.close()


@pytest.fixture
async def pipe(times: Times) -> Iterator[Pipe]:  # type: ignore[misc]
    made = Pipe(times)
    yield made
    made.close()


async def test_what_is_in_the_pipe_is_out_of_it_after_draining(pipe: Pipe) -> None:
    pipe.write(b"one\ntwo")

    await pipe.output.drain()

    assert pipe.texts == ["one", "two"]


async def test_a_line_comes_without_anybody_asking_and_a_piece_of_one_a_little_later(pipe: Pipe) -> None:
    pipe.write(b"whole\npiece")
    await until(lambda: pipe.texts == ["whole"])

    await until(lambda: pipe.texts == ["whole", "piece"])


async def test_prints_before_a_record_have_its_time_and_those_after_it_that_of_reading(pipe: Pipe) -> None:
    now = time.time()
    pipe.write(b"before\n" + frame(b"first", at=now - 5) + b"between\n" + frame(b"second", at=now - 3) + b"after\n")

    await pipe.output.drain()

    assert [round(line.at - now) for line in pipe.lines[:4]] == [-5, -5, -3, -3]
    assert now <= pipe.lines[4].at <= time.time()


async def test_no_line_has_an_earlier_time_than_the_one_before_nor_one_to_come(pipe: Pipe, times: Times) -> None:
    began = times.now()
    pipe.write(frame(b"past", at=began - 100) + frame(b"future", at=began + 1000) + b"now\n")

    await pipe.output.drain()

    assert pipe.lines[0].at == began
    assert began <= pipe.lines[1].at <= pipe.lines[2].at <= time.time()


async def test_bytes_that_are_no_text_and_paths_of_ours(pipe: Pipe) -> None:
    pipe.write(b"\xff\xfe at /run/code/ab/app.py\n")

    await pipe.output.drain()

    assert pipe.texts == ["\ufffd\ufffd at /var/task/app.py"]


async def test_draining_takes_what_was_there_when_it_began(pipe: Pipe) -> None:
    """Somebody who writes without end would be drained without end."""
    os.set_blocking(pipe._write_end, False)
    writing = True

    async def write() -> None:
        while writing:
            try:
                pipe.write(b"x\n" * 2048)
            except BlockingIOError:
                await asyncio.sleep(0)

    writer = asyncio.create_task(write())
    await until(lambda: len(pipe.lines) > 10_000)
    async with asyncio.timeout(5):
        await pipe.output.drain()
    writing = False
    await writer


async def test_closing_while_somebody_writes(pipe: Pipe) -> None:
    pipe.write(b"unread\n")
    pipe.output.close()
    pipe.output.close()

    await pipe.output.drain()

    assert pipe.lines == []


def test_masks_know_a_path_as_json_has_it() -> None:
    masks = Masks([(Path("/home/j\u00fcrgen/run/code"), "/var/task")])

    assert masks.hide(b'{"file": "/home/j\\u00fcrgen/run/code/app.py"}') == b'{"file": "/var/task/app.py"}'
    assert masks.hide("/home/j\u00fcrgen/run/code/app.py".encode()) == b"/var/task/app.py"
