"""YAML as people write it, made JSON without losing what it says; and where its parts stand in the text.

PyYAML's safe loader, and only as far as its nodes: nothing is constructed. What `safe_load` makes of a text is what is
sent, but for three things that JSON can say better: a number keeps its digits (1.10), what JSON writes as a number is
one (1e3, a string in YAML 1.1), and a date stays the text that it is. Members that are there twice are sent twice.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from lambdatui.model.text import one_line
from lambdatui.model.variables import references, simple_spans

if TYPE_CHECKING:
    from yaml.nodes import MappingNode, Node, ScalarNode

LARGEST = 6_500_000
"""Characters of JSON that are made of one text: aliases of aliases would become gigabytes."""
_STEPS = 200_000
"""Members that come by merging (`<<`), all in all."""

_TAG = "tag:yaml.org,2002:"
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_FILLER = "\ue000"


class TextFault(Exception):
    """What is wrong in a text, and where: line and column from 1, or 0 where it has no place."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.message}" if self.line else self.message


class Source:
    """A YAML text that is looked at with its variables covered, since `{{name}}` is something else in YAML."""

    def __init__(self, text: str, declared: Collection[str] = ()) -> None:
        self.text = text
        self.declared = declared
        self._covered: list[str] = []
        self._first = next((first for first in (0xF0000, 0x100000) if not self._holds(first)), 0)
        self.masked = self._cover() if self._first else text

    def _holds(self, first: int) -> bool:
        return re.search(f"[{chr(first)}-{chr(first + 0xFFFD)}]", self.text) is not None

    def _cover(self) -> str:
        parts, end = [], 0
        for start, stop in simple_spans(self.text)[:0xFFFD]:
            parts += [self.text[end:start], chr(self._first + len(self._covered)), _FILLER * (stop - start - 1)]
            self._covered.append(self.text[start:stop])
            end = stop
        return "".join([*parts, self.text[end:]])

    def shown(self, text: str) -> str:
        """A part of the masked text as it is written."""
        if not self._covered:
            return text
        parts, end = [], 0
        for match in re.finditer(f"[{chr(self._first)}-{chr(self._first + len(self._covered) - 1)}]", text):
            covered = self._covered[ord(match[0]) - self._first]
            parts += [text[end : match.start()], covered]
            end = match.start() + len(covered)
        return "".join([*parts, text[end:]])

    def stands_for_a_value(self, node: ScalarNode) -> bool:
        """Whether a scalar is exactly one variable, without quotes."""
        text = self.shown(node.value)
        found = references(text, self.declared) if node.style is None and text != node.value else []
        return len(found) == 1 and (found[0].start, found[0].end) == (0, len(text))


def composed(source: Source) -> Node | None:
    """The node of the whole text; None where there is nothing in it. Raises TextFault."""
    # Late: a start has no need of YAML where nothing of it is read.
    import yaml
    from yaml.reader import ReaderError

    try:
        loader = yaml.SafeLoader(source.masked)
        try:
            return loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = one_line(source.shown(str(error.problem or error.context or "not valid YAML")))[:200]
        raise TextFault(message, mark.line + 1 if mark else 0, mark.column + 1 if mark else 0) from None
    except ReaderError as error:
        before = source.text[: error.position]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise TextFault("a control character that YAML does not allow", line, column) from None
    except RecursionError:
        raise TextFault("nested too deeply") from None
    except (yaml.YAMLError, ValueError, OverflowError):
        raise TextFault("not valid YAML: an escape or a number out of range") from None


def as_json(text: str, declared: Collection[str] = ()) -> str:
    """YAML as JSON on one line, its variables still in it; "" where there is nothing in it. Raises TextFault.

    A scalar that is exactly one variable, without quotes, stands there without quotes; others are inside strings.
    """
    # The newline that ends a file belongs to a block of text that the file ends with.
    source = Source(text if text.endswith("\n") else f"{text}\n", declared)
    node = composed(source)
    return "" if node is None else json_of(node, source)


def json_of(node: Node, source: Source) -> str:
    """A node as JSON on one line. Raises TextFault."""
    return _Writer(source).written(node)


class _Writer:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._parts: list[str] = []
        self._length = 0
        self._steps = 0

    def written(self, node: Node) -> str:
        try:
            self._value(node)
        except RecursionError:
            raise TextFault("nested too deeply, or within itself") from None
        return "".join(self._parts)

    def _put(self, piece: str, node: Node) -> None:
        self._parts.append(piece)
        self._length += len(piece)
        if self._length > LARGEST:
            raise fault_at(node, "more than 6 MB of JSON comes of this")

    def _value(self, node: Node) -> None:
        from yaml.nodes import MappingNode, ScalarNode, SequenceNode

        if isinstance(node, ScalarNode):
            self._put(_scalar(node, self._source), node)
        elif isinstance(node, SequenceNode) and node.tag == f"{_TAG}seq":
            for number, item in enumerate(node.value):
                self._put(", " if number else "[", node)
                self._value(item)
            self._put("]" if node.value else "[]", node)
        elif isinstance(node, MappingNode) and node.tag == f"{_TAG}map":
            between = "{"
            for key, value in self._pairs(node):
                self._put(f"{between}{_key(key, self._source)}: ", key)
                self._value(value)
                between = ", "
            self._put("}" if between == ", " else "{}", node)
        else:
            raise fault_at(node, f"JSON has nothing for {_tag_name(node)}")

    def _pairs(self, node: MappingNode) -> list[tuple[Node, Node]]:
        """Members, with what is merged into them first; what a mapping has itself counts more."""
        own = [(key, value) for key, value in node.value if key.tag != f"{_TAG}merge"]
        merged: dict[str, tuple[Node, Node]] = {}
        for key, value in node.value:
            if key.tag == f"{_TAG}merge":
                for pair in self._merged(value):
                    merged.setdefault(_key(pair[0], self._source), pair)
        for key, _ in own if merged else ():
            merged.pop(_key(key, self._source), None)
        return [*merged.values(), *own]

    def _merged(self, node: Node) -> Iterator[tuple[Node, Node]]:
        from yaml.nodes import MappingNode, SequenceNode

        for one in node.value if isinstance(node, SequenceNode) else [node]:
            if not isinstance(one, MappingNode):
                raise fault_at(one, "only mappings can be merged (<<)")
            for pair in self._pairs(one):
                self._steps += 1
                if self._steps > _STEPS:
                    raise fault_at(one, "too much is merged (<<)")
                yield pair


def _key(node: Node, source: Source) -> str:
    from yaml.nodes import ScalarNode

    if not isinstance(node, ScalarNode):
        raise fault_at(node, "the name of a member is a text in JSON")
    return _string(source.shown(node.value))


def _scalar(node: ScalarNode, source: Source) -> str:
    kind, value = node.tag.removeprefix(_TAG), node.value
    if source.stands_for_a_value(node):
        return source.shown(value)
    if kind in ("str", "timestamp", "value"):
        explicit = source.masked[node.start_mark.index : node.start_mark.index + 1] == "!"
        bare = node.style is None and not explicit and _NUMBER.fullmatch(value)
        return value if bare else _string(source.shown(value))
    if kind == "null":
        return "null"
    try:
        return _word(kind, value, node)
    except (ValueError, KeyError, OverflowError, IndexError):
        raise fault_at(node, f"{one_line(value[:40])} is no {_tag_name(node)}") from None


def _word(kind: str, value: str, node: ScalarNode) -> str:
    from yaml.constructor import SafeConstructor

    if kind == "bool":
        return "true" if SafeConstructor.bool_values[value.lower()] else "false"
    if kind not in ("int", "float"):
        raise fault_at(node, f"JSON has nothing for {_tag_name(node)}")
    if _NUMBER.fullmatch(value):
        return value
    made = SafeConstructor()
    number = made.construct_yaml_int(node) if kind == "int" else made.construct_yaml_float(node)
    if not math.isfinite(number):
        raise fault_at(node, f"JSON has no {one_line(value)}")
    return repr(number)


def _string(text: str) -> str:
    # "\ud83d\ude00" is one character in JSON, and two halves of one in PyYAML.
    return json.dumps(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"), ensure_ascii=False)


def fault_at(node: Node, message: str) -> TextFault:
    """What is wrong with a node, where it begins."""
    return TextFault(message, node.start_mark.line + 1, node.start_mark.column + 1)


def _tag_name(node: Node) -> str:
    return one_line(str(node.tag)).replace(_TAG, "!!")[:60]
