"""A small shop's functions, logs and outcomes, and the same with text in it that means harm."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from lambdatui.model.configuration import Configuration, LayerUse, Masked, Trouble
from lambdatui.model.functions import Function
from lambdatui.model.invocations import Outcome
from lambdatui.model.layers import Layer, LayerVersion
from lambdatui.model.logs import LogEvent
from lambdatui.model.policies import Caller
from lambdatui.model.sgr import Styled, styled
from lambdatui.model.text import one_line, visible
from lambdatui.model.triggers import AsyncConfig, Cors, EventSourceMapping, FunctionUrl

NOW = datetime(2026, 11, 23, 14, 5, 30, tzinfo=UTC)

HARM = "[@click=app.quit]x[/] [/ \x1b]52;c;cm0gLXJm\x07\x1b[2J \u202egpj\u200b $(id) [red]\\"
"""Markup that runs an action or crashes, escape sequences, text that runs backwards."""

SECRET = "sk_live_51MzQ9t"


def function(
    name: str,
    description: str = "",
    *,
    runtime: str = "python3.12",
    memory: int = 256,
    timeout: int = 30,
    architecture: str = "arm64",
    modified: datetime | None = datetime(2026, 11, 20, 9, 12, tzinfo=UTC),
    layers: tuple[str, ...] = (),
) -> Function:
    """A function of the shop."""
    return Function(
        name=name,
        arn=f"arn:aws:lambda:eu-west-1:210987654321:function:{name}",
        runtime=runtime,
        memory=memory,
        timeout=timeout,
        architectures=(architecture,),
        modified=modified,
        description=description,
        package_type="Zip" if runtime else "Image",
        handler="app.handler",
        code_size=48_211,
        layers=tuple(f"arn:aws:lambda:eu-west-1:210987654321:layer:{layer}" for layer in layers),
    )


def functions() -> list[Function]:
    """What the shop runs."""
    return [
        function("checkout-api", "Takes an order: basket, address, payment", memory=512, layers=("shop-common:12",)),
        function("email-receipt", "Sends the receipt of a paid order", layers=("shop-common:14",)),
        function("fraud-score", "", runtime="", memory=2048, timeout=900, architecture="x86_64"),
        function("inventory-sync", "Brings the warehouse's stock into the shop", timeout=300),
        function("legacy-export", "Nobody calls it", runtime="python3.8", modified=datetime(2023, 2, 1, tzinfo=UTC)),
        function(
            "orders-create",
            "Writes an order",
            modified=datetime(2026, 11, 23, 13, 41, tzinfo=UTC),
            layers=("shop-common:13",),
        ),
        function("payment-webhook", "Called by the payment provider", runtime="nodejs22.x", memory=128),
        function("price-import", "Reads the suppliers' price lists at night", memory=10240, timeout=900),
        function(
            "thumbnail-render-with-a-name-of-sixty-four-characters-in-all-xyz",
            "Pictures in four sizes",
            layers=("shop-common:14", "ffmpeg:2"),
        ),
        function("検索-index", "全文検索 · Volltextsuche", modified=None),
    ]


def tags() -> dict[str, dict[str, str]]:
    """The tags of some of them, by ARN."""
    stack = {"aws:cloudformation:stack-name": "shop"}
    found = {"checkout-api": {"team": "checkout", **stack}, "orders-create": {"team": "orders", **stack}}
    return {f"arn:aws:lambda:eu-west-1:210987654321:function:{name}": its for name, its in found.items()}


def configuration(arn: str) -> Configuration:
    """What GetFunction tells of a function of the shop."""
    name = arn.rpartition(":")[2]
    known = {it.name: it for it in functions()}
    return Configuration(
        function=known.get(name) or function(name),
        version="$LATEST",
        code_sha256="q5dEPVXkMlmLGNPbHOhJC4mUr9wVxgA2oSHwT3MGnkY=",
        revision_id="5f3c2f0e-1b6d-4c60-9a43-8a51b1b9f3a7",
        role="arn:aws:iam::210987654321:role/shop-checkout",
        state="Active",
        last_update_status="Failed",
        last_update_status_reason="The role has no permission to create network interfaces.",
        last_update_status_reason_code="EniLimitExceeded",
        ephemeral_storage=512,
        environment={"PAYMENT_KEY": Masked(SECRET), "STAGE": Masked("production"), "EMPTY": Masked("")},
        layers=(LayerUse("arn:aws:lambda:eu-west-1:210987654321:layer:shop-common:12", 2_104_000),),
        vpc_id="vpc-0a1b2c3d",
        subnet_ids=("subnet-11111111", "subnet-22222222"),
        security_group_ids=("sg-33333333",),
        tracing_mode="PassThrough",
        log_format="Text",
        tags={"team": "checkout", "cost-centre": "4711"},
    )


RAW = """\
Configuration:
  FunctionName: checkout-api
  FunctionArn: arn:aws:lambda:eu-west-1:210987654321:function:checkout-api
  Runtime: python3.13
  Role: arn:aws:iam::210987654321:role/shop-checkout
  Handler: app.handler
  CodeSize: 18204
  Description: |-
    Takes an order to its payment.
    Owned by the checkout team.
  Environment:
    Variables:
      PAYMENT_KEY: (masked)
      STAGE: (masked)
  VpcConfig:
    SubnetIds:
    - subnet-11111111
    - subnet-22222222
    VpcId: vpc-0a1b2c3d
  State: Active
Code:
  RepositoryType: S3
Tags:
  team: checkout"""
"""What `y` shows of a function of the shop."""


def callers() -> tuple[Caller, ...]:
    """Who may call a function of the shop."""
    return (
        Caller("Amazon EventBridge may invoke it, for rule nightly-schedule of this account", "schedule", alert=False),
        Caller("Everybody may call its URL without authentication", "public-url", alert=True),
    )


def mappings() -> tuple[EventSourceMapping, ...]:
    """What feeds a function of the shop: a queue that works, a stream that does not."""
    account, arn = "eu-west-1:210987654321", "arn:aws:lambda:eu-west-1:210987654321:function:checkout-api"
    return (
        EventSourceMapping(
            uuid="14e0db71-5d35-4eb5-b481-8945cf9d10c2",
            source_arn=f"arn:aws:sqs:{account}:paid-orders",
            function_arn=arn,
            state="Enabled",
            state_reason="USER_INITIATED",
            last_result="OK",
            modified=datetime(2026, 11, 20, 9, 12, tzinfo=UTC),
            batch_size=10,
            filters=('{"body": {"country": [{"anything-but": "XX"}]}}', '{"body": {"test": [true]}}'),
            maximum_concurrency=2,
            response_types=("ReportBatchItemFailures",),
        ),
        EventSourceMapping(
            uuid="5f3c2f0e-1b6d-4c60-9a43-8a51b1b9f3a7",
            source_arn=f"arn:aws:kinesis:{account}:stream/clicks",
            function_arn=arn,
            state="Disabled",
            state_reason="Disabled by the service: the function is missing permissions",
            last_result="PROBLEM: Function call failed",
            batch_size=100,
            window=5,
            parallelization=2,
            starting_position="TRIM_HORIZON",
            bisect=True,
            retries=-1,
            record_age=3600,
            on_failure=f"arn:aws:sqs:{account}:failed-clicks",
        ),
    )


def urls() -> tuple[FunctionUrl, ...]:
    """The URL of a function of the shop."""
    cors = Cors(("https://shop.example",), ("GET", "POST"), ("content-type",), (), credentials=True, max_age=600)
    return (
        FunctionUrl(
            url="https://a1b2c3d4.lambda-url.eu-west-1.on.aws/",
            function_arn="arn:aws:lambda:eu-west-1:210987654321:function:checkout-api:live",
            auth_type="NONE",
            invoke_mode="BUFFERED",
            cors=cors,
            created=datetime(2026, 11, 1, 8, tzinfo=UTC),
            modified=datetime(2026, 11, 20, 9, 12, tzinfo=UTC),
        ),
    )


def async_configs() -> tuple[AsyncConfig, ...]:
    """What becomes of asynchronous calls of a function of the shop."""
    arn = "arn:aws:lambda:eu-west-1:210987654321:function:checkout-api"
    failed = "arn:aws:sqs:eu-west-1:210987654321:failed-receipts"
    return (AsyncConfig(f"{arn}:$LATEST", retries=1, on_failure=failed), AsyncConfig(f"{arn}:live", event_age=60))


def layer_versions(layer: str) -> list[LayerVersion]:
    """The versions of a layer of the shop, newest first: one that was deleted is missing."""
    name = layer.rpartition(":")[2]
    layer = f"arn:aws:lambda:eu-west-1:210987654321:layer:{name}"
    descriptions = {
        "shop-common": {14: "Money with three decimals", 13: "", 11: "", 3: "First one"},
        "ffmpeg": {2: "6.1"},
    }
    return [
        LayerVersion(
            arn=f"{layer}:{number}",
            number=number,
            description=description or f"Build {number}",
            created=datetime(2026, 10, 1 + number, 8, tzinfo=UTC),
            runtimes=("python3.12", "python3.13") if name == "shop-common" else (),
            architectures=("arm64", "x86_64") if name == "shop-common" else ("x86_64",),
            license="MIT" if name == "shop-common" else "LGPL-2.1",
        )
        for number, description in descriptions.get(name, {1: "The only one"}).items()
    ]


def layer_version(arn: str) -> LayerVersion:
    """A version of a layer of the shop, with its size."""
    layer, _, number = arn.rpartition(":")
    known = {it.number: it for it in layer_versions(layer)}
    version = known.get(int(number)) or LayerVersion(arn, int(number))
    return replace(version, size=2_104_000 + version.number, sha256="q5dEPVXkMlmLGNPbHOhJC4mUr9wVxgA2oSHwT3MGnkY=")


def layers() -> list[Layer]:
    """The layers of the shop."""
    arn = "arn:aws:lambda:eu-west-1:210987654321:layer:"
    return [Layer(name, arn + name, layer_versions(arn + name)[0]) for name in ("ffmpeg", "pdf-fonts", "shop-common")]


def event(number: int, message: str) -> LogEvent:
    """An event of the shop's log, `number` tenths of a second after two o'clock."""
    moment = int(datetime(2026, 11, 23, 14, tzinfo=UTC).timestamp() * 1000) + number * 100
    return LogEvent(f"event-{number}", moment, moment + 50, "2026/11/23/[$LATEST]0123abcd", message)


def log_events() -> tuple[LogEvent, ...]:
    """A log with lines of every kind."""
    request = "8f5e1c0a-6a8e-4c86-9a55-1f4f6f3f2c11"
    messages = [
        "INIT_START Runtime Version: python:3.12.v38\tRuntime Version ARN: arn:aws:lambda:eu-west-1::runtime:7ab2",
        f"START RequestId: {request} Version: $LATEST",
        f"[INFO]\t2026-11-23T14:00:00.400Z\t{request}\torder 1042: 3 items, 59.80 EUR",
        '{"level": "error", "message": "card declined", "order": 1042}',
        "Traceback (most recent call last):\n"
        '  File "/var/task/app.py", line 17, in handler\n'
        "    charge(order)\n"
        "CardDeclined: insufficient funds",
        "注文 1042 · größer als üblich · 🛒",
        f"END RequestId: {request}",
        f"REPORT RequestId: {request}\tDuration: 212.40 ms\tBilled Duration: 213 ms\tMemory Size: 512 MB\t"
        "Max Memory Used: 88 MB\tInit Duration: 110.05 ms\t",
        "2026-11-23T14:00:03.000Z 9c21 Task timed out after 3.00 seconds",
    ]
    return tuple(event(number, message) for number, message in enumerate(messages))


def outcome() -> Outcome:
    """A function that did what it was asked for."""
    return Outcome(
        status=200,
        function_error="",
        executed_version="$LATEST",
        request_id="c0ffee00-1111",
        payload='{\n  "statusCode": 201,\n  "order": 1042\n}',
        log_tail=Styled("START RequestId: c0ffee00-1111\norder 1042 written\nEND RequestId: c0ffee00-1111"),
        elapsed=184.2,
        response=b'{"statusCode": 201, "order": 1042}',
        trace_id="1-6744e5a0-3f2b1c0d9e8f7a6b5c4d3e2f",
        sent=1_795_615_530_000,
    )


def failed_outcome() -> Outcome:
    """A function that failed."""
    return replace(
        outcome(),
        function_error="Unhandled",
        payload='{\n  "errorMessage": "insufficient funds",\n  "errorType": "CardDeclined"\n}',
        error_type="CardDeclined",
        error_message="insufficient funds",
        stack_trace=('  File "/var/task/app.py", line 17, in handler', "    charge(order)"),
        log_tail=Styled("[ERROR] CardDeclined: insufficient funds"),
    )


def hostile_function() -> Function:
    """A function whose every text means harm."""
    text = one_line(HARM)
    return replace(function(text, text), runtime=text, architectures=(text,), handler=text, own_log_group=text)


def hostile_configuration(arn: str) -> Configuration:
    """A configuration whose every text means harm."""
    text = one_line(HARM)
    return replace(
        configuration(arn),
        function=hostile_function(),
        role=text,
        state=text,
        last_update_status_reason=text,
        environment={text: Masked(visible(HARM))},
        layers=(LayerUse(text, 1),),
        tags={text: text},
        other={text: text},
    )


def hostile_events() -> tuple[LogEvent, ...]:
    """A log whose lines mean harm."""
    texts = (styled(HARM), styled(f"Traceback (most recent call last)\n{HARM}"))
    return tuple(replace(event(number, text.text), spans=text.spans) for number, text in enumerate(texts))


def hostile_outcome() -> Outcome:
    """An outcome whose every text means harm."""
    text = visible(HARM)
    return replace(
        failed_outcome(), function_error=text, executed_version=text, request_id=text, payload=text,
        log_tail=styled(HARM), error_type=text, error_message=text, stack_trace=(text,),
    )  # fmt: skip


def hostile_callers() -> tuple[Caller, ...]:
    """A policy whose every text means harm."""
    text = one_line(HARM)
    return (Caller(f"Service {text} may invoke it", text, alert=True),)


def hostile_mappings() -> tuple[EventSourceMapping, ...]:
    """A mapping whose every text means harm."""
    text = one_line(HARM)
    return (
        EventSourceMapping(
            text, text, text, text, text, text, text, filters=(text,), filters_trouble=Trouble(text, text),
            on_success=text, on_failure=text, starting_position=text, response_types=(text,), topics=(text,),
            queues=(text,), endpoints=(text,), consumer_group=text, database=text, collection=text,
            access=((text, text),), kms_key_arn=text, other={text: text},
        ),
    )  # fmt: skip


def hostile_urls() -> tuple[FunctionUrl, ...]:
    """A URL whose every text means harm."""
    text = one_line(HARM)
    return (FunctionUrl(text, text, text, text, Cors((text,), (text,), (text,), (text,))),)


def hostile_async_configs() -> tuple[AsyncConfig, ...]:
    """Destinations whose every text means harm."""
    text = one_line(HARM)
    return (AsyncConfig(text, on_success=text, on_failure=text),)


def hostile_layer() -> Layer:
    """A layer whose every text means harm."""
    text = one_line(HARM)
    latest = LayerVersion(text, 3, text, None, (text,), (text,), text, sha256=text)
    return Layer(text, text, latest)
