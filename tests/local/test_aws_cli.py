"""aws-cli, as people have it from PyPI, against the embedded endpoint."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import pytest

from lambdatui.local import identity

pytestmark = pytest.mark.local

Cli: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]

GREETS = """
def handler(event, context):
    print("hello", event["who"])
    if event["who"] == "nobody":
        raise LookupError("there is nobody")
    return {"greeting": "hello " + event["who"]}
"""


@pytest.fixture
def environment(endpoint_url: str, nobody: Path) -> dict[str, str]:
    """What `lambdatui local` tells people to export, and nothing else."""
    return {**identity.exports(urlsplit(endpoint_url).port or 0), "HOME": str(nobody), "PATH": os.environ["PATH"]}


@pytest.fixture
def aws(environment: dict[str, str], tmp_path: Path) -> Cli:
    """aws(*arguments): one command of aws-cli; its output is JSON."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "awscli", *arguments, "--output", "json"],
            env=environment, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip

    return run


def test_lambda_invoke_gives_the_answer_and_the_tail_of_the_log(
    aws: Cli, endpoint_url: str, make: Any, tmp_path: Path
) -> None:
    name = make(endpoint_url, GREETS)

    done = aws("lambda", "invoke", "--function-name", name, "--payload", '{"who": "ada"}', "--log-type", "Tail", "out")

    told = json.loads(done.stdout)
    log = base64.b64decode(told["LogResult"]).decode()
    assert (told["StatusCode"], told["ExecutedVersion"]) == (200, "$LATEST")
    assert json.loads((tmp_path / "out").read_bytes()) == {"greeting": "hello ada"}
    assert [line.split()[0] for line in log.splitlines()] == ["START", "hello", "END", "REPORT"]


def test_lambda_invoke_says_that_the_function_failed(aws: Cli, endpoint_url: str, make: Any, tmp_path: Path) -> None:
    name = make(endpoint_url, GREETS)

    done = aws("lambda", "invoke", "--function-name", name, "--payload", '{"who": "nobody"}', "out")

    answer = json.loads((tmp_path / "out").read_bytes())
    assert json.loads(done.stdout)["FunctionError"] == "Unhandled"
    assert (answer["errorType"], answer["errorMessage"]) == ("LookupError", "there is nobody")
    assert '"/var/task/app.py", line 5, in handler' in answer["stackTrace"][0]


def test_lambda_invoke_of_what_is_not_there_is_refused_as_by_aws(aws: Cli) -> None:
    done = aws("lambda", "invoke", "--function-name", "absent", "out")

    assert done.returncode == 255
    assert "(ResourceNotFoundException)" in done.stderr
    assert "Function not found: arn:aws:lambda:eu-west-1:123456789012:function:absent" in done.stderr


def test_logs_filter_log_events_finds_by_pattern_and_reads_all_pages(
    aws: Cli, endpoint_url: str, make: Any, connect: Any
) -> None:
    name = make(endpoint_url, GREETS)
    client = connect(endpoint_url, "lambda")
    for who in ("ada", "grace", "barbara"):
        client.invoke(FunctionName=name, Payload=json.dumps({"who": who}))
    group = f"/aws/lambda/{name}"

    found = aws("logs", "filter-log-events", "--log-group-name", group, "--filter-pattern", "hello -grace")
    paged = aws("logs", "filter-log-events", "--log-group-name", group, "--page-size", "2")

    assert [event["message"] for event in json.loads(found.stdout)["events"]] == ["hello ada\n", "hello barbara\n"]
    messages = [event["message"].split()[0] for event in json.loads(paged.stdout)["events"]]
    assert messages == ["INIT_START", *["START", "hello", "END", "REPORT"] * 3]


def test_logs_start_live_tail_shows_what_is_logged_from_now_on(
    environment: dict[str, str], endpoint_url: str, make: Any, connect: Any, tmp_path: Path
) -> None:
    name = make(endpoint_url, GREETS)
    client = connect(endpoint_url, "lambda")
    client.invoke(FunctionName=name, Payload=b'{"who": "before"}')
    group = f"arn:aws:logs:{identity.REGION}:{identity.ACCOUNT_ID}:log-group:/aws/lambda/{name}"
    command = [sys.executable, "-m", "awscli", "logs", "start-live-tail", "--log-group-identifiers", group]
    tail = subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert tail.stdout is not None
    try:
        seen, deadline = b"", time.monotonic() + 30
        os.set_blocking(tail.stdout.fileno(), False)
        while b"hello after" not in seen:
            # A session shows nothing of what was before it began, and does not say that it has.
            client.invoke(FunctionName=name, Payload=b'{"who": "after"}')
            seen += tail.stdout.read() or b""
            assert tail.poll() is None, seen.decode()
            assert time.monotonic() < deadline, seen.decode()
        assert b"hello before" not in seen
    finally:
        tail.send_signal(signal.SIGKILL)
        tail.wait()
        tail.stdout.close()


def test_cloudwatch_get_metric_data_counts_the_invocations(
    aws: Cli, endpoint_url: str, make: Any, connect: Any
) -> None:
    name = make(endpoint_url, GREETS)
    client = connect(endpoint_url, "lambda")
    for who in ("ada", "nobody", "grace"):
        client.invoke(FunctionName=name, Payload=json.dumps({"who": who}))
    dimensions = [{"Name": "FunctionName", "Value": name}]
    queries = [
        {"Id": metric.lower(), "MetricStat": {
            "Metric": {"Namespace": "AWS/Lambda", "MetricName": metric, "Dimensions": dimensions},
            "Period": 60, "Stat": "Sum",
        }}
        for metric in ("Invocations", "Errors")
    ]  # fmt: skip
    now = time.time()

    done = aws(
        "cloudwatch", "get-metric-data", "--metric-data-queries", json.dumps(queries),
        "--start-time", str(int(now - 600)), "--end-time", str(int(now + 60)),
    )  # fmt: skip

    found = {result["Id"]: sum(result["Values"]) for result in json.loads(done.stdout)["MetricDataResults"]}
    assert found == {"invocations": 3, "errors": 1}


def test_cloudwatch_list_metrics_names_the_dimensions(aws: Cli, endpoint_url: str, make: Any, connect: Any) -> None:
    name = make(endpoint_url, GREETS)
    connect(endpoint_url, "lambda").invoke(FunctionName=name, Payload=b'{"who": "ada"}')

    done = aws(
        "cloudwatch", "list-metrics", "--namespace", "AWS/Lambda", "--metric-name", "Duration",
        "--dimensions", f"Name=FunctionName,Value={name}",
    )  # fmt: skip

    found = [metric["Dimensions"] for metric in json.loads(done.stdout)["Metrics"]]
    function, resource = {"Name": "FunctionName", "Value": name}, {"Name": "Resource", "Value": name}
    assert sorted(found, key=len) == [[function], [function, resource]]
