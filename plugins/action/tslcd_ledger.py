"""Write the ledger of a meeting from the records of the play's conference servers; the logic is tslcd.ledger."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase
from napalm.base.exceptions import NapalmException

from tslcd import ledger, load, model, session
from tslcd.conference import endpoint, meetings
from tslcd.errors import DeclarationError
from tslcd.nearest import suggestion
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
        root = repository(Path(self._loader.get_basedir()))
        try:
            network = load.from_ansible(variables._inventory, variables, self._loader)
            meeting = _meeting(network, arguments["meeting"])
            window = ledger.Window(
                _moment(arguments["begins"], meeting.starts_at), _moment(arguments["ends"], meeting.ends_at)
            )
            if window.ends <= window.begins:
                raise ValueError(f"ledger_ends ({window.ends}) should be after ledger_begins ({window.begins})")
        except (DeclarationError, ValueError) as error:
            return result | {"failed": True, "msg": str(error)}
        events: list[dict[str, Any]] = []
        silent: list[str] = []
        for host in task_vars["ansible_play_hosts_all"]:
            own = task_vars["hostvars"][host]
            device = session.driver(str(own["platform"]), own["ansible_host"], "auditor")
            try:
                device.open()
                with closing(device):
                    events += json.loads(device.cli(["show events"])["show events"])
            except NapalmException as error:
                silent.append(f"{host} cannot be read, its calls are missing: {error}")
        for line in silent:
            self._display.warning(line)
        if len(silent) == len(task_vars["ansible_play_hosts_all"]):
            return result | {"unreachable": True, "msg": "; ".join(silent)}
        plan = network.province.addressing
        inside, now = (plan.site_v4, plan.site_v6), datetime.now(UTC)
        if events and (first := min(float(event["at"]) for event in events)) > window.begins.timestamp():
            since = datetime.fromtimestamp(first, UTC).isoformat(timespec="seconds")
            silent.append(f"records reach back to {since} alone: who left before is missing")
            self._display.warning(silent[-1])
        found = ledger.attend(list(_invited(network, meeting)), events, window, inside, now.timestamp())
        time = now.isoformat(timespec="seconds")
        facts = ledger.as_json(meeting, window, found, time=time) | {"missing": silent}
        texts = {"json": json.dumps(facts, ensure_ascii=False, indent=1) + "\n", "csv": ledger.as_csv(found)}
        for ending, text in texts.items():
            path = ledger.path(root, meeting, window, ending)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        for line in ledger.table(meeting, found):
            self._display.display(line)
        return result | {"closing_line": f"ledger: {ledger.sentence(found)}"}


def _meeting(network: model.Network, key: str) -> model.Meeting:
    known = {meeting.key: meeting for meeting in network.province.conference.meetings}
    if key not in known:
        raise ValueError(f"ledger_meeting: no meeting is called {key}; {suggestion(key, known)}")
    return known[key]


def _moment(text: str, usual: datetime) -> datetime:
    if not text:
        return usual
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text} has no time zone; should look like 2026-12-08T08:00:00+07:00")
    return moment.astimezone(UTC)


def _invited(network: model.Network, meeting: model.Meeting) -> Iterator[ledger.Invited]:
    """The sites of a meeting with the account of their first endpoint."""
    first: dict[str, str] = {}
    for own in endpoint.derive(network).values():
        first.setdefault(own.site_id, own.account)
    sites = {router.site_id: router for router in reversed(network.routers) if router.in_service}
    ordered = [router for router in network.routers if sites.get(router.site_id) is router]
    for site_id in meetings.invited(meeting, ordered):
        yield ledger.Invited(site_id, sites[site_id].site.name, first.get(site_id, ""))
