"""What stands where data would be: that it is loading, why there is none, or what went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

if TYPE_CHECKING:
    from lambdatui.model.errors import AwsError

LONGEST = 400
"""Characters of a reason above data: the data is to be seen too."""


class Notice(Static, can_focus=True):
    """A sentence or a problem, as the whole of a pane or as one line above it. Draws what it is given."""

    DEFAULT_CSS = """
    Notice {
        height: auto;
        max-height: 100%;
        padding: 1 2;
        overflow-y: auto;
        &.-line { padding: 0 1; max-height: 60%; background: $surface; color: $text-warning; }
        &.-line.-problem { background: $error-muted; color: $text-error; }
        &.-empty { display: none; }
    }
    """

    def __init__(self, text: str) -> None:
        super().__init__(Content(text))
        self._text: object = text

    def show_text(self, text: str, *, line: bool = False) -> None:
        """A plain sentence, as the whole of the pane or as a line above it; an empty one shows nothing."""
        self._show(text, Content(text), line=line, problem=False)

    def show_problem(self, problem: AwsError, *, stale: str = "") -> None:
        """A failed load: as the whole of the pane, or above the data of before, of which `stale` says how old it is."""
        if not stale:
            parts = [
                Content.styled(problem.title, "bold $text-error"),
                Content(""),
                Content(problem.reason),
                *([Content(problem.remedy)] if problem.remedy else []),
                Content(""),
                *([Content.styled(asked(problem), "$foreground-muted")] if ":" in problem.operation else []),
                Content.styled("r tries again", "$foreground-muted"),
            ]
            content = Content("\n").join(parts)
        else:
            reason = problem.reason if len(problem.reason) <= LONGEST else problem.reason[:LONGEST] + "…"
            whom = f" ({asked(problem)})" if ":" in problem.operation else ""
            content = Content("\n").join(
                [
                    Content.styled(f"{problem.title}, what is below is {stale}", "bold"),
                    Content(f"{reason} {problem.remedy or 'r tries again.'}{whom}"),
                ]
            )
        self._show((problem, stale), content, line=bool(stale), problem=True)

    def _show(self, text: object, content: Content, *, line: bool, problem: bool) -> None:
        if text != self._text:
            self._text = text
            self.set_class(line, "-line")
            self.set_class(problem, "-problem")
            self.set_class(not content, "-empty")
            self.update(content)


def asked(problem: AwsError) -> str:
    """What was asked for when it came."""
    request = f", request {problem.request_id}" if problem.request_id else ""
    return f"Asked: {problem.operation}{request}"
