"""The hooks through which MiniStack tells that a function was changed, deleted, published or given concurrency."""

from __future__ import annotations

import contextvars
import functools
import json
import threading
from collections.abc import Callable
from concurrent.futures import Future
from http import HTTPStatus
from typing import Any

from lambdatui.local.control_plane.contract import takes
from lambdatui.local.control_plane.functions import Functions
from lambdatui.local.invoke.targets import LATEST
from lambdatui.local.places import Place
from lambdatui.local.pool import Pool

_IN_PROGRESS = {
    "AvailableProvisionedConcurrentExecutions": 0,
    "AllocatedProvisionedConcurrentExecutions": 0,
    "Status": "IN_PROGRESS",
}


class Changes:
    """Keeps the pool's environments to what MiniStack's records say. To be made after control_plane.load()."""

    def __init__(self, pool: Pool, functions: Functions) -> None:
        from ministack.core import responses
        from ministack.services import lambda_svc

        self._pool = pool
        self._functions = functions
        self._module: Any = lambda_svc
        self._here: Callable[[], Place] = lambda: Place(responses.get_account_id(), responses.get_region())

    def install(self) -> None:
        """Put the hooks in, for good."""
        module = self._module
        module.invalidate_worker = self._forget
        module._snapstart_provision_version_async = self._published
        module._schedule_state_transition = self._settling(module._schedule_state_transition)
        for name in ("_delete_provisioned_concurrency", "_update_alias"):
            setattr(module, name, self._provisioning(getattr(module, name)))
        module._put_provisioned_concurrency = self._putting(module._put_provisioned_concurrency)
        module._get_provisioned_concurrency = self._listing(module._get_provisioned_concurrency)

    def _forget(
        self, func_name: str, qualifier: str | None = None, account: str | None = None, region: str | None = None
    ) -> None:
        """Instead of invalidate_worker, which is called for every change of code or configuration.

        With a qualifier it is about that version alone, whose environments the fingerprint tells.
        """
        here = self._here()
        place = Place(account or here.account, region or here.region)
        self._functions.forget(place, func_name)
        self._provision(place, func_name)
        if qualifier is None:
            self._pool.forget(place, func_name)

    def _provisioning(self, change: Callable[..., Any]) -> Callable[..., Any]:
        """The same, and the pool is told how much to keep ready afterwards."""

        @functools.wraps(change)
        def changing(func_name: str, *args: Any, **kwargs: Any) -> Any:
            answer = change(func_name, *args, **kwargs)
            self._provision(self._here(), func_name)
            return answer

        return changing

    def _putting(self, put: Callable[..., Any]) -> Callable[..., Any]:
        """The same, but in progress until the environments are there, as in AWS. MiniStack has it READY at once."""

        @functools.wraps(put)
        def putting(func_name: str, qualifier: str, data: dict[str, Any]) -> Any:
            answer = put(func_name, qualifier, data)
            ready = self._provision(self._here(), func_name)
            if answer[0] != HTTPStatus.ACCEPTED:
                return answer
            config = self._module._functions[func_name]["provisioned_concurrency"][qualifier or LATEST]
            afterwards = {name: config[name] for name in _IN_PROGRESS}
            config |= _IN_PROGRESS
            answer = (*answer[:2], json.dumps(config).encode())
            ready.add_done_callback(lambda _: config.update(afterwards))
            return answer

        return putting

    def _listing(self, get: Callable[..., Any]) -> Callable[..., Any]:
        """The same, and ListProvisionedConcurrencyConfigs: MiniStack takes it for a Get without a qualifier."""

        @functools.wraps(get)
        def listing(func_name: str, qualifier: str) -> Any:
            record = self._module._functions.get(func_name)
            if qualifier or record is None:
                return get(func_name, qualifier)
            arn = self._module._func_arn(func_name)
            configs = list(record["provisioned_concurrency"].items())
            found = [{"FunctionArn": f"{arn}:{name}"} | config for name, config in configs]
            body = json.dumps({"ProvisionedConcurrencyConfigs": found}).encode()
            return HTTPStatus.OK, {"Content-Type": "application/json"}, body

        return listing

    def _provision(self, place: Place, name: str) -> Future[None]:
        return self._pool.provision(place, name, self._functions.provisioned(place, name))

    def _settling(self, schedule: Callable[[str, float], None]) -> Callable[[str, float], None]:
        """The same, but a function that is updated stays Active, as in AWS: only LastUpdateStatus is InProgress."""

        @functools.wraps(schedule)
        def scheduling(func_name: str, delay: float) -> None:
            record = self._module._functions.get(func_name)
            if record and record["config"].get("StateReasonCode") == "Updating":
                record["config"] |= {"State": "Active", "StateReason": "", "StateReasonCode": ""}
            schedule(func_name, delay)

        return scheduling

    def _published(self, name: str, ver_record: dict[str, Any]) -> None:
        """Instead of _snapstart_provision_version_async: the version becomes Active. No snapshot is taken of it."""
        config = ver_record["config"]
        ready = {"State": "Active", "StateReason": "", "StateReasonCode": "", "LastUpdateStatus": "Successful"}
        timer = threading.Timer(
            self._module._LAMBDA_STATE_TRANSITION_DELAY, contextvars.copy_context().run, (config.update, ready)
        )
        timer.daemon = True
        timer.start()


def contract() -> dict[str, bool]:
    """Each private name of MiniStack that is used here, and whether it is as expected."""
    from ministack.services import lambda_svc

    signatures = {
        "invalidate_worker": ("func_name", "qualifier", "account", "region"),
        "_snapstart_provision_version_async": ("name", "ver_record"),
        "_schedule_state_transition": ("func_name", "delay"),
        "_put_provisioned_concurrency": ("func_name", "qualifier", "data"),
        "_delete_provisioned_concurrency": ("func_name", "qualifier"),
        "_get_provisioned_concurrency": ("func_name", "qualifier"),
        "_func_arn": ("name",),
        "_update_alias": ("func_name", "alias_name", "data"),
    }
    return {
        **{f"lambda_svc.{name}": takes(lambda_svc, name, *parameters) for name, parameters in signatures.items()},
        "lambda_svc._LAMBDA_STATE_TRANSITION_DELAY": hasattr(lambda_svc, "_LAMBDA_STATE_TRANSITION_DELAY"),
    }
