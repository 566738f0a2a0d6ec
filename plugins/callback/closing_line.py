"""Prints a task's `closing_line` as the very last line, after Ansible's recap: there people and scripts find it."""

from __future__ import annotations

from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: closing_line
type: notification
short_description: prints a task's closing_line after the recap
description: A task that returns C(closing_line) has it printed as the last line of the run.
requirements: [enable it in ansible.cfg with callbacks_enabled]
"""


class CallbackModule(CallbackBase):  # type: ignore[misc]
    """Remembers the last `closing_line` of any result."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "closing_line"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self._line = ""

    def _remember(self, result: Any) -> None:
        self._line = result.result.get("closing_line", self._line)

    def v2_runner_on_ok(self, result: Any) -> None:
        self._remember(result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._remember(result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._remember(result)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        if self._line:
            self._display.display(self._line)
