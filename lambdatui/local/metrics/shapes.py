"""The shapes of the operations answered here, as CloudWatch's service model has them (2010-08-01).

botocore has the model, but importing that would cost the endpoint 0.2 s and 22 MB. A test holds these to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Text:
    """A string; `least` and `most` are lengths."""

    least: int = 0
    most: int = 1 << 20
    values: tuple[str, ...] = ()
    """All that it may be, if that is limited."""


@dataclass(frozen=True)
class Whole:
    """An integer of 32 bits."""

    least: int = -(1 << 31)


@dataclass(frozen=True)
class Real:
    """A double."""


@dataclass(frozen=True)
class Flag:
    """A boolean."""


@dataclass(frozen=True)
class Moment:
    """A timestamp: here seconds since the epoch."""


@dataclass(frozen=True)
class Many:
    """A list."""

    of: Shape
    most: int = 1 << 20
    least: int = 0


@dataclass(frozen=True)
class Table:
    """A map from strings to doubles."""


@dataclass(frozen=True)
class Record:
    """A structure."""

    members: Mapping[str, Shape]
    required: tuple[str, ...] = ()


Shape: TypeAlias = Text | Whole | Real | Flag | Moment | Many | Table | Record


@dataclass(frozen=True)
class Operation:
    """An operation: what it takes and gives. All but one give a long list beside a few short members."""

    name: str
    takes: Record
    gives: Record | None = None
    listing: str = ""
    """The name of that list."""
    one_code: bool = False
    """Whether ValidationError is the code for everything that is wrong with a request."""

    @property
    def item(self) -> Shape:
        """The shape of the list's items."""
        listing = self.gives.members[self.listing] if self.gives else Many(Text())
        if not isinstance(listing, Many):
            raise TypeError(self.listing)
        return listing.of


UNITS = (
    *("Seconds", "Microseconds", "Milliseconds"),
    *("Bytes", "Kilobytes", "Megabytes", "Gigabytes", "Terabytes"),
    *("Bits", "Kilobits", "Megabits", "Gigabits", "Terabits"),
    *("Percent", "Count"),
    *("Bytes/Second", "Kilobytes/Second", "Megabytes/Second", "Gigabytes/Second", "Terabytes/Second"),
    *("Bits/Second", "Kilobits/Second", "Megabits/Second", "Gigabits/Second", "Terabits/Second"),
    *("Count/Second", "None"),
)

_NAME = Text(1, 255)
_UNIT = Text(values=UNITS)
_STATISTICS = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")

_DIMENSIONS = Many(Record({"Name": _NAME, "Value": Text(1, 1024)}, ("Name", "Value")), 30)
_METRIC = Record({"Namespace": _NAME, "MetricName": _NAME, "Dimensions": _DIMENSIONS})
_METRIC_STAT = Record(
    {"Metric": _METRIC, "Period": Whole(1), "Stat": Text(), "Unit": _UNIT}, ("Metric", "Period", "Stat")
)
_QUERY = Record(
    {
        "Id": _NAME,
        "MetricStat": _METRIC_STAT,
        "Expression": Text(1, 2048),
        "Label": Text(),
        "ReturnData": Flag(),
        "Period": Whole(1),
        "AccountId": _NAME,
    },
    ("Id",),
)
_MESSAGES = Many(Record({"Code": Text(), "Value": Text()}))

GET_METRIC_DATA = Operation(
    "GetMetricData",
    Record(
        {
            "MetricDataQueries": Many(_QUERY),
            "StartTime": Moment(),
            "EndTime": Moment(),
            "NextToken": Text(),
            "ScanBy": Text(values=("TimestampDescending", "TimestampAscending")),
            "MaxDatapoints": Whole(),
            "LabelOptions": Record({"Timezone": Text()}),
        },
        ("MetricDataQueries", "StartTime", "EndTime"),
    ),
    Record(
        {
            "MetricDataResults": Many(
                Record(
                    {
                        "Id": _NAME,
                        "Label": Text(),
                        "Timestamps": Many(Moment()),
                        "Values": Many(Real()),
                        "StatusCode": Text(values=("Complete", "InternalError", "PartialData", "Forbidden")),
                        "Messages": _MESSAGES,
                    }
                )
            ),
            "NextToken": Text(),
            "Messages": _MESSAGES,
        }
    ),
    "MetricDataResults",
    one_code=True,
)

GET_METRIC_STATISTICS = Operation(
    "GetMetricStatistics",
    Record(
        {
            "Namespace": _NAME,
            "MetricName": _NAME,
            "Dimensions": _DIMENSIONS,
            "StartTime": Moment(),
            "EndTime": Moment(),
            "Period": Whole(1),
            "Statistics": Many(Text(values=_STATISTICS), 5, 1),
            "ExtendedStatistics": Many(Text(), 10, 1),
            "Unit": _UNIT,
        },
        ("Namespace", "MetricName", "StartTime", "EndTime", "Period"),
    ),
    Record(
        {
            "Label": Text(),
            "Datapoints": Many(
                Record(
                    {
                        "Timestamp": Moment(),
                        **dict.fromkeys(_STATISTICS, Real()),
                        "Unit": _UNIT,
                        "ExtendedStatistics": Table(),
                    }
                )
            ),
        }
    ),
    "Datapoints",
)

LIST_METRICS = Operation(
    "ListMetrics",
    Record(
        {
            "Namespace": _NAME,
            "MetricName": _NAME,
            "Dimensions": Many(Record({"Name": _NAME, "Value": Text(1, 1024)}, ("Name",)), 10),
            "NextToken": Text(),
            "RecentlyActive": Text(values=("PT3H",)),
            "IncludeLinkedAccounts": Flag(),
            "OwningAccount": _NAME,
        }
    ),
    Record({"Metrics": Many(_METRIC), "NextToken": Text(), "OwningAccounts": Many(_NAME)}),
    "Metrics",
)

_DATUM = Record(
    {
        "MetricName": _NAME,
        "Dimensions": _DIMENSIONS,
        "Timestamp": Moment(),
        "Value": Real(),
        "StatisticValues": Record(
            {"SampleCount": Real(), "Sum": Real(), "Minimum": Real(), "Maximum": Real()},
            ("SampleCount", "Sum", "Minimum", "Maximum"),
        ),
        "Values": Many(Real(), 150),
        "Counts": Many(Real(), 150),
        "Unit": _UNIT,
        "StorageResolution": Whole(1),
    },
    ("MetricName",),
)

PUT_METRIC_DATA = Operation(
    "PutMetricData",
    Record(
        {
            "Namespace": _NAME,
            "MetricData": Many(_DATUM, 1000),
            # The entities themselves (what the metrics are of) are for CloudWatch's console, and not kept.
            "EntityMetricData": Many(Record({"MetricData": Many(_DATUM, 1000)}), 2),
            "StrictEntityValidation": Flag(),
        },
        ("Namespace",),
    ),
)

OPERATIONS: Mapping[str, Operation] = {
    operation.name: operation for operation in (GET_METRIC_DATA, GET_METRIC_STATISTICS, LIST_METRICS, PUT_METRIC_DATA)
}
"""The operations answered here."""
