#!/usr/bin/env python3
"""Make lambdatui/model/runtime_dates.py anew from the table of cfn-lint, which follows AWS's page of Lambda runtimes.

Run it where cfn-lint is installed (`pip install --no-deps cfn-lint`; it is needed for nothing else), look at the
difference, and run .ci/run.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MADE = ROOT / "lambdatui" / "model" / "runtime_dates.py"
TABLE = "cfnlint/data/AdditionalSpecs/LmbdRuntimeLifecycle.json"
HEADER = '''\
"""When Lambda's runtimes are deprecated and blocked. Made by .ci/runtimes.py, not by hand.

From cfn-lint {version} (MIT-0), read on {today}.
"""

from __future__ import annotations

READ_ON = "{today}"
"""The day on which the table was made: AWS moves its dates."""

DATES = {{
'''


def _day(text: str | None) -> str:
    """A date of the table, checked to be one; empty where there is none."""
    return date.fromisoformat(text).isoformat() if text else ""


def rows(table: dict[str, dict[str, str | None]]) -> list[str]:
    """A line of Python for each runtime."""
    made = []
    for name, its in sorted(table.items()):
        days = (_day(its[key]) for key in ("deprecated", "create-block", "update-block"))
        values = ", ".join(f'"{value}"' for value in (*days, its["successor"] or ""))
        made.append(f'    "{name}": ({values}),\n')
    return made


def main() -> int:
    try:
        package = distribution("cfn-lint")
    except PackageNotFoundError:
        print("Run this where cfn-lint is installed: pip install --no-deps cfn-lint", file=sys.stderr)
        return 2
    table = json.loads(Path(str(package.locate_file(TABLE))).read_text(encoding="utf-8"))
    header = HEADER.format(version=package.version, today=datetime.now(UTC).date())
    said = '"""Runtime: deprecated, no new functions from, no updates from, successor; empty: none is known."""'
    MADE.write_text(header + "".join(rows(table)) + "}\n" + said + "\n", encoding="utf-8")
    print(f"{MADE.relative_to(ROOT)}: {len(table)} runtimes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
