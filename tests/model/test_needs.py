"""What a function needs of those who invoke it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lambdatui.model.invocations import InvocationType, check_context, check_payload, check_tenant
from lambdatui.model.needs import needs
from tests import samples

ORDINARY = replace(
    samples.configuration("arn"),
    tenant_isolation="",
    capacity_provider_arn="",
    durable_execution_timeout=None,
    function=samples.function("orders", timeout=30),
)


def test_an_ordinary_function_needs_nothing_of_its_own() -> None:
    assert needs(ORDINARY) == (False, False, True, 30, ())


def test_what_is_out_of_the_ordinary_is_needed_and_said() -> None:
    tenants = needs(replace(ORDINARY, tenant_isolation="PER_TENANT"))
    managed = needs(replace(ORDINARY, capacity_provider_arn="arn:aws:lambda:eu-west-1:1:capacity-provider:p"))
    durable = needs(replace(ORDINARY, durable_execution_timeout=86_400))
    assert (tenants.tenant, managed.log_tail, durable.qualifier, durable.timeout) == (True, False, True, 900)
    assert all(len(found.sentences) == 1 for found in (tenants, managed, durable))


@pytest.mark.parametrize(
    ("kind", "most"), [(InvocationType.EVENT, 1_048_576), (InvocationType.REQUEST_RESPONSE, 6_291_456)]
)
def test_a_payload_has_the_limit_of_its_type_to_the_byte(kind: InvocationType, most: int) -> None:
    assert check_payload(f'"{"x" * (most - 2)}"', kind=kind) is None
    fault = check_payload(f'"{"x" * (most - 1)}"', kind=kind)
    assert fault is not None
    assert "over the limit" in fault.message


@pytest.mark.parametrize("text", ["", " ", "{}", '{"custom": {"a": "é"}}', '{"custom": "' + "x" * 2671 + '"}'])
def test_a_json_object_of_the_size_that_aws_takes_is_a_client_context(text: str) -> None:
    assert check_context(text) is None


@pytest.mark.parametrize("text", ["{", "[1]", "1", "\ud800", '{"custom": "' + "x" * 2675 + '"}'])
def test_anything_else_is_none(text: str) -> None:
    assert check_context(text) is not None


@pytest.mark.parametrize(
    ("text", "good"), [("", True), ("acme/1", True), ("a b@c", True), ("é", False), ("a\n", False)]
)
def test_a_tenant_is_named_as_the_shape_allows(text: str, good: bool) -> None:
    assert (check_tenant(text) is None) is good
