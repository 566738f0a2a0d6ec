"""Commit one router's intended document as one transaction; the logic is tslcd.commit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase

from tslcd import check, commit, session, witness  # imported here once, in the parent of all forks
from tslcd.conference import evidence
from tslcd.conference.endpoint import EndpointIntent
from tslcd.intended import Build, IntendedError, refuse_assumed, refuse_unverified, stage_of
from tslcd.origin import repository
from tslcd.platforms import ENDPOINT_PLATFORMS
from tslcd.policy import run
from tslcd.secrets import MissingSecretError


class ActionModule(ActionBase):
    """Arguments as in roles/commit/meta. Result: `tally`, `reason`, `problems`, `diff`."""

    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return Ansible's result mapping; nothing is left half done."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        assert task_vars is not None
        _, arguments = self.validate_argument_spec(
            {
                "stage": {"choices": ["full", "day0"], "default": "full"},
                "revert_s": {"type": "int", "default": 60},
                "verify_s": {"type": "int", "default": 30},
                "allow": {"type": "list", "elements": "str", "default": []},
            }
        )
        host, address, platform = (task_vars[name] for name in ("inventory_hostname", "ansible_host", "platform"))
        stage = stage_of(platform, arguments["stage"])
        build = Build(repository(Path(self._loader.get_basedir())))
        try:
            refuse_unverified(platform, build.root)
            text, intent = build.text(host, stage), build.device_intent(host, platform, stage)
            refuse_assumed(intent)
            if not check.has_passed(build.checked(host, stage), build.passed):
                raise IntendedError(
                    f"the {stage} document of {host} has not passed check.yml; run it, or all of site.yml"
                )
            timing = commit.Timing(arguments["revert_s"], arguments["verify_s"])
        except (IntendedError, check.CheckError, MissingSecretError, ValueError) as error:
            return result | {"failed": True, "tally": _tally("refused"), "msg": str(error)}
        declared = build.declared_commit()
        outcome = commit.deploy(
            session.driver(platform, address, "netops", allow=arguments["allow"], data=declared),
            text,
            intent,
            _witness(host, task_vars),
            dry_run=self._task.check_mode,
            message=f"site.yml, stage {stage}",
            timing=timing,
        )
        if outcome.result == "committed" and isinstance(intent, EndpointIntent):
            what = ENDPOINT_PLATFORMS[platform].resetting(outcome.diff)
            try:
                evidence.record(build.root, intent, what, day=run.today(), declared=declared)
            except OSError as error:  # the device has what it was given, and its journal says when
                self._display.warning(f"{host}: no evidence was written: {error}")
        result |= {"tally": _tally(outcome.result), "reason": outcome.reason, "problems": outcome.problems}
        result["changed"] = outcome.result in {"planned", "committed"}
        if outcome.diff and self._task.diff:
            result["diff"] = [{"prepared": outcome.diff}]
        # Ansible counts only failed hosts when it decides to go on, and an unreachable router must stop the roll-out.
        if outcome.result not in {"unchanged", "planned", "committed"}:
            if outcome.diff and self._task.diff:
                self._display.display(f"{host}: {outcome.result}\n{outcome.diff}")  # Ansible shows it for changes only
            result |= {"failed": True, "msg": "; ".join([f"{outcome.result}: {outcome.reason}", *outcome.problems])}
        return result


def _witness(host: str, task_vars: dict[str, Any]) -> witness.Witness:
    """The first hub router for a site's router; for a hub router, everybody else; for what is no router, nobody."""
    routers, hostvars = task_vars["groups"].get("role_router", []), task_vars["hostvars"]
    if host not in routers:
        return witness.Nobody()
    hubs = [hub for hub in task_vars["groups"].get("tier_hub", []) if hub in routers]
    if host not in hubs and hubs:
        hub = hubs[0]
        driver = session.driver(hostvars[hub]["platform"], hostvars[hub]["ansible_host"], "netops")
        return witness.HubRoutes(driver, hub)
    return witness.ReachThrough([hostvars[other]["ansible_host"] for other in routers if other != host])


def _tally(verdict: str) -> dict[str, str]:
    return {"verb": "commit", "unit": "devices", "verdict": verdict}
