"""Called by the payment provider when the state of a payment changes."""

import hashlib
import hmac
import json
import os

from shop_common import money


class InvalidSignature(Exception):
    """The provider did not sign this."""


def handler(event, context):
    body = event["body"]
    check_signature(body, event["headers"].get("x-signature", ""))
    change = json.loads(body)
    print(f"payment {change['paymentId']} is now {change['state']} ({money(change['amountCents'])})")
    if change["state"] == "chargeback":
        print(f"WARNING chargeback, reason code {change.get('reason', 'unknown')}, informing finance")
    return {"statusCode": 204}


def check_signature(body, signature):
    secret = os.environ["PAYMENT_WEBHOOK_SECRET"].encode()
    expected = hmac.new(secret, body.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, signature):
        raise InvalidSignature(f"signature {signature[:8] or 'missing'}… does not fit the body ({len(body)} bytes)")
