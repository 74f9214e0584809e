"""What the shop's functions share: money and HTTP responses."""

from __future__ import annotations

import json
from typing import Any

__version__ = "2.4.0"


def money(cents: int, currency: str = "EUR") -> str:
    """An amount as a customer reads it: 12.90 EUR."""
    return f"{cents // 100}.{cents % 100:02d} {currency}"


def response(status: int, body: Any) -> dict[str, Any]:
    """What API Gateway expects of a function behind it."""
    return {"statusCode": status, "headers": {"content-type": "application/json"}, "body": json.dumps(body)}
