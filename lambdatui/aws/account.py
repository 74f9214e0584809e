"""Who is asking: the account and identity behind the credentials."""

from __future__ import annotations

from lambdatui.aws import shapes
from lambdatui.aws.calls import Calls
from lambdatui.aws.clients import ClientClass, custom_host
from lambdatui.aws.failures import unlike_aws
from lambdatui.model.identity import Identity
from lambdatui.model.text import one_line


class Account:
    """The facade over STS and the session's own knowledge."""

    def __init__(self, calls: Calls, *, demo: bool) -> None:
        self._calls = calls
        self._demo = demo

    async def place(self) -> Identity:
        """The identity without its account: profile, region and endpoint, for which nothing is asked of AWS."""
        client = await self._calls.connections.get("lambda", ClientClass.READ)
        return self._identity(custom_host(client.meta.endpoint_url))

    async def identity(self) -> Identity:
        """The whole identity, with the account that STS names. Tells the guard. Raises AwsError.

        An answer that comes when the connection has been renewed is of who asked before: STS is asked again.
        """
        guard = self._calls.guard
        while True:
            place, before = await self.place(), guard.forgotten
            answer = await self._calls.read("sts", "GetCallerIdentity")
            if not answer.get("Account"):
                raise unlike_aws("sts:GetCallerIdentity", "account")
            if guard.forgotten == before:
                guard.account, guard.caller = shapes.text(answer, "Account"), shapes.text(answer, "Arn")
                return self._identity(place.endpoint, guard.caller)

    def _identity(self, endpoint: str, arn: str = "") -> Identity:
        guard = self._calls.guard
        posture = guard.posture
        return Identity(
            profile=one_line(guard.profile),
            region=one_line(guard.context.get("region", "")),
            account=guard.account,
            arn=arn,
            endpoint=one_line(endpoint),
            demo=self._demo,
            read_only=posture.read_only,
            production=posture.production,
        )
