"""The program, which writes down every action that it runs: `python -m tests.hostile.program`, into $HOME/actions."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from lambdatui.__main__ import main
from lambdatui.app import LambdaTui


class Telling(LambdaTui):
    """Tells its actions."""

    async def run_action(self, action: Any, *arguments: Any, **named: Any) -> bool:
        with Path(os.environ["HOME"], "actions").open("a") as file:  # noqa: ASYNC230  # a line at a time, in a test
            file.write(f"{json.dumps(str(action))},")
        return await super().run_action(action, *arguments, **named)


if __name__ == "__main__":
    vars(sys.modules[LambdaTui.__module__])["LambdaTui"] = Telling
    sys.exit(main())
