"""What the README says of the program is what the program says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from lambdatui.aws.failures import ACTIONS
from lambdatui.aws.guard import READS, WRITES

README = Path(__file__).parents[1] / "README.md"


def block(language: str, under: str = "") -> str:
    """The first fenced block of a language, after a heading or another text."""
    text = README.read_text(encoding="utf-8")
    found = re.search(rf"```{language}\n(.*?)```", text[text.index(under) :], re.DOTALL)
    assert found, f"the README has no block of {language}"
    return found[1]


def test_the_policy_allows_what_the_program_calls_and_nothing_more() -> None:
    (statement,) = json.loads(block("json"))["Statement"]
    called = {ACTIONS.get(operation, operation) for operation in READS | WRITES}
    # GetFunction gives the tags only to who may list them.
    assert set(statement["Action"]) == called | {"lambda:ListTags"}


def test_the_configuration_in_the_readme_is_accepted(tmp_path: Path) -> None:
    from lambdatui.app import LambdaTui
    from lambdatui.settings import load

    file = tmp_path / "config.yaml"
    file.write_text(block("yaml", "## Configuration"), encoding="utf-8")
    settings = load({"config": str(file)}, {"HOME": str(tmp_path)})
    assert settings.profile == "dev"
    assert settings.production("prod", None)
    assert settings.read_only_reason("dev", "123456789012") is None
    assert LambdaTui(settings).theme == "lambdatui"  # which refuses a theme or binding that is not there


def test_the_event_in_the_readme_is_one(tmp_path: Path) -> None:
    from lambdatui.storage.events import EventStore

    folder = tmp_path / ".lambdatui" / "events" / "orders"
    folder.mkdir(parents=True)
    (folder / "order.yaml").write_text(block("yaml", "**Events**"), encoding="utf-8")
    (event,) = EventStore(tmp_path, tmp_path / "data").list("orders").saved
    assert event.problem == ""
    assert event.qualifier == "live"
    assert [it.name for it in event.variables] == ["customer"]
    assert event.expect == [("statusCode", "201")]


@pytest.mark.parametrize("line", [line for line in README.read_text("utf-8").splitlines() if "](" in line])
def test_what_the_readme_links_to_exists(line: str) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", line):
        assert target.startswith("https://") or (README.parent / target).exists(), target
