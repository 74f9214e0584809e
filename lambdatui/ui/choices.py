"""What a configuration file may choose here: a theme, and keys for the bindings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.keys import KEY_NAME_REPLACEMENTS, Keys, key_to_character

from lambdatui.settings import SettingsError, nearest
from lambdatui.ui import themes
from lambdatui.ui.commands import binding_ids

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lambdatui.settings import Located

MODIFIERS = frozenset({"alt", "ctrl", "hyper", "meta", "shift", "super"})
NAMED_KEYS = frozenset({key.value for key in Keys} | set(KEY_NAME_REPLACEMENTS.values()))


def chosen_theme(remembered: object, theme: Located | None, environment: Mapping[str, str]) -> str:
    """The theme's name: what was chosen last in the program, else what the file says, else what the terminal bears.

    Raises SettingsError for one of the file that is not there.
    """
    known = themes.names()
    if theme is not None and theme.value not in known:
        raise SettingsError(f"{theme.where}: there is no theme '{theme.value}'.{nearest(theme.value, known)}")
    if isinstance(remembered, str) and remembered in known:
        return remembered
    return themes.default_for(environment) if theme is None else theme.value


def checked_keymap(keymap: Mapping[str, Located]) -> dict[str, str]:
    """Keys by binding id. Raises SettingsError for an id that no binding has, and for a key that there is not."""
    if not keymap:
        return {}
    known = binding_ids()
    for name, keys in keymap.items():
        if name not in known:
            raise SettingsError(f"{keys.where}: there is no binding '{name}'.{nearest(name, known)}")
        for key in keys.value.split(","):
            if not is_key(key.strip()):
                near = nearest(key.strip().rpartition("+")[2], NAMED_KEYS)
                example = near if "Did you mean" in near else ""  # all of them would be a page
                raise SettingsError(f"{keys.where}: there is no key '{key.strip()}'.{example} Write it as in 'ctrl+x'.")
    return {name: keys.value for name, keys in keymap.items()}


def is_key(key: str) -> bool:
    """Whether Textual could ever report a key of this name: "f5", "ctrl+x", "?", "question_mark"."""
    if len(key) == 1:
        return key.isprintable() and key != " "
    *modifiers, name = key.split("+")
    named = len(name) == 1 or name in NAMED_KEYS or key_to_character(name) is not None
    return named and set(modifiers) <= MODIFIERS
