"""The rendered network on disk, in build/: intended and day-0 documents, and the intents they were printed from."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import to_json, to_jsonable_python

from tslcd import platforms, secrets
from tslcd.capability import table
from tslcd.conference.endpoint import EndpointIntent
from tslcd.conference.server import ServerIntent
from tslcd.firewall import FirewallIntent
from tslcd.intent import RouterIntent, Stage

_INTENT = TypeAdapter(RouterIntent)
_ENDPOINT = TypeAdapter(EndpointIntent)
_SERVER = TypeAdapter(ServerIntent)
_DIRECTORY = {"full": "intended", "day0": "day0"}

DeviceIntent = RouterIntent | EndpointIntent | ServerIntent
"""Intent of a device of any role."""


class IntendedError(Exception):
    """A device has no rendered document, or it may not be committed here."""


def intent_json(intent: RouterIntent) -> str:
    """The derived facts, readable and diffable."""
    shown = _INTENT.dump_python(replace(intent, firewall=None), mode="json")
    shown["firewall"] = _shown_firewall(intent.firewall)
    return to_json(shown, indent=1).decode() + "\n"


def endpoint_json(intent: EndpointIntent) -> str:
    """The derived facts of an endpoint, readable and diffable."""
    return to_json(_ENDPOINT.dump_python(intent, mode="json"), indent=1).decode() + "\n"


def server_json(intent: ServerIntent) -> str:
    """The derived facts of a conference server, readable and diffable."""
    return to_json(_SERVER.dump_python(intent, mode="json"), indent=1).decode() + "\n"


@lru_cache(maxsize=64)
def _shown_firewall(firewall: FirewallIntent | None) -> Any:
    """Nearly all routers share one firewall: the greater part of what there is to show, and always the same."""
    return to_jsonable_python(firewall)


def stage_of(platform: str, stage: Stage) -> Stage:
    """The stage that a device is committed at: only routers are delivered with less than their whole document."""
    return stage if platform in platforms.PLATFORMS else "full"


def refuse_assumed(intent: DeviceIntent) -> None:
    """Placeholder values never reach a real router: only the twin's credentials carry its marker.

    :raises IntendedError: naming what is still assumed.
    """
    if intent.assumed and not (secrets.credentials_directory() / "twin.json").exists():
        names = ", ".join(intent.assumed)
        raise IntendedError(f"{names}: still `assumed: true`; outside the twin only confirmed values are committed")


def refuse_unverified(platform: str, root: Path) -> None:
    """Documents of a platform that nothing verifies never reach a router.

    :raises IntendedError: naming the platform.
    """
    if label := table(root, platform).label:
        raise IntendedError(f"platform {platform} is {label}; nothing checks, undoes or verifies a commit there")


@dataclass(frozen=True)
class Build:
    """What render.yml wrote below build/ of the repository at `root`."""

    root: Path

    def text_path(self, host: str, stage: Stage) -> Path:
        """Where a device's document is."""
        return self.root / "build" / _DIRECTORY[stage] / f"{host}.conf"

    def intent_path(self, host: str, stage: Stage) -> Path:
        """Where the derived facts are that the document was printed from."""
        return self.root / "build" / _DIRECTORY[stage] / f"{host}.json"

    def endpoint_path(self, host: str, ending: str) -> Path:
        """Where a document of an endpoint is, and with ending `json` the facts that it was printed from."""
        return self.root / "build" / _DIRECTORY["full"] / f"{host}.{ending}"

    @property
    def passed(self) -> Path:
        """Where check.yml remembers documents that passed."""
        return self.root / "build" / "check"

    @property
    def audit(self) -> Path:
        """Where audit.yml writes its report."""
        return self.root / "build" / "audit" / "audit.json"

    @property
    def readiness(self) -> Path:
        """Where readiness.yml writes its report."""
        return self.root / "build" / "readiness" / "readiness.json"

    def intent(self, host: str, stage: Stage) -> RouterIntent:
        """The facts that a device's document was printed from.

        :raises IntendedError: when render.yml has not been run.
        """
        return _INTENT.validate_json(self._read(self.intent_path(host, stage)))

    def device_intent(self, host: str, platform: str, stage: Stage) -> DeviceIntent:
        """The facts that the document of a device of any role was printed from.

        :raises IntendedError: when render.yml has not been run.
        """
        if platform in platforms.PLATFORMS:
            return self.intent(host, stage)
        kind: TypeAdapter[Any] = _SERVER if platform in platforms.SERVER_PLATFORMS else _ENDPOINT
        found: DeviceIntent = kind.validate_json(self._read(self.intent_path(host, "full")))
        return found

    def text(self, host: str, stage: Stage) -> str:
        """A device's document with its secrets filled in, for memory only.

        :raises IntendedError: when render.yml has not been run.
        :raises tslcd.secrets.MissingSecretError: when a placeholder has no value here.
        """
        return secrets.fill(self.raw(host, stage), secrets.read(secrets.credentials_directory()))

    def checked(self, host: str, stage: Stage) -> str:
        """A device's document as check.yml reads it.

        :raises IntendedError: when render.yml has not been run.
        """
        return secrets.for_parsers(self.raw(host, stage), secrets.read(secrets.credentials_directory()))

    def raw(self, host: str, stage: Stage) -> str:
        """A device's document, placeholders as they are."""
        return self._read(self.text_path(host, stage))

    def declared_commit(self) -> str:
        """The git commit of the declared data, with `+changes` when the work tree differs from it."""

        def git(*arguments: str) -> str:
            command = ["git", "-C", str(self.root), *arguments]
            return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()

        return (git("rev-parse", "HEAD") or "none") + ("+changes" if git("status", "--porcelain") else "")

    def _read(self, path: Path) -> str:
        try:
            return path.read_text(encoding="utf-8")
        except FileNotFoundError:
            name = path.relative_to(self.root)
            raise IntendedError(f"{name} does not exist; run `ansible-playbook render.yml`") from None
