"""The content of an event's file, read: a payload alone, or a mapping with `payload` and how it is sent."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from lambdatui.model.invocations import InvocationType, check_context, check_payload
from lambdatui.model.json_text import indented
from lambdatui.model.json_value import read as read_json
from lambdatui.model.limits import SYNCHRONOUS_PAYLOAD
from lambdatui.model.saved_events import SavedEvent, Variable
from lambdatui.model.text import one_line, size, visible
from lambdatui.model.variables import check_variable, masked
from lambdatui.storage.event_parts import Field, lines, payload_text, safe_json, says, value_text, without_end
from lambdatui.storage.event_text import Source, TextFault, as_json, composed, fault_at

if TYPE_CHECKING:
    from yaml.nodes import MappingNode, Node, ScalarNode

LARGEST = SYNCHRONOUS_PAYLOAD
"""Bytes of a file that is read: no more can be sent."""
KEYS = ("payload", "description", "qualifier", "invocation_type", "client_context", "variables", "expect")
"""What a mapping with a payload may have, in the order in which it is written."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a file says, and where."""

    event: SavedEvent
    raw: str
    """The text as it is in the file, without a byte order mark."""
    fields: Mapping[str, Field] | None = None
    """None: the payload alone."""
    block: bool = False
    """Whether the mapping has a line for each member, not braces."""


def parsed(name: str, data: bytes, *, yaml: bool) -> Parsed:
    """The event in a file's bytes. Raises TextFault."""
    if len(data) > LARGEST:
        raise TextFault(f"more than {size(LARGEST)}: no payload is as large")
    try:
        raw = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise TextFault("not UTF-8 text", line, fault.start - data.rfind(b"\n", 0, fault.start)) from None
    digest = sha256(data).hexdigest()
    if not yaml or _is_plain_json(raw):
        return Parsed(SavedEvent(name, _whole(raw), digest=digest), raw)
    source = Source(raw)
    root = composed(source)
    fields = _fields(root, source)
    if fields is None:
        text, language = _bare(raw)
        return Parsed(SavedEvent(name, text, language, digest=digest), raw)
    event = _wrapped(name, source, fields, digest)
    return Parsed(event, raw, fields, not getattr(root, "flow_style", True))


def _whole(raw: str) -> str:
    """A payload alone, in JSON. Raises TextFault."""
    text = without_end(lines(raw))
    if fault := check_payload(masked(text)):
        raise TextFault(visible(fault.message), fault.line, fault.column)
    return safe_json(text)


def _is_plain_json(raw: str) -> bool:
    """Whether it is JSON that surely is no mapping with a payload: YAML need not be asked, which takes long."""
    return '"payload"' not in raw and check_payload(masked(lines(raw))) is None


def _bare(raw: str) -> tuple[str, str]:
    """A payload alone, in YAML: text and language. Raises TextFault."""
    text = without_end(lines(raw))
    if check_payload(masked(text)) is None:
        return safe_json(text), "json"
    made = as_json(text)
    safe = visible(text)
    if safe != text and not says(safe, made, ()):
        return safe_json(indented(made)), "json"
    return safe, "yaml"


def _fields(root: Node | None, source: Source) -> dict[str, Field] | None:
    """The members of a mapping with a payload; None: all of it is the payload. Raises TextFault."""
    from yaml.nodes import MappingNode, ScalarNode

    if not isinstance(root, MappingNode):
        return None
    pairs = [(source.shown(key.value), Field(key, it)) for key, it in root.value if isinstance(key, ScalarNode)]
    names = [name for name, _ in pairs]
    if "payload" not in names or len(pairs) != len(root.value):
        return None
    for name, field in pairs:
        if name not in KEYS:
            near = difflib.get_close_matches(name, KEYS, 1, 0.8)
            if not near:
                return None
            raise fault_at(field.key, f"{one_line(name)} is not known beside a payload. Did you mean {near[0]}?")
    for number, (name, field) in enumerate(pairs):
        if name in names[:number]:
            raise fault_at(field.key, f"{name} is there twice")
    return dict(pairs)


def _wrapped(name: str, source: Source, fields: Mapping[str, Field], digest: str) -> SavedEvent:
    variables = _variables(fields.get("variables"), source)
    source.declared = frozenset(it.name for it in variables)
    text, language = payload_text(fields["payload"], source)
    expect = fields.get("expect")
    return SavedEvent(
        name,
        text,
        language,
        description=_text(fields.get("description"), source),
        qualifier=one_line(_text(fields.get("qualifier"), source)),
        kind=_kind(fields.get("invocation_type"), source),
        client_context=_context(fields.get("client_context"), source),
        variables=variables,
        expect=read_json(value_text(expect, source)) if expect else None,
        has_expect=expect is not None,
        digest=digest,
    )


def _scalar(field: Field, what: str) -> ScalarNode:
    from yaml.nodes import ScalarNode

    if not isinstance(field.value, ScalarNode):
        raise fault_at(field.value, f"{what} is a text")
    return field.value


def _text(field: Field | None, source: Source) -> str:
    if field is None:
        return ""
    node = _scalar(field, source.shown(str(field.key.value)))
    empty = node.tag.endswith(":null")
    return "" if empty else visible(without_end(source.shown(node.value)))


def _kind(field: Field | None, source: Source) -> str:
    kind = _text(field, source)
    if field is None or not kind:
        return ""
    found = {it.value.lower(): it.value for it in InvocationType}.get(kind.lower())
    if found is None:
        raise fault_at(field.value, f"invocation_type is one of {', '.join(InvocationType)}")
    return found


def _context(field: Field | None, source: Source) -> str:
    from yaml.nodes import ScalarNode

    if field is None:
        return ""
    node = field.value
    if isinstance(node, ScalarNode):
        text = safe_json(without_end(lines(source.shown(node.value)))) if not node.tag.endswith(":null") else ""
    else:
        text = value_text(field, source)
    if fault := check_context(masked(text, source.declared)):
        raise fault_at(node, f"client_context: {visible(fault.message)}")
    return text


def _variables(field: Field | None, source: Source) -> tuple[Variable, ...]:
    from yaml.nodes import MappingNode, ScalarNode, SequenceNode

    if field is None or (isinstance(field.value, ScalarNode) and field.value.tag.endswith(":null")):
        return ()
    node = field.value
    if isinstance(node, SequenceNode):
        pairs: list[tuple[Node, Node | None]] = [(it, None) for it in node.value]
    elif isinstance(node, MappingNode):
        pairs = list(_members(node))
    else:
        raise fault_at(node, "variables is a mapping of names and defaults; without a default one is asked for")
    found: dict[str, Variable] = {}
    for key, value in pairs:
        name = source.shown(str(key.value)) if isinstance(key, ScalarNode) else ""
        if why := check_variable(name):
            raise fault_at(key, why)
        if name in found:
            raise fault_at(key, f"the variable {name} is there twice")
        found[name] = Variable(name, None if value is None else _default(value, name, source))
    return tuple(found.values())


def _members(node: MappingNode) -> list[tuple[Node, Node | None]]:
    return list(node.value)


def _default(node: Node, name: str, source: Source) -> str | None:
    from yaml.nodes import ScalarNode

    if not isinstance(node, ScalarNode):
        raise fault_at(node, f"the default of {name} is a text; put JSON in quotes")
    return None if node.tag.endswith(":null") else visible(source.shown(node.value))
