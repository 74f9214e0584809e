"""Puts the sample functions and all that belongs to them into a fresh endpoint."""

from __future__ import annotations

import asyncio
import contextlib
import json
from datetime import UTC, datetime
from typing import Any

from lambdatui.local import control_plane, identity
from lambdatui.local.demo import deploys, packages
from lambdatui.local.demo.catalogue import FUNCTIONS, LAYERS, QUEUES
from lambdatui.local.demo.client import Client, Refused
from lambdatui.local.demo.sample import Layer, Queue, Release, Sample

LOGS_KEPT = 14
"""Days: the retention of log groups that are made here. Those that Lambda makes keep everything, as in AWS."""

DEAD_LETTERS_KEPT = 3600
"""Seconds: nobody reads them, and the demo may run for days."""


async def seed(client: Client) -> None:
    """Create the functions and layers. Takes about 0.15 s. Raises client.Refused."""
    for layer in LAYERS:
        await _publish(client, layer)
    for sample in FUNCTIONS:
        await _create(client, sample)
    await deploys.leave_one_behind(client)
    now = datetime.now(UTC)
    for sample in FUNCTIONS:
        await _active(client, sample)
        published = {str(number): now - it.age for number, it in enumerate(sample.versions, 1)}
        control_plane.backdate(sample.name, now - sample.age, published)
    for sample in FUNCTIONS:
        await _configure(client, sample)


async def connect(client: Client) -> None:
    """Create what calls the functions beside the traffic: queues, schedules, and the log groups that Lambda does not.

    Apart from seed() and after it, for nobody waits for it: MiniStack reads the model of each service first, 0.1 s in
    all. Raises client.Refused.
    """
    for queue in QUEUES:
        await _create_queue(client, queue)
    for sample in FUNCTIONS:
        if sample.fed_by:
            await _feed(client, sample)
        if sample.schedule:
            await _schedule(client, sample)
        if sample.log_group:
            with contextlib.suppress(Refused):  # a first call has made it
                await client.command("Logs_20140328.CreateLogGroup", {"logGroupName": sample.log_group})
            retention = {"logGroupName": sample.log_group, "retentionInDays": LOGS_KEPT}
            await client.command("Logs_20140328.PutRetentionPolicy", retention)


async def _create_queue(client: Client, queue: Queue) -> None:
    attributes = {"MessageRetentionPeriod": str(DEAD_LETTERS_KEPT), "VisibilityTimeout": "60"}
    if queue.dead:
        target = json.dumps({"deadLetterTargetArn": _queue_arn(queue.dead), "maxReceiveCount": 3})
        attributes["RedrivePolicy"] = target
    await client.command("AmazonSQS.CreateQueue", {"QueueName": queue.name, "Attributes": attributes})


async def _publish(client: Client, layer: Layer) -> None:
    order = {"Description": layer.description, "Content": {"ZipFile": packages.of_layer(layer.name)}}
    order |= {"LicenseInfo": "MIT", "CompatibleRuntimes": ["python3.12", "python3.13"]}
    order["CompatibleArchitectures"] = ["x86_64", "arm64"]
    for _ in range(layer.versions):
        await client.call("POST", f"/2018-10-31/layers/{layer.name}/versions", order)


async def _create(client: Client, sample: Sample) -> None:
    await client.call("POST", "/2015-03-31/functions", _order(sample))
    functions = f"/2015-03-31/functions/{sample.name}"
    for release in sample.versions:
        # A version is published only if something has changed since the last one: the description does.
        order = _configuration(sample, release) | {"Description": f"{sample.description} ({release.description})"}
        await client.call("PUT", f"{functions}/configuration", order)
        await client.call("PUT", f"{functions}/code", {"ZipFile": packages.of_function(release.code or sample.name)})
        await client.call("POST", f"{functions}/versions", {"Description": release.description})
    if sample.versions:
        await client.call("PUT", f"{functions}/configuration", _configuration(sample))
        await client.call("PUT", f"{functions}/code", {"ZipFile": packages.of_function(sample.name)})
    for alias in sample.aliases:
        order = {"Name": alias.name, "FunctionVersion": alias.version, "Description": alias.description}
        if alias.also:
            order["RoutingConfig"] = {"AdditionalVersionWeights": dict(alias.also)}
        await client.call("POST", f"{functions}/aliases", order)


async def _active(client: Client, sample: Sample) -> None:
    """Waits until nothing of the function is Pending any more: MiniStack changes that in threads."""
    versions = f"/2015-03-31/functions/{sample.name}/versions"
    while True:
        listed = (await client.call("GET", versions))["Versions"]
        if all(version["State"] == "Active" and version["LastUpdateStatus"] == "Successful" for version in listed):
            return
        await asyncio.sleep(0.005)


async def _configure(client: Client, sample: Sample) -> None:
    """What a function may use and who may call it, which are requests of their own."""
    if sample.reserved is not None:
        limit = {"ReservedConcurrentExecutions": sample.reserved}
        await client.call("PUT", f"/2017-10-31/functions/{sample.name}/concurrency", limit)
    if sample.retries is not None:
        failed = {"Destination": _queue_arn(sample.on_failure)} if sample.on_failure else {}
        order = {"MaximumRetryAttempts": sample.retries, "DestinationConfig": {"OnFailure": failed}}
        await client.call("PUT", f"/2019-09-25/functions/{sample.name}/event-invoke-config", order)
    for alias in sample.aliases:
        if alias.provisioned:
            much = {"ProvisionedConcurrentExecutions": alias.provisioned}
            path = f"/2019-09-30/functions/{sample.name}/provisioned-concurrency?Qualifier={alias.name}"
            await client.call("PUT", path, much)
    if sample.url:
        order = {"AuthType": "NONE", "Cors": {"AllowOrigins": ["https://shop.example"], "AllowMethods": ["POST"]}}
        await client.call("POST", f"/2021-10-31/functions/{sample.name}/url", order)
        await _permit(client, sample, "public-url", "*", "InvokeFunctionUrl", FunctionUrlAuthType="NONE")
    for permit in sample.permits:
        place = f"{identity.REGION}:{identity.ACCOUNT_ID}"
        source = {"SourceArn": f"arn:aws:{permit.source.format(place)}"} if permit.source else {}
        if permit.source.startswith("s3:"):
            source["SourceAccount"] = identity.ACCOUNT_ID  # the ARN of a bucket has none
        await _permit(
            client, sample, permit.statement, permit.principal, "InvokeFunction", qualifier=permit.alias, **source
        )


async def _feed(client: Client, sample: Sample) -> None:
    await client.call("POST", "/2015-03-31/event-source-mappings", {
        "FunctionName": sample.name,
        "EventSourceArn": _queue_arn(sample.fed_by),
        "BatchSize": 10,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "ScalingConfig": {"MaximumConcurrency": 2},
        **({"FilterCriteria": {"Filters": [{"Pattern": sample.only}]}} if sample.only else {}),
    })  # fmt: skip


async def _schedule(client: Client, sample: Sample) -> None:
    rule = {"Name": f"{sample.name}-schedule", "ScheduleExpression": sample.schedule}
    arn = (await client.command("AWSEvents.PutRule", rule))["RuleArn"]
    await _permit(client, sample, "schedule", "events.amazonaws.com", "InvokeFunction", SourceArn=arn)
    target = {"Id": "function", "Arn": f"{_ARN.format('lambda')}:function:{sample.name}"}
    await client.command("AWSEvents.PutTargets", {"Rule": rule["Name"], "Targets": [target]})


async def _permit(
    client: Client, sample: Sample, statement: str, who: str, action: str, *, qualifier: str = "", **condition: str
) -> None:
    order = {"StatementId": statement, "Action": f"lambda:{action}", "Principal": who, **condition}
    at = f"?Qualifier={qualifier}" if qualifier else ""
    await client.call("POST", f"/2015-03-31/functions/{sample.name}/policy{at}", order)


def _configuration(sample: Sample, release: Release | None = None) -> dict[str, Any]:
    """What of a sample's configuration its versions differ in: as it was at a release, or as it is."""
    was = release or Release("", sample.age)
    layers = sample.layers if was.layers is None else was.layers
    return {
        "Description": sample.description,
        "MemorySize": was.memory or sample.memory,
        "Environment": {"Variables": dict(sample.environment if was.environment is None else was.environment)},
        "Layers": [it if it.startswith("arn:") else f"{_ARN.format('lambda')}:layer:{it}" for it in layers],
    }


def _order(sample: Sample) -> dict[str, Any]:
    """The CreateFunction request of a sample."""
    order: dict[str, Any] = {
        **_configuration(sample),
        "FunctionName": sample.name,
        "Role": f"arn:aws:iam::{identity.ACCOUNT_ID}:role/{sample.name}",
        "Timeout": sample.timeout,
        "Architectures": [sample.architecture],
        "EphemeralStorage": {"Size": sample.storage},
        "TracingConfig": {"Mode": "Active" if sample.tracing else "PassThrough"},
        "Tags": dict(sample.tags),
        "LoggingConfig": _logging(sample),
    }
    if sample.dead_letters:
        order["DeadLetterConfig"] = {"TargetArn": _queue_arn(sample.dead_letters)}
    if sample.image:
        registry = f"{identity.ACCOUNT_ID}.dkr.ecr.{identity.REGION}.amazonaws.com"
        return order | {"PackageType": "Image", "Code": {"ImageUri": f"{registry}/{sample.image}"}}
    if sample.tenants:
        order["TenancyConfig"] = {"TenantIsolationMode": "PER_TENANT"}
    code = {"ZipFile": packages.of_function(sample.name, own_runtime=sample.runtime.startswith("provided"))}
    return order | {"Runtime": sample.runtime, "Handler": "app.handler", "Code": code}


def _logging(sample: Sample) -> dict[str, str]:
    if not sample.json_logs:
        return {"LogFormat": "Text", "LogGroup": sample.group}
    levels = {"ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO"}
    return {"LogFormat": "JSON", **levels, "LogGroup": sample.group}


def _queue_arn(name: str) -> str:
    return f"{_ARN.format('sqs')}:{name}"


_ARN = f"arn:aws:{{}}:{identity.REGION}:{identity.ACCOUNT_ID}"
