"""A gateway that asks nobody: the facades answer from a script, under the real guard. No network, no SDK."""

from __future__ import annotations

import asyncio
import math
from array import array
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, TypeAlias, TypeVar

from lambdatui.aws.account import Account
from lambdatui.aws.alarms import Alarms
from lambdatui.aws.calls import Calls
from lambdatui.aws.concurrency import FRESH, Concurrency
from lambdatui.aws.connections import Connections
from lambdatui.aws.functions import Functions
from lambdatui.aws.gateway import Aws
from lambdatui.aws.guard import Guard
from lambdatui.aws.invocations import Invocations
from lambdatui.aws.layers import Layers
from lambdatui.aws.logs import Logs
from lambdatui.aws.metric_watch import Habits, Readings, Watch
from lambdatui.aws.metrics import Metrics, Variant
from lambdatui.aws.tags import Tags
from lambdatui.aws.tail import Tail
from lambdatui.aws.target import Target
from lambdatui.aws.timing import Timing
from lambdatui.aws.triggers import Triggers
from lambdatui.aws.versions import Versions
from lambdatui.model.alarms import Alarm
from lambdatui.model.concurrency import AccountLimits
from lambdatui.model.configuration import Configuration
from lambdatui.model.errors import AwsError, Denied
from lambdatui.model.functions import Function
from lambdatui.model.identity import Identity, Place, Region
from lambdatui.model.invocations import InvocationType, Outcome, Request
from lambdatui.model.layers import Layer, LayerVersion
from lambdatui.model.logs import LogEvent, TailRequest, TailUpdate
from lambdatui.model.metrics import Metric, Need, Reading, Series, Window, nothing
from lambdatui.model.policies import Caller
from lambdatui.model.quantities import PROVISIONED
from lambdatui.model.text import one_line
from lambdatui.model.triggers import AsyncConfig, EventSourceMapping, FunctionUrl
from lambdatui.model.versions import Alias, Provisioned, Version
from lambdatui.settings import Settings
from lambdatui.ui.memory import Memory
from lambdatui.ui.recall import Recall
from tests import samples, samples_versions

Answer = TypeVar("Answer")
Step: TypeAlias = Answer | AwsError | asyncio.Event
"""What a facade does next: give an answer, raise an error, or wait at a gate."""


def denied(operation: str) -> Denied:
    """The refusal that IAM gives."""
    return Denied(
        operation,
        f"User arn:aws:iam::210987654321:user/ops is not authorized to perform: {operation}.",
        f"Ask for {operation} in an identity-based policy.",
        request_id="7b0c1d2e-refused",
    )


class Wire:
    """What stands between the panes and their answers, whatever they ask: open, shut at a gate, or refusing."""

    def __init__(self) -> None:
        self.gate: asyncio.Event | None = None
        """While it is not set, no read is answered."""
        self.refuse: Callable[[str], AwsError | None] | None = None
        """Makes the error that reads raise, by operation; None: that one is answered."""
        self.asked: list[str] = []
        """Operations in the order in which they began."""
        self.under_way: list[str] = []
        """Operations that have neither ended nor been cancelled."""

    @asynccontextmanager
    async def read(self, operation: str, *, load: bool = True) -> AsyncIterator[None]:
        """Around one read. Without `load` it is none that a pane waits for, and is not counted."""
        counted = [operation] if load else []
        self.asked += counted
        self.under_way += counted
        try:
            if self.gate is not None:
                await self.gate.wait()
            if self.refuse is not None and (problem := self.refuse(operation)) is not None:
                raise problem
            yield
        finally:
            for each in counted:
                self.under_way.remove(each)


async def played(steps: Iterable[Step[Answer]]) -> AsyncGenerator[Answer, None]:
    """The answers among some steps, at their time."""
    for step in steps:
        if isinstance(step, asyncio.Event):
            await step.wait()
        elif isinstance(step, AwsError):
            raise step
        else:
            yield step


class FakeAccount(Account):
    """Knows who asks, and tells the guard as the real clients do."""

    def __init__(self, calls: Calls, *, demo: bool, profile: str, account: str) -> None:
        super().__init__(calls, demo=demo)
        self._who = profile, account
        self.region = "eu-west-1"
        self.problem: AwsError | None = None
        """Why STS does not answer."""
        self.host = ""
        """Host and port of an endpoint that is not AWS's."""

    @property
    def profile(self) -> str:
        """Who asks."""
        return self._who[0]

    async def place(self) -> Identity:
        self._calls.guard.profile = self._who[0]
        self._calls.guard.context = {"region": self.region}
        return self._identity(self.host)

    async def identity(self) -> Identity:
        await self.place()
        if self.problem is not None:
            raise self.problem
        self._calls.guard.account = self._who[1]
        return self._identity(self.host, f"arn:aws:iam::{self._who[1]}:user/ops")


class FakeFunctions(Functions):
    """Lists its script, and describes what is in `configurations`."""

    def __init__(self, calls: Calls, wire: Wire) -> None:
        super().__init__(calls)
        self._wire = wire
        self.script: Sequence[Step[Sequence[Function]]] = [samples.functions()]
        """What each listing does: its pages, gates between them, an error that ends it."""
        self.describe_as: Callable[[str], Configuration] = samples.configuration
        """The configuration by ARN."""
        self.raw_is = samples.RAW
        """Everything that AWS says of a function, as YAML."""
        self.code_signing_is = ""
        self.recursion_is = "Terminate"

    async def pages(self) -> AsyncGenerator[Sequence[Function], None]:
        async with self._wire.read("lambda:ListFunctions"):
            async for page in played(self.script):
                yield page

    async def describe(self, name: str) -> Configuration:
        async with self._wire.read("lambda:GetFunction"):
            configuration = self.describe_as(name)
            self.states[configuration.function.arn] = configuration.state
            return configuration

    async def raw(self, name: str) -> str:
        async with self._wire.read("lambda:GetFunction"):
            return self.raw_is

    async def code_signing(self, name: str) -> str:
        async with self._wire.read("lambda:GetFunctionCodeSigningConfig"):
            return self.code_signing_is

    async def recursion(self, name: str) -> str:
        async with self._wire.read("lambda:GetFunctionRecursionConfig"):
            return self.recursion_is


class FakeTail(Tail):
    """Plays the script of the logs, then waits for ever: a tail has no end."""

    def __init__(self, calls: Calls, wanted: TailRequest, logs: FakeLogs) -> None:
        super().__init__(calls, wanted, Timing())
        self._logs = logs
        self._given: set[str] = set()

    async def older(self, until: int) -> AsyncGenerator[Sequence[LogEvent], None]:
        async with self._logs.wire.read("logs:FilterLogEvents"):
            for page in self._logs.older:
                yield page

    async def updates(self) -> AsyncGenerator[TailUpdate, None]:
        async with self._logs.wire.read("logs:FilterLogEvents"):
            async for update in played(self._logs.script):
                events = tuple(event for event in update.events if event.event_id not in self._given)
                self._given.update(event.event_id for event in events)
                yield replace(update, events=events)
            await asyncio.Event().wait()


class FakeLogs(Logs):
    """Its tails play its script."""

    def __init__(self, calls: Calls, wire: Wire) -> None:
        super().__init__(calls)
        self.wire = wire
        self.script: Sequence[Step[TailUpdate]] = [TailUpdate(samples.log_events(), "polling")]
        self.older: Sequence[Sequence[LogEvent]] = ()
        """Pages of what is older."""
        self.ranges = 0
        """How often a range was asked for."""
        self.ranged: Sequence[Step[Sequence[LogEvent]]] = ()
        """What there is of any range, the newest part first."""
        self.unmatched: Sequence[Step[Sequence[LogEvent]]] = ()
        """What more there is of it without a pattern."""

    def tail(self, wanted: TailRequest) -> FakeTail:
        return FakeTail(self._calls, wanted, self)

    async def range(
        self, wanted: TailRequest, start: int, end: int, *, newest_first: bool = True
    ) -> AsyncGenerator[Sequence[LogEvent], None]:
        async with self.wire.read("logs:FilterLogEvents", load=False):
            self.ranges += 1
            async for part in played([*self.ranged, *(() if wanted.pattern else self.unmatched)]):
                yield part


class FakeTags(Tags):
    """Plays its script at each listing."""

    def __init__(self, calls: Calls, wire: Wire) -> None:
        super().__init__(calls)
        self._wire = wire
        self.script: Sequence[Step[Mapping[str, Mapping[str, str]]]] = [samples.tags()]

    async def pages(self) -> AsyncGenerator[Mapping[str, Mapping[str, str]], None]:
        async with self._wire.read("resourcegroupstaggingapi:GetResources"):
            async for page in played(self.script):
                yield page


class FakeLayers(Layers):
    """Lists its script, and knows the versions of the shop's layers."""

    def __init__(self, calls: Calls, wire: Wire) -> None:
        super().__init__(calls)
        self._wire = wire
        self.script: Sequence[Step[Sequence[Layer]]] = [samples.layers()]
        """What each listing does: its pages, gates between them, an error that ends it."""
        self.versions_of: Callable[[str], Sequence[LayerVersion]] = samples.layer_versions
        """The versions by the layer's name or ARN."""
        self.version_is: Callable[[str], LayerVersion] = samples.layer_version
        """A version by its ARN; may raise."""

    async def pages(self) -> AsyncGenerator[Sequence[Layer], None]:
        async with self._wire.read("lambda:ListLayers"):
            async for page in played(self.script):
                yield page

    async def versions(self, layer: str) -> AsyncGenerator[Sequence[LayerVersion], None]:
        async with self._wire.read("lambda:ListLayerVersions"):
            yield self.versions_of(layer)

    async def raw(self, arn: str) -> str:
        async with self._wire.read("lambda:GetLayerVersionByArn"):
            return samples.RAW

    async def version(self, arn: str) -> LayerVersion:
        async with self._wire.read("lambda:GetLayerVersionByArn"):
            return self.version_is(arn)


class FakeTriggers(Triggers):
    """Tells what its attributes say, of any function."""

    def __init__(self, calls: Calls, wire: Wire) -> None:
        super().__init__(calls)
        self._wire = wire
        self.callers_are: Sequence[Caller] = samples.callers()
        self.mappings_are: Sequence[EventSourceMapping] = samples.mappings()
        self.urls_are: Sequence[FunctionUrl] = samples.urls()
        self.async_configs_are: Sequence[AsyncConfig] = samples.async_configs()

    def empty(self) -> None:
        """Nothing calls anything."""
        self.callers_are = self.mappings_are = self.urls_are = self.async_configs_are = ()

    def hostile(self) -> None:
        """What calls a function means harm."""
        self.callers_are = samples.hostile_callers()
        self.mappings_are = samples.hostile_mappings()
        self.urls_are = samples.hostile_urls()
        self.async_configs_are = samples.hostile_async_configs()

    async def mappings(self, name: str, qualifier: str = "") -> AsyncGenerator[Sequence[EventSourceMapping], None]:
        async with self._wire.read("lambda:ListEventSourceMappings"):
            yield [it for it in self.mappings_are if it.qualifier == qualifier]

    async def urls(self, name: str) -> Sequence[FunctionUrl]:
        async with self._wire.read("lambda:ListFunctionUrlConfigs"):
            return self.urls_are

    async def async_configs(self, name: str) -> Sequence[AsyncConfig]:
        async with self._wire.read("lambda:ListFunctionEventInvokeConfigs"):
            return self.async_configs_are

    async def raw(self, name: str) -> str:
        async with self._wire.read("lambda:GetPolicy"):
            return samples.RAW

    async def callers(self, name: str, qualifier: str = "") -> Sequence[Caller]:
        async with self._wire.read("lambda:GetPolicy"):
            return self.callers_are


class FakeVersions(Versions):
    """Lists its scripts, of any function."""

    def __init__(self, calls: Calls, wire: Wire) -> None:
        super().__init__(calls)
        self._wire = wire
        self.script: Sequence[Step[Sequence[Version]]] = [samples_versions.versions()]
        self.alias_script: Sequence[Step[Sequence[Alias]]] = [samples_versions.aliases()]
        self.provisioned_are: Sequence[Provisioned] = samples_versions.provisioned()

    def empty(self) -> None:
        """Nothing is published, and no alias made."""
        self.script, self.alias_script = [[]], [[]]
        self.provisioned_are = ()

    def hostile(self) -> None:
        """What is published means harm."""
        self.script = [samples_versions.hostile_versions()]
        self.alias_script = [samples_versions.hostile_aliases()]
        self.provisioned_are = samples_versions.hostile_provisioned()

    async def versions(self, name: str) -> AsyncGenerator[Sequence[Version], None]:
        async with self._wire.read("lambda:ListVersionsByFunction"):
            async for page in played(self.script):
                yield page

    async def aliases(self, name: str) -> AsyncGenerator[Sequence[Alias], None]:
        async with self._wire.read("lambda:ListAliases"):
            async for page in played(self.alias_script):
                yield page

    async def provisioned(self, name: str) -> Sequence[Provisioned]:
        async with self._wire.read("lambda:ListProvisionedConcurrencyConfigs"):
            return self.provisioned_are

    async def raw(self, name: str, alias: str) -> str:
        async with self._wire.read("lambda:GetAlias"):
            return f"Name: {alias}\nFunctionVersion: '4'"


class FakeWatch(Watch):
    """Gets what the script of the metrics has, at once, and again when it is told that there is something new."""

    def __init__(self, metrics: FakeMetrics) -> None:
        super().__init__(metrics.reader)
        self._metrics = metrics

    async def updates(self) -> AsyncGenerator[Readings, None]:
        self._metrics.watches.append(self)
        try:
            while True:
                await self.news.wait()
                self.news.clear()
                if self._asked_anew:
                    await self._look_anew()
                pending, self.pending = {} if self._metrics.silent else self.pending, {}
                try:
                    async with self._metrics.wire.read("cloudwatch:GetMetricData", load=False):
                        readings = {need: self._metrics.reading(need) for need in pending}
                except AwsError as problem:
                    readings = {need: Reading(nothing(need.frame.at(self._metrics.now)), problem) for need in pending}
                yield readings
        finally:
            self._metrics.watches.remove(self)


class FakeMetrics(Metrics):
    """Knows the points that its attributes say, at a time that stands still."""

    def __init__(self, calls: Calls, wire: Wire) -> None:
        super().__init__(calls, Habits())
        self.wire = wire
        self.now = 1_800_000_000.0
        """Seconds since 1970."""
        self.value: Callable[[Metric, int, int], float | None] = lambda metric, at, period: None
        """The value of a metric in the period that begins then (s); None: no point."""
        self.problem: Callable[[Need], AwsError | None] = lambda need: None
        """Why a need is not answered."""
        self.silent = False
        """Whether it has no answer yet."""
        self.watches: list[FakeWatch] = []
        """Those that are told now."""
        self.active_are: frozenset[str] = frozenset()
        self.provisioned_are: frozenset[str] = frozenset()
        """Those that used provisioned concurrency."""
        self.variants_are: Sequence[Variant] = ()

    def clock(self) -> float:
        return self.now

    def watch(self) -> FakeWatch:
        return FakeWatch(self)

    def reading(self, need: Need) -> Reading:
        """What there is of a need."""
        window: Window = need.frame.at(self.now)
        if (problem := self.problem(need)) is not None:
            return Reading(nothing(window), problem)
        values = [self.value(need.metric, at, window.period) for at in window.grid]
        raw = array("d", [math.nan if value is None else value for value in values])
        return Reading(Series(window, raw, self.now))

    def again(self) -> None:
        """Tell all that watch of all that they want."""
        for watch in self.watches:
            watch.pending = dict.fromkeys((*watch.visible, *watch.later))
            watch.news.set()

    async def active(self, metric: str = "Invocations") -> frozenset[str]:
        async with self.wire.read("cloudwatch:ListMetrics"):
            return self.active_are

    async def active_by(self, metrics: Sequence[str]) -> Mapping[str, frozenset[str]]:
        return {**dict.fromkeys(metrics, await self.active()), PROVISIONED.metric: self.provisioned_are}

    async def variants(self, function: str) -> Sequence[Variant]:
        async with self.wire.read("cloudwatch:ListMetrics"):
            return self.variants_are


class FakeAlarms(Alarms):
    """Plays its script at each listing."""

    def __init__(self, calls: Calls, wire: Wire) -> None:
        super().__init__(calls)
        self._wire = wire
        self.script: Sequence[Step[Sequence[Alarm]]] = [[]]

    async def pages(self) -> AsyncGenerator[Sequence[Alarm], None]:
        async with self._wire.read("cloudwatch:DescribeAlarms"):
            async for page in played(self.script):
                yield page


class FakeConcurrency(Concurrency):
    """Tells what its attributes say."""

    def __init__(self, calls: Calls, wire: Wire) -> None:
        super().__init__(calls, Timing(sleep=lambda seconds: asyncio.sleep(0)))
        self._wire = wire
        self.limits = AccountLimits(1000, 1000)
        self.reserved_are: Mapping[str, int] = {}
        """By name of the function."""
        self.provisioned_is: Sequence[Provisioned] = ()
        """Of each function."""
        self.settings_asked = 0
        """How often the limits were asked for by what is no pane."""

    async def account(self) -> AccountLimits:
        async with self._wire.read("lambda:GetAccountSettings"):
            return self.limits

    async def _settings(self) -> AccountLimits:
        self.settings_asked += 1
        async with self._wire.read("lambda:GetAccountSettings", load=False):
            return self.limits

    async def provisioned(self, names: Sequence[str]) -> AsyncGenerator[tuple[str, Sequence[Provisioned]], None]:
        for name in names:
            async with self._wire.read("lambda:ListProvisionedConcurrencyConfigs", load=False):
                yield name, self.provisioned_is

    async def reserved(self, name: str, *, within: float = 0) -> int | None:
        async with self._wire.read("lambda:GetFunction", load=within <= FRESH):
            return self.reserved_are.get(name)


class FakeInvocations(Invocations):
    """Answers one step of its script to each request, the last one again and again, if the guard permits it."""

    def __init__(self, calls: Calls) -> None:
        super().__init__(calls)
        self.script: list[Step[Outcome]] = [samples.outcome()]
        self.parts: Sequence[Step[bytes]] = ()
        """What comes of each streamed response before its outcome, and gates between."""
        self.requests: list[Request] = []
        """What has left for AWS."""
        self.given_up = 0
        """How often nobody waited for the answer any more."""

    async def send(
        self, request: Request, *, confirmed: bool = False, arrived: Callable[[bytes], object] = lambda _: None
    ) -> Outcome:
        dry_run = request.kind is InvocationType.DRY_RUN
        operation = "lambda:InvokeWithResponseStream" if request.streaming else "lambda:Invoke"
        change = self._calls.guard.change(operation, request.function, confirmed=confirmed, dry_run=dry_run)
        async with change as audit:
            self.requests.append(request)
            try:
                if request.streaming and not dry_run:
                    async for part in played(self.parts):
                        arrived(part)
                found = await self._next()
            except asyncio.CancelledError:
                self.given_up += 1
                raise
        status = {InvocationType.EVENT: 202, InvocationType.DRY_RUN: 204}.get(request.kind, found.status)
        found = replace(found, kind=request.kind, status=status, streamed=request.streaming)
        return replace(found, journal_problem=audit.get("journal_problem", ""))

    async def _next(self) -> Outcome:
        while True:
            step = self.script[0]
            if len(self.script) > 1:
                del self.script[0]
            if found := [outcome async for outcome in played([step])]:
                return found[0]


class FakeGateways:
    """Opens fakes. Each place has one function, named after it."""

    only = ""

    def __init__(self, settings: Settings, *profiles: str) -> None:
        self._settings = settings
        self._profiles = profiles
        self.start = Place()
        self.opened: list[FakeAws] = []
        """The gateways that were opened, in order."""
        self.problem: AwsError | None = None
        """Why neither profiles nor regions can be told."""
        self.prepare: Callable[[FakeAws, Place], object] = lambda aws, place: None
        """Called with each new gateway."""

    def recall(self, place: Place, memory: Memory) -> Recall:
        """What is remembered of a place; no functions."""
        return Recall(memory, f"{place.profile} {place.region}")

    def open(self, place: Place) -> FakeAws:
        aws = FakeAws(self._settings, profile=place.profile or "shop")
        aws.account.region = place.region or "eu-west-1"
        name = f"{aws.account.profile}-in-{aws.account.region}"
        aws.functions.script = [[replace(samples.functions()[0], name=name, arn=f"arn:{name}")]]
        self.prepare(aws, place)
        self.opened.append(aws)
        return aws

    async def profiles(self) -> Sequence[str]:
        if self.problem is not None:
            raise self.problem
        return self._profiles

    async def regions(self, like: str) -> Sequence[Region]:
        if self.problem is not None:
            raise self.problem
        return [
            Region("ap-south-1", "Asia Pacific (Mumbai)"),
            Region("eu-central-1", "Europe (Frankfurt)"),
            Region("eu-west-1", "Europe (Ireland)"),
            Region("us-east-1", "US East (N. Virginia)"),
        ]


class FakeAws(Aws):
    """The gateway of a shop's account, where all goes well unless a test says otherwise."""

    def __init__(
        self, settings: Settings, *, profile: str = "shop", account: str = "210987654321", demo: bool = False
    ) -> None:
        self.journal: list[Mapping[str, Any]] = []
        """The lines of the audit journal."""
        self.journal_problem: OSError | None = None
        """Why the journal cannot be written."""
        self.journal_gate: asyncio.Event | None = None
        """What the second line of each change waits for."""
        self.wire = Wire()
        self.revived = 0
        self.renewed = asyncio.Event()
        """Set when somebody has renewed the credentials elsewhere."""
        self.closed = False
        target = Target(region="eu-west-1")
        guard = Guard(self._write, settings)
        super().__init__(target, guard)
        calls = Calls(Connections(target, guard), guard)
        self.account: FakeAccount = FakeAccount(calls, demo=demo, profile=profile, account=account)
        self.functions: FakeFunctions = FakeFunctions(calls, self.wire)
        self.tags: FakeTags = FakeTags(calls, self.wire)
        self.invocations: FakeInvocations = FakeInvocations(calls)
        self.layers: FakeLayers = FakeLayers(calls, self.wire)
        self.logs: FakeLogs = FakeLogs(calls, self.wire)
        self.metrics: FakeMetrics = FakeMetrics(calls, self.wire)
        self.alarms: FakeAlarms = FakeAlarms(calls, self.wire)
        self.concurrency: FakeConcurrency = FakeConcurrency(calls, self.wire)
        self.triggers: FakeTriggers = FakeTriggers(calls, self.wire)
        self.versions: FakeVersions = FakeVersions(calls, self.wire)

    def empty(self) -> None:
        """Have nothing in the account but functions that somebody has listed before."""
        self.functions.script = [[]]
        self.logs.script = [TailUpdate((), "polling every 5 s")]
        self.layers.script = [[]]
        self.triggers.empty()
        self.versions.empty()

    def hostile(self) -> None:
        """Answer with text that means harm, made visible as the real facades make it."""
        self.functions.script = [[samples.hostile_function()]]
        self.functions.describe_as = samples.hostile_configuration
        self.functions.code_signing_is = self.functions.recursion_is = one_line(samples.HARM)
        self.logs.script = [TailUpdate(samples.hostile_events(), "polling")]
        self.layers.script = [[samples.hostile_layer()]]
        self.layers.versions_of = lambda layer: [samples.hostile_layer().latest]
        self.layers.version_is = lambda arn: samples.hostile_layer().latest
        self.triggers.hostile()
        self.versions.hostile()
        self.invocations.script = [samples.hostile_outcome()]
        self.metrics.active_are = frozenset({one_line(samples.HARM)})
        self.metrics.value = lambda metric, at, period: 1.0

    async def revive(self) -> None:
        self.revived += 1

    async def credentials_changed(self) -> None:
        await self.renewed.wait()

    async def aclose(self) -> None:
        self.closed = True

    async def _write(self, line: Mapping[str, Any]) -> None:
        if self.journal_problem is not None:
            raise self.journal_problem
        if self.journal_gate is not None and line["phase"] == "after":
            await self.journal_gate.wait()
        self.journal.append(line)
