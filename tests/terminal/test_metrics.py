"""The Metrics tab in a terminal: calls of a known number and outcome, and every figure on screen held to them."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import uuid4

import botocore.session
import pytest
from botocore.config import Config

from lambdatui.local.identity import ACCESS_KEY_ID, ACCOUNT_ID, REGION, SECRET_ACCESS_KEY
from tests.terminal.conftest import Start
from tests.terminal.processes import NEEDS_PROC
from tests.terminal.screen import Terminal

pytestmark = [pytest.mark.local, NEEDS_PROC]

FINE, FAILING, REFUSED = 7, 3, 2
BY_ALIAS = 12
"""Calls of an alias whose weights are on two versions."""

HANDLER = """
def handler(event, context):
    if event == "boom":
        raise ValueError("out of paper")
    return event
"""


def client_of(url: str) -> Any:
    """The SDK alone, without its further attempts: each of them is an invocation, or a throttle."""
    return botocore.session.Session().create_client(
        "lambda", endpoint_url=url, region_name=REGION,
        aws_access_key_id=ACCESS_KEY_ID, aws_secret_access_key=SECRET_ACCESS_KEY,
        config=Config(retries={"total_max_attempts": 1}),
    )  # fmt: skip


@pytest.fixture
def name(endpoint_url: str) -> str:
    """A function that was called so often, with these outcomes."""
    return called(client_of(endpoint_url))


def executed_by_alias(client: Any, name: str) -> Counter[str]:
    """How often each version was executed, as it was told to who called their alias."""
    client.delete_function_concurrency(FunctionName=name)
    old = client.publish_version(FunctionName=name)["Version"]
    client.update_function_configuration(FunctionName=name, Description="new")
    client.get_waiter("function_updated_v2").wait(FunctionName=name, WaiterConfig={"Delay": 0.1})
    new = client.publish_version(FunctionName=name)["Version"]
    weights = {"AdditionalVersionWeights": {new: 0.5}}
    client.create_alias(FunctionName=name, Name="live", FunctionVersion=old, RoutingConfig=weights)
    answers = (client.invoke(FunctionName=name, Qualifier="live", Payload=b'"fine"') for _ in range(BY_ALIAS))
    executed = Counter(answer["ExecutedVersion"] for answer in answers)
    client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    return executed


def called(client: Any) -> str:
    """Make a function, and call it so often, with these outcomes."""
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("app.py", HANDLER)
    name = f"charted-{uuid4().hex[:8]}"
    client.create_function(
        FunctionName=name, Runtime="python3.12", Role=f"arn:aws:iam::{ACCOUNT_ID}:role/r", Handler="app.handler",
        Code={"ZipFile": package.getvalue()}, Timeout=20,
    )  # fmt: skip
    client.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 0.1})
    for word, times in (("fine", FINE), ("boom", FAILING)):
        for _ in range(times):
            client.invoke(FunctionName=name, Payload=json.dumps(word))
    client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    for _ in range(REFUSED):
        with pytest.raises(client.exceptions.TooManyRequestsException):
            client.invoke(FunctionName=name, Payload=b'"fine"')
    return name


def saved_points(folder: Path) -> dict[str, list[float]]:
    """The points that were saved last, without the gaps, by their titles."""
    path = max(folder.glob("*.csv"))
    assert path.stat().st_mode & 0o777 == 0o600
    rows = list(csv.DictReader(path.read_text().splitlines()))
    return {title: [float(row[title]) for row in rows if row[title]] for title in rows[0] if ":" in title}


def most(terminal: Terminal, what: str) -> str:
    """The highest value that a chart tells of a line."""
    found = re.search(rf"\b{what} [^,]+, max (\S+)", " ".join(terminal.text.split()))
    return found[1] if found else ""


def test_every_figure_on_screen_is_that_of_the_calls_that_were_made(
    start: Start, endpoint_url: str, name: str, home: Path
) -> None:
    executed = executed_by_alias(client_of(endpoint_url), name)
    keys = {"AWS_ACCESS_KEY_ID": ACCESS_KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY}
    terminal = start("--endpoint-url", endpoint_url, "--region", REGION, environment=keys)
    terminal.wait_for(name)
    terminal.press("/")
    terminal.wait_for("esc Close")
    terminal.press(name)
    # Invocations, the part of them that failed, p95 and its share of the timeout, throttles.
    calls = FINE + FAILING + BY_ALIAS
    rate = f"{100 * FAILING / calls:.1f}"
    figures = re.compile(rf"{name} +python3.12 +{calls} +! {rate}% +[0-9.]+ m?s <?[0-9.]+% +! {REFUSED} ")
    terminal.wait_for(lambda: figures.search(terminal.text))
    terminal.press("\rm")
    terminal.wait_for("Throttles")
    for said in ("reserved 0", "timeout 20.0 s", "No data: iterator age"):
        terminal.wait_for(said)

    terminal.press("\x13\r")  # ctrl+s: the first form is CSV
    terminal.wait_for("Saved")
    saved = home / ".local/state/lambdatui/metrics"
    columns = saved_points(saved)

    assert sum(columns["Invocations: invocations"]) == FINE + FAILING + BY_ALIAS
    assert sum(columns["Errors: errors"]) == FAILING
    assert sum(columns["Throttles: throttles"]) == REFUSED
    assert max(columns["Concurrency: at the same time"]) == 1
    # The calls may have come to fall into two periods: on screen is that with the most.
    assert most(terminal, "invocations") == f"{max(columns['Invocations: invocations']):.0f}"
    assert most(terminal, "errors") == f"{max(columns['Errors: errors']):.0f}"
    assert most(terminal, "throttles") == f"{max(columns['Throttles: throttles']):.0f}"
    assert most(terminal, "error rate") == f"{max(columns['Errors: error rate (%)']):.3g}"
    assert most(terminal, "at the same time") == "1"
    assert 0 < max(columns["Duration: p50 (ms)"]) <= max(columns["Duration: p99 (ms)"]) < 20_000

    terminal.press("b")
    terminal.wait_for("alias live by executed version")
    terminal.wait_for(lambda: all(f" v{it} " in terminal.text for it in executed))
    terminal.press(":save csv\r")
    terminal.wait_for(lambda: len(list(saved.glob("*.csv"))) == 2)
    columns = saved_points(saved)
    assert {it: sum(columns[f"Invocations: v{it}"]) for it in executed} == executed


def test_the_panes_of_the_account_show_the_calls_that_were_made(start: Start, endpoint_url: str, name: str) -> None:
    keys = {"AWS_ACCESS_KEY_ID": ACCESS_KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY}
    terminal = start("--endpoint-url", endpoint_url, "--region", REGION, environment=keys, size=(160, 40))
    terminal.wait_for(name)
    terminal.press("4")
    terminal.wait_for(lambda: "ran lately" in terminal.text and name in terminal.text)
    terminal.press("/")
    terminal.wait_for("esc Close")
    terminal.press(f"{name}\r")
    terminal.wait_for("Errors 1 of")
    # Errors, of all that ran, what they are to the hour before, and throttles.
    rate = 100 * FAILING // (FINE + FAILING)
    figures = re.compile(rf"{name} +! {FAILING} +! {rate}% +▲ new .* ! {REFUSED} ")
    terminal.wait_for(lambda: figures.search(terminal.text))
    terminal.wait_for("out of paper")

    terminal.press("5")
    terminal.wait_for(lambda: "= limit" in terminal.text and name in terminal.text)
    terminal.press("/")
    terminal.wait_for("esc Close")
    terminal.press(f"{name}\r")
    terminal.wait_for("Concurrency 1 of")
    # Now, at most, its share of what it may take (it is stopped), and throttles.
    figures = re.compile(rf"{name} +[1–] +1 +– +0 stopped +! {REFUSED} ")
    terminal.wait_for(lambda: figures.search(terminal.text))
