"""Where AWS's console shows a thing, by its ARN."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from lambdatui.model.arns import parse_arn

_HOSTS: Mapping[str, str] = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}
"""The console by partition. Of the isolated ones the addresses are not public."""

_REGION = r"[a-z]{2,4}(-[a-z]+){1,2}-\d{1,2}"


def console_url(text: str) -> str:
    """The console's page of a function, a version, an alias or a layer version; empty where none is known.

    The link says nothing of the account: the page is of the one that the browser is signed in to.
    """
    arn = parse_arn(text)
    if arn is None or arn.service != "lambda" or arn.partition not in _HOSTS or not re.fullmatch(_REGION, arn.region):
        return ""  # what is no region would be another host
    page = _page(*arn.resource.split(":"))
    home = f"https://{arn.region}.{_HOSTS[arn.partition]}/lambda/home?region={arn.region}"
    return f"{home}#/{page}" if page else ""


def _page(kind: str, name: str = "", qualifier: str = "", *more: str) -> str:
    if not name or more:
        return ""
    named = quote(name, safe="")
    if kind == "layer":
        return f"layers/{named}/versions/{quote(qualifier, safe='')}" if qualifier else f"layers/{named}"
    if kind != "function":
        return ""
    if qualifier in {"", "$LATEST"}:
        return f"functions/{named}"
    return f"functions/{named}/{'versions' if qualifier.isdecimal() else 'aliases'}/{quote(qualifier, safe='')}"
