"""A command line in its parts: what it may become, what it does, and what is said where it can do nothing."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatui.ui.command_line import CommandError, Verb, complete, parsed, run

DONE: list[tuple[str, str]] = []


def verb(*names: str, argument: str = "", words: tuple[str, ...] = ()) -> Verb:
    """A command that writes down that it was done."""
    return Verb(
        names, f"do {names[0]}", lambda given: DONE.append((names[0], given)), argument, words=lambda: iter(words)
    )


VERBS = [
    verb("functions", "fn", argument="[FILTER]", words=("pay-in", "pay-out", "orders")),
    verb("logs", argument="FUNCTION", words=("pay-in",)),
    verb("q", "quit"),
]


@pytest.fixture(autouse=True)
def nothing_done() -> None:
    DONE.clear()


def options(line: str, at: int | None = None) -> list[str]:
    return [*complete(line, len(line) if at is None else at, VERBS, ["fn orders"]).options]


def completed(line: str, option: int = 0) -> str:
    """The line once an option was taken."""
    start, end, found = complete(line, len(line), VERBS, ["fn orders"])
    return line[:start] + found[option] + line[end:]


@pytest.mark.parametrize(
    ("line", "done"),
    [
        ("fn", [("functions", "")]),
        ("fn pay err>1", [("functions", "pay err>1")]),
        (":fn  pay ", [("functions", "pay")]),
        ("  : logs pay-in", [("logs", "pay-in")]),
        ("q", [("q", "")]),
        ("", []),
        (" : ", []),
    ],
)
def test_a_command_is_done_with_its_argument(line: str, done: list[tuple[str, str]]) -> None:
    run(line, VERBS)
    assert done == DONE


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("lgos x", "There is no command 'lgos'. Did you mean 'logs'?"),
        ("zzz", "There is no command 'zzz'. Possible: fn, functions, logs, q, quit."),
        ("quit now", "'q' takes nothing after it."),
        ("logs", "'logs' wants a function. Possible: pay-in."),
    ],
)
def test_what_cannot_be_done_is_told_with_what_can(line: str, said: str) -> None:
    with pytest.raises(CommandError) as told:
        run(line, VERBS)
    assert str(told.value) == said
    assert DONE == []


def test_with_nothing_typed_what_was_used_lately_comes_first() -> None:
    assert options("") == ["fn orders", "functions", "logs", "q"]
    assert completed("") == "fn orders"
    assert completed(":") == ":fn orders"


@pytest.mark.parametrize(
    ("line", "becomes"),
    [
        ("fu", ["functions"]),
        ("fn", ["fn", "functions"]),
        ("fn ", ["pay-in", "pay-out", "orders"]),
        ("fn pa", ["pay-in", "pay-out"]),
        ("fn out", ["pay-out"]),
        ("fn pyi", ["pay-in"]),
        ("q ", []),
        ("nothing ", []),
        ("zz", []),
    ],
)
def test_a_line_is_completed_by_what_it_may_become(line: str, becomes: list[str]) -> None:
    assert options(line) == becomes


def test_a_completion_replaces_only_what_it_is_of() -> None:
    assert completed("fn pa", 1) == "fn pay-out"
    assert completed(": lo") == ": logs"
    assert complete("lo pay-in", 2, VERBS, ()) == (0, 2, ["logs"])


@given(st.text(max_size=40), st.integers(0, 40))
def test_anything_can_be_typed(line: str, at: int) -> None:
    start, end, found = complete(line, min(at, len(line)), VERBS, ["fn orders"])
    assert 0 <= start <= end <= len(line)
    assert all(found)
    word, argument, begun = parsed(line)
    assert word in line
    assert argument in line
    assert begun <= len(line) + 1
    with suppress(CommandError):
        run(line, VERBS)
