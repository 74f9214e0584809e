"""What the platform reports of one invocation, read from the end of its log.

Formats: AWS Lambda Developer Guide, "Viewing CloudWatch logs for Lambda functions" and "Lambda Telemetry API event
schema reference". SAM and emulators write the same parts in another order, between spaces or between nothing.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import reduce
from typing import Any

from lambdatui.model.text import one_line

LONGEST = 64 * 1024
"""Characters of a log that are looked through, from its end. A log tail has 4 kB."""
TRIES = 50
"""Records of one kind that are tried, from the last: a function can write what looks like one."""
TEXT = 200
"""Characters of one text of a report."""

_REPORT = re.compile(r"^(?:REPORT|INIT_REPORT|RESTORE_REPORT)(?=[ \t])", re.MULTILINE)
_LABELS = re.compile(
    r"(RequestId|Billed Restore Duration|Restore Duration|Init Duration|Billed Duration|Duration|Memory Size"
    r"|Max Memory Used|XRAY TraceId|SegmentId|Sampled|Status|Error Type|Phase): ?"
)
_AMOUNT = re.compile(r"\s*([0-9]{1,12}(?:\.[0-9]{1,12})?)\s*(ms|MB)(?![A-Za-z])")
_BREAK = re.compile(r"\s")
_PLATFORM = re.compile(r'"platform\.(report|initReport|restoreReport)"')
_ROOT = re.compile(r"(?:^|;)\s*Root=([^;]+)")


@dataclass(frozen=True, slots=True)
class Report:
    """What the platform reports of one invocation: milliseconds and MB, None where it was not told; visible texts."""

    request_id: str = ""
    duration: float | None = None
    billed: float | None = None
    """With the init of a cold start in it, since August 2025."""
    init: float | None = None
    restore: float | None = None
    """Of a snapshot (SnapStart)."""
    memory: int | None = None
    """What the function may use."""
    max_memory: int | None = None
    """What it has used."""
    trace_id: str = ""
    status: str = ""
    """"timeout", "error", "failure"; empty for a success and where it was not told."""
    error_type: str = ""


def parse_report(log: str) -> Report | None:
    """The last report in a log or the end of one, text or JSON; None where there is none.

    A part that was cut off is one that was not told. How an init failed is told by a record of its own, which fills
    in what the report itself does not say; without a report it stands alone.
    """
    log = log[-LONGEST:]
    found = [*_texts(log), *_records(log)]
    reports = [it for it in found if it[1] == "report"]
    inits = [it for it in found if it[1] != "report"]
    ranked = [*sorted(reports, key=_place)[-1:], *sorted(inits, key=_place, reverse=True)]
    return reduce(_filled, (it[2] for it in ranked)) if ranked else None


def _place(found: tuple[int, str, Report]) -> int:
    return found[0]


def _filled(report: Report, other: Report) -> Report:
    """A report with what only the other one has."""
    known = {it.name: getattr(report, it.name) for it in fields(report)}
    return replace(report, **{name: getattr(other, name) for name, value in known.items() if value in (None, "")})


def _texts(log: str) -> Iterator[tuple[int, str, Report]]:
    """Where text records are, of which kind, and what they say."""
    starts = list(_REPORT.finditer(log))[-TRIES:]
    for match in starts:
        end = log.find("\n", match.end())
        line = log[match.start() : end if end >= 0 else len(log)]
        if end >= 0 and log.startswith("XRAY TraceId:", end + 1):
            # A line of its own, but a part of the report.
            next_end = log.find("\n", end + 1)
            line += "\t" + log[end + 1 : next_end if next_end >= 0 else len(log)]
        kind = "report" if match[0] == "REPORT" else "init"
        parts = _parts(line)
        if kind == "init" or "RequestId" in parts:
            yield match.start(), kind, _from_parts(parts, kind)


def _parts(line: str) -> dict[str, str]:
    """Labels and what follows them; of a label that is there twice, the first."""
    marks = list(_LABELS.finditer(line[: 16 * TEXT]))
    ends = [*(it.start() for it in marks[1:]), len(line)]
    parts: dict[str, str] = {}
    for mark, end in zip(marks, ends, strict=False):
        parts.setdefault(mark[1], line[mark.end() : end].strip())
    return parts


def _from_parts(parts: Mapping[str, str], kind: str) -> Report:
    init = _amount(parts, "Init Duration", "ms")
    if kind == "init" and parts.get("Phase") == "invoke":
        init = None  # it is a part of the invocation's own duration
    memory, used = (_amount(parts, label, "MB") for label in ("Memory Size", "Max Memory Used"))
    return Report(
        request_id=_text(_BREAK.split(parts.get("RequestId", ""), maxsplit=1)[0]),
        duration=_amount(parts, "Duration", "ms"),
        billed=_amount(parts, "Billed Duration", "ms"),
        init=init,
        restore=_amount(parts, "Restore Duration", "ms"),
        memory=None if memory is None else int(memory),
        max_memory=None if used is None else int(used),
        trace_id=_text(parts.get("XRAY TraceId", "")),
        status=_status(parts.get("Status", "")),
        error_type=_text(parts.get("Error Type", "")),
    )


def _amount(parts: Mapping[str, str], label: str, unit: str) -> float | None:
    """A number with its unit: without that it may have been cut off."""
    match = _AMOUNT.match(parts.get(label, ""))
    return float(match[1]) if match is not None and match[2] == unit else None


def _records(log: str) -> Iterator[tuple[int, str, Report]]:
    """Where JSON records are, of which kind, and what they say."""
    for match in list(_PLATFORM.finditer(log))[-TRIES:]:
        record = _record(log, match.start(), match[0][1:-1])
        if record is not None:
            yield match.start(), match[1] if match[1] == "report" else "init", _from_record(record)


def _record(log: str, at: int, kind: str) -> dict[str, Any] | None:
    """The `record` of the JSON object on one line whose `type` is this, and at this place."""
    begin = log.rfind("\n", 0, at) + 1
    end = log.find("\n", at)
    line = log[begin : end if end >= 0 else len(log)]
    # Records may follow one another without a newline, or what a function has left unfinished.
    glued = line.rfind('{"time"', 0, at - begin)
    for start in dict.fromkeys((max(glued, 0), 0)):
        try:
            value, stop = json.JSONDecoder().raw_decode(line, start)
        except (ValueError, RecursionError):
            continue
        # Not one before it, nor a text in which a function speaks of reports.
        if stop > at - begin and isinstance(value, dict) and value.get("type") == kind:
            record = value.get("record")
            return record if isinstance(record, dict) else None
    return None


def _from_record(record: Mapping[str, Any]) -> Report:
    metrics = record.get("metrics")
    metrics = metrics if isinstance(metrics, dict) else {}
    memory, used = (_number(metrics.get(name)) for name in ("memorySizeMB", "maxMemoryUsedMB"))
    phase = record.get("phase")
    duration, init = _number(metrics.get("durationMs")), _number(metrics.get("initDurationMs"))
    restore = _number(metrics.get("restoreDurationMs"))
    if "requestId" not in record:  # of an init: its duration is not the invocation's
        init, duration = (duration if phase not in ("invoke", "restore") else None), None
    tracing = record.get("tracing")
    return Report(
        request_id=_text(record.get("requestId")),
        duration=duration,
        billed=_number(metrics.get("billedDurationMs")),
        init=init,
        restore=restore,
        memory=None if memory is None else int(memory),
        max_memory=None if used is None else int(used),
        trace_id=_trace(tracing.get("value") if isinstance(tracing, dict) else ""),
        status=_status(record.get("status")),
        error_type=_text(record.get("errorType")),
    )


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value < 1e12 and math.isfinite(value) else None


def _trace(value: object) -> str:
    text = _text(value)
    root = _ROOT.search(text)
    return root[1] if root else text


def _status(value: object) -> str:
    text = _text(value)
    return "" if text == "success" else text


def _text(value: object) -> str:
    return one_line(value[:TEXT].strip())[:TEXT] if isinstance(value, str) else ""
