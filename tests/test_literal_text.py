"""No text from outside is markup: mypy fails for every way of giving a widget a plain `str`, and for nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("mypy", reason="mypy comes with the extra `dev`")

ROOT = Path(__file__).parents[1]

HEAD = """
from __future__ import annotations
from rich.text import Text
from textual.app import App
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import *
from textual.widgets.option_list import Option


def sample(app: App[None], screen: Screen[None], widget: Widget, static: Static, label: Label, button: Button,
           tree: Tree[str], table: DataTable[str], text: str, maybe: str | None, texts: list[str], content: Content,
           yes: bool) -> None:
"""

MARKUP = """
    Static(text)
    Static(f"{text}!")
    Static("a" + text)
    Static(maybe or "")
    Static("a" if yes else text)
    Static(text.upper(), classes="x")
    Static(text, markup=True)
    Static(text, markup=yes)
    static.update(text)
    static.content = text
    Label(text)
    label.update(text)
    Button(text)
    button.label = text
    app.notify(text)
    app.notify("said", title=text)
    screen.notify(text, severity="error")
    widget.notify(f"{text}")
    widget.border_title = text
    widget.border_subtitle = text
    widget.tooltip = text
    static.tooltip = maybe
    widget.with_tooltip(text)
    OptionList(text)
    OptionList(*texts)
    OptionList().add_option(text)
    Option(text)
    Tree(text)
    tree.root.add(text)
    tree.root.add_leaf(text)
    tree.root.set_label(text)
    Tab(text)
    Tabs(text)
    TabPane(text)
    TabbedContent(text)
    Select([(text, 1)])
    SelectionList((text, 1))
    Checkbox(text)
    RadioButton(text)
    RadioSet(text)
    Collapsible(title=text)
    table.add_row(text)
    table.add_column(text)
    table.add_columns(text)
    table.update_cell("row", "column", text)
    Content.from_markup(text)
    Text.from_markup(text)
"""

LITERAL = """
    Static("[b]said[/b]")
    Static("a" if yes else "b")
    Static(Content(text))
    Static(Text(text))
    Static(text, markup=False)
    Static(content, id=text, classes=text)
    static.update(Content(text))
    static.update(content)
    app.notify(text, markup=False)
    app.notify("said", title="word")
    widget.border_title = Content(text)
    widget.tooltip = Content(text)
    widget.tooltip = None
    Input(value=text, placeholder=text)
    TextArea(text)
    OptionList(*map(Content, texts))
    Select([(Content(text), 1)])
    Tab(Content(text))
    Log().write_line(text)
"""

CLASSES = """

class Handing(Static):
    def __init__(self, text: str, texts: list[str], yes: bool) -> None:
        super().__init__(text)  # markup
        super().__init__(f"{text}")  # markup
        super().__init__("a" + text)  # markup
        super().__init__(" ".join(texts))  # markup
        super().__init__(str(texts))  # markup
        super().__init__(content=text)  # markup
        super().__init__("a" if yes else text)  # markup
        super().__init__(text, markup=False)
        super().__init__(Content(text), id=text)
        super().__init__("said")


class Inheriting(Static):
    pass


def inherited(text: str) -> Inheriting:
    return Inheriting(text)  # markup
"""


def test_mypy_fails_for_markup_from_outside_and_for_nothing_else(tmp_path: Path) -> None:
    module = tmp_path / "sample.py"
    module.write_text(HEAD + MARKUP + LITERAL + CLASSES)
    command = [sys.executable, "-m", "mypy", "--config-file", "pyproject.toml", "--cache-dir", str(tmp_path / "cache")]
    ended = subprocess.run(
        [*command, "--no-error-summary", str(module)],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert ended.returncode == 1, ended.stdout + ended.stderr
    told = {int(line.split(":")[1]) for line in ended.stdout.splitlines() if line.startswith(str(module))}
    lines = module.read_text().splitlines()
    bad = {line.strip() for line in MARKUP.splitlines() if line} | {line for line in lines if "# markup" in line}
    expected = {number for number, line in enumerate(lines, 1) if line and (line.strip() in bad or line in bad)}
    assert [lines[number - 1] for number in sorted(expected - told)] == []
    assert [lines[number - 1] for number in sorted(told - expected)] == []
