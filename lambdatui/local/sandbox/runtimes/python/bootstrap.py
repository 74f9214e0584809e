"""Starts AWS's own runtime client, with the module search path that a function has in AWS.

Run as `python -S -P bootstrap.py FOLDER…`: without site-packages, where the endpoint's own libraries lie, and without
their .pth files. The folders are the function's and its layers'. Standard library only, whatever the version.
"""

import os
import site
import sys

sys.path[:0] = sys.argv[1:]
for _folder in sys.argv[1:]:  # site directories in AWS too: what their own .pth files name is found
    site.addsitedir(_folder)
del sys.argv[1:]
if (_runtime := os.path.dirname(__file__)) not in sys.path:  # noqa: PTH120  the function has set PYTHONPATH
    sys.path.append(_runtime)

# What -S leaves out of the builtins: exit() and quit() are used in handlers.
site.setquit()
site.setcopyright()
site.sethelper()

from awslambdaric.__main__ import main  # noqa: E402

if __name__ == "__main__":
    main(["bootstrap", os.environ["_HANDLER"]])
