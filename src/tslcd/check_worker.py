"""One worker of check.py: runs in private namespaces with an empty /run and an Open vSwitch database of its own.

Reads {hostname: document} as JSON on standard input, prints {hostname: [finding]}.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from napalm_frr.agent import check

SCHEMA = "/usr/share/openvswitch/vswitch.ovsschema"
DATABASE = Path("/run/openvswitch")


def main() -> None:
    """Check all documents of standard input."""
    texts: dict[str, str] = json.load(sys.stdin)
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run"], check=True)
    for directory in (DATABASE, Path("/run/sshd")):
        directory.mkdir()
    with _switch_database():
        reports = check.check_all(list(texts.values()))
    found = {host: [*map(_sentence, report.errors)] for host, report in zip(texts, reports, strict=True)}
    json.dump(found, sys.stdout)


class _switch_database:  # noqa: N801 - used as a context manager only
    """An ovsdb-server with an empty database, where the agent looks for it."""

    def __enter__(self) -> None:
        database, socket = DATABASE / "conf.db", DATABASE / "db.sock"
        subprocess.run(["ovsdb-tool", "create", str(database), SCHEMA], check=True)
        self._server = subprocess.Popen(
            ["ovsdb-server", str(database), f"--remote=punix:{socket}", "--unixctl=none", "--log-file=/dev/null"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        subprocess.run(["ovs-vsctl", f"--db=unix:{socket}", "--timeout=10", "--retry", "--no-wait", "init"], check=True)

    def __exit__(self, *_: object) -> None:
        self._server.terminate()
        self._server.wait()


def _sentence(error: dict[str, str | int]) -> str:
    return f"{error['section'] or 'document'} line {error['line']}: {error['message']}"


if __name__ == "__main__":
    main()
