"""An execution environment as a function sees it: what runs in it, what it is told, what it finds around it."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from lambdatui.local.environment import Environment
from lambdatui.local.execution import Logging, NotRunnable
from lambdatui.local.places import Place
from lambdatui.local.sandbox.packages import Workspace
from tests.local.environments import ARN, URL, Recording, Started, environments, living, program, until, zipped

pytestmark = pytest.mark.local


@pytest.fixture
async def started(tmp_path: Path) -> AsyncIterator[Started]:
    async with environments(tmp_path) as start:
        yield start


async def test_what_a_function_returns_is_passed_on_byte_by_byte(started: Started) -> None:
    made = await started(
        "class Raw(bytes): pass\ndef handler(event, context):\n    return b'\\x00\\xff ' + repr(event).encode()"
    )

    result = await made.call(b'{"n": 1.10, "n": 2}')

    assert (result.payload, result.failed, result.error_type) == (b"\x00\xff {'n': 2}", False, "")
    assert result.content_type == "application/unknown"


async def test_the_log_of_a_cold_and_a_warm_call(started: Started) -> None:
    code = """
import logging
print("importing")
def handler(event, context):
    print("first"); logging.warning("a record\\nof two lines"); print("last", end="")
"""
    made = await started(code)
    first = await made.call()
    second = await made.call()

    # A record holds the time of the runtime's clock, which is the only thing here that nobody knows beforehand.
    log = [text if "a record" not in text else "[WARNING]\t…\t" + text.split("\t", 2)[2] for text in made.log]
    assert log == [
        "INIT_START python:{}.{}.v{}".format(*sys.version_info),
        "importing",
        "INIT_REPORT init",
        "START r-1",
        "first",
        "[WARNING]\t…\tr-1\ta record\nof two lines",
        "last",
        "END r-1",
        "START r-2",
        "first",
        "[WARNING]\t…\tr-2\ta record\nof two lines",
        "last",
        "END r-2",
    ]
    assert made.recording.times == sorted(made.recording.times)
    assert first.init is not None
    assert first.init.duration > 0.01
    assert second.init is None


async def test_a_function_sees_the_variables_that_aws_sets_and_nothing_else(
    started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("PYTHONSTARTUP", "/somewhere")
    monkeypatch.setenv("MINISTACK_ACCOUNT_ID", "1")
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)
    code = "import os\nseen = dict(os.environ)\ndef handler(event, context):\n    return seen"
    variables = {"TABLE": "orders", "AWS_REGION": "xx", "_HANDLER": "evil", "LANG": "de_DE.UTF-8"}

    made = await started(code, variables=variables, memory=256, version="7")
    seen = json.loads((await made.call()).payload)

    task, home, runtime = seen["LAMBDA_TASK_ROOT"], seen["HOME"], seen["LAMBDA_RUNTIME_DIR"]
    layers = seen["PATH"].rpartition(":")[2].removesuffix("/bin")
    api = seen.pop("AWS_LAMBDA_RUNTIME_API")
    assert api.startswith("127.0.0.1:")
    seen.pop("LC_CTYPE", None)  # Python itself sets it where the system has no en_US.UTF-8, as in AWS
    assert seen == {
        "AWS_ACCESS_KEY_ID": "lambdatui",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": URL,
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
        "AWS_LAMBDA_FUNCTION_NAME": "f",
        "AWS_LAMBDA_FUNCTION_VERSION": "7",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/f",
        "AWS_LAMBDA_LOG_STREAM_NAME": made.recording.stream,
        "AWS_REGION": "eu-west-1",
        "AWS_SECRET_ACCESS_KEY": "lambdatui",
        "AWS_SESSION_TOKEN": "lambdatui",
        "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
        "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000",
        "HOME": home,
        "LAMBDA_RUNTIME_DIR": runtime,
        "LAMBDA_TASK_ROOT": task,
        "LANG": "de_DE.UTF-8",
        "LD_LIBRARY_PATH": f"{task}:{task}/lib:{layers}/lib",
        "PATH": f"/usr/local/bin:/usr/bin:/bin:{layers}/bin",
        "PWD": task,
        "PYTHONPATH": runtime,
        "TABLE": "orders",
        "TMPDIR": f"{home}/tmp",  # noqa: S108
        "TZ": ":UTC",
        "_AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1",
        "_AWS_XRAY_DAEMON_PORT": "2000",
        "_HANDLER": "app.handler",
    }


async def test_the_context_of_a_call(started: Started) -> None:
    code = """
import os
def handler(event, context):
    identity, client = context.identity, context.client_context
    return [context.aws_request_id, context.invoked_function_arn, context.function_name, context.function_version,
            context.memory_limit_in_mb, identity.cognito_identity_id, client.custom["a"], client.env,
            os.environ["_X_AMZN_TRACE_ID"], 2500 < context.get_remaining_time_in_millis() <= 3000]
"""
    made = await started(code, timeout=3)

    result = await made.call(
        arn=f"{ARN}:live",
        client_context='{"custom": {"a": "ä"}, "env": {"b": "c"}}',
        cognito_identity='{"cognitoIdentityId": "eu-west-1:1", "cognitoIdentityPoolId": "p"}',
        trace="Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0",
    )

    assert json.loads(result.payload) == [
        "r-1", f"{ARN}:live", "f", "$LATEST", "128", "eu-west-1:1", "ä", {"b": "c"},
        "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0", True,
    ]  # fmt: skip


async def test_an_account_other_than_ours_is_the_access_key_so_that_calls_land_in_it(started: Started) -> None:
    code = "import os\ndef handler(event, context):\n    return [os.environ[name] for name in event]"
    made = await started(code, place=Place("111122223333", "us-east-2"))

    result = await made.call(b'["AWS_ACCESS_KEY_ID", "AWS_REGION", "AWS_DEFAULT_REGION"]')

    assert json.loads(result.payload) == ["111122223333", "us-east-2", "us-east-2"]


async def test_python_functions_have_what_awss_runtime_has_and_none_of_our_libraries(started: Started) -> None:
    code = """
import importlib, sys
def handler(event, context):
    there = {}
    for name in event:
        try:
            there[name] = importlib.import_module(name) is not None
        except ImportError:
            there[name] = False
    exit, quit
    from importlib.metadata import version
    leaks = [path for path in sys.path if "site-packages" in path and "/python/lib/" not in path]
    return [there, version("boto3"), leaks]
"""
    made = await started(code)
    offered = {"boto3", "botocore", "dateutil", "urllib3", "six", "jmespath", "s3transfer"}
    names = [*offered, "aiobotocore", "textual", "pytest", "aiohttp", "lambdatui", "pip"]

    there, version, leaks = json.loads((await made.call(json.dumps(names).encode())).payload)

    assert {name for name in names if there[name]} == offered
    assert version
    assert leaks == []


async def test_the_search_path_is_the_functions_then_its_layers_then_the_runtimes(started: Started) -> None:
    code = """
import sys
seen = list(sys.path)
def handler(event, context):
    return [seen, sys.argv, __file__, sys.modules["awslambdaric"].__file__]
"""
    made = await started(code, layers=(zipped({"python/x.py": ""}),))

    seen, arguments, own, client = json.loads((await made.call()).payload)
    layers = seen[2].removesuffix("/python")

    assert own == f"{seen[0]}/app.py"
    assert seen[1] == f"{layers}/python/lib/python3.13/site-packages"
    assert client == f"{seen[3]}/awslambdaric/__init__.py"
    assert arguments == [f"{seen[3]}/bootstrap.py"]


async def test_what_a_pth_file_of_a_layer_names_is_found(started: Started) -> None:
    code = "import apart\ndef handler(event, context):\n    return apart.NAME\n"
    layer = zipped({"python/more.pth": "more\n", "python/more/apart.py": "NAME = 'by pth'\n"})

    made = await started(code, layers=(layer,))

    assert json.loads((await made.call()).payload) == "by pth"


async def test_a_later_layer_lies_over_an_earlier_one_and_the_code_comes_first(started: Started) -> None:
    below = zipped({"python/shared.py": "v = 1", "python/below.py": "v = 1", "python/app.py": ""})
    above = zipped({"python/shared.py": "v = 2", "python/lib/python3.13/site-packages/deep.py": "v = 2"})
    code = "import shared, below, deep\ndef handler(event, context):\n    return [shared.v, below.v, deep.v]"

    made = await started(code, layers=(below, above))

    assert json.loads((await made.call()).payload) == [2, 1, 2]


async def test_temporary_files_are_kept_while_warm_and_gone_with_the_environment(started: Started) -> None:
    code = """
import os, tempfile
def handler(event, context):
    folder = tempfile.gettempdir()
    seen = os.listdir(folder)
    open(os.path.join(folder, "kept"), "w").close()
    return [folder, seen, os.getcwd() == os.environ["LAMBDA_TASK_ROOT"], os.listdir(os.path.expanduser("~"))]
"""
    made, other = await started(code), await started(code)

    folder, seen, at_home, home = json.loads((await made.call()).payload)
    again = json.loads((await made.call()).payload)
    elsewhere = json.loads((await other.call()).payload)
    await made.environment.end()

    assert (seen, at_home, home) == ([], True, ["tmp"])
    assert again[:2] == [folder, ["kept"]]
    assert elsewhere[0] != folder
    assert elsewhere[1] == []
    assert not os.path.exists(folder)  # noqa: ASYNC240, PTH110


async def test_awss_names_stand_for_our_folders_in_the_log(started: Started) -> None:
    code = """
import json, os, sys, tempfile, shared
def handler(event, context):
    print(__file__, shared.__file__, sys.modules["awslambdaric"].__file__, json.__file__, tempfile.gettempdir())
    return __file__
"""
    made = await started(code, layers=(zipped({"python/shared.py": ""}),))
    result = await made.call()

    standard = "/var/lang/lib/python{}.{}/json/__init__.py".format(*sys.version_info)
    assert made.log[3:-1] == [
        f"/var/task/app.py /opt/python/shared.py /var/runtime/awslambdaric/__init__.py {standard} /tmp"
    ]
    assert json.loads(result.payload) != "/var/task/app.py"  # a response is never touched


async def test_json_logging(started: Started) -> None:
    code = """
import logging
log = logging.getLogger()
def handler(event, context):
    log.debug("unseen"); log.info("seen", extra={"order": 7}); print("plain")
"""
    made = await started(code, logging=Logging("/aws/lambda/f", json=True, application_level="INFO"))
    await made.call()

    record, plain = made.log[3:-1]
    assert plain == "plain"
    assert {key: value for key, value in json.loads(record).items() if key != "timestamp"} == {
        "level": "INFO", "message": "seen", "logger": "root", "requestId": "r-1", "order": 7,
    }  # fmt: skip


async def test_a_wrapper_script_starts_the_runtime(started: Started) -> None:
    wrapper = '#!/bin/sh\nexport WRAPPED=yes\nexec "$@"\n'
    code = {"app.py": "import os\ndef handler(event, context):\n    return os.environ['WRAPPED']", "wrap": wrapper}
    made = await started(zipped(code, executable="wrap"), variables={"AWS_LAMBDA_EXEC_WRAPPER": "/var/task/wrap"})

    assert (await made.call()).payload == b'"yes"'


async def test_environments_of_one_program_share_its_code_and_a_changed_one_has_its_own(started: Started) -> None:
    code = "import os\ndef handler(event, context):\n    return os.environ['LAMBDA_TASK_ROOT']"
    folders = [(await (await started(text)).call()).payload for text in (code, code, code + "\n")]

    assert folders[0] == folders[1]
    assert folders[2] != folders[0]


async def test_calls_in_one_environment_share_its_state_and_their_memory_is_told(started: Started) -> None:
    code = "seen = []\ndef handler(event, context):\n    seen.append(bytearray(event))\n    return len(seen)"
    made = await started(code, memory=256)

    first = await made.call(b"1")
    second = await made.call(b"60000000")

    assert (first.payload, second.payload) == (b"1", b"2")
    if sys.platform == "linux":
        assert 5 < first.memory < 57 < second.memory < 120


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            {"runtime": "java21"},
            "The runtime java21 cannot be run by the embedded endpoint, "
            "which runs Python 3, Node.js and custom runtimes (provided.al2023) from a zip.",
        ),
        (
            {"runtime": "", "image": "1.dkr.ecr.eu-west-1.amazonaws.com/shop:1"},
            "A container image cannot be run by the embedded endpoint, "
            "which runs Python 3, Node.js and custom runtimes (provided.al2023) from a zip.",
        ),
        (
            {"package": b"no zip"},
            "Could not unzip uploaded file. Please check your file, then try to upload again.",
        ),
    ],
)
async def test_what_cannot_be_run_says_why(started: Started, settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(NotRunnable) as refused:
        await started(settings.pop("package", ""), **settings)

    assert str(refused.value) == sentence


async def test_node_functions_say_that_node_is_missing(started: Started, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(NotRunnable, match="which is not installed where the embedded endpoint looks for it"):
        await started("", runtime="nodejs22.x")


async def test_a_machine_without_descriptors_says_so(started: Started) -> None:
    code = "def handler(event, context): ..."
    await started(code)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    highest = os.dup(0)
    os.close(highest)

    resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 1, hard))
    try:
        with pytest.raises(NotRunnable, match="No execution environment can be started here: Too many open files"):
            await started(code)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_an_ended_environment_leaves_no_process_and_no_file(started: Started, tmp_path: Path) -> None:
    code = """
import subprocess
def handler(event, context):
    return [subprocess.Popen(["sleep", "600"]).pid, subprocess.Popen(["sleep", "600"], start_new_session=True).pid]
"""
    made = await started(code)
    children = json.loads((await made.call()).payload)
    assert living(made.pid) == {made.pid, children[0]}

    await made.environment.end()
    await made.environment.end()

    assert not made.environment.usable
    assert living(made.pid) == set()
    assert living(children[1]) == set()
    assert list((tmp_path / "functions" / "homes").iterdir()) == []


async def test_a_cancelled_call_leaves_no_process(started: Started) -> None:
    code = "import time\ndef handler(event, context):\n    print('there')\n    time.sleep(60)"
    made = await started(code, timeout=60)
    call = asyncio.create_task(made.call())
    await until(lambda: "there" in made.log)

    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call

    assert not made.environment.usable
    await until(lambda: not living(made.pid))


async def test_ending_it_ends_the_call_under_way(started: Started) -> None:
    made = await started("import time\ndef handler(event, context):\n    time.sleep(60)", timeout=60)
    call = asyncio.create_task(made.call())
    await until(lambda: made.log[-1] == "START r-1")

    await made.environment.end()

    assert (await call).error_type == "Runtime.ExitError"
    assert living(made.pid) == set()


async def test_ending_it_while_it_starts_leaves_no_process(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, endpoint_url=URL)
    for waits in range(0, 40, 3):
        made = Environment(program("import time\ntime.sleep(60)"), workspace, Recording().made_for)
        starting = asyncio.create_task(made.start())
        for _ in range(waits):
            await asyncio.sleep(0.0005)
        await made.end()
        await starting
        assert not made.usable
        assert made.pid is None or living(made.pid) == set()


async def test_giving_up_while_it_starts_leaves_no_process(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, endpoint_url=URL)
    made = Environment(program("import time\ntime.sleep(60)"), workspace, Recording().made_for)
    starting = asyncio.create_task(made.start())
    await until(lambda: made.pid)

    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting

    assert made.pid is not None
    await until(lambda: not living(made.pid or 0))
    await made.end()


async def test_a_function_has_no_more_descriptors_than_in_aws_and_leaves_no_core(started: Started) -> None:
    code = """
import resource
def handler(event, context):
    return [resource.getrlimit(resource.RLIMIT_NOFILE)[1] <= 1024, resource.getrlimit(resource.RLIMIT_CORE)]
"""
    made = await started(code)

    if sys.platform == "linux":
        assert (await made.call()).payload == b"[true, [0, 0]]"


async def test_a_client_context_may_have_newlines(started: Started) -> None:
    made = await started("def handler(event, context):\n    return context.client_context.custom")

    result = await made.call(client_context='{\n\t"custom": {"a": "b"}\r\n}')

    assert result.payload == b'{"a": "b"}'


async def test_node_functions_run_where_node_is(started: Started) -> None:
    if shutil.which("node") is None:
        pytest.skip("there is no node")
    code = {"app.mjs": "export const handler = async (event) => { console.log('said'); return event.n + 1; };"}
    made = await started(zipped(code), runtime="nodejs22.x", memory=256)

    result = await made.call(b'{"n": 1}')

    assert result.payload == b"2"
    assert made.log[0].startswith("INIT_START nodejs:")
    assert made.log[3].endswith("\tr-1\tINFO\tsaid")


async def test_a_process_that_ends_between_calls_is_noticed(started: Started) -> None:
    code = "import os, threading\ndef handler(event, context):\n    threading.Timer(0.03, os._exit, [3]).start()"
    made = await started(code)
    await made.call()
    before = made.environment.usable

    await until(lambda: not made.environment.usable)

    assert before
    assert made.log[-1] == "END r-1"


async def test_lines_printed_between_calls_are_logged_when_they_come(started: Started) -> None:
    code = "import threading\ndef handler(event, context):\n    threading.Timer(0.03, print, ['late']).start()"
    made = await started(code)
    await made.call()
    await until(lambda: made.log[-1] == "late")

    await made.call()

    assert made.log[3:6] == ["END r-1", "late", "START r-2"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells that a process stands still")
async def test_a_function_stands_still_between_its_calls(started: Started) -> None:
    code = """
import subprocess, threading
done = 0
def work():
    global done
    while True:
        done += 1
child = subprocess.Popen(["sleep", "600"])
threading.Thread(target=work, daemon=True).start()
def handler(event, context):
    return child.pid
"""
    made = await started(code, timeout=10)

    def states() -> set[str]:
        stats = (Path(f"/proc/{pid}/stat").read_text() for pid in (made.pid, child))
        return {stat.rpartition(")")[2].split()[0] for stat in stats}

    for _ in range(3):
        child = json.loads((await made.call()).payload)
        assert "T" not in states()
        await until(lambda: states() == {"T"})

    assert made.environment.usable
    await made.environment.end()
    assert living(made.pid) == set()


async def test_a_function_that_prints_without_end_holds_up_neither_its_call_nor_the_loop(started: Started) -> None:
    code = """
import os, threading
def flood():
    while True:
        os.write(1, b"\\n" * 4096)
def handler(event, context):
    threading.Thread(target=flood, daemon=True).start()
    return event
"""
    made = await started(code, timeout=10)
    gaps: list[float] = []
    last = time.perf_counter()
    call = asyncio.create_task(made.call(b"1"))
    while not call.done() or len(gaps) < 200:
        await asyncio.sleep(0)
        gaps.append(time.perf_counter() - last)
        last = time.perf_counter()

    assert (await call).payload == b"1"
    again = await made.call(b"2")
    assert again.payload == b"2"
    assert sum(gaps) / len(gaps) < 0.05


async def test_two_functions_that_print_through_children_keep_their_lines_whole(started: Started) -> None:
    code = """
import logging, subprocess, sys
def handler(event, context):
    logging.getLogger().setLevel("INFO")
    for number in range(20):
        print("print", number)
        logging.info("record %s", number)
        subprocess.run(["echo", f"child {number}"])
        print("error", number, file=sys.stderr)
"""
    made = await started(code, timeout=20)
    await made.call()

    said = [text.split("\t")[-1] for text in made.log[3:-1]]
    assert said == [f"{who} {number}" for number in range(20) for who in ("print", "record", "child", "error")]


def test_the_module_costs_nothing_before_the_first_environment() -> None:
    code = "import sys, lambdatui.local.environment; print('aiohttp' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd())

    assert told.stdout == "False\n"
