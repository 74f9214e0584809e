"""`translating()`: every failure of the SDK, of HTTP and of the network becomes one of the few `AwsError`s."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from lambdatui.model.errors import (
    AwsError,
    Conflict,
    Denied,
    Expired,
    KeysRefused,
    Misconfigured,
    Missing,
    NoCredentials,
    NotOffered,
    Offline,
    OutcomeUnknown,
    Rejected,
    Throttled,
    Unheard,
)
from lambdatui.model.text import visible

SOURCES_TRIED = (
    "environment variables, the assumed role, web identity, SSO or login of the profile, the shared credentials and "
    "configuration files, credential_process, the container's and the instance's role"
)

_EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired", "CredentialsExpired"}
_DENIED = {
    "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized", "ForbiddenException",
    "AuthorizationError", "OptInRequired",
}  # fmt: skip
_KEYS = "AWS does not accept these credentials: check the keys, the profile and this machine's clock."
_CLOCK = "Set this machine's clock: AWS accepts a few minutes of difference. Then press r to try again."
_NOT_ACCEPTED = {
    **dict.fromkeys(
        (
            "UnrecognizedClientException", "InvalidClientTokenId", "InvalidSignatureException", "SignatureDoesNotMatch",
            "MissingAuthenticationToken", "MissingAuthenticationTokenException", "IncompleteSignature", "AuthFailure",
        ),
        _KEYS,
    ),
    **dict.fromkeys(("RequestTimeTooSkewed", "RequestInTheFuture"), _CLOCK),
}  # fmt: skip
"""What to do, by the code."""
_THROTTLED = {
    "TooManyRequestsException", "Throttling", "ThrottlingException", "ThrottledException", "RequestLimitExceeded",
    "RequestThrottled", "LimitExceededException", "SlowDown", "ProvisionedThroughputExceededException",
}  # fmt: skip
_CONFLICT = {
    "ResourceConflictException",
    "PreconditionFailedException",
    "ResourceNotReadyException",
    "ResourceInUseException",
}
_INTERNAL = {
    "ServiceException", "InternalError", "InternalFailure", "InternalServerError", "InternalServerException",
    "InternalServiceError", "InternalServiceFault", "ServiceUnavailable", "ServiceUnavailableException", "UnknownError",
}  # fmt: skip
_UNKNOWN_CALL = frozenset({404, 405, 501})
"""What web servers answer of addresses and methods that they do not have."""
_AGAIN = "Press r to try again."
_CHECK = f"Check the endpoint and the proxy. {_AGAIN}"


ACTIONS: Mapping[str, str] = {
    "lambda:GetLayerVersionByArn": "lambda:GetLayerVersion",
    "lambda:Invoke": "lambda:InvokeFunction",
    "lambda:InvokeWithResponseStream": "lambda:InvokeFunction",
    "resourcegroupstaggingapi:GetResources": "tag:GetResources",
}
"""IAM's names of actions that are not called as the operation is."""

_NAMED_RESOURCE = re.compile(r"on resource: (\S+)")


@contextmanager
def translating(operation: str, *, mutates: bool = False, resource: str = "") -> Iterator[None]:
    """Turn what the SDK and the network raise into an `AwsError` for `operation` ("lambda:ListFunctions").

    `resource` is what the call is about, for a refusal in which AWS does not name it. With `mutates`, a failure after
    the request may have left is `OutcomeUnknown`: what it asked for may have happened.
    Cancellation passes through; so does anything that no SDK or network is known to raise, which is a bug of ours.
    """
    # The SDK is imported late (after the first paint), by which time this is a look-up.
    import aiohttp
    from botocore import exceptions as sdk
    from botocore.eventstream import ParserError
    from botocore.parsers import ResponseParserError

    try:
        yield
    except AwsError:
        raise
    except sdk.ClientError as problem:
        raise _answered(operation, problem.response, resource, mutates=mutates) from problem
    except sdk.BotoCoreError as problem:
        raise _refused(operation, problem, mutates=mutates) from problem
    except (ResponseParserError, ParserError) as problem:
        reason = _unlike_aws(_words(problem))
        raise _unanswered(operation, reason, _CHECK, mutates=mutates) from problem
    except TimeoutError as problem:
        raise _unanswered(operation, "No answer came in time.", _AGAIN, mutates=mutates, kind=Unheard) from problem
    except (aiohttp.ClientError, ssl.SSLError, OSError) as problem:
        raise _broken(operation, problem, mutates=mutates) from problem


_USERINFO = re.compile(r"""(?:(?<=://)|(?<=Invalid endpoint: ))[^/\s"']*@""")


def without_userinfo(text: str) -> str:
    """A URL, or a text with URLs in it, without the names and passwords that stand before their hosts."""
    return _USERINFO.sub("", text)


def _words(problem: BaseException) -> str:
    return _short(str(problem)).rstrip(".") or type(problem).__name__


def _short(text: str, most: int = 700) -> str:
    """Somebody else's words on one line, and not a whole page of them (AWS's longest have some 500 characters)."""
    words = visible(without_userinfo(" ".join(text[:4000].split())))
    return words if len(words) <= most else words[:most] + "…"


def _ended(words: str) -> str:
    """Words as a sentence, if there are any."""
    return words if not words or words[-1] in ".!?)…" else f"{words}."


MAY_HAVE_RUN = "The request had left: it may have run. Look into the log before sending again."
"""What to do where the outcome of something that changes AWS is not known."""


def _unanswered(
    operation: str, reason: str, remedy: str, *, mutates: bool, request_id: str = "", kind: type[Offline] = Offline
) -> AwsError:
    if mutates:
        return OutcomeUnknown(operation, reason, MAY_HAVE_RUN, request_id=request_id)
    return kind(operation, reason, remedy, request_id=request_id)


def _answered(operation: str, response: Any, resource: str, *, mutates: bool) -> AwsError:
    """What AWS itself said, by its error code."""
    error, metadata = response.get("Error", {}), response.get("ResponseMetadata", {})
    code, status = str(error.get("Code", "")), int(metadata.get("HTTPStatusCode") or 0)
    headers = metadata.get("HTTPHeaders") or {}
    request_id = visible(str(metadata.get("RequestId") or headers.get("x-amzn-requestid") or ""))
    if unlike := _page(operation, status, headers, request_id, mutates=mutates):
        return unlike
    message, named = _short(str(error.get("Message") or response.get("message") or "")), _short(code)
    said = f"{message} ({named})" if message and named else _ended(message)
    said = said or f"AWS answered {named or status} and nothing more."

    def make(kind: type[AwsError], remedy: str = "", reason: str = said) -> AwsError:
        return kind(operation, reason, remedy, request_id=request_id)

    if code in _EXPIRED:
        return make(Expired, f"Renew them elsewhere (for example `aws sso login`): then it goes on by itself. {_AGAIN}")
    if code in _NOT_ACCEPTED:
        return make(Denied if _NOT_ACCEPTED[code] == _CLOCK else KeysRefused, _NOT_ACCEPTED[code])
    if code in _DENIED or status in (401, 403):
        return make(Denied, _permission(operation, message, resource))
    if code in _THROTTLED or status == 429:
        return make(Throttled, "Wait a little, then press r.")
    if code in _CONFLICT or status in (409, 412):
        return make(Conflict, "Wait until the change has ended, then try again.")
    # Lambda says by 5xx too that it could not begin (KMSDisabledException, EC2ThrottledException …): with a name of its
    # own and a request id. Anything else of the kind may come from something in between, after the function began.
    nameless = not code or code.isdigit() or not request_id
    if code in _INTERNAL or (status >= 500 and (nameless or not message)):
        reason = f"The service failed: {said}"
        return _unanswered(operation, reason, _AGAIN, mutates=mutates, request_id=request_id)
    if code.startswith("ResourceNotFound") or code in {"NotFoundException", "NoSuchEntity"} or status == 404:
        return make(Missing, f"Check the name, the region and the account. {_AGAIN}")
    return make(Rejected, "AWS will answer the same again unless the request changes.")


def _page(
    operation: str, status: int, headers: Mapping[str, str], request_id: str, *, mutates: bool
) -> AwsError | None:
    """For a web page or a redirect, which AWS does not give: what is to be told."""
    page = str(headers.get("content-type", "")).startswith("text/html")
    if request_id or not (page or 300 <= status < 400):
        return None
    what = "A web page" if page else "A redirect"
    came = f"{what} came as the answer (status {status})"
    if status in _UNKNOWN_CALL:
        reason = f"{came}: an emulator that does not have this call, or a proxy in between."
        return _unanswered(operation, reason, "", mutates=mutates, kind=NotOffered)
    itself = "the endpoint failed at this call, or " if status >= 400 else ""
    reason = f"{came}: {itself}a proxy or a login page is in between."
    return _unanswered(operation, reason, "Check the network, the endpoint and the proxy.", mutates=mutates)


def _permission(operation: str, message: str, resource: str) -> str:
    """What to do about a permission that is missing: on what AWS has named, else on what was asked for."""
    of_aws = _NAMED_RESOURCE.search(message)
    what = _short(of_aws[1].rstrip(".,") if of_aws else resource)
    on = f" on {what}" if what else ""
    return f"Ask for permission to {ACTIONS.get(operation, operation)}{on}, or use another profile with -p."


def unlike_aws(operation: str, what: str) -> Offline:
    """For an answer without what AWS always gives: taken at its word it would say that there is nothing."""
    return Offline(operation, _unlike_aws(f"it has no {what}"), _CHECK)


def _unlike_aws(why: str) -> str:
    return f"The answer is not one that AWS gives ({why}): a proxy or another service may be in between."


def _refused(operation: str, problem: Exception, *, mutates: bool) -> AwsError:
    """What the SDK raised without an answer from AWS."""
    from botocore import exceptions as sdk

    words = _words(problem)
    match problem:
        case sdk.NoCredentialsError():
            return NoCredentials(
                operation,
                f"No source of credentials had any. Tried: {SOURCES_TRIED}.",
                "Choose a profile with P (or -p PROFILE), run `aws sso login` or `aws configure`, or export "
                "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; then press r. To look around without an account: "
                "lambdatui --demo.",
            )
        case sdk.PartialCredentialsError() | sdk.CredentialRetrievalError() | sdk.MetadataRetrievalError():
            return NoCredentials(operation, f"{words}.", f"Repair that source of credentials. {_AGAIN}")
        case sdk.RefreshWithMFAUnsupportedError():
            # botocore asks for a code once in the life of a session; this is what every later call gets.
            return Expired(
                operation, "The session that an MFA code began has expired.", "Press r to give another code."
            )
        case sdk.UnauthorizedSSOTokenError() | sdk.SSOError() | sdk.TokenRetrievalError():
            return Expired(
                operation, f"{words}.", f"Run `aws sso login` elsewhere: then it goes on by itself. {_AGAIN}"
            )
        case sdk.HTTPClientError() | sdk.ConnectionError():
            return _unconnected(operation, problem, mutates=mutates)
        case sdk.EventStreamError() | sdk.ChecksumError() | sdk.IncompleteReadError():
            return _unanswered(operation, f"{words}.", _AGAIN, mutates=mutates)
        case sdk.ParamValidationError():
            return Rejected(operation, f"{words}.", "Nothing was sent.")
        case _:
            return Misconfigured(
                operation, f"{words}.", "Repair it, then press r. See ~/.aws/config and the AWS_ variables."
            )


def _broken(operation: str, problem: BaseException, *, mutates: bool) -> AwsError:
    """A connection that broke. The HTTP client quotes bytes that are no answer: where they begin is enough."""
    words = _short(_words(problem), 200)
    return _unanswered(operation, _ended(f"The connection broke: {words}"), _AGAIN, mutates=mutates, kind=Unheard)


def _unconnected(operation: str, problem: Exception, *, mutates: bool) -> AwsError:
    """What the SDK's HTTP client raised: whether the request had left is in what it was raised from."""
    from aiohttp import ClientConnectionError, ClientConnectorError
    from botocore import exceptions as sdk

    words = _words(problem)
    match problem:
        case sdk.EndpointConnectionError(kwargs={"error": ClientConnectionError() as broken}) if not isinstance(
            broken, ClientConnectorError
        ):
            # aiobotocore has the same name for a connection that was never made and for one reset after the request.
            return _broken(operation, broken, mutates=mutates)
        case sdk.ConnectTimeoutError() | sdk.EndpointConnectionError() | sdk.ProxyConnectionError():
            return Unheard(
                operation, f"{words}.", f"Check the network, the region, the endpoint and the proxy. {_AGAIN}"
            )
        case sdk.SSLError():
            return Offline(
                operation, f"{words}.", f"Behind an inspecting proxy, set AWS_CA_BUNDLE to its CA file. {_AGAIN}"
            )
        case sdk.HTTPClientError(kwargs={"error": FileNotFoundError() | PermissionError() | IsADirectoryError()}):
            # The only files that it opens, just before it connects for the first time.
            reason = "The file of CA certificates (AWS_CA_BUNDLE, REQUESTS_CA_BUNDLE, ca_bundle) cannot be read."
            return Misconfigured(operation, reason, f"Correct its path. {_AGAIN}")
        case sdk.HTTPClientError(kwargs={"error": Exception() as broken}) if type(problem) is sdk.HTTPClientError:
            # Its own words are "An HTTP Client raised an unhandled exception".
            return _broken(operation, broken, mutates=mutates)
        case _:
            return _unanswered(operation, f"{words}.", _AGAIN, mutates=mutates, kind=Unheard)
