"""Check all documents of the play with the routers' own parsers; the logic is tslcd.check."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase

from tslcd import check, secrets
from tslcd.errors import DeclarationError
from tslcd.intended import Build, IntendedError, stage_of
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
        platforms = {host: str(task_vars["hostvars"][host]["platform"]) for host in hosts}
        values = secrets.read(secrets.credentials_directory())
        try:
            left_out = check.without_parser(platforms, build.root)
            stages = {host: stage_of(platform, arguments["stage"]) for host, platform in platforms.items()}
            raw = {host: build.raw(host, stages[host]) for host in hosts if host not in left_out}
            texts = {host: secrets.for_parsers(text, values) for host, text in raw.items()}
            found = check.documents(texts, build.passed)
        except (IntendedError, check.CheckError, DeclarationError) as error:
            return result | {"failed": True, "msg": str(error)}
        for host, reason in left_out.items():
            self._display.display(f"{host}: not checked: {reason}")
        result["closing_line"] = check.sentence(len(texts), len(found), len(left_out))
        if found:
            lines = [f"{host}: {finding}" for host, findings in found.items() for finding in findings]
            result |= {"failed": True, "findings": found, "msg": "\n".join(lines)}
        return result
