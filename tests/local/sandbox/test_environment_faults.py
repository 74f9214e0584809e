"""What AWS answers and logs when a function fails, word by word."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from lambdatui.local import environment
from lambdatui.local.execution import Result, Status
from tests.local.environments import Started, Watched, environments, living, until, zipped

pytestmark = pytest.mark.local

LINUX_ONLY = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much memory is used")


@pytest.fixture
async def started(tmp_path: Path) -> AsyncIterator[Started]:
    async with environments(tmp_path) as start:
        yield start


def without_times(log: list[str]) -> list[str]:
    return [re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", "<time>", text) for text in log[1:]]


async def is_gone(made: Watched) -> None:
    assert not made.environment.usable
    await until(lambda: not living(made.pid))


async def test_a_handler_that_raises(started: Started) -> None:
    code = "def handler(event, context):\n    return 1 / event\n"
    made = await started(code)

    result = await made.call(b"0")
    after = await made.call(b"1")

    trace = '  File \\"/var/task/app.py\\", line 2, in handler\\n    return 1 / event\\n'
    assert result.payload.decode() == (
        '{"errorMessage": "division by zero", "errorType": "ZeroDivisionError", "requestId": "r-1", '
        f'"stackTrace": ["{trace}"]}}'
    )
    assert (result.status, result.error_type, after.payload) == (Status.ERROR, "ZeroDivisionError", b"1.0")
    assert made.log[2:4] == [
        "START r-1",
        "[ERROR] ZeroDivisionError: division by zero\nTraceback (most recent call last):\n"
        '\xa0\xa0File "/var/task/app.py", line 2, in handler\n\xa0\xa0\xa0\xa0return 1 / event',
    ]
    assert made.log[4:] == ["END r-1 error ZeroDivisionError", "START r-2", "END r-2"]


async def test_a_call_that_takes_longer_than_the_time_limit(started: Started) -> None:
    made = await started("import time\ndef handler(event, context):\n    print('begun')\n    time.sleep(60)", timeout=1)

    result = await made.call()

    assert json.loads(result.payload) == {
        "errorType": "Sandbox.Timedout",
        "errorMessage": "RequestId: r-1 Error: Task timed out after 1.00 seconds",
    }
    assert (result.status, result.error_type, result.duration) == (Status.TIMEOUT, "Sandbox.Timedout", 1.0)
    assert without_times(made.log) == [
        "INIT_REPORT init",
        "START r-1",
        "begun",
        "<time> r-1 Task timed out after 1.00 seconds",
        "END r-1 timeout Sandbox.Timedout",
    ]
    await is_gone(made)


@LINUX_ONLY
@pytest.mark.parametrize("holding", ["import time; time.sleep(30)", "return len(seen)"])
async def test_a_call_that_takes_more_memory_than_there_is(started: Started, holding: str) -> None:
    code = f"def handler(event, context):\n    print('begun')\n    seen = bytearray(b'x') * 160_000_000\n    {holding}"
    made = await started(code, memory=128, timeout=30)

    result = await made.call()

    assert json.loads(result.payload) == {
        "errorType": "Runtime.ExitError",
        "errorMessage": "RequestId: r-1 Error: Runtime exited with error: signal: killed",
    }
    assert (result.status, result.error_type, result.memory) == (Status.ERROR, "Runtime.OutOfMemory", 128)
    assert made.log[1:] == [
        "INIT_REPORT init",
        "START r-1",
        "begun",
        "RequestId: r-1 Error: Runtime exited with error: signal: killed\nRuntime.ExitError",
        "END r-1 error Runtime.OutOfMemory",
    ]
    await is_gone(made)


@LINUX_ONLY
async def test_the_memory_of_its_children_is_the_functions_too(started: Started) -> None:
    code = """
import subprocess, sys
def handler(event, context):
    subprocess.run([sys.executable, "-c", "seen = bytearray(b'x') * 160_000_000; import time; time.sleep(30)"])
"""
    made = await started(code, memory=128, timeout=30)

    assert (await made.call()).error_type == "Runtime.OutOfMemory"
    await is_gone(made)


@LINUX_ONLY
async def test_memory_that_processes_share_is_counted_once(started: Started) -> None:
    code = """
import os, time
seen = bytearray(b"x") * 60_000_000
def handler(event, context):
    children = []
    for _ in range(3):
        if not (child := os.fork()):
            time.sleep(0.3)
            os._exit(0)
        children.append(child)
    return [os.waitpid(child, 0)[1] for child in children]
"""
    made = await started(code, memory=128, timeout=30)

    assert (await made.call()).payload == b"[0, 0, 0]"


@pytest.mark.parametrize(
    ("end", "how"),
    [
        ("os._exit(0)", "Runtime exited without providing a reason"),
        ("os._exit(1)", "Runtime exited with error: exit status 1"),
        ("sys.exit(7)", "Runtime exited with error: exit status 7"),
        ("os.kill(os.getpid(), 9)", "Runtime exited with error: signal: killed"),
        ("os.kill(os.getpid(), 11)", "Runtime exited with error: signal: segmentation fault"),
        ("os.abort()", "Runtime exited with error: signal: aborted"),
        ("os.kill(os.getpid(), 15)", "Runtime exited with error: signal: terminated"),
        ("os.kill(os.getpid(), 37)", "Runtime exited with error: signal: signal 37"),
    ],
)
async def test_a_process_that_ends_in_the_middle_of_a_call(started: Started, end: str, how: str) -> None:
    made = await started(f"import os, sys\ndef handler(event, context):\n    print('begun')\n    {end}", timeout=30)

    result = await made.call()

    assert json.loads(result.payload) == {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: r-1 Error: {how}",
    }
    assert made.log[1:] == [
        "INIT_REPORT init",
        "START r-1",
        "begun",
        f"RequestId: r-1 Error: {how}\nRuntime.ExitError",
        "END r-1 error Runtime.ExitError",
    ]
    await is_gone(made)


WARNING = "LAMBDA_WARNING: Unhandled exception."


async def failed_init(made: Watched, kind: str, error: str) -> Result:
    """The first call of a function whose init fails: holds its log to AWS's, and returns the result."""
    assert made.environment.usable
    result = await made.call()
    log = [text if WARNING not in text else WARNING for text in made.log[1:]]
    assert log == [
        WARNING, error, f"INIT_REPORT init error {kind}",
        WARNING, error, f"INIT_REPORT invoke error {kind}",
        "START r-1", f"END r-1 error {kind}",
    ]  # fmt: skip
    assert result.init is None
    assert result.status is Status.ERROR
    await is_gone(made)
    return result


async def test_a_module_that_cannot_be_imported(started: Started) -> None:
    made = await started("import nowhere\n")

    error = "[ERROR] Runtime.ImportModuleError: Unable to import module 'app': No module named 'nowhere'"
    result = await failed_init(made, "Runtime.ImportModuleError", f"{error}\nTraceback (most recent call last):")

    assert result.payload.decode() == (
        "{\"errorMessage\": \"Unable to import module 'app': No module named 'nowhere'\", "
        '"errorType": "Runtime.ImportModuleError", "requestId": "", "stackTrace": []}'
    )


async def test_a_handler_that_is_missing(started: Started) -> None:
    made = await started("def other(event, context): ...\n")

    error = "[ERROR] Runtime.HandlerNotFound: Handler 'handler' missing on module 'app'"
    result = await failed_init(made, "Runtime.HandlerNotFound", f"{error}\nTraceback (most recent call last):")

    assert json.loads(result.payload) == {
        "errorMessage": "Handler 'handler' missing on module 'app'",
        "errorType": "Runtime.HandlerNotFound",
        "requestId": "",
        "stackTrace": [],
    }


async def test_a_handler_that_is_no_module_and_function(started: Started) -> None:
    made = await started("", handler="handler")

    sentence = "Bad handler 'handler': not enough values to unpack (expected 2, got 1)"
    error = f"[ERROR] Runtime.MalformedHandlerName: {sentence}\nTraceback (most recent call last):"
    result = await failed_init(made, "Runtime.MalformedHandlerName", error)

    assert json.loads(result.payload)["errorMessage"] == sentence


async def test_a_module_with_a_syntax_error(started: Started) -> None:
    made = await started("def handler(event, context)\n")

    error = (
        "[ERROR] Runtime.UserCodeSyntaxError: Syntax error in module 'app': expected ':' (app.py, line 1)\n"
        "Traceback (most recent call last):\n"
        '\xa0\xa0File "/var/task/app.py" Line 1\n\xa0\xa0\xa0\xa0def handler(event, context)'
    )
    result = await failed_init(made, "Runtime.UserCodeSyntaxError", error)

    assert json.loads(result.payload)["stackTrace"] == [
        '  File "/var/task/app.py" Line 1\n    def handler(event, context)\n'
    ]


async def test_a_module_that_raises_when_it_is_imported(started: Started) -> None:
    made = await started('raise Exception("Runtime startup fails")\n')

    result = await made.call()

    answer = json.loads(result.payload)
    standard = "/var/lang/lib/python{}.{}/importlib/__init__.py".format(*sys.version_info)
    assert (answer["errorType"], answer["errorMessage"]) == ("Exception", "Runtime startup fails")
    assert answer["stackTrace"][0].startswith(f'  File "{standard}", line ')
    assert answer["stackTrace"][-1] == (
        '  File "/var/task/app.py", line 1, in <module>\n    raise Exception("Runtime startup fails")\n'
    )
    # What is no type of the platform's stands as this one in its lines.
    assert [text for text in made.log if text.startswith("INIT_REPORT")] == [
        "INIT_REPORT init error Runtime.Unknown",
        "INIT_REPORT invoke error Runtime.Unknown",
    ]


@pytest.mark.parametrize(
    ("end", "how"),
    [
        ("os._exit(0)", "Runtime exited without providing a reason"),
        ("os._exit(1)", "Runtime exited with error: exit status 1"),
        ("os.abort()", "Runtime exited with error: signal: aborted"),
    ],
)
async def test_a_process_that_ends_before_it_is_ready(started: Started, end: str, how: str) -> None:
    made = await started(f"import os\nprint('importing', flush=True)\n{end}")

    result = await made.call()

    assert json.loads(result.payload) == {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: r-1 Error: {how}",
    }
    assert made.log[1:] == [
        "importing", "INIT_REPORT init error Runtime.ExitError",
        "importing", "INIT_REPORT invoke error Runtime.ExitError",
        "START r-1", f"RequestId: r-1 Error: {how}\nRuntime.ExitError", "END r-1 error Runtime.ExitError",
    ]  # fmt: skip
    await is_gone(made)


async def test_an_init_that_fails_once_is_made_good_in_the_first_call(started: Started) -> None:
    code = """
import os, tempfile
mark = os.path.join(tempfile.gettempdir(), "mark")
if not os.path.exists(mark):
    open(mark, "w").close()
    os._exit(1)
def handler(event, context):
    return event
"""
    made = await started(code)

    first = await made.call(b"1")
    second = await made.call(b"2")

    assert (first.payload, first.init, second.payload) == (b"1", None, b"2")
    assert made.log[1:] == [
        "INIT_REPORT init error Runtime.ExitError", "INIT_REPORT invoke",
        "START r-1", "END r-1", "START r-2", "END r-2",
    ]  # fmt: skip
    assert first.duration > made.recording.inits[1].duration > second.duration


async def test_an_init_that_takes_too_long_is_done_again_in_the_first_call(
    started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "INIT_LIMIT", 0.5)
    code = "import time\nprint('importing', flush=True)\ntime.sleep(0.8)\ndef handler(event, context):\n    return 1"

    made = await started(code, timeout=10)
    result = await made.call()

    assert result.payload == b"1"
    assert made.log[1:] == [
        "importing",
        "INIT_REPORT init timeout",
        "importing",
        "INIT_REPORT invoke",
        "START r-1",
        "END r-1",
    ]
    assert made.recording.inits[0].duration == 0.5


async def test_an_init_that_takes_longer_than_the_functions_time_limit(
    started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "INIT_LIMIT", 0.3)

    made = await started("import time\ntime.sleep(60)", timeout=1)
    result = await made.call()

    assert json.loads(result.payload)["errorMessage"] == "RequestId: r-1 Error: Task timed out after 1.00 seconds"
    assert (result.status, result.duration) == (Status.TIMEOUT, 1.0)
    assert without_times(made.log) == [
        "INIT_REPORT init timeout",
        "INIT_REPORT invoke timeout",
        "START r-1",
        "<time> r-1 Task timed out after 1.00 seconds",
        "END r-1 timeout Sandbox.Timedout",
    ]
    await is_gone(made)


async def test_provisioned_concurrency_has_time_for_its_init(started: Started, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "INIT_LIMIT", 0.05)
    code = "import os, time\ntime.sleep(0.2)\ndef handler(event, context):\n    return os.environ[event]"

    made = await started(code, kind="provisioned-concurrency")
    result = await made.call(b'"AWS_LAMBDA_INITIALIZATION_TYPE"')

    assert result.payload == b'"provisioned-concurrency"'
    assert made.log[1:3] == ["INIT_REPORT init", "START r-1"]


@LINUX_ONLY
async def test_an_init_that_takes_more_memory_than_there_is(started: Started) -> None:
    made = await started("seen = bytearray(b'x') * 160_000_000\nimport time; time.sleep(30)", memory=128)

    result = await made.call()

    assert (
        json.loads(result.payload)["errorMessage"] == "RequestId: r-1 Error: Runtime exited with error: signal: killed"
    )
    assert made.log[1:3] == [
        "INIT_REPORT init error Runtime.OutOfMemory",
        "INIT_REPORT invoke error Runtime.OutOfMemory",
    ]


async def test_a_result_that_is_no_json(started: Started) -> None:
    made = await started("def handler(event, context):\n    return {1, 2}")

    result = await made.call()

    assert json.loads(result.payload) == {
        "errorMessage": "Unable to marshal response: Object of type set is not JSON serializable",
        "errorType": "Runtime.MarshalError",
        "requestId": "r-1",
        "stackTrace": [],
    }
    assert made.environment.usable


async def test_a_payload_that_is_no_json(started: Started) -> None:
    made = await started("def handler(event, context):\n    return event")

    result = await made.call(b"{")

    assert (result.error_type, made.environment.usable) == ("Runtime.UnmarshalError", True)


async def test_the_largest_response(started: Started) -> None:
    made = await started("def handler(event, context):\n    return 'x' * event", timeout=30)

    result = await made.call(str(6_291_556 - 2).encode())

    assert (len(result.payload), result.failed) == (6_291_556, False)


async def test_a_response_that_is_too_large(started: Started) -> None:
    made = await started("def handler(event, context):\n    return 'x' * event", timeout=30)

    result = await made.call(str(6_291_556 - 1).encode())

    assert result.payload.decode() == (
        '{"errorType":"Function.ResponseSizeTooLarge",'
        '"errorMessage":"Response payload size exceeded maximum allowed payload size (6291556 bytes)."}'
    )
    assert (result.status, result.error_type) == (Status.ERROR, "Function.ResponseSizeTooLarge")
    assert any("LAMBDA_RUNTIME Failed to post handler success response. Http response code: 413" in t for t in made.log)
    assert made.log[-2:] == [
        "RequestId: r-1 Error: Runtime exited with error: exit status 1\nRuntime.ExitError",
        "END r-1 error Function.ResponseSizeTooLarge",
    ]
    await is_gone(made)


async def test_what_a_process_wrote_before_it_ended_is_logged_to_the_last_byte(started: Started) -> None:
    code = """
import os, sys
def handler(event, context):
    for number in range(3000):
        print("line", number)
    sys.stdout.write("no newline")
    os._exit(1)
"""
    made = await started(code, timeout=30)
    await made.call()

    assert made.log[3:-2] == [*(f"line {number}" for number in range(3000)), "no newline"]


async def test_a_child_that_keeps_the_output_open_holds_up_nothing(started: Started) -> None:
    code = """
import os, subprocess, sys
def handler(event, context):
    subprocess.Popen(["sleep", "600"], stdout=sys.stdout.fileno(), close_fds=False)
    if event:
        os._exit(1)
    return 1
"""
    made = await started(code, timeout=30)

    async with asyncio.timeout(5):
        first = await made.call(b"0")
        second = await made.call(b"1")

    assert (first.payload, second.error_type) == (b"1", "Runtime.ExitError")
    await is_gone(made)


async def test_a_wrapper_that_is_missing(started: Started) -> None:
    made = await started("", variables={"AWS_LAMBDA_EXEC_WRAPPER": "/opt/nowhere"})

    result = await made.call()

    assert json.loads(result.payload) == {
        "errorType": "Runtime.ExitError",
        "errorMessage": "RequestId: r-1 Error: Runtime exited with error: exit status 127",
    }


async def test_a_variable_that_no_process_can_have(started: Started) -> None:
    made = await started("def handler(event, context): ...", variables={"BAD": "a\0b"})

    assert (await made.call()).error_type == "Runtime.InvalidEntrypoint"


BOOTSTRAP = f"""#!{sys.executable}
import os, urllib.request
api = "http://" + os.environ["AWS_LAMBDA_RUNTIME_API"] + "/2018-06-01/runtime/"
print("begun", flush=True)
while True:
    with urllib.request.urlopen(api + "invocation/next") as call:
        request, event = call.headers["Lambda-Runtime-Aws-Request-Id"], call.read()
    print("got", event.decode(), flush=True)
    what = "error" if event == b"bad" else "response"
    body = b'{{"errorMessage": "no", "errorType": "Custom"}}' if event == b"bad" else event.upper()
    urllib.request.urlopen(api + "invocation/" + request + "/" + what, body).close()
"""


@pytest.mark.parametrize("place", ["code", "layer"])
async def test_a_custom_runtime_is_an_executable_bootstrap(started: Started, place: str) -> None:
    package = zipped({"bootstrap": BOOTSTRAP}, executable="bootstrap")
    code, layers = (package, ()) if place == "code" else (zipped({"x": ""}), (package,))

    made = await started(code, runtime="provided.al2023", handler="any", layers=layers)
    good = await made.call(b"raw \xc3\xa4")
    bad = await made.call(b"bad")

    assert (good.payload, good.failed) == (b"RAW \xc3\xa4", False)
    assert bad.payload == b'{"errorMessage": "no", "errorType": "Custom"}'
    assert (bad.status, bad.error_type, made.environment.usable) == (Status.ERROR, "Custom", True)
    assert made.log == [
        "INIT_START provided:al2023.v0", "begun", "INIT_REPORT init",
        "START r-1", "got raw ä", "END r-1", "START r-2", "got bad", "END r-2 error Custom",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("files", "executable", "sentence"),
    [
        ({"x": ""}, "", "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]"),
        ({"bootstrap": "#!/bin/sh\n"}, "", "fork/exec /var/task/bootstrap: permission denied"),
        ({"bootstrap": "echo\n"}, "bootstrap", "fork/exec /var/task/bootstrap: exec format error"),
        ({"bootstrap": "#!/nowhere\n"}, "bootstrap", "fork/exec /var/task/bootstrap: no such file or directory"),
    ],
)
async def test_a_bootstrap_that_cannot_be_started(
    started: Started, files: dict[str, str], executable: str, sentence: str
) -> None:
    made = await started(zipped(files, executable=executable), runtime="provided.al2023", handler="any")

    result = await made.call()

    assert json.loads(result.payload) == {
        "errorType": "Runtime.InvalidEntrypoint",
        "errorMessage": f"RequestId: r-1 Error: {sentence}",
    }
    assert made.log[1:] == [
        "INIT_REPORT init error Runtime.InvalidEntrypoint",
        "INIT_REPORT invoke error Runtime.InvalidEntrypoint",
        "START r-1",
        f"RequestId: r-1 Error: {sentence}\nRuntime.InvalidEntrypoint",
        "END r-1 error Runtime.InvalidEntrypoint",
    ]
    assert not made.environment.usable
