"""The language of filters: what it finds, what it says when it can't, what it offers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatui.model.fuzzy import Needle, folded
from lambdatui.model.query import Language, QueryError, quote
from lambdatui.model.terms import Flag, Number, Pairs, Texts


@dataclass(frozen=True)
class Thing:
    name: str = "orders-create"
    runtime: str = "python3.13"
    memory: int | None = 512
    tags: Mapping[str, str] | None = field(default_factory=dict)
    state: str = ""


LANGUAGE = Language[Thing](
    lambda it: it.name,
    [
        Texts("runtime", lambda it: (it.runtime,), "python3.13"),
        Texts("state", lambda it: (it.state,) if it.state else None, "failed"),
        Pairs("tag", lambda it: it.tags, "team=payments"),
        Number("mem", lambda it: it.memory, ">512", {"mb": 1, "gb": 1024}),
        Flag("deprecated", lambda it: it.runtime == "python3.8"),
    ],
)

THINGS = [
    Thing(),
    Thing("orders-delete", "nodejs22.x", 128, {"team": "Payments", "stage": "prod"}, "Active"),
    Thing("checkout-api", "python3.8", 2048, {"team": "web", "stage": "preprod", "a:b": "x=y z", "k=v": ""}, "Failed"),
    Thing("検索-index", "image", None, None),
    Thing('say "no" or \\', "provided.al2023", 1024, {"": ""}),
]


def found(source: str) -> list[str]:
    query = LANGUAGE.parse(source)
    return [it.name.partition("-")[2] for it in THINGS if query.fits(it, folded(it.name))]


TERMS = st.sampled_from(
    ["order", "ocr", '"s-c"', "runtime:py", 'runtime="python3.8"', "tag:team", "tag:team=payments", "tag:stage=*prod",
     "state:active", "mem>512", "mem<=1GB", "mem=128", "deprecated", "INDEX", "検", '"say \\"no"', "tag:stage"]
).flatmap(lambda term: st.sampled_from([term, f"!{term}"]))  # fmt: skip


# What is found ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("", ["create", "delete", "api", "index", ""]),
        ("ORD", ["create", "delete"]),
        ("ocr", ["create"]),
        ("od", ["create", "delete"]),
        ('"od"', []),
        ('"s-c"', ["create"]),
        ("!ord", ["api", "index", ""]),
        ("検", ["index"]),
        ("runtime:py", ["create", "api"]),
        ("runtime=python3.1", []),
        ("runtime=PYTHON3.13", ["create"]),
        ("!runtime:py", ["delete", "index", ""]),
        ("tag:team=payments", ["delete"]),
        ("tag:team=pay", []),
        ("tag:team=pay*", ["delete"]),
        ("tag:team", ["delete", "api"]),
        ("tag:stage=*prod", ["delete", "api"]),
        ('tag:stage="*prod"', []),
        ('tag:a:b="x=y z"', ["api"]),
        ("tag:k=v", ["api"]),
        ("tag:k=v=", ["api"]),
        ("tag:k=v=w", []),
        ("tag:*:*=*y*", ["api"]),
        ("tag:Stage=PROD", ["delete"]),
        ("mem>512", ["api", ""]),
        ("mem>=1GB", ["api", ""]),
        ("mem:128", ["delete"]),
        ("mem<513 ord", ["create", "delete"]),
        ("deprecated", ["api"]),
        ("!deprecated ord", ["create", "delete"]),
        ('"deprecated"', []),
        ('"say \\"no"', [""]),
        ('"\\\\"', [""]),
        ('"or \\', [""]),
    ],
)
def test_terms_find_what_they_say(source: str, names: list[str]) -> None:
    assert found(source) == names


def test_what_is_not_known_fits_neither_a_term_nor_its_opposite() -> None:
    assert found("state:failed") == ["api"]
    assert found("!state:failed") == ["delete"]
    assert found("!tag:team") == ["create", ""]
    assert found("!mem>512") == ["create", "delete"]


def test_it_is_told_of_how_many_the_answer_is_known() -> None:
    assert LANGUAGE.parse("ord state:failed !tag:team runtime:py").known(THINGS) == {"state": 2, "tag": 4}
    assert LANGUAGE.parse("ord").known(THINGS) == {}


@given(st.lists(TERMS, min_size=1, max_size=5), st.sampled_from([" ", "   ", "\t"]))
def test_terms_together_find_what_each_of_them_finds(terms: list[str], between: str) -> None:
    together = set(found(between.join(terms)))
    assert together == set.intersection(*(set(found(term)) for term in terms))


@given(st.text(min_size=1, max_size=12), st.text(max_size=20), st.text(max_size=20))
def test_quoted_text_is_found_as_it_is_and_nothing_else_is(text: str, before: str, after: str) -> None:
    query = LANGUAGE.parse('"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"')
    assert [needle.text for needle in query.needles] == [text]
    assert not query.asked
    assert query.fits(Thing(before + text + after), folded(before + text + after))
    assert query.fits(Thing(before), folded(before)) == (folded(text) in folded(before))


@given(st.text(min_size=1, max_size=20))
def test_a_value_that_was_quoted_stands_for_itself(text: str) -> None:
    query = LANGUAGE.parse(f"runtime={quote(text)}")
    assert query.fits(Thing(runtime=text), "")
    assert not query.fits(Thing(runtime=text + "x"), "")


# What cannot be -----------------------------------------------------------------------------------------------------


PIECES = st.sampled_from([*' "!:=<>*\\abgt\n\t日5', "mem", "tag", "runtime", "deprecated", "mem>5"])


@given(st.lists(PIECES, max_size=12).map("".join))
def test_whatever_is_typed_is_a_filter_or_says_what_is_wrong_and_where(source: str) -> None:
    wrong = None
    try:
        query = LANGUAGE.parse(source)
    except QueryError as error:
        wrong = error
    if wrong is None:
        again = LANGUAGE.parse(query.source)
        assert again.source == query.source
        for thing in THINGS:
            assert query.fits(thing, folded(thing.name)) == again.fits(thing, folded(thing.name))
    else:
        assert not source[wrong.position].isspace()
        assert str(wrong).startswith(wrong.reason)


@pytest.mark.parametrize("source", ["colour:red", "ord colour>3", "!colour=1", "deprecated:yes"])
def test_an_unknown_term_lists_the_possible_ones(source: str) -> None:
    with pytest.raises(QueryError, match=r"There is no term “(colour|deprecated)") as wrong:
        LANGUAGE.parse(source)
    assert wrong.value.position == source.rindex(source.split()[-1])
    assert wrong.value.possible == ["runtime:python3.13", "state:failed", "tag:team=payments", "mem>512", "deprecated"]
    assert "mem>512" in str(wrong.value)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("mem>much", "mem> wants a number, with or without mb, gb, as in mem>512"),
        ("mem>", "mem> wants a number, with or without mb, gb, as in mem>512"),
        ("mem>5tb", "mem> wants a number, with or without mb, gb, as in mem>512"),
        ("runtime:", "runtime: wants a value, as in runtime:python3.13"),
        ("tag:", "tag: wants a key or a pair, as in tag:team=payments"),
        ("runtime>3", "There is no term “runtime>”; it is written runtime:python3.13"),
        ("!", "“!” says nothing"),
        ('""', '“""” says nothing'),
    ],
)
def test_a_wrong_term_says_how_it_is_written(source: str, reason: str) -> None:
    with pytest.raises(QueryError) as wrong:
        LANGUAGE.parse(source)
    assert wrong.value.reason == reason


@pytest.mark.parametrize(
    ("last", "source", "holds"),
    [
        ("ord mem", "ord mem>", "ord"),
        ("ord colour", "ord colour:", "ord"),
        ("mem", "mem:", ""),
        ("mem ord", "mem> ord", "ord"),
        ("mem>51", "mem>51x", "mem>51"),
        ("ord", "ord !", "ord"),
        ("ord mem>5", "ord colour:x mem>5", "ord mem>5"),
        ("", "mem>", ""),
    ],
)
def test_while_a_term_is_wrong_the_last_filter_holds_but_for_the_name_of_the_term(
    last: str, source: str, holds: str
) -> None:
    with pytest.raises(QueryError) as wrong:
        LANGUAGE.parse(source)
    assert LANGUAGE.before(source, wrong.value, last) == holds


# What is offered ----------------------------------------------------------------------------------------------------


def offered(source: str, at: int | None = None) -> list[str]:
    start, end, options = LANGUAGE.complete(source, len(source) if at is None else at, THINGS)
    return [source[:start] + option + source[end:] for option in options]


def test_the_names_of_terms_are_offered_for_what_begins_so() -> None:
    assert offered("ord ru") == ["ord runtime:"]
    assert offered("!de") == ["!deprecated"]
    assert offered("x ") == ["x runtime:", "x state:", "x tag:", "x mem>", "x deprecated"]
    assert offered("zz") == []


def test_the_values_of_what_is_loaded_are_offered_the_most_frequent_first() -> None:
    assert offered("tag:") == ["tag:stage=", "tag:team=", "tag:=", "tag:a:b=", "tag:k=v="]
    assert offered("tag:team=") == ["tag:team=Payments", "tag:team=web"]
    assert offered("tag:a") == ["tag:a:b=", "tag:stage=", "tag:team="]
    assert offered("tag:a:b=") == ['tag:"a:b=x=y z"']
    assert offered("runtime:PY") == ["runtime:python3.13", "runtime:python3.8"]
    assert offered("state:") == ["state:Active", "state:Failed"]
    assert offered("mem<=1") == ["mem<=1024", "mem<=128", "mem<=512"]
    assert offered("deprecated") == ["deprecated"]
    assert offered("colour:") == []


def test_the_term_at_the_cursor_is_completed_and_no_other() -> None:
    assert offered("run state:", 3) == ["runtime: state:"]
    assert offered("runtime:nodezzz mem>1", 12) == ["runtime:nodejs22.x mem>1"]


@given(st.text(st.sampled_from(' "!:=<>*\\abmegtruni'), max_size=12), st.integers(0, 12))
def test_whatever_was_typed_can_be_asked_for_completion(source: str, at: int) -> None:
    start, end, options = LANGUAGE.complete(source, min(at, len(source)), THINGS)
    assert 0 <= start <= end <= len(source)
    assert len(set(options)) == len(options)


@pytest.mark.parametrize("thing", THINGS)
def test_every_value_that_is_offered_finds_the_item_that_has_it(thing: Thing) -> None:
    for stem in ("runtime:", "runtime=", "tag:", "tag:team=", "mem=", "state:"):
        for option in LANGUAGE.complete(stem, len(stem), [thing]).options:
            if not option.endswith("="):
                assert LANGUAGE.parse(option).fits(thing, folded(thing.name)), option


# Words in names -----------------------------------------------------------------------------------------------------

WORDS = st.text(st.sampled_from("aAbİß日-1^]\\ "), max_size=8)


@given(WORDS.filter(bool), WORDS)
def test_letters_fit_in_their_order_and_hits_are_those_letters(letters: str, text: str) -> None:
    needle, rest = Needle(letters), iter(folded(text))
    assert bool(needle.fits(folded(text))) == all(letter in rest for letter in folded(letters))
    hits = "".join(folded(text)[start:end] for start, end in needle.spans(folded(text)))
    if folded(letters) in folded(text):
        assert hits.replace(folded(letters), "") == ""
    elif needle.fits(folded(text)):
        assert hits == folded(letters)
    else:
        assert hits == ""
    assert 0 <= needle.rank(folded(text)) <= 4


@given(WORDS)
def test_folding_keeps_every_letter_in_its_place(text: str) -> None:
    assert len(folded(text)) == len(text)
    assert folded(folded(text)) == folded(text)


def test_what_fits_better_ranks_before_what_fits_worse() -> None:
    texts = ["pay", "payment", "re-pay", "repay", "p-a-y"]
    assert [Needle("pay").rank(text) for text in texts] == [0, 1, 2, 3, 4]


def test_a_text_that_almost_fits_everywhere_costs_one_pass() -> None:
    assert not Needle("a" * 150 + "b").fits("a" * 20_000)
