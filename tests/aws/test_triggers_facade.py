"""What calls a function, as the facade reads it from AWS's answers."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime

import pytest

from lambdatui.aws.gateway import Aws
from lambdatui.model.configuration import Trouble
from lambdatui.model.errors import Offline
from lambdatui.model.policies import Caller
from lambdatui.model.triggers import Cors
from tests.aws import faults
from tests.aws.fault_server import FaultServer
from tests.faults import shapes


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


MAPPING = {
    "UUID": "14e0db71-5d35-4eb5-b481-8945cf9d10c2",
    "EventSourceMappingArn": "arn:aws:lambda:eu-west-1:123456789012:event-source-mapping:14e0db71",
    "EventSourceArn": "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks",
    "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:orders:live",
    "State": "Disabled",
    "StateTransitionReason": "USER_INITIATED",
    "LastProcessingResult": "PROBLEM: Function call failed",
    "LastModified": 1_790_000_000.5,
    "BatchSize": 100,
    "MaximumBatchingWindowInSeconds": 5,
    "ParallelizationFactor": 2,
    "StartingPosition": "AT_TIMESTAMP",
    "StartingPositionTimestamp": 1_780_000_000,
    "FilterCriteria": {"Filters": [{"Pattern": '{"data": {"sku": [{"prefix": "A"}]}}'}, None, {"Pattern": "{}"}]},
    "FilterCriteriaError": {"ErrorCode": "KMSAccessDenied", "Message": "No."},
    "BisectBatchOnFunctionError": True,
    "MaximumRetryAttempts": -1,
    "MaximumRecordAgeInSeconds": 3600,
    "DestinationConfig": {"OnFailure": {"Destination": "arn:aws:sqs:eu-west-1:123456789012:failed"}},
    "FunctionResponseTypes": ["ReportBatchItemFailures"],
    "TumblingWindowInSeconds": 30,
    "DocumentDBEventSourceConfig": {"DatabaseName": "shop", "FullDocument": "Default"},
    "MetricsConfig": {"Metrics": ["EventCount"]},
    "SomethingNew": {"Deep": 7},
}


async def test_a_mapping_is_read_with_all_that_it_says(aws: Aws, server: FaultServer) -> None:
    server.plan(
        "lambda:ListEventSourceMappings",
        faults.answer({"EventSourceMappings": [MAPPING], "NextMarker": "2"}),
        faults.answer({"EventSourceMappings": [None, {"UUID": "b\x1b"}]}),
    )
    (it,), (bare,) = [page async for page in aws.triggers.mappings("orders", "live")]
    assert [seen.parameters for seen in server.journal] == [
        {"FunctionName": "orders:live"}, {"FunctionName": "orders:live", "Marker": "2"},
    ]  # fmt: skip
    assert (it.state, it.last_result, it.qualifier) == ("Disabled", "PROBLEM: Function call failed", "live")
    assert (it.batch_size, it.window, it.parallelization, it.tumbling_window) == (100, 5, 2, 30)
    assert it.filters == ('{"data": {"sku": [{"prefix": "A"}]}}', "{}")
    assert it.filters_trouble == Trouble("KMSAccessDenied", "No.")
    assert (it.bisect, it.retries, it.record_age, it.on_success) == (True, -1, 3600, "")
    assert it.on_failure == "arn:aws:sqs:eu-west-1:123456789012:failed"
    assert it.starting_at == datetime.fromtimestamp(1_780_000_000, UTC)
    assert it.database == "shop"
    assert dict(it.other) == {
        "DocumentDBEventSourceConfig.FullDocument": "Default", "MetricsConfig.Metrics": "EventCount",
    }  # fmt: skip
    assert (bare.uuid, bare.batch_size, bare.filters, bare.qualifier) == ("b␛", None, (), "")


async def test_a_self_managed_kafka_is_read(aws: Aws, server: FaultServer) -> None:
    entry = {
        "UUID": "k",
        "Topics": ["orders"],
        "SelfManagedEventSource": {"Endpoints": {"KAFKA_BOOTSTRAP_SERVERS": ["b-1:9092", "b-2:9092"]}},
        "SelfManagedKafkaEventSourceConfig": {"ConsumerGroupId": "shop"},
        "SourceAccessConfigurations": [{"Type": "VPC_SUBNET", "URI": "subnet:subnet-1"}],
        "ProvisionedPollerConfig": {"MinimumPollers": 1, "MaximumPollers": 3},
    }
    server.plan("lambda:ListEventSourceMappings", faults.answer({"EventSourceMappings": [entry]}))
    ((it,),) = [page async for page in aws.triggers.mappings("orders")]
    assert it.endpoints == ("b-1:9092", "b-2:9092")
    assert (it.topics, it.consumer_group, it.pollers) == (("orders",), "shop", (1, 3))
    assert it.access == (("VPC_SUBNET", "subnet:subnet-1"),)
    assert not it.other


async def test_all_members_of_a_mapping_that_the_service_model_has_are_somewhere(server: FaultServer, aws: Aws) -> None:
    everything = shapes.example(shapes.output("lambda:ListEventSourceMappings"), random.Random(1))
    server.plan("lambda:ListEventSourceMappings", faults.answer(everything))
    (page,) = [page async for page in aws.triggers.mappings("orders")]
    said = repr(page[0])
    for name, value in everything["EventSourceMappings"][0].items():
        assert value is None or f"{name}-" not in str(value) or f"{name}-" in said, name


async def test_urls_and_their_cors_are_read(aws: Aws, server: FaultServer) -> None:
    open_one = {
        "FunctionUrl": "https://abc.lambda-url.eu-west-1.on.aws/",
        "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:orders:live",
        "AuthType": "NONE",
        "InvokeMode": "RESPONSE_STREAM",
        "CreationTime": "2026-11-23T13:12:20.123Z",
        "Cors": {"AllowOrigins": ["https://shop.example"], "AllowMethods": ["GET"], "MaxAge": 60,
                 "AllowCredentials": True},
    }  # fmt: skip
    server.plan(
        "lambda:ListFunctionUrlConfigs",
        faults.answer({"FunctionUrlConfigs": [open_one], "NextMarker": "2"}),
        faults.answer({"FunctionUrlConfigs": [{"FunctionUrl": "u", "AuthType": "AWS_IAM"}]}),
    )
    first, second = await aws.triggers.urls("orders")
    assert (first.qualifier, first.auth_type, first.invoke_mode) == ("live", "NONE", "RESPONSE_STREAM")
    assert first.cors == Cors(("https://shop.example",), ("GET",), (), (), credentials=True, max_age=60)
    assert first.created == datetime(2026, 11, 23, 13, 12, 20, 123_000, tzinfo=UTC)
    assert (second.cors, second.qualifier) == (None, "")


async def test_async_configs_are_read_by_qualifier(aws: Aws, server: FaultServer) -> None:
    entries = [
        {"FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:orders:$LATEST", "MaximumRetryAttempts": 0},
        {"FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:orders:7", "MaximumEventAgeInSeconds": 60,
         "DestinationConfig": {"OnSuccess": {"Destination": "arn:aws:sns:eu-west-1:123456789012:done"}}},
    ]  # fmt: skip
    server.plan("lambda:ListFunctionEventInvokeConfigs", faults.answer({"FunctionEventInvokeConfigs": entries}))
    latest, seventh = await aws.triggers.async_configs("orders")
    assert (latest.qualifier, latest.retries, latest.event_age, latest.on_failure) == ("", 0, None, "")
    assert (seventh.qualifier, seventh.retries, seventh.event_age) == ("7", None, 60)
    assert seventh.on_success == "arn:aws:sns:eu-west-1:123456789012:done"


async def test_a_list_without_its_entries_is_no_answer(aws: Aws, server: FaultServer) -> None:
    server.plan("lambda:ListFunctionUrlConfigs", faults.answer({"NextMarker": "x"}))
    with pytest.raises(Offline, match="it has no list"):
        await aws.triggers.urls("orders")
