"""Bytes that no keyboard sends: to the parser of keys, and to the real program, which ctrl+c twice must still end.

Another seed takes other bytes. Strings that would end the program by themselves (`q` on its first screen) have no such
letters in them; what is left of a program that ended nevertheless is a failure.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from tests.families.figures import Figure, Trials
from tests.terminal.conftest import TROUBLE
from tests.terminal.trial import Trial

FULL = 100_000
A_PROGRAM = 1000
"""Strings that one program is given."""
A_BATCH = 50
"""Strings that are given at once: a terminal holds 4 kB that nobody has read yet."""
AT_ONCE = 2
CTRL_C = b"\x03"

NUMBERS = (0, 1, 2, 5, 48, 57, 97, 127, 128, 255, 256, 999, 55296, 57358, 65535, 1114111, 1114112, 2**31, 2**32, 10**18)
KNOWN = (
    b"\x1b[A", b"\x1bOP", b"\x1b[15~", b"\x1b[1;5C", b"\x1b[Z", b"\x1b[I", b"\x1b[O", b"\x1b[200~", b"\x1b[201~",
    b"\x1b[<0;10;10M", b"\x1b[M !!", b"\x1b[97u", b"\x1b[97;5u", b"\x1b[12;40R", b"\x1b[?2026;2$y", b"\x1b[?2048;1$y",
    b"\x1b[48;36;120;600;1000t", b"\x1b[?62;22c", b"\x1b]11;rgb:0000/0000/0000\x1b\\", b"\x1bP1$r0m\x1b\\", b"\x1b[[A",
)  # fmt: skip


def _number(chance: random.Random) -> bytes:
    number = chance.choice(NUMBERS) if chance.random() < 0.7 else chance.randrange(10 ** chance.randrange(1, 25))
    return f"{'-' if chance.random() < 0.05 else ''}{number}".encode()


def _numbers(chance: random.Random, most: int = 5) -> bytes:
    return chance.choice([b";", b":", b";;"]).join(_number(chance) for _ in range(chance.randrange(most + 1)))


def _bytes(chance: random.Random) -> bytes:
    return chance.randbytes(chance.randrange(1, 16))


def _broken_utf8(chance: random.Random) -> bytes:
    whole = chance.choice(["é", "日", "👍", "\u0301", "\u202e"]).encode()
    return whole[: chance.randrange(1, len(whole) + 1)] + chance.choice(
        [b"", b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"a"]
    )


def _latin_1(chance: random.Random) -> bytes:
    return bytes(chance.randrange(0xA0, 0x100) for _ in range(chance.randrange(1, 6)))


def _control_sequence(chance: random.Random) -> bytes:
    return (
        b"\x1b["
        + chance.choice([b"", b"?", b"<", b">", b"="])
        + _numbers(chance)
        + bytes([chance.randrange(0x40, 0x7F)])
    )


def _kitty(chance: random.Random) -> bytes:
    parts = b";".join(_number(chance) for _ in range(chance.randrange(1, 4)))
    return b"\x1b[" + parts + chance.choice([b"u", b"~", b"A", b"H", b"P", b"S", b":3u"])


def _mouse(chance: random.Random) -> bytes:
    if chance.random() < 0.3:
        return b"\x1b[M" + chance.randbytes(chance.randrange(4))
    return (
        b"\x1b[<" + b";".join(_number(chance) for _ in range(chance.randrange(2, 5))) + chance.choice([b"M", b"m", b""])
    )


def _size(chance: random.Random) -> bytes:
    return b"\x1b[48;" + b";".join(_number(chance) for _ in range(4)) + b"t"


def _report(chance: random.Random) -> bytes:
    return b"\x1b[?" + _number(chance) + b";" + _number(chance) + chance.choice([b"$y", b"R", b"n", b"c"])


def _paste(chance: random.Random) -> bytes:
    inside = b"".join(
        chance.choice([_bytes, _control_sequence, _broken_utf8])(chance) for _ in range(chance.randrange(4))
    )
    return b"\x1b[200~" + inside + chance.choice([b"", b"\x1b[201~", b"\x1b[201", b"\x1b[201~\x1b[201~", b"\x1b[200~"])


def _string(chance: random.Random) -> bytes:
    end = chance.choice([b"", b"\x07", b"\x1b\\", b"\x9c"])
    return (
        chance.choice([b"\x1b]", b"\x1bP", b"\x1b_", b"\x1b^", b"\x1bX", b"\x9d", b"\xc2\x9d"]) + _bytes(chance) + end
    )


def _long(chance: random.Random) -> bytes:
    piece = chance.choice([b"\x1b", b"\x1b[", b"\x00", b"9", b";", b"\x1b[<", b"\xff", b"\xe2\x80\xae", b"\r", b"\t"])
    return chance.choice([b"", b"\x1b[", b"\x1b]", b"\x1b[48;"]) + piece * chance.randrange(1, 60)


def _mutated(chance: random.Random) -> bytes:
    data = bytearray(chance.choice(KNOWN))
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(len(data) + 1)
        change = chance.randrange(3)
        if change == 0:
            data[at:at] = chance.randbytes(1)
        elif data:
            data[at : at + 1] = chance.randbytes(1) if change == 1 else b""
    return bytes(data)


KINDS: tuple[Callable[[random.Random], bytes], ...] = (
    _bytes, _broken_utf8, _latin_1, _control_sequence, _kitty, _mouse, _size, _report, _paste, _string, _long, _mutated,
)  # fmt: skip
_ENDING = bytes.maketrans(b"qQ:\x03\x05\x10\x1a", b"xX;\x02\x04\x0e\x19")
"""What quits, opens the palette in which "Quit" is found or an editor that takes ctrl+c, or stops the program."""


def strings(count: int, seed: int) -> Iterator[bytes]:
    """As many strings of all kinds."""
    chance = random.Random(seed)
    for _ in range(count):
        data = chance.choice(KINDS)(chance).translate(_ENDING)
        # The same by the Kitty protocol: c, e, p, q and z with ctrl, and what they are in capitals.
        yield (
            data.replace(b"[99;", b"[98;")
            .replace(b"[101;", b"[100;")
            .replace(b"[113", b"[114")
            .replace(b"[112;", b"[111;")
            .replace(b"[122;", b"[121;")
        )


def _to_the_parser(count: int, seed: int) -> Figure:
    from lambdatui.ui.terminal.patches import forgiving_decoder, parser_class

    chance = random.Random(seed)
    failures = []
    messages = 0
    # Without the last resort, which would forgive what no patch has put right.
    kind = type("Strict", parser_class().__bases__[1:], {})
    parser, decode = kind(), forgiving_decoder("utf-8")()
    for data in strings(count, seed):
        cuts = sorted(chance.randrange(len(data) + 1) for _ in range(chance.randrange(3)))
        try:
            for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True):
                if text := decode.decode(data[start:end]):
                    messages += sum(1 for _ in parser.feed(text))
        except Exception as problem:  # noqa: BLE001  # any is a failure, and the next string is tried
            failures.append(f"{data!r}: {problem!r}")
            parser, decode = kind(), forgiving_decoder("utf-8")()
    return Figure("strings to the parser of keys", count, tuple(failures), f"{messages:,} keys and other events")


STATES: Sequence[tuple[str, tuple[str, ...], tuple[str, ...]]] = (
    ("in trouble", (), (TROUBLE,)),
    ("in the list", ("--demo",), ("checkout-api",)),
    ("in its filter", ("--demo",), ("checkout-api", "/", "esc Close")),
    ("in the editor", ("--demo", "-f", "legacy-export"), ("legacy-export", "i", "esc Leave the editor")),
    ("in a log", ("--demo", "-f", "checkout-api"), ("checkout-api", "l", "lines")),
)
"""Where the program is when it is given strings: its arguments; then what it shows, what is pressed, what it shows …"""


def _to_the_program(state: tuple[str, tuple[str, ...], tuple[str, ...]], given: Sequence[bytes]) -> str:
    """What was wrong with a program that was given these strings, or nothing."""
    name, arguments, steps = state
    sent: list[bytes] = []
    with Trial(*arguments) as trial:
        try:
            trial.wait_for(steps[0])
            for keys, text in zip(steps[1::2], steps[2::2], strict=True):
                trial.terminal.press(keys)
                trial.wait_for(text)
            for start in range(0, len(given), A_BATCH):
                for data in given[start : start + A_BATCH]:
                    trial.terminal.send(data)
                    sent.append(data)
            trial.read_for(1.5)  # an unterminated paste ends
            trial.cause(lambda: trial.terminal.send(CTRL_C))
            trial.read_for(0.3)
            trial.terminal.send(CTRL_C)
            trial.duration()
        except (AssertionError, OSError) as problem:
            tail = b"".join(sent[-A_BATCH:])
            return (
                f"{name}: {str(problem)[:200]!r} after …{tail[-300:]!r}; screen: {trial.terminal.text.strip()[-300:]!r}"
            )
        wrong = trial.wrong(0, took=0)
    return f"{name}: {'; '.join(wrong)}" if wrong else ""


def run(trials: Trials) -> Iterator[Figure]:
    """The parser with all strings, then the program in each state with its part of them."""
    count = trials.times(FULL, least=500)
    yield _to_the_parser(count, trials.seed)
    for number, state in enumerate(STATES):
        part = max(A_PROGRAM // 10, count // len(STATES))
        everything = list(strings(part, trials.seed + number + 1))
        lots = [everything[start : start + A_PROGRAM] for start in range(0, part, A_PROGRAM)]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            failures = tuple(filter(None, pool.map(partial(_to_the_program, state), lots)))
        yield Figure(f"strings to the program {state[0]}, then ctrl+c twice", part, failures, f"{len(lots)} programs")
