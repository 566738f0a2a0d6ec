"""Render the play's routers into build/, from the whole declared network; the logic is tslcd.load and tslcd.write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible import context
from ansible.inventory.manager import split_host_pattern
from ansible.plugins.action import ActionBase

from tslcd import limit, load, write
from tslcd.errors import DeclarationError
from tslcd.origin import repository


class ActionModule(ActionBase):
    """Runs once for the play. Everything is validated; only the play's hosts are written. Result: `closing_line`."""

    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        assert task_vars is not None
        self.validate_argument_spec({})
        variables = self._task.get_variable_manager()
        root = repository(Path(self._loader.get_basedir()))
        if unknown := _unknown_limit(variables._inventory):
            return result | {"failed": True, "msg": "; ".join(unknown)}
        hosts = set(task_vars["ansible_play_hosts_all"])
        try:
            network = load.from_ansible(variables._inventory, variables, self._loader)
            rendering = write.rendering(network, hosts, root)
        except (DeclarationError, write.RenderError) as error:
            # Printed here: Ansible would show a long message twice and indent it.
            self._display.display(str(error), color="red", stderr=True)
            return result | {"failed": True, "msg": "nothing is written; see above for each place that is wrong"}
        serving = {router.hostname for router in network.routers if router.in_service}
        retired = {router.hostname for router in network.routers} - serving
        if hosts and hosts <= retired:
            names = ", ".join(sorted(hosts))
            text = f"{names}: decommissioned; no document and no play is for such a site: leave it out of --limit"
            return result | {"failed": True, "msg": text}
        found = write.changes(rendering.files, serving if hosts >= serving else None, retired & hosts)
        if not self._task.check_mode:
            write.apply(found)
        result |= {"changed": bool(found), "closing_line": write.sentence(len(hosts & serving), found)}
        if rendering.assumed:
            result["warnings"] = [f"assumed values, which only the twin accepts: {', '.join(rendering.assumed)}"]
        for notice in rendering.notices:
            self._display.display(notice)
        if self._task.diff:
            result["diff"] = [
                {
                    "before_header": str(change.path.relative_to(root)),
                    "after_header": str(change.path.relative_to(root)),
                    "before": change.before or "",
                    "after": change.after or "",
                }
                for change in found
            ]
        return result


def _unknown_limit(inventory: Any) -> list[str]:
    parts = split_host_pattern(context.CLIARGS.get("subset") or "")
    return limit.unknown_parts(parts, {*inventory.hosts, *inventory.groups})
