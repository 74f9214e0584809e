"""What calls a function: event source mappings, the resource policy, function URLs, asynchronous calls."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import replace
from typing import Any

from lambdatui.aws import shapes
from lambdatui.aws.calls import Calls
from lambdatui.aws.failures import unlike_aws
from lambdatui.model.errors import Missing
from lambdatui.model.policies import Caller, callers
from lambdatui.model.triggers import AsyncConfig, Cors, EventSourceMapping, FunctionUrl

Entry = Mapping[str, Any]


_LISTS = {
    "ListEventSourceMappings": "EventSourceMappings",
    "ListFunctionUrlConfigs": "FunctionUrlConfigs",
    "ListFunctionEventInvokeConfigs": "FunctionEventInvokeConfigs",
}
"""What is listed, by the operation."""


class Triggers:
    """The facade over the operations of Lambda that say what calls a function, which is named or given by its ARN."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def mappings(self, name: str, qualifier: str = "") -> AsyncGenerator[Sequence[EventSourceMapping], None]:
        """The event source mappings of a function, a version or an alias, up to 100 a page. Raises AwsError."""
        whole = f"{name}:{qualifier}" if qualifier else name
        async with aclosing(self._lists("ListEventSourceMappings", whole)) as pages:
            async for page in pages:
                yield [parse_mapping(entry) for entry in page]

    async def callers(self, name: str, qualifier: str = "") -> Sequence[Caller]:
        """Who may call a function, or a version or alias of it; none where there is no policy. Raises AwsError."""
        policy = await self._policy(name, qualifier)
        return tuple(
            replace(it, sentence=shapes.line(it.sentence), statement_id=shapes.line(it.statement_id))
            for it in (() if policy is None else callers(policy, qualifier))
        )

    async def urls(self, name: str) -> Sequence[FunctionUrl]:
        """The URLs of a function and of its aliases. Raises AwsError."""
        pages = self._lists("ListFunctionUrlConfigs", name)
        return [parse_url(entry) async for page in pages for entry in page]

    async def async_configs(self, name: str) -> Sequence[AsyncConfig]:
        """What becomes of asynchronous calls of a function, its versions and aliases, where set. Raises AwsError."""
        pages = self._lists("ListFunctionEventInvokeConfigs", name)
        return [parse_async_config(entry) async for page in pages for entry in page]

    async def raw(self, name: str) -> str:
        """All that AWS says of what calls a function itself, as YAML; see `as_yaml()`. Raises AwsError."""
        from lambdatui.aws.raw import as_yaml

        answer: dict[str, Any] = {}
        for operation, member in _LISTS.items():
            answer[member] = [entry async for page in self._lists(operation, name) for entry in page]
        policy = await self._policy(name)
        answer["Policy"] = policy
        with suppress(ValueError, RecursionError):  # what is no JSON stays the text that it is
            answer["Policy"] = None if policy is None else json.loads(policy)
        return await asyncio.to_thread(as_yaml, answer)

    async def _policy(self, name: str, qualifier: str = "") -> str | None:
        """The resource policy as it is written; None where there is none."""
        at = {"Qualifier": qualifier} if qualifier else {}
        try:
            answer = await self._calls.read("lambda", "GetPolicy", FunctionName=name, **at)
        except Missing:
            return None
        if "Policy" not in answer:
            raise unlike_aws("lambda:GetPolicy", "policy")
        return str(answer["Policy"])

    async def _lists(self, operation: str, name: str) -> AsyncGenerator[Sequence[Entry], None]:
        """The entries of a list about a function, page by page."""
        member = _LISTS[operation]
        markers = ("Marker", "NextMarker")
        async with aclosing(self._calls.pages("lambda", operation, markers, FunctionName=name)) as pages:
            async for page in pages:
                if member not in page:
                    raise unlike_aws(f"lambda:{operation}", "list")
                yield [entry for entry in page[member] if entry]


_KNOWN = shapes.Known(
    "UUID", "EventSourceMappingArn", "EventSourceArn", "FunctionArn", "State", "StateTransitionReason",
    "LastProcessingResult", "LastModified", "BatchSize", "MaximumBatchingWindowInSeconds", "FilterCriteria.Filters",
    "FilterCriteriaError", "ScalingConfig.MaximumConcurrency", "ParallelizationFactor", "BisectBatchOnFunctionError",
    "MaximumRetryAttempts", "MaximumRecordAgeInSeconds", "DestinationConfig.OnSuccess.Destination",
    "DestinationConfig.OnFailure.Destination", "StartingPosition", "StartingPositionTimestamp",
    "TumblingWindowInSeconds", "FunctionResponseTypes", "ProvisionedPollerConfig.MinimumPollers",
    "ProvisionedPollerConfig.MaximumPollers", "Topics", "Queues", "SelfManagedEventSource.Endpoints",
    "SourceAccessConfigurations.Type", "SourceAccessConfigurations.URI", "KMSKeyArn",
    "AmazonManagedKafkaEventSourceConfig.ConsumerGroupId", "SelfManagedKafkaEventSourceConfig.ConsumerGroupId",
    "DocumentDBEventSourceConfig.DatabaseName", "DocumentDBEventSourceConfig.CollectionName",
)  # fmt: skip


def parse_mapping(entry: Entry) -> EventSourceMapping:
    """A mapping from an EventSourceMappingConfiguration shape."""
    text, number = shapes.text, shapes.number
    return EventSourceMapping(
        uuid=text(entry, "UUID"),
        arn=text(entry, "EventSourceMappingArn"),
        source_arn=text(entry, "EventSourceArn"),
        function_arn=text(entry, "FunctionArn"),
        state=text(entry, "State"),
        state_reason=text(entry, "StateTransitionReason"),
        last_result=text(entry, "LastProcessingResult"),
        modified=shapes.when(entry, "LastModified"),
        batch_size=number(entry, "BatchSize"),
        window=number(entry, "MaximumBatchingWindowInSeconds"),
        filters=tuple(text(it, "Pattern") for it in shapes.member(entry, "FilterCriteria", "Filters") or () if it),
        filters_trouble=shapes.trouble(entry, "FilterCriteriaError"),
        maximum_concurrency=number(entry, "ScalingConfig", "MaximumConcurrency"),
        parallelization=number(entry, "ParallelizationFactor"),
        bisect=shapes.flag(entry, "BisectBatchOnFunctionError"),
        retries=number(entry, "MaximumRetryAttempts"),
        record_age=number(entry, "MaximumRecordAgeInSeconds"),
        on_success=text(entry, "DestinationConfig", "OnSuccess", "Destination"),
        on_failure=text(entry, "DestinationConfig", "OnFailure", "Destination"),
        starting_position=text(entry, "StartingPosition"),
        starting_at=shapes.when(entry, "StartingPositionTimestamp"),
        tumbling_window=number(entry, "TumblingWindowInSeconds"),
        response_types=shapes.texts(entry, "FunctionResponseTypes"),
        pollers=_pollers(entry),
        topics=shapes.texts(entry, "Topics"),
        queues=shapes.texts(entry, "Queues"),
        endpoints=_endpoints(entry),
        consumer_group=_consumer_group(entry),
        database=text(entry, "DocumentDBEventSourceConfig", "DatabaseName"),
        collection=text(entry, "DocumentDBEventSourceConfig", "CollectionName"),
        access=tuple((text(it, "Type"), text(it, "URI")) for it in entry.get("SourceAccessConfigurations") or () if it),
        kms_key_arn=text(entry, "KMSKeyArn"),
        other=_KNOWN.others(entry),
    )


def _pollers(entry: Entry) -> tuple[int | None, int | None]:
    least, most = (shapes.number(entry, "ProvisionedPollerConfig", it) for it in ("MinimumPollers", "MaximumPollers"))
    return least, most


def _endpoints(entry: Entry) -> tuple[str, ...]:
    listed: Mapping[str, Any] = shapes.member(entry, "SelfManagedEventSource", "Endpoints") or {}
    return tuple(shapes.line(str(it)) for servers in listed.values() for it in servers or ())


def _consumer_group(entry: Entry) -> str:
    kinds = ("AmazonManagedKafkaEventSourceConfig", "SelfManagedKafkaEventSourceConfig")
    return next(filter(None, (shapes.text(entry, it, "ConsumerGroupId") for it in kinds)), "")


def parse_url(entry: Entry) -> FunctionUrl:
    """A function URL from a FunctionUrlConfig shape."""
    cors: Entry | None = entry.get("Cors")
    return FunctionUrl(
        url=shapes.text(entry, "FunctionUrl"),
        function_arn=shapes.text(entry, "FunctionArn"),
        auth_type=shapes.text(entry, "AuthType"),
        invoke_mode=shapes.text(entry, "InvokeMode"),
        cors=None if not cors else _cors(cors),
        created=shapes.when(entry, "CreationTime"),
        modified=shapes.when(entry, "LastModifiedTime"),
    )


def _cors(entry: Entry) -> Cors:
    return Cors(
        origins=shapes.texts(entry, "AllowOrigins"),
        methods=shapes.texts(entry, "AllowMethods"),
        headers=shapes.texts(entry, "AllowHeaders"),
        exposed=shapes.texts(entry, "ExposeHeaders"),
        credentials=shapes.flag(entry, "AllowCredentials"),
        max_age=shapes.number(entry, "MaxAge"),
    )


def parse_async_config(entry: Entry) -> AsyncConfig:
    """What becomes of asynchronous calls, from a FunctionEventInvokeConfig shape."""
    return AsyncConfig(
        function_arn=shapes.text(entry, "FunctionArn"),
        retries=shapes.number(entry, "MaximumRetryAttempts"),
        event_age=shapes.number(entry, "MaximumEventAgeInSeconds"),
        on_success=shapes.text(entry, "DestinationConfig", "OnSuccess", "Destination"),
        on_failure=shapes.text(entry, "DestinationConfig", "OnFailure", "Destination"),
        modified=shapes.when(entry, "LastModified"),
    )
