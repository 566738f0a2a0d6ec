"""Where a commit is: the agent's journal on the router's disk, read from outside while it is written."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from twin.faults.plan import STEPS

PATH = Path("var/lib/napalm-frr/journal")
_PAUSE_S = 0.002


class Journal:
    """The steps that the next commit of a router begins. Each line is `CRC SEQUENCE COMMIT STEP {…}`."""

    def __init__(self, root: Path) -> None:
        self._path = root / PATH
        self._before = {commit for commit, _ in self._lines()}

    def steps(self) -> list[str]:
        """Steps begun so far, the latest last."""
        return [step for commit, step in self._lines() if commit not in self._before]

    def wait(self, step: str, is_over: Callable[[], bool]) -> str | None:
        """Wait until the commit begins `step` or a later one; the step it is at, or None when it ended before."""
        wanted = set(STEPS[STEPS.index(step) :])
        while True:
            over = is_over()  # asked first: what was written before the end counts
            begun = self.steps()
            if wanted & set(begun):
                return begun[-1]
            if over:
                return None
            time.sleep(_PAUSE_S)

    def wait_end(self, deadline: float) -> bool:
        """Whether the commit ended, one way or the other, before the deadline (monotonic time)."""
        while not {"confirmed", "reverted"} & set(self.steps()):
            if time.monotonic() > deadline:
                return False
            time.sleep(_PAUSE_S * 50)
        return True

    def _lines(self) -> list[tuple[str, str]]:
        try:
            text = self._path.read_bytes().partition(b"\0")[0].decode("ascii", "replace")
        except OSError:
            return []
        words = [line.split(maxsplit=4) for line in text.splitlines(keepends=True) if line.endswith("\n")]
        return [(word[2], word[3]) for word in words if len(word) >= 4]
