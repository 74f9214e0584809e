"""The tabs of a function. Each is imported when it is opened: all of them are a quarter of the program."""

from __future__ import annotations

from importlib import import_module

from lambdatui.ui.detail import DetailPane


def pane_of(name: str) -> type[DetailPane]:
    """The pane of the tab of that name, which is one of `TABS`, from the module that is called like it."""
    module = import_module(f"{__package__}.{name.replace('-', '_')}")
    kinds = (it for it in vars(module).values() if isinstance(it, type) and issubclass(it, DetailPane))
    return next(it for it in kinds if it.__module__ == module.__name__ and name == it.NAME)
