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
    """The newest whole document: the file, or its copy."""
    return unseal(files.read(path)) or unseal(files.read(_copy(path)))


def write(path: Path, text: str, facts: dict[str, Any]) -> None:
    """Puts a new document in place durably, and a copy of it beside.

    Raises OSError: `read` then finds what it found before, or, only when the last rename failed, the new one already.
    """
    content = seal(text, facts)
    places = {path: path.with_suffix(".new"), _copy(path): path.with_suffix(".copy-new")}
    try:
        for new in places.values():
            files.write(new, content, mode=0o600, durable=True)
    except OSError:
        for new in places.values():
            new.unlink(missing_ok=True)
        raise
    # Both are on the disk before either counts. The file first: between the renames its copy is the older of the two.
    for place, new in places.items():
        new.replace(place)
    files.sync_directory(path.parent)


def mend(path: Path) -> None:
    """Makes file and copy the same again, after a crash between the two or damage to one. Raises OSError."""
    found = read(path)
    if found and files.read(path) != files.read(_copy(path)):
        write(path, found.text, found.facts)


def _copy(path: Path) -> Path:
    return path.with_suffix(".copy")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
