"""What CloudWatch has of functions: the one reader of metrics, and which of them there are."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from typing import NamedTuple

from lambdatui.aws import shapes
from lambdatui.aws.calls import Calls
from lambdatui.aws.failures import unlike_aws
from lambdatui.aws.metric_reader import Reader
from lambdatui.aws.metric_watch import Habits, Readings, Watch
from lambdatui.aws.timing import Timing
from lambdatui.model.function_figures import first_problem
from lambdatui.model.metrics import NAMESPACE, Need, Reading
from lambdatui.model.quantities import INVOCATIONS

RECENT = 3 * 3600
"""Seconds: ListMetrics can be asked for what had points in the last three hours, and for no other time."""

FRESH = 60.0
"""Seconds for which the list of a metric's functions is good: for all who ask, and whoever comes back to a pane."""


class Variant(NamedTuple):
    """A version or alias of a function that has metrics of its own, and the version that an alias executed."""

    qualifier: str
    executed: str = ""


class Metrics:
    """The facade over CloudWatch's metrics.

    A pane makes a `Watch`, says by `want()` what it needs, as often as that changes, and hears by `updates()` what has
    become known of it.
    """

    def __init__(self, calls: Calls, habits: Habits | None = None, timing: Timing | None = None) -> None:
        self._calls = calls
        self._timing = timing or Timing()
        self.reader = Reader(calls, habits or Habits(), self._timing)
        self._active: dict[str, tuple[float, frozenset[str]]] = {}
        """By metric, when its functions were listed, and which they were."""
        self._listing = asyncio.Lock()
        """Two that ask for the same at the same time are to ask once."""

    def clock(self) -> float:
        """The time by which it reads, seconds since 1970."""
        return self._timing.clock()

    def watch(self) -> Watch:
        """Somebody who wants to know metrics; nothing is asked for before `updates()`."""
        return Watch(self.reader)

    async def read(self, needs: Sequence[Need]) -> Readings:
        """What there is of some needs, asked for once. Raises AwsError where none was given: of the first of them."""
        known: dict[Need, Reading] = {}
        # One of its own: what others have asked for, and were refused, is no answer to this.
        watch = Watch(Reader(self._calls, Habits(every=None), self._timing))
        watch.want(needs)
        async with aclosing(watch.updates()) as updates:
            async for readings in updates:
                known |= readings
                if all(need in known for need in needs):
                    break
        problem = first_problem([known[need] for need in needs])
        if problem is not None and not any(known[need].series.asked for need in needs):
            raise problem
        return known

    async def active(self, metric: str = INVOCATIONS.metric) -> frozenset[str]:
        """The functions that had a point of a metric in the last three hours, by name. Raises AwsError.

        An endpoint may give all that ever had one. As it was within the last minute, unless `list_anew()` was called.
        """
        async with self._listing:
            known = self._active
            at, names = known.get(metric, (-FRESH, frozenset[str]()))
            if 0 <= self.clock() - at < FRESH:
                return names
            found = await self._listed(metric, [{"Name": "FunctionName"}])
            names = frozenset(it["FunctionName"] for it in found if set(it) == {"FunctionName"})
            known[metric] = self.clock(), names
            return names

    def list_anew(self) -> None:
        """Let what is asked for next be as it is now, and of who asks now."""
        self._active = {}  # another one: what is under way still goes into that of before

    async def active_by(self, metrics: Sequence[str]) -> Mapping[str, frozenset[str]]:
        """The same of several metrics, by metric. Raises AwsError."""
        return {metric: await self.active(metric) for metric in metrics}

    async def variants(self, function: str) -> Sequence[Variant]:
        """The versions and aliases of a function that were invoked in the last three hours. Raises AwsError."""
        found = await self._listed(INVOCATIONS.metric, [{"Name": "FunctionName", "Value": function}])
        resources = ((it.get("Resource", "").partition(":")[2], it.get("ExecutedVersion", "")) for it in found)
        return sorted({Variant(qualifier, executed) for qualifier, executed in resources if qualifier})

    async def aclose(self) -> None:
        """End reading."""
        await self.reader.aclose()

    async def _listed(self, metric: str, dimensions: Sequence[dict[str, str]]) -> Sequence[dict[str, str]]:
        """The dimension sets of a metric that has recent points."""
        found = []
        pages = self._calls.pages(
            "cloudwatch", "ListMetrics", ("NextToken", "NextToken"),
            Namespace=NAMESPACE, MetricName=metric, Dimensions=dimensions, RecentlyActive="PT3H",
        )  # fmt: skip
        async with aclosing(pages):
            async for page in pages:
                if "Metrics" not in page:
                    raise unlike_aws("cloudwatch:ListMetrics", "list of metrics")
                for entry in page["Metrics"]:
                    given = [it for it in (entry or {}).get("Dimensions") or () if it]
                    found.append({shapes.text(it, "Name"): shapes.text(it, "Value") for it in given})
        return found
