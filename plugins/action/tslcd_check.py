"""Check all documents of the play with the routers' own parsers; the logic is tslcd.check."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase

from tslcd import check, intended, secrets


class ActionModule(ActionBase):  # type: ignore[misc]
    """Runs once for the play; touches no device. Result: `findings`, hostname → sentences."""

    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return Ansible's result mapping; failed when any document has a finding."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        assert task_vars is not None
        self.validate_argument_spec({})
        hosts: list[str] = task_vars["ansible_play_hosts_all"]
        values = secrets.read(secrets.credentials_directory())
        try:
            texts = {host: secrets.fill_or_stand_in(intended.read_text(host, "full"), values) for host in hosts}
            found = check.documents(texts, intended.ROOT / "build" / "check" / "passed.json")
        except (intended.IntendedError, check.CheckError) as error:
            return result | {"failed": True, "msg": str(error)}
        self._display.display(f"{len(hosts)} documents checked, {len(found)} refused")
        if found:
            lines = [f"{host}: {finding}" for host, findings in found.items() for finding in findings]
            result |= {"failed": True, "findings": found, "msg": "\n".join(lines)}
        return result
