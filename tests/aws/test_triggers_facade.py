"""What calls a function, as the facade reads it from AWS's answers."""

from __future__ import annotations

import json

import pytest

from lambdatui.aws.gateway import Aws
from lambdatui.model.errors import Offline
from lambdatui.model.policies import Caller
from tests.aws import faults
from tests.aws.fault_server import FaultServer


async def test_a_policy_is_read_into_its_callers(aws: Aws, server: FaultServer) -> None:
    statement = {"Sid": "x\x1b[2J", "Effect": "Allow", "Principal": "*\u202e", "Action": "lambda:InvokeFunction"}
    policy = json.dumps({"Statement": [statement, statement | {"Principal": "*"}]})
    server.plan("lambda:GetPolicy", faults.answer({"Policy": policy}))
    assert await aws.triggers.callers("orders") == (
        Caller("Principal *\\u202e may invoke it", "x␛[2J", alert=False),
        Caller("Everybody may invoke it", "x␛[2J", alert=True),
    )


async def test_a_policy_is_asked_for_by_qualifier(aws: Aws, server: FaultServer) -> None:
    server.plan("lambda:GetPolicy", faults.answer({"Policy": '{"Statement": []}'}))
    assert await aws.triggers.callers("orders") == ()
    assert await aws.triggers.callers("orders", "live") == ()
    assert [seen.parameters for seen in server.journal] == [{}, {"Qualifier": "live"}]


async def test_where_there_is_no_policy_nobody_may_call(aws: Aws, server: FaultServer) -> None:
    missing = faults.aws_error(404, "ResourceNotFoundException", "No policy is associated with the given resource.")
    server.plan("lambda:GetPolicy", missing)
    assert await aws.triggers.callers("orders") == ()


async def test_an_answer_without_a_policy_is_no_answer(aws: Aws, server: FaultServer) -> None:
    server.plan("lambda:GetPolicy", faults.answer({"RevisionId": "r"}))
    with pytest.raises(Offline, match="it has no policy"):
        await aws.triggers.callers("orders")
