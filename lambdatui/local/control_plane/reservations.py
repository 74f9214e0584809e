"""The hook by which MiniStack reserves no more concurrency than there is: it keeps whatever it is told."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from lambdatui.local.concurrency import ACCOUNT_LIMIT, UNRESERVED_FLOOR
from lambdatui.local.control_plane.contract import takes
from lambdatui.local.control_plane.functions import Functions
from lambdatui.local.invoke.service_errors import ServiceError, invalid_parameter
from lambdatui.local.places import Place

_Response: TypeAlias = tuple[int, dict[str, str], bytes]
_Put: TypeAlias = Callable[[str, Mapping[str, Any]], _Response]


def install(functions: Functions) -> None:
    """Put the hook in, for good. After control_plane.load()."""
    from ministack.core import responses
    from ministack.services import lambda_svc

    put: _Put = lambda_svc._put_function_concurrency

    @functools.wraps(put)
    def putting(func_name: str, data: Mapping[str, Any]) -> _Response:
        place = Place(responses.get_account_id(), responses.get_region())
        try:
            _check(func_name, data.get("ReservedConcurrentExecutions"), functions.reservations(place))
        except ServiceError as error:
            answer = error.answer()
            headers = {name.decode(): value.decode() for name, value in answer.headers}
            return answer.status, headers, json.dumps(error.body).encode()
        return put(func_name, data)

    lambda_svc._put_function_concurrency = putting


def _check(name: str, wanted: object, reserved: Mapping[str, int]) -> None:
    """Raises ServiceError for what PutFunctionConcurrency does not take."""
    if not isinstance(wanted, int) or wanted < 0:
        raise invalid_parameter("ReservedConcurrentExecutions must be a number from 0 up.")
    others = sum(count for function, count in reserved.items() if function != name)
    if wanted and ACCOUNT_LIMIT - others - wanted < UNRESERVED_FLOOR:
        raise invalid_parameter(
            "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution "
            f"below its minimum value of [{UNRESERVED_FLOOR}]."
        )


def contract() -> dict[str, bool]:
    """Each private name of MiniStack that is used here, and whether it is as expected."""
    from ministack.services import lambda_svc

    name = "_put_function_concurrency"
    return {f"lambda_svc.{name}": takes(lambda_svc, name, "func_name", "data")}
