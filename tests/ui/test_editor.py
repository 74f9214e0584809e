"""The editor: its colours, what is put into it, and the keys that are not its own."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import Color, ColorType
from textual._tree_sitter import TREE_SITTER
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.document._document import Document
from textual.document._wrapped_document import WrappedDocument

from lambdatui.model.text import visible
from lambdatui.settings import Located, Settings
from lambdatui.ui.screens.frame import FrameScreen
from lambdatui.ui.themes import THEMES
from lambdatui.ui.widgets.editor import SLICE, Editor
from lambdatui.ui.widgets.highlighting import BLOCK, LARGEST, LONGEST
from lambdatui.ui.widgets.large_text import EXACT, Plain, Unfolded
from tests.fakes import FakeAws
from tests.ui.stage import Stage, showing

if TYPE_CHECKING:
    from lambdatui.aws.gateway import Aws

pytestmark = pytest.mark.usefixtures("simulated")
coloured = pytest.mark.skipif(not TREE_SITTER, reason="no parser on this machine")

JSON = '{\n  "name": "über",\n  "n": 1.5,\n  "ok": [true, null, "in a list"]\n}'
YAML = "# why\nname: über\nn: 1.5\ntext: |\n  first\n  second\nok: true\n"


class EditorScreen(FrameScreen):
    """A screen with nothing but an editor, which notes the keys that come through to it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, f"note('{key}')", id=f"test.{key}") for key in ("f5", "ctrl+e", "ctrl+s", "ctrl+o", "ctrl+enter")
    ]

    def __init__(self, aws: Aws, text: str, language: str | None) -> None:
        super().__init__(aws, place="Editor")
        self.editor = Editor(text, language)
        self.noted: list[str] = []

    def content(self) -> ComposeResult:
        yield self.editor

    def action_note(self, key: str) -> None:
        """Note a key."""
        self.noted.append(key)


@asynccontextmanager
async def editing(
    aws: FakeAws, settings: Settings, text: str = JSON, language: str | None = "json", size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Stage, Editor]]:
    """The program with an editor on screen that has the focus."""
    async with showing(aws, settings, size=size) as stage:
        screen = EditorScreen(aws, text, language)
        await stage.app.push_screen(screen)
        screen.editor.focus()
        await stage.wait()
        yield stage, screen.editor


def looks(stage: Stage, word: str) -> Color:
    """The colour of the first run on screen that holds a word."""
    for strip in stage.app.screen._compositor.render_strips():
        for segment in strip:
            if word in segment.text:
                return segment.style.color if segment.style and segment.style.color else Color.default()
    raise AssertionError(f"{word} is not on screen")


def coloured_words(editor: Editor) -> dict[str, str]:
    """What of the text has which look, by the text; what counts where several do."""
    found: dict[str, str] = {}
    for row in range(editor.document.line_count):
        line = editor.document.get_line(row).encode()
        for start, end, look in editor._highlights[row]:
            found[line[start:end].decode()] = look
    return found


# Colours ------------------------------------------------------------------------------------------------------------


@coloured
async def test_names_strings_and_values_of_json_are_told_apart(aws: FakeAws, settings: Settings) -> None:
    async with editing(aws, settings) as (stage, editor):
        assert coloured_words(editor) == {
            '"name"': "key", '"über"': "text", '"n"': "key", "1.5": "value", '"ok"': "key", "true": "value",
            "null": "value", '"in a list"': "text",
        }  # fmt: skip
        assert len({looks(stage, it) for it in ('"name"', "über", "1.5")}) == 3


@coloured
async def test_names_texts_values_and_comments_of_yaml_are_told_apart(aws: FakeAws, settings: Settings) -> None:
    async with editing(aws, settings, YAML, "yaml") as (_, editor):
        words = coloured_words(editor)
        assert words == {
            "# why": "comment", "name": "key", "über": "text", "n": "key", "1.5": "value", "text": "key", "|": "text",
            "  first": "text", "  second": "text", "ok": "key", "true": "value",
        }  # fmt: skip


@coloured
@pytest.mark.parametrize("theme", [theme.name for theme in THEMES])
async def test_the_colours_are_those_of_the_theme(theme: str, aws: FakeAws, settings: Settings) -> None:
    async with editing(aws, settings) as (stage, _):
        stage.app.theme = theme
        await stage.wait()
        assert looks(stage, '"name"') != looks(stage, "über")
        if theme.endswith("16"):
            assert {looks(stage, it).type for it in ('"name"', "1.5")} <= {ColorType.DEFAULT, ColorType.STANDARD}


@coloured
async def test_another_theme_changes_what_is_on_screen(aws: FakeAws, settings: Settings) -> None:
    settings = replace(settings, theme=Located("lambdatui", "config.yaml line 1"))
    async with editing(aws, settings) as (stage, _):
        dark = looks(stage, '"name"')
        stage.app.theme = "lambdatui-light"
        await stage.wait()
        assert looks(stage, '"name"') != dark


@coloured
async def test_the_language_can_be_changed_and_taken_away(aws: FakeAws, settings: Settings) -> None:
    async with editing(aws, settings, "a: 1") as (_, editor):
        assert "a" not in coloured_words(editor)
        editor.language = "yaml"
        assert coloured_words(editor) == {"a": "key", "1": "value"}
        editor.language = None
        assert coloured_words(editor) == {}
        assert editor.text == "a: 1"


@coloured
async def test_what_is_typed_has_its_colours_at_once(aws: FakeAws, settings: Settings) -> None:
    async with editing(aws, settings, "[]") as (stage, editor):
        await stage.press("right", *"12")
        assert coloured_words(editor) == {"12": "value"}


@coloured
async def test_a_text_that_becomes_too_large_loses_its_colours_and_nothing_else(
    aws: FakeAws, settings: Settings
) -> None:
    async with editing(aws, settings) as (stage, editor):
        await stage.press("down", "end")
        await stage.paste("\n" + '  "x": 1,\n' * (LARGEST // 10))
        assert coloured_words(editor) == {}
        assert editor.cursor_location[0] > 1000
        await stage.press("ctrl+z")
        assert editor.text == JSON
        assert "1.5" in coloured_words(editor)


@coloured
@pytest.mark.parametrize(
    "text", ['"' + "x" * LONGEST + '"', "[\n" + "1,\n" * (LARGEST // 3) + "1]"], ids=["line", "text"]
)
async def test_long_lines_and_long_texts_have_no_colours(text: str, aws: FakeAws, settings: Settings) -> None:
    async with editing(aws, settings, text) as (_, editor):
        assert editor._highlight_query is None
        assert editor.text == text


@coloured
async def test_a_string_over_many_lines_is_one_wherever_it_is_looked_at(aws: FakeAws, settings: Settings) -> None:
    text = "a: |\n" + "  b: 1\n" * (3 * BLOCK) + "c: 2\n"
    async with editing(aws, settings, text, "yaml") as (_, editor):
        assert [it[2] for it in editor._highlights[2 * BLOCK]] == ["text"]
        assert [it[2] for it in editor._highlights[3 * BLOCK + 1]] == ["text", "value", "key"]


def test_without_a_parser_it_is_an_editor_all_the_same() -> None:
    code = """
        import sys
        sys.modules["tree_sitter"] = None
        from textual.app import App
        from lambdatui.ui.themes import DARK
        from lambdatui.ui.widgets.editor import Editor
        import asyncio

        class Bare(App):
            def compose(self):
                yield Editor("{}", "json")

        async def main():
            async with Bare().run_test() as pilot:
                editor = pilot.app.query_one(Editor)
                editor.focus()
                await pilot.press("right", "1")
                editor.replace_all("[2]")
                print(editor.text)

        asyncio.run(main())
    """
    told = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True)
    assert told.stdout == "[2]\n"


@pytest.mark.parametrize("lines", [10, 23, 100])
async def test_many_lines_that_were_pasted_can_be_taken_back_and_put_there_again(
    lines: int, aws: FakeAws, settings: Settings
) -> None:
    async with editing(aws, settings, "") as (stage, editor):
        await stage.paste("x\n" * lines)
        await stage.press("ctrl+z")
        assert editor.text == ""
        await stage.press("ctrl+y")
        assert editor.text == "x\n" * lines


# Text that is put there ---------------------------------------------------------------------------------------------


async def test_what_is_replaced_comes_back_with_one_key(aws: FakeAws, settings: Settings) -> None:
    async with editing(aws, settings, "[]") as (stage, editor):
        await stage.press("right", "1")
        editor.replace_all("[\n  2\n]\n" + "\n" * 50)
        await stage.wait()
        assert editor.cursor_location == (0, 0)
        assert editor.scroll_offset.y == 0
        await stage.press("ctrl+z")
        assert editor.text == "[1]"
        await stage.press("ctrl+y")
        assert editor.text.startswith("[\n  2")


async def test_typing_goes_on_after_a_replacement_as_a_step_of_its_own(aws: FakeAws, settings: Settings) -> None:
    async with editing(aws, settings, "[]") as (stage, editor):
        editor.replace_all("{}")
        await stage.press("x", "ctrl+z")
        assert editor.text == "{}"
        await stage.press("ctrl+z")
        assert editor.text == "[]"


@pytest.mark.parametrize(
    ("place", "cursor"), [((2, 3), (1, 2)), ((0, 0), (0, 0)), ((99, 99), (4, 1)), ((2, 99), (1, 17))]
)
async def test_it_goes_to_a_line_and_column_or_the_nearest(
    place: tuple[int, int], cursor: tuple[int, int], aws: FakeAws, settings: Settings
) -> None:
    async with editing(aws, settings) as (_, editor):
        editor.go_to(*place)
        assert editor.cursor_location == cursor


# Keys ---------------------------------------------------------------------------------------------------------------


async def test_the_keys_of_the_pane_come_through_and_do_nothing_to_the_text(aws: FakeAws, settings: Settings) -> None:
    async with editing(aws, settings) as (stage, editor):
        keys = ("f5", "ctrl+e", "ctrl+s", "ctrl+o", "ctrl+enter")
        await stage.press(*keys)
        assert isinstance(stage.app.screen, EditorScreen)
        assert tuple(stage.app.screen.noted) == keys
        assert editor.text == JSON
        assert editor.cursor_location == (0, 0)
        await stage.press("end")
        assert editor.cursor_location == (0, 1)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30))
def test_any_line_has_colours_within_its_bytes(text: str) -> None:
    from textual._tree_sitter import get_language
    from textual.document._syntax_aware_document import SyntaxAwareDocument

    from lambdatui.ui.widgets.highlighting import QUERIES, Highlights

    for name, query in QUERIES.items():
        language = get_language(name)
        if language is None:
            return
        document = SyntaxAwareDocument(text, language)
        highlights = Highlights(document, document.prepare_query(query))
        for start, end, _ in highlights[0]:
            assert 0 <= start <= (end or len(text.encode())) <= len(text.encode())


LINES = st.text(st.sampled_from("a\t\n\u4e00e\u0301"), max_size=40)


@given(LINES, LINES, st.data())
def test_a_document_for_large_texts_answers_as_textual_does(text: str, put: str, data: st.DataObject) -> None:
    documents = Document(text), Plain(text)
    folds = WrappedDocument(documents[0], tab_width=2), Unfolded(documents[1], tab_width=2)
    assert documents[0].get_size(2) == documents[1].get_size(2)
    places = [(row, column) for row, line in enumerate(documents[0].lines) for column in range(len(line) + 1)]
    start, end = sorted(data.draw(st.tuples(st.sampled_from(places), st.sampled_from(places))))
    results = [it.replace_range(start, end, put) for it in documents]
    assert results[0] == results[1]
    assert documents[0].text == documents[1].text
    assert documents[0].get_size(2) == documents[1].get_size(2)
    for fold in folds:
        fold.wrap_range(start, end, results[0].end_location)
    assert folds[0].height == folds[1].height
    for row, line in enumerate(documents[0].lines):
        for column in range(len(line) + 1):
            offset = folds[0].location_to_offset((row, column))
            assert folds[1].location_to_offset((row, column)) == offset
            assert folds[1].offset_to_location(offset) == folds[0].offset_to_location(offset)
        assert folds[1].get_offsets(row) == []
        assert folds[1]._offset_to_line_info[row] == folds[0]._offset_to_line_info[row]


def test_a_text_of_very_many_lines_is_as_wide_as_its_widest_line_ever_was() -> None:
    document = Plain("ab\n" * EXACT)
    assert document.get_size(2).width == 2
    document.replace_range((5, 0), (5, 0), "four\n\u4e00\u4e00\u4e00")
    assert document.get_size(2) == (6 + 2, EXACT + 2)
    document.replace_range((6, 0), (6, 4), "")
    assert document.get_size(2).width >= 4
    document.replace_range((1, 0), document.end, "")
    assert document.get_size(2) == (2, 2)


async def test_a_large_paste_is_safe_to_draw_however_it_is_cut(aws: FakeAws, settings: Settings) -> None:
    line = "\u202e" + "x" * 998 + "\r\n"
    async with editing(aws, settings, "") as (stage, editor):
        await stage.paste(line * (3 * SLICE // 1_000))
        assert editor.text == visible(line.replace("\r\n", "\n")) * (3 * SLICE // 1_000)
