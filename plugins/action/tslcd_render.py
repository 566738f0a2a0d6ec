"""Render the play's devices into build/, from the whole declared network; the logic is tslcd.load and tslcd.write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible import context
from ansible.inventory.manager import split_host_pattern
from ansible.plugins.action import ActionBase

from tslcd import limit, load, write
from tslcd.errors import DeclarationError
from tslcd.origin import repository
from tslcd.policy import report


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
            examined = load.examine(variables._inventory, variables, self._loader)
            network = examined.network
            rendering = write.rendering(network, hosts, root)
        except (DeclarationError, write.RenderError) as error:
            # Printed here: Ansible would show a long message twice and indent it.
            self._display.display(str(error), color="red", stderr=True)
            return result | {"failed": True, "msg": _failure(error)}
        self._display.display(report.heading(examined.judged_by, examined.warnings))
        for line in report.lines(examined.warnings):
            self._display.display(line, color="bright purple")
        serving = {device.hostname for device in network.devices if device.in_service}
        retired = {device.hostname for device in network.devices} - serving
        if hosts and hosts <= retired:
            names = ", ".join(sorted(hosts))
            text = f"{names}: decommissioned; no document and no play is for such a site: leave it out of --limit"
            return result | {"failed": True, "msg": text}
        found = write.changes(rendering.files, serving if hosts >= serving else None, retired & hosts)
        findings = {root / report.FILE: report.as_json(examined.judged_by, examined.warnings)}
        if not self._task.check_mode:
            write.apply(found)
            write.apply(write.changes(findings))
        result |= {"changed": bool(found), "closing_line": write.sentence(len(hosts & serving), found)}
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


def _failure(error: DeclarationError | write.RenderError) -> str:
    if isinstance(error, write.RenderError):
        return "nothing is written; see above for the place that is wrong"
    judged_by = f" ({error.judged_by})" if error.judged_by else ""
    return f"nothing is written; {report.total(error.findings)}, see above{judged_by}"


def _unknown_limit(inventory: Any) -> list[str]:
    parts = split_host_pattern(context.CLIARGS.get("subset") or "")
    return limit.unknown_parts(parts, {*inventory.hosts, *inventory.groups})
