"""Scores a payment between 0 (fine) and 1 (fraud)."""

import math
import os

WEIGHTS = {"amount": 0.9, "newCustomer": 1.4, "countryMismatch": 2.1, "nightTime": 0.6, "attempts": 0.8}
BIAS = -3.2


def handler(event, context):
    features = event["features"]
    unknown = sorted(set(features) - set(WEIGHTS))
    if unknown:
        print(f"WARN features not in model {os.environ['MODEL']}: {', '.join(unknown)}")
    total = BIAS + sum(WEIGHTS[name] * float(features.get(name, 0)) for name in WEIGHTS)
    score = 1 / (1 + math.exp(-total))
    verdict = "review" if score >= float(os.environ["REVIEW_FROM"]) else "accept"
    print(f"payment={event['paymentId']} model={os.environ['MODEL']} score={score:.3f} verdict={verdict}")
    return {"score": round(score, 3), "verdict": verdict}
