"""Commit one router's intended document as one transaction; the logic is tslcd.commit."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase

from tslcd import commit, intended, session  # imported here once, in the parent of all forks
from tslcd.secrets import MissingSecretError


class ActionModule(ActionBase):  # type: ignore[misc]
    """Arguments: `stage` (full or day0), `revert_s`, `verify_s`. Result: `verdict`, `reason`, `problems`, `diff`."""

    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return Ansible's result mapping; nothing is left half done."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        assert task_vars is not None
        _, arguments = self.validate_argument_spec(
            {
                "stage": {"choices": ["full", "day0"], "default": "full"},
                "revert_s": {"type": "int", "default": 60},
                "verify_s": {"type": "int", "default": 30},
            }
        )
        host, address = task_vars["inventory_hostname"], task_vars["ansible_host"]
        try:
            device = intended.read(host, arguments["stage"])
            intended.refuse_assumed(device.intent)
            timing = commit.Timing(arguments["revert_s"], arguments["verify_s"])
        except (intended.IntendedError, MissingSecretError, ValueError) as error:
            return result | {"failed": True, "verdict": "refused", "msg": str(error)}
        outcome = commit.deploy(
            session.driver(task_vars["platform"], address, "netops"),
            device.text,
            device.intent,
            dry_run=self._task.check_mode,
            message=intended.declared_commit(),
            timing=timing,
        )
        result |= {"verdict": outcome.result, "reason": outcome.reason, "problems": outcome.problems}
        result["changed"] = outcome.result in {"planned", "committed"}
        if outcome.diff and self._task.diff:
            result["diff"] = [{"prepared": outcome.diff}]
        # Ansible counts only failed hosts when it decides to go on, and an unreachable router must stop the roll-out.
        if outcome.result not in {"unchanged", "planned", "committed"}:
            result |= {"failed": True, "msg": "; ".join([f"{outcome.result}: {outcome.reason}", *outcome.problems])}
        return result
