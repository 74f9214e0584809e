"""The program in a real terminal, in front of a server with faults: it says what is wrong, goes on, and ends well."""

from __future__ import annotations

import random

import pytest

from tests.aws.fault_server import FaultServer
from tests.faults.catalogue import KINDS, Fault, healthy
from tests.terminal.conftest import Start
from tests.terminal.serving import Served, serving

LIST = "lambda:ListFunctions"

ONE_OF_EACH = {
    "connections": KINDS["connections"][0],
    **{
        # Not tried again: the SDK's pauses between five attempts take seconds.
        name: next(fault for fault in KINDS[name] if not fault.harmless and 1 in fault.requests)
        for name in ("HTTP", "bodies", "errors of AWS")
    },
}


def have(served: Served, fault: Fault | None) -> None:
    """Have the list meet a fault, or none."""

    def change(server: FaultServer) -> None:
        reply = fault.make(LIST, random.Random(5)) if fault else healthy(LIST)
        server.at_accept = reply if fault and fault.at_accept else None
        server.plan(LIST, reply)

    served.do(change, drop=True)


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_a_fault_is_told_old_rows_stay_and_the_end_is_as_ever(name: str, start: Start) -> None:
    with serving() as served:
        have(served, None)
        terminal = start("--endpoint-url", served.server.url, "--region", "eu-west-1")
        terminal.wait_for("stock")
        have(served, ONE_OF_EACH[name])
        terminal.press("r")
        said = ("what is below is stale, from", LIST, "stock", "· stale, from")
        terminal.wait_for(lambda: all(text in " ".join(terminal.text.split()) for text in said), 40)
        have(served, None)
        terminal.press("r")
        terminal.wait_for(lambda: "what is below is" not in terminal.text and "stock" in terminal.text, 40)
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
        terminal.assert_restored()
        assert b"Traceback" not in terminal.written
