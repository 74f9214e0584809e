"""What calls a function, in readable groups: what the Triggers tab shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from lambdatui.model.arns import parse_arn, source_words
from lambdatui.model.configuration import Fact, Facts
from lambdatui.model.policies import Caller
from lambdatui.model.text import bare_sequence, clock, duration
from lambdatui.model.triggers import AsyncConfig, EventSourceMapping, FunctionUrl

HEALTHY_STATES = frozenset({"Enabled", "Enabling", "Creating", "Updating"})
"""States of a mapping that reads, or is about to."""

_RETRIES = 2
_EVENT_AGE = 6 * 3600
"""What AWS does with asynchronous calls unless it is told otherwise."""


def describe_mapping(it: EventSourceMapping) -> Facts:
    """One event source mapping."""
    return Facts(f"Event source: {_source(it)}{_of(it.qualifier)}", tuple(_mapping(it)))


def describe_mappings(mappings: Iterable[EventSourceMapping]) -> list[Facts]:
    """Event source mappings, each with a title of its own, though two may read the same source."""
    seen: Counter[str] = Counter()
    described = []
    for it in map(describe_mapping, mappings):
        seen[it.title] += 1
        number = seen[it.title]
        described.append(it if number == 1 else replace(it, title=f"{it.title} ({number})"))
    return described


def describe_callers(callers: Sequence[Caller], qualifier: str = "") -> Facts:
    """Who may call the function, or an alias of it, by the resource policy."""
    title = f"Who may call it{_of(qualifier)}"
    lines = tuple(Fact(it.statement_id or "–", it.sentence, alert=it.alert) for it in callers)
    return Facts(title, lines or (Fact("Nobody", "there is no resource policy: only what IAM allows in this account"),))


def describe_url(it: FunctionUrl) -> Facts:
    """One function URL."""
    return Facts(f"Function URL{_of(it.qualifier)}", tuple(_url(it)))


def describe_async(it: AsyncConfig) -> Facts:
    """What becomes of asynchronous calls."""
    return Facts(f"Asynchronous calls{_of(it.qualifier)}", tuple(_async(it)))


def _of(qualifier: str) -> str:
    return f" ({qualifier})" if qualifier else ""


def _set(label: str, value: str) -> Iterator[Fact]:
    if value:
        yield Fact(label, value)


def _seconds(count: int) -> str:
    return f"{count} s" if count < 60 else duration(count * 1000)


def named(arn: str) -> str:
    """What an ARN names, and the ARN itself where that says more: "queue failed (arn:aws:sqs:…)"."""
    words = source_words(arn)
    return arn if words == arn else f"{words} ({arn})"


# Event source mappings ----------------------------------------------------------------------------------------------


def _source(it: EventSourceMapping) -> str:
    if it.source_arn:
        return source_words(it.source_arn)
    return f"self-managed Kafka at {it.endpoints[0]}" if it.endpoints else "self-managed"


def _mapping(it: EventSourceMapping) -> Iterator[Fact]:
    yield Fact("State", it.state or "not reported", alert=bool(it.state) and it.state not in HEALTHY_STATES)
    yield from _set("Reason", it.state_reason)
    if it.last_result:
        fine = it.last_result.startswith(("OK", "No records processed"))
        yield Fact("Last result", it.last_result, alert=not fine)
    yield from _set("Source", it.source_arn or ", ".join(it.endpoints))
    yield from _place(it)
    yield Fact("Batch", _batch(it))
    yield from _filters(it)
    if it.maximum_concurrency is not None:
        yield Fact("Concurrency limit", str(it.maximum_concurrency))
    if it.parallelization is not None:
        yield Fact("Batches per shard", str(it.parallelization))
    if it.pollers != (None, None):
        least, most = ("–" if one is None else str(one) for one in it.pollers)
        yield Fact("Pollers", f"{least} to {most}, provisioned")
    if it.tumbling_window:
        yield Fact("Tumbling window", _seconds(it.tumbling_window))
    yield from _failures(it)
    for kind, uri in it.access:
        yield Fact(kind, uri)
    yield from _set("KMS key", it.kms_key_arn)
    for name, value in it.other.items():
        yield Fact(name, value)
    yield Fact("Last modified", clock(it.modified))
    yield Fact("UUID", it.uuid)


def _place(it: EventSourceMapping) -> Iterator[Fact]:
    """Where in the source it reads, and from when on."""
    yield from _set("Topics", ", ".join(it.topics))
    yield from _set("Queues", ", ".join(it.queues))
    yield from _set("Consumer group", it.consumer_group)
    yield from _set("Database", it.database)
    yield from _set("Collection", it.collection)
    at = f", {clock(it.starting_at)}" if it.starting_at is not None else ""
    yield from _set("Starts at", it.starting_position + at)


def _batch(it: EventSourceMapping) -> str:
    size = "–" if it.batch_size is None else f"{it.batch_size:,} record{'s' if it.batch_size != 1 else ''} at most"
    return f"{size}, after {_seconds(it.window)} at the latest" if it.window else f"{size}, at once"


def _filters(it: EventSourceMapping) -> Iterator[Fact]:
    for number, pattern in enumerate(it.filters):
        yield Fact("Filter" if not number else "or", pattern)
    if it.filters_trouble is not None:
        yield Fact("Filter error", f"{it.filters_trouble.code}: {it.filters_trouble.message}", alert=True)


def _failures(it: EventSourceMapping) -> Iterator[Fact]:
    yield from _set("Reports", ", ".join(it.response_types))
    if it.retries is not None:
        yield Fact("Retries", "until the record expires" if it.retries < 0 else str(it.retries))
    if it.record_age is not None:
        yield Fact("Record age", "any" if it.record_age < 0 else f"{_seconds(it.record_age)} at most")
    if it.bisect is not None:
        yield Fact("Failed batch", "is halved and tried again" if it.bisect else "is tried again as a whole")
    yield from _set("On success", named(it.on_success) if it.on_success else "")
    yield from _set("On failure", named(it.on_failure) if it.on_failure else "")


# The URL and asynchronous calls -------------------------------------------------------------------------------------


def _url(it: FunctionUrl) -> Iterator[Fact]:
    yield Fact("URL", it.url)
    how = {"NONE": "NONE: open to whoever the policy lets in", "AWS_IAM": "AWS_IAM: signed requests only"}
    yield Fact("Authentication", how.get(it.auth_type, it.auth_type or "not reported"), alert=it.auth_type == "NONE")
    yield from _set("Invoke mode", it.invoke_mode)
    if it.cors is None:
        yield Fact("CORS", "none: browsers call it from pages of its own origin only")
    else:
        yield Fact("CORS origins", bare_sequence(it.cors.origins))
        yield Fact("CORS methods", bare_sequence(it.cors.methods))
        yield from _set("CORS headers", ", ".join(it.cors.headers))
        yield from _set("CORS exposes", ", ".join(it.cors.exposed))
        if it.cors.credentials is not None:
            yield Fact("CORS credentials", "allowed" if it.cors.credentials else "not allowed")
        if it.cors.max_age is not None:
            yield Fact("CORS kept for", _seconds(it.cors.max_age))
    yield Fact("Created", clock(it.created))
    if it.modified != it.created:
        yield Fact("Last modified", clock(it.modified))


def _async(it: AsyncConfig) -> Iterator[Fact]:
    yield Fact("Retries", f"{_RETRIES} (AWS’s own)" if it.retries is None else str(it.retries))
    age = _seconds(_EVENT_AGE if it.event_age is None else it.event_age)
    yield Fact("Event age", f"{age} at most{' (AWS’s own)' if it.event_age is None else ''}")
    yield Fact("On success", named(it.on_success) if it.on_success else "–")
    yield Fact("On failure", named(it.on_failure) if it.on_failure else "–: what fails for good is lost")
    if it.modified is not None:
        yield Fact("Last modified", clock(it.modified))


def describe_dead_letters(arn: str) -> Facts:
    """Where the events of asynchronous calls go that failed for good."""
    parsed = parse_arn(arn)
    kind = {"sqs": "Queue", "sns": "Topic"}.get(parsed.service if parsed else "", "Target")
    return Facts("Dead letters", (Fact(kind if arn else "None", arn or "no dead letter queue is set"),))
