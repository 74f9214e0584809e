"""Which operations may be called at all, which of them change something, and the audit line around every change.

Deny by default: an operation that is on neither list below is refused, so a new read has to be named here before it can
be used, and a new write cannot slip through as a read. `permit()` is also hooked into every client, underneath the
facades, so that no call can go round it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from lambdatui.model.errors import AwsError, OutcomeUnknown, ReadOnly
from lambdatui.settings import Marks

READS = frozenset(
    {
        "lambda:GetFunction",
        "lambda:ListFunctions",
        "logs:FilterLogEvents",
        "sts:GetCallerIdentity",
    }
)
"""Operations that change nothing, by service and API operation name."""

WRITES = frozenset({"lambda:Invoke"})
"""Operations that change something, or run something that may."""

AuditLine = Callable[[Mapping[str, Any]], Awaitable[None]]
"""Writes one line of the audit journal; raises OSError when it cannot."""

_audited: ContextVar[str] = ContextVar("audited operation", default="")


@dataclass(frozen=True, slots=True)
class Posture:
    """Whether changes are allowed now, why not, and whether this is production."""

    read_only: bool
    production: bool = False
    reason: str = ""
    """A sentence that says what made it read-only; empty when it is not."""


@dataclass
class Guard:
    """The rules for one gateway. The account is told to it when STS has named it; until then its rules cannot apply."""

    audit: AuditLine
    read_only: bool = False
    profile: str = ""
    profiles: Mapping[str, Marks] = field(default_factory=dict)
    accounts: Mapping[str, Marks] = field(default_factory=dict)
    account: str = ""
    context: Mapping[str, str] = field(default_factory=dict)
    """What every audit line says of the gateway: region, endpoint."""

    @property
    def posture(self) -> Posture:
        """The strictest of the flag, the profile's marks and the account's marks.

        A mark `production` starts read-only unless the same mark says `read_only: false`. While the account is unknown
        and any account is marked, nothing may be changed: it could be that one.
        """
        found = [(f"profile {self.profile}", self.profiles.get(self.profile, Marks()))]
        found.append((f"account {self.account}", self.accounts.get(self.account, Marks())))
        production = any(marks.production for _, marks in found)
        if self.read_only:
            return Posture(True, production, "lambdatui was started read-only.")
        for what, marks in found:
            if marks.read_only or (marks.production and marks.read_only is None):
                word = "read_only" if marks.read_only else "production"
                return Posture(True, production, f"The configuration file marks {what} as {word}.")
        if self.profiles and not self.profile:
            return Posture(True, production, "The profile is not known yet, and the configuration file marks profiles.")
        if self.accounts and not self.account:
            return Posture(True, production, "The account is not known yet, and the configuration file marks accounts.")
        return Posture(False, production)

    def forget(self) -> None:
        """Know nothing of who is asking: the clients are about to be opened anew."""
        self.profile = self.account = ""

    def permit(self, operation: str) -> None:
        """Raise `ReadOnly` unless this call ("lambda:Invoke") may be made now."""
        if operation in READS:
            return
        if operation not in WRITES:
            raise ReadOnly(operation, "lambdatui does not know this operation as safe, so it is refused.")
        posture = self.posture
        if posture.read_only:
            raise ReadOnly(operation, posture.reason, "Nothing was sent.")
        if _audited.get() != operation:
            raise ReadOnly(operation, "This change has no line in the audit journal, so it is refused.")

    @asynccontextmanager
    async def change(self, operation: str, resource: str, **details: Any) -> AsyncIterator[dict[str, Any]]:
        """Around one mutating call: an audit line before (without which there is no call) and one after.

        What the caller puts into the yielded mapping is written with the second line. Payloads and values of
        environment variables do not belong into either.
        """
        token = _audited.set(operation)
        try:
            self.permit(operation)
            line: dict[str, Any] = {
                "id": uuid4().hex,
                "operation": operation,
                "resource": resource,
                "profile": self.profile,
                "account": self.account,
                **self.context,
            }
            await self._write(operation, {**line, "phase": "before", **details})
            result: dict[str, Any] = {}
            try:
                yield result
            except BaseException as problem:
                known = isinstance(problem, AwsError) and not isinstance(problem, OutcomeUnknown)
                result["result"] = "failed" if known else "unknown"
                result["reason"] = str(problem) if isinstance(problem, AwsError) else type(problem).__name__
                raise
            else:
                result["result"] = "done"
            finally:
                await self._write(operation, {**line, "phase": "after", **result}, sent=True)
        finally:
            _audited.reset(token)

    async def _write(self, operation: str, line: Mapping[str, Any], *, sent: bool = False) -> None:
        try:
            await self.audit({"time": datetime.now(UTC).isoformat(timespec="milliseconds"), **line})
        except OSError as problem:
            place = f"{problem.filename}: {problem.strerror}" if problem.filename else str(problem)
            if sent:
                raise OutcomeUnknown(
                    operation, f"The call was made, but the audit journal cannot be written ({place})."
                ) from problem
            raise ReadOnly(
                operation, f"The audit journal cannot be written ({place}).", "Nothing was sent."
            ) from problem
