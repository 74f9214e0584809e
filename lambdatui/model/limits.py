"""Quotas that are checked here before AWS does, with the page or shape each comes from."""

from __future__ import annotations

SYNCHRONOUS_PAYLOAD = 6 * 1024 * 1024
"""Bytes of a RequestResponse payload. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""

ASYNCHRONOUS_PAYLOAD = 1024 * 1024
"""Bytes of an Event payload, by the same page (1 MB since October 2025)."""

STREAMED_RESPONSE = 200 * 1024 * 1024
"""Bytes of a streamed response, by the same page."""

CLIENT_CONTEXT = 3583
"""Bytes of a client context in base64 (shape InvocationRequest)."""

LONGEST_TENANT = 256
"""Characters of a tenant's identifier (shape TenantId)."""
TENANT = r"a-zA-Z0-9\._:\/=+\-@ "
"""What it may consist of, as it stands between the brackets of a regular expression (shape TenantId)."""

LONGEST_DURABLE_WAIT = 900
"""Seconds that a durable execution may take if its end is waited for.
https://docs.aws.amazon.com/lambda/latest/dg/durable-invoking.html"""

LONGEST_TIMEOUT = 900
"""Seconds a function may run (shape Timeout: 15 minutes)."""
