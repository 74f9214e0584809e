"""Test invocations as a person makes them: keys at 80×24, functions that really run, and what is on screen."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.local.conftest import Eventually
from tests.local.conftest import eventually as _eventually
from tests.running import BOOTSTRAP
from tests.running import connected as _connected
from tests.running import counted as _counted
from tests.running import make as _make
from tests.terminal.conftest import Start
from tests.terminal.visitor import CTRL_S, ESCAPE, F5, TELLER, Visitor, saved_response

pytestmark = pytest.mark.local

connected, counted, make = _connected, _counted, _make
eventually = _eventually


def test_each_press_of_the_key_is_one_run_and_what_is_returned_or_raised_is_read(
    start: Start, endpoint_url: str, make: Callable[..., str], counted: Callable[[str], dict[str, int]]
) -> None:
    name = make(code=TELLER)
    visitor = Visitor(start, endpoint_url, name)

    visitor.sends(mark="paper")
    visitor.sees("Succeeded", "status 200", '"mark": "paper"', "of 256 MB")
    visitor.goes_back_to_the_editor()
    visitor.sends("raise", mark="ink")
    visitor.sees("The function failed (ValueError)", "ValueError: out of ink", "app.py", "in handler")
    visitor.presses_f5()  # from the result, the same again
    visitor.sees("History 3", "The function failed (ValueError)")

    assert visitor.presses == 3
    assert counted(name) == {"invocations": 3, "errors": 2}


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
def test_what_ran_out_of_time_or_of_memory_says_so(
    start: Start, endpoint_url: str, make: Callable[..., str], counted: Callable[[str], dict[str, int]]
) -> None:
    name = make(code=TELLER, Timeout=2, MemorySize=128)
    visitor = Visitor(start, endpoint_url, name)

    visitor.sends("sleep")
    visitor.sees("The function failed (Sandbox.Timedout)", "Task timed out after 2.00 seconds")
    visitor.goes_back_to_the_editor()
    visitor.sends("hoard")
    visitor.sees("The function failed (Runtime.ExitError)", "signal: killed", "memory 128 of 128 MB", "OutOfMemory")

    visitor.sees("History 2")
    assert counted(name) == {"invocations": 2, "errors": 2}


def test_a_response_of_6_mb_is_saved_whole(
    start: Start, endpoint_url: str, home: Path, make: Callable[..., str], counted: Callable[[str], dict[str, int]]
) -> None:
    name = make(code=TELLER, MemorySize=512)
    visitor = Visitor(start, endpoint_url, name)

    visitor.sends("large", bytes=6_291_456)
    visitor.sees("Succeeded", "History 1", '"xxxxxxxx')
    visitor.terminal.press(CTRL_S)
    visitor.sees("Saved")

    file = saved_response(home)
    assert file.read_bytes() == b'"' + b"x" * 6_291_456 + b'"'
    assert file.stat().st_mode & 0o777 == 0o600
    assert counted(name)["invocations"] == visitor.presses == 1


def test_parts_of_a_stream_are_shown_before_the_function_goes_on_and_bytes_as_a_dump(
    start: Start, endpoint_url: str, home: Path, make: Callable[..., str], counted: Callable[[str], dict[str, int]]
) -> None:
    name = make("bootstrap", BOOTSTRAP, Runtime="provided.al2023")
    go_on = home / "go-on"
    visitor = Visitor(start, endpoint_url, name)
    visitor.changes_an_option(3, "Stream as it arrives")

    visitor.sends(until=str(go_on))
    visitor.sees("waiting", "Response, 5 B so far", "first")
    go_on.touch()  # the function waits for it: what was on screen came before its end
    visitor.sees("Succeeded", "6669 7273 7400 0102", "first...........")

    visitor.goes_back_to_the_editor()
    visitor.changes_an_option(0, "Stream no")  # the options' cursor stayed where it was
    visitor.presses_f5()
    visitor.sees("Succeeded", "History 2", "6669 7273 7400 0102")
    assert counted(name) == {"invocations": 2, "errors": 0}


def test_by_the_options_a_call_is_queued_or_only_tried(
    start: Start,
    endpoint_url: str,
    make: Callable[..., str],
    counted: Callable[[str], dict[str, int]],
    eventually: Eventually,
) -> None:
    name = make(code=TELLER)
    visitor = Visitor(start, endpoint_url, name)

    visitor.changes_an_option(1, "Type Event")
    visitor.sends(mark="later")
    visitor.sees("Accepted: it is in Lambda's queue", "status 202", "History 1")
    eventually(lambda: counted(name)["invocations"] == 1, within=20)

    visitor.goes_back_to_the_editor()
    visitor.changes_an_option(0, "Type DryRun")
    visitor.presses_f5()
    visitor.sees("Dry run: it may be invoked so, and was not", "status 204", "History 2")
    assert counted(name) == {"invocations": 1, "errors": 0}


def test_who_stops_waiting_is_told_that_the_function_may_still_run_and_it_does(
    start: Start,
    endpoint_url: str,
    home: Path,
    make: Callable[..., str],
    counted: Callable[[str], dict[str, int]],
    eventually: Eventually,
) -> None:
    name = make(code=TELLER)
    go_on = home / "go-on"
    visitor = Visitor(start, endpoint_url, name)

    visitor.sends("wait", until=str(go_on))
    visitor.sees("esc stops waiting")
    visitor.terminal.press(F5 * 3)
    visitor.sees("An invocation is under way")  # those were no presses that send
    visitor.terminal.press(ESCAPE)
    visitor.sees("stopped waiting", "the function may still run", "History 1")
    assert not (home / "go-on.seen").exists()
    go_on.touch()

    eventually((home / "go-on.seen").exists, within=20)
    eventually(lambda: counted(name)["invocations"] == visitor.presses, within=20)


def test_the_log_of_a_call_is_one_key_away(start: Start, endpoint_url: str, make: Callable[..., str]) -> None:
    name = make(code=TELLER)
    visitor = Visitor(start, endpoint_url, name)

    visitor.sends(mark="paper")
    visitor.sees("Succeeded", "History 1")
    visitor.terminal.press("w")
    visitor.sees("heard paper", "START RequestId:", "REPORT RequestId:")
