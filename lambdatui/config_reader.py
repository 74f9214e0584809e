"""The configuration file: YAML that a person wrote, read so that every mistake names its line.

The text is composed into nodes and never constructed: a node knows its line, keeps what was written (`0123` stays
`0123`, `no` stays `no`), shows keys that are there twice, and cannot make an object. Aliases stay references to one
node and the schema is three levels deep, so a "billion laughs" file costs what its bytes cost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import yaml
from yaml.nodes import MappingNode, ScalarNode, SequenceNode
from yaml.reader import ReaderError

from lambdatui.config_file import (
    LEAST_IDLE,
    LEAST_LINES,
    LEAST_REFRESH,
    MOST_IDLE,
    MOST_LINES,
    MOST_REFRESH,
    ConfigFile,
    Located,
    Marks,
    SettingsError,
    nearest,
    shown,
)
from lambdatui.model.text import one_line

if TYPE_CHECKING:
    from yaml.nodes import Node

MAX_BYTES = 1_000_000
"""More than any list of accounts needs; a larger file is not ours (a log or a dump named by mistake)."""
MAX_KEYS = 16
"""Keys of one binding."""

_MARKS = ("read_only", "production")
_TAG = "tag:yaml.org,2002:"
# What a plain word may resolve to and still mean the word. `=`, a key of a keymap, is YAML's "value".
_WORDS = frozenset(_TAG + name for name in ("str", "int", "float", "bool", "timestamp", "value", "merge"))
_TRUE, _FALSE = frozenset({"true", "yes", "on"}), frozenset({"false", "no", "off"})
_ACCOUNT = r"[0-9]{12}"


def read(path: Path) -> ConfigFile:
    """The configuration in the file at `path`. Raises SettingsError, also where there is no such file."""
    name = one_line(str(path))
    text = _decoded(_bytes(path, name), name)
    root = _composed(text, name)
    return ConfigFile(path=path) if root is None else _Reader(name).config(path, root)


def _bytes(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise SettingsError(f"{name}: there is no such configuration file. Check the name after --config.") from None
    except IsADirectoryError:
        raise SettingsError(f"{name} is a folder, not a configuration file. Name the file inside it.") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = one_line((error.strerror if isinstance(error, OSError) else None) or str(error))
        raise SettingsError(f"{name} cannot be read: {reason}. Check the file and its permissions.") from None
    if len(data) > MAX_BYTES:
        raise SettingsError(f"{name} is larger than 1 MB: not a configuration file of lambdatui. Name another one.")
    return data


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SettingsError(f"{name} line {line}: not UTF-8 text. Save the file with the encoding UTF-8.") from None


def _composed(text: str, name: str) -> Node | None:
    line = 1
    try:
        loader = yaml.SafeLoader(text)
        try:
            return loader.get_single_node()
        finally:
            line = loader.line + 1
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else line
        raise SettingsError(f"{name} line {line}: {_what(error)}") from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise SettingsError(f"{name} line {line}: a control character that YAML does not allow. Remove it.") from None
    except RecursionError:
        raise SettingsError(f"{name} line {line}: nested too deeply. Nothing in this file needs that.") from None
    except (yaml.YAMLError, ValueError, OverflowError):
        # PyYAML lets Python's own errors out for an escape beyond Unicode ("\UFFFFFFFF") and for endless numbers.
        raise SettingsError(
            f"{name} line {line}: not valid YAML (an escape or number out of range). Correct it."
        ) from None


def _what(error: yaml.MarkedYAMLError) -> str:
    problem = one_line(str(error.problem or error.context))
    if r"'\t'" in problem:
        return "a tab where YAML wants spaces. Indent with spaces."
    return f"not valid YAML ({problem}). Check the indentation, and put quotes around values with special characters."


class _Reader:
    """Nodes to values. Every refusal names the file, the line and the remedy."""

    def __init__(self, name: str) -> None:
        self._name = name

    def config(self, path: Path, root: Node) -> ConfigFile:
        nodes = self._pairs(root, "the configuration")
        for key, (where, _) in nodes.items():
            if key not in _SETTINGS:
                raise SettingsError(f"{where}: there is no setting {shown(key)}.{nearest(key, _SETTINGS)}")
        values = {key: read(self, nodes[key][1], f"'{key}'") for key, read in _SETTINGS.items() if key in nodes}
        return ConfigFile(path=path, **values)

    def text(self, node: Node, what: str) -> Located:
        """Text on one line that can be shown."""
        if not isinstance(node, ScalarNode):
            self._fail(node, f"{what} must be text, not {_kind(node)}.")
        if node.tag == _TAG + "null" or not node.value.strip():
            self._fail(node, f"{what} is empty. Give it a value, in quotes if YAML reads it as nothing, or remove it.")
        if node.tag not in _WORDS:
            self._fail(node, f"{what} carries the tag {shown(node.tag)}. Remove the tag.")
        if one_line(node.value) != node.value:
            self._fail(node, f"{what} has characters that cannot be shown: {shown(node.value)}. Remove them.")
        return Located(node.value, self._where(node))

    def choice(self, node: Node, what: str, *words: str) -> str:
        """One of these words."""
        word = self.text(node, what).value
        if word not in words:
            self._fail(node, f"{what} must be {' or '.join(words)}, not {shown(word)}.")
        return word

    def lines(self, node: Node, what: str) -> int:
        """How many lines a log keeps."""
        word = self.text(node, what).value.replace("_", "")
        if not (word.isascii() and word.isdigit() and LEAST_LINES <= int(word[:9]) <= MOST_LINES):
            self._fail(node, f"{what} must be a number from {LEAST_LINES} to {MOST_LINES}, not {shown(word)}.")
        return int(word)

    def refresh(self, node: Node, what: str) -> int | None:
        """Seconds between two refreshes of metrics; None for off, which YAML may read as false."""
        if self.text(node, what).value.lower() == "off":
            return None
        return self.seconds(node, what, LEAST_REFRESH, MOST_REFRESH, "off, or ")

    def seconds(self, node: Node, what: str, least: int, most: int, besides: str = "") -> int:
        """A time in seconds, written as in 60s, 5m, 1h."""
        word = self.text(node, what).value
        found = re.fullmatch(r"([0-9]{1,6})([smh])", word)
        seconds = int(found[1]) * {"s": 1, "m": 60, "h": 3600}[found[2]] if found else 0
        if not least <= seconds <= most:
            self._fail(node, f"{what} must be {besides}a time from {least}s to {most // 3600}h, not {shown(word)}.")
        return seconds

    def read_only(self, node: Node, what: str) -> str:
        """Where it is said that nothing may be changed; empty where the contrary is."""
        return self._where(node) if self._flag(node, what) else ""

    def keymap(self, node: Node, what: str) -> Mapping[str, Located]:
        """Keys by the binding that they are for."""
        return {key: self._keys(it, f"the binding {shown(key)}") for key, (_, it) in self._pairs(node, what).items()}

    def profiles(self, node: Node, what: str) -> Mapping[str, Marks]:
        """What profiles are marked as."""
        return {key: self._marks(it, shown(key), where) for key, (where, it) in self._pairs(node, what).items()}

    def accounts(self, node: Node, what: str) -> Mapping[str, Marks]:
        """What accounts are marked as."""
        pairs = self._pairs(node, what)
        return {self._account(key, where): self._marks(it, shown(key), where) for key, (where, it) in pairs.items()}

    def views(self, node: Node, what: str) -> Mapping[str, Located]:
        """Filters by their name."""
        return {key: self.text(it, f"the view {shown(key)}") for key, (_, it) in self._pairs(node, what).items()}

    # What they are made of --------------------------------------------------------------------------------------

    def _where(self, node: Node) -> str:
        return f"{self._name} line {node.start_mark.line + 1}"

    def _fail(self, node: Node, problem: str) -> NoReturn:
        raise SettingsError(f"{self._where(node)}: {problem}")

    def _pairs(self, node: Node, what: str) -> Mapping[str, tuple[str, Node]]:
        """A mapping's keys as they were written, each with its place and its value. An empty one may be left blank."""
        if node.tag == _TAG + "null":
            return {}
        if not isinstance(node, MappingNode) or node.tag != _TAG + "map":
            self._fail(node, f"{what} must be lines of the form 'name: value', not {_kind(node)}.")
        found: dict[str, tuple[str, Node]] = {}
        for key_node, value in node.value:
            key = self.text(key_node, f"a name in {what}")
            if key.value in found:
                earlier = found[key.value][0].rpartition(" ")[2]
                self._fail(key_node, f"{shown(key.value)} is here again, after line {earlier}. Keep one of the two.")
            found[key.value] = (key.where, value)
        return found

    def _flag(self, node: Node, what: str) -> bool:
        word = node.value.lower() if node.tag == _TAG + "bool" and isinstance(node.value, str) else ""
        if word not in _TRUE | _FALSE:
            self._fail(node, f"{what} must be true or false (without quotes), not {_kind(node)}.")
        return word in _TRUE

    def _keys(self, node: Node, what: str) -> Located:
        """Keys as Textual's keymap takes them: "i,ctrl+i"."""
        listed = node.value if isinstance(node, SequenceNode) else [node]
        if not 0 < len(listed) <= MAX_KEYS:
            self._fail(node, f"{what} has {len(listed)} keys. Give it 1 to {MAX_KEYS}, or remove the line.")
        keys = [key.strip() for item in listed for key in self.text(item, what).value.split(",")]
        for key in keys:
            if not key or any(character.isspace() for character in key):
                self._fail(node, f"{what} has a key {shown(key)}. Write keys as in 'i, ctrl+i, f5, space, comma'.")
        if len(keys) > MAX_KEYS:
            self._fail(node, f"{what} has {len(keys)} keys. Give it 1 to {MAX_KEYS}.")
        return Located(",".join(keys), self._where(node))

    def _marks(self, node: Node, what: str, where: str) -> Marks:
        pairs = self._pairs(node, what)
        for key, (place, _) in pairs.items():
            if key not in _MARKS:
                raise SettingsError(f"{place}: {what} cannot be marked {shown(key)}.{nearest(key, _MARKS)}")
        if not pairs:
            # Most likely an indentation that was lost, and with it a protection.
            raise SettingsError(f"{where}: {what} has no marks. Indent 'read_only: true' or the like below it.")
        flags = {key: self._flag(value, f"'{key}' of {what}") for key, (_, value) in pairs.items()}
        return Marks(flags.get("read_only"), flags.get("production", False), where)

    def _account(self, key: str, where: str) -> str:
        if not re.fullmatch(_ACCOUNT, key):
            raise SettingsError(f"{where}: {shown(key)} is not an account id. Write its 12 digits, without hyphens.")
        return key


_SETTINGS: Mapping[str, Callable[[_Reader, Node, str], Any]] = {
    "profile": _Reader.text,
    "region": _Reader.text,
    "endpoint_url": _Reader.text,
    "filter": _Reader.text,
    "theme": _Reader.text,
    "characters": _Reader.text,
    "tail": lambda reader, node, what: reader.choice(node, what, "poll", "live"),
    "history": lambda reader, node, what: reader.choice(node, what, "on", "off"),
    "log_lines": _Reader.lines,
    "refresh": _Reader.refresh,
    "refresh_idle": lambda reader, node, what: reader.seconds(node, what, LEAST_IDLE, MOST_IDLE),
    "read_only": _Reader.read_only,
    "keymap": _Reader.keymap,
    "profiles": _Reader.profiles,
    "accounts": _Reader.accounts,
    "views": _Reader.views,
}
"""How each setting is read, in the order in which they are checked. Each is the field of ConfigFile of that name."""


def _kind(node: Node) -> str:
    if isinstance(node.value, str):
        return shown(node.value) if node.value else "nothing"
    return "a list" if isinstance(node, SequenceNode) else "a mapping of names"
