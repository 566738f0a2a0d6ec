"""The rendered network on disk, in build/: intended and day-0 documents, and the intents they were printed from."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from tslcd import secrets
from tslcd.intent import RouterIntent, Stage
from tslcd.render import ROOT

_INTENT = TypeAdapter(RouterIntent)
_DIRECTORY = {"full": "intended", "day0": "day0"}


class IntendedError(Exception):
    """A device has no rendered document, or it may not be committed here."""


@dataclass(frozen=True)
class Intended:
    """A device's document with secrets filled in (memory only), and its intent."""

    text: str
    intent: RouterIntent


def text_path(host: str, stage: Stage, root: Path = ROOT) -> Path:
    """Where render.yml writes a device's document."""
    return root / "build" / _DIRECTORY[stage] / f"{host}.conf"


def intent_path(host: str, stage: Stage, root: Path = ROOT) -> Path:
    """Where render.yml writes the derived facts that the document was printed from."""
    return root / "build" / _DIRECTORY[stage] / f"{host}.json"


def intent_json(intent: RouterIntent) -> str:
    """The derived facts, readable and diffable."""
    return _INTENT.dump_json(intent, indent=1).decode() + "\n"


def read_text(host: str, stage: Stage) -> str:
    """Read a device's document, placeholders as they are."""
    return _read(text_path(host, stage))


def read_intent(host: str, stage: Stage) -> RouterIntent:
    """Read the facts that a device's document was printed from."""
    return _INTENT.validate_json(_read(intent_path(host, stage)))


def read(host: str, stage: Stage) -> Intended:
    """Read a device's document with its secrets filled in, and its intent.

    :raises IntendedError: when render.yml has not been run.
    :raises tslcd.secrets.MissingSecretError: when a placeholder has no value here.
    """
    values = secrets.read(secrets.credentials_directory())
    return Intended(secrets.fill(read_text(host, stage), values), read_intent(host, stage))


def refuse_assumed(intent: RouterIntent) -> None:
    """Placeholder values never reach a real router: only the twin's credentials carry its marker.

    :raises IntendedError: naming what is still assumed.
    """
    if intent.assumed and not (secrets.credentials_directory() / "twin.json").exists():
        names = ", ".join(intent.assumed)
        raise IntendedError(f"{names}: still `assumed: true`; outside the twin only confirmed values are committed")


def declared_commit() -> str:
    """The git commit of the declared data, with `+changes` when the work tree differs from it."""

    def git(*arguments: str) -> str:
        done = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=False)
        return done.stdout.strip()

    return (git("rev-parse", "HEAD") or "none") + ("+changes" if git("status", "--porcelain") else "")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise IntendedError(f"{path.relative_to(ROOT)} does not exist; run `ansible-playbook render.yml`") from None
