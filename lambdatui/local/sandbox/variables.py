"""The environment variables of a function's process: AWS's set, the function's own, and nothing of the user's."""

from __future__ import annotations

import os
from pathlib import Path

from lambdatui.local import identity
from lambdatui.local.execution import Program
from lambdatui.local.sandbox.runtimes import Folders, Runtime

_SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"


def of(program: Program, folders: Folders, runtime: Runtime, *, stream: str, kind: str, url: str) -> dict[str, str]:
    """All but those that each start has anew.

    As AWS's Developer Guide has them ("Defined runtime environment variables"): the function cannot set the reserved
    ones, and its values stand for the others. `kind` is the initialization type, `url` the endpoint's.
    """
    return {
        **_unreserved(folders, url),
        **runtime.variables(program, folders),
        **program.variables,
        **_reserved(program, folders, runtime.folder, stream, kind),
    }


def _unreserved(folders: Folders, url: str) -> dict[str, str]:
    libraries = [folders.task, folders.task / "lib", folders.layers / "lib"]
    inherited = os.environ.get("LD_LIBRARY_PATH")  # some interpreters find their own library only so
    return {
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "PATH": f"{_SYSTEM_PATH}:{folders.layers / 'bin'}",
        "LD_LIBRARY_PATH": ":".join([*([inherited] if inherited else []), *map(str, libraries)]),
        "PWD": str(folders.task),
        "HOME": str(folders.home),  # an SDK would look up the user's, and read ~/.aws there
        "TMPDIR": str(folders.temporary),
        "AWS_ENDPOINT_URL": url,
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",  # an SDK would look for `stream-127.0.0.1` and the like
        "AWS_EC2_METADATA_DISABLED": "true",
        # Nobody listens there; AWS's address would be a packet into the user's network.
        "AWS_XRAY_DAEMON_ADDRESS": f"{identity.HOST}:2000",
        "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
        "_AWS_XRAY_DAEMON_ADDRESS": identity.HOST,
        "_AWS_XRAY_DAEMON_PORT": "2000",
    }


def _reserved(program: Program, folders: Folders, runtime: Path, stream: str, kind: str) -> dict[str, str]:
    account = program.place.account
    reserved = {
        "AWS_REGION": program.place.region,
        "AWS_DEFAULT_REGION": program.place.region,
        # The endpoint takes an access key of 12 digits for an account.
        "AWS_ACCESS_KEY_ID": identity.ACCESS_KEY_ID if account == identity.ACCOUNT_ID else account,
        "AWS_SECRET_ACCESS_KEY": identity.SECRET_ACCESS_KEY,
        "AWS_SESSION_TOKEN": identity.SECRET_ACCESS_KEY,
        "AWS_LAMBDA_FUNCTION_NAME": program.name,
        "AWS_LAMBDA_FUNCTION_VERSION": program.version,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(program.memory),
        "AWS_LAMBDA_INITIALIZATION_TYPE": kind,
        "AWS_LAMBDA_LOG_GROUP_NAME": program.logging.group,
        "AWS_LAMBDA_LOG_STREAM_NAME": stream,
        "LAMBDA_TASK_ROOT": str(folders.task),
        "LAMBDA_RUNTIME_DIR": str(runtime),
        "_HANDLER": program.handler,
    }
    if not program.runtime.startswith("provided"):
        reserved["AWS_EXECUTION_ENV"] = f"AWS_Lambda_{program.runtime}"
    if program.logging.json:
        reserved["AWS_LAMBDA_LOG_FORMAT"] = "JSON"
        reserved["AWS_LAMBDA_LOG_LEVEL"] = program.logging.application_level
    return reserved
