"""What differs between two JSON values: by what they say, not by how that is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeAlias

from lambdatui.model.json_align import Aligner, paired
from lambdatui.model.json_numbers import same_number
from lambdatui.model.json_value import Members, Number, Value, written
from lambdatui.model.text import one_line

WIDTH = 40
"""Characters of each value in a sentence about it."""
LONGEST_NAME = 100
"""Characters of one name in a path."""

_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*", re.ASCII)


class Difference(NamedTuple):
    """One place where two values differ."""

    path: str
    """Visible text: "$.items[0].price". Of what was added or changed the place in the second, else in the first. The
    second member of the same name is "$.name#2"."""
    kind: str
    """"added", "removed" or "changed"."""
    before: Value
    """None where it was added."""
    after: Value
    """None where it was removed."""


class _Missing:
    """Stands for a value that is not there."""


MISSING = _Missing()
_Side: TypeAlias = "Value | _Missing"


class _Pair(NamedTuple):
    path: str
    before: _Side
    after: _Side


_Lists: TypeAlias = Callable[[list[Any], list[Any]], Iterator[tuple[int, int]]]


def differences(before: Value, after: Value, most: int = 1000) -> list[Difference]:
    """Where two values differ, in their order, at most so many.

    Numbers are equal by value (1.0 and 1e0), members by name in whatever order, double ones by their turn. Items of
    lists are aligned, so that one that was put in is one difference; long lists of which much has changed are compared
    item by item. The work is in proportion to the size of both.
    """
    aligner = Aligner()
    return list(_walk(before, after, most, aligner.pairs, subset=False))


def unmatched(expected: Value, got: Value, most: int) -> list[Difference]:
    """As `differences()`, but members that only the second has do not count, and lists are compared item by item."""
    return list(_walk(expected, got, most, paired, subset=True))


def described(difference: Difference) -> str:
    """A difference in a sentence: "$.total: 5 → 7", "$.total: added 7", "$.total: removed 5"."""
    before, after = brief(difference)
    if difference.kind == "changed":
        return f"{difference.path}: {before} → {after}"
    return f"{difference.path}: {difference.kind} {before or after}"


def brief(difference: Difference) -> tuple[str, str]:
    """Both values on one line, in short, so that it shows what differs; empty where there is none."""
    _, kind, before, after = difference
    start = _same(before, after)
    return "" if kind == "added" else _cut(before, start), "" if kind == "removed" else _cut(after, start)


def _walk(before: Value, after: Value, most: int, lists: _Lists, *, subset: bool) -> Iterator[Difference]:
    """Not by recursion: depth is whatever the one who writes likes."""
    stack: list[Iterator[_Pair]] = [iter([_Pair("$", before, after)])]
    while stack and most > 0:
        pair = next(stack[-1], None)
        if pair is None:
            stack.pop()
            continue
        path, one, other = pair
        if _equal(one, other):
            continue
        if isinstance(one, Members) and isinstance(other, Members):
            stack.append(_of_members(path, one, other, subset=subset))
        elif isinstance(one, list) and isinstance(other, list) and type(one) is type(other):
            stack.append(_of_lists(path, one, other, lists))
        else:
            most -= 1
            yield _difference(path, one, other)


def _difference(path: str, before: _Side, after: _Side) -> Difference:
    old = None if isinstance(before, _Missing) else before
    new = None if isinstance(after, _Missing) else after
    kind = "added" if before is MISSING else "removed" if after is MISSING else "changed"
    return Difference(path, kind, old, new)


def _equal(one: object, other: object) -> bool:
    """Whether both are the same scalar. Never of lists and objects."""
    if type(one) is not type(other) or isinstance(one, list):
        return False
    return one == other or (isinstance(one, Number) and isinstance(other, Number) and same_number(one, other))


def _of_members(path: str, before: Members, after: Members, *, subset: bool) -> Iterator[_Pair]:
    """The members that may differ: first those of `before`, then what only `after` has."""
    ours, theirs = _turns(before), _turns(after)
    for key, value in ours.items():
        other = theirs.get(key, MISSING)
        if not _equal(value, other):  # here already: most are, and need no path
            yield _Pair(_below(path, *key), value, other)
    if not subset:
        for key, value in theirs.items():
            if key not in ours:
                yield _Pair(_below(path, *key), MISSING, value)


def _turns(members: Members) -> dict[tuple[str, int], Any]:
    """Members by name and by which of that name they are, from 1."""
    found: dict[tuple[str, int], Any] = {}
    seen: dict[str, int] = {}
    for name, value in members:
        turn = seen[name] = seen.get(name, 0) + 1
        found[name, turn] = value
    return found


def _of_lists(path: str, before: list[Any], after: list[Any], lists: _Lists) -> Iterator[_Pair]:
    for left, right in lists(before, after):
        one = before[left] if left >= 0 else MISSING
        other = after[right] if right >= 0 else MISSING
        if not _equal(one, other):
            yield _Pair(f"{path}[{right if right >= 0 else left}]", one, other)


def _below(path: str, name: str, turn: int) -> str:
    if _PLAIN_NAME.fullmatch(name) and len(name) <= LONGEST_NAME:
        step = f".{name}"
    else:
        step = f"[{one_line(written(name, LONGEST_NAME))}]"
    return path + step if turn == 1 else f"{path}{step}#{turn}"


def _same(before: Value, after: Value) -> int:
    """Where two long strings have to be begun for both to show what differs."""
    if not (type(before) is str and type(after) is str and max(len(before), len(after)) > WIDTH):
        return 0
    low, high = 0, min(len(before), len(after))
    while low < high:  # by halves: a step compares what is a piece of memory
        middle = (low + high + 1) // 2
        low, high = (middle, high) if before[:middle] == after[:middle] else (low, middle - 1)
    return max(0, low - WIDTH // 4) if low > WIDTH // 2 else 0


def _cut(value: Value, start: int = 0) -> str:
    if start and isinstance(value, str):
        value = "…" + value[start:]
    text = one_line(written(value, WIDTH * 2))
    return text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"
