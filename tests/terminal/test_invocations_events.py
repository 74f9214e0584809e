"""Events from files, sent as a person sends them: hand-written YAML, SAM's JSON, and what $EDITOR leaves."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.running import connected as _connected
from tests.running import counted as _counted
from tests.running import make as _make
from tests.terminal.conftest import Start
from tests.terminal.visitor import CTRL_E, CTRL_O, CTRL_S, END, TELLER, Visitor

pytestmark = pytest.mark.local

connected, counted, make = _connected, _counted, _make

BY_HAND = """\
# Orders as the shop sends them.
description: an order of two items
variables:
  customer: c-1042   # the one with the discount
payload: {"mark": "{{customer}}", "id": 7}   # as it goes
expect: {told: {id: 7}}
"""

OTHER_EDITOR = """\
#!/bin/sh
cp "$2" "$HOME/given"
stty -a >"$HOME/terminal"
echo '{"mark": "by hand"}' >"$2"
"""

IN_PROJECT = 'cd "$HOME/project" && exec "$@"'


@pytest.fixture
def project(home: Path) -> Path:
    """A folder with SAM's template in it, in which the program is started."""
    folder = home / "project"
    folder.mkdir()
    (folder / "template.yaml").write_text("Resources: {}\n")
    return folder


def test_an_event_written_by_hand_asks_for_its_variables_and_keeps_its_comments(
    start: Start,
    endpoint_url: str,
    project: Path,
    make: Callable[..., str],
    counted: Callable[[str], dict[str, int]],
) -> None:
    name = make(code=TELLER)
    file = project / ".lambdatui/events" / name / "order.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(BY_HAND)
    visitor = Visitor(start, endpoint_url, name, via=IN_PROJECT)

    visitor.terminal.press(CTRL_O)
    visitor.sees("order", "project", "⏎ Open")
    visitor.terminal.press("\r")
    visitor.sees("order: ", '{"mark": "{{customer}}", "id": 7}', "esc Leave the editor")
    visitor.presses_f5()
    visitor.sees("Variables of the event", "c-1042")
    visitor.terminal.press("\x15c-7\r")
    visitor.sees("Succeeded", "As expected", '"mark": "c-7"')
    assert counted(name)["invocations"] == visitor.presses == 1

    visitor.goes_back_to_the_editor()
    visitor.terminal.press(END + "\x7f" + ', "express": true}' + CTRL_S)
    visitor.sees("Saved")
    assert file.read_text() == BY_HAND.replace('"id": 7}', '"id": 7, "express": true}')


def test_an_event_of_sam_is_there_in_its_project_and_sent_as_it_is(
    start: Start,
    endpoint_url: str,
    project: Path,
    make: Callable[..., str],
    counted: Callable[[str], dict[str, int]],
) -> None:
    name = make(code=TELLER)
    (project / "events").mkdir()
    (project / "events/hello.json").write_text('{"mark": "SAM",\n "n": 1.10}\n')
    visitor = Visitor(start, endpoint_url, name, via=IN_PROJECT)

    visitor.terminal.press(CTRL_O)
    visitor.sees("hello", "events", "⏎ Open")
    visitor.terminal.press("\r")
    visitor.sees("hello: 27 B of JSON", "esc Leave the editor")
    visitor.presses_f5()
    visitor.sees("Succeeded", '"mark": "SAM"', '"n": 1.1')
    assert counted(name)["invocations"] == visitor.presses == 1


def test_a_payload_is_edited_outside_and_then_sent(
    start: Start,
    endpoint_url: str,
    home: Path,
    make: Callable[..., str],
    counted: Callable[[str], dict[str, int]],
) -> None:
    name = make(code=TELLER)
    editor = home / "my editor"
    editor.write_text(
        '#!/bin/sh\ncp "$2" "$HOME/given"\nstty -a >"$HOME/terminal"\necho \'{"mark": "by hand"}\' >"$2"\n'
    )
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    visitor = Visitor(start, endpoint_url, name, environment={"EDITOR": f"'{editor}' --wait"})

    visitor.types(mark="here")
    visitor.terminal.press(CTRL_E)
    visitor.sees('{"mark": "by hand"}', "Payload: 19 B of JSON")
    assert (home / "given").read_text().strip() == '{"do": "", "mark": "here"}'
    assert " icanon" in (home / "terminal").read_text(), "the editor had the terminal as a shell has it"
    visitor.presses_f5()
    visitor.sees("Succeeded", '"mark": "by hand"')
    assert counted(name)["invocations"] == visitor.presses == 1
