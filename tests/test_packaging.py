"""What a fresh machine relies on: the README's commands and the exact versions behind them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
CONSTRAINTS = sorted((ROOT / "constraints").glob("*.txt"))


@pytest.mark.parametrize("path", CONSTRAINTS, ids=lambda path: path.name)
def test_a_constraints_file_has_names_and_versions_and_no_address(path: Path) -> None:
    lines = [line for line in path.read_text().splitlines() if not line.startswith("# ")]
    assert [line for line in lines if not re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", line)] == []
    names = [line.partition("==")[0] for line in lines]
    assert names == sorted(set(names))
    assert "://" not in path.read_text()


@pytest.mark.parametrize(
    ("name", "extras"), [("local.txt", ["local", "test", "dev"]), ("newest.txt", ["test"])], ids=["local", "newest"]
)
def test_every_dependency_of_an_environment_has_its_version_in_the_file(name: str, extras: list[str]) -> None:
    wanted = list(PROJECT["dependencies"])
    for extra in extras:
        wanted += PROJECT["optional-dependencies"][extra]
    names = {re.split(r"[\[<>=; ]", dependency)[0].lower().replace("_", "-") for dependency in wanted}
    pinned = {line.partition("==")[0] for line in (ROOT / "constraints" / name).read_text().splitlines()}
    assert names - pinned == set(), "run .ci/constrain.py"


@pytest.mark.parametrize("name", ["demo", "test"])
def test_the_readme_has_the_two_commands_and_what_they_name_is_there(name: str) -> None:
    block = re.search(rf"<!-- \.ci/run: {name} -->\n```sh\n(.*)\n```\n", (ROOT / "README.md").read_text())
    assert block is not None
    assert block[1].startswith("python3 -m venv .venv && .venv/bin/pip install ")
    (constraints,) = re.findall(r"-c (\S+)", block[1])
    assert (ROOT / constraints).is_file()
    (extras,) = re.findall(r"'\.\[(.*?)\]'", block[1])
    assert set(extras.split(",")) <= set(PROJECT["optional-dependencies"])
