"""python -m lambdatui"""

from __future__ import annotations

import sys

from lambdatui.cli import main

if __name__ == "__main__":
    sys.exit(main())
