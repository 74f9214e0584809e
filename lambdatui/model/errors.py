"""What can go wrong between a key and AWS, in the words that a person reads."""

from __future__ import annotations


class AwsError(Exception):
    """A call that did not give what was asked for.

    `operation` is the IAM-like name of the call ("lambda:ListFunctions"), or a few words where no call was made.
    `reason` is what happened and `remedy` what to do about it, both whole sentences and already visible text.
    `request_id` is AWS's, or empty.
    """

    title = "The call failed"

    def __init__(self, operation: str, reason: str, remedy: str = "", *, request_id: str = "") -> None:
        super().__init__(operation, reason)
        self.operation = operation
        self.reason = reason
        self.remedy = remedy
        self.request_id = request_id

    def __str__(self) -> str:
        return f"{self.operation}: {self.reason}"


class Denied(AwsError):
    """AWS knows who asks, and says no."""

    title = "Not allowed"


class Missing(AwsError):
    """What was named does not exist (or not for this identity)."""

    title = "Not found"


class Throttled(AwsError):
    """Too many calls, or a quota is used up; a later try may work."""

    title = "Throttled"


class Expired(AwsError):
    """The credentials were good once."""

    title = "The credentials have expired"


class KeysRefused(Denied):
    """AWS does not know these keys, or their signature is wrong: they may have been rotated."""


class NoCredentials(AwsError):
    """No source of the credential chain had any."""

    title = "No credentials"


class Misconfigured(AwsError):
    """A profile, region or setting on this machine keeps the call from being made."""

    title = "The configuration is not usable"


class NoRegion(Misconfigured):
    """No source names a region."""

    title = "No region"


class Offline(AwsError):
    """No usable answer came from the other end; nothing was changed by the call."""

    title = "Not reachable"


class Unheard(Offline):
    """Nothing at all came from the other end, or the connection broke."""


class NotOffered(Offline):
    """The other end seems not to know the call: an emulator, or something else than AWS."""

    title = "Not known there"


class EndpointGone(Offline):
    """The embedded endpoint, a process of ours, has ended."""

    title = "The embedded endpoint has ended"


class Conflict(AwsError):
    """Somebody else changed it, or is changing it now."""

    title = "In the middle of a change"


class Rejected(AwsError):
    """AWS understood the request and found it wrong."""

    title = "Not accepted"


class ReadOnly(AwsError):
    """Refused on this side: the operation changes something, or is unknown, and may not."""

    title = "Read-only"


class NotConfirmed(AwsError):
    """Refused on this side: what changes production is confirmed by a person first."""

    title = "Not confirmed"


class OutcomeUnknown(AwsError):
    """The request left, the answer did not come: what it asks for may have happened."""

    title = "Outcome unknown"
