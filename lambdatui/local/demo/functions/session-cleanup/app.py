# Removes sessions nobody has used for a while. From the first days of the shop.
import os
import random


def handler(event, context):
    limit = int(os.environ.get("MAX_AGE_MINUTES", "90"))
    count = random.randrange(0, 40)
    print(f"Cleanup: sessions older than {limit} minutes: {count}")
    if count == 0:
        print("Cleanup: nothing to do")
    else:
        print(f"Cleanup: deleted {count} of {count + random.randrange(200, 900)}")
    return count
