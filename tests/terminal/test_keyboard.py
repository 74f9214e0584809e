"""What comes in through the terminal: bytes that are no text, text that a terminal would obey, and nothing at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.terminal.conftest import TROUBLE, Start

# Python imports this by itself at its start: the thread that reads keys fails when it has read "!".
_CRASH = """
import os

plainly = os.read

def read(descriptor, length):
    data = plainly(descriptor, length)
    if data == b"!":
        raise RuntimeError("crashed on purpose")
    return data

os.read = read
"""

ORDERS = ["\x1b]0;pwned\x07", "\x9b31m", b"\x9b31m", "\x1b[31m", "\x90q\x9c"]
"""A window's title, a colour in three spellings, an empty picture."""


@pytest.mark.parametrize("sent", [b"\xe9", b"\xc3", b"\xff\xfe", b"\xf0\x9f", b"\xed\xa0\x80"], ids=repr)
def test_bytes_that_are_not_utf8_do_no_harm(start: Start, sent: bytes) -> None:
    terminal = start()
    terminal.wait_for(TROUBLE)
    terminal.press(sent)
    terminal.press("?")
    terminal.wait_for("Keys here")
    terminal.press("\x1b")
    terminal.wait_for(lambda: "Keys here" not in terminal.text)
    terminal.press("q")
    assert terminal.wait_for_exit() == 0
    terminal.assert_restored()


def test_a_crash_ends_with_1(start: Start, home: Path, surroundings: dict[str, str]) -> None:
    (home / "early").mkdir()
    (home / "early/sitecustomize.py").write_text(_CRASH)
    terminal = start(environment={"PYTHONPATH": f"{home}/early:{surroundings['PYTHONPATH']}"})
    terminal.wait_for(TROUBLE)
    terminal.press("!")
    assert terminal.wait_for_exit() == 1
    assert "has ended by a fault of its own: RuntimeError in " in terminal.text
    assert "crashed on purpose" not in terminal.text


@pytest.mark.local
@pytest.mark.parametrize("order", ORDERS, ids=repr)
def test_what_is_pasted_reaches_the_terminal_as_text_only(start: Start, order: str | bytes) -> None:
    terminal = start("--demo")
    terminal.wait_for("checkout-api")
    raw = order.encode() if isinstance(order, str) else order
    before = len(terminal.written)

    terminal.press("/")
    terminal.wait_for("esc Close")
    terminal.paste(b"q" + raw + b"z")
    terminal.wait_for("Nothing fits")
    terminal.press("\x1b\x1b")
    # A letter that comes too soon after an escape makes alt of it.
    terminal.wait_for(lambda: "Nothing fits" not in terminal.text and "legacy-export" in terminal.text)

    terminal.press("i")
    terminal.wait_for("esc Leave the editor")  # it has the focus
    terminal.paste(b'"first\r\nsecond\rthird ' + raw + b'last"')
    terminal.wait_for("last")
    terminal.press("\x1b")
    terminal.wait_for("e Edit")
    assert "␍" not in terminal.text
    lines = [line.partition("▕")[2].split() for line in terminal.lines]  # the editor is beside the lists
    assert [found[:2] for found in lines if found[:1] in (["2"], ["3"])] == [["2", "second"], ["3", "third"]]
    assert raw not in terminal.written[before:]


@pytest.mark.local
def test_a_cursor_that_waits_for_typing_writes_nothing(start: Start) -> None:
    terminal = start("--demo")
    terminal.wait_for("checkout-api")
    terminal.press("/")
    terminal.wait_for("esc Close")
    terminal.quiet(1.5)  # a blinking one writes twice a second
    terminal.press("\x1b")
    terminal.wait_for("/ Filter")
    terminal.press("i")
    terminal.wait_for("esc Leave the editor")
    terminal.quiet(1.5)
