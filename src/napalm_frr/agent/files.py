"""Files that are either old or new, never half written."""

from __future__ import annotations

import os
from pathlib import Path


def write(path: Path, text: str, mode: int = 0o644, owner: tuple[int, int] = (0, 0), durable: bool = False) -> None:
    """Replaces the file at once. With `durable` it also survives a power cut after the return."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii", errors="replace") as file:
        file.write(text)
        os.fchown(descriptor, *owner)
        os.fchmod(descriptor, mode)
        if durable:
            file.flush()
            os.fsync(descriptor)
    temporary.replace(path)
    if durable:
        sync_directory(path.parent)


def read(path: Path) -> str:
    """The text, or "" when there is no such file."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""


def remove(path: Path) -> None:
    """Removes the file durably; it need not exist."""
    path.unlink(missing_ok=True)
    sync_directory(path.parent)


def discard(path: Path) -> None:
    """Removes a file, a link, or a directory with what is in it."""
    if path.is_dir() and not path.is_symlink():
        for member in path.iterdir():
            discard(member)
        path.rmdir()
    else:
        path.unlink(missing_ok=True)


def sync_directory(path: Path) -> None:
    """Makes the names in a directory durable."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
