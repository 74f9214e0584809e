"""Names that are files everywhere, and nothing else than files."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatui.model.saved_events import check_function, check_name


@pytest.mark.parametrize("name", ["a", "order created", "7", "v1.2_x-y", "x" * 100])
def test_a_plain_name_is_allowed(name: str) -> None:
    assert check_name(name) == ""


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../x", "a/b", "a\\b", "/etc/passwd", ".hidden", "-x", "x" * 101, "a\nb", "a\x1b[0m", "é", "a.json",
     "a.YAML", "a.tmp", "a.", "a ", "a\n"],
)  # fmt: skip
def test_what_is_no_plain_name_is_refused_with_a_sentence_that_is_safe_to_draw(name: str) -> None:
    why = check_name(name)
    assert why.endswith(".")
    assert "\x1b" not in why
    assert "\n" not in why


@given(st.text())
def test_no_name_that_is_allowed_leads_out_of_its_folder(name: str) -> None:
    if not check_name(name):
        assert "/" not in name
        assert "\0" not in name
        assert name not in (".", "..")


@pytest.mark.parametrize(
    "function", ["", "..", "a/b", "arn:aws:lambda:eu-west-1:123456789012:function:x", "a b", "a\n"]
)
def test_what_is_no_functions_name_has_no_folder(function: str) -> None:
    assert check_function(function)
    assert check_function("checkout-api_2") == ""
