from __future__ import annotations

from typing import Any

import pytest
from botocore.eventstream import EventStreamBuffer
from hypothesis import given
from hypothesis import strategies as st

from lambdatui.local.event_stream import event, exception, message

NAMES = st.text(st.characters(codec="ascii"), min_size=1, max_size=20)


@given(st.lists(st.tuples(st.dictionaries(NAMES, st.text(max_size=50)), st.binary(max_size=200)), max_size=5))
def test_what_is_encoded_is_what_the_sdk_decodes(messages: list[tuple[dict[str, str], bytes]]) -> None:
    buffer: Any = EventStreamBuffer()
    buffer.add_data(b"".join(message(headers, payload) for headers, payload in messages))

    decoded = [(it.headers, it.payload) for it in buffer]

    assert decoded == messages


def test_events_and_exceptions_carry_the_headers_by_which_they_are_told_apart() -> None:
    buffer = EventStreamBuffer()
    buffer.add_data(event("sessionStart", b"{}") + exception("SessionTimeoutException", b"{}"))
    first, second = (decoded.to_response_dict() for decoded in buffer)

    assert (first["status_code"], first["headers"][":event-type"]) == (200, "sessionStart")
    assert (second["status_code"], second["headers"][":exception-type"]) == (400, "SessionTimeoutException")


@pytest.mark.parametrize("headers", [{"n" * 256: "v"}, {"n": "v" * 65_536}])
def test_a_header_that_does_not_fit_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="too long"):
        message(headers, b"")
