"""The limit of a run: Ansible only warns about a misspelt part of it and goes on without those devices."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from tslcd.nearest import suggestion

_PATTERN = set("*?[]~@")


def unknown_parts(parts: Iterable[str], known: Collection[str]) -> list[str]:
    """One sentence per part of a limit that names neither host nor group; patterns and files are Ansible's matter."""
    names = [part.lstrip("!&") for part in parts if not _PATTERN & set(part)]
    return [f"--limit {name}: no such host or group; {suggestion(name, known)}" for name in names if name not in known]
