"""What Textual's driver gets wrong about the bytes that a terminal sends, put right until Textual does it.

Each patch names the issue that it answers, and stands aside where the installed Textual does without it: `needed()`
tries that out. All of it was seen in Textual 8.2.8.
"""

from __future__ import annotations

import codecs
import re
import selectors
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import TYPE_CHECKING, NamedTuple

from textual import events, messages
from textual._parser import ParseError, Parser
from textual._xterm_parser import (
    BRACKETED_PASTE_END,
    BRACKETED_PASTE_START,
    XTermParser,
    _re_mouse_event,
    _re_terminal_mode_response,
)
from textual.drivers import linux_driver
from textual.keys import Keys

from lambdatui.ui.terminal.waiting import PatientSelector, Waker

if TYPE_CHECKING:
    from textual.message import Message

PASTE_PAUSE = 1.0
"""Seconds without a byte after which a paste is over, whether its end has come or not."""
KEY_PAUSE = 0.05
"""Seconds before a ctrl+c that comes alone, in the middle of a paste, by which it is told from what is pasted."""
PASTE_LIMIT = 1_000_000
"""Characters of one paste that are taken."""

# ECMA-48, 5.4; but neither the function keys of the Linux console (ESC [ [ A) nor the mouse of old (ESC [ M and three).
_WHOLE = re.compile(r"\x1b\[(?!\[|M)[0-?]*[ -/]*[@-~]")

_INTERRUPTS = ("\x03", "\x1b[99;5u")
"""ctrl+c, as a terminal sends it and by the Kitty protocol."""


class ForgivingParser(XTermParser):
    """A parser that goes on with the next bytes, whatever it could make nothing of."""

    def feed(self, data: str) -> Iterator[Message]:
        try:
            yield from super().feed(data)
        except ParseError:
            raise
        except Exception:  # noqa: BLE001  # the thread that reads keys would end, and with it the program
            Parser.__init__(self)


class Sequences(XTermParser):
    """What is no key presses none, and ends nothing.

    A key by the Kitty protocol whose number is no character's (`ESC[1114112u`) is a ValueError in Textual; and it types
    the letters of a control sequence that it does not know, an answer of the terminal's say, of which one may be `q`.
    """

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterator[events.Key]:
        try:
            keys = list(super()._sequence_to_key_events(sequence, alt))
        except (ValueError, OverflowError):
            keys = [events.Key(Keys.Ignore, sequence)]
        known = _re_mouse_event.match(sequence) or _re_terminal_mode_response.match(sequence)
        if not keys and not known and _WHOLE.fullmatch(sequence):
            keys = [events.Key(Keys.Ignore, sequence)]
        for key in keys:
            surrogate = key.character is not None and "\ud800" <= key.character <= "\udfff"
            yield events.Key(Keys.Ignore, sequence) if surrogate else key


class Sizes(XTermParser):
    """The size of the terminal is what the kernel says, and its mouse counts cells.

    A size that comes among the keys can be anything: zero, by which the place of the next click is divided, or a
    milliard of columns. So a terminal that offers to report its size in that way is not taken up on it.
    """

    def feed(self, data: str) -> Iterator[Message]:
        for message in super().feed(data):
            self.mouse_pixels = False
            if not isinstance(message, events.Resize | messages.InBandWindowResize):
                yield message


class _Paste:
    """What was pasted until now."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.cut = False
        self._room = PASTE_LIMIT
        self._held = ""

    def add(self, data: str) -> str | None:
        """Take a part of it. Returns what comes after its end, or None while that has not come."""
        seen = self._held + data
        at = seen.find(BRACKETED_PASTE_END)
        if at < 0:
            keep = len(seen) - len(BRACKETED_PASTE_END) + 1
            self._held = seen[max(0, keep) :]
            self._take(seen[: max(0, keep)])
            return None
        self._held = ""
        self._take(seen[:at])
        return seen[at + len(BRACKETED_PASTE_END) :]

    def text(self) -> str:
        """All of it, up to the limit, without NUL."""
        held, self._held = self._held, ""
        self._take(held)
        return "".join(self.pieces).replace("\x00", "")

    def _take(self, text: str) -> None:
        self.cut = self.cut or len(text) > self._room
        self.pieces.append(text[: self._room])
        self._room -= len(self.pieces[-1])


class Pastes(XTermParser):
    """A bracketed paste has an end, also where that got lost, and an escape sequence in it presses no keys."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self.on_cut: Callable[[], object] = lambda: None
        """Called for a paste that is over the limit."""
        self._paste: _Paste | None = None
        self._tail = ""
        self._last = 0.0

    def feed(self, data: str) -> Iterator[Message]:
        if not data:
            yield from super().feed(data)
        before, self._last = self._last, time.monotonic()
        pressed = data.startswith(_INTERRUPTS) and not data.replace(_INTERRUPTS[0], "").replace(_INTERRUPTS[1], "")
        if pressed and self._last - before > KEY_PAUSE:
            yield from self._give_up()
        rest: str | None = data
        while rest:
            if self._paste is not None:
                rest = self._paste.add(rest)
                if rest is not None:
                    yield from self._end()
                continue
            seen = self._tail + rest
            at = seen.find(BRACKETED_PASTE_START)
            cut = len(rest) if at < 0 else at + len(BRACKETED_PASTE_START) - len(self._tail)
            self._tail = seen[1 - len(BRACKETED_PASTE_START) :] if at < 0 else ""
            yield from super().feed(rest[:cut])
            rest = rest[cut:]
            if at >= 0:
                self._paste = _Paste()

    def tick(self) -> Iterator[Message]:
        yield from super().tick()
        if time.monotonic() - self._last > PASTE_PAUSE:
            yield from self._give_up()

    def _give_up(self) -> Iterator[Message]:
        """The paste has no end. ctrl+c, pressed after it and read with it by a program that is slow to read, counts."""
        text = "" if self._paste is None else self._paste.text()
        pressed = text[len(text.rstrip(_INTERRUPTS[0])) :]
        yield from self._end(text[: len(text) - len(pressed)])
        if pressed:
            yield from super().feed(pressed)

    def _end(self, text: str | None = None) -> Iterator[Message]:
        paste, self._paste = self._paste, None
        if paste is not None:
            for message in super().feed(BRACKETED_PASTE_END):
                if not isinstance(message, events.Paste):
                    yield message
            yield events.Paste(paste.text() if text is None else text)
            if paste.cut:
                self.on_cut()


class Patch(NamedTuple):
    """Something that the driver gets wrong, and a parser that gets it right."""

    issue: str
    """Where those who make Textual know it from; else what to try."""
    needed: Callable[[], bool]
    parser: type[XTermParser]


def _what_is_no_key_acts() -> bool:
    try:
        return any(list(XTermParser().feed(sequence)) for sequence in ("\x1b[1114112u", "\x1b[55296u"))
    except (ValueError, OverflowError):
        return True


def _any_size_is_taken() -> bool:
    return any(isinstance(message, events.Resize) for message in XTermParser().feed("\x1b[48;0;0;0;0t"))


def _a_paste_goes_on_or_leaks() -> bool:
    parser = XTermParser()
    keys = [it for it in parser.feed(f"{BRACKETED_PASTE_START}\x1b{'q' * 40}") if isinstance(it, events.Key)]
    return bool(keys) or parser._timeout_time is None


PATCHES = (
    Patch("not reported: a paste without its end, or with an escape sequence in it", _a_paste_goes_on_or_leaks, Pastes),
    Patch("textual#6706: a size of zero; and any other that is not the terminal's", _any_size_is_taken, Sizes),
    Patch("not reported: a key of the Kitty protocol beyond U+10FFFF, or a surrogate", _what_is_no_key_acts, Sequences),
)


def parser_class() -> type[XTermParser]:
    """Textual's parser of what a terminal sends, with the patches that it needs."""
    needed = [patch.parser for patch in PATCHES if patch.needed()]
    return type("PatchedParser", (ForgivingParser, *needed, XTermParser), {})


def forgiving_decoder(encoding: str) -> Callable[..., codecs.IncrementalDecoder]:
    """In place of codecs.getincrementaldecoder: bytes that are no text are U+FFFD, unless the caller says otherwise.

    textual#6456: Textual asks for a strict one, and a single byte of Latin-1 ends the thread that reads keys.
    """
    decoder = codecs.getincrementaldecoder(encoding)

    def make(errors: str = "replace") -> codecs.IncrementalDecoder:
        return decoder(errors)

    return make


def patch_input(on_cut: Callable[[], object], waker: Waker, encoding: str = "utf-8") -> None:
    """Have the driver read keys with these, in the terminal's encoding, and wait for them until `waker` wakes it.

    `on_cut` is called in its thread for a paste that is over the limit.
    """
    if encoding == "ascii":  # it does not say what else may come
        encoding = "utf-8"
    kind = parser_class()

    def parser(debug: bool = False) -> XTermParser:
        made = kind(debug)
        if isinstance(made, Pastes):
            made.on_cut = on_cut
        return made

    mine = {
        "XTermParser": parser,
        "getincrementaldecoder": lambda _: forgiving_decoder(encoding),
        "selectors": SimpleNamespace(**{**vars(selectors), "SelectSelector": lambda: PatientSelector(waker)}),
    }
    names = vars(linux_driver)
    names.update((name, it) for name, it in mine.items() if name in names)  # else that Textual does it in another way
