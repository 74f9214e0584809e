"""The keys: one declaration each, shown where they act, changed by the user's keymap, and never in each other's way."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.dom import DOMNode
from textual.events import Key
from textual.widget import Widget
from textual.widgets import Input, TextArea

from lambdatui.app import LambdaTui
from lambdatui.model.errors import EndpointGone
from lambdatui.settings import Located, Settings, SettingsError
from lambdatui.ui.choices import checked_keymap
from lambdatui.ui.commands import binding_ids
from lambdatui.ui.pane import Pane
from lambdatui.ui.panes.functions import FunctionsPane
from lambdatui.ui.panes.invoke import InvokePane
from lambdatui.ui.panes.logs import LogsPane
from lambdatui.ui.screens.frame import FrameScreen
from lambdatui.ui.screens.function import FunctionScreen
from lambdatui.ui.screens.help import HelpScreen
from lambdatui.ui.screens.main import MainScreen
from tests.fakes import FakeAws
from tests.ui.stage import PANES, Stage, settled, showing
from tests.ui.tabs import DETAILS

pytestmark = pytest.mark.usefixtures("simulated")

SHADOWED = {
    # Closes an input, clears a filter or stops waiting before it goes back: KEYS, "enter / esc".
    "escape",
    # Of a log: the line in place of the function; digits choose a window after `w` alone.
    *("c", "y", "1", "2", "3", "4", "5"),
    # Of the invoke pane: to the next part, also where only one of them is in sight.
    *("tab", "shift+tab"),
}
"""Keys of the app and of screens that something inside a pane may take for itself."""


def classes(base: type[DOMNode] = DOMNode) -> Iterator[type[DOMNode]]:
    """This program's own classes that may have bindings."""
    for each in base.__subclasses__():
        if each.__module__.startswith("lambdatui."):
            yield each
        yield from classes(each)


def declared(kind: type[DOMNode]) -> list[Binding]:
    """The bindings that a class itself declares, a key each."""
    return list(Binding.make_bindings(kind.__dict__.get("BINDINGS", ())))


def keymapped(settings: Settings, **keys: str) -> Settings:
    """The settings with another keymap; `functions__invoke` stands for `functions.invoke`."""
    where = "config.yaml line 7"
    return replace(settings, keymap={name.replace("__", "."): Located(key, where) for name, key in keys.items()})


# Declarations -------------------------------------------------------------------------------------------------------


def test_every_binding_has_an_id_of_its_own_and_says_what_it_does() -> None:
    found = 0
    for kind in set(classes()):
        assert kind.__name__[0].isupper(), f"The help calls {kind.__name__} by its name."
        for binding in declared(kind):
            found += 1
            assert binding.id, f"{kind.__name__}: {binding.key}"
            assert binding.description, f"{kind.__name__}: {binding.key}"
    assert found > 60


def test_a_keymap_may_name_what_no_module_has_declared_yet_when_the_program_starts() -> None:
    code = "from lambdatui import app; from lambdatui.ui.commands import binding_ids; print(*sorted(binding_ids()))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert set(told) == binding_ids()
    assert {"pick.close", "mfa.cancel", "app.command", "help.close"} <= set(told)


def test_no_two_bindings_have_the_same_id() -> None:
    ids = Counter(binding.id for kind in set(classes()) for binding in kind.__dict__.get("BINDINGS", ()) if binding.id)
    assert [name for name, count in ids.items() if count > 1] == []
    assert set(ids) == binding_ids()


@pytest.mark.parametrize("kind", sorted(set(classes()), key=str), ids=lambda kind: kind.__name__)
def test_no_two_bindings_of_a_class_share_a_key(kind: type[DOMNode]) -> None:
    ours = [base for base in inspect.getmro(kind) if base.__module__.startswith("lambdatui.")]
    keys = Counter(binding.key for base in ours for binding in declared(base))
    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize("kind", PANES, ids=lambda kind: kind.NAME)
async def test_nothing_in_a_pane_takes_a_key_of_the_program_for_itself(
    kind: type[Pane], aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings, kind) as stage:
        await settled(stage.pilot)
        screen = stage.app.screen
        everywhere = {key for node in (stage.app, screen) for key in node._bindings.key_to_bindings}
        pane = stage.pane(kind)
        # What is typed into belongs to who types.
        inside = [it for it in pane.walk_children(Widget, with_self=True) if not isinstance(it, Input | TextArea)]
        taken = {key: type(it).__name__ for it in inside for key in it._bindings.key_to_bindings if key in everywhere}
        assert {key: name for key, name in taken.items() if key not in SHADOWED} == {}
        for other in inside:
            if other is not pane:
                shared = set(other._bindings.key_to_bindings) & set(pane._bindings.key_to_bindings)
                # A list inside a pane is loaded again by itself: what else there is stays as it is.
                assert shared <= SHADOWED | ({"r", "ctrl+r"} if isinstance(other, Pane) else set()), other


async def test_every_tab_has_a_key_of_its_own() -> None:
    keys = [pane.KEY for pane in DETAILS]
    assert all(keys)
    assert len(set(keys)) == len(keys)


async def test_a_key_of_the_list_that_opens_a_tab_is_the_key_and_the_name_of_the_tab() -> None:
    opening = {
        binding.action: (binding.key, binding.description)
        for binding in FunctionsPane.BINDINGS
        if isinstance(binding, Binding) and binding.action.startswith("open(")
    }
    tabs = {f"open('{pane.NAME}')": (pane.KEY, pane.TITLE) for pane in DETAILS}
    assert opening.items() <= tabs.items()
    assert {f"open('{pane.NAME}')" for pane in (LogsPane, InvokePane)} <= set(opening)


# Quitting -----------------------------------------------------------------------------------------------------------


async def test_q_on_the_start_screen_quits(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.tap("q")
    assert stage.app.return_code == 0
    assert aws.closed


async def test_q_on_a_function_goes_back(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("enter", "q")
        assert isinstance(stage.app.screen, MainScreen)
        assert stage.app.is_running


@pytest.mark.parametrize("before", [[], ["enter"], ["i"], ["slash"], ["question_mark"], ["ctrl+p"]], ids=str)
async def test_ctrl_c_twice_quits_anywhere(before: list[str], aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.press(*before, "ctrl+c")
        assert not stage.leaving()
        assert stage.toasts == ["Press ctrl+c again to quit."]
        await stage.tap("ctrl+c")
        assert stage.leaving()
    assert stage.app.return_code == 0


async def test_ctrl_c_again_after_a_while_does_not_quit(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("ctrl+c")
        await stage.wait(3)
        await stage.press("ctrl+c")
        assert not stage.leaving()


async def test_ctrl_c_copies_what_is_selected_in_an_editor(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, InvokePane) as stage:
        await stage.press("f7", "ctrl+c")
        assert not stage.leaving()
        assert stage.app.clipboard == "{}"


@pytest.mark.parametrize("before", [[], ["enter"], ["i"], ["slash"], ["question_mark"]], ids=str)
async def test_ctrl_q_does_nothing(before: list[str], aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.press(*before, "ctrl+q")
        assert not stage.leaving()


# Tabs and focus -----------------------------------------------------------------------------------------------------


async def test_brackets_go_round_the_tabs(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("enter")
        tabs = stage.app.screen.query_one("TabbedContent")
        seen = []
        for _ in DETAILS:
            await stage.press("right_square_bracket")
            seen.append(getattr(tabs, "active", ""))
            if seen[-1] == "tab-invoke":
                await stage.press("escape")
        first, *others = (f"tab-{pane.NAME}" for pane in DETAILS)
        assert seen == [*others, first]
        await stage.press("left_square_bracket", "left_square_bracket")
        assert getattr(tabs, "active", "") == others[-2]


async def test_tab_and_shift_tab_move_the_focus_and_never_lose_it(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        for screen in (MainScreen, FunctionScreen):
            assert isinstance(stage.app.screen, screen)
            for key in ("tab", "tab", "tab", "shift+tab"):
                await stage.press(key)
                assert stage.app.screen.focused is not None
            stage.pane(FunctionsPane).table.focus()
            await stage.press("enter")


# Help ---------------------------------------------------------------------------------------------------------------


def live(stage: Stage) -> set[str]:
    """What can be done here, by the live bindings themselves."""
    return {
        active.binding.tooltip or active.binding.description
        for active in stage.app.screen.active_bindings.values()
        if not active.binding.system
    }


@pytest.mark.parametrize("kind", [kind for kind in PANES if kind is not InvokePane], ids=lambda kind: kind.NAME)
async def test_help_lists_what_can_be_done_here(kind: type[Pane], aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, kind, size=(100, 80)) as stage:
        await settled(stage.pilot)
        commands = live(stage)
        await stage.press("question_mark")
        assert isinstance(stage.app.screen, HelpScreen)
        box = stage.app.screen.query_one(VerticalScroll).content_region
        said = " ".join(" ".join(line[box.x : box.right] for line in stage.lines[box.y : box.bottom]).split())
        assert {command for command in commands if command not in said} == set()
        assert len(commands) > 10
        await stage.press("question_mark")
        assert isinstance(stage.app.screen, FrameScreen)


async def test_help_names_every_key_of_a_command(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, size=(100, 80)) as stage:
        await stage.press("enter", "question_mark")
        for said in (
            "esc q Back to where this was opened",
            ": Type a command",
            "^p All commands",
            "r ^r Load again",
            "] Next tab",
            "? The keys",
        ):
            assert said in stage.words


async def test_help_can_be_scrolled_where_it_is_longer_than_the_screen(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, LogsPane, size=(60, 12)) as stage:
        await settled(stage.pilot)
        await stage.press("question_mark")
        before = stage.text
        await stage.press("down", "down")
        assert stage.text != before
        await stage.press("end")
        assert "Moving about" in stage.words or "Next pane" in stage.words


# The palette --------------------------------------------------------------------------------------------------------


async def test_the_palette_lists_what_can_be_done_here_and_does_it(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, size=(100, 60)) as stage:
        await stage.press("ctrl+p")
        for said in (
            "Open what the cursor is on",
            "Filter the list by name",
            "Invoke of the function",
            "Quit lambdatui",
        ):
            assert said in stage.words
        await stage.press(*"logs", "enter")
        assert isinstance(stage.app.screen, FunctionScreen)
        assert stage.pane(LogsPane).active


async def test_the_palette_does_not_offer_what_cannot_be_done_here(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, prepare=FakeAws.empty, size=(100, 60)) as stage:
        await stage.press("ctrl+p")
        assert "Quit lambdatui" in stage.words
        assert "Invoke of the function" not in stage.words
        assert "Filter the list" not in stage.words


async def test_a_command_of_the_palette_acts_where_the_focus_was(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, InvokePane) as stage:
        await stage.press("ctrl+p", *"invoke the function once", "enter", "enter")
        assert len(aws.invocations.requests) == 1


# The line of keys ---------------------------------------------------------------------------------------------------


async def test_the_line_of_keys_shows_the_keys_of_what_has_the_focus(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        assert "/ Filter" in stage.keys
        assert "q Quit" in stage.keys
        await stage.press("slash")
        assert "esc Close" in stage.keys
        assert "q Quit" not in stage.keys
        await stage.press("escape", "i")
        assert "f5 Send" in stage.keys
        assert "? Help" not in stage.keys
        await stage.press("escape")
        assert "? Help" in stage.keys


@pytest.mark.parametrize("width", [30, 50, 80, 200])
async def test_the_line_of_keys_keeps_the_help_key_however_narrow(width: int, aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, LogsPane, size=(width, 20)) as stage:
        await settled(stage.pilot)
        assert "? Help" in stage.keys


async def test_a_click_on_a_key_does_what_the_key_does(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.pilot.click(offset=(stage.keys.index("Invoke"), len(stage.lines) - 1))
        await settled(stage.pilot)
        assert stage.pane(InvokePane).active


# ctrl+c -------------------------------------------------------------------------------------------------------------


async def test_ctrl_c_copies_what_the_mouse_has_selected_and_counts(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("question_mark")
        await stage.pilot.mouse_down(offset=(40, 10))
        await stage.pilot.hover(offset=(60, 13))
        await stage.pilot.mouse_up(offset=(60, 13))
        selected = stage.app.screen.get_selected_text()
        assert selected
        await stage.press("ctrl+c")
        assert stage.app.clipboard == selected
        assert stage.toasts[0].startswith("Copied: ")
        assert stage.toasts[1:] == ["Press ctrl+c again to quit."]
        await stage.press("ctrl+c")
        assert stage.leaving()


async def test_the_demo_endpoint_is_stopped_though_the_gateway_fails_to_close(settings: Settings) -> None:
    class Failing(FakeAws):
        async def aclose(self) -> None:
            raise RuntimeError("on purpose")

    app = LambdaTui(replace(settings, demo=True), Failing(settings))
    with pytest.raises(RuntimeError, match="on purpose"):
        async with app.run_test():
            pass
    assert app._endpoint is not None
    with pytest.raises(EndpointGone):
        await app._endpoint.url()


# The user's keymap --------------------------------------------------------------------------------------------------


async def test_a_keymap_changes_the_key_the_line_of_keys_and_the_help(settings: Settings) -> None:
    settings = keymapped(settings, functions__invoke="ctrl+t,f9", app__help="h", pane__filter="f2")
    aws = FakeAws(settings)
    async with showing(aws, settings, size=(100, 70)) as stage:
        for said in ("^t Invoke", "h Help", "f2 Filter"):
            assert said in stage.keys
        await stage.press("i", "question_mark")
        assert isinstance(stage.app.screen, MainScreen)
        await stage.press("h")
        assert "^t f9 Invoke of the function" in stage.words
        await stage.press("escape", "f9")
        assert stage.pane(InvokePane).active


async def test_a_letter_of_the_keymap_is_typing_in_an_editor(settings: Settings) -> None:
    settings = keymapped(settings, app__help="x", invoke__send="s", function__back="b")
    aws = FakeAws(settings)
    async with showing(aws, settings, InvokePane) as stage:
        await stage.press("f7", "delete", *"xsb")
        assert stage.pane(InvokePane).editor.text == "xsb"
        assert "x Help" not in stage.keys
        assert "s Send" not in stage.keys
        assert aws.invocations.requests == []
        await stage.press("escape", "x")
        assert isinstance(stage.app.screen, HelpScreen)


async def test_the_key_that_leaves_the_editor_can_be_another(settings: Settings) -> None:
    settings = keymapped(settings, editor__leave="f8")
    aws = FakeAws(settings)
    async with showing(aws, settings) as stage:
        await stage.press("i", "f8")
        assert stage.pane(InvokePane).result.has_focus_within
        await stage.press("e", "escape")
        assert isinstance(stage.app.screen, MainScreen)


async def test_a_key_that_the_keymap_gives_twice_is_told_of_once(settings: Settings) -> None:
    settings = keymapped(settings, functions__invoke="f9", functions__logs="f9")
    async with showing(FakeAws(settings), settings) as stage:
        await stage.press("down", "up")
        (told,) = stage.toasts
        assert told.startswith("Keymap: f9 no longer reaches functions.")


async def test_a_keymap_that_exchanges_two_keys_is_not_complained_about(settings: Settings) -> None:
    settings = keymapped(settings, functions__invoke="l", functions__logs="i")
    async with showing(FakeAws(settings), settings) as stage:
        await stage.press("down")
        assert stage.toasts == []
        await stage.press("l")
        assert stage.pane(InvokePane).active


def test_a_keymap_for_a_binding_that_is_not_there_is_refused_with_the_nearest_name(settings: Settings) -> None:
    with pytest.raises(SettingsError) as refused:
        LambdaTui(keymapped(settings, functions__invok="x"), FakeAws(settings))
    assert "config.yaml line 7" in str(refused.value)
    assert "functions.invoke" in str(refused.value)


def test_a_theme_that_is_not_there_is_refused_with_the_nearest_name(settings: Settings) -> None:
    with pytest.raises(SettingsError) as refused:
        LambdaTui(replace(settings, theme=Located("nrod", "config.yaml line 2")), FakeAws(settings))
    assert "config.yaml line 2" in str(refused.value)
    assert "nord" in str(refused.value)


async def test_a_theme_of_the_settings_is_used(settings: Settings) -> None:
    settings = replace(settings, theme=Located("nord", "config.yaml line 2"))
    async with showing(FakeAws(settings), settings) as stage:
        assert stage.app.theme == "nord"


def test_what_is_not_said_is_as_it_was() -> None:
    assert checked_keymap({}) == {}


async def test_page_keys_before_the_palette_has_a_list_do_nothing(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await settled(stage.pilot)
        stage.app.action_command_palette()
        stage.app.action_command_palette()
        await stage.pilot.press("a", "e", "pageup", "pagedown")
        await stage.wait()
        assert [type(screen).__name__ for screen in stage.app.screen_stack][-2:] == ["MainScreen", "Palette"]


async def test_what_is_opened_while_the_program_ends_is_no_fault(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        stage.app.action_command_palette()
        stage.app.exit(return_code=143)
    assert not stage.app.crash_report.message
    assert stage.app.return_code == 143


@pytest.mark.parametrize(("before", "action"), [([], "resource('layers')"), (["enter"], "tab('logs')")], ids=str)
async def test_a_key_that_acts_while_the_program_ends_is_no_fault(
    before: list[str], action: str, aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings) as stage:
        await stage.press(*before)
        stage.app.screen.call_next(stage.app.run_action, f"screen.{action}")
        stage.app.exit(return_code=0)
    assert not stage.app.crash_report.message
    assert stage.app.return_code == 0


async def test_a_filter_that_is_typed_as_fast_as_it_goes_presses_no_keys(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await settled(stage.pilot)
        for key, letter in (("slash", "/"), *((it, it) for it in "chi/q")):
            stage.app.post_message(Key(key if letter != "/" else "slash", letter))
        await settled(stage.pilot)
        assert stage.pane(FunctionsPane).table.filter == "chi/q"
        assert stage.toasts == []
        assert not stage.leaving()


async def test_a_key_that_is_pressed_as_fast_as_it_goes_after_a_filter_is_one_of_the_list(
    aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings) as stage:
        await settled(stage.pilot)
        list_ = stage.pane(FunctionsPane)
        for end in ("enter", "escape"):
            for key, letter in (("slash", "/"), ("c", "c"), ("h", "h"), (end, None), ("space", " "), ("S", "S")):
                stage.app.post_message(Key(key, letter))
            await settled(stage.pilot)
            assert list_.table.filter.endswith("ch")
            assert len(list_.table.marked) == 1
            assert not list_.filtering
            await stage.press("space")
        await stage.press("slash", *"err>x", "enter", "backspace", "1", "enter")
        assert list_.table.filter.endswith("err>1")  # what could not be was mended


async def test_the_first_page_of_the_help_is_what_can_be_done_and_the_keys_that_move_come_last(
    aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings, size=(80, 24)) as stage:
        await settled(stage.pilot)
        await stage.press("question_mark")
        for said in ("Open what the cursor is on", "Filter the list", "Invoke of the function"):
            assert said in stage.words
        assert "Half a page down" not in stage.words
        await stage.press("end")
        assert "Half a page down" in stage.words


async def test_profile_region_and_command_are_shown_where_there_is_room(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, size=(140, 24)) as stage:
        await settled(stage.pilot)
        for said in (": Command", "P Profile", "R Region", "q Quit", "? Help"):
            assert said in stage.keys
        await stage.resize(80, 24)
        for said in ("/ Filter", "l Logs", "i Invoke", "? Help"):
            assert said in stage.keys
