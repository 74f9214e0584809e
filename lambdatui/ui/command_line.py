"""What is typed after `:`: a command and its argument, what they may become, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lambdatui.config_file import possible
from lambdatui.model.fuzzy import Needle, folded
from lambdatui.model.query import Completion
from lambdatui.settings import nearest

MOST = 100
"""Options that a completion has."""


class CommandError(Exception):
    """What was typed cannot be done. `str()` is a sentence that says what can be."""


def nothing() -> Iterable[str]:
    """The words of an argument that can be anything."""
    return ()


@dataclass(frozen=True)
class Verb:
    """A command that can be typed."""

    names: tuple[str, ...]
    """The first is the one that is offered."""
    help: str
    run: Callable[[str], None]
    """Does it, with the argument ("" without). Raises CommandError before it has done anything."""
    argument: str = ""
    """What the argument is called: "NAME", "[FILTER]" where it can be left out; empty where there is none."""
    words: Callable[[], Iterable[str]] = nothing
    """What the argument may be, the most likely first."""

    @property
    def name(self) -> str:
        """What it is offered as."""
        return self.names[0]


class Typed(NamedTuple):
    """A line in its parts."""

    word: str
    argument: str
    at: int
    """Where the argument begins."""


def parsed(line: str) -> Typed:
    """A command line in its parts. Colons and spaces before the command do not count."""
    begun = len(line) - len(line.lstrip(": "))
    word, space, argument = line[begun:].partition(" ")
    skipped = len(argument) - len(argument.lstrip())
    return Typed(word, argument.strip(), begun + len(word) + len(space) + skipped)


def run(line: str, verbs: Sequence[Verb]) -> None:
    """Do what a line says. Raises CommandError."""
    typed = parsed(line)
    if not typed.word:
        return
    verb = found(typed.word, verbs)
    if verb is None:
        names = [name for verb in verbs for name in verb.names]
        raise CommandError(f"There is no command '{typed.word}'.{nearest(typed.word, names)}")
    if typed.argument and not verb.argument:
        raise CommandError(f"'{verb.name}' takes nothing after it.")
    if not typed.argument and verb.argument and not verb.argument.startswith("["):
        raise CommandError(f"'{verb.name}' wants a {verb.argument.lower()}.{possible([*verb.words()])}")
    verb.run(typed.argument)


def found(word: str, verbs: Iterable[Verb]) -> Verb | None:
    """The command of that name."""
    return next((verb for verb in verbs if word in verb.names), None)


def complete(line: str, at: int, verbs: Sequence[Verb], suggestions: Sequence[str]) -> Completion:
    """What a line that is typed up to `at` may become; with nothing typed, what is suggested, then every command."""
    typed = parsed(line[:at])
    begun = len(line) - len(line.lstrip(": "))
    if not typed.word:
        return Completion(begun, len(line), [*suggestions, *(verb.name for verb in verbs)][:MOST])
    if " " not in line[begun:at]:
        end = begun + len(parsed(line).word)
        return Completion(begun, end, fitting(typed.word, (name for verb in verbs for name in verb.names)))
    verb = found(typed.word, verbs)
    words = verb.words() if verb is not None and verb.argument else ()
    return Completion(typed.at, len(line), fitting(line[typed.at : at], words))


def fitting(typed: str, words: Iterable[str]) -> Sequence[str]:
    """Those of the words that fit what is typed, the best first; all in their order where nothing is."""
    if not typed.strip():
        return list(words)[:MOST]
    needle = Needle(typed.strip())
    ranked = [(needle.rank(low), word) for word in words if needle.fits(low := folded(word))]
    return [word for _, word in sorted(ranked, key=lambda it: it[0])][:MOST]
