"""Audit all routers of the play at once and write build/audit/audit.json; the logic is tslcd.audit."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase

from tslcd import audit, secrets, session, verify
from tslcd.errors import DeclarationError
from tslcd.intended import Build, IntendedError
from tslcd.origin import repository
from tslcd.secrets import MissingSecretError


class ActionModule(ActionBase):
    """Runs once for the play. Exit code through Ansible: 0 compliant, 2 a finding, 4 some device unreachable."""

    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return Ansible's result mapping; the exit code follows from it."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        assert task_vars is not None
        self.validate_argument_spec({})
        hosts: list[str] = task_vars["ansible_play_hosts_all"]
        hostvars = task_vars["hostvars"]
        platforms = {host: str(hostvars[host]["platform"]) for host in hosts}
        addresses = {host: (platforms[host], hostvars[host]["ansible_host"]) for host in hosts}
        build = Build(repository(Path(self._loader.get_basedir())))
        try:
            unread = audit.without_driver(platforms, build.root)
            master = secrets.digest_master(secrets.credentials_directory())
            filled = {host: build.text(host, "full") for host in hosts if host not in unread}
            texts = {host: audit.with_digests(text, host, master) for host, text in filled.items()}
            servers = [host for host in filled if hostvars[host]["role"] == "conference_server"]
            intents = {host: build.device_intent(host, platforms[host], "full") for host in servers}
        except (IntendedError, MissingSecretError, DeclarationError, ValueError) as error:
            return result | {"failed": True, "msg": str(error)}
        live = {host: partial(verify.FEATURES["registrations"], intent) for host, intent in intents.items()}
        found = unread | audit.devices(texts, lambda host: session.driver(*addresses[host], "auditor"), live)
        report = audit.report(
            found, commit=build.declared_commit(), time=datetime.now(UTC).isoformat(timespec="seconds")
        )
        build.audit.parent.mkdir(parents=True, exist_ok=True)
        build.audit.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
        for line in audit.table(found):
            self._display.display(line)
        counts = audit.summary(found)
        result |= {"summary": counts, "closing_line": audit.sentence(counts)}
        if counts["unreachable"]:
            result |= {"unreachable": True, "msg": audit.sentence(counts)}
        elif counts["compliant"] != counts["devices"]:
            result |= {"failed": True, "msg": audit.sentence(counts)}
        return result
