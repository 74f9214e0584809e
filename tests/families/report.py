"""Figures of all families of trials in one table: `python -m tests.families.report`.

A family is a module beside this one with a docstring and `run(trials) -> Iterator[Figure]`. CI runs the same families
at a small scale; what is printed here is the whole of them, which takes a while.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.families.figures import Figure, Trials

SHOWN = 3
"""Failures of one line that are printed."""


def families() -> dict[str, Callable[[Trials], Iterator[Figure]]]:
    """The families by name: the modules of this folder that have a `run`."""
    found = {}
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if module.name not in {"figures", "report"}:
            run = getattr(importlib.import_module(f"tests.families.{module.name}"), "run", None)
            if run is not None:
                found[module.name] = run
    return found


def main() -> int:
    """Print the table; 1 if anything failed."""
    known = families()
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("family", nargs="*", help=f"of {', '.join(known)}; all where none is named")
    parser.add_argument("--scale", type=float, default=1.0, help="a part of the runs, as 0.1")
    parser.add_argument("--seed", type=int, default=4, help="other strings, faults and bytes")
    flags = parser.parse_args()
    if unknown := set(flags.family) - set(known):
        parser.error(f"there is no family {', '.join(sorted(unknown))}")
    bad = 0
    print(f"{'family':<12} {'case':<52} {'runs':>8} {'failed':>7}  {'':<24}")
    for name in flags.family or known:
        started = time.monotonic()
        for figure in known[name](Trials(flags.scale, flags.seed)):
            bad += bool(figure.failures)
            line = f"{name:<12} {figure.case:<52} {figure.runs:>8,} {len(figure.failures):>7,}  {figure.detail}"
            print(line.rstrip(), flush=True)
            for failure in figure.failures[:SHOWN]:
                print(f"{'':<13}! {failure}", flush=True)
        print(f"{name:<12} took {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
