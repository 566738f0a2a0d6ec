"""Where a twin keeps its things: everything below build/twin/ of its own clone, and one directory for ssh sockets."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from twin.errors import TwinError

CODE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Paths:
    """Paths of the twin that belongs to the clone at `root` (absolute)."""

    root: Path

    @property
    def twin(self) -> Path:
        """The twin's own directory; its absolute path marks the twin's processes."""
        return self.root / "build" / "twin"

    @property
    def state(self) -> Path:
        """The journal of what was started."""
        return self.twin / "state.json"

    @property
    def logs(self) -> Path:
        """One log file per node."""
        return self.twin / "log"

    @property
    def credentials(self) -> Path:
        """Keys, known_hosts and secrets of the running twin."""
        return self.twin / "credentials"

    @property
    def ssh_sockets(self) -> Path:
        """Ansible's ssh control sockets: outside the clone since a socket's path has at most 107 bytes, named after it
        since every twin has the same addresses and a socket would lead into the other clone's network.
        """
        return Path("/tmp") / f"twin-{hashlib.sha256(bytes(self.root)).hexdigest()[:12]}"


def find(start: Path) -> Paths:
    """Find the clone that `start` lies in.

    :raises TwinError: when neither `start` nor a directory above it holds an inventory.
    """
    for directory in (start.resolve(), *start.resolve().parents):
        if (directory / "ansible.cfg").is_file() and (directory / "inventory").is_dir():
            return Paths(directory)
    raise TwinError(f"{start} is not inside a clone of the project (no ansible.cfg with an inventory above it)")
