"""Scores a payment between 0 (fine) and 1 (fraud). Its model is read once, before an environment's first call."""

import math
import os
import time


def read_model(name):
    started = time.perf_counter()
    time.sleep(1.2)  # 160 MB from object storage
    weights = {"amount": 0.9, "newCustomer": 1.4, "countryMismatch": 2.1, "nightTime": 0.6, "attempts": 0.8}
    print(f"model {name}: {len(weights)} features, read in {time.perf_counter() - started:.1f} s")
    return weights, -3.2


NAME = os.environ["MODEL"]
WEIGHTS, BIAS = read_model(NAME)


def handler(event, context):
    features = event["features"]
    unknown = sorted(set(features) - set(WEIGHTS))
    if unknown:
        print(f"WARN features not in model {NAME}: {', '.join(unknown)}")
    total = BIAS + sum(weight * float(features.get(name, 0)) for name, weight in WEIGHTS.items())
    score = 1 / (1 + math.exp(-total))
    verdict = "review" if score >= float(os.environ["REVIEW_FROM"]) else "accept"
    print(f"payment={event['paymentId']} model={NAME} score={score:.3f} verdict={verdict}")
    return {"score": round(score, 3), "verdict": verdict}
