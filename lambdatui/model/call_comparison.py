"""Two calls side by side as a page of facts: how they went, their figures, and where payload and response differ."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo
from itertools import zip_longest
from typing import NamedTuple

from lambdatui.model.comparison import SAME, SHORT
from lambdatui.model.configuration import Fact, Facts
from lambdatui.model.cost import cost
from lambdatui.model.json_diff import Difference, differences
from lambdatui.model.json_value import Value, read, written
from lambdatui.model.past_calls import CallRecord
from lambdatui.model.readable import is_binary
from lambdatui.model.shown_call import Figure, ShownCall, figures, headline, of_record, words
from lambdatui.model.text import clock, one_line, size, visible

MOST = 500
"""Places of a payload or a response that are told."""
LONGEST = 2_000
"""Characters of a value that are told of."""
NOTHING = "–"


def as_facts(
    before: CallRecord, after: CallRecord, zone: tzinfo | None, architecture: str | None = None
) -> tuple[Facts, ...]:
    """The page. Of large responses that differ in much it takes its time.

    `zone`: in which times are told; `architecture` of the function: what it cost is not told without.
    """
    calls = _shown(before, architecture), _shown(after, architecture)
    same: list[str] = []
    groups = [
        Facts("Two calls", tuple(_asked(before, after, zone, same))),
        Facts("Outcome", tuple(_outcome(*calls, same))),
        Facts("Figures", tuple(_figures(*calls, same))),
        Facts(
            "Response", tuple(_bytes(_Kept(before.response, before.not_kept), _Kept(after.response, after.not_kept)))
        ),
        Facts("Payload", tuple(_bytes(_Kept(before.payload), _Kept(after.payload)))),
        Facts(SAME, (Fact("Same", " · ".join(same)),) if same else ()),
    ]
    return tuple(group for group in groups if group.lines)


def _shown(record: CallRecord, architecture: str | None) -> ShownCall:
    report = record.call.report
    price = cost(report, 0, architecture) if report is not None and architecture is not None else None
    return of_record(record, cost=price)


def _pair(label: str, before: str, after: str, same: list[str]) -> Iterator[Fact]:
    """A fact of what differs; what does not is named among the same."""
    if before != after:
        yield Fact(label, change(before or NOTHING, after or NOTHING))
    elif before:
        same.append(f"{label} {before}")


def change(before: str, after: str) -> str:
    """Two values on one line, or one below the other where that is too long for 80 columns."""
    if len(before) + len(after) <= SHORT and "\n" not in before + after:
        return f"{before} → {after}"
    return f"  {before}\n→ {after}"


def _asked(before: CallRecord, after: CallRecord, zone: tzinfo | None, same: list[str]) -> Iterator[Fact]:
    sent = (clock(datetime.fromtimestamp(it.call.at / 1000, zone)) for it in (before, after))
    yield Fact("sent", change(*sent))
    asked = (
        ("event", before.call.event, after.call.event),
        ("qualifier", before.call.qualifier, after.call.qualifier),
        ("type", before.call.kind, after.call.kind),
        ("tenant", before.tenant, after.tenant),
        ("context", before.client_context, after.client_context),
        ("response", *("streamed" if it.streaming else "" for it in (before, after))),
    )
    for label, one, other in asked:
        yield from _pair(label, one, other, same)


def _outcome(before: ShownCall, after: ShownCall, same: list[str]) -> Iterator[Fact]:
    yield from _pair("outcome", headline(before)[1], headline(after)[1], same)
    yield from _pair("error", before.failure.error_type, after.failure.error_type, same)
    yield from _pair("message", before.failure.message, after.failure.message, same)


# Figures ------------------------------------------------------------------------------------------------------------


def _figures(before: ShownCall, after: ShownCall, same: list[str]) -> Iterator[Fact]:
    """A table: before, after, and by how much it changed."""
    old, new = ({it.label: it for it in [*figures(call), _size(call)]} for call in (before, after))
    rows = [(label, old.get(label), new.get(label)) for label in {**old, **new}]
    differing = [row for row in rows if _text(row[1]) != _text(row[2])]
    same += [f"{label} {_text(one)}" for label, one, other in rows if _text(one) == _text(other)]
    measured = [(one, other) for _, one, other in differing if (one or other or _NONE).unit]
    wide = max((len(_text(one)) for one, _ in measured), default=0)
    wider = max((len(_text(other)) for _, other in measured), default=0)
    for label, one, other in differing:
        if (one or other or _NONE).unit:
            row = f"{_text(one):<{wide}} → {_text(other):<{wider}}  {_by(one, other)}"
            yield Fact(label, row.rstrip())
        else:
            yield Fact(label, change(_text(one), _text(other)))


_NONE = Figure("", NOTHING)


def _size(call: ShownCall) -> Figure:
    return Figure("size", size(call.size), float(call.size), "B")


def _text(figure: Figure | None) -> str:
    if figure is None:
        return NOTHING
    return _brief(figure.amount, "$") if figure.unit == "$" and figure.amount else figure.text


def _brief(amount: float, unit: str) -> str:
    """An amount; a price without what a million of them cost."""
    return words(amount, unit).partition(", ")[0] if unit == "$" else words(amount, unit)


def _by(before: Figure | None, after: Figure | None) -> str:
    """By how much a figure changed: "+108 ms, +51 %"."""
    if before is None or after is None or before.amount is None or after.amount is None:
        return ""
    by = after.amount - before.amount
    unit = before.unit
    amount = size(round(abs(by))) if unit == "B" else _brief(abs(by), unit)
    share = f", {by / before.amount:+.0%}".replace("%", " %") if before.amount and abs(by / before.amount) < 10 else ""
    return f"{'+' if by >= 0 else '-'}{amount}{share}"


# Payload and response -----------------------------------------------------------------------------------------------


class _Kept(NamedTuple):
    """Bytes, and how many more there were."""

    data: bytes
    lost: int = 0


def _bytes(before: _Kept, after: _Kept) -> Iterator[Fact]:
    if before.lost or after.lost:
        yield Fact("Kept", "not all of both was: what follows is of what was kept", alert=True)
    one, other = before.data, after.data
    if one == other:
        yield Fact("Compared", f"the same to the byte, {size(len(one))}" if one else "nothing in both")
        return
    try:
        values = _json(one), _json(other)
    except ValueError:
        yield from _unstructured(one, other)
        return
    found = differences(*values, most=MOST + 1)
    if not found:
        yield Fact("Compared", "the same JSON, written in another way")
        return
    more = len(found) > MOST
    count = (
        f"more than {MOST} places differ: the first" if more else f"{len(found)} place{'s' * (len(found) > 1)} differ"
    )
    yield Fact("Compared", count if more or len(found) > 1 else "1 place differs")
    yield from (Fact(it.path, _told(it)) for it in found[:MOST])


def _json(data: bytes) -> Value:
    if is_binary(data):  # to find that out by reading it would take seconds
        raise ValueError("no text")
    return read(visible(data.decode()))


def _told(it: Difference) -> str:
    if it.kind == "changed":
        return change(_value(it.before), _value(it.after))
    return f"{it.kind} {_value(it.after if it.kind == 'added' else it.before)}"


def _value(value: Value) -> str:
    text = written(value, LONGEST)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def _unstructured(before: bytes, after: bytes) -> Iterator[Fact]:
    """Where two that are not both JSON begin to differ: the first such line, or of what is no text the first byte."""
    yield Fact("Compared", f"not both are JSON; {change(size(len(before)), size(len(after)))}")
    if is_binary(before) or is_binary(after):
        pairs = zip_longest(before, after)
        yield Fact("From byte", f"{next(at for at, (one, other) in enumerate(pairs) if one != other):,}")
        return
    rows = enumerate(zip_longest(before.split(b"\n"), after.split(b"\n")), 1)
    number, row = next((number, pair) for number, pair in rows if pair[0] != pair[1])
    yield Fact(f"Line {number:,}", change(*map(_line, row)))


def _line(row: bytes | None) -> str:
    return NOTHING if row is None else one_line(row[:LONGEST].decode("utf-8", "replace"))
