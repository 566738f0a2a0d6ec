"""Check the rooms of the play before a meeting; the logic is tslcd.readiness."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase
from napalm.base import NetworkDriver

from tslcd import budgets, capability, intent, load, readiness, session
from tslcd.conference import endpoint, server
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
        root = repository(Path(self._loader.get_basedir()))
        hostvars = task_vars["hostvars"]

        def driver(host: str) -> NetworkDriver:
            # Echoes and calls are no auditor's matter.
            return session.driver(str(hostvars[host]["platform"]), hostvars[host]["ansible_host"], "netops")

        try:
            network = load.from_ansible(variables._inventory, variables, self._loader)
            endpoints = endpoint.derive(network)
            asked = [endpoints[host] for host in task_vars["ansible_play_hosts_all"]]
            rooms = [room for room in asked if not capability.table(root, room.platform).label]
            if not rooms:
                raise LookupError(f"none of {len(asked)} rooms runs a platform that anything reads")
            main = server.main(network)
            reference = _reference(endpoints.values(), main, rooms[0].platform)
        except (DeclarationError, LookupError) as error:
            return result | {"failed": True, "msg": str(error)}
        routers = list(intent.derive(network).values())
        found = readiness.look(_rooms(network, rooms, routers), main.hostname, _hub(routers), driver)
        registered = [room for room in rooms if found[room.hostname].source]
        trials = {}
        if arguments["call"] and not self._task.check_mode:
            trials = readiness.try_calls(registered, reference, main.hostname, driver)
        findings = [readiness.Finding(room, found[room.hostname], trials.get(room.hostname)) for room in rooms]
        report = Build(root).readiness
        report.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(
            readiness.as_json(findings, time=datetime.now(UTC).isoformat(timespec="seconds")),
            ensure_ascii=False,
            indent=1,
        )
        report.write_text(text + "\n", encoding="utf-8")
        for line in readiness.table(findings):
            self._display.display(line)
        left_out = len(asked) - len(rooms)
        said = readiness.sentence(findings) + (f", {left_out} not looked at (no driver)" if left_out else "")
        result["closing_line"] = said
        if any(finding.problems for finding in findings):
            result |= {"failed": True, "msg": said}
        return result


def _reference(endpoints: Iterable[Any], main: Any, platform: str) -> Any:
    """The room beside the server, which others call.

    :raises LookupError: when there is none that we can let answer.
    """
    for own in endpoints:
        if own.site_id == main.site_id and own.platform == platform:
            return own
    raise LookupError(f"no endpoint of platform {platform} at {main.site_id}, which rooms could call")


def _rooms(network: Any, rooms: list[Any], routers: list[Any]) -> list[readiness.Room]:
    """Each room with its site's routers, the places of its classes, and what a meeting takes of each line."""
    names = [own.name for own in network.province.qos.classes]
    conference = network.province.conference
    media = tuple(names.index(name) for name in (conference.audio_class, conference.video_class))
    percent: dict[str, dict[str, float]] = {}
    for budget in budgets.of_network(network):
        percent.setdefault(budget.router.site_id, {})[budget.uplink.provider] = budget.percent
    return [
        readiness.Room(
            room,
            tuple(router for router in routers if router.site_id == room.site_id),
            media,
            percent.get(room.site_id, {}),
        )
        for room in rooms
    ]


def _hub(routers: list[Any]) -> str:
    return next(str(router.loopback_v4.ip) for router in routers if router.tier == "hub")
