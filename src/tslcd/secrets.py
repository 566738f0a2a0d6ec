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


def digest_master(directory: Path) -> bytes | None:
    """The key that routers' keys for digests of secrets are derived from; None when the directory has none.

    :raises ValueError: when it is not hexadecimal digits.
    """
    path = directory / "digest_master"
    return bytes.fromhex(path.read_text(encoding="ascii")) if path.exists() else None


def for_parsers(text: str, secrets: Mapping[str, str]) -> str:
    """Well-formed stand-ins for secrets: no parser, and no finding of one, needs to see a password.

    Public keys are put in where they are at hand, since they can be wrong.
    """

    def value(match: re.Match[str]) -> str:
        name = match[1]
        return secrets.get(name, _STAND_IN_KEY) if name.startswith("ssh_key_") else _STAND_IN

    return PLACEHOLDER.sub(value, text)
