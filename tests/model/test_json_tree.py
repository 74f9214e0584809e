"""A tree of JSON: what is open has its lines, and nothing is made of what is closed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from hypothesis import given

from lambdatui.model.json_tree import AT_FIRST, BATCH, HEAD, MORE, Line, Node, begin, lines
from lambdatui.model.json_value import read
from lambdatui.model.text import one_line, visible
from tests.model.test_json_value import JSON


def tree(value: Any) -> Node:
    return begin(read(visible(json.dumps(value))))


def fold(text: str, node: Node) -> Sequence[str]:
    return [text[at : at + 10] for at in range(0, len(text), 10)] or [""]


def told(root: Node) -> list[str]:
    """The lines, each with what it is about."""

    def one(line: Line) -> str:
        margin = "  " * line.node.depth
        if line.row == MORE:
            return f"{margin}+{line.node.hidden}"
        return margin + (line.node.name if line.row == HEAD else f"{line.row}|{line.text}")

    return [one(line) for line in lines(root, fold)]


def test_what_is_little_is_open_from_the_start() -> None:
    value = {
        "trace": "KeyError\n  in handler line 7\n",
        "order": {"items": ["a", {}]},
        "body": '{"x": [1]}',
        "text": "one line, however long",
    }
    assert told(tree(value)) == [
        "trace", "0|KeyError", "1|  in handl", "2|er line 7",
        "order", "  items", "    [0]", "    [1]",
        "body", "  x", "    [0]",
        "text",
    ]  # fmt: skip


def test_what_is_much_is_closed_until_somebody_opens_it() -> None:
    root = tree({"many": list(range(AT_FIRST)), "few": [1]})
    assert told(root) == ["many", "few", "  [0]"]
    many, few = root.children
    assert not many._children
    many.opened, few.opened = True, False
    assert told(root)[1] == "  [0]"
    assert told(root)[-1] == "few"


def test_what_is_alone_is_open_however_much_it_is_and_a_thousand_come_at_a_time() -> None:
    root = tree({"Records": [{"n": number} for number in range(2 * BATCH + 5)]})
    records = root.children[0]
    assert told(root)[-2:] == [f"  [{BATCH - 1}]", f"+{BATCH + 5}"]
    assert len(records._children) == BATCH
    records.room += BATCH
    assert told(root)[-2:] == [f"  [{2 * BATCH - 1}]", "+5"]
    records.room += BATCH
    assert told(root)[-1] == f"  [{2 * BATCH + 4}]"
    assert records.hidden == 0


def test_depth_is_no_danger() -> None:
    root = begin(read("[" * 900 + "1" + "]" * 900))
    assert len(told(root)) == 900


def test_what_can_be_copied_is_the_text_of_a_string_and_else_json() -> None:
    root = tree({"a": 'say "hi"\n', "b": {"c": [1.5, None]}, "d": True, "e": "\x1b[31m"})
    assert [it.text for it in root.children] == ['say "hi"\n', '{"c":[1.5,null]}', "true", "␛[31m"]
    assert root.text == '{"a":"say \\"hi\\"\\n","b":{"c":[1.5,null]},"d":true,"e":"\\u001b[31m"}'


@given(JSON.filter(lambda it: isinstance(it, list | dict)))
def test_every_member_has_a_line_and_every_line_is_safe(value: Any) -> None:
    root = tree(value)
    waiting = [root]
    for node in waiting:
        node.opened = True
        waiting += node.children
    shown = list(lines(root, fold))
    assert {id(line.node) for line in shown} == {id(node) for node in waiting[1:]}
    assert all(one_line(line.node.name) == line.node.name for line in shown)
    assert all(visible(line.text) == line.text for line in shown)

    def count(of: Any) -> int:
        inner = list(of.values()) if isinstance(of, dict) else of if isinstance(of, list) else []
        return len(inner) + sum(map(count, inner))

    assert sum(line.row == HEAD for line in shown) >= count(value)
