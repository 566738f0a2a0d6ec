"""Prints one last line after Ansible's recap, where people and scripts find it: a task's `closing_line`, or the
sum of all `tally`s (verb, unit and verdict of one device or check)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: closing_line
type: notification
short_description: prints a task's closing_line after the recap
description: A task that returns C(closing_line) has it printed as the last line of the run; C(tally)s are counted.
requirements: [enable it in ansible.cfg with callbacks_enabled]
"""


class CallbackModule(CallbackBase):
    """Remembers the last `closing_line` of any result, and counts verdicts."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "closing_line"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self._line = ""
        self._verdicts: Counter[str] = Counter()
        self._tallied = ""

    def _remember(self, result: Any) -> None:
        self._line = result.result.get("closing_line", self._line)
        if tally := result.result.get("tally"):
            self._tallied = f"{tally['verb']}: {{}} {tally['unit']}"
            self._verdicts[tally["verdict"]] += 1

    def v2_runner_on_ok(self, result: Any) -> None:
        self._remember(result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._remember(result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._remember(result)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        if self._verdicts:
            counts = ", ".join(f"{count} {verdict}" for verdict, count in sorted(self._verdicts.items()))
            self._line = f"{self._tallied.format(self._verdicts.total())}, {counts}"
        if self._line:
            self._display.display(self._line)
