"""Each function of the demo has its character. What the traffic leaves to chance is forced here by what is sent."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

pytestmark = pytest.mark.local


@pytest.fixture
def functions(demo_url: str, connect: Callable[..., Any]) -> Any:
    return connect(demo_url, "lambda")


def tail(answer: Any) -> str:
    return b64decode(answer["LogResult"]).decode()


def invoke(functions: Any, name: str, payload: Any, **more: Any) -> Any:
    return functions.invoke(FunctionName=name, Payload=json.dumps(payload), LogType="Tail", **more)


def test_a_basket_is_priced(functions: Any, payload: Any) -> None:
    basket = {"basketId": "b-1", "items": [{"sku": "SKU-1", "quantity": 2, "unitPriceCents": 1000}]}

    answer = invoke(functions, "checkout-api", basket, Qualifier="live")

    assert json.loads(payload(answer)["body"])["totalCents"] == 2380
    assert answer["ExecutedVersion"] in {"3", "4"}
    assert "[INFO]\t" in tail(answer)


def test_stock_is_told_fast(functions: Any, payload: Any) -> None:
    answer = invoke(functions, "stock-level", {"sku": "SKU-1001"})

    assert payload(answer)["stock"].keys() == {"HAM-1", "RTM-2", "LEJ-1"}
    assert payload(invoke(functions, "stock-level", {"sku": "SKU-1001"}))["sku"] == "SKU-1001"


def test_a_price_list_that_is_wrong_fails_with_a_chained_trace_in_the_log(functions: Any, payload: Any) -> None:
    broken = {"supplier": "Holm & Sons", "csv": "sku;price;old\nSKU-1;on request;9.00"}

    answer = invoke(functions, "price-import", broken)

    assert answer["FunctionError"] == "Unhandled"
    error = payload(answer)
    assert (error["errorType"], error["errorMessage"]) == ("PriceListError", "line 2: 'on request' is not a price")
    assert len(error["stackTrace"]) == 4
    assert "in parse_price" in error["stackTrace"][-1]
    log = tail(answer)
    assert "The above exception was the direct cause of the following exception:" in log
    assert "decimal.InvalidOperation" in log


def test_a_picture_that_is_too_large_is_killed_for_its_memory_and_a_small_one_is_not(functions: Any) -> None:
    large = invoke(functions, "thumbnail-render", picture("large.jpg", 14_000_000))
    small = invoke(functions, "thumbnail-render", picture("small.jpg", 1_000_000))

    assert large["FunctionError"] == "Unhandled"
    assert "signal: killed" in tail(large)
    assert "Memory Size: 128 MB\tMax Memory Used: 128 MB" in tail(large)
    assert "FunctionError" not in small
    used = int(re.findall(r"Max Memory Used: (\d+) MB", tail(small))[0])
    assert 20 < used < 128


def picture(key: str, size: int) -> Any:
    return {"Records": [{"s3": {"bucket": {"name": "shop-uploads"}, "object": {"key": key, "size": size}}}]}


def test_a_whole_warehouse_takes_longer_than_the_function_may(functions: Any, payload: Any) -> None:
    answer = invoke(functions, "inventory-sync", {"warehouse": "HAM-1", "articles": 6000})

    assert answer["FunctionError"] == "Unhandled"
    assert payload(answer)["errorMessage"].endswith("Task timed out after 3.00 seconds")
    assert "\tStatus: timeout" in tail(answer)


def test_a_model_is_read_in_a_heavy_init(functions: Any) -> None:
    features = {"paymentId": "p", "features": {"amount": 1.0}}
    # A version that nobody calls: its first call is a cold start.
    cold = invoke(functions, "fraud-score", features, Qualifier="1")
    warm = invoke(functions, "fraud-score", features, Qualifier="1")

    assert float(re.findall(r"Init Duration: ([\d.]+) ms", tail(cold))[0]) > 1000
    assert "Init Duration" not in tail(warm)


def test_two_invoice_numbers_at_once_are_one_too_many(functions: Any, connect: Any, demo_url: str) -> None:
    clients = [connect(demo_url, "lambda") for _ in range(8)]

    def number(client: Any) -> str:
        try:
            answer = client.invoke(FunctionName="invoice-number", Payload=json.dumps({"orderNumber": "o"}))
        except client.exceptions.TooManyRequestsException as throttled:
            return str(throttled.response["Reason"])
        return "FunctionError" if "FunctionError" in answer else "ran"

    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(number, clients))

    assert "ReservedFunctionConcurrentInvocationLimitExceeded" in results
    assert set(results) <= {"ran", "ReservedFunctionConcurrentInvocationLimitExceeded"}


def test_receipts_are_logged_in_json_with_levels(functions: Any, connect: Any, demo_url: str) -> None:
    order = f"o-{uuid4().hex}"
    answer = invoke(functions, "email-receipt", {"orderNumber": order, "email": "ada@example.com", "bounces": True})

    records = list(objects(tail(answer)))
    assert [record["type"] for record in records if "type" in record] == ["platform.start", "platform.report"]
    assert [(record["level"], record["message"]) for record in records if "level" in record] == [
        ("INFO", "rendering receipt"),
        ("ERROR", "address does not exist"),
    ]
    logs = connect(demo_url, "logs")
    found = logs.filter_log_events(
        logGroupName="/aws/lambda/email-receipt", filterPattern=f'{{ $.level = "ERROR" && $.order = "{order}" }}'
    )
    assert [json.loads(event["message"])["to"] for event in found["events"]] == ["a***@example.com"]


def objects(text: str) -> Iterator[Any]:
    """The JSON objects that a text consists of, with or without white space between them."""
    at = 0
    while at < len(text.rstrip()):
        value, at = json.JSONDecoder().raw_decode(text, at + len(text[at:]) - len(text[at:].lstrip()))
        yield value


def test_payments_are_logged_in_a_group_of_their_own(functions: Any, connect: Any, demo_url: str) -> None:
    body = uuid4().hex

    answer = invoke(functions, "payment-webhook", {"headers": {"x-signature": body}, "body": body})

    assert answer["FunctionError"] == "Unhandled"
    events = connect(demo_url, "logs").filter_log_events(logGroupName="/shop/payments", filterPattern=f'"{body[:8]}…"')[
        "events"
    ]
    assert len(events) == 1
    assert events[0]["message"].startswith("[ERROR] InvalidSignature: ")


def test_what_is_put_into_the_queue_is_indexed(connect: Any, demo_url: str, eventually: Any) -> None:
    queues, logs = connect(demo_url, "sqs"), connect(demo_url, "logs")
    url = _queue(queues, "shop-product", eventually)
    sku = f"SKU-{uuid4().hex}"

    queues.send_message(QueueUrl=url, MessageBody=json.dumps({"sku": sku, "title": "round oak table"}))

    found = eventually(lambda: _events(logs, "/aws/lambda/search-index", sku), within=60)
    assert found[0].rstrip().endswith(f"indexed {sku} into products-2026-11 (3 terms)")


def _events(logs: Any, group: str, word: str) -> list[str]:
    found = logs.filter_log_events(logGroupName=group, filterPattern=f'"{word}"')
    return [event["message"] for event in found["events"]]


def test_the_event_of_a_picture_that_was_killed_becomes_a_dead_letter(
    functions: Any, connect: Any, demo_url: str, eventually: Any
) -> None:
    queues = connect(demo_url, "sqs")
    url = _queue(queues, "shop-dead-letters", eventually)
    event = picture(f"{uuid4().hex}.jpg", 14_000_000)

    functions.invoke(FunctionName="thumbnail-render", InvocationType="Event", Payload=json.dumps(event))

    assert _received(queues, url, eventually, lambda body: body == event)


def test_a_receipt_that_fails_twice_is_told_to_its_destination(
    functions: Any, connect: Any, demo_url: str, eventually: Any
) -> None:
    queues = connect(demo_url, "sqs")
    url = _queue(queues, "shop-failed-receipts", eventually)
    order = f"o-{uuid4().hex}"

    functions.invoke(FunctionName="email-receipt", InvocationType="Event", Payload=json.dumps({"orderNumber": order}))

    told = _received(queues, url, eventually, lambda body: body["requestPayload"]["orderNumber"] == order)
    assert told["requestContext"]["condition"] == "RetriesExhausted"
    assert told["requestContext"]["approximateInvokeCount"] == 2


def _queue(queues: Any, name: str, eventually: Any) -> str:
    """The URL of a queue of the demo's. They are made after the functions: what is sent to one before is lost."""
    url: str = eventually(lambda: queues.list_queues(QueueNamePrefix=name).get("QueueUrls"))[0]
    return url


def _received(queues: Any, url: str, eventually: Any, wanted: Callable[[Any], bool]) -> Any:
    def message() -> Any:
        got = queues.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=1).get("Messages", [])
        return next((body for body in (json.loads(it["Body"]) for it in got) if wanted(body)), None)

    return eventually(message, within=60)


def test_a_deprecated_runtime_still_runs(functions: Any, payload: Any) -> None:
    answer = invoke(functions, "legacy-export", {"day": "20261123", "bookings": 2})

    assert payload(answer)["lines"] == 2
    assert "20261123R0000001" in tail(answer)


def test_a_container_image_says_why_it_does_not_run(functions: Any) -> None:
    with pytest.raises(functions.exceptions.ClientError, match="container image"):
        functions.invoke(FunctionName="recommendations", Payload=b"{}")


def test_sessions_are_cleaned_up_every_minute(connect: Any, demo_url: str, eventually: Any) -> None:
    logs = connect(demo_url, "logs")

    def found(pattern: str, since: int) -> Any:
        group = "/aws/lambda/session-cleanup"
        return logs.filter_log_events(logGroupName=group, startTime=since, filterPattern=pattern)["events"]

    begun = eventually(lambda: found('"Demo history"', 0), within=60)[0]["ingestionTime"]
    # The rule fires a minute after it was made, and MiniStack looks every ten seconds.
    assert eventually(lambda: found("REPORT", begun), within=90)
