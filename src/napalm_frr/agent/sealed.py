"""Documents on disk that prove that they are whole.

The first line holds the SHA-256 of all that follows in it and after it, and facts about the document as JSON; then
comes the document. A file that lost its tail or is garbage is recognised and never used. A plain document is accepted
too: that is how a router is delivered.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

from napalm_frr.agent import files
from napalm_frr.document import DocumentError, split

_SEAL = "#@ sealed "


class Sealed(NamedTuple):
    """A document that was read whole."""

    text: str
    facts: dict[str, Any]


def seal(text: str, facts: dict[str, Any]) -> str:
    """The content of a file."""
    rest = f"{json.dumps(facts, sort_keys=True)}\n{text}"
    return f"{_SEAL}{_digest(rest)} {rest}"


def unseal(content: str) -> Sealed | None:
    """The document, or None when the content is not whole."""
    facts: dict[str, Any] = {}
    text = content
    if content.startswith(_SEAL):
        digest, _, rest = content.removeprefix(_SEAL).partition(" ")
        if digest != _digest(rest):
            return None
        line, _, text = rest.partition("\n")
        facts = json.loads(line)
    try:
        split(text)
    except DocumentError:
        return None
    return Sealed(text, facts)


def read(path: Path) -> Sealed | None:
    """The newest whole document: the file, or the good one before it."""
    return unseal(files.read(path)) or unseal(files.read(_old(path)))


def write(path: Path, text: str, facts: dict[str, Any]) -> None:
    """Puts a new document in place durably and keeps the one before as `.old`. Raises OSError: nothing changed then."""
    new = path.with_suffix(".new")
    try:
        files.write(new, seal(text, facts), mode=0o600, durable=True)
    except OSError:
        new.unlink(missing_ok=True)
        raise
    if unseal(files.read(path)):
        # Renamed, not copied: a power cut can only hurt what was written last. Until the next rename, this one counts.
        path.replace(_old(path))
    new.replace(path)
    files.sync_directory(path.parent)


def _old(path: Path) -> Path:
    return path.with_suffix(".old")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
