"""A walk through every pane of the registry, its dialogues, help and palette, in the real program in a terminal."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from lambdatui.ui.panes.resources import RESOURCES
from tests.terminal.trial import Trial
from tests.ui.tabs import DETAILS

ENTER, ESCAPE, DOWN, PAGE_DOWN, END, HOME, RIGHT, LEFT, F5 = (
    "\r", "\x1b", "\x1b[B", "\x1b[6~", "\x1b[F", "\x1b[H", "\x1b[C", "\x1b[D", "\x1b[15~",
)  # fmt: skip
LETTERS_OF_ALL_PANES = "XWt"
"""Keys that show a pane's content in another way: reveal, wrap, time."""

TABS = "  ".join(pane.TITLE for pane in DETAILS)
"""The line of tabs of a function's screen."""


class Walk:
    """One program and all that was ever on its screen."""

    def __init__(self, trial: Trial, actions: Path) -> None:
        self.trial = trial
        self._actions = actions
        self.seen: set[str] = set()
        """Lines that were ever on the screen."""

    def press(self, *keys: str, quiet: float = 0.15) -> None:
        """Press keys one after the other, and look at the screen when it has come to rest after each."""
        for key in keys:
            self.trial.terminal.press(key)
            self.look(quiet)

    def look(self, quiet: float = 0.15) -> None:
        """Read until nothing comes any more, and remember what is there."""
        self.trial.terminal.quiet(quiet)
        self.seen.update(self.trial.terminal.lines)

    def dialogues(self) -> None:
        """Open and close the help, the palette and the command bar."""
        terminal = self.trial.terminal
        for key, sign in (("?", "Keys here"), ("\x10", "Search for commands"), (":", "a command")):
            terminal.press(key)
            self.trial.wait_for(sign)
            self.look()
            terminal.press(ESCAPE)
            self._gone(sign)

    def _gone(self, sign: str) -> None:
        self.trial.wait_for(lambda: sign not in self.trial.terminal.text)

    def actions(self) -> list[str]:
        """What actions the program has run, in order."""
        return json.loads(f"[{self._actions.read_text().rstrip(',')}]") if self._actions.exists() else []

    def until(self, key: str, words: Sequence[str], most: int) -> list[str]:
        """Press a key until all words were on the screen; returns those that were not."""
        missing = self.missing(words)
        unchanged = 0
        for _ in range(most):
            if not missing or unchanged == 3:
                break
            before = self.trial.terminal.text
            self.press(key, quiet=0.06 + 0.3 * unchanged)
            missing = self.missing(missing)
            unchanged = unchanged + 1 if self.trial.terminal.text == before else 0
        return missing

    def missing(self, words: Sequence[str]) -> list[str]:
        """Those of the words that were never on the screen in one piece."""
        everything = "\n".join(self.seen)
        return [word for word in words if word not in everything]


def through_list(walk: Walk) -> list[str]:
    """Look at a list that gives nothing but trouble."""
    walk.look(1.0)
    walk.press("r", "r", "c", "C", quiet=0.4)
    walk.dialogues()
    return []


def through_all(walk: Walk, words: Sequence[str], early: Sequence[str]) -> list[str]:
    """Go everywhere. Returns a sentence for each word that could not be read where it is shown.

    `early`: those that stand at the beginning of their strings, where also a narrow column shows them.
    """
    found: list[str] = []
    for number, resource in enumerate(RESOURCES, 1):
        walk.press(str(number), quiet=0.3)
        walk.trial.wait_for(resource.TITLE)
        walk.look(0.5)
        read = words_of(resource.NAME, early)
        found += [f"not readable in {resource.NAME}: {word}" for word in walk.until(PAGE_DOWN, read, 60)]
        walk.press(HOME, RIGHT, RIGHT, "s", "S", DOWN, "c", "C")
        walk.dialogues()
        if "/ Filter" in walk.trial.terminal.text:  # else nothing has come that could be filtered
            _filtered(walk)
        walk.press(ENTER, quiet=0.5)
        if resource is RESOURCES[0]:
            _through_tabs(walk, words, found)
        elif any(way in walk.trial.terminal.text for way in ("esc Back", "q Back")):
            walk.dialogues()
            walk.press("q")
        walk.trial.wait_for("q Quit")
        walk.press("r", quiet=0.3)
    return found


def _filtered(walk: Walk) -> None:
    walk.press("/")
    walk.trial.wait_for("esc Close")
    walk.press("w0", ESCAPE)
    walk.trial.wait_for("/ Filter")
    for _ in range(4):  # of each part that is lacking
        if "esc puts this away" in walk.trial.terminal.text:
            walk.press(ESCAPE, quiet=0.3)
    walk.press(ESCAPE)
    walk.trial.wait_for(lambda: "esc clears" not in walk.trial.terminal.text)


def words_of(pane: str, words: Sequence[str]) -> Sequence[str]:
    """Those that must be readable in a pane: all, where the server's answers have every string for it."""
    return words if pane in {"functions", "overview", "logs"} else ()


def _through_tabs(walk: Walk, words: Sequence[str], found: list[str]) -> None:
    walk.trial.wait_for("esc Back")
    for detail in DETAILS:
        walk.seen.clear()
        walk.press(detail.KEY, quiet=0.6)
        _through(walk, detail.NAME, words_of(detail.NAME, words), found)
        if TABS not in walk.trial.terminal.text:  # a click has opened what it was on
            walk.press("q", quiet=0.3)
            walk.trial.wait_for(TABS)
        walk.press("c", quiet=0.3)
        walk.dialogues()
    walk.press("q")


def _through(walk: Walk, name: str, words: Sequence[str], found: list[str]) -> None:
    if name == "invoke":
        walk.press(F5, ESCAPE, quiet=0.8)
        walk.press("\t", *[PAGE_DOWN] * 12)
        return
    if name == "logs":
        walk.press("W", END, quiet=0.4)
        walk.press(HOME, quiet=0.4)
    if name == "metrics":
        walk.press("b", "B", LEFT, quiet=0.4)
    walk.press("X", quiet=0.4)
    missing = walk.until(PAGE_DOWN, words, 250)
    found += [f"not readable in {name}: {word}" for word in missing]
    walk.press(*LETTERS_OF_ALL_PANES, END, HOME, PAGE_DOWN)
    for row in range(6, 30, 4):
        for column in (6, 30, 50):
            place = f"{column};{row}"
            walk.trial.terminal.press(f"\x1b[<0;{place}M\x1b[<0;{place}m")
    walk.look(0.4)


def walked(trial: Trial, walk: Callable[[Walk], list[str]]) -> tuple[list[str], Walk]:
    """A walk and its findings; the program is ended by ctrl+c twice, which must still do."""
    walking = Walk(trial, trial.home / "actions")
    found = walk(walking)
    trial.cause(lambda: trial.terminal.press("\x03\x03"))
    trial.duration()
    return found, walking
