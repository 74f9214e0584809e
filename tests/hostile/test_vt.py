"""The reader of terminal output finds what it is there to find."""

from __future__ import annotations

import pytest

from tests.hostile import vt
from tests.hostile.corpus import LEAST, corpus


@pytest.mark.parametrize(
    "data",
    [
        b"\x1b]0;t\x07", b"\x1b]8;;https://x\x1b\\", b"\x1bPq\x1b\\", b"\x1b_G\x1b\\", b"\x1b[2Z", b"\x1b[6n", b"\x1bc",
        b"\x07", b"\x08", b"\x0e", b"\x7f", "\x9b2J".encode(), b"\x9b2J", "\u202e".encode(), "\u200b".encode(),
        "\u2028".encode(), "\ufeff".encode(), "\U000e0041".encode(), b"\x1b[?5h", b"\x1b]52", b"\x1b(0",
        b"\xed\xa0\x80",
    ],
)  # fmt: skip
def test_what_no_row_of_ours_needs_is_found(data: bytes) -> None:
    assert len(vt.read(b"a\x1b[31mb" + data + b"c").bad) >= 1


@pytest.mark.parametrize(
    "data", [b"\x1b[1;31m", b"\x1b[2;3H", b"\x1b[?1049h", b"\x1b[>1u", b"\x1b[?2026$p", "é日👍️".encode()]
)
def test_what_rows_are_made_of_is_none_of_it(data: bytes) -> None:
    assert vt.read(b"a" + data + b"b\r\n").bad == []


def test_what_is_copied_is_kept() -> None:
    assert vt.read(b"\x1b]52;c;eA==\x07").copied == ["eA=="]


@pytest.mark.parametrize("seed", [4, 5, 6])
def test_the_corpus_is_large_and_its_words_differ(seed: int) -> None:
    strings = corpus(seed)
    assert len(strings) >= LEAST
    assert len({it.word for it in strings}) == len(strings)
    assert [it for it in strings if it.word not in it.text] == []
    assert len({it.kind for it in strings}) >= 20
    assert len({it.text for it in strings} - {it.text for it in corpus(seed + 1)}) > 200
