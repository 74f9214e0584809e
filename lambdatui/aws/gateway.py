"""`Aws`: one profile in one region."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from lambdatui.aws.account import Account
    from lambdatui.aws.alarms import Alarms
    from lambdatui.aws.attempts import Tell
    from lambdatui.aws.calls import Calls, Learn
    from lambdatui.aws.clients import ClientClass, Rules
    from lambdatui.aws.concurrency import Concurrency
    from lambdatui.aws.connections import Connections
    from lambdatui.aws.first_list import FirstList
    from lambdatui.aws.functions import Functions
    from lambdatui.aws.guard import Guard, Posture
    from lambdatui.aws.invocations import Invocations
    from lambdatui.aws.layers import Layers
    from lambdatui.aws.logs import Logs
    from lambdatui.aws.metrics import Metrics
    from lambdatui.aws.mfa import AskCode
    from lambdatui.aws.tags import Tags
    from lambdatui.aws.target import Target
    from lambdatui.aws.triggers import Triggers
    from lambdatui.aws.versions import Versions


class Aws:
    """The gateway: what the panes ask, by feature.

    Making one costs nothing and imports no SDK, so that a screen can be made for it before anything is connected. The
    first call opens what it needs; what keeps it from opening is that call's AwsError, and `revive()` tries anew.
    """

    def __init__(
        self,
        target: Target,
        guard: Guard,
        rules: Mapping[ClientClass, Rules] | None = None,
        *,
        learn: Learn = lambda _: None,
        ask_code: AskCode | None = None,
        at_start: bool = False,
        refresh: float | None = 60.0,
        idle: float = 900.0,
    ) -> None:
        """`learn` is told values that are secret: the functions' environments. `ask_code` asks for an MFA code.

        `rules` are those of `aws.clients` unless others are given. `at_start`: the first thing that is asked for is the
        list of functions, and the SDK is not imported yet; see `first_list`. `refresh`, `idle`: seconds between two
        refreshes of metrics (None: only when asked for), and without a key until there are none.
        """
        self._target = target
        self._guard = guard
        self._rules = rules
        self._learn = learn
        self._ask_code = ask_code
        self._at_start = at_start
        self._refresh, self._idle = refresh, idle
        self.window = "1h"
        """The stretch of time (a `Range` of model.metrics) of which metrics are looked at, by all who look here."""

    # Each is imported when it is first asked for, which is after the first paint.

    @cached_property
    def _connections(self) -> Connections:
        from lambdatui.aws.clients import CLASSES
        from lambdatui.aws.connections import Connections

        rules = self._rules or CLASSES
        return Connections(self._target, self._guard, rules, self._ask_code, self._first_list)

    @cached_property
    def _first_list(self) -> FirstList | None:
        if not self._at_start or self._target.keys is not None:
            return None
        from lambdatui.aws.clients import CLASSES, ClientClass
        from lambdatui.aws.first_list import FirstList
        from lambdatui.aws.functions import parse_function
        from lambdatui.aws.plain_list import Wanted

        target, rules = self._target, (self._rules or CLASSES)[ClientClass.READ]
        wanted = Wanted(target.profile, target.region, target.endpoint_url, rules.connect)
        return FirstList(wanted, self._guard, parse_function)

    @cached_property
    def _calls(self) -> Calls:
        from lambdatui.aws.calls import Calls

        return Calls(self._connections, self._guard, self._learn)

    @cached_property
    def account(self) -> Account:
        """Who is asking."""
        from lambdatui.aws.account import Account

        return Account(self._calls, demo=self._target.keys is not None)

    @cached_property
    def alarms(self) -> Alarms:
        """What alarms there are on metrics."""
        from lambdatui.aws.alarms import Alarms

        return Alarms(self._calls)

    @cached_property
    def concurrency(self) -> Concurrency:
        """How much may run at the same time."""
        from lambdatui.aws.concurrency import Concurrency

        return Concurrency(self._calls)

    @cached_property
    def functions(self) -> Functions:
        """What functions there are, and how each is configured."""
        from lambdatui.aws.functions import Functions

        return Functions(self._calls, self._first_list)

    @cached_property
    def invocations(self) -> Invocations:
        """Running a function."""
        from lambdatui.aws.invocations import Invocations

        return Invocations(self._calls)

    @cached_property
    def layers(self) -> Layers:
        """What layers there are, and their versions."""
        from lambdatui.aws.layers import Layers

        return Layers(self._calls)

    @cached_property
    def logs(self) -> Logs:
        """What functions have logged."""
        from lambdatui.aws.logs import Logs

        return Logs(self._calls)

    @cached_property
    def metrics(self) -> Metrics:
        """What CloudWatch has of functions."""
        from lambdatui.aws.metric_watch import Habits
        from lambdatui.aws.metrics import Metrics

        return Metrics(self._calls, Habits(self._refresh, self._idle))

    @cached_property
    def triggers(self) -> Triggers:
        """What calls a function."""
        from lambdatui.aws.triggers import Triggers

        return Triggers(self._calls)

    @cached_property
    def versions(self) -> Versions:
        """What versions and aliases a function has."""
        from lambdatui.aws.versions import Versions

        return Versions(self._calls)

    @cached_property
    def tags(self) -> Tags:
        """What tags functions have."""
        from lambdatui.aws.tags import Tags

        return Tags(self._calls)

    @property
    def posture(self) -> Posture:
        """Whether changes are allowed now, and why not."""
        return self._guard.posture

    def telling(self, tell: Tell) -> AbstractContextManager[None]:
        """Within it, `tell` is called before each further attempt of a call: its number, how many at most, and why."""
        from lambdatui.aws.attempts import telling

        return telling(tell)

    def touch(self) -> None:
        """Somebody is there: metrics that are in sight stay up to date."""
        if "metrics" in self.__dict__:
            self.metrics.reader.touch()

    def forget(self) -> None:
        """Somebody else asks from now on: what is known by the names of functions is not theirs."""
        if "metrics" in self.__dict__:
            self.metrics.reader.forget()
            self.metrics.list_anew()
        if "concurrency" in self.__dict__:
            self.concurrency.forget()

    async def revive(self) -> None:
        """Read files and environment anew and start an embedded endpoint that has ended; the next call reconnects.

        Calls under way go on as they were begun.
        """
        await self._connections.revive()

    async def credentials_changed(self) -> None:
        """Wait until the files of credentials have changed since they were read: `revive()` may help then."""
        await self._connections.credentials_changed()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close every client. Calls under way fail."""
        if "metrics" in self.__dict__:
            await self.metrics.aclose()
        await self._connections.aclose()
