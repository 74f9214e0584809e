# Export for the old accounting system: one line for each booking, fields of a fixed width.
import random
import time


def handler(event, context):
    day = event.get("day", time.strftime("%Y%m%d"))
    count = int(event.get("bookings", 5))
    print(f"EXPORT START DAY={day} COUNT={count}")
    total = 0
    for number in range(count):
        cents = random.randint(100, 99999)
        total += cents
        print(booking(day, number, cents))
    print(f"EXPORT END TOTAL={total:012}")
    return {"lines": count, "total": total}


def booking(day, number, cents):
    return f"{day:8}R{number:07}  {cents:012}"
