"""Files that are either old or new, never half written."""

from __future__ import annotations

import os
from pathlib import Path


def write(path: Path, text: str, mode: int = 0o644, owner: tuple[int, int] = (0, 0), durable: bool = False) -> None:
    """Replaces the file at once, unless it already is as wanted. With `durable` it survives a power cut afterwards.

    Raises OSError; the file then is as it was.
    """
    data = text.encode("utf-8", errors="replace")
    if not durable and _is(path, data, mode, owner):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    temporary.unlink(missing_ok=True)
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            os.fchown(descriptor, *owner)
            os.fchmod(descriptor, mode)
            file.flush()
            if durable:
                os.fsync(descriptor)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    if durable:
        sync_directory(path.parent)


def _is(path: Path, data: bytes, mode: int, owner: tuple[int, int]) -> bool:
    """A full disk must not keep a file from being left as it is."""
    try:
        status = path.lstat()
        return (status.st_mode & 0o7777, status.st_uid, status.st_gid) == (mode, *owner) and path.read_bytes() == data
    except OSError:
        return False


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
