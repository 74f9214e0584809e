"""What an invocation costs by the public price list."""

from __future__ import annotations

from lambdatui.model.report import Report

REQUEST = 0.20 / 1_000_000
"""US dollars for one request."""
GB_SECOND = {"x86_64": 0.0000166667, "arm64": 0.0000133334}
"""US dollars for a second of 1,024 MB, by architecture, in the first tier of a month."""


def cost(report: Report, memory: int, architecture: str) -> float | None:
    """US dollars for one invocation on demand: the request and its billed time. None where that was not told.

    `memory` in MB is what the function has now, and counts where the report does not tell what it had; `architecture`
    is "arm64" or, as for all else, "x86_64". Prices of us-east-1 as of November 2026, by aws.amazon.com/lambda/pricing.
    Left out: the free tier, tiers and savings plans, ephemeral storage over 512 MB, bytes of streamed responses over
    6 MB, SnapStart's cache and restores, provisioned concurrency, and what other services cost.
    """
    had = report.memory or memory
    if report.billed is None or had <= 0:
        return None
    return REQUEST + report.billed / 1000 * had / 1024 * GB_SECOND.get(architecture, GB_SECOND["x86_64"])


def words(dollars: float) -> str:
    """A price of one invocation for people: "$0.0000021, ≈ $2.10 a million"; "$1.30" where it is a real sum."""
    if dollars >= 0.01:
        return f"${dollars:,.2f}"
    digits = 2
    while digits < 12 and 0 < dollars < 10 ** (1 - digits):
        digits += 1
    million = dollars * 1_000_000
    return f"${dollars:.{digits}f}, ≈ ${million:,.2f} a million"
