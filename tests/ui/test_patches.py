"""What a terminal sends, through Textual's parser with our patches, and through one that needs none."""

from __future__ import annotations

import codecs
import weakref
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver
from textual.message import Message
from textual.strip import Strip

from lambdatui.app import LambdaTui
from lambdatui.settings import Settings
from lambdatui.ui.terminal import patches, strips
from lambdatui.ui.terminal.patches import PASTE_LIMIT, PASTE_PAUSE, Pastes, Sequences, Sizes, forgiving_decoder
from lambdatui.ui.terminal.waiting import LONG, PENDING, PatientSelector, Waker, patient

START, END = "\x1b[200~", "\x1b[201~"


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    for module in ("patches", "waiting"):
        monkeypatch.setattr(f"lambdatui.ui.terminal.{module}.time.monotonic", clock)
    return clock


def read(parser: XTermParser, *data: str) -> list[str]:
    """What comes of these bytes, each given at once: keys by name, pastes by what was pasted, others by their kind."""
    return [told(message) for piece in data for message in parser.feed(piece)]


def told(message: Message) -> str:
    if isinstance(message, events.Key):
        return message.key
    return message.text if isinstance(message, events.Paste) else type(message).__name__


def patched() -> XTermParser:
    return patches.parser_class()()


def test_textual_needs_every_patch() -> None:
    assert [patch.issue for patch in patches.PATCHES if not patch.needed()] == []
    assert issubclass(patches.parser_class(), Pastes | Sizes | Sequences)


def test_a_patch_stands_aside_where_textual_does_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    class Fixed(XTermParser):
        """A Textual to come."""

        def __init__(self, debug: bool = False) -> None:
            super().__init__(debug)
            self._timeout_time = 1.0

        def feed(self, data: str) -> Iterator[Message]:
            return iter(())

    monkeypatch.setattr(patches, "XTermParser", Fixed)
    assert [patch.issue for patch in patches.PATCHES if patch.needed()] == []
    assert not issubclass(patches.parser_class(), Pastes | Sizes | Sequences)


def test_what_textual_has_under_another_name_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(linux_driver, "XTermParser")
    monkeypatch.setattr(linux_driver, "getincrementaldecoder", codecs.getincrementaldecoder)
    patches.patch_input(lambda: None, Waker())
    assert not hasattr(linux_driver, "XTermParser")


def test_bytes_that_are_no_text_become_a_mark_unless_textual_says_otherwise() -> None:
    assert forgiving_decoder("utf-8")().decode(b"a\xe9b") == "a\ufffdb"
    assert forgiving_decoder("utf-8")("ignore").decode(b"a\xe9b") == "ab"


@pytest.mark.parametrize(
    "sequence",
    [
        *("\x1b[1114112u", "\x1b[99999999999999999999u", "\x1b[97;1;1114112u", "\x1b[55296u", "\x1b[1;1;57343u"),
        *("\x1b[?62;22c", "\x1b[48;0;0;0;0t", "\x1b[48;999999;999999;1;1t", "\x1b[?2048;1$y", "\x1b[3;4;5z"),
    ],
)
def test_what_is_no_key_presses_none(sequence: str) -> None:
    assert read(patched(), sequence, "a") == ["a"]


@pytest.mark.parametrize(
    ("sequence", "key"),
    [
        *(("\x1b[A", "up"), ("\x1b[[A", "f1"), ("\x1b[15~", "f5"), ("\x1b[99;5u", "ctrl+c"), ("\x1b[Z", "shift+tab")),
        ("é", "é"),
    ],
)
def test_what_is_a_key_stays_one(sequence: str, key: str) -> None:
    assert read(patched(), sequence) == [key]


def test_a_mouse_counts_cells_whatever_size_was_claimed() -> None:
    parser = patched()
    assert read(parser, "\x1b[48;36;120;0;0t", "\x1b[<0;7;5M") == ["MouseDown"]
    (down,) = parser.feed("\x1b[<0;7;5M")
    assert isinstance(down, events.MouseDown)
    assert (down.x, down.y) == (6, 4)
    assert read(parser, "\x1b[M !!") == []


@pytest.mark.parametrize("cut", range(1, 24))
def test_a_paste_arrives_whole_wherever_it_was_cut(cut: int) -> None:
    data = f"a{START}pasted\x00 text{END}b"
    assert read(patched(), data[:cut], data[cut:]) == ["a", "pasted text", "b"]


def test_a_paste_presses_no_keys() -> None:
    harm = f"\x1b{'q' * 40}\x1b\x1b[A\x03\x03:q\r"
    assert read(patched(), f"{START}{harm}{END}") == [harm]
    assert read(patched(), START, harm, END) == [harm]
    assert read(patched(), f"{START}one{END}{START}two{END}") == ["one", "two"]


def test_a_paste_without_its_end_ends_after_a_while(clock: Clock) -> None:
    parser = patched()
    assert read(parser, f"{START}some", "text\x1b[20") == []
    clock.now += PASTE_PAUSE + 0.1
    assert [told(message) for message in parser.tick()] == ["sometext\x1b[20"]
    assert read(parser, "j") == ["j"]


def test_ctrl_c_by_itself_ends_a_paste_and_counts(clock: Clock) -> None:
    for pressed in ("\x03", "\x1b[99;5u", "\x03\x03"):
        parser = patched()
        assert read(parser, f"{START}some") == []
        clock.now += 0.5
        assert read(parser, pressed) == ["some", *["ctrl+c"] * max(1, pressed.count("\x03"))]


def test_ctrl_c_that_was_read_late_together_with_a_paste_without_end_counts(clock: Clock) -> None:
    parser = patched()
    assert read(parser, f"{START}some\x03thing\x03\x03") == []
    clock.now += PASTE_PAUSE + 0.1
    assert [told(message) for message in parser.tick()] == ["some\x03thing", "ctrl+c", "ctrl+c"]


def test_ctrl_c_in_the_middle_of_a_paste_is_a_part_of_it(clock: Clock) -> None:
    assert read(patched(), f"{START}some", "\x03", f"more{END}") == ["some\x03more"]


def test_a_paste_has_a_limit_and_says_so() -> None:
    parser = patched()
    cut: list[bool] = []
    assert isinstance(parser, Pastes)
    parser.on_cut = lambda: cut.append(True)
    assert read(parser, f"{START}{'x' * PASTE_LIMIT}{END}") == ["x" * PASTE_LIMIT]
    assert cut == []
    pieces = [START, *["y" * 4096] * (PASTE_LIMIT // 4096 + 3), f"{END}j"]
    assert read(parser, *pieces) == ["y" * PASTE_LIMIT, "j"]
    assert cut == [True]


def test_an_unknown_fault_of_the_parser_costs_the_bytes_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: XTermParser, code: str) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(XTermParser, "parse_mouse_code", fail)
    assert read(patched(), "\x1b[<0;1;1M", "j") == ["j"]


def test_keys_are_waited_for_with_patience_once_nothing_is_pending() -> None:
    assert patient(0.1, PASTE_PAUSE + 0.1) == 0.1
    assert patient(0.1, PENDING) == LONG
    assert patient(None, PENDING) is None


def test_whoever_is_woken_tells_of_no_key_and_looks_up_often_for_a_while(clock: Clock) -> None:
    waker = Waker()
    selector, other = PatientSelector(waker), PatientSelector(waker)
    clock.now += PENDING + LONG
    other.close()
    waker.wake()
    began = monotonic()
    assert selector.select(0) == []
    assert selector.select(0) == []
    assert monotonic() - began < LONG  # it did not wait for that
    selector.close()
    waker.wake()  # reaches nobody


class Line(Strip):
    """A strip of which can be told whether it is still there."""


@given(st.text(max_size=8), st.lists(st.integers(1, 20), max_size=4), st.integers(-2, 20), st.integers(0, 20))
def test_a_line_is_gone_as_soon_as_nobody_has_it_and_is_cut_as_textual_cuts_it(
    text: str, cuts: list[int], start: int, end: int
) -> None:
    line, same = Line([Segment(text)]), Strip([Segment(text)])
    cuts = [*sorted(set(cuts)), line.cell_length]
    style = Style(bold=True)
    assert list(strips.divide(line, cuts)) == list(strips._divide(same, cuts))
    assert list(strips.divide(line, cuts[-1:])) == [line]
    assert strips.crop_extend(line, start, end, style) == strips._crop_extend(same, start, end, style)
    assert strips.crop_extend(line, 0, line.cell_length, style) == line
    gone = weakref.ref(line)
    del line
    assert gone() is None


def test_the_program_has_textual_draw_with_such_lines(tmp_path: Path) -> None:
    LambdaTui(Settings(state_dir=tmp_path, cache_dir=tmp_path))
    assert (Strip.divide, Strip.crop_extend) == (strips.divide, strips.crop_extend)
