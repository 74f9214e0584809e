"""Adds up a day's sales. Slow: it goes through every order of the day."""

import os
import random
import time


def handler(event, context):
    day, pages = event["day"], event.get("pages", 12)
    print(f"report for {day}: {pages} pages of orders")
    orders = revenue = 0
    for page in range(1, pages + 1):
        time.sleep(random.uniform(0.4, 0.7))  # a page of orders from the database
        count = random.randrange(180, 250)
        orders += count
        revenue += sum(random.randrange(900, 12_000) for _ in range(count))
        left = context.get_remaining_time_in_millis() // 1000
        print(f"page {page}/{pages}: {count} orders, {orders} so far, {left} s left")
    target = f"s3://{os.environ['REPORTS_BUCKET']}/{day}.parquet"
    print(f"{orders} orders, revenue {revenue / 100:,.2f} EUR, written to {target}")
    return {"day": day, "orders": orders, "revenueCents": revenue, "report": target}
