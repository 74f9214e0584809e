"""Which version of which function a caller means, and how Lambda refuses what it cannot mean."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatui.local.invoke.service_errors import ServiceError
from lambdatui.local.invoke.targets import Alias, Reference, Target, chosen, referred
from lambdatui.local.places import HOME

ARN = "arn:aws:lambda:eu-west-1:123456789012:function:orders"
NAMES = st.from_regex(r"[a-zA-Z0-9\-_]{1,64}", fullmatch=True).filter(lambda name: name not in ("function", "arn"))
QUALIFIERS = st.one_of(st.just("$LATEST"), st.from_regex(r"[a-zA-Z0-9\-_]{1,128}", fullmatch=True))


@pytest.mark.parametrize(
    "text", ["orders", "function:orders", "123456789012:function:orders", "eu-west-1:123456789012:function:orders", ARN]
)
def test_a_function_is_named_by_its_name_its_arn_or_a_part_of_it(text: str) -> None:
    assert referred(text, "", HOME) == Reference(HOME, "orders")
    assert referred(f"{text}:live", "", HOME) == Reference(HOME, "orders", "live")
    assert referred(text, "$LATEST", HOME).arn == f"{ARN}:$LATEST"


@given(NAMES, QUALIFIERS)
def test_the_qualifier_is_the_same_in_the_path_and_in_the_query(name: str, qualifier: str) -> None:
    in_the_path = referred(f"{HOME.account}:function:{name}:{qualifier}", "", HOME)
    assert in_the_path == referred(name, qualifier, HOME) == referred(f"function:{name}:{qualifier}", qualifier, HOME)


def test_two_qualifiers_that_differ_are_refused() -> None:
    with pytest.raises(ServiceError) as refused:
        referred("orders:1", "2", HOME)
    assert refused.value.status == 400
    assert refused.value.code == "InvalidParameterValueException"
    assert "does not match the specified qualifier" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "qualifier", "start"),
    [
        ("two words", "", "1 validation error detected: Value 'two words' at 'functionName' failed to satisfy"),
        ("orders", "a b", "1 validation error detected: Value 'a b' at 'qualifier' failed to satisfy"),
        ("orders:", "!", "2 validation errors detected: Value 'orders:' at 'functionName' failed"),
        ("x" * 257, "", f"1 validation error detected: Value '{'x' * 257}' at 'functionName' failed"),
    ],
)
def test_what_has_the_wrong_form_is_quoted_with_its_constraint(text: str, qualifier: str, start: str) -> None:
    with pytest.raises(ServiceError) as refused:
        referred(text, qualifier, HOME)
    assert refused.value.code == "ValidationException"
    assert refused.value.status == 400
    assert str(refused.value).startswith(start)
    assert refused.value.body == {"message": str(refused.value)}


@given(st.text(max_size=300), st.text(max_size=140))
def test_any_text_is_a_reference_or_a_validation_error(text: str, qualifier: str) -> None:
    problem = reference = None
    try:
        reference = referred(text, qualifier, HOME)
    except ServiceError as refused:
        problem = refused
    assert problem is None or problem.status in (400, 403, 404)
    assert reference is None or (reference.place == HOME and reference.name in text)


def test_another_region_is_not_reachable_and_another_account_not_allowed() -> None:
    with pytest.raises(ServiceError, match=r"^Functions from 'us-east-1' are not reachable in this region") as refused:
        referred(ARN.replace("eu-west-1", "us-east-1"), "", HOME)
    assert refused.value.code == "ResourceNotFoundException"
    with pytest.raises(
        ServiceError, match="is not authorized to perform: lambda:InvokeFunction on resource"
    ) as refused:
        referred(ARN.replace("123456789012", "210987654321"), "", HOME)
    assert refused.value.status == 403


def test_without_a_qualifier_the_latest_code_runs() -> None:
    for qualifier in ("", "$LATEST"):
        reference = Reference(HOME, "orders", qualifier)
        assert chosen(reference, (), {}) == Target(reference, "$LATEST")


def test_a_version_is_itself_and_an_alias_what_it_points_to() -> None:
    versions, aliases = {"1", "2"}, {"live": Alias("2"), "edge": Alias("$LATEST")}
    assert [chosen(Reference(HOME, "orders", name), versions, aliases).version for name in ("1", "live", "edge")] == [
        "1",
        "2",
        "$LATEST",
    ]


@pytest.mark.parametrize("qualifier", ["3", "nobody"])
def test_a_version_or_alias_that_is_not_there_is_not_found_by_its_whole_arn(qualifier: str) -> None:
    with pytest.raises(ServiceError) as refused:
        chosen(Reference(HOME, "orders", qualifier), {"1"}, {"live": Alias("1")})
    assert refused.value.body == {"Type": "User", "Message": f"Function not found: {ARN}:{qualifier}"}


def test_an_alias_with_weights_is_drawn_at_each_call() -> None:
    aliases = {"live": Alias("1", {"2": 0.1})}
    draw = Random(7).random
    targets = [chosen(Reference(HOME, "orders", "live"), {"1", "2"}, aliases, draw) for _ in range(10_000)]
    versions = Counter(target.version for target in targets)
    assert versions.keys() == {"1", "2"}
    assert 900 < versions["2"] < 1100
    assert all(target.weighted for target in targets)


@given(st.floats(0, 1, exclude_max=True))
def test_a_weight_of_nothing_or_everything_leaves_no_choice(drawn: float) -> None:
    def version(weight: float) -> str:
        aliases = {"live": Alias("1", {"2": weight})}
        return chosen(Reference(HOME, "orders", "live"), {"1", "2"}, aliases, lambda: drawn).version

    assert (version(0.0), version(1.0)) == ("1", "2")
