#!/usr/bin/env python3
"""Make constraints/*.txt anew: the versions that pip picks today for each of CI's environments.

Run it with the oldest Python that pyproject.toml allows (its packages are a superset: what a newer one has built in, it
installs), look at the difference, and run .ci/run. The files hold names and versions only, so that they fit any index.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OLDEST = (3, 11)
ENVIRONMENTS = {"local": ".[local,test,dev]", "newest": ".[test]"}
HEADER = """\
# Exact versions for CI's environment "{name}": pip install -c constraints/{name}.txt '{what}'
# Made by .ci/constrain.py; make it anew when a dependency in pyproject.toml changes, or to move to newer releases.
"""


def picked(what: str) -> dict[str, str]:
    """What pip would install for `what` into an empty environment: versions by normalised name."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        command = [f"{folder}/bin/python", "-m", "pip", "install", "--dry-run", "--quiet", "--report", "-", what]
        report = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout
    packages = [item["metadata"] for item in json.loads(report)["install"]]
    found = {re.sub(r"[-_.]+", "-", package["name"]).lower(): package["version"] for package in packages}
    del found["lambdatui"]
    return found


def main() -> int:
    if sys.version_info[:2] != OLDEST:
        print("Run this with Python {}.{}.".format(*OLDEST), file=sys.stderr)
        return 2
    (ROOT / "constraints").mkdir(exist_ok=True)
    for name, what in ENVIRONMENTS.items():
        lines = [f"{package}=={version}\n" for package, version in sorted(picked(what).items())]
        path = ROOT / "constraints" / f"{name}.txt"
        path.write_text(HEADER.format(name=name, what=what) + "".join(lines))
        print(f"{path.relative_to(ROOT)}: {len(lines)} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
