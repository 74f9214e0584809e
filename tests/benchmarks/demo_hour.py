"""An hour of the demo: what it takes of memory and processor, and how fast it answers, minute by minute.

    python tests/benchmarks/demo_hour.py [--minutes N]

Linux only: it reads /proc. What processes share is counted once (PSS); of a minute's ten looks at the memory the median
counts. The verdict compares the last day of the demo, which takes 20 minutes, with the one before it: apart from log
events, of which the store may take more until it is full, memory must not grow.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import fmean, median
from typing import Any

import boto3
from botocore.config import Config

from lambdatui.local import identity

TICKS = os.sysconf("SC_CLK_TCK")
GROUP = "/aws/lambda/stock-level"
FLAT = 10.0
"""MB an hour beside log events: less is flat. The store takes up to twice what its messages are."""

DAY = 20
"""Minutes of a day of the demo (rhythm.DAY)."""

LOOKS = 10
"""At the memory, in a minute."""


@dataclass(frozen=True)
class Sample:
    """What was so at the end of a minute."""

    endpoint: float
    """MB."""
    functions: float
    """MB."""
    logs: float
    """MB of log events in the store."""
    cpu: float
    """Percent of one core since the last sample."""
    processes: int
    calls: float
    """Invocations a second in the last whole minute."""
    filter_ms: float
    metrics_ms: float


def tree(root: int) -> Iterator[int]:
    """The process and all below it."""
    children: dict[int, list[int]] = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit() and (fields := stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    waiting = [root]
    while waiting:
        pid = waiting.pop()
        yield pid
        waiting += children.get(pid, [])


def stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the state on; nothing if it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def memory_of(pid: int) -> float:
    """Its proportional share of memory, MB."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    found = re.search(r"^Pss: +(\d+) kB", text, re.MULTILINE)
    return int(found[1]) / 1000 if found else 0.0


def is_function(pid: int) -> bool:
    """Whether it runs a function, or was started by one."""
    try:
        return b"AWS_LAMBDA_RUNTIME_API=" in Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return False


def seconds_of(pid: int) -> float:
    """Its processor time, with that of children that have ended."""
    fields = stat(pid)
    return sum(int(ticks) for ticks in fields[11:15]) / TICKS if fields else 0.0


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds that it took, and what it returned."""
    start = time.perf_counter()
    answer = call()
    return (time.perf_counter() - start) * 1000, answer


class Demo:
    """A demo of its own."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "lambdatui", "local", "--demo"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                break
        else:
            raise SystemExit("the demo did not start")
        session = boto3.Session(identity.ACCESS_KEY_ID, identity.SECRET_ACCESS_KEY, region_name=identity.REGION)
        config = Config(retries={"total_max_attempts": 1}, inject_host_prefix=False)
        self.logs = session.client("logs", endpoint_url=found[0], config=config)
        self.metrics = session.client("cloudwatch", endpoint_url=found[0], config=config)
        self._cpu, self._at = self._processor(), time.monotonic()

    def minute(self) -> Sample:
        """What was so in a minute from now on."""
        looks = []
        for _ in range(LOOKS):
            time.sleep(60 / LOOKS)
            pids = list(tree(self.process.pid))
            of_functions = sum(memory_of(pid) for pid in pids if is_function(pid))
            looks.append((sum(map(memory_of, pids)) - of_functions, of_functions))
        endpoint, functions = (median(values) for values in zip(*looks, strict=True))
        cpu, at = self._processor(), time.monotonic()
        percent = (cpu - self._cpu) / (at - self._at) * 100
        self._cpu, self._at = cpu, at
        filter_ms, events = timed(self._latest_events)
        metrics_ms, calls = timed(self._calls)
        assert events["events"]
        return Sample(endpoint, functions, self._stored(), percent, len(pids), calls, filter_ms, metrics_ms)

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait()

    def _processor(self) -> float:
        return sum(map(seconds_of, tree(self.process.pid)))

    def _latest_events(self) -> Any:
        since = int((time.time() - 300) * 1000)
        return self.logs.filter_log_events(logGroupName=GROUP, startTime=since, filterPattern="REPORT", limit=1000)

    def _calls(self) -> float:
        end = datetime.now(UTC).replace(second=0, microsecond=0)
        metric = {"Namespace": "AWS/Lambda", "MetricName": "Invocations"}
        query = {"Id": "calls", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}}
        answer = self.metrics.get_metric_data(
            MetricDataQueries=[query], StartTime=end - timedelta(hours=2), EndTime=end
        )
        values = answer["MetricDataResults"][0]["Values"]
        return float(values[0]) / 60 if values else 0.0

    def _stored(self) -> float:
        pages = self.logs.get_paginator("describe_log_groups").paginate()
        return float(sum(group["storedBytes"] for page in pages for group in page["logGroups"])) / 1e6


def verdict(samples: list[Sample]) -> str:
    """Whether memory is flat, in a sentence."""
    cpu = f"{fmean(it.cpu for it in samples):.1f} % of a core on average"
    if len(samples) < 2 * DAY:
        return f"Too short for a verdict; {cpu}."
    before, last = samples[-2 * DAY : -DAY], samples[-DAY:]

    def grown(value: Callable[[Sample], float]) -> float:
        return (fmean(map(value, last)) - fmean(map(value, before))) * 60 / DAY

    endpoint, functions, logs = grown(lambda it: it.endpoint), grown(lambda it: it.functions), grown(lambda it: it.logs)
    word = "FLAT" if endpoint + functions - 2 * max(0.0, logs) < FLAT else "NOT FLAT"
    return (
        f"{word}: the endpoint {endpoint:+.1f} and the functions {functions:+.1f} MB an hour, "
        f"while the messages in the log store grew by {logs:+.1f} MB an hour; {cpu}."
    )


def main() -> None:
    """Run the demo, print a line a minute, and the verdict."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=60)
    minutes = parser.parse_args().minutes
    print("minute  endpoint MB  functions MB  logs MB  cpu %  processes  calls/s  FilterLogEvents ms  GetMetricData ms")
    demo, samples = Demo(), []
    try:
        for minute in range(1, minutes + 1):
            samples.append(it := demo.minute())
            print(
                f"{minute:6} {it.endpoint:12.1f} {it.functions:13.1f} {it.logs:8.1f} {it.cpu:6.1f}"
                f" {it.processes:10} {it.calls:8.1f} {it.filter_ms:19.1f} {it.metrics_ms:17.1f}",
                flush=True,
            )
    finally:
        demo.stop()
    print(verdict(samples))


if __name__ == "__main__":
    main()
