"""Who cleans up when the endpoint dies, kill -9 included: a small shell that waits for nothing else."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

# It reads "+ GROUP" and "- GROUP" lines. At the end of its input, which is the endpoint's end, it ends every group that
# is left and the endpoint's own, then (where there is /proc) whatever else there is of the endpoint's session, or has
# the run folder in its environment variables as all functions do; and deletes the run folder. "." sends it away.
_SCRIPT = r"""
groups=" "
while read -r sign group; do
  case $sign in
    +) groups="$groups$group " ;;
    -) case $groups in *" $group "*) groups="${groups%% $group *} ${groups#* $group }" ;; esac ;;
    .) exit 0 ;;
  esac
done
for group in $groups $1; do kill -s KILL -- "-$group"; done
if [ -n "$2" ]; then
  for stat in /proc/[0-9]*/stat; do
    read -r line <"$stat" || continue
    pid=${stat#/proc/}
    set -- "$1" "$2" "$3" ${line##*) }
    [ "$7" = "$2" ] && kill -s KILL "${pid%/stat}"
  done
fi
for environ in $(grep -slF -- "$3/" /proc/[0-9]*/environ); do
  pid=${environ#/proc/}
  kill -s KILL "${pid%/environ}"
done
exec rm -rf -- "$3"
"""


class Warden:
    """A process in a session of its own that outlives this one, ends its functions and deletes its run folder.

    The functions' processes lead groups of their own, so that each can be ended with all that it started; so ending the
    endpoint's own group does not end them.
    """

    def __init__(self, folder: Path, *, kept: Sequence[int] = ()) -> None:
        """`folder` is the run folder, with everything that is to be deleted.

        `kept` are descriptors that it holds open until it has ended: whoever waits for the end of them waits for it.
        """
        own = os.getpid()
        group = str(own) if os.getpgrp() == own else ""
        session = str(own) if os.getsid(0) == own else ""
        reading, self._writing = os.pipe()  # not inheritable: no function keeps it from its end
        try:
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", _SCRIPT, "warden", group, session, str(folder)],
                stdin=reading, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                cwd="/", env={"PATH": "/usr/bin:/bin"}, start_new_session=True, pass_fds=kept,
            )  # fmt: skip
        finally:
            os.close(reading)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def watch(self, group: int) -> None:
        """From now on, this process group ends with the endpoint."""
        self._say(f"+ {group}")

    def forget(self, group: int) -> None:
        """This process group has ended: its number may become another's."""
        self._say(f"- {group}")

    def dismiss(self) -> None:
        """Send it away: nothing is left to be cleaned up."""
        if self._writing >= 0:
            self._say(".")
            os.close(self._writing)
            self._writing = -1
            self._process.wait()

    def _say(self, line: str) -> None:
        if self._writing < 0:
            return
        with contextlib.suppress(BrokenPipeError):  # somebody has ended it
            os.write(self._writing, f"{line}\n".encode())
