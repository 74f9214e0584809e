# Removes sessions nobody has used for a while. From the first days of the shop.
import os
import random


def handler(event, context):
    limit = int(os.environ.get("MAX_AGE_MINUTES", "90"))
    count = random.randrange(0, 40)
    print("Cleanup: sessions older than %d minutes: %d" % (limit, count))
    if count == 0:
        print("Cleanup: nothing to do")
    else:
        print("Cleanup: deleted %d of %d" % (count, count + random.randrange(200, 900)))
    return count
