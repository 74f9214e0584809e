# Export for the old accounting system. Has not been called since the system was switched off.
import os


def handler(event, context):
    host = os.environ["FTP_HOST"]
    raise RuntimeError("the host " + host + " does not exist any more")
