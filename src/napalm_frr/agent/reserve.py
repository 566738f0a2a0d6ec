"""Disk space held while a commit is under way, so that going back finds some on a disk that others have filled."""

from __future__ import annotations

import os
from pathlib import Path

_FILES = (Path("/var/lib/napalm-frr/reserve"), Path("/etc/.napalm-frr.reserve"), Path("/run/.napalm-frr.reserve"))
_LEAST = 256 * 1024


def hold(document_bytes: int) -> None:
    """Holds what writing a document of this size everywhere may need. Raises OSError when a disk is too full."""
    size = _LEAST + 8 * document_bytes
    seen: set[int] = set()
    try:
        for path in _FILES:
            device = path.parent.stat().st_dev
            if device not in seen:
                seen.add(device)
                _allocate(path, size)
    except OSError:
        release()
        raise


def release() -> None:
    """Frees the space for what has to be written now."""
    for path in _FILES:
        path.unlink(missing_ok=True)


def _allocate(path: Path, size: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        os.posix_fallocate(descriptor, 0, size)
    finally:
        os.close(descriptor)
