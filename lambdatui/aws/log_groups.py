"""The ARNs of log groups."""

from __future__ import annotations

from lambdatui.aws.account import Account
from lambdatui.aws.calls import Calls
from lambdatui.aws.clients import ClientClass
from lambdatui.model.logs import LogGroup


class LogGroups:
    """The groups of this account and region, as operations want them that take no names."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def arn(self, group: LogGroup) -> str:
        """The ARN without a trailing `:*`. Where it is not given, STS may be asked for the account. Raises AwsError."""
        if group.arn:
            return group.arn.removesuffix(":*")
        client = await self._calls.connections.get("logs", ClientClass.STREAM)
        account = self._calls.guard.account or (await Account(self._calls, demo=False).identity()).account
        return f"arn:{client.meta.partition}:logs:{client.meta.region_name}:{account}:log-group:{group.name}"
