"""How busy the shop is at an instant: the past that is made up and the traffic that is real follow the same rhythm.

A day of the shop takes 20 minutes, so that whoever looks on for five sees it change, and two hours show six of them.
All of it hangs on the clock: nothing has to be remembered between the past and now, or between two starts.
"""

from __future__ import annotations

import math
from random import Random

DAY = 1200.0
"""Seconds."""

BURST_EVERY = 240.0
BURST = 20.0
"""Seconds; the first ones of every BURST_EVERY."""
_BURST_FACTOR = 1.7

DEPLOY_EVERY = 1800.0
DEPLOY_AT = 420.0
"""Seconds into every DEPLOY_EVERY: seven and thirty-seven minutes past the hour."""
DEPLOY_LASTS = 240.0
"""Seconds until a deploy that goes wrong is rolled back."""


def factor(at: float, *, bursts: bool) -> float:
    """How many times as busy as on average it is at `at`, seconds since the epoch; `bursts`: for what has those."""
    day = at % DAY / DAY * math.tau
    tide = 1 - 0.36 * math.cos(day) - 0.08 * math.cos(2 * day + 0.9)
    return tide * (_BURST_FACTOR if bursts and at % BURST_EVERY < BURST else 1)


def gap(rate: float, at: float, chance: Random, *, bursts: bool) -> float:
    """Seconds from a call at `at` to the next; `rate` is calls a second on average. No caller knows of the others."""
    return chance.expovariate(rate * factor(at, bursts=bursts))


def expected(rate: float, start: float, end: float, *, bursts: bool) -> float:
    """About how many calls there are from `start` to `end`, at most some minutes later."""
    steps = 12
    width = (end - start) / steps
    return rate * width * sum(factor(start + (step + 0.5) * width, bursts=bursts) for step in range(steps))


def deploying(at: float) -> bool:
    """Whether a deploy that went wrong is live."""
    return 0 <= at % DEPLOY_EVERY - DEPLOY_AT < DEPLOY_LASTS


def deploy_ends(at: float) -> float:
    """When the deploy that is live at `at`, or else the next, is rolled back."""
    start = at - (at - DEPLOY_AT) % DEPLOY_EVERY
    return start + DEPLOY_LASTS if deploying(at) else start + DEPLOY_EVERY + DEPLOY_LASTS
