"""Which operations may be called at all, which of them change something, and the audit line around every change.

Deny by default: an operation that is on neither list below is refused, so a new read has to be named here before it can
be used, and a new write cannot slip through as a read. `permit()` is also hooked into every client, underneath the
facades, so that no call can go round it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol
from uuid import uuid4

from lambdatui.model.errors import AwsError, NotConfirmed, OutcomeUnknown, ReadOnly
from lambdatui.model.text import one_line

READS = frozenset(
    {
        "cloudwatch:DescribeAlarms",
        "cloudwatch:GetMetricData",
        "cloudwatch:ListMetrics",
        "lambda:GetAccountSettings",
        "lambda:GetAlias",
        "lambda:GetFunction",
        "lambda:GetFunctionCodeSigningConfig",
        "lambda:GetFunctionRecursionConfig",
        "lambda:GetLayerVersionByArn",
        "lambda:GetPolicy",
        "lambda:ListAliases",
        "lambda:ListEventSourceMappings",
        "lambda:ListFunctionEventInvokeConfigs",
        "lambda:ListFunctionUrlConfigs",
        "lambda:ListFunctions",
        "lambda:ListLayerVersions",
        "lambda:ListLayers",
        "lambda:ListProvisionedConcurrencyConfigs",
        "lambda:ListVersionsByFunction",
        "logs:FilterLogEvents",
        "logs:StartLiveTail",
        "resourcegroupstaggingapi:GetResources",
        "sts:GetCallerIdentity",
    }
)
"""Operations that change nothing, by service and API operation name."""

WRITES = frozenset({"lambda:Invoke", "lambda:InvokeWithResponseStream"})
"""Operations that change something, or run something that may."""

AuditLine = Callable[[Mapping[str, Any]], Awaitable[None]]
"""Writes one line of the audit journal; raises OSError when it cannot."""

_NOTHING = "Nothing was sent."


class _Audited(NamedTuple):
    """The change that has its line in the journal."""

    operation: str
    confirmed: bool
    dry_run: bool


_audited: ContextVar[_Audited | None] = ContextVar("audited change", default=None)


class _JournalError(Exception):
    """A line that is not in the journal, and why."""


class Posture(NamedTuple):
    """Whether changes are allowed now, why not, and whether this is production."""

    read_only: bool
    production: bool = False
    reason: str = ""
    """A sentence that says what made it read-only; empty when it is not."""


class Rules(Protocol):
    """What the settings say of a profile and an account; None is the default profile, and an account not known yet."""

    def read_only_reason(self, profile: str | None, account: str | None) -> str | None:
        """Why nothing may be changed with them, or None."""

    def production(self, profile: str | None, account: str | None) -> bool:
        """Whether they are marked as production."""


@dataclass
class Guard:
    """The rules for one gateway, which tells it who is asking as soon as that is known."""

    audit: AuditLine
    rules: Rules
    profile: str = ""
    """The profile's name, or what stands for it; empty until the credentials were found."""
    account: str = ""
    """The account that STS named, or empty."""
    caller: str = ""
    """The ARN that STS named, or empty."""
    context: Mapping[str, str] = field(default_factory=dict)
    """What every audit line says of the gateway: region, endpoint."""
    forgotten: int = 0
    """How often it was: an answer that was asked for before says nothing of who is asking now."""

    @property
    def posture(self) -> Posture:
        """Whether changes are allowed, by the strictest rule that applies. Nobody known may change nothing."""
        if not self.profile:
            return Posture(True, reason="It is not known yet who is asking.")
        account = self.account or None
        reason = self.rules.read_only_reason(self.profile, account)
        sentence = f"{reason[0].upper()}{reason[1:]}." if reason else ""
        return Posture(reason is not None, self.rules.production(self.profile, account), sentence)

    def forget(self) -> None:
        """Know nothing of who is asking: the clients are about to be opened anew."""
        self.profile = self.account = self.caller = ""
        self.forgotten += 1

    def permit(self, operation: str, *, dry_run: bool = False) -> None:
        """Raise `ReadOnly` or `NotConfirmed` unless this call ("lambda:Invoke") may be made now.

        `dry_run`: AWS is asked for no more than whether it may be. Nobody has to confirm that; in read-only mode it is
        refused all the same, and so is what the journal has otherwise.
        """
        if operation in READS:
            return
        if operation not in WRITES:
            raise ReadOnly(operation, "lambdatui does not know this operation as safe, so it is refused.")
        posture = self.posture
        if posture.read_only:
            raise ReadOnly(operation, posture.reason, _NOTHING)
        audited = _audited.get()
        if audited is None or (audited.operation, audited.dry_run) != (operation, dry_run):
            raise ReadOnly(operation, "This change has no line in the audit journal, so it is refused.")
        if posture.production and not (audited.confirmed or dry_run):
            raise NotConfirmed(operation, "This changes production and was not confirmed.", _NOTHING)

    @asynccontextmanager
    async def change(
        self, operation: str, resource: str, *, confirmed: bool = False, dry_run: bool = False, **details: Any
    ) -> AsyncIterator[dict[str, Any]]:
        """Around one mutating call: an audit line before (without which there is no call) and one after.

        What the caller puts into the yielded mapping is written with the second line; "result" among it says how the
        call ended where an error does not. When that line cannot be written and the call is known to have been
        made, "journal_problem" in the mapping is the sentence that says so. Payloads and values of
        environment variables do not belong into either. `confirmed`: a person has confirmed that it may be production;
        `dry_run`: as for `permit()`, which is asked again underneath with what is really sent.
        """
        token = _audited.set(_Audited(operation, confirmed, dry_run))
        try:
            self.permit(operation, dry_run=dry_run)
            line = self._line(operation, resource)
            try:
                await self._begin(line, details)
            except _JournalError as problem:
                raise ReadOnly(operation, str(problem), _NOTHING) from problem
            result: dict[str, Any] = {}
            try:
                yield result
            except BaseException as problem:
                known = isinstance(problem, AwsError) and not isinstance(problem, OutcomeUnknown)
                result.setdefault("result", "failed" if known else "unknown")
                result["reason"] = type(problem).__name__
                if isinstance(problem, AwsError):
                    result |= {"reason": str(problem), "request_id": problem.request_id or result.get("request_id", "")}
                # What went wrong with the call is the greater news, and a cancellation has to stay one.
                with suppress(_JournalError):
                    await self._write({**line, "phase": "after", **result})
                raise
            try:
                await self._write({**line, "phase": "after", **result, "result": "done"})
            except _JournalError as problem:
                result["journal_problem"] = str(problem)
        finally:
            _audited.reset(token)

    def _line(self, operation: str, resource: str) -> Mapping[str, str]:
        """What both lines of a change say."""
        return {
            "id": uuid4().hex,
            "operation": operation,
            "resource": resource,
            "profile": self.profile,
            "account": self.account,
            "caller": self.caller,
            **self.context,
        }

    async def _begin(self, line: Mapping[str, Any], details: Mapping[str, Any]) -> None:
        """Write the line before the change. Where nobody waits for that any more, one says that nothing was sent."""
        writing = asyncio.ensure_future(self._write({**line, "phase": "before", **details}))
        try:
            await asyncio.shield(writing)
        except asyncio.CancelledError:
            with suppress(_JournalError):
                await writing
                await self._write({**line, "phase": "after", "result": "not sent", "reason": "CancelledError"})
            raise

    async def _write(self, line: Mapping[str, Any]) -> None:
        try:
            await self.audit({"time": datetime.now(UTC).isoformat(timespec="milliseconds"), **line})
        except OSError as problem:
            place = f"{problem.filename}: {problem.strerror}" if problem.filename else str(problem)
            raise _JournalError(f"The audit journal cannot be written ({one_line(place)}).") from problem
