"""Secrets that are known, and what looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatui.model.redaction import REDACTED, REMEMBERED, SHORTEST, Redactor

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
TOKEN = "IQoJb3JpZ2luX2VjE" + "Aa1+/" * 60 + "=="


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("key AKIAIOSFODNN7EXAMPLE used", "AKIAIOSFODNN7EXAMPLE"),
        ("ASIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE"),
        (f"with {SECRET}.", SECRET),
        (f"token: {TOKEN}", TOKEN),
        (f"a {TOKEN} b", TOKEN),
        (f"Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/2026, Signature={'ab' * 32}", "ab" * 32),
        ("'Authorization': b'AWS4-HMAC-SHA256 Credential=x, Signature=5d672d79'", "5d672d79"),
        ("Authorization: Bearer opaque-words here", "opaque-words"),
        ("Authorization: Basic dXNlcjpwYXNz", "dXNlcjpwYXNz"),
        ('{"X-Amz-Security-Token": "short"}', "short"),
        ("x-amz-security-token=short&x=1", "short"),
        ("https://h/?X-Amz-Signature=0123abcd&X-Amz-Date=1", "0123abcd"),
        ("http://user:hunter22@proxy:3128/", "hunter22"),
        ("DATABASE_URL=postgres://x", "postgres://x"),
        ("password='two words'", "two words"),
        ('"aws_secret_access_key": "plain"', "plain"),
        ("api-key: plain-value", "plain-value"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "eyJzdWIiOiIxIn0"),
    ],
)  # fmt: skip
def test_what_looks_like_a_secret_goes(text: str, secret: str) -> None:
    shown = Redactor().redact(text)
    assert secret not in shown
    assert REDACTED in shown


@pytest.mark.parametrize(
    "text",
    [
        "lambda:ListFunctions: 200, request 8f2c3c1e-5d1c-4b6e-9f56-0d6e5cf0a1b2, 31 ms",
        "KeyError in lambdatui/ui/pane.py line 12 (load)",
        "the region eu-west-1 of account 123456789012",
        "Found credentials in environment variables.",
    ],
)
def test_what_is_none_stays(text: str) -> None:
    assert Redactor().redact(text) == text


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=SHORTEST), min_size=1, max_size=5),
    st.text(),
    st.text(),
)
def test_what_is_known_goes_wherever_it_is(secrets: list[str], before: str, after: str) -> None:
    redactor = Redactor()
    redactor.learn(secrets)
    for secret in secrets:
        if secret not in REDACTED and secret not in before + after:
            assert secret not in redactor.redact(f"{before} {secret} {after}")


def test_short_values_are_not_looked_for() -> None:
    redactor = Redactor()
    redactor.learn(["1", "true", "eu"])
    assert redactor.redact("1 true eu") == "1 true eu"


def test_the_longer_of_two_goes_first() -> None:
    redactor = Redactor()
    redactor.learn(["secret-value", "secret-value-and-more"])
    assert redactor.redact("a secret-value-and-more b") == f"a {REDACTED} b"


def test_variables_with_telling_names_are_learnt() -> None:
    redactor = Redactor()
    redactor.learn_environment(
        {"AWS_SECRET_ACCESS_KEY": "abc def ghi", "HTTPS_PROXY": "http://x", "LANG": "de_DE.UTF-8"}
    )
    assert redactor.redact("abc def ghi http://x de_DE.UTF-8") == f"{REDACTED} {REDACTED} de_DE.UTF-8"


def test_what_is_remembered_has_an_end() -> None:
    redactor = Redactor()
    redactor.learn(f"value number {number}" for number in range(REMEMBERED + 10))
    assert len(redactor._values) == REMEMBERED
