"""How the loads of a pane stand: what is under way, from when is what is shown, and which parts of it are lacking."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lambdatui.model.errors import AwsError
    from lambdatui.ui.widgets.notice import Notice


class LoadState:
    """What is known of the loads of one pane, and how its notice tells of them. What takes news tells if it is any."""

    def __init__(self, loading: str, put_away: str) -> None:
        """`loading` stands in the notice until there is something to show; see Pane.PUT_AWAY for `put_away`."""
        self._loading = loading
        self._put_away = put_away
        self.under_way = False
        """Whether there is a load that has not shown anything yet."""
        self._trying = ""
        """What is known of one that takes its time."""
        self.arrived: datetime | None = None
        """When the last load that succeeded gave what is shown."""
        self.lacking: dict[str, AwsError] = {}
        """The parts of what is shown that are not known, and why."""
        self._read: set[tuple[str, str]] = set()
        """What of it a person has read, and does not want to see again."""

    @property
    def age(self) -> str:
        """From when what is shown is, if it is not of now."""
        then = self.arrived
        if then is None:
            return "not complete"
        form = "%H:%M:%S" if then.date() == datetime.now().astimezone().date() else "%Y-%m-%d %H:%M:%S"
        return f"stale, from {then.strftime(form)}"

    # One that takes its time ------------------------------------------------------------------------------------

    def wait(self) -> bool:
        """No sign of the load came for some seconds."""
        if not self.under_way or self._trying:
            return False
        self._trying = "No answer yet."
        return True

    def try_again(self, attempt: int, most: int, problem: AwsError) -> bool:
        """The load goes on with this attempt of so many at most, after one that failed."""
        if self.under_way:  # what a load has begun beside it may go on longer, and tells what it lacks in the end
            self._trying = f"Attempt {attempt} of {most}; the one before: {problem.reason}"
        return self.under_way

    def end(self) -> bool:
        """Whatever was under way is not any more."""
        was, self._trying, self.under_way = self._trying, "", False
        return bool(was)

    # Parts ------------------------------------------------------------------------------------------------------

    def lack(self, what: str, problem: AwsError | None) -> bool:
        """What is shown is without a part ("their sizes") for this reason; None: it is not."""
        before = self.lacking.get(what)
        if problem is None:
            return self.lacking.pop(what, None) is not None
        self.lacking[what] = problem
        return before is None or (str(before), before.title) != (str(problem), problem.title)

    @property
    def unread(self) -> list[tuple[str, AwsError]]:
        """The parts that are lacking and that nobody has put away yet."""
        return [it for it in self.lacking.items() if (it[0], it[1].title) not in self._read]

    def put_away(self) -> None:
        """Do not tell again of the first of these: a permission that is missing is missing every day."""
        self._read |= {(what, problem.title) for what, problem in self.unread[:1]}

    # All of it --------------------------------------------------------------------------------------------------

    def tell(self, notice: Notice, problem: AwsError | None, *, covered: bool) -> None:
        """Show in the notice how it stands; `problem`: why the last load gave nothing; `covered`: nothing is shown."""
        if self._trying and not covered:
            notice.show_text(f"{self._trying} What is below is {self.age}.", line=True)
        elif problem is not None and not (self.under_way and covered):
            notice.show_problem(problem, stale="" if covered else self.age)
        elif self.unread and not covered:
            what, lacking = self.unread[0]
            notice.show_problem(lacking, stale=f"without {what}{self._put_away}")
        else:
            notice.show_text("\n".join(filter(None, [self._loading, self._trying])) if covered else "")
