"""The list of functions asked for by signed GETs alone, which is all that a list is.

The SDK's clients are 200 ms of imports and models away when the program starts; its credentials, signature and HTTP are
60. Only what is plain is asked for like that: with keys that stand in the environment or in a file, in a region and at
an endpoint that are known at once. Whatever else there is, and whatever goes wrong, is `UnusualError` or an error of
the SDK's: then the clients, which know all ways, go on and say what is the matter.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from time import perf_counter
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from lambdatui import __version__
from lambdatui.aws.importing import leave_out_words

PATH = "/2015-03-31/functions"
"""The requestUri of ListFunctions in the Lambda service model."""

PLAIN = ("env", "shared-credentials-file", "config-file")
"""Botocore's names of what it takes keys from as they stand there."""
ELSEWHERE = (
    "credential_process", "credential_source", "login_session", "role_arn", "sso_account_id", "sso_session",
    "sso_start_url", "web_identity_token_file",
)  # fmt: skip
"""What in a profile says that somebody else is asked for credentials."""

LARGEST = 20_000_000
"""Bytes of a page that is read."""
MOST = 1_000
"""Pages that are asked for."""


class UnusualError(Exception):
    """Not for here."""


class Wanted(NamedTuple):
    """Whose list, and how long to wait for it. None: as botocore's own chain finds it."""

    profile: str | None
    region: str | None
    endpoint_url: str | None
    seconds: float
    """To connect, and of silence. What takes longer is for the clients, too."""


class Keys(NamedTuple):
    """What is asked with."""

    access_key: str
    secret_key: str
    token: str | None
    method: str
    """Botocore's name of where they come from."""

    def __repr__(self) -> str:
        return f"Keys({self.method})"


class Answer(NamedTuple):
    """One page as it came, status 200."""

    body: dict[str, Any]
    request_id: str
    milliseconds: float


class PlainList:
    """One list. Raises `UnusualError`, and what botocore, urllib3 and json raise."""

    def __init__(self, wanted: Wanted) -> None:
        """Finds out how to ask: credentials, endpoint, proxies. Asks nobody."""
        leave_out_words()
        from botocore.auth import SigV4Auth
        from botocore.httpsession import URLLib3Session
        from botocore.session import Session
        from botocore.utils import get_environ_proxies

        session: Any = Session(profile=wanted.profile)
        region = wanted.region or session.get_config_variable("region")
        if not region or any(session.get_config_variable(f"use_{it}_endpoint") for it in ("dualstack", "fips")):
            raise UnusualError
        url = wanted.endpoint_url or _endpoint(session, region)
        if urlsplit(url).path.strip("/"):
            raise UnusualError
        credentials = _credentials(session, region)
        self.keys = Keys(credentials.access_key, credentials.secret_key, credentials.token, credentials.method)
        self.url = url.rstrip("/") + PATH
        self._agent = f"{session.user_agent()} lambdatui/{__version__}"
        self._sign = SigV4Auth(credentials, "lambda", region).add_auth
        # As botocore.args and botocore.endpoint have it.
        verify: Any = session.get_config_variable("ca_bundle") or os.environ.get("REQUESTS_CA_BUNDLE", True)
        seconds: Any = wanted.seconds
        self._http = URLLib3Session(verify=verify, proxies=get_environ_proxies(self.url), timeout=seconds)

    def answers(self) -> Iterator[Answer]:
        """Page after page. Ends after the last one, after `MOST`, and before one that was there already."""
        seen = set[str]()
        marker = ""
        while marker not in seen and len(seen) < MOST:
            seen.add(marker)
            answer = self._ask(marker)
            yield answer
            marker = answer.body.get("NextMarker") or ""
            if not marker:
                return

    def _ask(self, marker: str) -> Answer:
        from botocore.awsrequest import AWSRequest

        started = perf_counter()
        query = f"?Marker={quote(marker, safe='-._~')}" if marker else ""
        request = AWSRequest("GET", self.url + query, {"User-Agent": self._agent}, stream_output=True)
        self._sign(request)
        response = self._http.send(request.prepare())
        body = response.raw.read(LARGEST + 1)
        if response.status_code != 200 or len(body) > LARGEST:
            response.raw.close()
            raise UnusualError
        answer = json.loads(body)
        if not isinstance(answer, dict) or not isinstance(answer.get("Functions"), list):
            raise UnusualError
        if not isinstance(answer.get("NextMarker", ""), str | None):
            raise UnusualError
        identifier = str(response.headers.get("x-amzn-RequestId", ""))
        return Answer(answer, identifier, 1000 * (perf_counter() - started))


def _credentials(session: Any, region: str) -> Any:
    """Keys that stand somewhere, by the order of the SDK's own chain."""
    from botocore.credentials import Credentials, create_credential_resolver

    profile = session.get_scoped_config()
    if any(name in profile for name in ELSEWHERE) or "AWS_WEB_IDENTITY_TOKEN_FILE" in os.environ:
        raise UnusualError
    for provider in create_credential_resolver(session, region_name=region).providers:
        if provider.METHOD in PLAIN and (found := provider.load()) is not None:
            if type(found) is not Credentials:  # keys with an end
                raise UnusualError
            return found
    raise UnusualError


def _endpoint(session: Any, region: str) -> str:
    """The endpoint that is configured, or else the region's own."""
    from botocore.configprovider import ConfiguredEndpointProvider
    from botocore.endpoint_provider import EndpointProvider

    if not session.get_config_variable("ignore_configured_endpoint_urls"):
        configured = ConfiguredEndpointProvider(session.full_config, session.get_scoped_config(), "lambda").provide()
        if configured:
            return str(configured)
    loader = session.get_component("data_loader")
    rules = loader.load_service_model("lambda", "endpoint-rule-set-1")
    provider = EndpointProvider(rules, loader.load_data("partitions"))
    return str(provider.resolve_endpoint(Region=region, UseDualStack=False, UseFIPS=False).url)
