"""Write the ledger of a meeting from the records of the play's conference servers; the logic is tslcd.ledger."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase
from napalm.base.exceptions import NapalmException

from tslcd import ledger, load, session
from tslcd.errors import DeclarationError
from tslcd.origin import repository


class ActionModule(ActionBase):
    """Arguments: `meeting` (a key of conference.meetings), `begins` and `ends` where it was held at another time."""

    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return Ansible's result mapping; a server that cannot be read is said, and the others count."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        assert task_vars is not None
        _, arguments = self.validate_argument_spec(
            {"meeting": {"required": True}, "begins": {"default": ""}, "ends": {"default": ""}}
        )
        variables = self._task.get_variable_manager()
        try:
            network = load.from_ansible(variables._inventory, variables, self._loader)
            meeting = ledger.meeting(network, arguments["meeting"])
            window = ledger.window(meeting, arguments["begins"], arguments["ends"])
        except (DeclarationError, ValueError) as error:
            return result | {"failed": True, "msg": str(error)}
        servers: list[str] = task_vars["ansible_play_hosts_all"]
        events: list[dict[str, Any]] = []
        missing: list[str] = []
        for host in servers:
            own = task_vars["hostvars"][host]
            device = session.driver(str(own["platform"]), own["ansible_host"], "auditor")
            try:
                device.open()
                with closing(device):
                    events += json.loads(device.cli(["show events"])["show events"])
            except NapalmException as error:
                missing.append(f"{host} cannot be read, its calls are missing: {error}")
        if len(missing) == len(servers):
            return result | {"unreachable": True, "msg": "; ".join(missing)}
        missing += filter(None, [ledger.gap(events, window)])
        for line in missing:
            self._display.warning(line)
        plan, now = network.province.addressing, datetime.now(UTC)
        invited = list(ledger.invited(network, meeting))
        bridges = ledger.bridges(network)
        others = ledger.strangers(invited, events, window, now=now.timestamp(), bridges=bridges)
        found = ledger.attend(
            invited,
            events,
            window,
            inside=(plan.site_v4, plan.site_v6),
            now=now.timestamp(),
            bridges=bridges,
        )
        facts = ledger.as_json(meeting, window, found, others, time=now.isoformat(timespec="seconds"))
        facts |= {"missing": missing}
        texts = {"json": json.dumps(facts, ensure_ascii=False, indent=1) + "\n", "csv": ledger.as_csv(found)}
        for ending, text in texts.items():
            path = ledger.path(repository(Path(self._loader.get_basedir())), meeting, window, ending)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        for line in ledger.table(meeting, found, others):
            self._display.display(line)
        return result | {"closing_line": f"ledger: {ledger.sentence(found)}"}
