"""Layer ARNs of any partition and account, and who uses which version of which layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatui.model.functions import Function
from lambdatui.model.layers import LayerArn, LayerVersion, Used, Uses, parse_layer_arn, unused
from tests import samples

SHOP = "arn:aws:lambda:eu-west-1:210987654321:layer:shop-common"

PARSED = [
    (SHOP, LayerArn("aws", "eu-west-1", "210987654321", "shop-common", None)),
    (f"{SHOP}:12", LayerArn("aws", "eu-west-1", "210987654321", "shop-common", 12)),
    (
        "arn:aws-cn:lambda:cn-north-1:123456789012:layer:x_Y-9:1",
        LayerArn("aws-cn", "cn-north-1", "123456789012", "x_Y-9", 1),
    ),
    (
        "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:layer:x:3",
        LayerArn("aws-us-gov", "us-gov-west-1", "123456789012", "x", 3),
    ),
    ("arn:aws:lambda:::awslayer:AmazonLinux1803", None),
    ("arn:aws:lambda:eu-west-1:1:function:x", None),
    ("arn:aws:s3:eu-west-1:1:layer:x", None),
    (f"{SHOP}:", None),
    (f"{SHOP}:latest", None),
    (f"{SHOP}:1:2", None),
    (f"{SHOP}:-1", None),
    (f"{SHOP}:007", None),
    (f"{SHOP}:{'9' * 5000}", None),
    (f"{SHOP}:٣", None),
    ("arn:aws:lambda:eu-west-1:1:layer:", None),
    ("shop-common", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "parsed"), PARSED, ids=[text[:70] for text, _ in PARSED])
def test_an_arn_of_a_layer_is_taken_apart(text: str, parsed: LayerArn | None) -> None:
    assert parse_layer_arn(text) == parsed


names = st.text("abcXYZ019-_", min_size=1, max_size=12)
arns = st.builds(
    LayerArn,
    st.sampled_from(["aws", "aws-cn", "aws-us-gov", "aws-iso-b"]),
    st.sampled_from(["eu-west-1", "cn-north-1", "us-gov-east-1", ""]),
    st.from_regex(r"[0-9]{12}", fullmatch=True),
    names,
    st.none() | st.integers(1, 10**9),
)


@given(arns)
def test_an_arn_that_was_put_together_is_taken_apart_to_the_same(arn: LayerArn) -> None:
    assert parse_layer_arn(str(arn)) == arn
    assert parse_layer_arn(arn.layer) == arn._replace(version=None)


@given(st.text() | st.builds(lambda *parts: ":".join(parts), *[st.text(max_size=8)] * 7))
def test_whatever_the_text_is_it_is_an_arn_or_none(text: str) -> None:
    arn = parse_layer_arn(text)
    assert arn is None or str(arn) == text


def function(number: int, *layers: str) -> Function:
    return samples.function(f"f{number}", layers=layers)


def test_the_users_of_a_layer_are_known_by_version() -> None:
    functions = [function(0, "a:1", "b:2"), function(1, "a:2"), function(2), function(3, "a:2")]
    uses = Uses(functions)
    a = "arn:aws:lambda:eu-west-1:210987654321:layer:a"
    assert {version: [it.name for it in users] for version, users in uses.of(a).items()} == {1: ["f0"], 2: ["f1", "f3"]}
    assert [it.name for it in uses.of_version(a, 2)] == ["f1", "f3"]
    assert uses.of_version(a, 9) == ()
    assert uses.count(a, latest=2) == Used(3, 1)
    assert uses.count(a, latest=1) == Used(3, 0)
    assert uses.count("arn:aws:lambda:eu-west-1:210987654321:layer:nobody", latest=7) == Used(0, 0)
    assert (str(Used(3, 1)), str(Used(3, 0))) == ("3 (1 on older)", "3")


def test_a_layer_of_the_same_name_in_another_account_is_another() -> None:
    other = "arn:aws:lambda:eu-west-1:999999999999:layer:a"
    one = samples.function("one")
    uses = Uses([replace(one, layers=(f"{other}:1", "not an arn", other))])
    assert uses.count("arn:aws:lambda:eu-west-1:210987654321:layer:a", 1) == Used(0, 0)
    assert uses.count(other, 2) == Used(1, 1)


layer_lists = st.lists(st.builds("{}:{}".format, st.sampled_from("abc"), st.integers(1, 4)), max_size=5)


@given(st.lists(layer_lists, max_size=20))
def test_the_index_says_what_looking_through_all_functions_says(lists: Sequence[Sequence[str]]) -> None:
    functions = [function(number, *layers) for number, layers in enumerate(lists)]
    uses = Uses(functions)
    for name in "abc":
        arn = f"arn:aws:lambda:eu-west-1:210987654321:layer:{name}"
        for latest in range(1, 5):
            using = [it for it in functions if any(text.startswith(f"{arn}:") for text in it.layers)]
            older = [it for it in using if any(f"{arn}:{n}" in it.layers for n in range(1, latest))]
            assert uses.count(arn, latest) == Used(len(using), len(older))
        versions = [LayerVersion(f"{arn}:{number}", number) for number in (4, 3, 2, 1)]
        assert [it.number for it in unused(versions, uses.of(arn))] == [
            it.number for it in versions if not any(it.arn in one.layers for one in functions)
        ]
