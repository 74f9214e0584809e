"""Log groups, which stay with MiniStack: whether they exist, their retention, who is subscribed to them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from threading import Lock, Timer
from typing import Any, NamedTuple, Protocol, TypeAlias

from lambdatui.local.control_plane.contract import takes
from lambdatui.local.places import Place

DELIVERED_EVERY = 1.0
"""Seconds of events that a subscriber gets at once; each delivery is a call of its function."""

_DAY = 86_400_000
_Written: TypeAlias = tuple[int, str]


class Group(NamedTuple):
    """A log group. Times are ms."""

    place: Place
    name: str
    created: int
    retention: int | None
    """Milliseconds that its events are kept; None for ever."""

    @property
    def arn(self) -> str:
        """Without `:*` at its end."""
        return f"arn:aws:logs:{self.place.region}:{self.place.account}:log-group:{self.name}"


def contract() -> dict[str, bool]:
    """Every private name of MiniStack's that is used here, and whether it is still there."""
    from ministack.core import responses
    from ministack.services import cloudwatch_logs as logs

    return {
        "cloudwatch_logs._log_groups": all(
            hasattr(getattr(logs, "_log_groups", None), name) for name in ("_data", "get_scoped")
        ),
        "cloudwatch_logs._fanout_to_subscription_filters": takes(
            logs, "_fanout_to_subscription_filters", "group_name", "stream_name", "events"
        ),
        "cloudwatch_logs._subscription_pattern_matches": takes(
            logs, "_subscription_pattern_matches", "pattern", "message"
        ),
        "cloudwatch_logs._collect_query_records": takes(
            logs, "_collect_query_records", "group_names", "start_time_s", "end_time_s"
        ),
        "cloudwatch_logs._append_log_events": takes(logs, "_append_log_events", "stream", "events"),
        "cloudwatch_logs._create_log_stream": takes(logs, "_create_log_stream", "data"),
        "cloudwatch_logs._build_log_record": callable(getattr(logs, "_build_log_record", None)),
        "cloudwatch_logs._start_query": takes(logs, "_start_query", "data"),
        "cloudwatch_logs._get_log_group_fields": takes(logs, "_get_log_group_fields", "data"),
        "responses.request_scope": takes(responses, "request_scope", "account_id", "region"),
    }


def group(place: Place, name: str) -> Group | None:
    """A log group, if it is there. From any thread."""
    record = _record(place, name)
    if record is None:
        return None
    days = record.get("retentionInDays")
    return Group(place, name, record["creationTime"], days * _DAY if days else None)


def ensure(place: Place, name: str) -> int:
    """The creationTime of a log group (ms), which is made if need be. From any thread."""
    record = _record(place, name)
    if record is None:
        from ministack.services.cloudwatch_logs import _log_groups

        record = {
            "arn": f"arn:aws:logs:{place.region}:{place.account}:log-group:{name}:*",
            "creationTime": int(time.time() * 1000),
            "retentionInDays": None,
            "logGroupClass": "STANDARD",
            "kmsKeyId": None,
            "tags": {},
            "subscriptionFilters": {},
            "streams": {},
        }
        record = _log_groups._data.setdefault((*place, name), record)
    created: int = record["creationTime"]
    return created


def _record(place: Place, name: str) -> dict[str, Any] | None:
    from ministack.services.cloudwatch_logs import _log_groups

    record: dict[str, Any] | None = _log_groups.get_scoped(*place, name)
    return record


class Subscriptions:
    """Hands what is written to the subscription filters of its group, a second's events at a time.

    MiniStack calls the functions that they name; other destinations it keeps and does not serve.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: dict[tuple[Place, str, str], list[_Written]] = {}

    def written(self, place: Place, group: str, stream: str, events: Sequence[_Written]) -> None:
        """Take events for a group's subscribers, if it has any. From any thread."""
        record = _record(place, group)
        if record is None or not record["subscriptionFilters"]:
            return
        with self._lock:
            if not self._waiting:
                timer = Timer(DELIVERED_EVERY, self._deliver)
                timer.daemon = True
                timer.start()
            self._waiting.setdefault((place, group, stream), []).extend(events)

    def _deliver(self) -> None:
        from ministack.core.responses import request_scope
        from ministack.services.cloudwatch_logs import _fanout_to_subscription_filters

        with self._lock:
            waiting, self._waiting = self._waiting, {}
        for (place, group, stream), events in waiting.items():
            written = [{"timestamp": timestamp, "message": message} for timestamp, message in events]
            with request_scope(*place):
                _fanout_to_subscription_filters(group, stream, written)


class Record(NamedTuple):
    """An event as Logs Insights sees it. `pointer` is what GetLogRecord takes."""

    pointer: str
    timestamp: int
    message: str
    group: str
    stream: str


_Records: TypeAlias = Callable[[Place, str, int, int], Iterable[Record]]


class EventStore(Protocol):
    """Where the log events are instead of in MiniStack."""

    def append(self, place: Place, group: str, stream: str, events: Iterable[_Written]) -> None: ...

    def create_stream(self, place: Place, group: str, created: int, stream: str) -> bool: ...


def divert(store: EventStore, records: _Records, matches: Callable[[str, str], bool]) -> None:
    """Have MiniStack read our events for Logs Insights, write its own services' to us, and match as we do.

    `records` gives the events of a group between two times (ms, both included); `matches` tells of a subscription
    filter's pattern and a message whether they go together.
    """
    from ministack.services import cloudwatch_logs as logs

    make_stream = logs._create_log_stream

    def created(data: dict[str, Any]) -> Any:
        answer = make_stream(data)
        if answer[0] == 200:  # CloudFormation's: the API's own do not come here
            place = _place()
            store.create_stream(place, data["logGroupName"], ensure(place, data["logGroupName"]), data["logStreamName"])
        return answer

    def appended(stream: dict[str, Any], events: Iterable[Mapping[str, Any]]) -> None:
        for (account, region, name), record in list(logs._log_groups._data.items()):
            for stream_name, its in list(record["streams"].items()):
                if its is stream:
                    written = [(event["timestamp"], event["message"]) for event in events]
                    store.append(Place(account, region), name, stream_name, written)
                    return

    logs._create_log_stream = created
    logs._append_log_events = appended
    logs._collect_query_records = _collecting(records)
    logs._subscription_pattern_matches = matches


def _collecting(records: _Records) -> Callable[[Iterable[str], int, int], list[dict[str, Any]]]:
    from ministack.services import cloudwatch_logs as logs

    def collected(group_names: Iterable[str], start_time_s: int, end_time_s: int) -> list[dict[str, Any]]:
        since, until, place = int(start_time_s) * 1000, int(end_time_s) * 1000, _place()
        found = [record for name in group_names for record in records(place, name, since, until)]
        found.sort(key=lambda record: record.timestamp)
        return [
            logs._build_log_record(
                ptr=it.pointer, timestamp_ms=it.timestamp, message=it.message, log_group=it.group, log_stream=it.stream
            )
            for it in found
        ]

    return collected


def _place() -> Place:
    """Where the request under way belongs."""
    from ministack.core.responses import get_account_id, get_region

    return Place(get_account_id(), get_region())


def queried(place: Place, operation: str, request: Mapping[str, Any]) -> tuple[int, bytes]:
    """MiniStack's answer to StartQuery or GetLogGroupFields: status and body. To be called in a thread: it may read
    all events there are.
    """
    from ministack.core.responses import request_scope
    from ministack.services import cloudwatch_logs as logs

    answer = {"StartQuery": logs._start_query, "GetLogGroupFields": logs._get_log_group_fields}[operation]
    with request_scope(*place):
        status, _, body = answer(dict(request))
    return status, body if isinstance(body, bytes) else str(body).encode()
