"""`Files`: events saved, opened and deleted, responses saved, and the person's own editor."""

from __future__ import annotations

from asyncio import to_thread
from typing import TYPE_CHECKING

from lambdatui.model.invocations import InvocationType
from lambdatui.model.json_text import legible
from lambdatui.model.readable import is_binary
from lambdatui.model.saved_events import SavedEvent, check_name
from lambdatui.model.text import size, why
from lambdatui.storage.dated_files import save_dated
from lambdatui.ui.invoking.shelf import ShelfError
from lambdatui.ui.reporting import report_not_saved, report_saved
from lambdatui.ui.screens.confirm import ConfirmScreen
from lambdatui.ui.screens.prompt import Field, ask

if TYPE_CHECKING:
    from lambdatui.model.past_calls import CallRecord
    from lambdatui.ui.panes.invoke import InvokePane


class Files:
    """What the keys for files lead to. One-shot: each method is the whole of a worker."""

    def __init__(self, pane: InvokePane) -> None:
        self._pane = pane

    # Events -----------------------------------------------------------------------------------------------------

    async def save_draft(self) -> None:
        """Save the editor's text and the options: over the event that it was opened from, or under a new name."""
        self._pane.event.keep()
        draft = self._pane.event.draft
        if draft.event is None:
            await self.save_as("")
        else:
            await self._save(draft.saved_as(draft.event.name), draft.event)

    async def save_as(self, name: str) -> None:
        """Save the editor's text and the options as a new event; without a name, ask for one."""
        self._pane.event.keep()
        draft = self._pane.event.draft
        name = name or await self._name(draft.event.name if draft.event else "")
        if name:
            await self._save(draft.saved_as(name), None)

    async def save_call(self, record: CallRecord) -> None:
        """Save the payload of a call as a new event."""
        if is_binary(record.payload):
            self._say("The payload is no text: it cannot be an event.")
            return
        name = await self._name(record.call.event)
        if name:
            call = record.call
            event = SavedEvent(
                name,
                record.payload.decode(),
                qualifier=call.qualifier,
                kind="" if call.kind == InvocationType.REQUEST_RESPONSE else call.kind,
                client_context=record.client_context,
            )
            await self._save(event, None, open_it=False)

    async def _name(self, name: str) -> str:
        title, field = "Save the payload as an event", Field("name", name)
        return await ask(self._pane.app, title, field, go_on="save", check=check_name) or ""

    async def _save(self, event: SavedEvent, over: SavedEvent | None, *, open_it: bool = True) -> None:
        pane = self._pane
        try:
            saved = await pane.desk.shelf.save(pane.function.name, event, over)
        except ShelfError as problem:
            self._say(str(problem), "Not saved")
            return
        if open_it:
            pane.event.draft.event = saved
            pane.event.settle()
        pane.notify(f"{saved.name} is in {saved.file}.", title="Saved", markup=False)
        pane.parts.events.reload()

    async def delete(self, event: SavedEvent) -> None:
        """Delete the file of an event, after a question."""
        pane = self._pane
        question = f"Delete the saved event {event.name}?\n\n{event.file}"
        if not await pane.app.push_screen_wait(ConfirmScreen(question, "Delete")):
            return
        try:
            await pane.desk.shelf.delete(event)
        except ShelfError as problem:
            self._say(str(problem), "Not deleted")
            return
        draft = pane.event.draft
        if draft.event is not None and draft.event.file == event.file:
            draft.event = None  # what is in the editor stays
            pane.event.settle()
        pane.notify(f"{event.name} is deleted.", markup=False)
        pane.parts.events.reload()

    # Responses --------------------------------------------------------------------------------------------------

    async def save_response(self, response: bytes, name: str) -> None:
        """Write the whole response into a private file."""
        pane = self._pane
        folder = pane.desk.responses
        if folder is None:
            self._say("There is no folder for responses.", "Not saved")
            return
        ending = "bin" if is_binary(response) else "json" if response.lstrip()[:1] in b'{["' else "txt"
        try:
            path = await to_thread(save_dated, folder, name, ending, response)
        except OSError as problem:
            report_not_saved(pane, folder, problem)
        else:
            report_saved(pane, size(len(response)), path)

    # The person's own editor ------------------------------------------------------------------------------------

    async def edit_outside(self) -> None:
        """Have the payload edited by $EDITOR."""
        from lambdatui.ui.invoking.external_editor import EditorError, can_leave, edited

        pane = self._pane
        pane.event.keep()
        draft = pane.event.draft
        folder = pane.desk.responses
        if folder is None or not can_leave(pane.app):
            self._say("The terminal cannot be given to another program here.")
            return
        try:
            text = await edited(pane.app, draft.text, folder.parent / "edit", draft.language)
        except EditorError as problem:
            self._say(str(problem))
        except OSError as problem:
            self._say(f"The payload cannot be given to an editor: {why(problem)}.")
        else:
            text = legible(text) if draft.language == "json" else text
            if text.rstrip("\n") != draft.text.rstrip("\n"):
                pane.event.put(text.rstrip("\n"), draft.language)

    def _say(self, sentence: str, title: str = "") -> None:
        self._pane.notify(sentence, title=title, severity="error", timeout=10, markup=False)
