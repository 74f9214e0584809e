"""Whether bytes are JSON, as Lambda's front end takes it, and what it says if not."""

from __future__ import annotations

import json
from typing import NoReturn

_EXPECTED = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"


def problem_with(body: bytes) -> str | None:
    """What is wrong with a payload, in about the words of AWS's parser (Jackson); None if it is JSON (RFC 8259).

    Numbers of any size and precision are JSON; NaN and Infinity, which Python takes, are not.
    """
    try:
        text = body.decode()
        json.loads(text, parse_constant=_refuse, parse_int=_unread, parse_float=_unread)
    except UnicodeDecodeError as problem:
        return f"Invalid UTF-8 start byte 0x{body[problem.start]:02x}\n at [Source: (byte[])]"
    except _NotJson as problem:
        return _unrecognized(str(problem), text, max(text.find(str(problem)), 0))
    except json.JSONDecodeError as problem:
        return _described(text, problem)
    except RecursionError:
        return "Document nesting depth (1001) exceeds the maximum allowed (1000)"
    return None


def _unread(number: str) -> None:
    """What becomes of a number: nobody reads it, it would take memory, and Python would refuse 4,301 digits."""


class _NotJson(Exception):
    """A word that Python takes for a number."""


def _refuse(word: str) -> NoReturn:
    raise _NotJson(word)


def _described(text: str, problem: json.JSONDecodeError) -> str:
    at = problem.pos
    if at >= len(text.rstrip()):
        return f"Unexpected end-of-input{_where(text, at)}"
    if problem.msg.startswith("Invalid control character"):
        code = ord(text[at])
        return (
            f"Illegal unquoted character ((CTRL-CHAR, code {code})): has to be escaped using backslash to be included "
            f"in string value{_where(text, at)}"
        )
    word = text[at:].split(maxsplit=1)[0]
    letters = "".join(_leading_word(word))
    if letters:
        return _unrecognized(letters, text, at)
    character = f"'{text[at]}' (code {ord(text[at])})"
    return f"Unexpected character ({character}): expected a valid value {_EXPECTED}{_where(text, at)}"


def _leading_word(text: str) -> list[str]:
    letters: list[str] = []
    for letter in text:
        if not (letter.isalnum() or letter in "_$"):
            break
        letters.append(letter)
    return letters


def _unrecognized(token: str, text: str, at: int) -> str:
    return f"Unrecognized token '{token}': was expecting {_EXPECTED}{_where(text, at + len(token))}"


def _where(text: str, at: int) -> str:
    before = text[:at]
    column = at - (before.rfind("\n") + 1) + 1
    return f"\n at [Source: (byte[]); line: {before.count(chr(10)) + 1}, column: {column}]"
