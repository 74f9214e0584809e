"""What differs between two configurations of a function: in full, and in one line.

Read off the facts that the Overview tab shows, so what that shows of a version can be compared. Values of environment
variables are compared and never told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lambdatui.model.configuration import Configuration, Fact, Masked
from lambdatui.model.overview import describe

ENVIRONMENT, LAYERS = "Environment", "Layers"

NOT_OF_A_VERSION = frozenset({("Function", "ARN"), ("Function", "Version"), ("Function", "Revision"),
                              ("Concurrency and failure", "Reserved concurrency")})  # fmt: skip
"""Facts that say which version it is, or that are the function's and not the version's."""

IN_PASSING = frozenset({("Function", "Description"), ("Function", "Last modified"), ("Code", "Size"),
                        ("Code", "Configuration SHA-256"), ("Logging and tracing", "Log group")})  # fmt: skip
"""Facts that differ between most versions, or because another one does, and are left out of the one line."""

OF_NOW = frozenset({"State"})
"""Groups that say how a version is doing, not how it is configured."""

LONGEST = 24
"""Characters of a value that the one line holds."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact that is not the same in both; it is None where it is not set."""

    group: str
    label: str
    before: str | Masked | None
    after: str | Masked | None

    @property
    def masked(self) -> bool:
        """Whether the values must not be told."""
        return isinstance(self.before, Masked) or isinstance(self.after, Masked)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs, and what does not."""

    differences: tuple[Difference, ...]
    same: tuple[tuple[str, Fact], ...]
    """Groups and facts."""


def compare(before: Configuration, after: Configuration) -> Comparison:
    """All facts of both, in the order of the Overview tab."""
    old, new = _facts(before), _facts(after)
    differences: list[Difference] = []
    same: list[tuple[str, Fact]] = []
    for group, label in _merged([*old], [*new]):
        one, other = old.get((group, label)), new.get((group, label))
        if one == other and one is not None:
            same.append((group, Fact(label, one)))
        else:
            differences.append(Difference(group, label, one, other))
    return Comparison(tuple(differences), tuple(same))


def changed(before: Configuration, after: Configuration) -> str:
    """The differences that a reader looks for, in one line, or empty: "memory 128 → 256 MB, env +STAGE, code new"."""
    told = [
        it
        for it in compare(before, after).differences
        if (it.group, it.label) not in IN_PASSING and it.group not in OF_NOW
    ]
    variables = " ".join(_variable(it) for it in told if it.group == ENVIRONMENT)
    words = [_words(it) for it in told if it.group != ENVIRONMENT]
    return ", ".join([*words, *([f"env {variables}"] if variables else [])])


def _facts(configuration: Configuration) -> dict[tuple[str, str], str | Masked]:
    """The facts by group and label. A layer is known by its ARN without the version, which is its value."""
    found: dict[tuple[str, str], str | Masked] = {}
    for group in describe(replace(configuration, tags={}, tags_trouble=None)):
        for fact in group.lines:
            if (group.title, fact.label) in NOT_OF_A_VERSION:
                continue
            layer, _, version = fact.label.rpartition(":") if group.title == LAYERS else (fact.label, "", "")
            found[group.title, layer] = version or fact.value
    return found


def _merged(old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The keys of both, in the order of the groups; within a group, those of `old` first."""
    groups = dict.fromkeys(group for group, _ in (*old, *new))
    for group in groups:
        yield from dict.fromkeys(key for key in (*old, *new) if key[0] == group)


def _variable(it: Difference) -> str:
    sign = "+" if it.before is None else "-" if it.after is None else ""
    return f"{sign}{it.label}" + (" changed" if not sign else "")


def _words(it: Difference) -> str:
    if it.group == LAYERS:
        return _layer(it)
    if (it.group, it.label) == ("Code", "SHA-256"):
        return "code new"
    before, after = (str(value or "–") for value in (it.before, it.after))
    name = it.label if it.label.isupper() else f"{it.label[0].lower()}{it.label[1:]}"
    if len(before) > LONGEST or len(after) > LONGEST:
        return f"{name} changed"
    number, _, unit = before.partition(" ")
    shared = unit and after.endswith(f" {unit}") and number.isdecimal()
    return f"{name} {number if shared else before} → {after}"


def _layer(it: Difference) -> str:
    name = it.label.rpartition(":")[2] or it.label
    if it.before is None or it.after is None:
        return f"{'+' if it.before is None else '-'}layer {name} {it.after or it.before}"
    return f"layer {name} {it.before} → {it.after}"
