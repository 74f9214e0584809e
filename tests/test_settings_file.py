"""The configuration file: every mistake is one sentence with the file, the line and what to do."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lambdatui.config_file import ConfigFile, SettingsError
from lambdatui.config_reader import read
from lambdatui.model.text import visible

UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("config")


def config(folder: Path, content: str | bytes) -> ConfigFile:
    path = folder / "c.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read(path)


def refusal(folder: Path, content: str | bytes) -> str:
    """The sentence less the folder: "c.yaml line 3: …"."""
    with pytest.raises(SettingsError) as caught:
        config(folder, content)
    message = str(caught.value)
    assert not UNSAFE.search(message)
    assert message.startswith(f"{folder}/")
    return message.removeprefix(f"{folder}/")


@pytest.mark.parametrize(
    "content", ["", "\n", "# nothing yet\n", "---\n", "~", "\ufeff", "profiles:\nkeymap:\naccounts: {}"]
)
def test_an_empty_file_and_empty_sections_say_nothing(folder: Path, content: str) -> None:
    assert config(folder, content) == ConfigFile(path=folder / "c.yaml")


EMPTY = " is empty. Give it a value, in quotes if YAML reads it as nothing, or remove it."
FLAG = " must be true or false (without quotes), not "
PAIRS = " must be lines of the form 'name: value', not "
ACCOUNT = " is not an account id. Write its 12 digits, without hyphens."
KEYS = ". Write keys as in 'i, ctrl+i, f5, space, comma'."
SYNTAX = ". Check the indentation, and put quotes around values with special characters."
UNSHOWN = " has characters that cannot be shown: "

MISTAKES: list[tuple[str | bytes, str]] = [
    ("regoin: x", "1: there is no setting 'regoin'. Did you mean 'region'?"),
    ("a: 1\nzzz: 2", "1: there is no setting 'a'. Possible: accounts, characters, endpoint_url, filter, history,"
     " keymap, log_lines, profile, profiles, read_only, refresh, refresh_idle, region, tail, theme, views."),
    ("refresh: 0s", "1: 'refresh' must be off, or a time from 1s to 1h, not '0s'."),
    ("refresh: on", "1: 'refresh' must be off, or a time from 1s to 1h, not 'on'."),
    ("refresh: 61m", "1: 'refresh' must be off, or a time from 1s to 1h, not '61m'."),
    ("refresh_idle: 30", "1: 'refresh_idle' must be a time from 60s to 24h, not '30'."),
    ("tail: fast", "1: 'tail' must be poll or live, not 'fast'."),
    ("history: maybe", "1: 'history' must be on or off, not 'maybe'."),
    ("tail: live\nhistory: [on]", "2: 'history' must be text, not a list."),
    ("log_lines: 999", "1: 'log_lines' must be a number from 1000 to 1000000, not '999'."),
    ("log_lines: 1000001", "1: 'log_lines' must be a number from 1000 to 1000000, not '1000001'."),
    ("log_lines: many", "1: 'log_lines' must be a number from 1000 to 1000000, not 'many'."),
    # Values of the wrong kind.
    ("views: x", f"1: 'views'{PAIRS}'x'."),
    ("views:\n  a:", f"2: the view 'a'{EMPTY}"),
    ("views:\n  a: [b]", "2: the view 'a' must be text, not a list."),
    ("# c\nread_only: maybe", f"2: 'read_only'{FLAG}'maybe'."),
    ("read_only: 'true'", f"1: 'read_only'{FLAG}'true'."),
    ("read_only: 1", f"1: 'read_only'{FLAG}'1'."),
    ("read_only:", f"1: 'read_only'{FLAG}nothing."),
    ("read_only: [true]", f"1: 'read_only'{FLAG}a list."),
    ("profile: {a: b}", "1: 'profile' must be text, not a mapping of names."),
    ("profile: [a]", "1: 'profile' must be text, not a list."),
    ("region:", f"1: 'region'{EMPTY}"),
    ("theme: ''", f"1: 'theme'{EMPTY}"),
    ("- a\n- b", f"1: the configuration{PAIRS}a list."),
    ("just words", f"1: the configuration{PAIRS}'just words'."),
    ("profiles: prod", f"1: 'profiles'{PAIRS}'prod'."),
    ("? [a]\n: b", "1: a name in the configuration must be text, not a list."),
    # The same twice.
    ("filter: a\n\nfilter: b", "3: 'filter' is here again, after line 1. Keep one of the two."),
    ("profiles:\n  a: {}\n  a: {}", "3: 'a' is here again, after line 2. Keep one of the two."),
    ("accounts:\n  '012345670123': {}\n  012345670123: {}",
     "3: '012345670123' is here again, after line 2. Keep one of the two."),
    # Marks.
    ("profiles:\n  a:\n  production: true", "2: 'a' has no marks. Indent 'read_only: true' or the like below it."),
    ("profiles:\n  a:\nregion: x", "2: 'a' has no marks. Indent 'read_only: true' or the like below it."),
    ("profiles:\n  a:\n    readonly: true", "3: 'a' cannot be marked 'readonly'. Did you mean 'read_only'?"),
    ("profiles:\n  a:\n    production: prod", f"3: 'production' of 'a'{FLAG}'prod'."),
    ("accounts:\n  1234-5678-9012: {}", f"2: '1234-5678-9012'{ACCOUNT}"),
    ("accounts: {12345678901: {}}", f"1: '12345678901'{ACCOUNT}"),
    ("accounts: {123456789012٣: {}}", f"1: '123456789012٣'{ACCOUNT}"),
    ("accounts: {12345678901٣: {}}", f"1: '12345678901٣'{ACCOUNT}"),
    # Keys.
    ("keymap:\n  a.b: ','", f"2: the binding 'a.b' has a key ''{KEYS}"),
    ("keymap:\n  a.b: ctrl x", f"2: the binding 'a.b' has a key 'ctrl x'{KEYS}"),
    ("keymap:\n  a.b: []", "2: the binding 'a.b' has 0 keys. Give it 1 to 16, or remove the line."),
    ("keymap:\n  a.b: " + "i," * 16 + "i", "2: the binding 'a.b' has 17 keys. Give it 1 to 16."),
    ("keymap:\n  a:\n    b: i", "3: the binding 'a' must be text, not a mapping of names."),
    # Tags.
    ("profile: !!python/object/apply:os.system [x]", "1: 'profile' must be text, not a list."),
    ("profile: !!python/name:os.system x",
     "1: 'profile' carries the tag 'tag:yaml.org,2002:python/name:os.system'. Remove the tag."),
    ("profile: !secret x", "1: 'profile' carries the tag '!secret'. Remove the tag."),
    ("!!set {filter}", f"1: the configuration{PAIRS}a mapping of names."),
    # What is no YAML.
    ("region: x\n\tprofile: y", "2: a tab where YAML wants spaces. Indent with spaces."),
    ("profiles:\n\tprod: {}", "2: a tab where YAML wants spaces. Indent with spaces."),
    ("filter: a: b", f"1: not valid YAML (mapping values are not allowed here){SYNTAX}"),
    ("filter: *pay", f"1: not valid YAML (found undefined alias 'pay'){SYNTAX}"),
    ("filter: 'a\nb", f"2: not valid YAML (found unexpected end of stream){SYNTAX}"),
    ("a: 1\n---\nb: 2", f"2: not valid YAML (but found another document){SYNTAX}"),
    ('\nfilter: "\\UFFFFFFFF"', "2: not valid YAML (an escape or number out of range). Correct it."),
    (f"%YAML 1.{'9' * 5000}\n---\n", "1: not valid YAML (an escape or number out of range). Correct it."),
    ("[" * 50_000, "1: nested too deeply. Nothing in this file needs that."),
    # Characters.
    ('filter: "\\e]52;c;x\\a"', f"1: 'filter'{UNSHOWN}'␛]52;c;x␇'. Remove them."),
    ('filter: "\\u202e"', f"1: 'filter'{UNSHOWN}'\\u202e'. Remove them."),
    ("filter: |\n  a\n  b\n", f"1: 'filter'{UNSHOWN}'a␊b␊'. Remove them."),
    ('"\\x9b": x', f"1: a name in the configuration{UNSHOWN}'\\x9b'. Remove them."),
    ("filter: x\x1b[31m", "1: a control character that YAML does not allow. Remove it."),
    ("a: b\n\x00", "2: a control character that YAML does not allow. Remove it."),
    (b"filter: a\nprofile: caf\xe9\n", "2: not UTF-8 text. Save the file with the encoding UTF-8."),
    ("filter: x".encode("utf-16"), "1: not UTF-8 text. Save the file with the encoding UTF-8."),
]  # fmt: skip


@pytest.mark.parametrize(("content", "sentence"), MISTAKES, ids=[sentence[:50] for _, sentence in MISTAKES])
def test_a_mistake_is_one_sentence_with_its_line(folder: Path, content: str | bytes, sentence: str) -> None:
    assert refusal(folder, content) == f"c.yaml line {sentence}"


def test_a_file_too_large_to_be_a_configuration_is_refused_unread(folder: Path) -> None:
    assert refusal(folder, "#" * 1_000_001) == (
        "c.yaml is larger than 1 MB: not a configuration file of lambdatui. Name another one."
    )


def test_a_folder_in_place_of_the_file_is_refused(folder: Path) -> None:
    with pytest.raises(SettingsError, match="is a folder, not a configuration file"):
        read(folder)


def test_a_name_that_no_file_can_have_is_refused(folder: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        read(folder / "a\x00b")
    with pytest.raises(SettingsError, match="cannot be read: Not a directory"):
        read(Path(__file__) / "config.yaml")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(folder: Path) -> None:
    path = folder / "secret.yaml"
    path.write_text("filter: x")
    path.chmod(0)
    with pytest.raises(SettingsError, match="cannot be read: Permission denied"):
        read(path)


def test_a_name_with_escape_sequences_is_shown_harmless(folder: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        read(folder / "a\x1b]0;x\x07.yaml")
    assert "a␛]0;x␇.yaml: there is no such configuration file" in str(caught.value)


@pytest.mark.parametrize("word", ["no", "on", "0123", "1e3", "12:30:00", "2026-11-23", "0x1F", "=", "null_"])
def test_a_value_is_taken_as_it_is_written_whatever_yaml_would_make_of_it(folder: Path, word: str) -> None:
    found = config(folder, f"profile: {word}\nprofiles: {{{word}: {{read_only: on}}}}\nkeymap: {{a: [{word}]}}")
    assert found.profile is not None
    assert found.profile.value == word
    assert list(found.profiles) == [word]
    assert found.keymap["a"].value == word


@pytest.mark.parametrize("account", ["012345670123", "012345678901", "123456789012", "000000000000", "777777777777"])
@pytest.mark.parametrize("quote", ["", "'", '"'])
def test_an_account_id_keeps_its_leading_zeros_with_and_without_quotes(folder: Path, account: str, quote: str) -> None:
    assert list(config(folder, f"accounts: {{{quote}{account}{quote}: {{production: true}}}}").accounts) == [account]


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        ("i", "i"),
        ("'i, ctrl+i'", "i,ctrl+i"),
        ("[i, ctrl+i]", "i,ctrl+i"),
        ("[i, 'f5,f6']", "i,f5,f6"),
        ("1", "1"),
        ("y", "y"),
        ("'?'", "?"),
    ],
)
def test_the_keys_of_a_binding_are_a_text_or_a_list(folder: Path, written: str, keys: str) -> None:
    found = config(folder, f"keymap:\n  functions.invoke: {written}\n").keymap["functions.invoke"]
    assert (found.value, found.where) == (keys, f"{folder}/c.yaml line 2")


def test_an_alias_repeats_marks(folder: Path) -> None:
    found = config(folder, "accounts:\n  111111111111: &prod {production: true}\n  222222222222: *prod\n")
    assert [marks.production for marks in found.accounts.values()] == [True, True]


def test_a_billion_laughs_are_refused_at_the_cost_of_their_bytes(folder: Path) -> None:
    levels = ["a: &a0 [lol, lol]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 40)]
    assert "there is no setting 'a'" in refusal(folder, "\n".join(levels))
    keymap = "keymap:\n  a: &a [" + ", ".join(["i"] * 1000) + "]\n" + "".join(f"  b{n}: *a\n" for n in range(1000))
    assert refusal(folder, keymap).startswith("c.yaml line 2: the binding 'a' has 1000 keys.")


def test_a_node_that_contains_itself_is_refused(folder: Path) -> None:
    assert "cannot be marked" in refusal(folder, "profiles: &p\n  a: *p\n")


# Pieces that YAML gives a meaning to, so that random text gets further than the first character.
PIECES = st.sampled_from(
    ["profile", "region", "read_only", "keymap", "profiles", "accounts", "012345678901", "true", "&a ", "*a", "<<", "=",
     "~", "!!int ", "!x ", "!!python/object:os.x ", "|\n ", ">-\n", "'", '"', "\\x1b", "\\U00110000", "\\ud800", "? ",
     "# ", ": ", ":\n  ", "\n", "\n  ", "- ", "[", "]", "{", "}", ", ", "%YAML 1.1\n---\n", "...\n",
     "\t", "\ufeff", "\x1b", "\u2028", "\x85", "\0"]
)  # fmt: skip
CONTENTS = st.one_of(
    st.binary(),
    st.text().map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.lists(PIECES | st.text(max_size=3), max_size=25).map(lambda parts: "".join(parts).encode("utf-8", "replace")),
)


@given(CONTENTS)
def test_no_content_raises_anything_but_a_safe_sentence(folder: Path, content: bytes) -> None:
    message = ""
    try:
        config(folder, content)
    except SettingsError as error:
        message = str(error)
    assert not UNSAFE.search(message)
    assert not message or message.startswith(f"{folder}/c.yaml ")


WORDS = st.text(st.characters(categories=["L", "Nd", "P", "S"]), min_size=1, max_size=12).filter(
    lambda text: visible(text) == text  # else it is refused
)
MARKS = st.fixed_dictionaries({}, optional={"read_only": st.booleans(), "production": st.booleans()}).filter(bool)
CONFIGS = st.fixed_dictionaries(
    {},
    optional={
        "profile": WORDS,
        "theme": WORDS,
        "filter": WORDS,
        "read_only": st.booleans(),
        "profiles": st.dictionaries(WORDS, MARKS),
        "accounts": st.dictionaries(st.from_regex(r"[0-9]{12}", fullmatch=True), MARKS),
    },
)


@given(CONFIGS)
def test_what_any_yaml_writer_wrote_is_what_is_read(folder: Path, written: dict[str, Any]) -> None:
    found = config(folder, yaml.safe_dump(written, allow_unicode=True))
    for name in ("profile", "theme", "filter"):
        located = getattr(found, name)
        assert (located.value if located else None) == written.get(name)
    assert bool(found.read_only) is written.get("read_only", False)
    for name in ("profiles", "accounts"):
        marks = {
            key: {flag: value for flag in ("read_only", "production") if (value := getattr(mark, flag)) is not None}
            for key, mark in getattr(found, name).items()
        }
        assert marks == {key: {"production": False, **flags} for key, flags in written.get(name, {}).items()}


def test_views_are_filters_by_name(folder: Path) -> None:
    views = config(folder, "views:\n  payments: tag:team=payments mem>512\n  'old ones': deprecated\n").views
    assert {name: (view.value, view.where.rpartition(" ")[2]) for name, view in views.items()} == {
        "payments": ("tag:team=payments mem>512", "2"),
        "old ones": ("deprecated", "3"),
    }


@pytest.mark.parametrize(
    ("text", "refresh", "idle"),
    [
        ("", 60, 900),
        ("refresh: 90s", 90, 900),
        ("refresh: off\nrefresh_idle: 2h", None, 7200),
        ("refresh: 5m", 300, 900),
    ],
)
def test_how_often_metrics_are_refreshed_is_told(tmp_path: Path, text: str, refresh: int | None, idle: int) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(text, encoding="utf-8")
    read_file = read(file)
    assert (read_file.refresh, read_file.refresh_idle) == (refresh, idle)
