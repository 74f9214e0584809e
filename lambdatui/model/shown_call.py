"""A call as it is shown: one that has just come back, or one of the history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from lambdatui.model.cost import words as price
from lambdatui.model.invocations import SHOWN, Outcome
from lambdatui.model.json_value import Members, read
from lambdatui.model.readable import Failure, failure, is_binary, readable
from lambdatui.model.report import Report
from lambdatui.model.sgr import Styled, styled
from lambdatui.model.text import duration, visible

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from lambdatui.model.json_diff import Difference
    from lambdatui.model.past_calls import CallRecord


NO_LOG = Styled("")
NO_FAILURE = Failure()


@dataclass(frozen=True)
class ShownCall:
    """What is shown of a call; all texts are visible, the bytes are as they came."""

    verdict: str
    """"succeeded", "failed", "accepted", "dry run", "unknown", "refused", "stopped"."""
    words: str = ""
    """Why, or with which error, in short."""
    status: int = 0
    """Of HTTP; 0 where no answer came."""
    version: str = ""
    elapsed: float = 0.0
    """Milliseconds from sending to the whole answer, on this machine's clock; 0 where no answer came."""
    request_id: str = ""
    trace_id: str = ""
    report: Report | None = None
    cost: float | None = None
    """US dollars, by the price list."""
    response: bytes = b""
    not_kept: int = 0
    """Bytes of the response beyond those."""
    content_type: str = ""
    text: str | None = None
    """What `readable()` makes of the response, where that is known already."""
    log: Styled = NO_LOG
    failure: Failure = NO_FAILURE
    unmet: Sequence[Difference] | None = None
    """Where the response is not what was expected; None where nothing was."""

    @cached_property
    def pretty(self) -> str:
        """As much of the response as is shown, indented where it is JSON."""
        return readable(self.response) if self.text is None else self.text

    @cached_property
    def raw(self) -> str:
        """The same as it came."""
        return readable(self.response, as_it_came=True) if self.response else self.pretty

    @cached_property
    def binary(self) -> bool:
        """Whether the response is no text."""
        return is_binary(self.response)

    @property
    def size(self) -> int:
        """Bytes of the response."""
        return len(self.response) + self.not_kept

    @property
    def hidden(self) -> int:
        """Bytes of the response that no text of it shows."""
        return max(0, len(self.response) - SHOWN) + self.not_kept

    @property
    def may_be_tree(self) -> bool:
        """Whether the response looks like a JSON object or list."""
        return not self.not_kept and self.response.lstrip(b" \t\r\n")[:1] in (b"{", b"[")

    def tree(self) -> Members | list[Any] | None:
        """The response, all of it, if it is a JSON object or list with something in it. Of 6 MB that takes its time."""
        try:
            value = read(visible(self.response.decode()))
        except ValueError:
            return None
        return value if isinstance(value, list) and value else None


def of_outcome(outcome: Outcome, *, cost: float | None = None, unmet: Sequence[Difference] | None = None) -> ShownCall:
    """A call that has just come back."""
    failed = Failure(outcome.error_type, outcome.error_message, outcome.stack_trace)
    return ShownCall(
        verdict=outcome.verdict,
        words=(failed.error_type or outcome.function_error) if outcome.function_error else "",
        status=outcome.status,
        version=outcome.executed_version,
        elapsed=outcome.elapsed,
        request_id=outcome.request_id,
        trace_id=outcome.trace_id,
        report=outcome.report,
        cost=cost,
        response=outcome.response,
        not_kept=outcome.not_kept,
        content_type=outcome.content_type,
        text=outcome.payload,
        log=outcome.log_tail,
        failure=failed,
        unmet=unmet,
    )


def of_record(record: CallRecord, *, cost: float | None = None, unmet: Sequence[Difference] | None = None) -> ShownCall:
    """A call of the history. Its response is made readable when that is first looked at."""
    call = record.call
    return ShownCall(
        verdict=call.outcome,
        words=call.words,
        status=call.status,
        version=call.version,
        elapsed=call.elapsed,
        request_id=call.request_id,
        trace_id=call.trace_id,
        report=call.report,
        cost=cost,
        response=record.response,
        not_kept=record.not_kept,
        content_type=record.content_type,
        log=styled(record.log),
        failure=failure(record.response) if call.outcome == "failed" else NO_FAILURE,
        unmet=unmet,
    )


_HEADLINES = {
    "succeeded": ("good", "Succeeded"),
    "accepted": ("good", "Accepted: it is in Lambda's queue, and runs when its turn comes"),
    "dry run": ("good", "Dry run: it may be invoked so, and was not"),
    "failed": ("bad", "The function failed"),
    "refused": ("bad", "Not accepted: it did not run"),
    "unknown": ("doubt", "Outcome unknown: it may have run"),
    "stopped": ("doubt", "Stopped waiting: it may have run, or run still"),
}


def headline(call: ShownCall) -> tuple[str, str]:
    """How a call went: "good", "bad" or "doubt", and a sentence."""
    kind, text = _HEADLINES.get(call.verdict, ("doubt", call.verdict or "Nothing is known of its outcome"))
    return kind, f"{text} ({call.words})" if call.words and call.words not in text else text


class Figure(NamedTuple):
    """A figure of a call."""

    label: str
    text: str
    amount: float | None = None
    """In what `text` is written by `words`; None where there is nothing to reckon with."""
    unit: str = ""
    """"ms", "MB", "B" or "$"."""


def figures(call: ShownCall) -> Iterator[Figure]:
    """What is known of a call in figures, the most important first."""
    report = call.report
    if call.status:
        yield Figure("status", str(call.status))
    if call.version:
        yield Figure("version", call.version)
    if call.elapsed:
        yield _measured("took", call.elapsed, "ms")
    if report is not None:
        times = (
            ("duration", report.duration),
            ("billed", report.billed),
            ("init", report.init),
            ("restore", report.restore),
        )
        yield from (_measured(label, value, "ms") for label, value in times if value is not None)
        if report.max_memory is not None:
            of = f" of {report.memory:,} MB" if report.memory is not None else ""
            yield Figure("memory", f"{report.max_memory:,}{of or ' MB'}", report.max_memory, "MB")
        if report.status:
            yield Figure("reported", " ".join(filter(None, (report.status, report.error_type))))
    if call.cost is not None:
        yield _measured("cost", call.cost, "$")
    if call.request_id:
        yield Figure("request", call.request_id)
    if call.trace_id:
        yield Figure("trace", call.trace_id)


def _measured(label: str, amount: float, unit: str) -> Figure:
    return Figure(label, words(amount, unit), amount, unit)


def words(amount: float, unit: str) -> str:
    """An amount of a unit: ms, MB, B or $ (US dollars)."""
    if unit == "ms":
        return duration(amount)
    return price(amount) if unit == "$" else f"{amount:,.0f} {unit}"
