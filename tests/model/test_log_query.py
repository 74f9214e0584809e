"""What a query of log lines finds, and what it says when it cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.model.log_chunk import Chunk, Record, noted
from lambdatui.model.log_expressions import LINEAR, PATIENCE
from lambdatui.model.log_query import LogQuery, QueryError, parse
from lambdatui.model.logs import LogEvent

ID = "8f0a2c5e-0000-4000-8000-1234567890ab"
JSON = '{"level":"WARN","order":{"id":4711,"lines":[{"sku":"A-7"},{"sku":"B-8"}]},"ms":512.5,"ok":true,"Who":"Ann"}'
NESTED = '{"level":"INFO","message":"{\\"order\\":{\\"id\\":\\"x-1\\"},\\"ms\\":7}"}'
NODE = f"2026-11-23T13:12:20.123Z\t{ID}\tINFO\torder {{ id: 4711, state: 'new' }}"
REPORT = f"REPORT RequestId: {ID}\tDuration: 512.21 ms\tBilled Duration: 513 ms\tMax Memory Used: 38 MB"
INIT = "INIT_REPORT Init Duration: 137.69 ms\tPhase: init\tStatus: error\tError Type: Runtime.ExitError"
LOGFMT = 'level=info msg="no stock" ms=12 path=/orders/7'
ERROR = "[ERROR] KeyError: 'sku'"
CALL = "GET https://shop/x arn:aws:lambda:eu-west-1:1:function:pay"


def record(message: str, *, note: bool = False) -> Record:
    """A record with that message."""
    chunk = Chunk()
    if note:
        return noted((0, 0), message).record(0)
    chunk.extend([LogEvent("", 0, 0, "s", message)], 0, b"\0")
    return chunk.record(0)


@pytest.mark.parametrize(
    ("source", "found", "not_found"),
    [
        ("", [JSON, ""], []),
        ("stock", [LOGFMT, "no STOCK"], [JSON]),
        ("Stock", ["Stock"], ["stock", "STOCK"]),
        ("stock no", [LOGFMT], ["stock"]),
        ('"no stock"', [LOGFMT], ["stock no"]),
        (r'"say \"no\""', ['say "no"'], ["say no"]),
        ("straße", ["Straße", "straße", "STRAßE"], ["strase"]),
        ("日本", ["a日本"], ["日"]),
        ("k", ["K"], ["\N{KELVIN SIGN}"]),
        ("!stock", [JSON], [LOGFMT]),
        ("!stock !order", ["x"], [LOGFMT, JSON, "order"]),
        (ID, [NODE, REPORT], [JSON]),
        ("level:error", [ERROR], [JSON, LOGFMT]),
        ("level>=warn", [ERROR, JSON], [LOGFMT, REPORT, "x"]),
        ("LEVEL<WARN", [LOGFMT, NESTED], [ERROR, JSON, REPORT, "x"]),
        ("level=platform", [REPORT], [JSON, "x"]),
        ("level:none", ["x", CALL], [JSON, REPORT]),
        ("!level:info", [JSON, "x"], [LOGFMT, NESTED]),
        ("order.id:4711", [JSON], [NESTED, "order.id"]),
        ("order.id:47", [], [JSON]),  # a number is one
        ("order.id:x", [NESTED], [JSON]),
        ("id:4711", [NODE, JSON], [NESTED]),
        ("order.id=x", [], [NESTED]),
        ("order.id:*", [JSON, NESTED], [LOGFMT]),
        ("order.lines.sku:b", [JSON], []),
        ("order.lines.0.sku:b", [], [JSON]),
        ("order.lines.1.sku:b", [JSON], []),
        ("tags.1:b", ['{"tags":["a","b"]}', '{"tags" : ["a","b"]}'], ['{"tags":["b","a"]}']),
        ("tags.1:b", ['{"tags.1":"b"}'], []),
        ("who:ann", [JSON], []),
        ("who:ANN", [], [JSON]),
        ("WHO:ann", [], [JSON]),
        ("ok:true", [JSON], []),
        ("ms>500", [JSON], [NESTED, LOGFMT, "x"]),
        ("ms<=12", [NESTED, LOGFMT], [JSON]),
        ("duration>512", [REPORT], [JSON]),
        ("duration>512.5", [], [REPORT]),
        ("billedDuration=513", [REPORT], []),
        ("maxmemoryused<100", [REPORT], []),
        ("initduration>100", [INIT], [REPORT]),
        ("phase=init", [INIT], []),
        (f"requestid:{ID}", [REPORT], [JSON]),
        ("state:new", [NODE], []),
        ("msg:stock", [LOGFMT], []),
        ('msg="no stock"', [LOGFMT], []),
        ("path:/orders", [LOGFMT], []),
        ("https://shop", [CALL], []),
        ("arn:aws:lambda", [CALL], []),
        ("keyerror:", [ERROR], []),
        ("/ord.r/", [JSON, NODE], [ERROR]),
        ("/ORD.R/", ["ORDER"], [JSON]),
        (r"/\S+error\b/", [ERROR], [LOGFMT]),
        ("/no stock/", [LOGFMT], ["stock no"]),
        ("/^b$/", ["a\nb"], ["ab"]),
        (r"/a\/b/", ["a/b"], ["ab"]),
        ("/orders/7", [LOGFMT], ["orders"]),  # a path: no slash at its end
        ("!/order/", [LOGFMT.replace("order", "x")], [JSON]),
        ("(?:", ["(?:"], [""]),
    ],
)
def test_what_a_query_finds(source: str, found: list[str], not_found: list[str]) -> None:
    query = parse(source)
    assert [message for message in found if not query.matches(record(message))] == []
    assert [message for message in not_found if query.matches(record(message))] == []
    assert scanned(query, [*found, *not_found]) == [*range(len(found))]


def scanned(query: LogQuery, messages: list[str]) -> Any:
    """The hits among many such records, in which those that the query is asked of come last."""
    chunk = Chunk()
    events = [LogEvent("", 0, 0, "s", message) for message in ["\N{DIGIT ONE}"] * 100 + messages]
    chunk.extend(events, 0, bytes(len(events)))
    scan = query.scan(chunk, 100, len(events))
    while True:
        try:
            next(scan)
        except StopIteration as end:
            return [index - 100 for index in end.value]


@pytest.mark.parametrize(
    ("source", "position", "said"),
    [
        ("stock !", 6, "“!” says nothing. Possible: word"),
        ('""', 0, '“""” says nothing.'),
        ("level:gold", 0, "There is no level “gold”. Possible: none  platform  trace"),
        ("a level>=none", 2, "There is no level “none” to compare with by >=. Possible: trace  debug"),
        ("level:", 0, "There is no level “”"),
        ("ms>fast", 0, '“ms>” wants a number, as in ms>500; as text it is in quotes: "ms>fast".'),
        ("x /a(b/", 2, "/a(b/ is no regular expression: missing ), unterminated subpattern at position 1."),
        ("/(a+)+$/", 0, "/(a+)+$/ repeats what repeats itself"),
        (r"/(?:\w*,)*x/", 0, "repeats what repeats itself"),
        ("/a{99999999999999999999}/", 0, "is no regular expression"),
    ],
)
def test_what_cannot_be_read_says_where_and_why(source: str, position: int, said: str) -> None:
    with pytest.raises(QueryError) as wrong:
        parse(source)
    assert wrong.value.position == position
    assert said in str(wrong.value)


@pytest.mark.parametrize(
    "source",
    [
        "/(a+)+/",
        "/((a+)b)*/",
        "/(?:a*b){2,}/",
        "/(?P<x>a{1,9}){30}/",
        r"/(\(|a+)+/",
        "/([)]+)+/",
        "/(a+)+?/",
        "/(a|aa)+$/",
    ],
)
def test_a_repetition_of_a_repetition_is_refused(source: str) -> None:
    with pytest.raises(QueryError, match="repeats what repeats itself"):
        parse(source)


@pytest.mark.parametrize(
    "source",
    [
        r"/(\w+)=(\w+)/",
        "/(ab)+c*/",
        "/(?>a+)+b/",
        "/(?:a++)+b/",
        "/(a+)?b/",
        "/[(a+)]+/",
        "/(?=a+)*b/",
        "/(a|b)c+/",
        "/(?>a|b)+/",
    ],
)
def test_repetitions_that_end_soon_are_allowed(source: str) -> None:
    assert parse(source).source == source


def test_a_repetition_is_looked_for_in_the_start_of_a_long_message() -> None:
    ahead = "-" * LINEAR
    assert not parse("/ab+/").matches(record(f"{ahead}abb"))
    assert parse("/ab/").matches(record(f"{ahead}abb"))
    assert parse("abb").matches(record(f"{ahead}abb"))


def test_what_takes_an_expression_too_long_is_no_hit_and_counted_and_soon_no_longer_tried() -> None:
    tried = []

    def bounded(search: Callable[[], Sequence[tuple[int, int]]]) -> Sequence[tuple[int, int]] | None:
        tried.append(search())
        return None if len(tried) % 2 else tried[-1]

    query, long = parse("/x+y/", bounded), "-" * 10_000 + "xy"
    assert [query.matches(record(message)) for message in (long, long, "xy")] == [False, True, True]
    assert query.highlights(long) == []
    assert query.highlights(long) == [(10_000, 10_002)]
    assert query.given_up == 1
    for _ in range(3 * PATIENCE):
        query.matches(record(long))
    assert len(tried) < 3 * PATIENCE
    assert not query.matches(record(long))
    assert query.matches(record("xy"))
    assert parse("!/x+/", bounded).given_up == 0


def test_a_note_is_no_hit() -> None:
    assert not parse("gap").matches(record("gap", note=True))


def test_all_that_is_looked_for_is_highlighted() -> None:
    message = "Order 7 of order 8: sku=A-7 state=new"
    assert parse("order").highlights(message) == [(0, 5), (11, 16)]
    assert parse(r"order /\d/ !sku").highlights(message) == [(0, 5), (6, 7), (11, 16), (17, 18), (26, 27)]
    assert parse("order rder").highlights(message) == [(0, 5), (11, 16)]
    assert parse("state:new level:none").highlights(message) == [(28, 37)]
    assert parse("/x*/").highlights(message) == []


WORDS = st.sampled_from(
    [*'!"/:<>=\\ ({[+*?.|', "order", "level", "error", "ms", "500", "/a/", '"x y"', "!", "level:", "a.b", ">=", "日"]
)
TEXTS = st.lists(
    st.sampled_from(
        [
            "order",
            "error",
            "Order",
            "ms",
            "ms=7",
            "ms: 512",
            " ",
            "\n",
            "日",
            "é",
            "É",
            JSON,
            NESTED,
            NODE,
            REPORT,
            "}",
            "7",
        ]
    ),
    max_size=5,
).map("".join)


@settings(max_examples=700, deadline=None)
@given(st.lists(WORDS, max_size=8).map("".join), st.lists(TEXTS, max_size=8))
def test_any_query_finds_the_same_in_one_record_and_in_many_or_says_why_not(source: str, messages: list[str]) -> None:
    try:
        query = parse(source)
    except QueryError as wrong:
        assert wrong.position in range(len(source))  # noqa: PT017  # whether it is raised is not known
        return
    expected = [index for index, message in enumerate(messages) if query.matches(record(message))]
    if messages:
        assert scanned(query, messages) == expected
    for message in messages:
        spans = query.highlights(message)
        assert list(spans) == sorted(spans)
        assert all(0 <= start < end <= len(message) for start, end in spans)
        assert all(end < start for (_, end), (start, _) in pairwise(spans))
