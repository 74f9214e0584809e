"""A saved event: a payload that people keep in a file, with how it is sent, and what is allowed of its name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from lambdatui.model.json_value import Value
from lambdatui.model.text import visible

LONGEST_NAME = 100
"""Characters."""
_NAME = re.compile(rf"[A-Za-z0-9][A-Za-z0-9 ._-]{{0,{LONGEST_NAME - 1}}}")
_RESERVED = re.compile(r"(?i)(?:.*\.(?:ya?ml|json|tmp)|.*[ .])")
_FUNCTION = re.compile(r"[A-Za-z0-9_-]{1,140}")


class EventError(Exception):
    """One sentence for people: why an event cannot be saved, deleted or read."""


class EventPlace(NamedTuple):
    """A folder that events are in."""

    title: str
    """ "project" (`.lambdatui/events/<function>`), "events" (SAM's folder, for every function) or "yours" (XDG)."""
    folder: str
    """Its path as it is shown: safe to draw."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable that an event declares. In the payload it is `{{name}}`."""

    name: str
    default: str | None
    """None: it is asked for."""


@dataclass(frozen=True, slots=True)
class SavedEvent:
    """A payload in a file, with how it is sent. All text is safe to draw."""

    name: str
    """As the file is called, without its ending."""
    text: str
    """The payload as it is written in the file; "" is none at all. Lines end with "\\n", and the newline that ends the
    file is not part of it."""
    language: str = "json"
    """Or "yaml": it is made JSON when it is sent."""
    description: str = ""
    qualifier: str = ""
    """Version, alias or "$LATEST"; empty: what is chosen stays."""
    kind: str = ""
    """Value of an InvocationType, or empty: what is chosen stays."""
    client_context: str = ""
    """JSON text, or empty."""
    variables: tuple[Variable, ...] = ()
    expect: Value = None
    """What the response is held to, where `has_expect`: null can be expected too."""
    has_expect: bool = False
    place: EventPlace | None = None
    file: str = ""
    """Path of its file as the system has it (not safe to draw), or empty: it was never saved."""
    problem: str = ""
    """Of a broken file: a sentence, with line and column where it has some. Then only name, place and file count."""
    digest: str = ""
    """Of the bytes that it was read from: whether somebody changed the file since."""

    @property
    def declared(self) -> frozenset[str]:
        """Names of its own variables."""
        return frozenset(it.name for it in self.variables)

    @property
    def plain(self) -> bool:
        """Whether it is its payload and nothing else."""
        return not (
            self.description or self.qualifier or self.kind or self.client_context or self.variables or self.has_expect
        )


class Events(NamedTuple):
    """The events of a function, as they were found."""

    saved: list[SavedEvent]
    """By place, then by name; broken ones too."""
    places: list[EventPlace]
    """Where was looked, the first one first; a folder of it need not exist."""
    problems: list[str]
    """Sentences: folders that could not be read, or were not trusted."""


def check_name(name: str) -> str:
    """A sentence that says why an event cannot be called so, or ""."""
    if not _NAME.fullmatch(name):
        return (
            f"An event's name has letters of English, digits, space, dot, _ and -, begins with a letter or digit, and "
            f"has at most {LONGEST_NAME} characters: {_shown(name)} does not fit."
        )
    if _RESERVED.fullmatch(name):
        return f"An event's name does not end with .json, .yaml, .yml, .tmp, a dot or a space: {_shown(name)} does."
    return ""


def check_function(name: str) -> str:
    """A sentence that says why there can be no folder for a function that is called so, or "".

    Function names have letters, digits, - and _ (FunctionName in Lambda's API); an ARN is not a name.
    """
    return "" if _FUNCTION.fullmatch(name) else f"{_shown(name)} is not the name of a function."


def _shown(name: str) -> str:
    return f"“{visible(name[:LONGEST_NAME])}”".replace("\n", "␊").replace("\t", "␉")
