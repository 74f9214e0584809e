from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from lambdatui.local import identity

pytestmark = pytest.mark.local

ENVIRONMENT = "import os\ndef handler(event, context):\n    return dict(os.environ)\n"


def test_a_function_made_with_boto3_runs_and_is_listed(
    endpoint_url: str, connect: Any, make: Any, payload: Any
) -> None:
    name = make(endpoint_url, "def handler(event, context):\n    return {'twice': event['n'] * 2}\n")
    client = connect(endpoint_url, "lambda")

    answer = client.invoke(FunctionName=name, Payload=json.dumps({"n": 21}))

    assert payload(answer) == {"twice": 42}
    assert name in {function["FunctionName"] for function in client.list_functions()["Functions"]}


def test_an_exception_is_a_function_error_with_its_message(
    endpoint_url: str, connect: Any, make: Any, payload: Any
) -> None:
    name = make(endpoint_url, "def handler(event, context):\n    raise KeyError('sku')\n")

    answer = connect(endpoint_url, "lambda").invoke(FunctionName=name)

    assert answer["FunctionError"] == "Unhandled"
    assert "sku" in payload(answer)["errorMessage"]


def test_identity_is_the_one_clients_are_told(endpoint_url: str, connect: Any) -> None:
    assert connect(endpoint_url, "sts").get_caller_identity()["Account"] == identity.ACCOUNT_ID


def test_aws_cli_lists_functions(endpoint_url: str, make: Any, tmp_path: Path) -> None:
    aws = shutil.which("aws")
    if aws is None:
        pytest.skip("awscli is not installed")
    name = make(endpoint_url, ENVIRONMENT)
    environment = {
        **identity.exports(urlsplit(endpoint_url).port or 0),
        "HOME": str(tmp_path),
        "PATH": os.environ["PATH"],
    }

    listed = subprocess.check_output([aws, "lambda", "list-functions", "--output", "json"], env=environment)

    assert name in {function["FunctionName"] for function in json.loads(listed)["Functions"]}


def test_a_function_sees_nothing_of_the_users_environment(
    endpoint_url: str, connect: Any, make: Any, payload: Any
) -> None:
    answer = connect(endpoint_url, "lambda").invoke(
        FunctionName=make(endpoint_url, ENVIRONMENT, Environment={"Variables": {"STAGE": "test", "LOG_LEVEL": "DEBUG"}})
    )
    seen = payload(answer)

    assert seen.pop("STAGE") == "test"
    assert seen.pop("LOG_LEVEL") == "DEBUG"  # also a setting of the endpoint: the function's own is what it sees
    shared = {name for name in seen if seen[name] == os.environ.get(name)}
    assert shared <= {"LANG", "TZ", "PATH", "LD_LIBRARY_PATH", "AWS_EC2_METADATA_DISABLED"}
    assert not {name for name in seen if "MINISTACK" in name or "GATEWAY" in name}
    assert seen["AWS_ENDPOINT_URL"] == endpoint_url
    assert seen["HOME"] != os.environ.get("HOME")


def test_a_function_that_uses_the_sdk_reaches_this_endpoint(
    endpoint_url: str, connect: Any, make: Any, payload: Any
) -> None:
    code = (
        "import boto3\ndef handler(event, context):\n    return boto3.client('sts').get_caller_identity()['Account']\n"
    )

    answer = connect(endpoint_url, "lambda").invoke(FunctionName=make(endpoint_url, code, Timeout=30))

    assert payload(answer) == identity.ACCOUNT_ID


def test_it_listens_on_loopback_only(endpoint_url: str) -> None:
    port = urlsplit(endpoint_url).port or 0
    with socket.create_connection((identity.HOST, port)):
        pass
    # Every other address of this machine refuses; 127.0.0.2 is one on Linux, the rest depends on the network.
    for address in {"127.0.0.2", *socket.gethostbyname_ex(socket.gethostname())[2]} - {identity.HOST}:
        with socket.socket() as probe:
            probe.settimeout(2)
            assert probe.connect_ex((address, port)) != 0, address


def test_log_records_carry_the_request_id_as_in_lambda(endpoint_url: str, connect: Any, make: Any) -> None:
    code = (
        "import logging\nlogging.getLogger().setLevel('INFO')\n"
        "def handler(event, context):\n    logging.info('hello %s', 'log')\n    print('and print')\n"
    )
    name = make(endpoint_url, code)
    connect(endpoint_url, "lambda").invoke(FunctionName=name)

    messages = [event["message"] for event in _events(endpoint_url, connect, name)]

    start = re.fullmatch(r"START RequestId: (\S+) Version: \$LATEST\n", messages[1])
    assert start is not None
    level, _, its_id, text = messages[2].split("\t")
    assert (level, its_id, text) == ("[INFO]", start[1], "hello log\n")
    assert messages[3] == "and print\n"


def _events(url: str, connect: Any, function: str, **request: Any) -> list[dict[str, Any]]:
    found = connect(url, "logs").filter_log_events(logGroupName=f"/aws/lambda/{function}", **request)
    events: list[dict[str, Any]] = found["events"]
    return events
