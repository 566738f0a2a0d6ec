"""This router's key for digests of secrets (see `napalm_frr.redaction`), readable by root alone."""

from __future__ import annotations

from typing import Any

from napalm_frr import redaction
from napalm_frr.agent import files, state

_KEY = state.DIRECTORY / "digest.key"


def store(text: str) -> dict[str, Any]:
    """Keeps the key, given as hexadecimal digits. Raises ValueError, OSError."""
    if len(key := bytes.fromhex(text.strip())) != redaction.KEY_BYTES:
        raise ValueError(f"a key has {redaction.KEY_BYTES} bytes")
    files.write(_KEY, key.hex() + "\n", 0o600, durable=True)
    return {"result": "stored"}


def redact(text: str) -> str:
    """The document for eyes that may not see secrets. Without a key no digest can be given."""
    key = files.read(_KEY).strip()
    return redaction.redact(text, bytes.fromhex(key)) if key else redaction.hide(text)
