"""Secrets by reference: `${name}` in a document becomes its value in memory, at commit and audit only."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

import yaml

PLACEHOLDER = re.compile(r"\$\{([a-z0-9_.-]+)\}")

# A well-formed public key that belongs to nobody: all its bits are zero.
_STAND_IN_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI" + "A" * 43
_STAND_IN = "stand-in"


class MissingSecretError(Exception):
    """A document refers to secrets that the credentials directory does not hold."""


def credentials_directory() -> Path:
    """The directory with keys, known_hosts and secrets.yml of whoever runs the command."""
    return Path(os.environ.get("TSLCD_CREDENTIALS", "~/.config/tslcd")).expanduser()


def read(directory: Path) -> dict[str, str]:
    """Read secrets.yml: placeholder name → value. An absent file holds no secrets."""
    path = directory / "secrets.yml"
    if not path.exists():
        return {}
    content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return {str(name): str(value) for name, value in content.items()}


def fill(text: str, secrets: Mapping[str, str]) -> str:
    """Put the values in.

    :raises MissingSecretError: naming every placeholder that has no value; nothing is filled then.
    """
    missing = sorted({name for name in PLACEHOLDER.findall(text) if name not in secrets})
    if missing:
        raise MissingSecretError(f"no value for {', '.join('${' + name + '}' for name in missing)} in secrets.yml")
    return PLACEHOLDER.sub(lambda match: secrets[match[1]], text)


def fill_or_stand_in(text: str, secrets: Mapping[str, str]) -> str:
    """Put the values in, and well-formed stand-ins for those that are not at hand: enough for parsers, as in CI."""

    def value(match: re.Match[str]) -> str:
        return secrets.get(match[1]) or (_STAND_IN_KEY if match[1].startswith("ssh_key_") else _STAND_IN)

    return PLACEHOLDER.sub(value, text)
