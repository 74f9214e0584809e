"""Numbers of JSON compared by value, however many digits they have."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"(-?)([0-9]+)(?:\.([0-9]*))?(?:[eE]([+-]?)([0-9]+))?", re.ASCII)
_EXPONENT = 18
"""Digits of an exponent that is reckoned with."""


def same_number(one: str, other: str) -> bool:
    """Whether two numbers, as they were written, have the same value: 1.0, 1, 10e-1. Exact, in linear time.

    Of NaN and the like, and of exponents beyond 10 to the 18th, the text decides.
    """
    return one == other or canonical(one) == canonical(other)


def canonical(number: str) -> tuple[str, str, int]:
    """A number's sign, its digits without zeros at either end, and the power of ten of the last of them."""
    match = _NUMBER.fullmatch(number)
    if match is None:
        return number, "", 0
    sign, whole, fraction, exponent_sign, exponent = (it or "" for it in match.groups())
    digits = (whole + fraction).lstrip("0")
    short = digits.rstrip("0")
    if not short:
        return "", "", 0  # -0 has the value of 0
    power = exponent.lstrip("0")
    if len(power) > _EXPONENT:
        return number, "", 0
    exact = int(f"{exponent_sign}{power or 0}") - len(fraction) + len(digits) - len(short)
    return sign, short, exact
