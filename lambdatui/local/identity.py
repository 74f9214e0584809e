"""Who a client of the embedded endpoint is: what every SDK wants to be told before it sends a request."""

from __future__ import annotations

HOST = "127.0.0.1"
"""The only address the endpoint listens on."""

REGION = "eu-west-1"
ACCOUNT_ID = "123456789012"
"""The account that AWS's own documentation uses for examples."""

ACCESS_KEY_ID = "lambdatui"
SECRET_ACCESS_KEY = "lambdatui"  # noqa: S105  nothing checks it: signatures are not verified


def url(port: int) -> str:
    """Where the endpoint listens, as the SDKs' `endpoint_url`."""
    return f"http://{HOST}:{port}"


def exports(port: int) -> dict[str, str]:
    """The environment that points aws-cli, boto3, SAM and other SDKs at the endpoint.

    AWS_REGION and AWS_DEFAULT_REGION both: Python's SDKs read only the second, the others only the first.
    Without the last one they put a prefix before the address for StartLiveTail, and look in vain for such a host.
    """
    return {
        "AWS_ENDPOINT_URL": url(port),
        "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
    }
