"""Resource policies in sentences: what AWS writes, what people write, and whatever else is JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatui.model.policies import Caller, callers

HERE = "210987654321"
RESOURCE = f"arn:aws:lambda:eu-west-1:{HERE}:function:orders"


def statement(principal: Any, action: Any = "lambda:InvokeFunction", **more: Any) -> dict[str, Any]:
    return {
        "Sid": "s", "Effect": "Allow", "Principal": principal, "Action": action, "Resource": RESOURCE, **more,
    }  # fmt: skip


def read(*statements: Any) -> list[Caller]:
    return list(callers(json.dumps({"Version": "2012-10-17", "Statement": statements})))


def service(name: str, arn: str, **equals: str) -> dict[str, Any]:
    conditions: dict[str, Any] = {"ArnLike": {"AWS:SourceArn": arn}}
    if equals:
        conditions["StringEquals"] = {f"AWS:{key}": value for key, value in equals.items()}
    return statement({"Service": name}, Condition=conditions)


SENTENCES: list[tuple[dict[str, Any], str]] = [
    (
        service("events.amazonaws.com", f"arn:aws:events:eu-west-1:{HERE}:rule/nightly-schedule"),
        "Amazon EventBridge may invoke it, for rule nightly-schedule of this account",
    ),
    (
        service("events.amazonaws.com", f"arn:aws:events:eu-west-1:{HERE}:rule/shop/paid"),
        "Amazon EventBridge may invoke it, for rule paid of bus shop of this account",
    ),
    (
        service("s3.amazonaws.com", "arn:aws:s3:::pictures", SourceAccount=HERE),
        "Amazon S3 may invoke it, for bucket pictures of this account",
    ),
    (
        service("s3.amazonaws.com", "arn:aws:s3:::pictures"),
        "Amazon S3 may invoke it, for bucket pictures",
    ),
    (
        service("sns.amazonaws.com", "arn:aws:sns:eu-west-1:123456789012:paid"),
        "Amazon SNS may invoke it, for topic paid of account 123456789012",
    ),
    (
        service("sns.amazonaws.com", "arn:aws:sns:eu-west-1:123456789012:paid", SourceAccount=HERE),
        "Amazon SNS may invoke it, for topic paid of account 123456789012, if the source is of this account",
    ),
    (
        service("apigateway.amazonaws.com", f"arn:aws:execute-api:eu-west-1:{HERE}:a1b2c3/live/POST/orders/{{id}}"),
        "Amazon API Gateway may invoke it, for POST /orders/{id} of API a1b2c3 at stage live of this account",
    ),
    (
        service("apigateway.amazonaws.com", f"arn:aws:execute-api:eu-west-1:{HERE}:a1b2c3/*/*"),
        "Amazon API Gateway may invoke it, for API a1b2c3 of this account",
    ),
    (
        service("logs.eu-west-1.amazonaws.com", f"arn:aws:logs:eu-west-1:{HERE}:log-group:/shop/payments:*"),
        "CloudWatch Logs may invoke it, for log group /shop/payments of this account",
    ),
    (
        service("elasticloadbalancing.amazonaws.com",
                f"arn:aws:elasticloadbalancing:eu-west-1:{HERE}:targetgroup/shop/73e2d6bc24d8a067"),
        "Elastic Load Balancing may invoke it, for target group shop of this account",
    ),
    (
        service("new-service.amazonaws.com", f"arn:aws-cn:new:cn-north-1:{HERE}:thing/7"),
        f"Service new-service.amazonaws.com may invoke it, for arn:aws-cn:new:cn-north-1:{HERE}:thing/7 "
        "of this account",
    ),
    (statement({"AWS": "arn:aws:iam::123456789012:root"}), "Account 123456789012 may invoke it"),
    (statement({"AWS": "123456789012"}), "Account 123456789012 may invoke it"),
    (statement({"AWS": f"arn:aws:iam::{HERE}:root"}), "This account may invoke it"),
    (statement({"AWS": f"arn:aws:iam::{HERE}:role/jobs/nightly"}), "Role jobs/nightly of this account may invoke it"),
    (
        statement({"AWS": ["123456789012", "arn:aws:sts::123456789012:assumed-role/ops/me"]}),
        "Account 123456789012 and Assumed role ops/me of account 123456789012 may invoke it",
    ),
    (statement({"AWS": "AROAEXAMPLEID"}), "Principal AROAEXAMPLEID may invoke it"),
    (statement({"Federated": "accounts.google.com"}), "Federated accounts.google.com may invoke it"),
    (
        statement("*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}),
        "Everybody may invoke it, from organization o-a1b2c3d4e5",
    ),
    (
        statement({"Service": "alexa-appkit.amazon.com"},
                  Condition={"StringEquals": {"lambda:EventSourceToken": "amzn1.ask.skill.1"}}),
        "Alexa Skills Kit may invoke it, if StringEquals lambda:EventSourceToken amzn1.ask.skill.1 (as written)",
    ),
    (statement("*", "lambda:*", Effect="Deny"), "Everybody may not do everything with it"),
    (
        statement({"AWS": "123456789012"}, ["lambda:InvokeFunction", "lambda:GetFunction"]),
        "Account 123456789012 may invoke it and use lambda:GetFunction",
    ),
]  # fmt: skip
"""Statements that let in no more than they should, and what is said of them."""


@pytest.mark.parametrize(("it", "sentence"), SENTENCES, ids=[sentence for _, sentence in SENTENCES])
def test_a_statement_is_a_sentence(it: dict[str, Any], sentence: str) -> None:
    assert read(it) == [Caller(sentence, "s", alert=False)]


ALERTS: list[tuple[dict[str, Any], str]] = [
    (
        statement("*", "lambda:InvokeFunctionUrl",
                  Condition={"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}}),
        "Everybody may call its URL without authentication",
    ),
    (
        statement("*", "lambda:InvokeFunctionUrl",
                  Condition={"StringEquals": {"lambda:FunctionUrlAuthType": "AWS_IAM"}}),
        "Everybody may call its URL with AWS credentials",
    ),
    (
        statement("*", Condition={"Bool": {"lambda:InvokedViaFunctionUrl": "true"}}),
        "Everybody may invoke it, through its URL",
    ),
    (statement("*"), "Everybody may invoke it"),
    (statement({"AWS": ["123456789012", "*"]}, "lambda:*"),
     "Account 123456789012 and Everybody may do everything with it"),
    (
        statement("*", Condition={"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}),
        "Everybody may invoke it, if StringEqualsIfExists aws:PrincipalOrgID o-1 (as written)",
    ),
    (
        statement("*", Condition={"StringNotEquals": {"aws:SourceAccount": "1"}}),
        "Everybody may invoke it, if StringNotEquals aws:SourceAccount 1 (as written)",
    ),
    (
        statement("*", Condition={"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "0.0.0.0/0"]}}),
        "Everybody may invoke it, if IpAddress aws:SourceIp 10.0.0.0/8 or 0.0.0.0/0 (as written)",
    ),
    (
        statement("*", Condition={"StringLike": {"aws:PrincipalArn": "*"}}),
        "Everybody may invoke it, if StringLike aws:PrincipalArn * (as written)",
    ),
    (statement({"Service": "s3.amazonaws.com"}), "Amazon S3 may invoke it, on behalf of any account"),
    (
        service("s3.amazonaws.com", "arn:aws:s3:::*"),
        "Amazon S3 may invoke it, on behalf of any account, for bucket *",
    ),
    (
        {"Effect": "Allow", "NotPrincipal": {"AWS": "123456789012"}, "NotAction": "lambda:GetFunction", "Sid": "s"},
        "Everybody but Account 123456789012 may do everything but lambda:GetFunction with it",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("it", "sentence"), ALERTS, ids=[sentence for _, sentence in ALERTS])
def test_a_statement_that_lets_everybody_in_is_an_alert(it: dict[str, Any], sentence: str) -> None:
    assert read(it) == [Caller(sentence, "s", alert=True)]


NARROWED = [
    {"ArnLike": {"aws:SourceArn": f"arn:aws:sns:eu-west-1:{HERE}:paid"}},
    {"StringEquals": {"AWS:SOURCEACCOUNT": HERE}},
    {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
    {"StringEquals": {"aws:SourceVpce": "vpce-1"}, "StringLike": {"aws:PrincipalArn": "*"}},
]


@pytest.mark.parametrize("condition", NARROWED, ids=json.dumps)
def test_a_condition_on_who_calls_narrows_a_wildcard(condition: dict[str, Any]) -> None:
    assert [it.alert for it in read(statement("*", Condition=condition))] == [False]


def test_what_is_not_known_is_shown_as_it_is_written() -> None:
    it = statement({"CanonicalUser": "79a5"}, "lambda:Dream", Condition={"DateLess": {"aws:CurrentTime": 7}})
    (caller,) = read(it | {"Effect": "Perhaps", "Sid": 3})
    assert caller.sentence == (
        "CanonicalUser 79a5 (effect Perhaps) use lambda:Dream, if DateLess aws:CurrentTime 7 (as written)"
    )
    assert caller.statement_id == "3"
    (odd,) = read("Allow all")
    assert odd.sentence == "Allow all (as written)"


def test_one_statement_needs_no_list() -> None:
    policy = json.dumps({"Statement": statement("*")})
    assert [it.sentence for it in callers(policy)] == ["Everybody may invoke it"]


@pytest.mark.parametrize("policy", ["", "<html>", "7", "[]", "{}", "[" * 100_000, "9" * 5000, '{"Statement": NaN}'])
def test_what_is_no_policy_is_told_and_raises_nothing(policy: str) -> None:
    (caller,) = callers(policy)
    assert caller.sentence


def test_brackets_without_end_in_a_statement_raise_nothing() -> None:
    for depth in range(100, 4000, 100):
        deep = "[" * depth + "]" * depth
        for key in ("Principal", "Action", "Condition", "Sid", "Effect", "Resource"):
            assert callers(f'{{"Statement": [{{"{key}": {deep}}}]}}')


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
keys = st.sampled_from(
    ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "Condition", "Else"]
)
parts = (
    json_values
    | st.sampled_from(["Allow", "*", "arn:aws:iam::1:root", "lambda:InvokeFunctionUrl"])
    | st.dictionaries(
        st.sampled_from(["AWS", "Service", "StringEquals", "ArnLike", "Bool"]),
        json_values
        | st.dictionaries(
            st.sampled_from(["AWS:SourceArn", "lambda:FunctionUrlAuthType", "lambda:InvokedViaFunctionUrl"]),
            json_values,
        ),
    )
)


@given(st.lists(st.dictionaries(keys, parts) | json_values))
def test_any_json_is_as_many_sentences_as_it_has_statements(statements: list[Any]) -> None:
    found = read(*statements)
    assert len(found) == len(statements)
    assert all(it.sentence.strip() and isinstance(it.statement_id, str) for it in found)


@given(json_values)
def test_any_json_is_no_error(value: Any) -> None:
    assert all(isinstance(it.sentence, str) for it in callers(json.dumps(value)))
    assert all(isinstance(it.sentence, str) for it in callers(json.dumps({"Statement": value})))
