"""Events are found where people keep them, and no save loses what somebody else wrote."""

from __future__ import annotations

import errno
import json
import os
import resource
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from lambdatui.model.saved_events import EventError, SavedEvent, Variable
from lambdatui.storage.event_files import LARGEST
from lambdatui.storage.events import EventStore

FUNCTION = "checkout-api"


class Place:
    """A project, the user's folder, and a store that is started deep in the project."""

    def __init__(self, root: Path) -> None:
        self.project = root / "project"
        self.deep = self.project / "src" / "deep"
        self.deep.mkdir(parents=True)
        self.data = root / "data"
        self.store = EventStore(self.deep, self.data)
        self.ours = self.project / ".lambdatui" / "events" / FUNCTION

    def written(self, path: str, text: str = "{}\n") -> Path:
        file = self.project / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def saved(self) -> dict[str, SavedEvent]:
        return {event.name: event for event in self.store.list(FUNCTION).saved}

    def problems(self) -> dict[str, str]:
        return {event.name: event.problem for event in self.store.list(FUNCTION).saved if event.problem}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_events_of_all_places_are_listed_with_the_place(place: Place) -> None:
    place.written(f".lambdatui/events/{FUNCTION}/a.yaml", "a: 1\n")
    place.written(f".lambdatui/events/{FUNCTION}/b.yml", "payload: 1\n")
    place.written(f".lambdatui/events/{FUNCTION}/c.json")
    place.written(".lambdatui/events/other/d.json")
    place.written("events/sam.json", '{"n": 1.10}\n')
    place.written("events/notes.yaml")
    mine = place.data / "events" / FUNCTION / "mine.json"
    mine.parent.mkdir(parents=True)
    mine.write_text("1")
    found = place.store.list(FUNCTION)
    assert [(it.name, it.place.title if it.place else "") for it in found.saved] == [
        ("a", "project"), ("b", "project"), ("c", "project"), ("sam", "events"), ("mine", "yours"),
    ]  # fmt: skip
    assert [it.folder for it in found.places] == [str(place.ours), str(place.project / "events"), str(mine.parent)]
    assert found.problems == []
    assert place.saved()["sam"].text == '{"n": 1.10}'


@pytest.mark.parametrize("marker", ["template.yaml", "template.yml", "samconfig.toml"])
def test_a_folder_of_events_is_one_only_beside_a_file_of_sam(place: Place, marker: str) -> None:
    place.written("events/sam.json")
    assert place.saved() == {}
    place.written(marker, "")
    assert list(place.saved()) == ["sam"]


def test_a_broken_file_is_told_and_hides_no_other(place: Place) -> None:
    place.written(f".lambdatui/events/{FUNCTION}/good.json")
    place.written(f".lambdatui/events/{FUNCTION}/comma.json", '{\n"a": 1,\n}')
    place.written(f".lambdatui/events/{FUNCTION}/yaml.yaml", "a: [1\n")
    os.mkfifo(place.ours / "pipe.json")
    (place.ours / "folder.json").mkdir()
    (place.ours / "nowhere.json").symlink_to("not-there")
    (place.ours / "out.json").symlink_to("/etc/passwd")
    (place.ours / "linked.json").symlink_to("good.json")
    with (place.ours / "large.json").open("wb") as file:
        file.truncate(LARGEST + 1)
    saved, problems = place.saved(), place.problems()
    assert {name for name in saved if name not in problems} == {"good", "linked"}
    assert problems["comma"].startswith("line 3, column 1: ")
    assert problems["yaml"].startswith("line 2, column 1: ")
    assert problems["pipe"] == problems["folder"] == "not a regular file"
    assert problems["nowhere"] == "No such file or directory"
    assert problems["out"] == "a link that leads out of its project"
    assert "6" in problems["large"]
    assert all(saved[name].text == "" for name in problems)


def test_an_event_that_is_a_link_is_saved_where_it_leads_to(place: Place) -> None:
    place.written("shared/good.json", "[1]\n")
    place.written(f".lambdatui/events/{FUNCTION}/own.json", "1")
    link = place.ours / "linked.json"
    link.symlink_to("../../../shared/good.json")
    event = place.saved()["linked"]
    again = place.store.save(FUNCTION, replace(event, text="[2]"), over=event)
    assert (link.is_symlink(), link.read_text(), (place.project / "shared" / "good.json").read_text()) == (
        True, "[2]\n", "[2]\n",
    )  # fmt: skip
    link.unlink()
    link.symlink_to(place.project.parent / "elsewhere.json")
    (place.project.parent / "elsewhere.json").write_text("[2]\n")
    with pytest.raises(EventError, match="leads elsewhere"):
        place.store.save(FUNCTION, replace(again, text="[3]"), over=again)
    assert link.read_text() == "[2]\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told(place: Place) -> None:
    place.written(f".lambdatui/events/{FUNCTION}/a.json").chmod(0)
    assert place.problems() == {"a": "Permission denied"}


def test_names_of_files_are_safe_to_draw(place: Place) -> None:
    place.written(f".lambdatui/events/{FUNCTION}/a\x1b[31m\n.json")
    (event,) = place.saved().values()
    assert not any(character in event.name + event.file for character in "\x1b\n")
    place.store.delete(event)
    assert place.saved() == {}


def test_a_folder_that_leads_out_of_the_project_is_left_out_and_told(place: Place, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.json").write_text("{}")
    place.ours.parent.mkdir(parents=True)
    place.ours.symlink_to(tmp_path / "elsewhere")
    found = place.store.list(FUNCTION)
    assert found.saved == []
    assert "leads out of" in found.problems[0]
    saved = place.store.save(FUNCTION, SavedEvent("new", "1"), over=None)
    assert saved.place is not None
    assert saved.place.title == "yours"
    assert os.listdir(tmp_path / "elsewhere") == ["a.json"]  # noqa: PTH208


def test_a_folder_that_everybody_may_write_to_is_left_out_and_told(place: Place) -> None:
    place.written(f".lambdatui/events/{FUNCTION}/a.json")
    place.ours.chmod(0o777)
    found = place.store.list(FUNCTION)
    assert found.saved == []
    assert found.problems == [f"Everybody may write to {place.ours}: the events in it are left out."]


@pytest.mark.parametrize("function", ["../x", "a/b", "arn:aws:lambda:eu-west-1:123456789012:function:x", ""])
def test_what_is_no_functions_name_is_refused(place: Place, function: str) -> None:
    with pytest.raises(EventError, match="not the name of a function"):
        place.store.list(function)
    with pytest.raises(EventError, match="not the name of a function"):
        place.store.save(function, SavedEvent("a", "1"), over=None)


@pytest.mark.parametrize("name", ["../a", "a/b", ".a", "a.json", ""])
def test_a_name_that_is_not_allowed_is_refused(place: Place, name: str) -> None:
    with pytest.raises(EventError, match="An event's name"):
        place.store.save(FUNCTION, SavedEvent(name, "1"), over=None)
    assert not place.data.exists()


def test_a_new_event_is_its_payload_and_with_options_a_mapping(place: Place) -> None:
    plain = place.store.save(FUNCTION, SavedEvent("plain", '{"a": 1.10}'), over=None)
    assert Path(plain.file).read_bytes() == b'{"a": 1.10}\n'
    assert plain.file == str(place.data / "events" / FUNCTION / "plain.json")
    more = SavedEvent("more", '{"a": {{id}}}', qualifier="7", variables=(Variable("id", None),))
    assert Path(place.store.save(FUNCTION, more, over=None).file).read_text() == (
        'payload: {"a": {{id}}}\nqualifier: "7"\nvariables:\n  id:\n'
    )
    assert place.saved()["more"].variables == more.variables
    modes = {
        stat.S_IMODE(it.stat().st_mode) for it in (place.data, place.data / "events", Path(more.file or plain.file))
    }
    assert modes == {0o700, 0o600}


def test_a_project_with_a_folder_for_it_gets_new_events(place: Place) -> None:
    (place.project / ".lambdatui").mkdir(mode=0o755)
    saved = place.store.save(FUNCTION, SavedEvent("a", "1"), over=None)
    assert saved.file == str(place.ours / "a.json")
    assert not place.data.exists()


def test_a_new_event_never_replaces_another(place: Place) -> None:
    first = place.store.save(FUNCTION, SavedEvent("a", "1"), over=None)
    with pytest.raises(EventError, match="There is an event a already"):
        place.store.save(FUNCTION, SavedEvent("a", "2", qualifier="live"), over=None)
    assert Path(first.file).read_text() == "1\n"


def test_a_save_without_a_difference_writes_nothing(place: Place) -> None:
    file = place.written(f".lambdatui/events/{FUNCTION}/a.yaml", "# mine\npayload:   {a: 1}\n")
    before = file.stat()
    event = place.saved()["a"]
    assert place.store.save(FUNCTION, event, over=event) == event
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten(place: Place) -> None:
    file = place.written(f".lambdatui/events/{FUNCTION}/a.yaml", "payload: 1\n")
    event = place.saved()["a"]
    file.write_text("payload: 2  # mine\n")
    for action in (
        lambda: place.store.save(FUNCTION, replace(event, text="3"), over=event),
        lambda: place.store.delete(event),
    ):
        with pytest.raises(EventError, match="Somebody changed"):
            action()
    assert file.read_text() == "payload: 2  # mine\n"
    file.unlink()
    with pytest.raises(EventError, match="Somebody deleted"):
        place.store.save(FUNCTION, replace(event, text="3"), over=event)


def test_a_file_of_sam_is_changed_in_its_place_and_with_options_saved_elsewhere(place: Place) -> None:
    file = place.written("events/sam.json", '{"a": 1}\n')
    place.written("samconfig.toml", "")
    event = place.saved()["sam"]
    event = place.store.save(FUNCTION, replace(event, text='{"a": 2}'), over=event)
    assert file.read_text() == '{"a": 2}\n'
    other = place.store.save(FUNCTION, replace(event, qualifier="live"), over=event)
    assert other.file == str(place.data / "events" / FUNCTION / "sam.yaml")
    assert file.read_text() == '{"a": 2}\n'


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (SavedEvent("a", "{"), "line 1, column 2"),
        (SavedEvent("a", "a: [", "yaml"), "line 2, column 1"),
        (SavedEvent("a", "1", kind="Never"), "invocation type Never"),
        (SavedEvent("a", "1", client_context="[]"), "client context"),
        (SavedEvent("a", "1", variables=(Variable("a b", None),)), "a b"),
        (SavedEvent("a", f'"{"x" * LARGEST}"'), "6"),
    ],
)  # fmt: skip
def test_what_could_not_be_read_again_is_not_written(place: Place, event: SavedEvent, why: str) -> None:
    with pytest.raises(EventError, match=why):
        place.store.save(FUNCTION, event, over=None)
    assert not place.data.exists()


def test_a_payload_of_nearly_six_megabytes_is_kept(place: Place) -> None:
    text = json.dumps({"a": ["x" * 97] * 59_000})
    plain = place.store.save(FUNCTION, SavedEvent("plain", text), over=None)
    wrapped = place.store.save(FUNCTION, SavedEvent("wrapped", text, qualifier="live"), over=None)
    assert plain.text == wrapped.text == text


def test_on_a_full_disk_the_old_event_stays_and_nothing_is_left(place: Place) -> None:
    event = place.store.save(FUNCTION, SavedEvent("a", "1"), over=None)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        with pytest.raises(OSError, match="File too large") as problem:
            place.store.save(FUNCTION, replace(event, text=f'"{"x" * 5000}"'), over=event)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert problem.value.errno == errno.EFBIG
    assert [it.name for it in Path(event.file).parent.iterdir()] == ["a.json"]
    assert place.saved()["a"].text == "1"


WRITER = """
import sys
from dataclasses import replace
from pathlib import Path
from lambdatui.model.saved_events import EventError, SavedEvent
from lambdatui.storage.events import EventStore
store = EventStore(Path(sys.argv[1]), Path(sys.argv[1]) / "data")
name, own, done = sys.argv[2], 0, 0
most = int(sys.argv[3])
while done < most:
    event = next((it for it in store.list("f").saved if it.name == name), None)
    try:
        if event is None:
            store.save("f", SavedEvent(name, "[]", qualifier="live"), over=None)
            continue
        new = replace(event, text=event.text[:-1] + ("," if len(event.text) > 2 else "") + f'"{sys.argv[4]}-{done}"]')
        store.save("f", new, over=event)
    except EventError:
        continue
    print(done, flush=True)
    done += 1
"""


def writer(folder: Path, name: str, most: int, who: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), name, str(most), who], stdout=subprocess.PIPE, cwd=Path.cwd()
    )


def test_of_two_instances_that_write_at_once_nothing_is_lost(tmp_path: Path) -> None:
    writers = [writer(tmp_path, "a", 40, who) for who in "xy"]
    for process in writers:
        process.communicate()
        assert process.returncode == 0
    (event,) = EventStore(tmp_path, tmp_path / "data").list("f").saved
    assert sorted(json.loads(event.text)) == sorted(f"{who}-{number}" for who in "xy" for number in range(40))


@pytest.mark.parametrize("lines", [1, 3, 8, 20, 45])
def test_a_writer_that_is_killed_leaves_a_whole_event_with_all_that_it_told_of(tmp_path: Path, lines: int) -> None:
    with writer(tmp_path, "a", 1_000_000, "x") as process:
        assert process.stdout is not None
        for _ in range(lines):
            process.stdout.readline()
        process.kill()
        told = lines + len(process.stdout.read().split())
    store = EventStore(tmp_path, tmp_path / "data")
    (event,) = store.list("f").saved
    assert event.problem == ""
    written = json.loads(event.text)
    assert written[:told] == [f"x-{number}" for number in range(told)]
    assert len(written) <= told + 1
    store.save("f", replace(event, qualifier="7"), over=event)
    assert [it.name for it in Path(event.file).parent.iterdir()] == ["a.yaml"]
