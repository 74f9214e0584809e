"""What stands where data would be: that it is loading, why there is none, or what went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

if TYPE_CHECKING:
    from lambdatui.model.errors import AwsError


class Notice(Static, can_focus=True):
    """A sentence or a problem, as the whole of a pane or as one line above it. Draws what it is given."""

    DEFAULT_CSS = """
    Notice {
        height: auto;
        max-height: 100%;
        padding: 1 2;
        overflow-y: auto;
        &.-line { padding: 0 1; background: $error-muted; color: $text-error; }
        &.-empty { display: none; }
    }
    """

    def __init__(self, text: str) -> None:
        super().__init__(Content(text))
        self._text: object = text

    def show_text(self, text: str) -> None:
        """A plain sentence; an empty one shows nothing."""
        self._show(text, Content(text), line=False)

    def show_problem(self, problem: AwsError, *, whole: bool) -> None:
        """A failed load: as the whole of the pane, or as one paragraph above the data of before."""
        if whole:
            parts = [
                Content.styled(problem.title, "bold $text-error"),
                Content(""),
                Content(problem.reason),
                *([Content(problem.remedy)] if problem.remedy else []),
                Content(""),
                *([Content.styled(_asked(problem), "$foreground-muted")] if ":" in problem.operation else []),
                Content.styled("r tries again", "$foreground-muted"),
            ]
            content = Content("\n").join(parts)
        else:
            remedy = f" {problem.remedy}" if problem.remedy else " r tries again."
            content = Content(f"{problem.title}, what is below is older: {problem.reason}{remedy}")
        self._show((problem, whole), content, line=not whole)

    def _show(self, text: object, content: Content, *, line: bool) -> None:
        if text != self._text:
            self._text = text
            self.set_class(line, "-line")
            self.set_class(not content, "-empty")
            self.update(content)


def _asked(problem: AwsError) -> str:
    request = f", request {problem.request_id}" if problem.request_id else ""
    return f"Asked: {problem.operation}{request}"
