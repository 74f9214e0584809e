"""Searches that would take years, ended."""

from __future__ import annotations

import re
import signal

from lambdatui.model.log_query import parse
from lambdatui.ui.terminal.bound import Bound
from tests.model.test_log_query import record


def test_a_search_that_takes_too_long_is_ended_and_any_other_is_not() -> None:
    before = signal.getsignal(signal.SIGVTALRM)
    bound = Bound()
    for _ in range(3):
        assert bound(lambda: re.search(r"(?:a|aa)+$", "a" * 200 + "b")) is None
        assert bound(lambda: "found") == "found"
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGVTALRM) is before


def test_a_query_leaves_out_messages_that_take_an_expression_too_long() -> None:
    query = parse("/a.*b.*c.*d.*e/", Bound())
    assert not query.matches(record("abcd" * 5000))
    assert query.given_up == 1
    assert query.matches(record("-" * 20_000 + "abcde"))
