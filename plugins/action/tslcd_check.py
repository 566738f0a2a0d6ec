"""Check all documents of the play with the routers' own parsers; the logic is tslcd.check."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase

from tslcd import check, secrets
from tslcd.intended import Build, IntendedError
from tslcd.origin import repository


class ActionModule(ActionBase):
    """Runs once for the play; touches no device. Argument: `stage`. Result: `findings`, hostname → sentences."""

    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return Ansible's result mapping; failed when any document has a finding."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        assert task_vars is not None
        _, arguments = self.validate_argument_spec({"stage": {"choices": ["full", "day0"], "default": "full"}})
        hosts: list[str] = task_vars["ansible_play_hosts_all"]
        build = Build(repository(Path(self._loader.get_basedir())))
        values = secrets.read(secrets.credentials_directory())
        try:
            raw = {host: build.raw(host, arguments["stage"]) for host in hosts}
            texts = {host: secrets.fill_or_stand_in(text, values) for host, text in raw.items()}
            found = check.documents(texts, build.passed)
        except (IntendedError, check.CheckError) as error:
            return result | {"failed": True, "msg": str(error)}
        result["closing_line"] = f"{len(hosts)} documents checked, {len(found)} refused"
        if found:
            lines = [f"{host}: {finding}" for host, findings in found.items() for finding in findings]
            result |= {"failed": True, "findings": found, "msg": "\n".join(lines)}
        return result
