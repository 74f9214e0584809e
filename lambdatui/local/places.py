"""Where a request belongs: one account in one region. Everything that the endpoint keeps is kept apart by it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from lambdatui.local import identity

# Signature Version 4, in the Authorization header: Credential=KEY/DATE/REGION/SERVICE/aws4_request.
_CREDENTIAL = re.compile(rb"Credential=([^/,\s]+)/\d+/([a-z0-9-]+)/")
_ACCOUNT = re.compile(r"\d{12}")


class Place(NamedTuple):
    """An account and a region."""

    account: str
    region: str


HOME = Place(identity.ACCOUNT_ID, identity.REGION)
"""Where a request without a signature belongs, and the demo."""


def place_of(headers: Iterable[tuple[bytes, bytes]]) -> Place:
    """The place that a request's signature names. An access key of 12 digits is an account; every other is ours."""
    for name, value in headers:
        if name == b"authorization" and (found := _CREDENTIAL.search(value)):
            key, region = found[1].decode("latin-1"), found[2].decode("latin-1")
            return Place(key if _ACCOUNT.fullmatch(key) else identity.ACCOUNT_ID, region)
    return HOME
