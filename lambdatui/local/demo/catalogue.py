"""The functions and layers of a small shop, as they are configured. Their code is under functions/ and layers/."""

from __future__ import annotations

from datetime import timedelta

from lambdatui.local.demo.sample import Alias, Layer, Permit, Queue, Release, Sample


def _tags(team: str, tier: str) -> dict[str, str]:
    return {"team": team, "tier": tier, "stage": "production", "cost-center": {"web": "4100", "ops": "4200"}[team]}


LAYERS = (
    Layer("shop-common", "Money, HTTP responses", versions=4),
    Layer("image-tools", "Sizes and formats of product pictures"),
    Layer("pdf-fonts", "The fonts of printed invoices, which are no longer printed"),
)

PRODUCT_CHANGES = "shop-product-changes"

_CHECKOUT = {
    "STAGE": "production",
    "LOG_LEVEL": "INFO",
    "STOCK_TABLE": "shop-stock",
    "PAYMENT_URL": "https://payments.shop.example/v1",
}
"""The variables of checkout-api before its last release."""

QUEUES = (
    Queue("shop-dead-letters"),
    Queue("shop-failed-receipts"),
    Queue(PRODUCT_CHANGES, dead="shop-dead-letters"),
)
"""In the order in which they are made."""

FUNCTIONS = (
    Sample(
        "checkout-api",
        "POST /checkout: prices the basket, reserves stock, opens the payment",
        memory=512, timeout=10, architecture="arm64", tracing=True,
        environment={
            **_CHECKOUT,
            "PAYMENT_URL": "https://payments.shop.example/v2",
            "PAYMENT_API_KEY": "demo-7Qm2xW9rTz4LcV8nKp3Y",  # the secret of a demo: it opens nothing
        },
        tags=_tags("web", "critical"),
        layers=("shop-common:4",),
        permits=(
            Permit("shop-api", "apigateway.amazonaws.com", "execute-api:{}:k3j9x2m1qa/live/POST/checkout", "live"),
            Permit("shop-api-staging", "apigateway.amazonaws.com", "execute-api:{}:k3j9x2m1qa/staging/*/*", "staging"),
        ),
        versions=(
            Release("first release", timedelta(days=213), code="checkout-api.first", memory=256,
                    environment={"STAGE": "production", "LOG_LEVEL": "DEBUG", "VAT_PERCENT": "19"},
                    layers=("shop-common:1",)),
            Release("VAT by country", timedelta(days=97), code="checkout-api.first", memory=256,
                    environment={"STAGE": "production", "LOG_LEVEL": "INFO"}, layers=("shop-common:2",)),
            Release("reserve stock before payment", timedelta(days=11), environment=_CHECKOUT,
                    layers=("shop-common:3",)),
            Release("payments API v2", timedelta(hours=3)),
        ),
        aliases=(
            Alias("live", "3", "What the shop calls", also={"4": 0.1}),
            Alias("staging", "4", "Where a release is tried first", provisioned=1),
        ),
        age=timedelta(hours=3),
    ),
    Sample(
        "orders-create",
        "Turns a paid basket into an order",
        memory=256, timeout=15, architecture="arm64", tracing=True,
        environment={"STAGE": "production", "ORDERS_TABLE": "shop-orders", "EVENT_BUS": "shop"},
        tags=_tags("web", "critical"),
        layers=("shop-common:3",),
        versions=(  # and those of demo.deploys
            Release("first release", timedelta(days=180), memory=128, layers=("shop-common:1",)),
            Release("order numbers by day", timedelta(days=41)),
        ),
        aliases=(Alias("live", "2", "What checkout calls"),),
        age=timedelta(days=2),
    ),
    Sample(
        "stock-level",
        "How many pieces of a product are in stock; every product page asks",
        memory=256, timeout=3, architecture="arm64",
        environment={"STOCK_TABLE": "shop-stock"},
        tags=_tags("web", "critical"),
        age=timedelta(days=16),
    ),
    Sample(
        "payment-webhook",
        "Called by the payment provider when a payment changes",
        runtime="python3.12", memory=256, log_group="/shop/payments", url=True,
        environment={"PAYMENT_WEBHOOK_SECRET": "demo-whs-3f9A1kUe77", "FINANCE_TOPIC": "shop-finance"},
        tags=_tags("web", "critical"),
        layers=("shop-common:2",),
        age=timedelta(days=9),
    ),
    Sample(
        "inventory-sync",
        "Takes stock levels from the warehouse",
        runtime="python3.12", memory=512, timeout=3,
        environment={"WAREHOUSE_URL": "https://wms.shop.example/stock", "STOCK_TABLE": "shop-stock"},
        tags=_tags("ops", "standard"),
        age=timedelta(days=4),
    ),
    Sample(
        "thumbnail-render",
        "Renders the sizes of an uploaded product picture",
        runtime="python3.12", memory=128, timeout=30, storage=2048, retries=0, dead_letters="shop-dead-letters",
        environment={"TARGET_BUCKET": "shop-pictures", "QUALITY": "82"},
        tags=_tags("web", "standard"),
        layers=("image-tools:1",),
        permits=(Permit("uploads", "s3.amazonaws.com", "s3:::shop-uploads"),),
        age=timedelta(days=33),
    ),
    Sample(
        "price-import",
        "Imports the price lists of suppliers",
        runtime="python3.11", memory=1024, timeout=120,
        environment={"PRICES_TABLE": "shop-prices", "SUPPLIER_BUCKET": "shop-suppliers"},
        layers=("arn:aws:lambda:eu-west-1:017000801446:layer:AWSLambdaPowertoolsPythonV3-python311-x86_64:18",),
        tags=_tags("ops", "standard"),
        age=timedelta(hours=20),
    ),
    Sample(
        "email-receipt",
        "Sends the receipt of an order",
        memory=128, timeout=20, architecture="arm64", json_logs=True, retries=1, on_failure="shop-failed-receipts",
        environment={"SENDER": "receipts@shop.example", "SMTP_HOST": "mail.shop.example", "SMTP_PASSWORD": "demo-mail"},
        tags=_tags("web", "standard"),
        age=timedelta(days=12),
    ),
    Sample(
        "fraud-score",
        "Scores a payment between 0 (fine) and 1 (fraud); reads its model at the cold start",
        memory=2048, timeout=5, architecture="arm64",
        environment={"MODEL": "2026-10", "REVIEW_FROM": "0.55"},
        tags=_tags("web", "critical"),
        versions=(
            Release("model 2026-07", timedelta(days=124), memory=1024,
                    environment={"MODEL": "2026-07", "REVIEW_FROM": "0.6"}),
            Release("model 2026-10", timedelta(days=21)),
        ),
        aliases=(Alias("live", "2"),),
        age=timedelta(days=21),
    ),
    Sample(
        "invoice-number",
        "Hands out invoice numbers, one at a time",
        memory=128, timeout=5, reserved=1,
        tags=_tags("ops", "critical"),
        age=timedelta(days=40),
    ),
    Sample(
        "nightly-report",
        "Adds up a day's sales",
        runtime="python3.12", memory=3008, timeout=900, storage=10240,
        environment={"REPORTS_BUCKET": "shop-reports"},
        tags=_tags("ops", "batch"),
        age=timedelta(days=64),
    ),
    Sample(
        "search-index",
        "Puts changed products into the search index",
        memory=512, timeout=30, fed_by=PRODUCT_CHANGES, only='{"body": {"sku": [{"exists": true}]}}',
        environment={"INDEX": "products-2026-11", "SEARCH_URL": "https://search.shop.example"},
        tags=_tags("web", "standard"),
        age=timedelta(days=6),
    ),
    Sample(
        "session-cleanup",
        "Removes old sessions, every minute",
        runtime="python3.9", timeout=30, schedule="rate(1 minute)",
        environment={"MAX_AGE_MINUTES": "90"},
        tags=_tags("ops", "batch"),
        age=timedelta(days=702),
    ),
    Sample(
        "legacy-export",
        "Export for the old accounting system",
        runtime="python3.8", memory=256, timeout=300,
        environment={"FTP_HOST": "ftp.accounting.shop.example", "FTP_USER": "export"},
        tags={"team": "finance"},
        age=timedelta(days=1310),
    ),
    Sample(
        "gift-cards",
        "Sells and redeems gift cards, from December on",
        memory=256,
        environment={"CARDS_TABLE": "shop-gift-cards"},
        permits=(Permit("partners", "210987654321"),),
        tags=_tags("web", "standard"),
        age=timedelta(days=1),
    ),
    Sample(
        "sales-export",
        "Streams a day's orders as CSV, page by page",
        runtime="provided.al2023", memory=256, timeout=60, architecture="arm64",
        environment={"ORDERS_TABLE": "shop-orders"},
        tags=_tags("ops", "standard"),
        age=timedelta(days=5),
    ),
    Sample(
        "partner-feed",
        "The products that a partner shop may sell; each partner is a tenant",
        tenants=True,
        tags=_tags("web", "standard"),
        age=timedelta(days=8),
    ),
    Sample(
        "recommendations",
        "Products that fit a basket: a container image, which does not run here",
        runtime="", image="shop/recommendations:2026-11-02", memory=4096, timeout=30, architecture="arm64",
        environment={"MODEL": "item2vec-9"},
        tags=_tags("web", "standard"),
        age=timedelta(days=19, hours=7),
    ),
)  # fmt: skip
"""What each is like to watch: see their code, and demo.traffic. sales-export, partner-feed, gift-cards and
recommendations are never called."""
