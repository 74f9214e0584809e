"""`lambdatui metrics`: the figures of a function without the UI, true to the calls that were made."""

from __future__ import annotations

import asyncio
import io
import json
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

import botocore.session
import pytest

from lambdatui.metrics_command import sentence
from lambdatui.model.errors import Offline
from tests.aws import faults
from tests.aws.cloudwatch_script import CloudWatch
from tests.aws.fault_server import FaultServer

KEYS = {"AWS_ACCESS_KEY_ID": "lambdatui", "AWS_SECRET_ACCESS_KEY": "lambdatui", "AWS_REGION": "eu-west-1"}
HANDLER = "def handler(event, context):\n    return 1 / event\n"


def metrics(
    home: Path, *arguments: str, stdout: int | IO[str] = subprocess.PIPE, **environ: str
) -> subprocess.CompletedProcess[str]:
    """A real process without a terminal."""
    path = ":".join(filter(None, sys.path))
    return subprocess.run(
        [sys.executable, "-m", "lambdatui", "metrics", *arguments],
        stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE, text=True, timeout=60, check=False,
        env={"HOME": str(home), "PYTHONPATH": path, **KEYS, "AWS_EC2_METADATA_DISABLED": "true", **environ},
    )  # fmt: skip


@pytest.fixture
def called(endpoint_url: str) -> str:
    """A function that was called eight times, of which two failed; the last three times by an alias."""
    client: Any = botocore.session.Session().create_client(
        "lambda", endpoint_url=endpoint_url, region_name="eu-west-1",
        aws_access_key_id="lambdatui", aws_secret_access_key="lambdatui",
    )  # fmt: skip
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("app.py", HANDLER)
    name = f"divide-{uuid4().hex[:8]}"
    client.create_function(
        FunctionName=name, Runtime="python3.12", Role="arn:aws:iam::123456789012:role/r", Handler="app.handler",
        Code={"ZipFile": package.getvalue()},
    )  # fmt: skip
    client.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 0.1})
    client.create_alias(
        FunctionName=name, Name="live", FunctionVersion=client.publish_version(FunctionName=name)["Version"]
    )
    for divisor, qualifier in ((1, ""), (2, ""), (0, ""), (3, ""), (4, ""), (0, ":live"), (5, ":live"), (6, ":live")):
        client.invoke(FunctionName=f"{name}{qualifier}", Payload=json.dumps(divisor))
    return name


@pytest.mark.local
def test_the_figures_printed_are_those_of_the_calls(tmp_path: Path, endpoint_url: str, called: str) -> None:
    ended = metrics(tmp_path, called, "--endpoint-url", endpoint_url)
    assert (ended.returncode, ended.stderr) == (0, "")
    head, *lines = ended.stdout.splitlines()
    assert head.startswith(f"{called}, 1h: ")
    figures = dict(line.rsplit(maxsplit=1) for line in lines if "ms" not in line)
    assert (figures["invocations"], figures["errors"], figures["error rate"], figures["throttles"]) == (
        "8", "2", "25%", "0",
    )  # fmt: skip
    assert figures["iterator age"] == "–"
    # Neither a terminal without that dash nor a disk that is full is a fault of the program.
    plain = metrics(tmp_path, called, "--endpoint-url", endpoint_url, PYTHONIOENCODING="ascii", AWS_PROFILE="")
    assert (plain.returncode, plain.stderr) == (0, "")
    assert plain.stdout.splitlines()[-1].split()[-1] == "-"
    with Path("/dev/full").open("w") as full:
        unwritten = metrics(tmp_path, called, "--endpoint-url", endpoint_url, stdout=full)
    said = "lambdatui: The figures cannot be written: No space left on device.\n"
    assert (unwritten.returncode, unwritten.stderr) == (1, said)


@pytest.mark.local
def test_as_json_there_are_the_points_too(tmp_path: Path, endpoint_url: str, called: str) -> None:
    ended = metrics(tmp_path, called, "--json", "--window", "15m", "--endpoint-url", endpoint_url)
    found = json.loads(ended.stdout)
    assert (found["function"], found["qualifier"]) == (called, None)
    assert (found["figures"]["invocations"], found["figures"]["error_rate"]) == (8, 0.25)
    assert found["figures"]["iterator_age"] is None
    points = found["series"]["invocations"]
    assert len(points) == len(found["timestamps"]) == 15
    assert sum(filter(None, points)) == 8
    assert 0 < found["figures"]["p50"] <= found["figures"]["p99"]


@pytest.mark.local
def test_the_figures_of_an_alias_are_its_own(tmp_path: Path, endpoint_url: str, called: str) -> None:
    found = json.loads(metrics(tmp_path, f"{called}:live", "--json", "--endpoint-url", endpoint_url).stdout)
    assert (found["function"], found["qualifier"]) == (called, "live")
    assert (found["figures"]["invocations"], found["figures"]["errors"]) == (3, 1)


@pytest.mark.local
def test_of_a_function_that_is_not_there_there_are_no_figures(tmp_path: Path, endpoint_url: str) -> None:
    ended = metrics(tmp_path, "nobody", "--endpoint-url", endpoint_url)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("lambdatui: There is no function nobody: ")


async def test_a_refusal_of_cloudwatch_is_one_sentence_and_exit_1(tmp_path: Path) -> None:
    async with FaultServer() as server:
        server.plan("lambda:GetFunction", faults.answer({"Configuration": {"FunctionName": "f"}}))
        server.plan("cloudwatch:GetMetricData", faults.aws_error(403, "AccessDeniedException", "not authorized"))
        ended = await asyncio.to_thread(metrics, tmp_path, "f", "--endpoint-url", server.url)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("lambdatui: cloudwatch:GetMetricData: not authorized")
    assert ended.stderr.count("\n") == 1
    assert "Press" not in ended.stderr


async def test_what_cloudwatch_does_not_give_is_told_beside_what_it_does(tmp_path: Path) -> None:
    missing = {"Duration": "InternalError", "Errors": "Forbidden"}
    service = CloudWatch(status=lambda function, metric: missing.get(metric, "Complete"))
    service.put("f", "Invocations", time.time() - 600, *[1.0] * 7)
    async with FaultServer() as server:
        service.on(server)
        server.plan("lambda:GetFunction", faults.answer({"Configuration": {"FunctionName": "f"}}))
        ended = await asyncio.to_thread(metrics, tmp_path, "f", "--endpoint-url", server.url)
        as_json = await asyncio.to_thread(metrics, tmp_path, "f", "--json", "--endpoint-url", server.url)
    words = [line.split() for line in ended.stdout.splitlines()]
    assert ended.returncode == 0
    assert ["invocations", "7"] in words
    assert [it for it in words if it[-2:] == ["not", "given"]] == [
        [*title.split(), "not", "given"] for title in ("errors", "error rate", "p50", "p95", "p99", "slowest")
    ]
    assert "cloudwatch:GetMetricData: CloudWatch could not give this metric." in ended.stdout
    assert "cloudwatch:GetMetricData: This metric may not be read." in ended.stdout
    told = json.loads(as_json.stdout)
    assert told["figures"]["error_rate"] is None
    assert set(told["missing"]) == {"errors", "p50", "p95", "p99", "slowest"}


def test_where_stdout_is_closed_that_is_said_and_exit_1(tmp_path: Path) -> None:
    command = ["sh", "-c", '"$@" >&-', "sh", sys.executable, "-m", "lambdatui", "metrics", "f"]
    environ = {"HOME": str(tmp_path), "PYTHONPATH": ":".join(filter(None, sys.path)), **KEYS}
    ended = subprocess.run(command, stderr=subprocess.PIPE, text=True, timeout=60, check=False, env=environ)
    assert (ended.returncode, ended.stderr) == (1, "lambdatui: The figures cannot be written: stdout is closed.\n")


def test_without_a_region_it_is_said_what_to_do_without_a_key_to_press(tmp_path: Path) -> None:
    ended = metrics(tmp_path, "f", AWS_REGION="")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "Start with -r" in ended.stderr
    assert "Press" not in ended.stderr


@pytest.mark.parametrize(
    ("remedy", "said"),
    [
        ("Wait a little, then press r.", "Wait a little."),
        ("Repair it, then press r. See ~/.aws/config.", "Repair it. See ~/.aws/config."),
        ("Choose a profile with P (or -p PROFILE), or export A; then press r. Or: --demo.",
         "Choose a profile with -p PROFILE, or export A. Or: --demo."),
        ("Set this machine's clock. Then press r to try again.", "Set this machine's clock."),
        ("Run `aws sso login` in another terminal: then it goes on here by itself. Press r to try again.",
         "Run `aws sso login` in another terminal."),
    ],
)  # fmt: skip
def test_no_key_is_named_where_there_is_none(remedy: str, said: str) -> None:
    assert sentence(Offline("sts:AssumeRole", "No answer.", remedy), "f") == f"sts:AssumeRole: No answer. {said}"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "The following arguments are required: NAME."),
        (["f", "--window", "2h"], "Argument --window: '2h' is not one of 15m, 1h, 3h, 24h, 7d."),
        (["f", "g"], "'g' is not expected here. See lambdatui metrics --help."),
        (["f", "--jsn"], "There is no option '--jsn'. Did you mean '--json'?"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_one_sentence_and_exit_2(tmp_path: Path, arguments: list[str], said: str) -> None:
    ended = metrics(tmp_path, *arguments)
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", f"lambdatui: {said}\n")
