"""Quotas that are checked here before AWS does, with the page or shape each comes from."""

from __future__ import annotations

SYNCHRONOUS_PAYLOAD = 6 * 1024 * 1024
"""Bytes of a RequestResponse payload. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""

LONGEST_TIMEOUT = 900
"""Seconds a function may run (shape Timeout: 15 minutes)."""
