"""Check the rooms of the play before a meeting; the logic is tslcd.readiness."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase
from napalm.base import NetworkDriver

from tslcd import load, readiness, session
from tslcd.errors import DeclarationError
from tslcd.intended import Build
from tslcd.origin import repository


class ActionModule(ActionBase):
    """Runs once for the play. Argument `call`: whether rooms that do not meet just now call each other."""

    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return Ansible's result mapping; failed when a room is not ready."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        assert task_vars is not None
        _, arguments = self.validate_argument_spec({"call": {"type": "bool", "default": True}})
        variables = self._task.get_variable_manager()
        build = Build(repository(Path(self._loader.get_basedir())))
        hostvars = task_vars["hostvars"]

        def driver(host: str) -> NetworkDriver:
            # Echoes and calls are no auditor's matter.
            return session.driver(str(hostvars[host]["platform"]), hostvars[host]["ansible_host"], "netops")

        try:
            network = load.from_ansible(variables._inventory, variables, self._loader)
            task = readiness.task(network, task_vars["ansible_play_hosts_all"], build.root)
        except (DeclarationError, LookupError) as error:
            return result | {"failed": True, "msg": str(error)}
        found = readiness.check(task, driver, call=arguments["call"] and not self._task.check_mode)
        facts = readiness.as_json(found, time=datetime.now(UTC).isoformat(timespec="seconds"))
        build.readiness.parent.mkdir(parents=True, exist_ok=True)
        build.readiness.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        for line in readiness.table(found):
            self._display.display(line)
        result["closing_line"] = readiness.sentence(found, task.left_out)
        if any(finding.problems for finding in found):
            result |= {"failed": True, "msg": result["closing_line"]}
        return result
