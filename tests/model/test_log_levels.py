"""Levels, as runtimes and libraries write them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.model.log_levels import LOOKED_AT, NAMES, Level, level

ID = "8f0a2c5e-0000-4000-8000-1234567890ab"


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        # Lambda's platform lines
        (f"START RequestId: {ID} Version: 7", Level.PLATFORM),
        (f"REPORT RequestId: {ID}\tDuration: 2.21 ms\tBilled Duration: 3 ms", Level.PLATFORM),
        (f"REPORT RequestId: {ID}\tDuration: 2.21 ms\tStatus: timeout", Level.ERROR),
        ("INIT_REPORT Init Duration: 1 ms\tPhase: init\tStatus: error\tError Type: Runtime.ExitError", Level.ERROR),
        ('{"time":"t","type":"platform.report","record":{"status":"success"}}', Level.PLATFORM),
        ('{"time":"t","type":"platform.report","record":{"status":"timeout"}}', Level.ERROR),
        (f"2026-11-23T13:12:20.123Z {ID} Task timed out after 3.00 seconds", Level.ERROR),
        (f"RequestId: {ID} Error: Runtime exited with error: signal: killed", Level.ERROR),
        ("a START RequestId: in a sentence", Level.NONE),
        # Python's logging: in Lambda, basicConfig, with a usual format
        (f"[ERROR]\t2026-11-23T13:12:20.123Z\t{ID}\tno stock", Level.ERROR),
        (f"[WARNING]\t2026-11-23T13:12:20.123Z\t{ID}\tERROR in 3 s", Level.WARN),
        ("[ERROR] KeyError: 'sku'\nTraceback (most recent call last):", Level.ERROR),
        ("INFO:root:an ERROR, they say", Level.INFO),
        ("2026-11-23 13:12:20,123 - shop.orders - CRITICAL - gone", Level.FATAL),
        ("stock\nTraceback (most recent call last):", Level.ERROR),
        ("KeyError: 'sku'", Level.ERROR),
        # Node.js: console, uncaught
        (f"2026-11-23T13:12:20.123Z\t{ID}\tDEBUG\torder", Level.DEBUG),
        (f"2026-11-23T13:12:20.123Z\t{ID}\tINFO\t0 errors, no ERROR at all", Level.INFO),
        (f"2026-11-23T13:12:20.123Z\t{ID}\tERROR\tInvoke Error\t{{}}", Level.ERROR),
        ("TypeError: x is not a function\n    at handler", Level.ERROR),
        # JSON: Lambda's, Powertools, pino, others; the line's own level counts
        ('{"timestamp":"t","level":"ERROR","message":"no stock"}', Level.ERROR),
        ('{"level": "warning", "location": "pay:7"}', Level.WARN),
        ('{"level":"INFO","message":"the ERROR page was shown"}', Level.INFO),
        ('{"level":50,"time":1,"msg":"no stock"}', Level.ERROR),
        ('{"severity":"NOTICE"}', Level.INFO),
        ('{"order":{"level":"error"},"level":"debug"}', Level.DEBUG),
        ('{"order":{"level":"error"},"level":"debug"', Level.ERROR),
        ('{"message":"{\\"level\\":\\"error\\"}","level":"info"}', Level.INFO),
        ('{"level":"gold","status":"error"}', Level.NONE),
        ('{"errorType":"KeyError","errorMessage":"sku"}', Level.ERROR),
        ('order placed {"level":"trace"}', Level.TRACE),
        # words, in other languages' layouts
        ("error: cannot open", Level.ERROR),
        ("Error: cannot open", Level.ERROR),
        ("fail: Shop.Orders[0]", Level.ERROR),
        ("[warn] slow", Level.WARN),
        ("2026-11-23T13:12:20Z  INFO shop: placed", Level.INFO),
        ('level=fatal msg="gone"', Level.FATAL),
        ("E, [2026-11-23T13:12:20 #7] ERROR -- : no stock", Level.ERROR),
        ("java.lang.NullPointerException: sku\n\tat shop.Orders", Level.ERROR),
        ('Exception in thread "main" java.lang', Level.ERROR),
        ("panic: index out of range", Level.FATAL),
        # and what only looks like one
        ("", Level.NONE),
        ("order 7 placed", Level.NONE),
        ("a page about errors: none", Level.NONE),
        ("GET /INFO 200", Level.NONE),
        ("I/O error", Level.NONE),
        ("TRACE-ID 7", Level.NONE),
        ("MY_ERROR 7", Level.NONE),
        ("information desk", Level.NONE),
    ],
)
def test_the_level_of_a_line(message: str, expected: Level) -> None:
    assert level(message) is expected


PIECES = st.sampled_from(
    [*'{}[]":,\\=. \t\n7', *NAMES, "ERROR", "WARN", '"level":', '"level":"error"', "START RequestId: ", "Error: ", "日"]
)


@settings(max_examples=1000, deadline=None)
@given(st.lists(PIECES, max_size=20).map("".join))
def test_every_text_has_a_level(text: str) -> None:
    assert level(text) in Level


@given(st.sampled_from([*NAMES]), st.sampled_from(["{}: x", "[{}] x", '{{"level":"{}"}}', "level={} x"]))
def test_a_level_is_known_by_each_of_its_names(name: str, form: str) -> None:
    expected = NAMES[name]
    if expected >= Level.TRACE:
        assert level(form.format(name)) is expected
        assert level(form.format(name.upper())) is expected


def test_what_is_far_inside_of_a_long_message_is_not_looked_for() -> None:
    told = "\nTraceback (most recent call last):"
    assert level("x" * (LOOKED_AT - 100) + told) is Level.ERROR
    assert level("x" * LOOKED_AT + told) is Level.NONE
