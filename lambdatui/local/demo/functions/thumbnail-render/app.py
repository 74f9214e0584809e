"""Renders the sizes of a product picture when one is uploaded.

The whole picture is unpacked in memory: those of a good camera do not fit into 128 MB, and the function is killed.
"""

import os
import random
import time

from image_tools import SIZES, fitted

BYTES_PER_BYTE = 12
"""A JPEG is about a twelfth of its pixels."""


def handler(event, context):
    made = []
    for record in event["Records"]:
        picture = record["s3"]["object"]
        pixels = unpacked(picture["size"])
        width, height = 4 * int((len(pixels) / 36) ** 0.5), 3 * int((len(pixels) / 36) ** 0.5)
        print(f"picture {picture['key']}: {width}x{height}, {picture['size'] / 1e6:.1f} MB")
        for size in SIZES:
            started = time.perf_counter()
            time.sleep(random.uniform(0.1, 0.3))
            to = fitted(width, height, size)
            took = (time.perf_counter() - started) * 1000
            print(f"  rendered {to[0]}x{to[1]} webp quality {os.environ['QUALITY']} in {took:.0f} ms")
            made.append(f"{picture['key'].rsplit('.', 1)[0]}-{to[0]}.webp")
    return {"bucket": os.environ["TARGET_BUCKET"], "keys": made}


def unpacked(size):
    """The pixels, in memory that is really used: pages never written to would not count."""
    return bytearray(b"\x7f") * (size * BYTES_PER_BYTE)
