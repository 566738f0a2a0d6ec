"""Verify one feature live on one router; the logic is tslcd.verify."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase
from napalm.base.exceptions import ConnectionException, NapalmException

from tslcd import session, verify
from tslcd.intended import Build, IntendedError, refuse_unverified
from tslcd.origin import repository


class ActionModule(ActionBase):
    """Arguments: `feature`, `timeout_s`. Result: `problems`, one sentence each; reads only."""

    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return Ansible's result mapping; failed when a problem stays."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        assert task_vars is not None
        _, arguments = self.validate_argument_spec(
            {
                "feature": {"choices": sorted(verify.FEATURES), "required": True},
                "timeout_s": {"type": "int", "default": 5},
            }
        )
        try:
            build = Build(repository(Path(self._loader.get_basedir())))
            refuse_unverified(task_vars["platform"], build.root)
            intent = build.device_intent(task_vars["inventory_hostname"], task_vars["platform"], "full")
            device = session.driver(task_vars["platform"], task_vars["ansible_host"], "auditor")
            device.open()
            with closing(device):
                problems = verify.until_clean(intent, device, arguments["timeout_s"], [arguments["feature"]])
        except IntendedError as error:
            return result | {"failed": True, "msg": str(error)}
        except ConnectionException as error:
            return result | {"unreachable": True, "msg": str(error)}
        except NapalmException as error:
            return result | {"failed": True, "msg": str(error)}
        verdict = "failed" if problems else "passed"
        result |= {"problems": problems, "tally": {"verb": "verify", "unit": "checks", "verdict": verdict}}
        if problems:
            result |= {"failed": True, "msg": "; ".join(problems)}
        return result
