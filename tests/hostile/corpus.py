"""Strings that mean harm: to the terminal, to the markup of widgets, to a reader's eyes, and to files and YAML.

Each has a word of its own in it that must be readable wherever the string is shown. Another seed makes others.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LEAST = 300


@dataclass(frozen=True)
class Hostile:
    """One string."""

    kind: str
    text: str
    word: str
    """Lower-case letters and digits."""


ESC, ST, BEL = "\x1b", "\x1b\\", "\x07"

_ORDERS: dict[str, Sequence[str]] = {
    "a title": ("0;{w}", "1;{w}", "2;{w}", "l{w}", "21;{w}"),
    "a folder": ("7;file://{w}/etc", "9;9;{w}"),
    "a link": ("8;;https://{w}.example/", "8;id={w};javascript:alert(1)"),
    "a clipboard": ("52;c;cm0gLXJmIH4v{w}", "52;p;{w}", "52;c;?{w}", "52;;{w}"),
    "an image or a file": (
        "1337;File=inline=1:{w}", "1337;SetProfile={w}", "1337;CopyToClipboard={w}", "1337;RunCommand={w}",
    ),
    "a colour": ("4;1;{w}", "10;{w}", "11;?{w}", "104;{w}", "12;#ff0000{w}"),
    "a notification": ("9;{w}", "777;notify;{w};{w}", "99;i=1;{w}", "133;A{w}", "633;E;{w}", "5522;{w}"),
}  # fmt: skip
_CONTROL = (
    "2J", "H", "3J", "?1049l", "?1049h", "?25l", "?1000h", "?2004h", "?1003;1006h", "?2026h", "6n", "5n", "c", ">c",
    "18t", "21t", "8;1;1t", "20h", "4h", "?5h", "10000@", "1;1r", "s", "u", "9999A", "0;0H", "2K", "!p", ">4;2m",
    "?6n", ">q", "=c", "200~", "201~", "31m", "0;1;5;7;8m", "38;5;1m", "48;2;0;0;0m", "8m", "30;40m",
)  # fmt: skip
_SHORT = (
    "c", "7", "8", "D", "E", "H", "M", "N", "O", "Z", "=", ">", "#8", "(0", ")0", "%G", "%@", " F", "n", "o", "|",
    "l", "m",
)  # fmt: skip
_HIDDEN = (
    "\u202e", "\u202d", "\u2066", "\u2067", "\u2069", "\u200e", "\u200f", "\u061c", "\u200b", "\u200c", "\u200d",
    "\u2060", "\ufeff", "\u00ad", "\u034f", "\u180e", "\u115f", "\u3164", "\uffa0", "\u2028", "\u2029", "\U000e0041",
    "\U000e007f", "\U000e0100", "\ufff9", "\ufffb", "\u2061", "\u206a", "\U0001d173", "\u17b4",
)  # fmt: skip
_MARKUP = (
    "[@click=app.quit]{w}[/]", "[@click=app.quit()]{w}", "[@click='app.suspend_process']{w}[/]",
    "[link=https://x]{w}[/link]", "[/{w}", "[/]{w}", "[b]{w}", "[{w}", "[red on red]{w}[/]", "[$error]{w}", "\\[{w}",
    "[{w}]", "[]{w}", "[[{w}]]", "[@click=screen.dismiss]{w}[/]", "[reverse blink]{w}", ":warning: {w}",
    "[on #000000 #000000]{w}", "[/b]{w}[/i]", "{{w}}", "%s%n{w}", "${{{w}}}", "$background {w}", "[not a tag {w}",
    "[@click=app.bell]{w}[/@click]", "[auto 1%]{w}",
)  # fmt: skip
_FILES = (
    "../../etc/{w}", "/etc/{w}", "~/.ssh/{w}", "C:\\{w}", "{w}/..", ".{w}", "-rf {w}", "--{w}", "$({w})", "`{w}`",
    "; {w}", "| {w}", "&& {w}", "!!python/object/apply:os.system [{w}]", "&a [*a] {w}", "*{w}", "? {w}",
    "{w}: {w}: {w}", "- {w}", "#{w}", "%YAML {w}", "!<tag:{w}> x", "| {w}", "> {w}", "'{w}", '"{w}', "{{{w}: 1}}",
    "null {w}", "yes {w}", "0x{w}", "=cmd|'/c {w}'!A1", "<script>{w}</script>", "' OR 1=1 --{w}", "CON {w}",
    "{w}\x00.txt", "\\u001b[2J{w}", "\\x1b]0;{w}\\x07", "^[[2J{w}", "&#27;[2J{w}",
)  # fmt: skip


def corpus(seed: int = 4) -> list[Hostile]:
    """At least `LEAST` strings, in an order of the seed's own."""
    chance = random.Random(seed)
    found: list[Hostile] = []
    for kind, text in _texts(chance):
        word = f"w{len(found):03d}{''.join(chance.choice('abcdefghkmnpqrstuvwxyz') for _ in range(3))}"
        found.append(Hostile(kind, text.replace("{w}", word), word))
    chance.shuffle(found)
    assert len(found) >= LEAST
    return found


def _texts(chance: random.Random) -> Iterator[tuple[str, str]]:
    yield from _orders(chance)
    for code in [*range(9), *range(0x0B, 0x20), *range(0x7F, 0xA0)]:
        yield "a control character", f"a{chr(code)}{{w}}{chr(code)}"
    for hidden in _HIDDEN:
        yield "what hides or turns text", f"{hidden}{{w}}{hidden * 3}txet"
    for mark in ("\u0301", "\u0489", "\u20dd", "\u0e31", "\u1161", "\ufe0f"):
        yield "a pile of marks", f"{{w}}e{mark * chance.randrange(40, 400)}"
    for kind, texts in (("markup", _MARKUP), ("files, shells and YAML", (*_FILES, "{w} " + "x" * 300))):
        yield from ((kind, text) for text in texts)
    for width in ("日本語" * 30, "👩‍👩‍👧" * 9, "\t" * 40, " " * 200, "ﷺ" * 20, "\u2588" * 90, "🏳️‍🌈" * 5):
        yield "width", f"{{w}}{width}"
    for ending in ("\r\n", "\r", "\n\n\n", "\x0b\x0c", "\x85", "\r\x1b[K", "\b" * 40):
        yield "line endings", f"{{w}}{ending}over{ending}"


def _orders(chance: random.Random) -> Iterator[tuple[str, str]]:
    for kind, orders in _ORDERS.items():
        for order in orders:
            start, end = chance.choice([(f"{ESC}]", BEL), (f"{ESC}]", ST), ("\x9d", "\x9c"), ("\x9d", BEL)])
            yield kind, f"{start}{order}{end}"
            yield f"{kind}, without an end", f"{start}{order}"
            yield f"{kind}, in tmux", f"{ESC}Ptmux;{ESC}{start}{order}{end}{ST}"
    for control in _CONTROL:
        yield "a control sequence", f"{chance.choice([f'{ESC}[', chr(0x9B)])}{control}{{w}}"
    for short in _SHORT:
        yield "an escape sequence", f"{ESC}{short}{{w}}"
    for start in ("P", "_", "^", "X", "k"):
        for body in ("{w}", "1$r{w}", "q#0;2;0;0;0~{w}", "Gf=32;{w}", "+q544e{w}"):
            yield "a control string", f"{ESC}{start}{body}{chance.choice([ST, BEL, '', chr(0x18), chr(0x9C)])}"


def huge(seed: int = 4) -> Hostile:
    """A line of a megabyte, with orders all over it."""
    chance = random.Random(seed)
    order = "".join(
        chance.choice(["x" * 50, "\x1b[2J", "\x1b]0;t\x07", "[/", "日", "\x9b31m", "\u202e"]) for _ in range(60)
    )
    return Hostile("a megabyte", f"hugeline {order}{order * (1_000_000 // len(order))}"[:1_000_000], "hugeline")
