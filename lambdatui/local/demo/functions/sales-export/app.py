"""Exports a day's orders as CSV, and sends each page as soon as the database has it.

A custom runtime: Python's own one cannot stream. The event: {"day": "2026-11-24", "orders": 400, "format": "csv"};
all of it may be left out, and the format may be "gzip". With {"breaksAt": 250} the database goes away there.
"""

import base64
import http.client
import json
import os
import random
import time
import zlib
from datetime import date, timedelta

PAGES = 10
TYPES = {"csv": "text/csv; charset=utf-8", "gzip": "application/gzip"}
MODE = "Lambda-Runtime-Function-Response-Mode"
ERROR_TYPE = "Lambda-Runtime-Function-Error-Type"
ERROR_BODY = "Lambda-Runtime-Function-Error-Body"


def rows(day, orders, breaks_at):
    """The lines of the export, a page at a time."""
    yield "order;customer;items;total EUR\n"
    size, number = -(-orders // PAGES), 0
    while number < orders:
        time.sleep(0.3)  # a page of orders from the database
        page = []
        for _ in range(min(size, orders - number)):
            number += 1
            if number == breaks_at:
                raise ConnectionError(f"database closed the connection at order {number}")
            cents = random.randrange(490, 64_900)
            page.append(
                f"{day:%y%m%d}-{number:05};c-{random.randrange(10_000, 99_999)};{number % 5 + 1};{cents / 100}\n"
            )
        print(f"page of {len(page)} orders, {number} of {orders}", flush=True)
        yield "".join(page)


def encoded(texts, wanted):
    """The same as bytes, compressed if that is wanted."""
    packer = zlib.compressobj(wbits=31) if wanted == "gzip" else None
    for text in texts:
        part = text.encode()
        yield packer.compress(part) + packer.flush(zlib.Z_SYNC_FLUSH) if packer else part
    if packer:
        yield packer.flush()


def handler(event):
    """The content type and the parts of the response."""
    day = date.fromisoformat(event["day"]) if "day" in event else date.today() - timedelta(days=1)
    wanted = event.get("format", "csv")
    if wanted not in TYPES:
        raise ValueError(f"format is one of {', '.join(TYPES)}")
    print(f"export of {day} as {wanted}", flush=True)
    return TYPES[wanted], encoded(rows(day, event.get("orders", 400), event.get("breaksAt")), wanted)


def told(error):
    return json.dumps({"errorType": type(error).__name__, "errorMessage": str(error), "stackTrace": []}).encode()


def stream(api, path, kind, parts):
    """Post the parts as they come; an error in the middle goes into the trailers."""
    api.putrequest("POST", path + "/response")
    for name, value in {
        MODE: "streaming",
        "Transfer-Encoding": "chunked",
        "Content-Type": kind,
        "Trailer": f"{ERROR_TYPE}, {ERROR_BODY}",
    }.items():
        api.putheader(name, value)
    api.endheaders()
    trailers = ""
    try:
        for part in parts:
            if part:
                api.send(b"%x\r\n%b\r\n" % (len(part), part))
    except ConnectionError as error:
        print(f"ERROR {error}", flush=True)
        body = base64.b64encode(told(error)).decode()
        trailers = f"{ERROR_TYPE}: {type(error).__name__}\r\n{ERROR_BODY}: {body}\r\n"
    api.send(f"0\r\n{trailers}\r\n".encode())
    api.getresponse().read()


def serve():
    api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    while True:
        api.request("GET", "/2018-06-01/runtime/invocation/next")
        call = api.getresponse()
        path = f"/2018-06-01/runtime/invocation/{call.headers['Lambda-Runtime-Aws-Request-Id']}"
        event = call.read()
        try:
            kind, parts = handler(json.loads(event))
        except (ValueError, TypeError, AttributeError) as error:  # whatever the event can be wrong in
            api.request("POST", path + "/error", told(error), {ERROR_TYPE: type(error).__name__})
            api.getresponse().read()
        else:
            stream(api, path, kind, parts)


if __name__ == "__main__":
    serve()
