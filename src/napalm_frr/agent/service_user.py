"""The system account that a program runs as: without a shell, without a way in, made when there is none."""

from __future__ import annotations

import contextlib
import grp
import pwd
from pathlib import Path

from napalm_frr.agent import process


def owner(name: str, home: Path) -> tuple[int, int]:
    """Numbers of the user and its group. Raises CommandError."""
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(name).pw_uid, grp.getgrnam(name).gr_gid
    place = ["--no-create-home", "--home-dir", str(home), "--shell", "/usr/sbin/nologin"]
    process.run(["useradd", "--system", "--user-group", *place, name])
    return pwd.getpwnam(name).pw_uid, grp.getgrnam(name).gr_gid
