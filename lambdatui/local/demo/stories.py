"""What an invocation of each sample function looks like: how long it takes, how it ends, what it logs.

For the past that is made up (`past`); what the functions really do is in their code, and a test holds one to the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TypeAlias

from lambdatui.local.demo import payloads
from lambdatui.local.demo.acts import Act, Said, money, order_number, payment, sku, trace
from lambdatui.local.demo.catalogue import FUNCTIONS
from lambdatui.local.execution import Status
from lambdatui.local.sandbox.faults import OUT_OF_MEMORY, timed_out

Story: TypeAlias = Callable[[Random], Act]

_SAMPLES = {sample.name: sample for sample in FUNCTIONS}


def stock_level(chance: Random) -> Act:
    total = chance.choice((0, 4, 5, 12, 16, 41, 44, 80))
    said = Said(f"{sku(chance)} {total} in stock, table {_variable('stock-level', 'STOCK_TABLE')}")
    return Act(chance.uniform(0.0031, 0.0052), (said,))


def checkout_api(chance: Random) -> Act:
    basket, many = f"b-{chance.randrange(10**6):06}", chance.choice((1, 1, 2, 2, 3, 5))
    if chance.random() < 0.04:
        return Act(chance.uniform(0.0009, 0.0015), (Said(f"basket {basket} is empty", "WARNING"),))
    amount = chance.randrange(600, 90_000)
    table = _variable("checkout-api", "STOCK_TABLE")
    said = (
        Said(f"checkout started basket={basket} items={many}", "INFO"),
        Said(f"stock reserved in {table} for {many} items", "INFO"),
        Said(f"payment opened id={payment(chance)} amount={money(amount)}", "INFO"),
    )
    return Act(chance.uniform(0.012, 0.063), said, 16)


def fraud_score(chance: Random) -> Act:
    model = _variable("fraud-score", "MODEL")
    score = min(0.999, chance.betavariate(1.2, 5))
    verdict = "review" if score >= float(_variable("fraud-score", "REVIEW_FROM")) else "accept"
    scored = Said(f"payment={payment(chance)} model={model} score={score:.3f} verdict={verdict}")
    unknown = (Said(f"WARN features not in model {model}: deviceAge"),) if chance.random() < 0.05 else ()
    return Act(chance.uniform(0.0009, 0.0013), (*unknown, scored))


def orders_create(chance: Random) -> Act:
    number, total, said = _order_begun(chance)
    table = _variable("orders-create", "ORDERS_TABLE")
    written = Said(f"order {number} written to {table}, total {money(total)}", "INFO")
    return Act(chance.uniform(0.007, 0.034), (*said, written), 16)


def orders_create_next(chance: Random) -> Act:
    """Of the version that goes wrong."""
    if chance.random() >= payloads.COLLECTED:
        return orders_create(chance)
    said = _order_begun(chance)[2]
    traceback = trace(
        "orders-create.next",
        ("total = total_of(event, lines)", "handler"),
        ('return sum(line["cents"] for line in lines) + shipping(event)', "total_of"),
        ('return event["shipping"]["cents"]', "shipping"),
    )
    return _failed(chance.uniform(0.0008, 0.0016), said, "KeyError", "'shipping'", traceback)


def payment_webhook(chance: Random) -> Act:
    if chance.random() < payloads.UNSIGNED:
        message = f"signature {chance.randrange(16**8):08x}… does not fit the body ({chance.randrange(74, 78)} bytes)"
        traceback = trace(
            "payment-webhook",
            ('check_signature(body, event["headers"].get("x-signature", ""))', "handler"),
            ("raise InvalidSignature(f\"signature {signature[:8] or 'missing'}… does not fit the body "
             '({len(body)} bytes)")', "check_signature"),
        )  # fmt: skip
        return _failed(chance.uniform(0.0009, 0.0015), (), "InvalidSignature", message, traceback)
    amount = chance.randrange(490, 64_900)
    state = chance.choices(("captured", "authorised", "refunded", "chargeback"), (80, 12, 6, 2))[0]
    said = Said(f"payment {payment(chance)} is now {state} ({money(amount)})")
    more = (Said("WARNING chargeback, reason code unknown, informing finance"),) if state == "chargeback" else ()
    return Act(chance.uniform(0.0006, 0.0011), (said, *more), 19)


def email_receipt(chance: Random) -> Act:
    order, name = order_number(chance), chance.choice("aglbef")
    language, took = chance.choice(("en", "de", "fr")), chance.uniform(0.05, 0.25)
    rendering = _receipt("rendering receipt", order=order, language=language)
    to = f"{name}***@example.com"
    if chance.random() < 0.02:
        last = _receipt("address does not exist", "ERROR", order=order, to=to, smtpStatus=550)
        return Act(took + 0.001, (rendering, last))
    busy = (_receipt("mail server busy, message queued", "WARNING", order=order, retryInSeconds=30),)
    sender = _variable("email-receipt", "SENDER")
    sent = _receipt("receipt sent", order=order, to=to, sender=sender, durationMs=round(took * 1000, 1))
    return Act(took + 0.001, (rendering, *(busy if chance.random() < 0.08 else ()), sent))


def search_index(chance: Random) -> Act:
    index, many = _variable("search-index", "INDEX"), chance.randrange(1, 6)
    done = [
        Said(f"indexed {sku(chance)} into {index} (3 terms)", "INFO")
        if chance.random() >= 0.02
        else Said(f"product {sku(chance)} has no title, left out", "ERROR")
        for _ in range(many)
    ]
    last = Said(f"{many} of {many} messages done", "INFO")
    return Act(0.001 + sum(chance.uniform(0.002, 0.01) for _ in range(many)), (*done, last))


def inventory_sync(chance: Random) -> Act:
    whole = chance.random() < payloads.WHOLE_WAREHOUSES
    warehouse, articles = (
        chance.choice(("HAM-1", "RTM-2", "LEJ-1")),
        6000 if whole else chance.randrange(200, 1200, 100),
    )
    url = _variable("inventory-sync", "WAREHOUSE_URL")
    said = [Said(f"sync of {warehouse}: {articles} articles from {url}", "INFO")]
    limit = float(_SAMPLES["inventory-sync"].timeout)
    took = 0.001
    corrected = 0
    for first in range(0, articles, 100):
        took += chance.uniform(0.061, 0.101)
        if took >= limit:
            return Act(limit, tuple(said), status=Status.TIMEOUT, error_type=timed_out(limit).in_report)
        if chance.random() < 0.07:
            said.append(Said(f"SKU-{1000 + first + chance.randrange(3)} is sold out", "WARNING"))
        corrected += sum(chance.random() < 0.3 for _ in range(3))
        if first and first % 1000 == 0:
            left = int((limit - took) * 1000)
            said.append(Said(f"{first} of {articles} articles, {left} ms left", "INFO"))
    said.append(Said(f"sync of {warehouse} done: {articles} checked, {corrected} corrected", "INFO"))
    return Act(took, tuple(said))


def invoice_number(chance: Random) -> Act:
    order, number = order_number(chance), f"{datetime.now(UTC).year}-{chance.randrange(50_000, 99_000)}"
    given = Said(f"order {order} gets invoice number {number}")
    return Act(chance.uniform(0.1215, 0.123), (given, Said(f"number {number} written to the audit trail")), 17)


def price_import(chance: Random) -> Act:
    supplier = chance.choice(("Holm & Sons", "Lindqvist", "Vitra Trade"))
    begun = Said(f"price list of {supplier}: 30 rows, {chance.randrange(690, 712)} bytes", "INFO")
    if chance.random() >= payloads.WRONG_PRICES:
        over = chance.random() < 0.2
        said = [begun]
        if over:
            line, price = chance.randrange(2, 32), "1249.00, over the limit for automatic import"
            said.append(Said(f"line {line}: {sku(chance)} costs {price}", "WARNING"))
        said.append(Said(f"imported 30 prices of {supplier}, {30 - over} changed", "INFO"))
        return Act(chance.uniform(0.0008, 0.0018), tuple(said))
    text = chance.choice(("on request", "n/a", "1.249,00"))
    message = f"line {chance.randrange(2, 32)}: {text!r} is not a price"
    each = "changed = sum(imported(row, number) for number, row in enumerate(rows, 2))"
    traceback = trace(
        "price-import",
        (each, "handler"),
        (each, "<genexpr>"),
        ('price = parse_price(row["price"], number)', "imported"),
        ('raise PriceListError(f"line {number}: {text!r} is not a price") from problem', "parse_price"),
    )
    chained = (
        f"{trace('price-import', ('return Decimal(text)', 'parse_price'))}\n"
        "decimal.InvalidOperation: [<class 'decimal.ConversionSyntax'>]\n\n"
        "The above exception was the direct cause of the following exception:\n\n"
        f"{traceback}\napp.PriceListError: {message}"
    )
    refused = Said(f"price list of {supplier} refused\n{chained}", "ERROR")
    return _failed(chance.uniform(0.0025, 0.004), (begun, refused), "PriceListError", message, traceback)


def thumbnail_render(chance: Random) -> Act:
    if chance.random() < payloads.LARGE_PICTURES:
        return Act(chance.uniform(0.06, 0.09), (), 148, Status.ERROR, OUT_OF_MEMORY.in_report)
    size, key = chance.randrange(900_000, 4_000_000), f"incoming/{sku(chance).lower()}/{chance.randrange(1, 9)}.jpg"
    side = int((size * 12 / 36) ** 0.5)
    said = [Said(f"picture {key}: {4 * side}x{3 * side}, {size / 1e6:.1f} MB")]
    total = size * 4e-9 + 0.001
    for width, height in ((64, 48), (240, 180), (960, 720)):
        took = chance.uniform(0.1, 0.3)
        total += took
        quality = _variable("thumbnail-render", "QUALITY")
        said.append(Said(f"  rendered {width}x{height} webp quality {quality} in {took * 1000:.0f} ms"))
    return Act(total, tuple(said), 15 + size * 12 // 1_000_000)


def nightly_report(chance: Random) -> Act:
    pages, orders = chance.randrange(6, 11), 0
    day = (datetime.now(UTC) - timedelta(days=chance.randrange(1, 4))).date().isoformat()
    said, took = [Said(f"report for {day}: {pages} pages of orders")], 0.002
    for page in range(1, pages + 1):
        took += chance.uniform(0.401, 0.701)
        count = chance.randrange(180, 250)
        orders += count
        said.append(Said(f"page {page}/{pages}: {count} orders, {orders} so far, {int(900 - took)} s left"))
    target = f"s3://{_variable('nightly-report', 'REPORTS_BUCKET')}/{day}.parquet"
    said.append(Said(f"{orders} orders, revenue {orders * chance.uniform(61, 67):,.2f} EUR, written to {target}"))
    return Act(took, tuple(said))


def legacy_export(chance: Random) -> Act:
    count, total = chance.randrange(3, 9), 0
    day = datetime.now(UTC).strftime("%Y%m%d")
    said = [Said(f"EXPORT START DAY={day} COUNT={count}")]
    for number in range(count):
        cents = chance.randint(100, 99_999)
        total += cents
        said.append(Said(f"{day}R{number:07}  {cents:012}"))
    return Act(chance.uniform(0.0006, 0.001), (*said, Said(f"EXPORT END TOTAL={total:012}")))


def session_cleanup(chance: Random) -> Act:
    count = chance.randrange(40)
    counted = Said(f"Cleanup: sessions older than {_variable('session-cleanup', 'MAX_AGE_MINUTES')} minutes: {count}")
    done = f"deleted {count} of {count + chance.randrange(200, 900)}" if count else "nothing to do"
    return Act(chance.uniform(0.0005, 0.001), (counted, Said(f"Cleanup: {done}")))


def init(function: str, chance: Random) -> tuple[float, tuple[Said, ...]]:
    """A cold start: seconds, and what is logged meanwhile."""
    if function == "fraud-score":
        said = Said(f"model {_variable('fraud-score', 'MODEL')}: 5 features, read in 1.2 s")
        return 1.2 + chance.uniform(0.04, 0.08), (said,)
    return chance.uniform(0.04, 0.08), ()


STORIES: Mapping[str, Story] = {
    "stock-level": stock_level,
    "checkout-api": checkout_api,
    "fraud-score": fraud_score,
    "orders-create": orders_create,
    "payment-webhook": payment_webhook,
    "email-receipt": email_receipt,
    "search-index": search_index,
    "inventory-sync": inventory_sync,
    "invoice-number": invoice_number,
    "price-import": price_import,
    "thumbnail-render": thumbnail_render,
    "nightly-report": nightly_report,
    "legacy-export": legacy_export,
    "session-cleanup": session_cleanup,
}


def _failed(duration: float, said: tuple[Said, ...], kind: str, message: str, traceback: str) -> Act:
    """What the runtime logs of an exception comes last; awslambdaric indents it with no-break spaces."""
    raised = Said(f"[ERROR] {kind}: {message}\n" + traceback.replace("    ", "\xa0" * 4).replace("  ", "\xa0" * 2))
    return Act(duration, (*said, raised), status=Status.ERROR, error_type=kind)


def _order_begun(chance: Random) -> tuple[str, int, tuple[Said, ...]]:
    number = order_number(chance)
    said = [Said(f"creating order {number} for customer c-{chance.randrange(10_000, 99_999)}", "INFO")]
    total = 0
    for _ in range(chance.randrange(1, 5)):
        cents = chance.randrange(490, 24_900)
        total += cents
        said.append(Said(f"  {sku(chance):<24} {money(cents)}", "INFO"))
    return number, total, tuple(said)


def _receipt(text: str, level: str = "INFO", **fields: object) -> Said:
    return Said(text, level, fields, "receipts")


def _variable(function: str, name: str) -> str:
    return _SAMPLES[function].environment[name]
