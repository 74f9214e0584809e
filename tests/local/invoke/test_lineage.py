"""The trace header that counts how often a function is invoked in one chain of calls."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from lambdatui.local.invoke.lineage import MOST, step

A, B = ("arn:aws:lambda:eu-west-1:123456789012:function:" + name for name in "ab")


def test_a_chain_begins_with_a_trace_of_its_own() -> None:
    first = step("", A)
    assert re.fullmatch(
        r"Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0;Lineage=1:[0-9a-f]{8}:0", first.trace
    )
    assert first.trace != step("", A).trace


def test_a_chain_keeps_its_root_and_its_sampling_and_no_parent() -> None:
    root = "Root=1-5759e988-bd862e3fe1be46a994272793"
    first = step(f"{root};Parent=53995c3f42cd8ad8;Sampled=1", A)
    second = step(first.trace, B)
    assert first.trace.startswith(root + ";")
    assert second.trace.startswith(root + ";")
    assert "Parent=53995c3f42cd8ad8" not in first.trace
    assert "Sampled=1" in second.trace


def test_a_function_that_calls_itself_is_stopped_after_sixteen_invocations() -> None:
    trace, ran = "", 0
    while not (invocation := step(trace, A)).loops:
        trace, ran = invocation.trace, ran + 1
    assert ran == MOST == 16


def test_two_functions_that_call_each_other_are_counted_each() -> None:
    trace = ""
    ran: list[str] = []
    while True:
        arn = (A, B)[len(ran) % 2]
        invocation = step(trace, arn)
        if invocation.loops:
            break
        trace = invocation.trace
        ran.append(arn)
    assert (ran.count(A), ran.count(B)) == (MOST, MOST)


def test_many_calls_of_one_caller_are_no_loop() -> None:
    caller = step("", A)
    assert not any(step(caller.trace, B).loops for _ in range(100))


@given(st.text(max_size=3000))
def test_any_header_makes_a_step_of_bounded_length(header: str) -> None:
    invocation = step(header, A)
    assert invocation.before >= 0
    assert len(invocation.trace) < 700


def test_a_long_chain_of_functions_keeps_to_a_header_of_bounded_length() -> None:
    trace = ""
    for number in range(200):
        trace = step(trace, f"{A}{number}").trace
    assert len(trace) < 1000
    assert step(trace, f"{A}199").before == 1
